"""What matters and where to spend, asked of a whole company."""

from dataclasses import replace

import pytest

from benchmarks.simulation.companies import simulate
from cxroi.questions import (
    ask_what_matters,
    build_business_case,
    default_scenario,
    evidence_from_panel,
)
from cxroi.text import Text
from tests.questions.test_case import CHEAP


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(replace(CHEAP, spend_variation=0.15)).panel, data_version="v1")


@pytest.fixture(scope="module")
def answer(evidence):
    return ask_what_matters(evidence, replace(default_scenario(evidence), investment_level_percent=150))


def test_the_tornado_is_sorted_and_margins_pull_upwards(answer):
    swings = [bar.swing for bar in answer.tornado]
    bars = {bar.name: bar for bar in answer.tornado}
    assert swings == sorted(swings, reverse=True)
    assert bars["contribution_margin_rate"].npv_low < answer.npv < bars["contribution_margin_rate"].npv_high
    assert bars["strength"].npv_low < bars["strength"].npv_high
    assert bars["annual_discount_rate"].npv_low > bars["annual_discount_rate"].npv_high
    assert all(Text("ar").has(f"sensitivity.{n}") or Text("ar").has(f"assumption.{n}.label") for n in bars)


def test_at_the_break_even_value_nothing_is_gained(evidence, answer):
    margin = dict(answer.break_even)["contribution_margin_rate"]
    case = build_business_case(
        evidence,
        replace(default_scenario(evidence), investment_level_percent=150, contribution_margin_rate=margin),
    )
    assert abs(case.outcome.npv.mid) < 0.05 * case.outcome.cost.mid


def test_knowing_one_thing_is_never_worth_more_than_knowing_all(evidence, answer):
    whole, *parts = answer.information
    assert whole.name == "all" and all(0 <= part.value <= whole.value + 1e-6 for part in parts)
    case = build_business_case(evidence, replace(default_scenario(evidence), investment_level_percent=150))
    assert whole.value == pytest.approx(case.verdict.value_of_information)
