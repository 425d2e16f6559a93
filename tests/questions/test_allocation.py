"""Where the money should go, asked of a whole company by segment."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import simulate
from benchmarks.studies.calibration import true_value
from cxroi.errors import ModelError
from cxroi.model.value.economics import economics
from cxroi.model.value.projection import LEVELS
from cxroi.questions import ask_where_to_spend, default_scenario, evidence_from_panel
from cxroi.questions.allocation import segment_bounds
from tests.questions.test_case import CHEAP


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(replace(CHEAP, spend_variation=0.15)).panel, data_version="v1")


def test_extra_money_is_placed_inside_what_the_data_have_seen_and_nobody_loses_any(evidence):
    scenario, today = default_scenario(evidence), evidence.baseline.whole.cx_spend_per_month
    found = ask_where_to_spend(evidence, scenario, extra=0.1 * today)
    most = {name: high for name, (_, high) in segment_bounds(evidence).items()}
    assert all(100 - 1e-9 <= 100 * m.spend / m.today_spend <= most[m.segment] + 1e-9 for m in found.moves)
    assert found.extra.because is None and found.spend == pytest.approx(1.1 * found.today_spend)
    assert found.gain.mid > 0 and ask_where_to_spend(evidence, scenario, extra=0.0).gain.mid == 0


def test_extra_money_gains_what_a_budget_as_much_higher_gains_where_nothing_may_be_taken_away(evidence):
    scenario = default_scenario(evidence)
    floors = {name: (100.0, high) for name, (_, high) in segment_bounds(evidence).items()}
    extra = 0.1 * sum(segment.cx_spend_per_month for segment in evidence.baseline.segments)
    held = ask_where_to_spend(evidence, scenario, budget=11 * extra, bounds_percent=floors)
    found = ask_where_to_spend(evidence, scenario, extra=extra)
    assert found.gain.mid == pytest.approx(held.gain.mid, rel=0.05) and found.gain.mid >= held.gain.mid - 1e-6


def test_a_bound_of_a_person_holds_extra_money_too(evidence):
    first = evidence.baseline.segments[0].segment
    scenario, bounds = default_scenario(evidence), {first: (100.0, 100.0)}
    extra = 0.05 * evidence.baseline.whole.cx_spend_per_month
    found = ask_where_to_spend(evidence, scenario, extra=extra, bounds_percent=bounds)
    assert found.moves[0].spend == pytest.approx(found.moves[0].today_spend)
    with pytest.raises(ModelError, match="extra_below_today"):
        ask_where_to_spend(evidence, scenario, extra=extra, bounds_percent={first: (50.0, 90.0)})


def test_the_best_division_never_loses_against_todays_and_more_money_never_hurts_where_more_pays(evidence):
    best = ask_where_to_spend(evidence, default_scenario(evidence))
    assert best.gain.mid >= 0 and best.spend <= best.today_spend * (1 + 1e-6)
    richer = ask_where_to_spend(evidence, default_scenario(evidence), budget=best.today_spend * 1.1)
    assert richer.gain.mid > best.gain.mid


def test_a_target_return_spends_less_the_higher_it_is(evidence):
    easy, hard = (ask_where_to_spend(evidence, default_scenario(evidence), target_return=t) for t in (0.0, 1.0))
    assert hard.spend <= easy.spend


def in_steps(evidence, *first, level=150.0, **changes):
    """Return today's budget divided, and extra money placed, in the steps of a plan."""
    scenario = replace(
        default_scenario(evidence), investment_level_percent=level, first_quarters_percent=first, **changes
    )
    today = evidence.baseline.whole.cx_spend_per_month
    return ask_where_to_spend(evidence, scenario), ask_where_to_spend(evidence, scenario, extra=0.1 * today)


def figures(found):
    return [
        (move.segment, move.spend, move.gain.low, move.gain.mid, move.gain.high, move.marginal_roi)
        for move in found.moves
    ]


def test_steps_that_are_the_plans_own_level_divide_as_a_plan_without_any(evidence):
    for plain, stepped in zip(in_steps(evidence), in_steps(evidence, 150.0, 150.0), strict=True):
        assert replace(stepped, made_by_quarter=()) == plain and stepped.made_by_quarter == (1.0, 1.0)


def test_steps_a_hair_from_the_plans_level_divide_all_but_alike(evidence):
    for plain, stepped in zip(in_steps(evidence), in_steps(evidence, 150.0 - 1e-7), strict=True):
        told = zip(figures(plain), figures(stepped), strict=True)
        assert all(there[1:] == pytest.approx(here[1:], rel=1e-5, abs=1.0) for here, there in told)


def test_a_plan_that_stays_at_todays_spend_beyond_the_horizon_makes_no_move_that_counts(evidence):
    for found in in_steps(evidence, *[100.0] * 4, horizon_months=12):
        assert found.made_by_quarter == (0.0,) * 4
        assert [found.gain.low, found.gain.mid, found.gain.high] == pytest.approx([0.0] * 3, abs=1e-3)


def test_the_later_a_division_is_made_the_less_it_gains_and_all_of_it_in_the_end(evidence):
    stepped = [in_steps(evidence, *first)[0] for first in ((), (125.0,), (125.0, 125.0), (100.0, 100.0))]
    gains = [found.gain.mid for found in stepped]
    assert gains == sorted(gains, reverse=True) and gains[-1] > 0 and len(set(gains)) == 4
    assert all(found.spend <= found.today_spend * (1 + 1e-9) for found in stepped)
    assert stepped[2].made_by_quarter == (0.5, 0.5)
    assert in_steps(evidence, 90.0, 110.0, level=100.0)[0].gain.mid == gains[0], "today's spend is no way to go"


@pytest.mark.study
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
