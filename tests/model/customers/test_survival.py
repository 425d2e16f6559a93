"""Kaplan-Meier and log-rank against the remission data of Freireich et al. (1963) in Kleinbaum & Klein (2012)."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.customers.survival import kaplan_meier, log_rank

CONTROL = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
ENDED = [1] * 9 + [0] * 12


def test_kaplan_meier_steps_and_medians_as_kleinbaum_and_klein_2012_print_them():
    treated = kaplan_meier(TREATED, ENDED)
    assert treated.tenure.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert treated.survival == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=0.0006)
    assert treated.median == 23
    assert kaplan_meier(CONTROL, [1] * 21).median == 8


@pytest.mark.parametrize(
    ("weighting", "printed", "digits"),
    [
        ("log_rank", 16.8, 0.1),
        ("wilcoxon", 13.457852, 1e-5),
        ("tarone_ware", 15.123575, 1e-5),
        ("peto", 14.084139, 1e-5),
    ],
)
def test_log_rank_variants_as_the_lifelines_test_suite_pins_them(weighting, printed, digits):
    assert log_rank(CONTROL, [1] * 21, TREATED, ENDED, weighting=weighting).chi_square == pytest.approx(
        printed, abs=digits
    )


def test_log_rank_p_value_as_kleinbaum_and_klein_2012_imply_it():
    assert log_rank(CONTROL, [1] * 21, TREATED, ENDED).p_value == pytest.approx(4.17e-05, abs=1e-6)


def test_equal_groups_do_not_differ_and_a_median_beyond_the_data_is_unknown():
    assert log_rank(CONTROL, [1] * 21, CONTROL, [1] * 21).chi_square == pytest.approx(0, abs=1e-12)
    curve = kaplan_meier([5, 6, 7, 8], [1, 0, 0, 0])
    assert curve.median is None and curve.survival.tolist() == [0.75]


def test_without_censoring_the_curve_is_the_plain_share():
    curve = kaplan_meier(CONTROL, [1] * 21)
    assert curve.survival == pytest.approx([np.mean(np.array(CONTROL) > t) for t in curve.tenure])
    assert (curve.low <= curve.survival).all() and (curve.survival <= curve.high).all()


def test_tenures_that_cannot_be_are_refused():
    with pytest.raises(ModelError):
        kaplan_meier([-1, 2], [1, 1])
    with pytest.raises(ModelError):
        kaplan_meier([], [])
