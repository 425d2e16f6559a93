"""The rule of the verdict, and the identities between what it states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.model.assumption import Grade
from cxroi.model.decision.verdict import Call, DecisionRule, call_of, judge

LEVEL = np.array([0.0, 50, 85, 98, 100, 102, 115, 150, 200, 300])
TODAY = 4


def judged(value, **changes):
    """Judge worths by level and draw (L, n)."""
    facts = {"today_spend": 1000.0, "materiality": 0.05, "grade": Grade.OWN_HISTORY}
    return judge(level_percent=LEVEL, value=np.asarray(value, float), **{**facts, **changes})


def verdict(best, worth=1.0, **changes):
    """Judge parabolas with their tops at `best` (one per draw)."""
    top = np.atleast_1d(np.asarray(best, float))
    value = -worth * ((LEVEL[:, None] - top) / 100) ** 2
    return judged(value - value[TODAY], **changes)


def steps_at(place, height=3.0):
    """Return worths where nothing is gained below a step (one per draw) and every percent of spend costs a hundredth."""
    place = np.atleast_1d(np.asarray(place, float))
    value = np.where(LEVEL[:, None] >= place, height, 0.0) - LEVEL[:, None] / 100
    return value - value[TODAY]


def test_the_four_calls():
    assert verdict([180, 200, 220]).call is Call.UNDER_INVESTED
    assert verdict([20, 30, 50]).call is Call.OVER_INVESTED
    assert verdict([95, 100, 105]).call is Call.ABOUT_RIGHT
    assert verdict([0, 20, 200, 290, 300]).call is Call.NOT_ENOUGH_EVIDENCE


def test_the_call_asks_for_the_side_of_the_best_spend_where_the_slope_at_today_says_otherwise():
    """A step in the response lies above today's spend: the next unit buys nothing, and a larger move pays."""
    found = judged(steps_at([150, 150, 150, 115, 150]))
    assert found.probability_more_pays == 0 and found.probability_best_above == 1
    assert (found.call, found.reason) == (Call.UNDER_INVESTED, "best_above")


def test_at_least_the_threshold_of_the_draws_must_have_their_best_spend_on_the_side_of_the_call():
    assert verdict([200] * 8 + [99] * 2).call is Call.UNDER_INVESTED
    assert verdict([200] * 7 + [99] * 3).call is Call.NOT_ENOUGH_EVIDENCE
    strict = DecisionRule(sure_of_too_little=0.9)
    assert verdict([200] * 8 + [99] * 2, rule=strict).call is Call.NOT_ENOUGH_EVIDENCE


def test_a_draw_whose_best_spend_is_todays_counts_for_neither_side_and_one_just_beside_it_for_its_own():
    found = verdict([100, 100, 100.5, 103, 97])
    assert (found.probability_best_above, found.probability_best_below) == (0.2, 0.2)
    nothing = judged(np.zeros((LEVEL.size, 7)))
    assert (nothing.probability_best_above, nothing.probability_best_below) == (0.0, 0.0)
    assert nothing.safe_step.way == nothing.best_step.way == "stay" and nothing.direction is None


def test_a_difference_within_rounding_is_a_tie():
    value = np.zeros((LEVEL.size, 3))
    value[:, 0] = -1e6
    value[TODAY, 0], value[-1, 1] = 0.0, 1e-6
    assert judged(value).probability_best_above == 0


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12), st.floats(0.0, 2.0))
def test_no_verdict_says_that_the_direction_is_unclear_of_a_side_it_is_sure_of(tops, materiality):
    found = verdict(tops, materiality=materiality)
    sure = max(found.probability_best_above, found.probability_best_below) >= 0.8
    assert not (sure and found.reason == "direction_unclear")


def test_a_likely_side_whose_place_is_unknown_is_no_call_and_says_why():
    """Each draw has its step somewhere else above today's spend; on average only cutting pays."""
    narrow = np.full((LEVEL.size, 5), -3.0)
    narrow[TODAY], narrow[0] = 0.0, 1.0
    narrow[np.arange(5) + 5, np.arange(5)] = 2.0
    unplaced = judged(narrow)
    assert unplaced.probability_best_above == 1 and unplaced.best_step.way == "less"
    assert (unplaced.call, unplaced.reason) == (Call.NOT_ENOUGH_EVIDENCE, "place_unclear")


def test_a_gain_that_does_not_matter_but_much_to_learn_is_not_about_right():
    open_ = verdict([20, 180] * 10)
    assert (open_.call, open_.reason) == (Call.NOT_ENOUGH_EVIDENCE, "learning_is_worth_more")


