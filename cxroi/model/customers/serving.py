"""What customers bring and cost by month over a period: support, cost to serve, what winning one costs against keeping one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.company.panel import Panel
from cxroi.model.statistics.ratio import RatioSums, ratio_interval
from cxroi.model.statistics.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Money and contacts per customer and month over a period; None where the data tell nothing of it.

    Intervals are those of ratios with months as units: how far the figure would move were the months drawn again. `to_serve` is
    support and CX spend together, of whichever is known.
    """

    revenue: Interval | None
    margin: Interval | None
    contacts: Interval | None
    support: Interval | None
    cx_spend: Interval | None
    to_serve: Interval | None
    acquisition_per_join: Interval | None  # money a customer joined


def serving_of(panel: Panel, segment: int, window: slice) -> Serving:
    """Return what the customers of one segment (by its place) bring and cost over some months of the panel."""
    there = panel.customers_at_start[segment, window]

    def per_customer(amounts: np.ndarray) -> Interval | None:
        return ratio_interval(RatioSums.of(there, amounts)) if np.nansum(np.abs(amounts)) > 0 else None

    support, spend = panel.support_cost[segment, window], panel.cx_spend[segment, window]
    joined = panel.customers_joined[segment, window]
    acquired = None if panel.acquisition_spend is None else panel.acquisition_spend[segment, window]
    return Serving(
        revenue=per_customer(panel.revenue[segment, window]),
        margin=None if panel.margin_is_revenue else per_customer(panel.contribution_margin[segment, window]),
        contacts=per_customer(panel.support_contacts[segment, window]),
        support=per_customer(support),
        cx_spend=per_customer(spend),
        to_serve=per_customer(np.nan_to_num(support) + np.nan_to_num(spend)),
        acquisition_per_join=ratio_interval(RatioSums.of(joined, acquired))
        if acquired is not None and np.nansum(acquired) > 0
        else None,
    )


def kept_for_a_year(cx_spend: Interval, of: SegmentBaseline) -> Interval | None:
    """Return CX spend of a year for each customer who is still there at its end, from that per customer and month; None where nobody is.

    Those who leave within the year are spent on as long as they stay: 12 s (1 - R) / (-log R) for each who begins it, over R.
    """
    rate = of.annual_retention_rate.mid
    if rate <= 0:
        return None
    years = 1.0 if rate >= 1 else float((1 - rate) / -np.log(rate))
    low, mid, high = (12 * end * years / rate for end in (cx_spend.low, cx_spend.mid, cx_spend.high))
    return Interval(low=low, mid=mid, high=high)
