"""The rule of the verdict, and the identities between what it states."""

import numpy as np
import pytest

from cxroi.model.assumption import Grade
from cxroi.model.verdict import Call, judge

LEVEL = np.array([0.0, 50, 85, 98, 100, 102, 115, 150, 200, 300])


def verdict(best, worth=1.0, **changes):
    """Judge parabolas with their tops at `best` (one per draw)."""
    top = np.atleast_1d(np.asarray(best, float))
    value = -worth * ((LEVEL[:, None] - top) / 100) ** 2
    facts = {"today_spend": 1000.0, "materiality": 0.05, "grade": Grade.OWN_HISTORY}
    return judge(level_percent=LEVEL, value=value - value[4], **{**facts, **changes})


def test_the_four_calls():
    assert verdict([180, 200, 220]).call is Call.UNDER_INVESTED
    assert verdict([20, 30, 50]).call is Call.OVER_INVESTED
    assert verdict([95, 100, 105]).call is Call.ABOUT_RIGHT
    assert verdict([0, 20, 200, 290, 300]).call is Call.NOT_ENOUGH_EVIDENCE


def test_a_gain_that_does_not_matter_but_much_to_learn_is_not_about_right():
    open_ = verdict([20, 180] * 10)
    assert (open_.call, open_.reason) == (Call.NOT_ENOUGH_EVIDENCE, "learning_is_worth_more")


def test_a_failed_check_caps_the_call_and_is_named():
    capped = verdict([180, 200, 220], failed_check="placebo")
    assert (capped.call, capped.reason, capped.spend_range) == (Call.NOT_ENOUGH_EVIDENCE, "placebo", None)
    assert capped.probability_more_pays == 1


def test_the_costs_of_both_errors_add_up_to_the_gain_and_the_value_of_information():
    for tops in ([20, 180, 300], [180, 200], [100], [0, 10, 20]):
        v = verdict(tops)
        assert v.cost_of_too_little + v.cost_of_too_much == pytest.approx(
            v.gain_from_acting_now + v.value_of_information
        )
        assert v.value_of_information >= -1e-12


def test_the_optimum_is_refined_between_levels_and_stated_in_money():
    assert verdict([120]).optimum_spend.mid == pytest.approx(1200)


def test_the_call_holds_where_the_same_rule_gives_the_same_answer():
    under, over = verdict([180, 200, 220]), verdict([20, 30, 50])
    assert under.spend_range[0] == 0 and 1150 <= under.spend_range[1] <= 2000
    assert over.spend_range[1] == float("inf") and over.spend_range[0] < 1000
