"""Cohorts: a published one share by share, orders by hand, gross below net and never above all."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from cxroi.model.customers.cohorts import (
    block_months,
    blocks,
    column_near,
    contract_cohorts,
    newer_against_older,
    order_cohorts,
    pooled_share,
    revenue_kept,
)

HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]  # Fader & Hardie (2007), table 1


def ages(active, cohort="2014-01-01", months=12, price=10.0):
    """Return the tenures of a cohort of which so many were active after each period of so many months."""
    lost = [(place * months, before - after, True) for place, (before, after) in enumerate(pairwise(active))]
    rows = [*lost, ((len(active) - 1) * months, active[-1], False)]
    frame = pd.DataFrame(rows, columns=["tenure_months", "customers", "has_left"])
    paid = {"revenue": frame["customers"] * price, "revenue_revenue": frame["customers"] * price**2}
    return frame.assign(cohort=cohort, age_months=(len(active) - 1) * months, **paid)


def test_the_published_cohort_is_left_as_published():
    found = contract_cohorts(ages(HIGH_END), 12)
    share = found.measures["customers"].share[0]
    assert share == pytest.approx(np.array(HIGH_END) / 1000)
    assert found.months == ("2014-01",) and found.customers.tolist() == [1000.0] and not found.of_orders
    assert found.measures["gross"].share[0] == pytest.approx(share)  # all pay the same
    low, high = found.measures["customers"].low[0, 1], found.measures["customers"].high[0, 1]
    assert low < 0.869 < high and 0.02 < high - low < 0.05


def test_a_share_by_revenue_weighs_customers_by_what_they_pay():
    both = pd.concat([ages([10, 5], price=1.0), ages([10, 10], price=9.0)])
    found = contract_cohorts(both, 12)
    assert found.measures["customers"].share[0, 1] == 0.75
    assert found.measures["net"].share[0, 1] == pytest.approx(95 / 100)
    assert (
        found.measures["gross"] is found.measures["net"]
        and "net" not in contract_cohorts(both.assign(revenue=0.0), 12).measures
    )


def test_a_period_that_the_youngest_have_not_reached_is_not_shown():
    older, younger = ages([10, 8, 6], "2014-01-01", 1), ages([10, 9], "2014-02-01", 1)
    found = contract_cohorts(pd.concat([older, younger]), 1)
    assert np.isnan(found.measures["customers"].share[1, 2]) and found.measures["customers"].share[1, 1] == 0.9


def spent(period, revenue, kept, customers, cohort="2025-01-01", first=(10.0, 20.0)):
    sums = {"first_first": sum(x * x for x in first), "revenue_revenue": 1.0, "kept_kept": 1.0}
    products = {"first_revenue": 1.0, "first_kept": 1.0}
    return {
        "cohort": cohort,
        "period": period,
        "customers": customers,
        "revenue": revenue,
        "kept": kept,
        **sums,
        **products,
    }


def test_orders_are_compared_with_the_first_period_and_growth_counts_only_net():
    rows = pd.DataFrame([spent(0, 30.0, 30.0, 2), spent(1, 45.0, 20.0, 1)])
    found = order_cohorts(rows, 1, np.datetime64("2025-03"))
    assert found.measures["net"].share[0].tolist() == [1.0, 1.5, 0.0]
    assert found.measures["gross"].share[0, 1] == pytest.approx(2 / 3)
    assert found.measures["customers"].share[0].tolist() == [1.0, 0.5, 0.0] and found.of_orders
    assert order_cohorts(rows, 1, np.datetime64("2025-01")).measures["net"].share.shape == (1, 1)


def test_a_period_counts_once_it_is_over_for_every_month_of_the_block():
    rows = pd.DataFrame([spent(0, 30.0, 30.0, 2), spent(0, 30.0, 30.0, 2, "2025-03-01"), spent(1, 9.0, 9.0, 1)])
    assert np.isnan(order_cohorts(rows, 3, np.datetime64("2025-07")).measures["net"].share).sum() == 0
    assert order_cohorts(rows, 3, np.datetime64("2025-07")).measures["net"].share.shape == (1, 1)
    assert order_cohorts(rows, 3, np.datetime64("2025-08")).measures["net"].share[0, 1] == pytest.approx(9 / 60)


def year(first, later):
    first, later = np.asarray(first, float), np.asarray(later, float)
    kept = np.minimum(first, later)
    columns = {
        "segment": "a", "customers": first.size, "still": (later > 0).sum(), "first": first.sum(), "revenue": later.sum(),
        "kept": kept.sum(), "first_first": (first**2).sum(), "first_revenue": (first * later).sum(),
        "first_kept": (first * kept).sum(), "revenue_revenue": (later**2).sum(), "kept_kept": (kept**2).sum(),
    }  # fmt: skip
    return pd.DataFrame([columns])


def test_gross_and_net_over_a_year_are_as_defined():
    found = revenue_kept(year([100, 100, 100, 100], [150, 100, 50, 0]), 1)
    assert found.net.mid == pytest.approx(0.75) and found.gross.mid == pytest.approx(0.625)
    assert found.still.mid == 0.75 and found.customers == 4
    grown = revenue_kept(year([100, 50], [300, 50]), 1)
    assert grown.net.mid == pytest.approx(350 / 150) and grown.gross.mid == 1.0 == grown.gross.high
    assert revenue_kept(year([], []), 1) is None


def test_gross_is_never_above_net_nor_above_all():
    random = np.random.default_rng(1)
    for _ in range(50):
        first = random.gamma(2.0, 10.0, 30)
        found = revenue_kept(year(first, first * random.choice([0.0, 0.5, 1.0, 2.0], 30)), 1)
        assert found.gross.mid <= min(found.net.mid, 1.0) + 1e-12 and found.gross.high <= 1.0


def test_cohorts_are_put_together_so_that_they_are_few_and_quarters_begin_with_the_calendar():
    month = np.datetime64
    assert block_months(month("2020-01"), month("2029-12")) == 12
    assert blocks(pd.Series(["2025-05-01", "2025-01-01"]), 3).astype(str).tolist() == ["2025-04", "2025-01"]


def test_newer_cohorts_are_told_from_older_ones_only_where_they_differ():
    def cohorts(*active):
        starts = pd.date_range("2024-01-01", periods=len(active), freq="MS")
        return contract_cohorts(pd.concat([ages(a, str(m.date()), 1) for a, m in zip(active, starts, strict=True)]), 1)

    better = cohorts([1000, 800], [1000, 800], [1000, 900], [1000, 900])
    assert newer_against_older(better, 1).low > 0 and pooled_share(better, "customers", 1) == pytest.approx(0.85)
    alike = newer_against_older(cohorts([100, 80], [100, 82], [100, 81], [100, 80]), 1)
    assert alike.low < 0 < alike.high
    assert newer_against_older(cohorts([100, 80], [100, 82]), 1) is None
    assert column_near(better, "customers", 12) == 1
