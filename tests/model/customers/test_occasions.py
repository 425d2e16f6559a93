"""BG/BB on the annual donations of Fader, Hardie & Shang (2010), table 1, and the BTYD walkthrough."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.customers.occasions import BgbbFit, bgbb_log_likelihood, expected_occasions, fit_bgbb, still_ordering

# frequency, recency, customers; six occasions each
DONATIONS = np.array(
    [
        (0, 0, 3464), (1, 1, 1091), (1, 2, 277), (1, 3, 129), (1, 4, 78), (1, 5, 119), (1, 6, 129), (2, 2, 613),
        (2, 3, 255), (2, 4, 155), (2, 5, 173), (2, 6, 234), (3, 3, 322), (3, 4, 181), (3, 5, 225), (3, 6, 357),
        (4, 4, 240), (4, 5, 284), (4, 6, 512), (5, 5, 335), (5, 6, 728), (6, 6, 1203),
    ]
).T  # fmt: skip
PUBLISHED = BgbbFit(alpha=1.20352213357, beta=0.749716252396, gamma=0.656718246278, delta=2.78344252066)


@pytest.fixture(scope="module")
def fit():
    return fit_bgbb(DONATIONS[0], DONATIONS[1], np.full(22, 6), weights=DONATIONS[2])


def test_parameters_and_likelihood_as_fader_hardie_and_shang_2010_print_them(fit):
    assert (fit.alpha, fit.beta, fit.gamma, fit.delta) == pytest.approx((1.2035, 0.7497, 0.6568, 2.7838), abs=0.002)
    assert fit.log_likelihood == pytest.approx(-33225.58, abs=0.01)
    assert fit.customers == 11104
    assert fit.mean_order_probability == pytest.approx(0.6162, abs=1e-4)
    assert fit.mean_dropout_probability == pytest.approx(0.1909, abs=1e-4)
    assert all(interval.low < interval.mid < interval.high for interval in fit.intervals.values())


def test_expectations_as_the_btyd_walkthrough_prints_them():
    assert float(expected_occasions(PUBLISHED, 10)) == pytest.approx(3.179805, rel=1e-4)
    a, b = expected_occasions(PUBLISHED, 10, frequency=[0, 4], recency=[0, 5], occasions=6)
    assert (a, b) == pytest.approx((0.1302169, 3.627858), rel=1e-4)


def test_who_is_alive_next_year_as_fader_hardie_and_shang_2010_print_it():
    assert still_ordering(PUBLISHED, [0, 2, 6], [0, 4, 6], 6) == pytest.approx([0.11, 0.59, 0.93], abs=0.005)


def test_expected_donations_by_frequency_as_the_lifetimes_tests_pin_them():
    x, t_x, n = DONATIONS
    each = expected_occasions(PUBLISHED, 5, frequency=x, recency=t_x, occasions=6)
    by_frequency = [np.average(each[x == k], weights=n[x == k]) for k in range(7)]
    printed = [0.07286318, 0.3248841, 0.7089417, 1.333666, 2.031203, 2.784482, 3.7525]
    assert by_frequency == pytest.approx(printed, rel=0.001)


def test_the_probabilities_of_all_histories_sum_to_one():
    from math import comb

    total = 0.0
    for recency in range(7):
        for frequency in range(recency + 1):
            if (frequency == 0) == (recency == 0):
                ways = comb(recency - 1, frequency - 1) if frequency else 1
                total += ways * float(np.exp(bgbb_log_likelihood(PUBLISHED, frequency, recency, 6)))
    assert total == pytest.approx(1)


def test_histories_that_cannot_be_are_refused():
    for history in ([2, 1, 6], [0, 1, 6], [1, 7, 6]):
        with pytest.raises(ModelError):
            fit_bgbb(*([value] for value in history))
    with pytest.raises(ModelError):
        fit_bgbb([0, 0], [0, 0], [6, 6])
