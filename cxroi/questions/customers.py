"""The question about customers: how long they stay, and what one is worth over the years."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.errors import ModelError
from cxroi.model.company.baseline import Baseline, measure_baseline
from cxroi.model.customers.contract_clv import CustomerValue, prospects, value_of_contracts
from cxroi.model.customers.order_clv import OrderValue, value_of_orders
from cxroi.model.customers.retention_points import RetentionPoints, worth_of_points
from cxroi.model.discount import discount_rate
from cxroi.questions.cohorts import leaving_recorded_from
from cxroi.questions.data import OpenVersion


@dataclass(frozen=True, kw_only=True)
class CustomerWorth:
    """What a customer is worth by how long customers stay, and by their orders where these are all that is known of them."""

    by_stay: CustomerValue
    by_orders: OrderValue | None
    inactivity_window_months: int | None  # without an order, after which a customer counts as lost
    currency: str
    baseline: Baseline


def ask_customer_worth(data: OpenVersion, horizon_months: int, annual_discount_rate: float) -> CustomerWorth:
    """Return discounted margin less support cost of a customer over the horizon, by segment.

    Raises ModelError for a horizon or a rate that cannot be.
    """
    how = (horizon_months, annual_discount_rate)
    return data.kept("customer_worth", lambda: _customer_worth(data, *how), *how)


def _customer_worth(data: OpenVersion, horizon_months: int, annual_discount_rate: float) -> CustomerWorth:
    from cxroi.store.panel.panel import read_tenures

    panel = data.panel_without_costs
    baseline = measure_baseline(panel)
    by_stay = value_of_contracts(
        baseline,
        read_tenures(data.engine, panel),
        horizon_months=horizon_months,
        annual_discount_rate=annual_discount_rate,
        recorded_from=leaving_recorded_from(data)[0] if panel.source == "customers" else None,
    )
    by_orders = _by_orders(data, baseline, by_stay) if panel.source == "orders" else None
    return CustomerWorth(
        by_stay=by_stay,
        by_orders=by_orders,
        inactivity_window_months=panel.inactivity_window_months,
        currency=panel.currency,
        baseline=baseline,
    )


def ask_retention_points(
    data: OpenVersion,
    segment: str | None,
    horizon_months: int,
    annual_discount_rate: float,
    points: float = 5.0,
) -> RetentionPoints:
    """Return what so many points more of annual retention would be worth, in one segment or in every one and in all.

    Raises ModelError for a horizon or a rate that cannot be, and a segment that is not there.
    """
    of = (segment, horizon_months, annual_discount_rate, points)
    return data.kept("retention_points", lambda: _retention_points(data, *of), *of)


def _retention_points(
    data: OpenVersion, segment: str | None, horizon_months: int, annual_discount_rate: float, points: float
) -> RetentionPoints:
    from cxroi.store.panel.panel import read_tenures

    if horizon_months < 1:
        raise ModelError("clv.horizon_out_of_range", months=horizon_months)
    panel = data.panel_without_costs
    baseline = measure_baseline(panel)
    found = prospects(baseline, read_tenures(data.engine, panel), horizon_months=max(horizon_months, 12))
    baseline.named(segment)
    return worth_of_points(
        [one for one in found if segment in (None, one.baseline.segment)],
        horizon_months=horizon_months,
        points=points,
        annual_discount_rate=discount_rate(annual_discount_rate),
    )


def _by_orders(data: OpenVersion, baseline: Baseline, over: CustomerValue) -> OrderValue:
    """Return what customers known by their orders only are worth, at the margin of the trailing months and over the same horizon."""
    engine, as_of, whole = data.engine, data.panel_without_costs.last_day, baseline.whole
    revenue = whole.revenue_per_customer_month
    return value_of_orders(
        engine.query("order_histories", as_of=as_of),
        engine.query("order_amounts", as_of=as_of),
        margin_rate=whole.contribution_margin_per_customer_month / revenue if revenue else 1.0,
        horizon_months=over.horizon_months,
        annual_discount_rate=over.annual_discount_rate,
        baseline=baseline,
    )
