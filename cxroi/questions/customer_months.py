"""The question about customers by month: who was active, joined and was lost, what they bring, and what serving, winning and keeping them costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.company.baseline import SegmentBaseline, measure_months, trailing_window
from cxroi.model.company.panel import Panel
from cxroi.model.company.segments import WHOLE, named_segments
from cxroi.model.customers.serving import Serving, kept_for_a_year, serving_of
from cxroi.model.statistics.ratio import RatioSums, ratio_interval
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.data import OpenVersion
from cxroi.questions.slice import Slice

Months = NDArray[np.datetime64]
_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Winning:
    """What winning a customer costs, and how many stand behind it; `source` is "ledger" (spend over joins) or "each" (the own cost of each)."""

    per_customer: Interval
    customers: float
    source: str


@dataclass(frozen=True, kw_only=True)
class Ordering:
    """Orders of a period: what one brings, how many a customer who orders places, and how many of each there were.

    Where any of them (`discounted` rows) names a discount: what one would have brought before discounts and refunds, and the share of
    that which discounts took.
    """

    order_value: Interval
    per_customer: Interval
    orders: float
    customers: float
    discounted: int = 0
    gross_value: Interval | None = None
    discount_share: Interval | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class CustomerMonths:
    """Customers month by month, and the figures of a period of them.

    Counts are (n_months,) of the segment that was asked for or the whole; `complete` is False where a month cannot be relied on yet.
    The figures are of the complete months of the period from `first` to `last`, `before` of as many just before it (None where these
    are not whole). Without a period they are of the last 12 complete months, as everywhere.
    """

    months: Months
    at_start: NDArray[np.float64]
    joined: NDArray[np.float64]
    lost: NDArray[np.float64]
    complete: NDArray[np.bool_]
    first: np.datetime64
    last: np.datetime64
    now: SegmentBaseline
    before: SegmentBaseline | None
    serving: Serving
    winning: Winning | None
    keeping: Interval | None  # CX spend a year for each customer kept
    ordering: Ordering | None
    segment: str
    currency: str
    source: str
    inactivity_window_months: int | None
    joined_is_derived: bool
    margin_is_revenue: bool
    data_version: str
    illustrative: bool

    @property
    def at_end(self) -> NDArray[np.float64]:
        """Return how many were active at the end of each month."""
        ends: NDArray[np.float64] = self.at_start + np.nan_to_num(self.joined) - self.lost
        return ends


def ask_customer_months(data: OpenVersion, of: Slice) -> CustomerMonths:
    """Return customers by month and the figures of a period, of one segment or the whole; it needs no cost ledger.

    Raises ModelError for a segment that is not there, or where the period has no complete month.
    """
    return data.kept("customer_months", lambda: _customer_months(data, of), of)


def _customer_months(data: OpenVersion, of: Slice) -> CustomerMonths:
    panel = data.panel_without_costs
    one, place = segment_of(panel, of.segment)
    shown = _within(one.months, of)
    window = _window(one, of)
    now = measure_months(one, place, window)
    if now is None:
        raise ModelError("customers.nobody_there", segment=of.segment or WHOLE)
    serving = serving_of(one, place, window)
    months = one.months[window]
    span = Slice(first=_day(months[0]), last=_day(months[-1]), segment=of.segment)
    return CustomerMonths(
        months=one.months[shown],
        at_start=one.customers_at_start[place, shown],
        joined=one.customers_joined[place, shown],
        lost=one.customers_lost[place, shown],
        complete=one.complete_months[shown],
        first=months[0],
        last=months[-1],
        now=now,
        before=_before(one, place, window),
        serving=serving,
        winning=_winning(data, serving, one, place, window, span),
        keeping=None if serving.cx_spend is None else kept_for_a_year(serving.cx_spend, now),
        ordering=_ordering(data, span),
        segment=of.segment or WHOLE,
        currency=panel.currency,
        source=panel.source,
        inactivity_window_months=panel.inactivity_window_months,
        joined_is_derived=panel.joined_is_derived,
        margin_is_revenue=panel.margin_is_revenue,
        data_version=data.version.id,
        illustrative=data.version.illustrative,
    )


def segment_of(panel: Panel, segment: str | None) -> tuple[Panel, int]:
    """Return the panel and the place in it of a segment, or the whole as one for None. Raises ModelError where it has none of that name."""
    if segment is None:
        return panel.whole, 0
    if segment not in panel.segments:
        raise ModelError("segments.unknown", segment=segment, known=", ".join(panel.segments))
    return panel, panel.segments.index(segment)


def of_one_segment(rows: pd.DataFrame, segment: str | None, known: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of a segment (None: all), its names being the panel's; where the panel knows one only, all are of it."""
    if segment is None or rows.empty or known == (WHOLE,):
        return rows
    return rows[named_segments(rows["segment"]) == segment]


