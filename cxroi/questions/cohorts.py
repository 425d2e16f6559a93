"""The question how much of the customers stays: by joining cohort, over a year by revenue, and how long those of today have been there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from cxroi.model.company.panel import Panel
from cxroi.model.company.segments import WHOLE, named_segments
from cxroi.model.customers.cohorts import (
    Cohorts,
    RevenueKept,
    block_months,
    contract_cohorts,
    order_cohorts,
    revenue_kept,
)
from cxroi.model.customers.tenure import TenureBand, tenure_bands
from cxroi.questions.customer_months import of_one_segment, segment_of
from cxroi.questions.data import OpenVersion
from cxroi.questions.slice import Slice, add_months

_YEAR = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Staying:
    """How much of the customers of one segment or the whole stays.

    What the data cannot tell is None (or empty): cohorts and tenures of monthly totals, tenures where customers are known by their orders
    only, revenue where nothing says what each customer brings or where the data do not go back a year and the window. `recorded_from`
    is the first month (YYYY-MM) from which those who leave are in the data; None where that is from the beginning.
    """

    by_customers: Cohorts | None
    by_revenue: Cohorts | None
    year: RevenueKept | None
    tenures: tuple[TenureBand, ...]
    recorded_from: str | None
    source: str


def ask_staying(data: OpenVersion, segment: str | None = None) -> Staying:
    """Return how much of the customers stays, of one segment or the whole. Raises ModelError for a segment that is not there."""
    return data.kept("staying", lambda: _staying(data, segment), segment)


def _staying(data: OpenVersion, segment: str | None) -> Staying:
    panel = data.panel_without_costs
    segment_of(panel, segment)
    if panel.source == "monthly":
        return Staying(
            by_customers=None, by_revenue=None, year=None, tenures=(), recorded_from=None, source=panel.source
        )
    has_orders = "orders" in data.version.tables
    ordered = _by_orders(data, panel, segment) if has_orders else None
    if panel.source == "orders":
        year = _year(data, panel, segment, panel.months[0].astype("datetime64[D]").item())
        return Staying(
            by_customers=ordered, by_revenue=ordered, year=year, tenures=(), recorded_from=None, source=panel.source
        )
    ages = of_one_segment(data.engine.query("customer_tenures", as_of=panel.last_day), segment, panel.segments)
    recorded, begins = leaving_recorded_from(data)
    known = ages[pd.to_datetime(ages["cohort"]) >= recorded]
    contracted = None
    if not known.empty:
        joined = pd.to_datetime(known["cohort"]).to_numpy().astype("datetime64[M]")
        contracted = contract_cohorts(known, block_months(joined.min(), joined.max()))
    by_revenue = ordered or (contracted if contracted and "net" in contracted.measures else None)
    return Staying(
        by_customers=contracted,
        by_revenue=by_revenue,
        year=_year(data, panel, segment, recorded.date()),
        tenures=tenure_bands(ages),
        recorded_from=f"{recorded:%Y-%m}" if recorded > begins else None,
        source=panel.source,
    )


def leaving_recorded_from(data: OpenVersion) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first month from which those who leave are in the data, and the first in which anybody joined."""
    from cxroi.store.panel.counts import contract_counts

    last = data.panel_without_costs.months[-1]
    counts = contract_counts(data.engine, pd.Timestamp(last), None)
    return counts.complete_from, counts.frame["month"].min()


def _by_orders(data: OpenVersion, panel: Panel, segment: str | None) -> Cohorts | None:
    last = np.datetime64(panel.last_day, "M")
    spans = data.engine.query("table_spans").set_index("table_name")
    period = block_months(
        pd.Timestamp(str(spans.loc["orders", "first_on"])).to_datetime64().astype("datetime64[M]"), last
    )

    def summed() -> pd.DataFrame:
        rows = data.engine.query("cohort_revenue", as_of=panel.last_day, period_months=period)
        return rows.assign(segment=named_segments(rows["segment"]), cohort=pd.to_datetime(rows["cohort"]))

    rows = data.kept("cohort-revenue", summed, panel.last_day, period)
    own = rows if segment is None or panel.segments == (WHOLE,) else rows[rows["segment"] == segment]
    return order_cohorts(own, period, last)


def _year(data: OpenVersion, panel: Panel, segment: str | None, begins: date) -> RevenueKept | None:
    """Return what last year's customers bring now; None where the data do not go back that far, or customers order too seldom for it."""
    window = _window(data, panel)
    last = panel.last_day.replace(day=1)
    later = Slice(first=add_months(last, 1 - window), last=last)
    before = Slice(first=add_months(last, 1 - window - _YEAR), last=add_months(last, -_YEAR))
    if window > _YEAR or (before.first is not None and before.first < begins):
        return None
    days = {**before.days, **{f"later_{name}": day for name, day in later.days.items()}}
    rows = of_one_segment(data.engine.query("revenue_kept", **days), segment, panel.segments)
    return revenue_kept(rows, window)


def _window(data: OpenVersion, panel: Panel) -> int:
    """Return how many months cover most gaps between two orders of a customer: by them a customer is known to be there."""
    from cxroi.store.panel.counts import inactivity_window

    if panel.inactivity_window_months is not None:
        return panel.inactivity_window_months
    if "orders" not in data.version.tables:
        return 1
    return inactivity_window(data.engine, data.engine.query("order_spells"))
