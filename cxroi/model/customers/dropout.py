"""Whether orders show that anybody leaves, how much leaving they could hide, and what a count of months says beside them.

The likelihood of the BG/NBD model may run to its edge, a dropout of 0 after every order. The curvature there says that nothing
is in doubt; the likelihood itself tells how large a dropout it still allows, and a count of silent customers may contradict it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.customers.repeat_buying import BgnbdFit, bgnbd_log_likelihood
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
ALLOWED = critical_value(0.9) ** 2 / 2  # a fall of the log-likelihood that 5 % of samples exceed on this side
_SURELY_SEEN = 0.2  # mean dropout from which nobody needs to ask
_NONE = 1e-6
_STEPS = 8  # of a bisection over six powers of ten: to about 5 % of the limit
_ROWS, _PARTS = (
    4_000,
    40,
)  # so many different histories are told apart; of more, times are rounded to parts of the longest


def is_seen(
    fit: BgnbdFit, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None = None
) -> bool:
    """Return whether the histories fit worse without any dropout, by more than chance explains.

    The likelihood-ratio test at a boundary: half of its distribution is a point at 0 (Self & Liang 1987).
    """
    if fit.dropout > _SURELY_SEEN:
        return True
    histories = _Histories.of(frequency, recency, age, weights)
    return histories.log_likelihood(fit) - histories.best_at(_NONE, fit).log_likelihood > ALLOWED


def dropout_limit(
    fit: BgnbdFit, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, *, weights: ArrayLike | None = None
) -> BgnbdFit:
    """Return the fit with the largest mean dropout that the profile likelihood allows, the upper end of its 90 % interval.

    The other parameters follow: order rates, and how much customers differ in dropping out. Source: profile likelihood,
    Venzon & Moolgavkar (1988).
    """
    histories = _Histories.of(frequency, recency, age, weights)
    least = histories.log_likelihood(fit) - ALLOWED
    low, high = np.log(max(fit.dropout, _NONE)), np.log(0.9)
    allowed = fit
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = histories.best_at(float(np.exp(middle)), allowed)
        if tried.log_likelihood >= least:
            low, allowed = middle, tried
        else:
            high = middle
    return allowed


def stays_a_year(fit: BgnbdFit) -> float:
    """Return the share of customers of a usual order rate who stay a year: no dropout after any of its orders."""
    orders = fit.r / fit.alpha * fit.periods_per_month * 12
    return float((1 - fit.dropout) ** orders)


def counted_value(one: SegmentBaseline, known: float, discount: Array) -> Interval:
    """Return the margin of a known customer over the months of `discount` by the baseline's count alone.

    Only customers active now bring any, at today's margin, and leave at today's churn: share active x margin x sum of
    discount x (1 - churn)^t. `known` counts all customers who ever ordered.
    """
    months = np.arange(1, discount.size + 1)
    share = min(one.customers / known, 1.0) if known else 0.0
    h = one.monthly_churn_rate
    low, mid, high = (
        share * one.contribution_margin_per_customer_month * float(discount @ (1 - rate) ** months)
        for rate in (h.high, h.mid, h.low)
    )
    return Interval(low=low, mid=mid, high=high)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Histories:
    """What customers did, those of about the same history together where there are very many."""

    x: Array
    t_x: Array
    t: Array
    n: Array

    @classmethod
    def of(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None) -> _Histories:
        x, t_x, t = (np.asarray(one, dtype=float) for one in (frequency, recency, age))
        n = np.ones(x.shape) if weights is None else np.asarray(weights, dtype=float)
        if x.size > _ROWS:
            step = t.max() / _PARTS
            t = np.maximum(np.round(t / step), 1) * step
            t_x = np.where(x > 0, np.minimum(np.maximum(np.round(t_x / step), 0.5) * step, t), 0.0)
            rows, place = np.unique(np.stack([x, t_x, t]), axis=1, return_inverse=True)
            (x, t_x, t), n = rows, np.bincount(place.ravel(), weights=n).astype(float)
        return cls(x=x, t_x=t_x, t=t, n=n)

    def log_likelihood(self, fit: BgnbdFit) -> float:
        """Return the log-likelihood of these customers under a fit."""
        each = bgnbd_log_likelihood(fit.r, fit.alpha, fit.a, fit.b, self.x, self.t_x, self.t)
        return float((self.n * each).sum())

    def best_at(self, dropout: float, near: BgnbdFit) -> BgnbdFit:
        """Return the best fit with this mean dropout, looked for from the order rates of `near`."""
        from scipy.optimize import minimize

        def at(logs: Array) -> BgnbdFit:
            r, alpha, spread = (float(value) for value in np.exp(logs))
            return replace(near, r=r, alpha=alpha, a=dropout * spread, b=(1 - dropout) * spread, estimate=None)

        def cost(logs: Array) -> float:
            value = self.log_likelihood(at(logs))
            return -value if np.isfinite(value) else 1e15

        first, second = np.log([near.r, near.alpha])
        starts = (float(np.log(np.clip(near.a + near.b, 0.1, 1e4))), 1.0)
        bounds = [(first - 6, first + 6), (second - 6, second + 6), (np.log(0.05), np.log(1e5))]
        found = min(
            (minimize(cost, [first, second, s], method="L-BFGS-B", jac="3-point", bounds=bounds) for s in starts),
            key=lambda one: float(one.fun),
        )
        return replace(at(np.asarray(found.x, dtype=float)), log_likelihood=-float(found.fun))
