"""Where the company stands today: per segment, over the trailing months, with intervals."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class SegmentBaseline:
    """One segment over the trailing `months` complete months; money per customer is per active customer and month."""

    segment: str
    months: int
    customers: float  # active now, at the end of the last complete month
    monthly_churn_rate: Interval
    annual_retention_rate: Interval
    joins_per_month: float
    revenue_per_customer_month: float
    contribution_margin_per_customer_month: float
    support_contacts_per_customer_month: float
    support_cost_per_customer_month: float
    average_order_value: float | None
    cx_spend_per_month: float
    customer_months: float  # exposure behind the churn rate
    customers_lost: float


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Every segment, and `whole` (segment "all") measured on their sum."""

    segments: tuple[SegmentBaseline, ...]
    whole: SegmentBaseline
    first_month: str  # YYYY-MM, the trailing window
    last_month: str
    currency: str
