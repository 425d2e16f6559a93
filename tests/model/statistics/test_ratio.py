"""A ratio of sums: the interval of a mean where x is 1, the same whatever the unit, and honest about how often it holds."""

import numpy as np
import pytest
from scipy.stats import t

from cxroi.model.statistics.ratio import RatioSums, ratio_interval


def test_with_x_one_it_is_the_interval_of_a_mean():
    y = np.array([3.0, 5.0, 4.0, 8.0, 6.0])
    found = ratio_interval(RatioSums.of(np.ones(5), y))
    low, high = t.interval(0.9, 4, y.mean(), y.std(ddof=1) / np.sqrt(5))
    assert (found.low, found.mid, found.high) == pytest.approx((low, y.mean(), high))


def test_units_of_measure_do_not_matter_and_proportion_leaves_no_width():
    x, y = np.array([2.0, 3.0, 7.0]), np.array([5.0, 9.0, 13.0])
    one, other = ratio_interval(RatioSums.of(x, y)), ratio_interval(RatioSums.of(10 * x, 10 * y))
    assert (one.low, one.high) == pytest.approx((other.low, other.high))
    exact = ratio_interval(RatioSums.of(x, 4 * x))
    assert exact.high - exact.low == pytest.approx(0.0, abs=1e-6) and exact.mid == pytest.approx(4.0)


def test_one_unit_has_no_width_nothing_has_no_ratio_and_what_is_unknown_counts_for_nothing():
    assert ratio_interval(RatioSums.of([2.0], [3.0])).low == 1.5
    assert ratio_interval(RatioSums.of([0.0, 0.0], [1.0, 2.0])) is None
    known = ratio_interval(RatioSums.of([1.0, 2.0, np.nan], [1.0, np.nan, 5.0]))
    assert known.mid == 1.0


def test_the_range_holds_the_true_ratio_about_nine_times_in_ten():
    random = np.random.default_rng(4)
    held = 0
    for _ in range(400):
        x = random.gamma(4.0, 1.0, 80)
        found = ratio_interval(RatioSums.of(x, 2.5 * x + random.normal(0, 1.0, 80)))
        held += found.low <= 2.5 <= found.high
    assert 0.85 < held / 400 < 0.95
