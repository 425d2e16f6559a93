"""Where orders show no sign that anybody leaves, that is said, and the value ranges from what counting months says to that."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxroi.model.company.baseline import Baseline, SegmentBaseline, annual_retention, churn_interval
from cxroi.model.customers.dropout import dropout_limit, is_seen
from cxroi.model.customers.order_amounts import GammaGammaFit
from cxroi.model.customers.order_clv import value_of_orders
from cxroi.model.customers.repeat_buying import PERIODS_PER_MONTH, BgnbdFit, fit_bgnbd
from tests.by_hand import discounted_value
from tests.model.customers.test_order_clv import TRUTH, customers

WEEKS, JOINED = 56.0, 26.0
NOBODY_LEAVES = BgnbdFit(r=1.2, alpha=12.0, a=1e-9, b=1.0, periods_per_month=PERIODS_PER_MONTH["week"])
AMOUNTS = GammaGammaFit(p=5.0, q=4.0, v=20.0)


def loyal(n=500, seed=0):
    """Simulate customers who never leave: orders at a rate of their own from a first one in the first half year."""
    random = np.random.default_rng(seed)
    age = WEEKS - random.uniform(0, JOINED, n)
    rate, scale = random.gamma(1.2, 1 / 12.0, n), random.gamma(4.0, 1 / 20.0, n)
    count = random.poisson(rate * age)
    last = np.where(count > 0, age * random.uniform(0, 1, n) ** (1 / np.maximum(count, 1)), 0.0)
    mean = np.where(count > 0, random.gamma(5.0 * np.maximum(count, 1)) / scale / np.maximum(count, 1), 0.0)
    columns = {"frequency": count, "recency_weeks": last, "age_weeks": age, "mean_amount": mean}
    return pd.DataFrame(columns).assign(segment=np.where(np.arange(n) % 2, "a", "b"), customers=1.0)


def counted(frame, *, churn, active=0.6):
    """Return a baseline that counts as lost who has been silent for a window: `churn` a month, `active` of all known."""

    def one(name, customers):
        months = 12 * active * customers
        rate = churn_interval(churn * months, months)
        return SegmentBaseline(
            segment=name, months=12, customers=active * customers, monthly_churn_rate=rate,
            annual_retention_rate=annual_retention(rate), joins_per_month=5.0, revenue_per_customer_month=30.0,
            contribution_margin_per_customer_month=12.0, support_contacts_per_customer_month=0.0,
            support_cost_per_customer_month=0.0, average_order_value=30.0, cx_spend_per_month=0.0,
            customer_months=months, customers_lost=churn * months,
        )  # fmt: skip

    sizes = frame.groupby("segment")["customers"].sum()
    parts = tuple(one(str(name), float(size)) for name, size in sizes.items())
    return Baseline(
        segments=parts,
        whole=one("all", float(sizes.sum())),
        first_month="2025-01",
        last_month="2025-12",
        currency="SAR",
    )


def valued(frame, baseline=None):
    amounts = frame[frame["frequency"] > 0]
    return value_of_orders(frame, amounts, margin_rate=0.4, horizon_months=36, baseline=baseline)


def history(frame):
    return tuple(frame[name].to_numpy() for name in ("frequency", "recency_weeks", "age_weeks"))


def test_dropout_is_seen_where_customers_leave_and_not_where_nobody_does():
    left, stays = customers(800, 1), loyal()
    assert is_seen(fit_bgnbd(*history(left), unit="week"), *history(left))
    assert not is_seen(fit_bgnbd(*history(stays), unit="week"), *history(stays))


def test_the_limit_is_the_largest_dropout_that_the_likelihood_still_allows():
    for seed in range(2):
        frame = loyal(400, seed)
        fit = fit_bgnbd(*history(frame), unit="week")
        limit = dropout_limit(fit, *history(frame))
        assert limit.dropout > max(fit.dropout, 1e-5)
        assert limit.log_likelihood == pytest.approx(fit.log_likelihood - 1.353, abs=0.2)
    many = loyal(4800, 0)  # enough to be taken together
    fit = fit_bgnbd(*history(many), unit="week")
    assert fit.dropout < dropout_limit(fit, *history(many)).dropout < limit.dropout  # more customers hide less


def test_a_value_at_the_boundary_is_wider_than_the_curvature_says_and_holds_the_truth():
    for seed in range(3):
        frame = loyal(300, seed)
        found = valued(frame)
        truth = (
            0.4
            * discounted_value(
                NOBODY_LEAVES, AMOUNTS, *history(frame), frame["mean_amount"].to_numpy(), horizon_months=36
            ).mean()
        )
        assert found.doubt == "boundary"
        assert found.whole.value.low <= truth <= found.whole.value.high * 1.1
        assert found.whole.alive_rate.low < 0.999 and found.whole.alive_rate.high == pytest.approx(1, abs=0.01)


def test_a_count_that_contradicts_the_orders_widens_every_range_down_to_what_it_says():
    frame = loyal()
    alone, beside = valued(frame), valued(frame, counted(frame, churn=0.08))
    assert (alone.doubt, beside.doubt) == ("boundary", "contradicted")
    stay = (1 - 0.08) ** np.arange(1, 37) @ 1.10 ** (-np.arange(1, 37) / 12)
    for one, before in zip((*beside.segments, beside.whole), (*alone.segments, alone.whole), strict=True):
        assert one.value.low < 0.6 * 12.0 * stay < one.value.high == before.value.high
        assert one.alive_rate.low == pytest.approx(0.6) and one.alive_rate.high == before.alive_rate.high
        assert one.expected_orders.low < before.expected_orders.low
        assert one.value.low < one.value.mid < before.value.mid


def test_a_count_that_agrees_and_orders_that_show_dropout_change_nothing():
    frame = loyal()
    agrees = valued(frame, counted(frame, churn=0.0005, active=1.0))
    assert agrees.doubt == "boundary" and agrees.whole.value == valued(frame).whole.value
    left = customers(800, 1)
    assert valued(left).doubt == "" and valued(left, counted(left, churn=0.08)).whole == valued(left).whole


def test_customers_of_one_history_counted_together_give_the_same_limit():
    frame = loyal(200, 5).round({"recency_weeks": 0, "age_weeks": 0})
    frame.loc[frame["frequency"] == 0, "recency_weeks"] = 0.0
    keys = ["frequency", "recency_weeks", "age_weeks"]
    together = frame.groupby(keys, as_index=False).agg(customers=("customers", "sum"))
    one = dropout_limit(fit_bgnbd(*history(frame), unit="week"), *history(frame))
    weights = together["customers"].to_numpy()
    fit = fit_bgnbd(*history(together), weights=weights, unit="week")
    assert dropout_limit(fit, *history(together), weights=weights).dropout == pytest.approx(one.dropout, rel=0.1)
    assert TRUTH.dropout == pytest.approx(0.9 / 3.9) and replace(TRUTH, a=3.0).dropout == 0.5
