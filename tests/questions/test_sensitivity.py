"""What matters and where to spend, asked of a whole company."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import simulate
from benchmarks.studies.calibration import true_value
from cxroi.model.value.economics import economics
from cxroi.model.value.projection import LEVELS
from cxroi.questions import (
    ask_what_matters,
    ask_where_to_spend,
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


def test_the_best_division_never_loses_against_todays_and_more_money_never_hurts_where_more_pays(evidence):
    best = ask_where_to_spend(evidence, default_scenario(evidence))
    assert best.gain.mid >= 0 and best.spend <= best.today_spend * (1 + 1e-6)
    richer = ask_where_to_spend(evidence, default_scenario(evidence), budget=best.today_spend * 1.1)
    assert richer.gain.mid > best.gain.mid


def test_a_target_return_spends_less_the_higher_it_is(evidence):
    easy, hard = (ask_where_to_spend(evidence, default_scenario(evidence), target_return=t) for t in (0.0, 1.0))
    assert hard.spend <= easy.spend


def test_by_the_truth_the_proposed_division_beats_todays_and_an_equal_one():
    """Four simulated companies whose segments answer very differently to spend: true present values, same budget."""
    proposed, equal = [], []
    for seed in range(4):
        company = simulate(replace(CHEAP, spend=3.0, strength=(0.1, 0.6, 0.2, 0.5), seed=seed))
        found = evidence_from_panel(company.panel, data_version="v1")
        moves = ask_where_to_spend(
            found,
            default_scenario(found),
            bounds_percent=dict.fromkeys((s.segment for s in found.baseline.segments), (0.0, 300.0)),
        ).moves
        money = economics(found.baseline, default_scenario(found), 100.0)
        truth = true_value(company, money, LEVELS)
        budget = sum(move.today_spend for move in moves)

        def worth(levels, truth=truth):
            return sum(np.interp(level, LEVELS, truth[:, s]) for s, level in enumerate(levels))

        proposed.append(worth([100 * move.spend / move.today_spend for move in moves]))
        customers = money.customers / money.customers.sum()
        equal.append(worth([100 * budget * c / move.today_spend for c, move in zip(customers, moves, strict=True)]))
    assert min(proposed) > 0 and np.mean(proposed) > np.mean(equal) + 0.5 * abs(np.mean(equal))
