"""Steps from today's spend: the safe one, the small one of an open call, and what acting can cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.model.assumption import Grade
from cxroi.model.decision.verdict import DecisionRule, judge

LEVEL = np.array(sorted({*range(0, 301, 10), 98, 102}), dtype=float)
TODAY = int(np.flatnonzero(LEVEL == 100)[0])


def judged(value, **changes):
    facts = {"today_spend": 1000.0, "materiality": 0.05, "grade": Grade.OWN_HISTORY}
    return judge(level_percent=LEVEL, value=np.asarray(value, float), **{**facts, **changes})


def worth(benefit, hurdle=0.0):
    """Return worth by level and draw: b (r - 1) with a square root's saturation, less the spend itself held to a hurdle."""
    ratio = LEVEL[:, None] / 100
    return np.asarray(benefit, float) * (np.sqrt(ratio) - 1) - (1 + hurdle) * (ratio - 1)


def test_the_safe_step_is_the_level_whose_worst_tenth_is_best():
    value = worth(
        [1.0] + [3.0] * 19
    )  # one draw in twenty says that more never pays: the tenth percentile does not see it
    found = judged(value)
    low = np.sort(value, axis=1)[:, 2]  # two of twenty lie below
    assert found.safe_step.level_percent == LEVEL[low.argmax()]
    assert found.safe_step.npv_p10 == pytest.approx(low.max())
    assert found.safe_step.probability_of_loss == pytest.approx(0.05)


def test_nothing_is_safe_where_no_level_gains_in_nine_of_ten_draws():
    found = judged(worth([1.0] * 3 + [4.0] * 7))
    assert found.best_step.way == "more"
    assert found.safe_step.way == "stay"
    assert (found.safe_step.expected_npv, found.safe_step.probability_of_loss) == (0.0, 0.0)
    assert found.safe_step.spend == 1000.0


def test_acting_and_being_wrong_costs_what_the_losing_draws_lose():
    value = worth([1.0] * 3 + [4.0] * 7)
    found = judged(value)
    at = value[int(np.flatnonzero(found.best_step.level_percent == LEVEL)[0])]
    assert found.cost_of_acting > 0 and found.cost_of_acting == pytest.approx(-at[at < 0].sum() / at.size)
    assert found.best_step.probability_of_loss == pytest.approx(0.3)
    gained = np.maximum(at, 0).mean()
    assert gained - found.cost_of_acting == pytest.approx(found.best_step.expected_npv)


def test_a_safe_step_never_leaves_the_range_that_was_tried_and_a_best_spend_beyond_it_says_so():
    value = worth([4.0] * 10)
    found = judged(value, observed_percent=(80.0, 127.0))
    assert found.best_step.level_percent > 127 and found.best_step.beyond_data
    assert found.safe_step.level_percent == 120 and not found.safe_step.beyond_data
    assert found.observed_spend == (800.0, 1270.0)
    assert not judged(value, observed_percent=(0.0, 300.0)).best_step.beyond_data


def test_spend_that_never_moved_leaves_only_today_to_be_safe():
    assert judged(worth([4.0] * 10), observed_percent=(99.0, 101.0)).safe_step.way == "stay"


def test_todays_spend_counts_as_tried_even_where_the_data_hold_only_higher_months():
    found = judged(worth([1.0] * 10), observed_percent=(110.0, 150.0))
    assert found.safe_step.way == "stay" and found.observed_spend == (1000.0, 1500.0)


def test_an_open_call_has_a_small_step_towards_the_best_that_earns_on_average():
    value = worth([1.0] * 4 + [4.0] * 6)
    found = judged(value)
    assert found.direction.way == "more" and found.direction.level_percent == 120
    assert found.direction.expected_npv > 0 and found.direction.probability_of_loss == pytest.approx(0.4)
    assert judged(value, rule=DecisionRule(direction_step=0.1)).direction.level_percent == 110
    assert judged(value, observed_percent=(90.0, 112.0)).direction.level_percent == 110


def test_a_call_needs_no_direction():
    assert judged(worth([4.0] * 10)).direction is None


def test_no_direction_is_given_where_small_steps_lose_though_a_large_one_pays():
    ratio = LEVEL[:, None] / 100
    height = np.array([4.0] * 6 + [0.0] * 4)
    found = judged(np.where(ratio >= 2, height, 0.0) - (ratio - 1))  # a step at twice today's spend, or none at all
    assert found.best_step.way == "more" and found.call == "not_enough_evidence"
    assert found.direction is None


@given(st.lists(st.floats(0.5, 8.0), min_size=1, max_size=20), st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_a_higher_hurdle_never_raises_the_best_spend_or_the_safe_step(benefit, one, other):
    low, high = (judged(worth(benefit, hurdle)) for hurdle in sorted((one, other)))
    assert high.best_step.level_percent <= low.best_step.level_percent
    assert high.safe_step.level_percent <= low.safe_step.level_percent


@given(st.lists(st.floats(0.5, 8.0), min_size=1, max_size=20))
def test_the_safe_step_earns_in_nine_of_ten_draws_or_is_today(benefit):
    found = judged(worth(benefit)).safe_step
    assert found.way == "stay" or (found.npv_p10 > 0 and found.probability_of_loss <= 0.1)