def _within(months: Months, of: Slice) -> NDArray[np.bool_]:
    inside = np.ones(months.size, bool)
    if of.first is not None:
        inside &= months >= np.datetime64(of.first, "M")
    if of.last is not None:
        inside &= months <= np.datetime64(of.last, "M")
    return inside


def _window(panel: Panel, of: Slice) -> slice:
    """Return the complete months of the period, without a period the last 12 of all."""
    if of.first is None and of.last is None:
        return trailing_window(panel, _YEAR)
    inside = np.flatnonzero(_within(panel.months, of) & panel.complete_months)
    if inside.size == 0:
        complete = panel.months[panel.complete_months]
        ends = (str(complete[0]), str(complete[-1])) if complete.size else ("–", "–")
        raise ModelError("customers.no_month", first=ends[0], last=ends[1])
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _before(panel: Panel, place: int, window: slice) -> SegmentBaseline | None:
    start = window.start - (window.stop - window.start)
    if start < 0 or not panel.complete_months[start : window.start].all():
        return None
    return measure_months(panel, place, slice(start, window.start))


def _winning(
    data: OpenVersion, serving: Serving, panel: Panel, place: int, window: slice, span: Slice
) -> Winning | None:
    if serving.acquisition_per_join is not None:
        joined = float(np.nansum(panel.customers_joined[place, window]))
        return Winning(per_customer=serving.acquisition_per_join, customers=joined, source="ledger")
    costs = data.engine.query("acquisition_costs")
    costs = of_one_segment(costs, span.segment, data.panel_without_costs.segments)
    months = panel.months[window]
    costs = costs[pd.to_datetime(costs["month"]).between(pd.Timestamp(months[0]), pd.Timestamp(months[-1]))]
    n, amount = float(costs["customers"].sum()), float(costs["amount"].sum())
    found = ratio_interval(RatioSums(n=n, x=n, y=amount, xx=n, xy=amount, yy=float(costs["amount_amount"].sum())))
    return None if found is None else Winning(per_customer=found, customers=n, source="each")


def _ordering(data: OpenVersion, span: Slice) -> Ordering | None:
    rows = data.engine.query("ordering_customers", **span.days)
    total = of_one_segment(rows, span.segment, data.panel_without_costs.segments).drop(columns="segment").sum()
    n, orders = float(total.get("customers", 0.0)), float(total.get("orders", 0.0))
    if not n or not orders:
        return None

    def ratio(x: str, y: str) -> Interval | None:
        names = {"x": x, "y": y, "xx": f"{x}_{x}", "xy": f"{x}_{y}", "yy": f"{y}_{y}"}
        return ratio_interval(RatioSums(n=n, **{to: float(total[name]) for to, name in names.items()}))

    value = ratio("orders", "revenue")
    each = ratio_interval(RatioSums(n=n, x=n, y=orders, xx=n, xy=orders, yy=float(total["orders_orders"])))
    if value is None or each is None:
        return None
    discounted = int(total["discounted"])
    return Ordering(
        order_value=value,
        per_customer=each,
        orders=orders,
        customers=n,
        discounted=discounted,
        gross_value=ratio("orders", "gross") if discounted else None,
        discount_share=ratio("gross", "discount") if discounted else None,
    )


def _day(month: np.datetime64) -> date:
    day: date = month.astype("datetime64[D]").item()
    return day
