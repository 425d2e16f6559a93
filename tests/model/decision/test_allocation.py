"""A budget goes where its next unit earns most, and what stands in the way is named."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.decision.allocation import allocate, allocate_budget, allocate_extra, allocate_to_return

LEVEL = np.arange(0.0, 301, 5)
TODAY = np.array([100.0, 100.0])


def saturating(scale, spread=0.0, n=3):
    """Benefit scale * sqrt(level) against today's, cost in proportion to level; (L, S, n)."""
    scale = np.asarray(scale, float)
    benefit = scale[None, :, None] * (np.sqrt(LEVEL / 100) - 1)[:, None, None] * (1 + spread * np.linspace(-1, 1, n))
    cost = np.repeat(((LEVEL / 100 - 1)[:, None] * TODAY)[:, :, None], n, axis=2)
    return {
        "segments": ("a", "b"),
        "level_percent": LEVEL,
        "benefit": benefit,
        "cost": cost,
        "today_spend": TODAY,
    }


def test_two_alike_segments_share_alike():
    moves = allocate_budget(**saturating([300, 300]), budget=240.0).moves
    assert [m.spend for m in moves] == pytest.approx([120, 120], abs=2)


def test_equal_margins_are_the_square_law_of_square_roots():
    """max 300 sqrt(x) + 600 sqrt(y) with x + y fixed has y = 4 x."""
    allocation = allocate_budget(**saturating([300, 600]), budget=200.0)
    assert [m.spend for m in allocation.moves] == pytest.approx([40, 160], abs=5)
    assert allocation.spend <= 200 + 1e-6 and allocation.gain.mid > 0 and allocation.value_of_budget > 0


def test_a_bound_that_binds_is_named():
    allocation = allocate_budget(**saturating([300, 600]), budget=200.0, bounds=np.array([[0, 300], [80, 120]]))
    assert [m.bound for m in allocation.moves] == [None, "high"]
    assert allocation.moves[1].spend == pytest.approx(120)


def test_a_budget_that_the_bounds_do_not_allow_is_refused():
    with pytest.raises(ModelError, match="budget_out_of_bounds"):
        allocate_budget(**saturating([300, 300]), budget=500.0, bounds=np.array([[50, 150], [50, 150]]))
    with pytest.raises(ModelError, match="bounds_unreadable"):
        allocate_budget(**saturating([300, 300]), budget=200.0, bounds=np.array([[50, 20], [50, 150]]))


def test_a_step_is_climbed_whole_or_not_at_all():
    """With a threshold at 180 % equal margins would split the budget and reach it nowhere."""
    facts = saturating([1, 1])
    step = 1000 / (1 + np.exp(-(LEVEL - 180) / 4))
    facts["benefit"] = np.repeat(step[:, None, None], 2, axis=1) + np.zeros((1, 1, 3))
    allocation = allocate_budget(**facts, budget=200.0)
    spends = sorted(m.spend for m in allocation.moves)
    assert spends[1] > 185 and spends[0] < 15


def test_a_target_return_is_met_by_each_segment_or_the_segment_is_named():
    """Benefit 300 (sqrt(l) - 1) a 100 of spend: margin 1.5 / sqrt(l); a net return of 0.25 is met at l = 1.44."""
    allocation = allocate_to_return(**saturating([300, 300]), target_return=0.25)
    assert [m.spend for m in allocation.moves] == pytest.approx([144, 144], abs=5)
    assert [m.marginal_roi for m in allocation.moves] == pytest.approx([0.25, 0.25], abs=0.05)
    hard = allocate_to_return(**saturating([300, 10]), target_return=0.25, bounds=np.array([[50, 150], [50, 150]]))
    assert hard.unattainable == ("b",) and hard.moves[1].bound == "low"


def test_a_higher_target_never_asks_for_more():
    spend = [allocate_to_return(**saturating([300, 500]), target_return=t).spend for t in (0.0, 0.2, 0.5, 1.0)]
    assert spend == sorted(spend, reverse=True)


def test_the_gain_has_the_interval_of_the_draws():
    gain = allocate_budget(**saturating([300, 600], spread=0.5, n=101), budget=200.0).gain
    assert gain.low < gain.mid < gain.high


# The Quick Tour sheet of Microsoft / Frontline Systems' Solver samples (1996-2003): advertising by quarter.
SEASON, SALES_FORCE = np.array([0.9, 1.1, 0.8, 1.2]), np.array([8000.0, 8000.0, 9000.0, 9000.0])


def quick_tour(advertising):
    units = 35 * SEASON * np.sqrt(advertising + 3000)
    return units * 40 * 0.85 - units * 25 - SALES_FORCE - advertising


def quick_tour_levels():
    level = np.arange(0.0, 301.0)
    spend = level[:, None] / 100 * np.full(4, 10_000.0)
    profit = np.stack([quick_tour(row) for row in spend]) - quick_tour(np.full(4, 10_000.0))
    return {
        "segments": ("Q1", "Q2", "Q3", "Q4"),
        "level_percent": level,
        "benefit": (profit + spend - 10_000)[:, :, None],
        "cost": (spend - 10_000)[:, :, None],
        "today_spend": np.full(4, 10_000.0),
    }


