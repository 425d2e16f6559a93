"""What is said of a probability: less than the draws say, more of more, and never certain of one's own history."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.model.assumption import Grade
from cxroi.model.decision.certainty import Certainty, stated_probability

PROBABILITY = st.floats(0.0, 1.0)
OF_HISTORY = (Grade.OWN_HISTORY, Grade.SURVEY_LINKAGE, Grade.BENCHMARK, Grade.TYPED_IN)


def test_own_history_is_stated_as_it_is_where_every_check_passed_and_nearer_to_even_odds_once_one_failed():
    """docs/channels-study.md: slope 0.92 of companies that passed (0.99 as stated), 0.44 of those that did not."""
    assert stated_probability(0.98, Grade.OWN_HISTORY) == pytest.approx(0.98)
    assert stated_probability(0.98, Grade.OWN_HISTORY, failed=True) == pytest.approx(0.85, abs=0.005)
    assert stated_probability(0.95, Grade.OWN_HISTORY, failed=True) == pytest.approx(0.79, abs=0.005)


def test_a_failed_check_leaves_no_grade_of_history_surer():
    for grade in OF_HISTORY:
        for p in (0.02, 0.4, 0.6, 0.98):
            clean, failed = (stated_probability(p, grade, failed=so) for so in (False, True))
            assert abs(failed - 0.5) < abs(clean - 0.5) and (failed > 0.5) == (p > 0.5)


def test_a_pilot_is_stated_as_it_is():
    for grade in (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON):
        assert [stated_probability(p, grade) for p in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]


@pytest.mark.parametrize("grade", OF_HISTORY)
def test_history_is_never_stated_with_0_or_100_percent(grade):
    for failed in (False, True):
        told = [stated_probability(p, grade, failed=failed) for p in (0.0, 1e-300, 1 - 1e-16, 1.0)]
        assert min(told) == pytest.approx(0.01) and max(told) == pytest.approx(0.99)


@pytest.mark.parametrize("grade", OF_HISTORY)
@pytest.mark.parametrize("failed", [False, True])
@given(PROBABILITY, PROBABILITY)
def test_more_certainty_in_the_draws_is_never_told_as_less(grade, failed, one, other):
    low, high = (stated_probability(p, grade, failed=failed) for p in sorted((one, other)))
    assert low <= high + 1e-12


@pytest.mark.parametrize("grade", list(Grade))
def test_what_is_stated_moves_without_a_jump(grade):
    for failed in (False, True):
        every = 1 / (1 + np.exp(-np.linspace(-16, 16, 2001)))  # as near 0 and 1 as draws can tell
        told = [stated_probability(p, grade, failed=failed) for p in (0.0, *every.tolist(), 1.0)]
        assert np.abs(np.diff(told)).max() < 0.01


@given(PROBABILITY)
def test_that_less_is_better_and_that_it_is_not_add_up_to_one(p):
    for grade in Grade:
        for failed in (False, True):
            told = (stated_probability(one, grade, failed=failed) for one in (p, 1 - p))
            assert sum(told) == pytest.approx(1)


@given(PROBABILITY, PROBABILITY)
def test_both_sides_together_are_never_told_as_more_than_certain(p, share):
    above, below = p * share, (1 - p) * share
    for grade in OF_HISTORY:
        both = stated_probability(above, grade) + stated_probability(below, grade)
        assert both <= 1 + 1e-12


def test_a_line_of_slope_one_through_nothing_leaves_a_probability_alone():
    plain = Certainty(own_history_slope=1.0, most=1.0)
    for p in (0.0, 0.2, 0.5, 0.97, 1.0):
        assert stated_probability(p, Grade.OWN_HISTORY, plain) == pytest.approx(p)


@given(st.floats(0.05, 1.0), st.floats(0.02, 0.98))
def test_a_flatter_line_never_says_more(slope, p):
    flat, steep = Certainty(own_history_slope=slope / 2), Certainty(own_history_slope=slope)

    def far(certainty):
        told = stated_probability(p, Grade.OWN_HISTORY, certainty)
        return abs(math.log(told / (1 - told)))

    assert far(flat) <= far(steep) + 1e-9