def test_a_failed_check_caps_the_call_is_named_and_gives_no_direction():
    capped = verdict([180, 200, 220], failed_check="placebo")
    assert (capped.call, capped.reason, capped.spend_range) == (Call.NOT_ENOUGH_EVIDENCE, "placebo", None)
    assert capped.probability_more_pays == capped.probability_best_above == 1
    assert capped.direction is None
    told = verdict([110, 114, 118], failed_check="placebo", rule=DecisionRule(direction_when_capped=True))
    assert told.direction.way == "more"


def test_figures_that_failed_a_check_make_no_step_safe_and_are_stated_with_less_certainty():
    tops = [180] * 19 + [20]
    passed, failed = verdict(tops), verdict(tops, failed_check="placebo")
    assert passed.safe_step.way == "more" and failed.safe_step.way == "stay"
    assert failed.probability_best_above == passed.probability_best_above == pytest.approx(passed.stated.best_above)
    assert 0.5 < failed.stated.best_above < passed.stated.best_above
    assert passed.stated.best_below < failed.stated.best_below < 0.5


def test_what_is_stated_leaves_the_probabilities_of_the_draws_as_they_are():
    found = verdict([180, 200, 220])
    assert found.probability_best_above == 1 and found.probability_best_below == 0
    assert found.stated.best_above == pytest.approx(0.99) and found.stated.best_below == pytest.approx(0.01)
    pilot = verdict([180, 200, 220], grade=Grade.RANDOMISED_PILOT)
    assert pilot.stated.best_above == 1


def test_the_call_alone_is_the_call_of_the_verdict():
    for tops in ([180, 200, 220], [20, 30, 50], [95, 100, 105], [0, 20, 200, 290, 300]):
        value = -(((LEVEL[:, None] - np.array(tops, float)) / 100) ** 2)
        asked = call_of(level_percent=LEVEL, value=value, materiality=0.05)
        assert asked is verdict(tops).call


def test_a_side_that_needs_less_to_survive_a_change_is_kept_where_it_would_not_be_called():
    value = -(((LEVEL[:, None] - np.array([180.0] * 7 + [60.0] * 3)) / 100) ** 2)  # 7 in 10 say too little
    facts = {"level_percent": LEVEL, "value": value, "materiality": 0.05}
    strict = DecisionRule(sure_when_changed=0.8)
    assert call_of(**facts) is call_of(**facts, rule=strict.when_changed) is Call.NOT_ENOUGH_EVIDENCE
    assert call_of(**facts, rule=DecisionRule().when_changed) is Call.UNDER_INVESTED


@given(st.lists(st.floats(0, 300), min_size=1, max_size=12))
def test_the_costs_of_both_errors_add_up_to_the_gain_and_the_value_of_information(tops):
    v = verdict(tops)
    assert v.cost_of_too_little + v.cost_of_too_much == pytest.approx(v.gain_from_acting_now + v.value_of_information)
    assert v.value_of_information >= -1e-12
    assert v.best_step.expected_npv == pytest.approx(v.gain_from_acting_now)
    assert v.probability_best_above + v.probability_best_below <= 1 + 1e-12


def test_the_optimum_is_refined_between_levels_and_stated_in_money():
    assert verdict([120]).optimum_spend.mid == pytest.approx(1200)


def test_the_call_holds_where_the_same_rule_gives_the_same_answer():
    under, over = verdict([180, 200, 220]), verdict([20, 30, 50])
    assert under.spend_range[0] == 0 and 1150 <= under.spend_range[1] <= 2000
    assert over.spend_range[1] == float("inf") and over.spend_range[0] < 1000


def test_one_draw_knows_everything():
    found = verdict([150])
    assert found.value_of_information == pytest.approx(0) and found.cost_of_too_much == 0
    assert found.best_step == found.safe_step and found.cost_of_acting == 0
    assert found.best_step.npv_p10 == pytest.approx(found.best_step.expected_npv)


@given(st.integers(0, 300), st.integers(2, 9))
def test_draws_all_alike_say_what_one_of_them_says(top, count):
    one, many = verdict([top]), verdict([top] * count)
    assert (one.call, one.reason, one.stated) == (many.call, many.reason, many.stated)
    for name in ("best_step", "safe_step"):
        alone, together = getattr(one, name), getattr(many, name)
        assert alone.level_percent == together.level_percent
        assert (together.expected_npv, together.npv_p10) == pytest.approx((alone.expected_npv, alone.npv_p10), abs=1e-9)
    assert many.value_of_information == pytest.approx(0, abs=1e-9)
