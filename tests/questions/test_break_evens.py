"""What would change a verdict: the value of each input at which its step earns nothing, as the whole engine has it."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.decision.certainty import Certainty
from cxroi.model.decision.verdict import Call
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.break_evens import INPUTS, break_evens
from cxroi.questions.judgement import judgement_of
from cxroi.questions.register import read_certainty, read_section

COMPANY = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(COMPANY).panel, data_version="v1")


@pytest.fixture(scope="module")
def dear():
    return evidence_from_panel(simulate(replace(COMPANY, spend=5.0)).panel, data_version="v1")


def asked(evidence, **changes):
    """Return the break-evens of the verdict on the whole, and what its step is worth when inputs are changed."""
    judgement = judgement_of(evidence, replace(default_scenario(evidence), **changes))
    found = break_evens(judgement, judgement.verdict)

    def worth(evidence=evidence, level=None, **more):
        level = level or found.step.level_percent
        moved = replace(default_scenario(evidence), **{**changes, **more}, investment_level_percent=level)
        return build_business_case(evidence, moved).outcome.npv.mid

    return found, worth


def test_the_horizon_that_turns_the_verdict_is_the_nearest_of_the_strip_with_another_call(evidence):
    case = build_business_case(evidence, default_scenario(evidence))
    others = [one.months for one in case.horizons if not one.for_life and one.verdict.call is not case.verdict.call]
    nearest = min(others, key=lambda months: abs(months - 36), default=None)
    assert case.break_evens.horizon_months == nearest


def test_at_the_break_even_margin_the_next_unit_earns_nothing(evidence):
    found, worth = asked(evidence)
    whole = evidence.baseline.whole
    rate = whole.contribution_margin_per_customer_month / whole.revenue_per_customer_month
    at = rate * (1 + found.contribution_margin_percent / 100)
    assert abs(worth(contribution_margin_rate=at, level=102.0)) < 0.05 * abs(worth(level=102.0))


def test_at_the_break_even_one_off_and_support_cost_the_step_earns_nothing(evidence):
    found, worth = asked(evidence)
    none = pytest.approx(0, abs=0.02 * found.step.expected_npv)
    assert worth(one_off_cost=found.one_off_cost) == none
    assert found.one_off_cost == pytest.approx(found.step.expected_npv)
    assert found.support_cost_percent > 0
    assert worth(support_cost_change_percent=found.support_cost_percent) == none


def test_at_the_break_even_churn_the_next_unit_earns_nothing():
    companies = (simulate(replace(COMPANY, spend=spend)).panel for spend in (3.0, 3.5, 4.0, 4.5))
    every = ((one, asked(one)) for one in (evidence_from_panel(panel, data_version="v1") for panel in companies))
    evidence, (found, worth) = next(each for each in every if each[1][0].churn_factor is not None)
    level = 102.0 if found.step.way == "more" else 98.0
    churn = np.minimum(found.churn_factor * evidence.future.churn, 1.0)
    calmer = replace(evidence, future=replace(evidence.future, churn=churn))
    assert abs(worth(evidence=calmer, level=level)) < 0.08 * abs(worth(level=level))


def test_more_spend_wants_more_margin_and_a_cut_less(evidence, dear):
    more, less = asked(evidence)[0], asked(dear)[0]
    assert more.step.way == "more" and more.contribution_margin_percent < 0
    assert less.step.way == "less" and less.contribution_margin_percent > 0


def test_what_comes_with_a_plan_does_not_move_what_would_change_the_verdict_and_a_hurdle_does(evidence):
    plain, paid, held = (asked(evidence, **c)[0] for c in ({}, {"one_off_cost": 1e5}, {"hurdle_net_return": 0.1}))
    assert paid == plain
    assert held.one_off_cost == pytest.approx(held.step.expected_npv / 1.1)


def test_where_nothing_is_to_be_done_nothing_turns_it(evidence):
    judgement = judgement_of(evidence, default_scenario(evidence))
    verdict = judgement.verdict
    open_ = replace(verdict, call=Call.NOT_ENOUGH_EVIDENCE, safe_step=replace(verdict.safe_step, level_percent=100.0))
    found = break_evens(judgement, open_)
    assert found.nearest is None and all(getattr(found, name) is None for name in INPUTS)


def test_the_break_even_of_an_open_verdict_is_that_of_its_safe_step(evidence):
    judgement = judgement_of(evidence, default_scenario(evidence))
    verdict = replace(judgement.verdict, call=Call.NOT_ENOUGH_EVIDENCE)
    assert verdict.safe_step.way == "more"
    found = break_evens(judgement, verdict)
    assert found.step == verdict.safe_step
    assert found.one_off_cost == pytest.approx(verdict.safe_step.expected_npv)


def test_a_segment_has_break_evens_of_its_own(evidence):
    judgement = judgement_of(evidence, default_scenario(evidence))
    for segment in range(2):
        verdict = judgement.verdict_on(segment)
        found = break_evens(judgement, verdict, segment)
        if found.nearest is not None:
            assert found.one_off_cost == pytest.approx(found.step.expected_npv)
            assert found.step.spend <= 3 * verdict.today_spend


def test_a_case_works_its_break_evens_out_when_they_are_first_looked_at(evidence):
    case = build_business_case(evidence, default_scenario(evidence))
    assert "break_evens" not in vars(case)
    assert case.break_evens.nearest in INPUTS and case.break_evens is case.break_evens


def test_the_register_agrees_with_the_certainty_in_code_and_every_entry_has_its_range():
    assert read_certainty() == Certainty()
    for name, entry in {**read_section("certainty"), **read_section("plausible")}.items():
        assert entry.low <= entry.value <= entry.high, name
