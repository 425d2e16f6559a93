"""Staff beside a score: a planted lag is found, what only shares a trend or a season is not, and too little is refused."""

import numpy as np
import pytest

from cxroi.model.satisfaction.staff_link import effective_months, staff_link


def drifting(random, n, memory):
    noise, made = random.normal(size=n + 40), np.zeros(n + 40)
    for month in range(1, n + 40):
        made[month] = memory * made[month - 1] + noise[month]
    return made[40:]


def test_a_planted_lag_is_found_with_its_sign_and_what_one_more_goes_with():
    random = np.random.default_rng(1)
    leavers = drifting(random, 48, 0.4)
    score = 30 + np.r_[random.normal(size=2), -3.0 * leavers[:-2]] + random.normal(scale=1.0, size=48)
    found = staff_link(score, leavers)
    assert (found.course, found.best.lag, found.months) == ("down", 2, 48)
    assert found.best.slope.low < -3.0 < found.best.slope.high < 0 and found.best.months == 46
    assert staff_link(score, -leavers).course == "up"


def test_the_slope_is_that_of_a_regression_with_trend_and_season_beside_it():
    random, t = np.random.default_rng(2), np.arange(30)
    measure, score = drifting(random, 30, 0.5), drifting(random, 30, 0.5) + 0.3 * t
    beside = [np.ones(30), t, np.sin(2 * np.pi * t / 12), np.cos(2 * np.pi * t / 12)]
    by_hand = np.linalg.lstsq(np.stack([measure, *beside], axis=1), score, rcond=None)[0][0]
    assert staff_link(score, measure).lags[0].slope.mid == pytest.approx(by_hand)


def test_a_common_trend_and_a_common_season_are_seldom_taken_for_a_link():
    """Forty unrelated pairs that drift, rise and know the same season: 90 % ranges may be wrong about four times."""
    random, t, clear = np.random.default_rng(3), np.arange(36), 0
    common = 0.2 * t + 3 * np.sin(2 * np.pi * t / 12)
    for _ in range(40):
        clear += staff_link(drifting(random, 36, 0.6) + common, drifting(random, 36, 0.6) + common).course != "open"
    assert clear <= 8


def test_months_that_follow_each_other_count_for_what_is_published_and_never_for_more_than_their_number():
    """The limit for two series of memory a is N (1 - a^2) / (1 + a^2) (Bartlett 1935)."""
    random = np.random.default_rng(4)
    found = np.mean([effective_months(drifting(random, 600, 0.7), drifting(random, 600, 0.7)) for _ in range(20)])
    assert found / 600 == pytest.approx((1 - 0.49) / (1 + 0.49), abs=0.06)
    alone = random.normal(size=400)
    assert effective_months(alone, random.normal(size=400)) > 340 and effective_months(alone, -alone) <= 400


def test_few_months_flat_ones_and_gaps():
    random = np.random.default_rng(5)
    score, measure = random.normal(size=40), random.normal(size=40)
    few = staff_link(np.where(np.arange(40) < 11, score, np.nan), measure)
    assert (few.refused, few.months, few.course, few.best) == ("too_few", 11, "open", None)
    assert staff_link(score, np.full(40, 7.0)).refused == "flat"
    assert staff_link(score, 0.1 * np.arange(40)).refused == "flat", "a straight line says nothing beside a trend"
    holes = np.where(np.arange(40) % 5 == 0, np.nan, measure)
    found = staff_link(score, holes)
    assert found.months == 32 and all(one.months <= 32 for one in found.lags) and not found.refused
