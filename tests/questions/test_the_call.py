"""The call on whole companies: sides, safe steps and hurdles, as `judge` makes them of a business case."""

from dataclasses import replace

import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.decision.verdict import Call
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel

CHEAP = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)
HURDLES = (0.0, 0.25, 0.5, 1.0, 2.0, 5.0)


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(CHEAP).panel, data_version="v1")


def case(evidence, **changes):
    return build_business_case(evidence, replace(default_scenario(evidence), **changes))


def every_verdict(evidence, **changes):
    whole = case(evidence, **changes)
    return [whole.verdict, *(each.verdict for each in whole.segments)]


def test_a_higher_hurdle_never_raises_the_best_spend_the_safe_step_or_the_chance_that_it_is_above(evidence):
    by_hurdle = [every_verdict(evidence, hurdle_net_return=hurdle) for hurdle in HURDLES]
    for verdicts in zip(*by_hurdle, strict=True):
        for name in ("best_step", "safe_step"):
            levels = [getattr(verdict, name).level_percent for verdict in verdicts]
            assert levels == sorted(levels, reverse=True), name
        above = [verdict.probability_best_above for verdict in verdicts]
        assert above == sorted(above, reverse=True)


def test_at_a_hurdle_of_500_percent_nothing_sure_is_called_unclear(evidence):
    for hurdle in HURDLES:
        for verdict in every_verdict(evidence, hurdle_net_return=hurdle):
            sure = max(verdict.probability_best_above, verdict.probability_best_below) >= 0.8
            assert not (sure and verdict.reason == "direction_unclear")


def test_costs_of_both_errors_are_gain_and_information_and_acting_is_never_free_of_both(evidence):
    for verdict in every_verdict(evidence):
        both = verdict.cost_of_too_little + verdict.cost_of_too_much
        assert both == pytest.approx(verdict.gain_from_acting_now + verdict.value_of_information)
        assert verdict.cost_of_acting >= 0
        assert verdict.best_step.expected_npv == pytest.approx(verdict.gain_from_acting_now)


def test_own_history_is_never_stated_as_certain_and_the_draws_still_are(evidence):
    verdict = case(evidence).verdict
    assert verdict.probability_more_pays == 1.0 and verdict.call is Call.UNDER_INVESTED
    stated = (verdict.stated.best_above, verdict.stated.best_below, verdict.stated.more_pays)
    assert all(0.01 - 1e-12 <= p <= 0.99 for p in stated)


def test_the_safe_step_stays_inside_what_the_company_has_tried(evidence):
    low, high = evidence.observed_percent
    for hurdle in HURDLES:
        for verdict in every_verdict(evidence, hurdle_net_return=hurdle):
            assert min(low, 100) <= verdict.safe_step.level_percent <= max(high, 100)
            assert not verdict.safe_step.beyond_data
            if verdict.direction is not None:
                assert abs(verdict.direction.level_percent - 100) <= 20 and not verdict.direction.beyond_data


def test_the_plans_level_moves_neither_the_call_nor_what_would_change_it(evidence):
    plain, moved = case(evidence), case(evidence, investment_level_percent=137)
    assert (plain.verdict.call, plain.verdict.best_step) == (moved.verdict.call, moved.verdict.best_step)
    assert plain.break_evens == moved.break_evens