def test_a_fixed_budget_over_quarters_as_the_solver_quick_tour_of_frontline_systems_divides_it():
    assert quick_tour(np.full(4, 10_000.0)) == pytest.approx([14324, 21507, 9732, 24099], abs=0.7)
    found = allocate_budget(**quick_tour_levels(), budget=40_000.0)
    assert [move.spend for move in found.moves] == pytest.approx([7273, 12346, 5117, 15263], abs=60)
    assert 69_662 + found.gain.mid == pytest.approx(71_447, abs=1)
    assert found.value_of_budget == pytest.approx(0.3985, abs=0.005)


def test_more_budget_earns_less_at_the_margin_as_the_solver_quick_tour_prints_it():
    found = allocate_budget(**quick_tour_levels(), budget=50_000.0)
    assert 69_662 + found.gain.mid == pytest.approx(74_817, abs=1)
    assert found.value_of_budget == pytest.approx(0.2808, abs=0.005)
    free = allocate_to_return(**quick_tour_levels(), target_return=0.0, bounds=np.array([[0, 300]] * 4))
    q1 = free.moves[0]
    assert q1.spend == pytest.approx(17_093, abs=60) and 14_324 + q1.gain.mid == pytest.approx(15_093, abs=1)


def spends(allocation):
    return [move.spend for move in allocation.moves]


def test_no_extra_money_is_today():
    found = allocate_extra(**saturating([300, 600], spread=0.3, n=5), extra=0.0)
    assert spends(found) == [100, 100] and found.gain.mid == 0 and found.extra.because is None
    assert [move.bound for move in found.moves] == ["today", "today"]


def test_extra_money_takes_from_nobody_and_is_placed_to_the_last_unit():
    found = allocate_extra(**saturating([300, 600]), extra=33.3)
    assert min(spends(found)) >= 100 and sum(spends(found)) == pytest.approx(233.3)
    assert found.extra.placed == 33.3 and found.extra.unplaced == 0 and found.moves[0].bound == "today"


@pytest.mark.parametrize("extra", [20.0, 75.0, 130.0])
def test_extra_money_goes_where_trying_every_division_finds_it_goes_best(extra):
    facts = saturating([300, 420])
    found = allocate_extra(**facts, extra=extra)
    worth = (facts["benefit"] - facts["cost"]).mean(axis=2)
    tried = [
        np.interp(100 + first, LEVEL, worth[:, 0]) + np.interp(100 + second, LEVEL, worth[:, 1])
        for first in np.arange(0, extra + 0.5)
        for second in np.arange(0, extra - first + 0.5)
    ]
    assert found.gain.mid == pytest.approx(max(tried), abs=0.5) and found.gain.mid >= max(tried) - 0.1


def test_extra_money_beyond_the_bounds_is_left_over_and_said():
    found = allocate_extra(**saturating([3000, 6000]), extra=1e9, bounds=np.array([[50, 150], [50, 120]]))
    assert spends(found) == pytest.approx([150, 120]) and [move.bound for move in found.moves] == ["high", "high"]
    assert found.extra.because == "bounds" and found.extra.unplaced == pytest.approx(1e9 - 70)


def test_extra_money_is_left_over_where_no_part_gains_by_more():
    """Benefit 300 (sqrt(l) - 1) a 100 of spend is steeper than its cost up to l = 2.25."""
    found = allocate_extra(**saturating([300, 10]), extra=400.0)
    assert spends(found) == pytest.approx([225, 100], abs=5)
    assert found.extra.because == "pays_no_more" and found.extra.unplaced == pytest.approx(275, abs=5)


def test_more_extra_money_never_gains_less_and_a_step_is_climbed_whole():
    facts = saturating([1, 1])
    step = 1000 / (1 + np.exp(-(LEVEL - 180) / 4))
    facts["benefit"] = np.repeat((step - step[20])[:, None, None], 2, axis=1) + np.zeros((1, 1, 3))
    gains = [allocate_extra(**facts, extra=extra).gain.mid for extra in (0.0, 50.0, 95.0, 190.0)]
    assert gains == sorted(gains) and gains[1] == 0 and gains[2] > 800 and gains[3] > 1600


def test_extra_money_first_fills_the_least_that_a_part_must_get():
    found = allocate_extra(**saturating([300, 600]), extra=60.0, bounds=np.array([[130, 300], [0, 300]]))
    assert spends(found) == pytest.approx([130, 130])
    with pytest.raises(ModelError, match="extra_too_small"):
        allocate_extra(**saturating([300, 600]), extra=20.0, bounds=np.array([[130, 300], [0, 300]]))


@pytest.mark.parametrize("extra", [-1.0, float("nan"), float("inf")])
def test_an_amount_that_is_none_is_refused(extra):
    with pytest.raises(ModelError, match="extra_unreadable"):
        allocate_extra(**saturating([300, 600]), extra=extra)


def test_a_bound_below_today_is_refused_where_nothing_is_taken_away():
    with pytest.raises(ModelError, match="extra_below_today"):
        allocate_extra(**saturating([300, 600]), extra=10.0, bounds=np.array([[0, 90], [0, 300]]))


def test_one_question_is_answered_at_a_time():
    with pytest.raises(ModelError, match="one_question"):
        allocate(**saturating([300, 600]), budget=200.0, extra=10.0)
    assert allocate(**saturating([300, 600])) == allocate_budget(**saturating([300, 600]), budget=200.0)
