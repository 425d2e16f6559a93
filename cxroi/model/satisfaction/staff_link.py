"""What happens to a company's own people beside what customers say, month by month: an association with its lag, and no cause.

Two series of months that drift go together by chance, and so do two that know the same season. So a straight trend and a yearly wave are
taken out of both, and months that follow each other count for less than their number: 1/N* = 1/N + 2/N * sum_j (1 - j/N) r_x(j) r_y(j), j up to N/5 (Bartlett 1935;
Pyper & Peterman 1998, Canadian Journal of Fisheries and Aquatic Sciences 55). The range is Fisher's (1924), N* less what was taken out; it is
widened for the number of lags looked at (Bonferroni), so that the best of them is no winner by luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.assumption import Grade
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]

LAGS = (0, 1, 2, 3)  # months from the staff's month to the customers'
FEWEST_MONTHS = 12  # with both; of fewer nothing is said
FEW_MONTHS = 24  # below which one year says little about a yearly wave
GRADE = Grade.SURVEY_LINKAGE
_CONFIDENCE = 0.90  # of all lags together
_NEARLY_ONE = 1 - 1e-9


@dataclass(frozen=True, kw_only=True)
class LagLink:
    """How a score goes with a measure of so many months before: `slope` in points of the score for one more of the measure.

    `effective_months` is what the months count for. All lags together hold with 90 %.
    """

    lag: int
    months: int
    effective_months: float
    correlation: Interval
    slope: Interval

    @property
    def is_clear(self) -> bool:
        """Return whether the range of the association leaves nothing out on one side."""
        return self.correlation.low > 0 or self.correlation.high < 0


@dataclass(frozen=True, kw_only=True)
class StaffLink:
    """A score and a measure of the staff; `refused` says why nothing can be said: "too_few" months with both (`months`), or a "flat" one."""

    months: int
    lags: tuple[LagLink, ...] = ()
    refused: str = ""

    @property
    def best(self) -> LagLink | None:
        """Return the lag at which the association is surest."""
        return max(self.lags, key=lambda one: abs(math.atanh(one.correlation.mid)) / _width(one), default=None)

    @property
    def course(self) -> str:
        """Return "up" where more of the measure goes with a higher score, "down" with a lower one, "open" where it is not clear."""
        if self.best is None or not self.best.is_clear:
            return "open"
        return "up" if self.best.correlation.mid > 0 else "down"


def staff_link(score: ArrayLike, measure: ArrayLike, lags: Sequence[int] = LAGS) -> StaffLink:
    """Return how a score goes with a measure of the staff, both by month (n,) without a gap, NaN where one is not known."""
    y, x = np.asarray(score, dtype=float), np.asarray(measure, dtype=float)
    months = int((np.isfinite(x) & np.isfinite(y)).sum())
    if months < FEWEST_MONTHS:
        return StaffLink(months=months, refused="too_few")
    found = [_at_lag(y, x, lag, 1 - (1 - _CONFIDENCE) / len(lags)) for lag in lags]
    told = tuple(one for one in found if one is not None)
    return StaffLink(months=months, lags=told, refused="" if told else "flat")


def effective_months(x: Array, y: Array) -> float:
    """Return what the months of two series (n,) without their means count for, NaN where one is not known; never more than their number.

    >>> alike = np.array([1.0, 1, 1, 1, 1, -1, -1, -1, -1, -1])
    >>> round(effective_months(alike, alike), 2), effective_months(alike, np.tile([1.0, -1], 5))
    (4.02, 10.0)
    """
    n = int(np.isfinite(x).sum())
    both = [(1 - j / n) * _autocorrelation(x, j, n) * _autocorrelation(y, j, n) for j in range(1, n // 5 + 1)]
    return float(min(n, n / max(1 + 2 * sum(both), 1e-9)))


def _autocorrelation(values: Array, lag: int, n: int) -> float:
    return float(n / (n - lag) * np.nansum(values[lag:] * values[:-lag]) / np.nansum(values**2))


def _at_lag(y: Array, x: Array, lag: int, confidence: float) -> LagLink | None:
    """Return the association at a lag; None of too few months, or where either never differs from its trend."""
    y, x = y[lag:], x[: x.size - lag]
    known = np.isfinite(y) & np.isfinite(x)
    months = int(known.sum())
    if months < FEWEST_MONTHS - max(LAGS):
        return None
    place = np.flatnonzero(known)
    wave = 2 * np.pi * place / 12
    taken = np.stack([np.ones(months), place / place.size, np.sin(wave), np.cos(wave)], axis=1)
    rest_x, rest_y = (np.where(known, _without(of, known, taken), np.nan) for of in (x, y))
    spread_x, spread_y = (math.sqrt(float(np.nansum(rest**2))) for rest in (rest_x, rest_y))
    if spread_x <= 1e-9 * np.abs(x[known]).max() or spread_y <= 1e-9 * max(np.abs(y[known]).max(), 1e-9):
        return None
    r = float(np.clip(np.nansum(rest_x * rest_y) / spread_x / spread_y, -_NEARLY_ONE, _NEARLY_ONE))
    effective = effective_months(rest_x, rest_y)
    correlation = _fisher(r, effective - (taken.shape[1] - 1), confidence)
    ends = sorted(end * spread_y / spread_x for end in (correlation.low, correlation.high))
    return LagLink(
        lag=lag,
        months=months,
        effective_months=effective,
        correlation=correlation,
        slope=Interval(low=ends[0], mid=r * spread_y / spread_x, high=ends[1]),
    )


def _without(values: Array, known: NDArray[np.bool_], taken: Array) -> Array:
    rest = np.full(values.size, np.nan)
    rest[known] = values[known] - taken @ np.linalg.lstsq(taken, values[known], rcond=None)[0]
    return rest


def _fisher(r: float, months: float, confidence: float) -> Interval:
    """Return the range of a correlation of so many independent months; everything is possible of fewer than four."""
    if months <= 4:
        return Interval(low=-1.0, mid=r, high=1.0)
    half = critical_value(confidence) / math.sqrt(months - 3)
    return Interval(low=math.tanh(math.atanh(r) - half), mid=r, high=math.tanh(math.atanh(r) + half))


def _width(one: LagLink) -> float:
    ends = (min(max(end, -_NEARLY_ONE), _NEARLY_ONE) for end in (one.correlation.low, one.correlation.high))
    low, high = map(math.atanh, ends)
    return high - low
