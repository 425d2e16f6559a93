"""What a change did where nobody was drawn by lot: difference in differences, with checks of the trend before.

Errors are clustered by unit (store, region, customer), because months of one unit are not independent. With few units
in the smaller group they are widened by n / (n - 1), and Student's t replaces the normal: without both, two treated
stores would look certain. Source: Bertrand, Duflo & Mullainathan (2004); Cameron & Miller (2015).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TrendCheck:
    """A comparison before the change, where there should be nothing to see: `estimate` in the unit of the effect."""

    estimate: float
    p_value: float

    @property
    def passes(self) -> bool:
        """Return whether nothing was seen, at one in ten."""
        return self.p_value >= 0.10


@dataclass(frozen=True, kw_only=True)
class MatchedResult:
    """A difference in differences. `means` are treated before, treated after, control before, control after.

    `pre_trend` is the difference of slopes a period before the change, `placebo` the effect of a change pretended
    halfway through the time before; None when there are fewer than three periods before.
    """

    effect: Interval
    standard_error: float
    p_value: float
    units: int
    means: tuple[float, float, float, float]
    pre_trend: TrendCheck | None
    placebo: TrendCheck | None
    log_hazard_gain: float = float("nan")  # only of counts of lost customers
    log_hazard_error: float = float("nan")

    @property
    def grade(self) -> Grade:
        """Return B, or C where the groups drifted apart before the change."""
        checks = [check for check in (self.pre_trend, self.placebo) if check is not None]
        return Grade.MATCHED_COMPARISON if all(check.passes for check in checks) else Grade.OWN_HISTORY


def difference_in_differences(
    outcome: ArrayLike,
    treated: ArrayLike,
    after: ArrayLike,
    unit: ArrayLike,
    *,
    period: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> MatchedResult:
    """Return (treated after - before) - (control after - before) of a mean, by least squares with clustered errors.

    One row a unit and period: `treated` and `after` are 0 or 1, `weights` the customers behind the row. `period`
    (numbers that grow with time) turns on the checks of the time before. Source: Card & Krueger (1994) for the design.
    """
    return _measure(_rows(outcome, treated, after, unit, period, weights), poisson=False)


def churn_difference_in_differences(
    lost: ArrayLike,
    customers: ArrayLike,
    treated: ArrayLike,
    after: ArrayLike,
    unit: ArrayLike,
    *,
    period: ArrayLike | None = None,
) -> MatchedResult:
    """Return the same for churn: `effect` on the churn rate a period, and the log-hazard gain for the response.

    The gain comes from a Poisson regression of `lost` with exposure `customers` and a log link, so that it is a ratio
    of ratios of hazards.
    """
    return _churn(_rows(_churn_rate(lost, customers), treated, after, unit, period, customers))


def staggered_churn_difference(
    lost: ArrayLike, customers: ArrayLike, unit: ArrayLike, period: ArrayLike, start: ArrayLike
) -> MatchedResult:
    """Return the same where units start at different times: `start` is the unit's first treated period, NaN for never.

    Every start is compared with the units not treated yet at the time, and the comparisons are stacked (Cengiz, Dube,
    Lindner & Zipperer 2019), so that no unit that is treated already serves as a control for a later one.
    """
    rate, when, begins = _churn_rate(lost, customers), np.asarray(period, dtype=float), np.asarray(start, dtype=float)
    size, cluster = np.asarray(customers, dtype=float), np.asarray(unit)
    if not rate.shape == when.shape == begins.shape == cluster.shape:
        raise ModelError("pilot.comparison_unreadable")
    stacks = []
    for number, first in enumerate(np.unique(begins[np.isfinite(begins)])):
        own = begins == first
        chosen = own | ~(begins <= np.maximum(when, first))
        late = (when >= first).astype(float)
        if all((chosen & (own == g) & (late == t)).any() for g in (True, False) for t in (0, 1)):
            stacks.append((chosen, own.astype(float), late, when - first, np.full(rate.shape, number)))
    if not stacks:
        raise ModelError("pilot.comparison_incomplete")

    def stacked(values: list[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([value[stack[0]] for value, stack in zip(values, stacks, strict=True)])

    every = len(stacks)
    columns = [stacked([stack[place] for stack in stacks]) for place in (1, 2, 3, 4)]
    rows = _rows(
        stacked([rate] * every), columns[0], columns[1], stacked([cluster] * every), columns[2], stacked([size] * every)
    )
    return _churn(replace(rows, stack=columns[3]))


@dataclass(frozen=True)
class _Rows:
    y: Array
    group: Array
    late: Array
    cluster: NDArray[Any]
    n: Array
    when: Array | None
    stack: NDArray[Any]

    def design(self, time: Array) -> Array:
        """Return an intercept, the group and the time of every stack, and last the one effect they share."""
        own = [(self.stack == number).astype(float) for number in np.unique(self.stack)]
        return np.column_stack([*own, *(s * self.group for s in own), *(s * time for s in own), self.group * time])

    def where(self, chosen: NDArray[np.bool_]) -> _Rows:
        when = None if self.when is None else self.when[chosen]
        y, group, late, n = (array[chosen] for array in (self.y, self.group, self.late, self.n))
        return _Rows(y, group, late, self.cluster[chosen], n, when, self.stack[chosen])


@dataclass(frozen=True)
class _Coefficient:
    estimate: float
    error: float
    p_value: float
    half_width: float  # 90 %, in standard errors


def _churn(rows: _Rows) -> MatchedResult:
    plain, ratio = _measure(rows, poisson=False), _measure(rows, poisson=True)
    return replace(
        ratio,
        effect=plain.effect,
        standard_error=plain.standard_error,
        log_hazard_gain=-ratio.effect.mid,
        log_hazard_error=(ratio.effect.high - ratio.effect.low) / (2 * critical_value(0.9)),
    )


def _measure(rows: _Rows, *, poisson: bool) -> MatchedResult:
    found = _fit(rows, rows.late, poisson)
    half = found.half_width * found.error
    checks = _checks(rows, poisson)

    def mean(g: int, t: int) -> float:
        cell = (rows.group == g) & (rows.late == t)
        return float(np.average(rows.y[cell], weights=rows.n[cell]))

    return MatchedResult(
        effect=Interval(low=found.estimate - half, mid=found.estimate, high=found.estimate + half),
        standard_error=found.error,
        p_value=found.p_value,
        units=len(np.unique(rows.cluster)),
        means=(mean(1, 0), mean(1, 1), mean(0, 0), mean(0, 1)),
        pre_trend=checks[0],
        placebo=checks[1],
    )


def _fit(rows: _Rows, time: Array, poisson: bool) -> _Coefficient:
    """Return the effect that the stacks share, with its clustered error."""
    import statsmodels.api as sm
    from scipy.special import stdtr, stdtrit

    clusters, codes = np.unique(rows.cluster, return_inverse=True)
    clustered = {"cov_type": "cluster", "cov_kwds": {"groups": codes}}
    x = rows.design(time)
    if poisson:
        fitted = sm.GLM(rows.y * rows.n, x, family=sm.families.Poisson(), exposure=rows.n).fit(**clustered)
    else:
        fitted = sm.WLS(rows.y, x, weights=rows.n).fit(**clustered)
    smaller = min(len(np.unique(rows.cluster[rows.group == g])) for g in (0, 1))
    widening = smaller / (smaller - 1) * (clusters.size - 1) / clusters.size
    spread = float(np.asarray(fitted.cov_params())[-1, -1])
    estimate, error = float(fitted.params[-1]), float(np.sqrt(spread * max(widening, 1.0)))
    freedom = 2 * smaller - 2
    p_value = float(2 * stdtr(freedom, -abs(estimate) / error)) if error > 0 else float(abs(estimate) < 1e-12)
    return _Coefficient(estimate, error, p_value, float(stdtrit(freedom, 0.95)))


def _checks(rows: _Rows, poisson: bool) -> tuple[TrendCheck | None, TrendCheck | None]:
    """Return the difference of slopes, and of halves, before the change."""
    if rows.when is None:
        return None, None
    before = rows.where(rows.late == 0)
    assert before.when is not None
    periods = np.unique(before.when)
    if periods.size < 3 or min(len(np.unique(before.cluster[before.group == g])) for g in (0, 1)) < 2:
        return None, None
    slope = _fit(before, before.when - periods.mean(), poisson)
    halfway = np.zeros(before.y.size)
    for number in np.unique(before.stack):
        own = np.unique(before.when[before.stack == number])
        halfway[before.stack == number] = own[own.size // 2]
    pretended = _fit(before, (before.when >= halfway).astype(float), poisson)
    return (
        TrendCheck(estimate=slope.estimate, p_value=slope.p_value),
        TrendCheck(estimate=pretended.estimate, p_value=pretended.p_value),
    )


def _churn_rate(lost: ArrayLike, customers: ArrayLike) -> Array:
    d, size = np.asarray(lost, dtype=float), np.asarray(customers, dtype=float)
    if d.shape != size.shape or not (size > 0).all() or not ((d >= 0) & (d <= size)).all():
        raise ModelError("pilot.comparison_unreadable")
    rate: Array = d / size
    return rate


def _rows(
    outcome: ArrayLike,
    treated: ArrayLike,
    after: ArrayLike,
    unit: ArrayLike,
    period: ArrayLike | None,
    weights: ArrayLike | None,
) -> _Rows:
    y, group, late = (np.asarray(value, dtype=float) for value in (outcome, treated, after))
    cluster, when = np.asarray(unit), None if period is None else np.asarray(period, dtype=float)
    n = np.ones(y.shape) if weights is None else np.asarray(weights, dtype=float)
    shapes = {array.shape for array in (y, group, late, cluster, n) if array is not None}
    if shapes != {(y.size,)} or (when is not None and when.shape != y.shape) or not np.isfinite(y).all():
        raise ModelError("pilot.comparison_unreadable")
    if not all(((group == g) & (late == t)).any() for g in (0, 1) for t in (0, 1)):
        raise ModelError("pilot.comparison_incomplete")
    smaller = min(len(np.unique(cluster[group == g])) for g in (0, 1))
    if smaller < 2:
        raise ModelError("pilot.too_few_units", units=smaller)
    return _Rows(y, group, late, cluster, n, when, np.zeros(y.size, dtype=int))
