"""Customers known by their orders: intervals of what they are worth hold the truth, and narrow with their number."""

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import ModelError
from cxroi.model.customers.order_amounts import GammaGammaFit
from cxroi.model.customers.order_clv import value_of_orders
from cxroi.model.customers.repeat_buying import PERIODS_PER_MONTH, BgnbdFit
from tests.by_hand import discounted_value

TRUTH = BgnbdFit(r=0.8, alpha=8.0, a=0.9, b=3.0, periods_per_month=PERIODS_PER_MONTH["week"])
AMOUNTS = GammaGammaFit(p=5.0, q=4.0, v=20.0)


def customers(n, seed):
    """Simulate customers of a year: orders at a rate of their own, each perhaps the last; amounts around their own mean."""
    random = np.random.default_rng(seed)
    rate, last = random.gamma(TRUTH.r, 1 / TRUTH.alpha, n), random.beta(TRUTH.a, TRUTH.b, n)
    scale = random.gamma(AMOUNTS.q, 1 / AMOUNTS.v, n)
    rows = []
    for place in range(n):
        times = []
        when = random.exponential(1 / rate[place])
        while when < 52:
            times.append(when)
            if random.random() < last[place]:
                break
            when += random.exponential(1 / rate[place])
        mean = random.gamma(AMOUNTS.p * len(times), 1 / scale[place]) / len(times) if times else 0.0
        rows.append((len(times), times[-1] if times else 0.0, 52.0, mean))
    frame = pd.DataFrame(rows, columns=["frequency", "recency_weeks", "age_weeks", "mean_amount"])
    return frame.assign(segment=np.where(np.arange(n) % 3 == 0, "a", "b"), customers=1.0)


def valued(frame):
    return value_of_orders(frame, frame[frame["frequency"] > 0], margin_rate=0.4, horizon_months=12)


def test_ninety_percent_intervals_of_the_value_hold_what_customers_with_these_histories_are_worth():
    held = []
    for seed in range(16):
        frame = customers(500, seed)
        columns = (frame[name].to_numpy() for name in ("frequency", "recency_weeks", "age_weeks", "mean_amount"))
        truth = 0.4 * discounted_value(TRUTH, AMOUNTS, *columns, horizon_months=12).mean()
        found = valued(frame).whole.value
        held.append(found.low <= truth <= found.high)
    assert sum(held) >= 12


def test_more_customers_narrow_every_interval_and_all_hold_their_middle():
    few, many = (valued(customers(n, 3)).whole for n in (300, 3000))
    for figure in ("alive_rate", "expected_orders", "amount", "value"):
        narrow, wide = getattr(many, figure), getattr(few, figure)
        assert narrow.low < narrow.mid < narrow.high and narrow.high / narrow.low < wide.high / wide.low


def test_segments_add_up_to_the_whole_and_value_is_orders_times_amount_without_discount_or_cost():
    frame = customers(600, 5)
    found = value_of_orders(
        frame, frame[frame["frequency"] > 0], margin_rate=1.0, horizon_months=12, annual_discount_rate=0.0
    )
    counts = [one.customers for one in found.segments]
    for figure in ("alive_rate", "expected_orders", "value"):
        parts = [getattr(one, figure).mid for one in found.segments]
        assert np.average(parts, weights=counts) == pytest.approx(getattr(found.whole, figure).mid)
    for one in (*found.segments, found.whole):
        assert one.value.mid == pytest.approx(one.expected_orders.mid * one.amount.mid)


def test_a_horizon_that_cannot_be_is_refused_by_name():
    with pytest.raises(ModelError) as refused:
        value_of_orders(pd.DataFrame(), pd.DataFrame(), margin_rate=1.0, horizon_months=0)
    assert refused.value.id == "clv.horizon_out_of_range"


def test_new_customers_without_a_second_order_within_a_year_are_as_many_as_the_fit_draws():
    found = valued(customers(600, 5))
    fit, random = found.orders, np.random.default_rng(1)
    waiting = random.exponential(1 / random.gamma(fit.r, 1 / fit.alpha, 200_000))  # until the second order, in weeks
    drawn = (waiting > 12 * fit.periods_per_month).mean()
    assert found.none_within_a_year == pytest.approx(drawn, abs=0.005)
