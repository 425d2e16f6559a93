"""How much of each cohort is left, by customers and by revenue: gross and net revenue retention.

Net: what the customers of a cohort bring in a period over what they brought in their first one; it may exceed 100 %. Gross: of it, each
customer counts with no more than what it brought first, so that growth never hides a loss; it cannot exceed 100 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.model.statistics.proportion import difference_interval, jeffreys_interval
from cxroi.model.statistics.ratio import RatioSums, ratio_interval
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
MEASURES = ("customers", "net", "gross")
_MOST_ROWS = {1: 12, 3: 20}  # cohorts of so many months a block, before they are put into longer ones


@dataclass(frozen=True, kw_only=True, eq=False)
class CohortShares:
    """Share of each cohort left, (n_cohorts, n_periods) with 90 % intervals, NaN where it has not happened yet for all of the cohort.

    `base` is what the shares are of, (n_cohorts,): customers, or money of the first period.
    """

    base: Array
    share: Array
    low: Array
    high: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Cohorts:
    """Cohorts in blocks of `period_months` by the first month of the block, with the customers of each, and what is left by measure.

    Column 0 is the start (customers: 100 %; revenue: the first period). `measures` has any of MEASURES; those that the data cannot tell
    are absent. `of_orders`: "customers" is who ordered in a period, which can rise, and not who is still under contract.
    """

    period_months: int
    months: tuple[str, ...]  # YYYY-MM
    customers: Array
    measures: Mapping[str, CohortShares]
    of_orders: bool

    def of_at_least(self, customers: int) -> tuple[Cohorts | None, int]:
        """Return the cohorts of so many customers or more (None where none is), and how many are left out."""
        large = self.customers >= customers
        kept = replace(
            self,
            months=tuple(month for month, stays in zip(self.months, large, strict=True) if stays),
            customers=self.customers[large],
            measures={
                name: CohortShares(**{part.name: getattr(of, part.name)[large] for part in fields(of)})
                for name, of in self.measures.items()
            },
        )
        return kept if large.any() else None, int((~large).sum())


@dataclass(frozen=True, kw_only=True)
class RevenueKept:
    """Of what customers brought in `window_months` a year ago: what the same customers bring now, net and gross, and how many still do."""

    customers: float
    still: Interval
    net: Interval
    gross: Interval
    revenue_before: float
    window_months: int


def block_months(first: np.datetime64, last: np.datetime64) -> int:
    """Return how many months of joining are put together, so that cohorts from `first` to `last` are few enough to read.

    >>> block_months(np.datetime64("2026-01"), np.datetime64("2026-12")), block_months(np.datetime64("2023-01"), np.datetime64("2026-12"))
    (1, 3)
    """
    months = int((last - first).astype(int)) + 1
    return next((block for block, most in _MOST_ROWS.items() if months <= block * most), 12)


def blocks(cohort: pd.Series, period_months: int) -> NDArray[np.datetime64]:
    """Return the first month of the calendar block of each cohort month: quarters begin in January, April, July, October."""
    months = pd.to_datetime(cohort).to_numpy().astype("datetime64[M]")
    number = months.astype(int)
    return (number - number % period_months).astype("datetime64[M]")


def contract_cohorts(ages: pd.DataFrame, period_months: int) -> Cohorts | None:
    """Return cohorts of customers with joining and leaving dates, by month of joining; None where nobody joined.

    `ages` has one row a (cohort, age_months, tenure_months) with customers, revenue (money a month) and revenue_revenue (sum of its squares). A share is shown once every
    customer of the block could have reached that tenure. By revenue they are weighted by what each pays a month, which the table holds
    once: it cannot grow, so that net and gross are one; absent where nobody has a revenue.
    """
    if ages.empty:
        return None
    by_block = ages.groupby(blocks(ages["cohort"], period_months), sort=True)
    periods = int(ages["age_months"].max()) // period_months + 1
    n = np.full((by_block.ngroups, periods), np.nan)
    sums = [np.full(n.shape, np.nan) for _ in range(2)]
    for row, (_, block) in enumerate(by_block):
        counted, tenure = block["customers"].to_numpy(dtype=float), block["tenure_months"].to_numpy()
        revenue, squares = (block[name].to_numpy(dtype=float) for name in ("revenue", "revenue_revenue"))
        for period in range(int(block["age_months"].min()) // period_months + 1):
            there = tenure >= period * period_months
            n[row, period], sums[0][row, period] = counted[there].sum(), revenue[there].sum()
            sums[1][row, period] = squares[there].sum()
    measures = {"customers": _shares_of_counts(n)}
    if (sums[0][:, 0] > 0).any():
        kept = _weighted(n[:, :1], *sums)
        measures |= {"net": kept, "gross": kept}
    return Cohorts(
        period_months=period_months,
        months=tuple(str(month)[:7] for month in by_block.groups),
        customers=n[:, 0],
        measures=measures,
        of_orders=False,
    )


def order_cohorts(rows: pd.DataFrame, period_months: int, last_month: np.datetime64) -> Cohorts | None:
    """Return cohorts by month of the first order, from sums by (cohort, period) as the query `cohort_revenue` gives them.

    A period is shown once it is over for every month of the block.
    """
    if rows.empty:
        return None
    block = blocks(rows["cohort"], period_months)
    months = np.unique(block)
    ends = {start: pd.to_datetime(rows["cohort"][block == start]).max().to_datetime64() for start in months}
    reach = [
        int((last_month - ends[start].astype("datetime64[M]")).astype(int) + 1) // period_months for start in months
    ]
    columns = [
        "customers",
        "revenue",
        "kept",
        "first_first",
        "first_revenue",
        "first_kept",
        "revenue_revenue",
        "kept_kept",
    ]
    summed = rows[columns].groupby([block, rows["period"].to_numpy()]).sum()
    shape = (months.size, max(max(reach), 1))
    counts, base = np.full(shape, np.nan), np.zeros(months.size)
    net, gross = (tuple(np.full(shape, np.nan) for _ in range(3)) for _ in range(2))
    for row, start in enumerate(months):
        own = summed.loc[start]
        first = own.loc[0]
        base[row] = first["revenue"]
        for period in range(max(reach[row], 1)):
            now = own.loc[period] if period in own.index else first * 0.0
            counts[row, period] = now["customers"]
            for ends_of, name in ((net, "revenue"), (gross, "kept")):
                found = ratio_interval(_beside(first, now, name))
                if found is not None:
                    high = min(found.high, 1.0) if name == "kept" else found.high
                    for to, end in zip(ends_of, (found.mid, found.low, high), strict=True):
                        to[row, period] = end
    return Cohorts(
        period_months=period_months,
        months=tuple(str(month)[:7] for month in months),
        customers=counts[:, 0],
        measures={
            "customers": _shares_of_counts(counts),
            "net": CohortShares(base=base, share=net[0], low=net[1], high=net[2]),
            "gross": CohortShares(base=base, share=gross[0], low=gross[1], high=gross[2]),
        },
        of_orders=True,
    )


def revenue_kept(rows: pd.DataFrame, window_months: int) -> RevenueKept | None:
    """Return gross and net revenue retention over a year from the sums of the query `revenue_kept`; None where nobody brought anything."""
    total = rows.drop(columns="segment").sum()
    if not total.get("customers", 0) or total["first"] <= 0:
        return None
    found = {
        name: ratio_interval(
            RatioSums(
                n=float(total["customers"]),
                x=float(total["first"]),
                y=float(total[name]),
                xx=float(total["first_first"]),
                xy=float(total[f"first_{name}"]),
                yy=float(total[f"{name}_{name}"]),
            )
        )
        for name in ("revenue", "kept")
    }
    net, gross = found["revenue"], found["kept"]
    if net is None or gross is None:
        return None
    low, high = jeffreys_interval(total["still"], total["customers"])
    return RevenueKept(
        customers=float(total["customers"]),
        still=Interval(low=float(low), mid=float(total["still"] / total["customers"]), high=float(high)),
        net=net,
        gross=Interval(low=gross.low, mid=min(gross.mid, 1.0), high=min(gross.high, 1.0)),
        revenue_before=float(total["first"]),
        window_months=window_months,
    )


def column_near(cohorts: Cohorts, measure: str, months: int) -> int | None:
    """Return the period (from 1) nearest to `months` of membership that any cohort has reached; None where none has reached one."""
    reached = np.flatnonzero(np.isfinite(cohorts.measures[measure].share).any(axis=0))
    later = reached[reached > 0]
    return int(min(later, key=lambda one: abs(one * cohorts.period_months - months))) if later.size else None


def pooled_share(cohorts: Cohorts, measure: str, period: int) -> float:
    """Return what is left after a period of all cohorts together that have reached it."""
    of = cohorts.measures[measure]
    reached = np.isfinite(of.share[:, period])
    base = of.base[reached]
    return float((of.share[reached, period] * base).sum() / base.sum()) if base.sum() else 0.0


def newer_against_older(cohorts: Cohorts, period: int) -> Interval | None:
    """Return how much more of the newer half of the cohorts is left after a period than of the older half, by customers; 90 % interval.

    None with fewer than four cohorts that have reached it. Source: Newcombe (1998), method 10.
    """
    share = cohorts.measures["customers"].share[:, period]
    reached = np.flatnonzero(np.isfinite(share) & (cohorts.customers > 0))
    if reached.size < 4:
        return None
    older, newer = np.array_split(reached, 2)
    counts = [
        (float((share[half] * cohorts.customers[half]).sum()), float(cohorts.customers[half].sum()))
        for half in (newer, older)
    ]
    (left, n), (left_before, n_before) = ((min(one, size), size) for one, size in counts)
    low, high = difference_interval(left, n, left_before, n_before, confidence=0.9)
    return Interval(low=low, mid=left / n - left_before / n_before, high=high)


def _beside(first: pd.Series, now: pd.Series, name: str) -> RatioSums:
    """Return the sums of a period against the first one; who brought nothing now counts with 0."""
    return RatioSums(
        n=float(first["customers"]),
        x=float(first["revenue"]),
        y=float(now[name]),
        xx=float(first["first_first"]),
        xy=float(now[f"first_{name}"]),
        yy=float(now[f"{name}_{name}"]),
    )


def _shares_of_counts(counts: Array) -> CohortShares:
    start = counts[:, :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = counts / start
    low, high = jeffreys_interval(np.minimum(counts, start), start)
    return CohortShares(base=counts[:, 0], share=share, low=np.minimum(low, share), high=np.maximum(high, share))


def _weighted(n: Array, revenue: Array, squares: Array) -> CohortShares:
    """Return shares by revenue: who stays pays the same, who left nothing, so that y = x or 0."""
    ends = np.full((3, *revenue.shape), np.nan)
    for row, period in np.argwhere(np.isfinite(revenue)):
        y, yy = float(revenue[row, period]), float(squares[row, period])
        sums = RatioSums(n=float(n[row, 0]), x=float(revenue[row, 0]), y=y, xx=float(squares[row, 0]), xy=yy, yy=yy)
        if (found := ratio_interval(sums)) is not None:
            ends[:, row, period] = found.mid, found.low, min(found.high, 1.0)
    return CohortShares(base=revenue[:, 0], share=ends[0], low=ends[1], high=ends[2])
