"""What follows an answer: shares, months and money against the plain way on whole data, then limits, directions and refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.model.customers.after_answer import FEWEST, Course, band_difference, follow_answers
from cxroi.model.customers.survival import log_rank
from cxroi.model.statistics.proportion import critical_value


def course(
    followed, left=False, customers=1, band="high", metric="nps", left_out=None, ordered_in=None, spend=(), cost=()
):
    return Course(
        metric=metric,
        band=band,
        left_out=left_out,
        followed=followed,
        has_left=left,
        ordered_in=ordered_in,
        customers=customers,
        spend=sum(spend),
        spend_squared=sum(x * x for x in spend),
        cost=sum(cost),
        cost_squared=sum(x * x for x in cost),
    )


def band(courses, **how):
    (found,) = follow_answers(courses, **how).bands
    return found


stays = st.lists(st.integers(1, 13), min_size=FEWEST, max_size=80)


@given(stays)
def test_of_customers_who_are_all_watched_to_the_end_share_and_months_are_plain_means(months):
    """Without censoring Greenwood's variance of the mean is that of a plain mean (divisor n)."""
    found = band([course(min(month, 12), month <= 12) for month in [*months, 13]])
    lives = np.array([month - 0.5 if month <= 12 else 12.0 for month in [*months, 13]])
    assert found.share.mid == pytest.approx((lives == 12).mean())
    assert found.months.mid == pytest.approx(lives.mean())
    half = critical_value(0.9) * lives.std() / math.sqrt(lives.size)
    assert found.months.mid - found.months.low == pytest.approx(min(half, found.months.mid), abs=1e-9)


def test_who_is_no_longer_watched_counts_for_as_long_as_it_was():
    # 40 customers, 10 leave in month 1; of the other 30, 20 are seen one month only, and of the last 10 none leaves: 0.75
    rows = [course(1, True, 10), course(1, False, 20), course(12, False, 40)]
    found = follow_answers(rows, within_months=12).bands[0]
    assert found.share.mid == pytest.approx(60 / 70)
    assert found.curve[0].mid == found.curve[-1].mid


def test_money_a_month_is_a_ratio_of_sums_and_of_equal_months_a_mean():
    rng = np.random.default_rng(3)
    spend = rng.gamma(2.0, 50.0, 60)
    found = band([course(12, customers=60, spend=spend, cost=spend / 10)], cost_scale=2.0)
    error = spend.std(ddof=1) / math.sqrt(60) / 12
    assert found.spend.mid == pytest.approx(spend.mean() / 12)
    assert found.spend.high - found.spend.mid == pytest.approx(critical_value(0.9) * error)
    assert found.cost.mid == pytest.approx(2 * found.spend.mid / 10)


def test_a_longer_stay_in_one_band_is_told_as_a_difference_and_none_between_small_bands():
    happy = [course(12, customers=90), course(3, True, 10)]
    unhappy = [course(12, customers=60, band="low"), course(3, True, 40, band="low")]
    bands = {one.band: one for one in follow_answers(happy + unhappy).bands}
    apart = band_difference(bands["high"], bands["low"])
    assert apart.mid == pytest.approx(0.3) and 0.19 < apart.low < 0.3 < apart.high < 0.41
    bands = {one.band: one for one in follow_answers([*happy, course(12, customers=5, band="low")]).bands}
    assert bands["low"].share is None and band_difference(bands["high"], bands["low"]) is None


def test_nobody_leaving_is_not_certain():
    found = band([course(12, customers=50)])
    assert found.share.mid == 1.0 and 0.9 < found.share.low < 1.0


def test_answers_given_while_leaving_or_at_the_end_of_the_data_are_counted_and_left_out():
    rows = [
        course(12, customers=40),
        course(0, customers=7, left_out="already_left"),
        course(0, customers=3, left_out="too_recent"),
    ]
    found = band(rows)
    assert (found.customers, found.already_left, found.too_recent) == (40, 7, 3)
    assert found.share.mid == 1.0


def test_it_is_looked_as_far_ahead_as_the_bands_of_the_scores_were_watched_and_a_shorter_group_says_nothing():
    rows = [course(5, customers=60), course(9, customers=50), course(4, customers=40, metric="bad", band="1")]
    found = follow_answers(rows, within_months=12)
    assert found.within_months == 9
    assert found.of("bad")[0].share is None and len(found.of("nps")[0].curve) == 9


def test_ordering_again_is_the_share_with_a_first_order_by_then():
    rows = [course(12, customers=25, ordered_in=2), course(12, customers=75)]
    found = band(rows, outcome="ordered_again")
    assert found.curve[0].mid == 0.0 and found.curve[1].mid == pytest.approx(0.25) == pytest.approx(found.share.mid)
    assert found.months is None
    assert found.share.low < 0.25 < found.share.high


def test_whether_the_best_and_the_worst_band_part_is_told_of_all_their_months():
    happy = [course(12, customers=90), course(3, True, 10)]
    unhappy = [course(12, customers=60, band="low"), course(3, True, 40, band="low")]
    ((metric, apart),) = follow_answers(happy + unhappy).parted
    assert metric == "nps" and apart == log_rank(
        [12] * 90 + [2.5] * 10, [0] * 90 + [1] * 10, [12] * 60 + [2.5] * 40, [0] * 60 + [1] * 40
    )
    alike = [course(12, customers=90, band="low"), course(3, True, 10, band="low")]
    assert follow_answers(happy + alike).parted[0][1].p_value == 1.0
    assert follow_answers([*happy, course(12, customers=5, band="low")]).parted == ()
