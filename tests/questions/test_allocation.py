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
