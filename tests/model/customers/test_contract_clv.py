"""Value per segment: from tenures and from order histories, consistent with the baseline and with known truths."""

import numpy as np
import pandas as pd
import pytest

from cxroi.model.company.baseline import Baseline, SegmentBaseline, annual_retention, churn_interval
from cxroi.model.customers.clv import ValuedGroup, clv_of_mix, constant_survival
from cxroi.model.customers.contract_clv import value_of_contracts
from cxroi.model.customers.hazard import Hazard
from cxroi.model.customers.order_clv import value_of_orders
from cxroi.model.customers.retention import sbg_survival
from cxroi.model.customers.tenure import life_table


def segment(name, *, lost=300.0, exposure=12_000.0, margin=50.0, support=5.0):
    churn = churn_interval(lost, exposure)
    return SegmentBaseline(
        segment=name,
        months=12,
        customers=1000.0,
        monthly_churn_rate=churn,
        annual_retention_rate=annual_retention(churn),
        joins_per_month=20.0,
        revenue_per_customer_month=80.0,
        contribution_margin_per_customer_month=margin,
        support_contacts_per_customer_month=0.2,
        support_cost_per_customer_month=support,
        average_order_value=None,
        cx_spend_per_month=2000.0,
        customer_months=exposure,
        customers_lost=lost,
    )


def baseline(*segments, whole=None):
    return Baseline(
        segments=segments, whole=whole or segment("all"), first_month="2025-01", last_month="2025-12", currency="SAR"
    )


def tenures(alpha, beta, *, cohorts=48, joins=400, name="a", seed=0):
    """Simulate customers with sBG churn who joined 1..`cohorts` months ago, as the query counts them."""
    random = np.random.default_rng(seed)
    rows = []
    for age in range(1, cohorts + 1):
        stays = random.geometric(random.beta(alpha, beta, joins)) - 1  # whole months before leaving
        left = stays < age
        rows.append(pd.DataFrame({"age_months": age, "tenure_months": np.where(left, stays, age), "has_left": left}))
    table = pd.concat(rows).groupby(["age_months", "tenure_months", "has_left"], as_index=False).size()
    cohort = table["age_months"].map(lambda age: (pd.Period("2025-12") - age).to_timestamp())
    return table.rename(columns={"size": "customers"}).assign(segment=name, cohort=cohort)


def test_without_tenures_a_customer_is_worth_what_the_churn_rate_says():
    value = value_of_contracts(baseline(segment("a")))
    group = ValuedGroup(share=1.0, margin=50.0, support=5.0, survival=constant_survival(300 / 12_000, 36))
    expected = clv_of_mix([group]).value.mid
    assert value.segments[0].active.value.mid == pytest.approx(expected, rel=0.002)
    assert value.segments[0].active == value.segments[0].new
    assert value.segments[0].hazard is None and value.cohorts is None


def test_segments_with_more_churn_are_worth_less_and_fewer_customers_are_less_sure():
    value = value_of_contracts(
        baseline(segment("calm", lost=100), segment("leaky", lost=600), segment("tiny", lost=2, exposure=80))
    )
    calm, leaky, tiny = (one.active.value for one in value.segments)
    assert leaky.mid < calm.mid
    assert tiny.high - tiny.low > 5 * (leaky.high - leaky.low)


def test_segments_add_up_to_the_whole_by_their_customers_and_their_uncertainty_partly_cancels():
    value = value_of_contracts(baseline(segment("a", lost=100), segment("b", lost=600, margin=90.0)))
    a, b = (one.active.value for one in value.segments)
    assert value.whole.active.value.mid == pytest.approx((a.mid + b.mid) / 2, rel=0.005)
    half = (value.whole.active.value.high - value.whole.active.value.low) / 2
    assert half < 0.85 * ((a.high - a.low) + (b.high - b.low)) / 4
    assert value.whole.segment == "all"


def test_customers_without_a_segment_are_those_the_panel_calls_unassigned():
    mixed = pd.concat([tenures(0.6, 8.0), tenures(0.6, 8.0, seed=1).assign(segment=None)])
    value = value_of_contracts(baseline(segment("a"), segment("unassigned")), mixed)
    assert all(one.hazard is not None for one in value.segments)
    alone = value_of_contracts(baseline(segment("all")), tenures(0.6, 8.0).assign(segment=None))
    assert alone.segments[0].hazard.choice is Hazard.TENURE


