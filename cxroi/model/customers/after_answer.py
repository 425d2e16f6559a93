"""What customers do after an answer: how many stay or order again, for how long, what they pay, and what serving them costs.

Months count from the one after the answer on, so that an answer given while leaving tells nothing. Who is still watched
when the data end counts for as long as it was watched (Kaplan & Meier 1958); money a month is a ratio of sums with the
variance of a ratio (Cochran 1977, section 2.11). An association (grade D), never the effect of an answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxroi.model.assumption import Grade
from cxroi.model.customers.survival import LogRank, kaplan_meier, log_rank
from cxroi.model.statistics.proportion import critical_value, interval_difference, proportion_interval
from cxroi.model.statistics.uncertainty import Interval

FEWEST = 30  # customers that say something together; of fewer nothing is told
_CONFIDENCE = 0.9
_METRICS = ("nps", "csat", "ces")  # whose bands decide how far ahead is looked
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Course:
    """Customers of one band whose months after the answer went alike, added up; `followed` of 0 months are left out, and why."""

    metric: str
    band: str
    left_out: str | None
    followed: int
    has_left: bool
    ordered_in: int | None  # the month of the first order after
    customers: int
    spend: float
    spend_squared: float
    cost: float
    cost_squared: float


@dataclass(frozen=True, kw_only=True)
class Band:
    """Customers by what they answered. `share` stayed (or ordered again) within the months looked at; `curve` is that after each month.

    Money is by customer and month with the company. None where nothing is known, or where the customers are too few.
    """

    metric: str
    band: str
    customers: int
    already_left: int  # in the month of the answer or before: not among the customers
    too_recent: int  # no month is over since
    share: Interval | None = None
    curve: tuple[Interval, ...] = ()
    months: Interval | None = None  # with the company, of the months looked at
    spend: Interval | None = None
    cost: Interval | None = None


@dataclass(frozen=True, kw_only=True)
class AfterAnswers:
    """Every band with what its customers did in the months after; `outcome` is "left" (the share stayed) or "ordered_again"."""

    bands: tuple[Band, ...]
    outcome: str
    within_months: int
    currency: str
    parted: tuple[
        tuple[str, LogRank], ...
    ] = ()  # by metric: whether the best and the worst band part over all these months
    grade: Grade = Grade.SURVEY_LINKAGE

    def of(self, metric: str) -> tuple[Band, ...]:
        """Return the bands of a metric."""
        return tuple(one for one in self.bands if one.metric == metric)


def follow_answers(
    courses: Iterable[Course],
    *,
    outcome: str = "left",
    within_months: int = 12,
    spend_known: bool = True,
    cost_scale: float | None = 1.0,
    currency: str = "",
) -> AfterAnswers:
    """Return what each band did, over as many of `within_months` as every band of a score but the small ones was watched for.

    `cost_scale` is contacts for each that has a cost (those without are taken to cost the same), None where none has.

    >>> course = Course(metric="nps", band="high", left_out=None, followed=1, has_left=False, ordered_in=None, customers=40,
    ...     spend=400.0, spend_squared=4000.0, cost=0.0, cost_squared=0.0)
    >>> band = follow_answers([course], cost_scale=None).bands[0]
    >>> band.share.mid, band.spend.mid, band.cost
    (1.0, 10.0, None)
    """
    groups: dict[tuple[str, str], list[Course]] = {}
    for one in courses:
        groups.setdefault((one.metric, one.band), []).append(one)
    watched = {name: [one for one in rows if one.left_out is None] for name, rows in groups.items()}
    large = [rows for (metric, _), rows in watched.items() if metric in _METRICS and _count(rows) >= FEWEST]
    months = min((_watched_for(rows, within_months) for rows in large), default=within_months)
    bands = tuple(
        _band(name, groups[name], watched[name], months, outcome, spend_known, cost_scale) for name in sorted(groups)
    )
    curved = {(one.metric, one.band) for one in bands if one.curve}
    parted = tuple(
        (
            metric,
            log_rank(
                *_times(watched[metric, "high"], months, outcome), *_times(watched[metric, "low"], months, outcome)
            ),
        )
        for metric in _METRICS
        if {(metric, "high"), (metric, "low")} <= curved
    )
    return AfterAnswers(bands=bands, outcome=outcome, within_months=months, currency=currency, parted=parted)


def band_difference(first: Band, second: Band) -> Interval | None:
    """Return the share of the first band less that of the second; None where either is too small."""
    if first.share is None or second.share is None:
        return None
    return interval_difference(first.share, second.share)


def _count(rows: Iterable[Course]) -> int:
    return sum(one.customers for one in rows)


def _watched_for(rows: Sequence[Course], within_months: int) -> int:
    """Return the last month that enough customers are watched in, or leave before."""
    known = [
        month
        for month in range(1, within_months + 1)
        if sum(one.customers for one in rows if one.followed >= month or one.has_left) >= FEWEST
        and any(one.followed >= month for one in rows)
    ]
    return known[-1] if known else 1


def _band(
    name: tuple[str, str],
    rows: Sequence[Course],
    watched: Sequence[Course],
    months: int,
    outcome: str,
    spend_known: bool,
    cost_scale: float | None,
) -> Band:
    customers = _count(watched)
    already_left, too_recent = (
        _count(one for one in rows if one.left_out == why) for why in ("already_left", "too_recent")
    )
    bare = Band(metric=name[0], band=name[1], customers=customers, already_left=already_left, too_recent=too_recent)
    if customers < FEWEST or _watched_for(watched, months) < months:
        return bare
    curve, stayed = _curve(watched, months, outcome)
    return replace(
        bare,
        share=curve[-1],
        curve=curve,
        months=stayed,
        spend=_a_month(watched, "spend", 1.0) if spend_known else None,
        cost=None if cost_scale is None else _a_month(watched, "cost", cost_scale),
    )


def _curve(rows: Sequence[Course], months: int, outcome: str) -> tuple[tuple[Interval, ...], Interval | None]:
    """Return the share after each month, and the mean months stayed (of leaving only); an event falls into the middle of its month."""
    times, ended = _times(rows, months, outcome)
    found = kaplan_meier(times, ended)
    curve = []
    for month in range(1, months + 1):
        place = int(np.searchsorted(found.tenure, month, side="right")) - 1
        at_risk = int((times >= month - 0.5).sum())
        if place < 0 or not 0 < found.survival[place] < 1:
            share = float(found.survival[place]) if place >= 0 else 1.0
            low, high = proportion_interval(share * max(at_risk, 1), max(at_risk, 1), confidence=_CONFIDENCE)
            curve.append(Interval(low=low, mid=share, high=high))
        else:
            curve.append(
                Interval(low=float(found.low[place]), mid=float(found.survival[place]), high=float(found.high[place]))
            )
    if outcome != "left":
        return tuple(Interval(low=1 - one.high, mid=1 - one.mid, high=1 - one.low) for one in curve), None
    return tuple(curve), _mean_months(times, ended, found.tenure, found.survival, months)


def _times(rows: Sequence[Course], months: int, outcome: str) -> tuple[Array, Array]:
    """Return how long each customer was watched, and whether what is looked at came then."""
    counts = [one.customers for one in rows]
    if outcome == "left":
        ended = np.repeat([float(one.has_left and one.followed <= months) for one in rows], counts)
        until = [float(min(one.followed, months)) for one in rows]
    else:
        ended = np.repeat([float(one.ordered_in is not None and one.ordered_in <= months) for one in rows], counts)
        until = [float(min(one.ordered_in or one.followed, months)) for one in rows]
    return np.repeat(until, counts) - 0.5 * ended, ended


def _mean_months(times: Array, ended: Array, at: Array, survival: Array, months: int) -> Interval:
    """Return the area below a curve up to `months`, with Greenwood's variance (Klein & Moeschberger 2003, section 4.5)."""
    edges = np.concatenate([[0.0], at, [float(months)]])
    heights = np.concatenate([[1.0], survival])
    areas = np.diff(edges) * heights
    mean = float(areas.sum())
    lost = np.array([float(((times == time) & (ended > 0)).sum()) for time in at])
    at_risk = np.array([float((times >= time).sum()) for time in at])
    beyond = np.array([areas[place + 1 :].sum() for place in range(at.size)])
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(at_risk > lost, beyond**2 * lost / (at_risk * (at_risk - lost)), 0.0)
    half = critical_value(_CONFIDENCE) * math.sqrt(float(parts.sum()))
    return Interval(low=max(0.0, mean - half), mid=mean, high=min(float(months), mean + half))


def _a_month(rows: Sequence[Course], name: str, scale: float) -> Interval:
    """Return money a customer and month: the sum of money over the sum of months, with the variance of a ratio."""
    n, months = _count(rows), sum(one.customers * one.followed for one in rows)
    total = sum(getattr(one, name) for one in rows)
    rate = total / months
    squares = sum(
        getattr(one, f"{name}_squared")
        - 2 * rate * one.followed * getattr(one, name)
        + (rate * one.followed) ** 2 * one.customers
        for one in rows
    )
    error = math.sqrt(max(squares, 0.0) * n / (n - 1)) / months
    half = critical_value(_CONFIDENCE) * error
    return Interval(low=scale * max(0.0, rate - half), mid=scale * rate, high=scale * (rate + half))
