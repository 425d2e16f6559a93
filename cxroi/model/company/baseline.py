"""Where the company stands today: per segment, over the trailing months, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from cxroi.errors import ModelError, PanelError
from cxroi.model.company.panel import Panel
from cxroi.model.statistics.proportion import proportion_interval
from cxroi.model.statistics.uncertainty import Interval


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

    @property
    def cx_spend_per_customer_month(self) -> float:
        """Return today's CX spend per active customer and month: the unit of the response curve."""
        return self.cx_spend_per_month * self.months / self.customer_months if self.customer_months else 0.0


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Every segment, and `whole` (segment "all") measured on their sum."""

    segments: tuple[SegmentBaseline, ...]
    whole: SegmentBaseline
    first_month: str  # YYYY-MM, the trailing window
    last_month: str
    currency: str

    def named(self, segment: str | None) -> SegmentBaseline:
        """Return one segment by its name, the whole for None or "all". Raises ModelError where there is none of that name."""
        known = {one.segment: one for one in (*self.segments, self.whole)}
        if segment is not None and segment not in known:
            raise ModelError("segments.unknown", segment=segment, known=", ".join(known))
        return self.whole if segment is None else known[segment]


def trailing_window(panel: Panel, months: int = 12) -> slice:
    """Return the last `months` complete months of the panel (fewer when there are fewer) as a slice of its months."""
    complete = np.flatnonzero(panel.complete_months & ~np.isnan(panel.customers_at_start).all(axis=0))
    if complete.size == 0:
        raise PanelError("panel.no_complete_month")
    last = int(complete[-1]) + 1
    return slice(max(int(complete[0]), last - months), last)


_measured: WeakKeyDictionary[Panel, dict[int, Baseline]] = WeakKeyDictionary()  # every fit of a panel asks for it


def measure_baseline(panel: Panel, months: int = 12) -> Baseline:
    """Return today's figures per segment and for the whole, over the trailing `months` complete months; of a panel measured once.

    Monthly churn h = lost / customer-months with the Jeffreys interval of a proportion (Brown, Cai & DasGupta 2001);
    annual retention = (1 - h)^12. Segments without a customer in the window are left out. Raises PanelError when no
    customer is left at all.
    """
    known = _measured.setdefault(panel, {})
    if months not in known:
        known[months] = _baseline(panel, months)
    return known[months]


def _baseline(panel: Panel, months: int) -> Baseline:
    window = trailing_window(panel, months)
    segments = tuple(s for i in range(len(panel.segments)) if (s := measure_months(panel, i, window)) is not None)
    whole = measure_months(panel.whole, 0, window)
    if not segments or whole is None:
        raise PanelError("panel.no_customers")
    last = str(panel.months[window.stop - 1])
    return Baseline(
        segments=segments,
        whole=whole,
        first_month=str(panel.months[window.start]),
        last_month=last,
        currency=panel.currency,
    )


def measure_months(panel: Panel, segment: int, window: slice) -> SegmentBaseline | None:
    """Return the figures of one segment (by its place) over some months of the panel; None where nobody was there in the last of them."""

    def total(name: str) -> float:
        return float(np.nansum(getattr(panel, name)[segment, window]))

    start = panel.customers_at_start[segment, window]
    seen = np.flatnonzero(~np.isnan(start))
    exposure, lost = total("customers_at_start"), total("customers_lost")
    if exposure <= 0 or seen.size == 0 or seen[-1] != start.size - 1:
        return None
    joins = panel.customers_joined[segment, window]
    joins_per_month = float(np.nanmean(joins)) if not np.isnan(joins).all() else 0.0
    last_joins = joins_per_month if np.isnan(joins[-1]) else joins[-1]
    orders = 0.0 if panel.orders is None else float(np.nansum(panel.orders[segment, window]))
    return SegmentBaseline(
        segment=panel.segments[segment],
        months=int(seen.size),
        customers=float(max(start[-1] + last_joins - panel.customers_lost[segment, window][-1], 0.0)),
        monthly_churn_rate=(churn := churn_interval(lost, exposure)),
        annual_retention_rate=annual_retention(churn),
        joins_per_month=joins_per_month,
        revenue_per_customer_month=total("revenue") / exposure,
        contribution_margin_per_customer_month=total("contribution_margin") / exposure,
        support_contacts_per_customer_month=total("support_contacts") / exposure,
        support_cost_per_customer_month=total("support_cost") / exposure,
        average_order_value=total("revenue") / orders if orders else None,
        cx_spend_per_month=total("cx_spend") / seen.size,
        customer_months=exposure,
        customers_lost=lost,
    )


def churn_interval(lost: float, exposure: float) -> Interval:
    """Return the monthly churn rate lost / exposure with its 90 % Jeffreys interval; the ends are 0 and 1 at the edges.

    >>> churn_interval(0, 10).low
    0.0
    """
    lost = min(lost, exposure)
    low, high = proportion_interval(lost, exposure, method="jeffreys", confidence=0.9)
    mid = lost / exposure
    return Interval(low=min(low, mid), mid=mid, high=max(high, mid))


def annual_retention(monthly_churn_rate: Interval) -> Interval:
    """Return (1 - h)^12 of a monthly churn interval.

    >>> round(annual_retention(Interval.known(0.02)).mid, 4)
    0.7847
    """
    h = monthly_churn_rate
    return Interval(low=(1 - h.high) ** 12, mid=(1 - h.mid) ** 12, high=(1 - h.low) ** 12)