def test_a_hazard_that_falls_with_tenure_is_found_and_seasoned_customers_are_worth_more_than_new_ones():
    value = value_of_contracts(baseline(segment("a")), tenures(0.6, 8.0))
    one = value.segments[0]
    assert one.hazard.choice is Hazard.TENURE
    assert one.active.value.mid > one.new.value.mid
    months = np.arange(1.0, 37)
    assert one.new.months_active.mid == pytest.approx(sbg_survival(0.6, 8.0, months).sum(), rel=0.03)


def test_a_constant_hazard_is_kept_and_then_new_and_active_customers_are_worth_the_same():
    one = value_of_contracts(baseline(segment("a")), tenures(400.0, 15_600.0)).segments[0]
    assert one.hazard.choice is Hazard.CONSTANT
    assert one.active == one.new
    assert one.hazard.constant_churn_rate.low < 0.025 < one.hazard.constant_churn_rate.high


def test_the_life_table_of_the_trailing_months_is_not_biased_by_the_running_month_nor_by_who_left_long_ago():
    for trailing in (6, 12, 1000):
        lost, at_risk = life_table(tenures(400.0, 15_600.0, joins=4000), trailing)
        assert lost.sum() / at_risk.sum() == pytest.approx(0.025, rel=0.02)
    assert life_table(tenures(1.0, 20.0), 12)[1].sum() < life_table(tenures(1.0, 20.0), 1000)[1].sum()


def test_a_customer_who_left_in_the_running_month_is_not_counted_against_nobody():
    table = pd.DataFrame(
        {"age_months": [5, 5], "tenure_months": [5, 5], "has_left": [True, False], "customers": [1, 9]}
    )
    lost, at_risk = life_table(table, 12)
    assert lost.sum() == 0 and at_risk.tolist() == [10, 10, 10, 10, 10]


def test_cohorts_are_shown_by_month_of_joining_as_far_as_they_could_have_come():
    value = value_of_contracts(baseline(segment("a")), tenures(0.6, 8.0, cohorts=6))
    assert value.cohort_months[0] == "2025-06" and value.cohort_months[-1] == "2025-11"
    assert (value.cohorts.share[:, 0] == 1).all()
    assert np.isfinite(value.cohorts.share[0]).sum() == 7 and np.isfinite(value.cohorts.share[-1]).sum() == 2
    assert (np.diff(value.cohorts.share[0]) <= 0).all()


def test_order_histories_counted_together_are_worth_what_the_customers_are_one_by_one():
    datasets = pytest.importorskip("lifetimes.datasets")
    cdnow = datasets.load_cdnow_summary_data_with_monetary_value()
    single = cdnow.rename(
        columns={"recency": "recency_weeks", "T": "age_weeks", "monetary_value": "mean_amount"}
    ).assign(segment=None, customers=1)
    keys = ["frequency", "recency_weeks", "age_weeks"]
    together = single.groupby(keys, as_index=False).agg(
        customers=("customers", "sum"), mean_amount=("mean_amount", "mean")
    )
    amounts = single[single["frequency"] > 0][["frequency", "mean_amount", "customers"]]
    one = value_of_orders(single, amounts, margin_rate=0.3, horizon_months=12)
    all_ = value_of_orders(together.assign(segment="a"), amounts, margin_rate=0.3, horizon_months=12)
    assert one.orders.r == pytest.approx(0.243, abs=0.001) and one.spend.p == pytest.approx(6.25, abs=0.01)
    assert all_.whole.value.mid == pytest.approx(one.whole.value.mid, rel=1e-5)
    assert all_.segments[0].value == all_.whole.value
    assert 0 < one.whole.alive_rate.mid < 1 and one.whole.customers == 2357
    doubled = value_of_orders(single, amounts, margin_rate=0.6, horizon_months=12)
    assert doubled.whole.value.high == pytest.approx(2 * one.whole.value.high)
