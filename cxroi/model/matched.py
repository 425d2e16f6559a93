"""What a change did where nobody was drawn by lot: difference in differences, with checks of the trend before.

Errors are clustered by unit (store, region, customer), because months of one unit are not independent; with few units
Student's t replaces the normal. Source: Bertrand, Duflo & Mullainathan (2004).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.uncertainty import Interval

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
    y, group, late, cluster, n = _columns(outcome, treated, after, unit, weights)
    if not np.isfinite(y).all():
        raise ModelError("pilot.comparison_unreadable")
    found = _fit(y, _design(group, late), cluster, n)
    checks = _checks(lambda rows, x: _fit(y[rows], x, cluster[rows], n[rows]), group, late, period)
    return _result(found, y, group, late, n, cluster, checks)


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

    The gain comes from a Poisson regression of `lost` with exposure `customers` and a log link (so that it is a ratio
    of ratios of hazards), errors clustered by unit, widened by Student's t over the normal where units are few.
    """
    d, size = np.asarray(lost, dtype=float), np.asarray(customers, dtype=float)
    if d.shape != size.shape or (size <= 0).any() or (d < 0).any() or (d > size).any():
        raise ModelError("pilot.comparison_unreadable")
    rate, group, late, cluster, n = _columns(d / size, treated, after, unit, size)
    plain = difference_in_differences(rate, group, late, unit, weights=size)
    found = _fit(d, _design(group, late), cluster, n, poisson=True)
    checks = _checks(lambda rows, x: _fit(d[rows], x, cluster[rows], n[rows], poisson=True), group, late, period)
    return MatchedResult(
        effect=plain.effect,
        standard_error=plain.standard_error,
        p_value=found.p_value,
        units=plain.units,
        means=plain.means,
        pre_trend=checks[0],
        placebo=checks[1],
        log_hazard_gain=-found.estimate,
        log_hazard_error=found.error * found.half_width / _Z90,
    )


_Z90 = 1.6448536269514722


@dataclass(frozen=True)
class _Coefficient:
    estimate: float
    error: float
    p_value: float
    half_width: float  # 90 %, in standard errors


def _fit(y: Array, x: Array, cluster: Array, n: Array, *, poisson: bool = False) -> _Coefficient:
    """Return the last coefficient of a regression of `y` on `x` with errors clustered by `cluster`."""
    import statsmodels.api as sm
    from scipy.special import stdtr, stdtrit

    codes = np.unique(cluster, return_inverse=True)[1]
    clustered = {"cov_type": "cluster", "cov_kwds": {"groups": codes}}
    if poisson:
        fitted = sm.GLM(y, x, family=sm.families.Poisson(), exposure=n).fit(**clustered)
    else:
        fitted = sm.WLS(y, x, weights=n).fit(**clustered)
    freedom = max(int(codes.max()), 1)
    estimate, error = float(fitted.params[-1]), float(fitted.bse[-1])
    p_value = float(2 * stdtr(freedom, -abs(estimate) / error)) if error > 0 else float(abs(estimate) < 1e-12)
    return _Coefficient(estimate, error, p_value, float(stdtrit(freedom, 0.95)))


def _design(group: Array, time: Array) -> Array:
    return np.column_stack([np.ones_like(group), group, time, group * time])


def _checks(
    fit: Callable[[NDArray[np.bool_], Array], _Coefficient], group: Array, late: Array, period: ArrayLike | None
) -> tuple[TrendCheck | None, TrendCheck | None]:
    if period is None:
        return None, None
    when = np.asarray(period, dtype=float)
    rows = late == 0
    before = np.unique(when[rows])
    if before.size < 3:
        return None, None
    slope = fit(rows, _design(group[rows], when[rows] - before.mean()))
    pretended = fit(rows, _design(group[rows], (when[rows] >= before[before.size // 2]).astype(float)))
    return TrendCheck(estimate=slope.estimate, p_value=slope.p_value), TrendCheck(
        estimate=pretended.estimate, p_value=pretended.p_value
    )


def _columns(
    outcome: ArrayLike, treated: ArrayLike, after: ArrayLike, unit: ArrayLike, weights: ArrayLike | None
) -> tuple[Array, Array, Array, Array, Array]:
    y, group, late = (np.asarray(value, dtype=float) for value in (outcome, treated, after))
    cluster = np.asarray(unit)
    n = np.ones(y.shape) if weights is None else np.asarray(weights, dtype=float)
    if not y.shape == group.shape == late.shape == cluster.shape == n.shape or y.ndim != 1:
        raise ModelError("pilot.comparison_unreadable")
    for g in (0, 1):
        for t in (0, 1):
            if not ((group == g) & (late == t)).any():
                raise ModelError("pilot.comparison_incomplete")
    if len(np.unique(cluster)) < 3:
        raise ModelError("pilot.too_few_units", units=len(np.unique(cluster)))
    return y, group, late, cluster, n


def _result(
    found: _Coefficient,
    y: Array,
    group: Array,
    late: Array,
    n: Array,
    cluster: Array,
    checks: tuple[TrendCheck | None, TrendCheck | None],
) -> MatchedResult:
    half = found.half_width * found.error

    def mean(g: int, t: int) -> float:
        rows = (group == g) & (late == t)
        return float(np.average(y[rows], weights=n[rows]))

    return MatchedResult(
        effect=Interval(low=found.estimate - half, mid=found.estimate, high=found.estimate + half),
        standard_error=found.error,
        p_value=found.p_value,
        units=len(np.unique(cluster)),
        means=(mean(1, 0), mean(1, 1), mean(0, 0), mean(0, 1)),
        pre_trend=checks[0],
        placebo=checks[1],
    )
