"""Carry-over and saturation against the fixtures of Google Meridian (2024), adstock_hill_test.py; our curves are scaled to 1 at today."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.model.response.shape import Family, carry_over, gain

MEDIA = np.array([[0.12, 0.55, 0.89], [0.34, 0.71, 0.23], [0.91, 0.08, 0.67], [0.45, 0.82, 0.11], [0.78, 0.29, 0.95]])


def test_geometric_carry_over_of_meridian_2024_once_its_cut_window_is_weighed():
    """Meridian divides by the weights of five months; ours has no window, so that what is left to the right is a^5."""
    rate = np.array([0.1, 0.5, 0.9])
    carried = carry_over(MEDIA.T, rate, np.zeros(3))[:, -1]
    assert carried / (1 - rate**5) == pytest.approx([0.751, 0.435, 0.572], rel=0.01)


@pytest.mark.parametrize(
    ("x", "half", "steep", "printed"), [(3.0, 1.0, 1.0, 0.75), (0.0, 0.5, 2.0, 0.0), (0.7, 0.7, 3.0, 0.5)]
)
def test_hill_saturation_of_meridian_2024(x, half, steep, printed):
    ceiling = 1 + half**steep  # of a curve that is 1 at today's spend
    assert gain(Family.HILL, x, half, steep) / ceiling == pytest.approx(printed, abs=1e-12)


@given(st.sampled_from(list(Family)), st.floats(0.25, 4), st.floats(0.1, 3))
def test_every_curve_buys_nothing_for_nothing_today_for_today_and_never_less_for_more(family, half, steep):
    steep = min(steep, 1.0) if family is Family.POWER else max(steep, 1.0)
    bought = gain(family, np.linspace(0, 3, 61), half, steep)
    assert bought[0] == 0 and (np.diff(bought) >= -1e-12).all()
    if family is Family.THRESHOLD:  # all of the step counts as 1, whatever today's spend has bought of it
        assert 0 <= bought[20] <= 1
    else:
        assert bought[20] == pytest.approx(1)


@given(st.floats(0, 0.95))
def test_steady_spend_carries_over_to_itself(rate):
    assert carry_over(np.full((1, 12), 1.7), np.array([rate])) == pytest.approx(np.full((1, 12), 1.7))
