"""Customers who can order (or renew, or give) only on fixed occasions: how many are left, and what they will still do.

The BG/BB model (Fader, Hardie & Shang 2010): on each occasion a living customer orders with a probability Beta(alpha,
beta) across customers and, before it, drops out for good with a probability Beta(gamma, delta). A customer is the
number of occasions with an order (`frequency`), the last of them (`recency`), and how many there were (`occasions`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.maximum_likelihood import MaximumLikelihood, maximise
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class BgbbFit:
    """Fitted BG/BB parameters, per occasion."""

    alpha: float
    beta: float
    gamma: float
    delta: float
    log_likelihood: float = float("nan")
    customers: float = 0.0
    estimate: MaximumLikelihood | None = None

    @property
    def mean_order_probability(self) -> float:
        """Return the mean probability of ordering on an occasion, alpha / (alpha + beta)."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def mean_dropout_probability(self) -> float:
        """Return the mean probability of dropping out before an occasion, gamma / (gamma + delta)."""
        return self.gamma / (self.gamma + self.delta)

    @property
    def intervals(self) -> dict[str, Interval]:
        """Return the 90 % interval of each parameter, from the observed information."""
        values = (self.alpha, self.beta, self.gamma, self.delta)
        return {
            name: self.estimate.interval(i) if self.estimate else Interval.known(values[i])
            for i, name in enumerate(("alpha", "beta", "gamma", "delta"))
        }


def fit_bgbb(
    frequency: ArrayLike, recency: ArrayLike, occasions: ArrayLike, *, weights: ArrayLike | None = None
) -> BgbbFit:
    """Return the maximum-likelihood BG/BB fit; `weights` counts the customers behind each row.

    Raises ModelError when nobody ever ordered or a history cannot be. Source: Fader, Hardie & Shang (2010), equation 5.
    """
    x, t_x, n = (np.asarray(value, dtype=int) for value in (frequency, recency, occasions))
    count = np.ones(x.shape) if weights is None else np.asarray(weights, dtype=float)
    bad = (x < 0) | (x > t_x) | (t_x > n) | ((x == 0) != (t_x == 0)) | (n < 1)
    if bad.any():
        raise ModelError("clv.history_unreadable", row=int(np.flatnonzero(bad)[0]) + 1)
    if (count * x).sum() <= 0:
        raise ModelError("clv.no_repeat_orders", customers=float(count.sum()))

    def log_likelihood(logs: Array) -> float:
        alpha, beta, gamma, delta = (float(value) for value in np.exp(logs))
        fit = BgbbFit(alpha=alpha, beta=beta, gamma=gamma, delta=delta)
        return float((count * bgbb_log_likelihood(fit, x, t_x, n)).sum())

    found = maximise(log_likelihood, [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 1.0]])
    alpha, beta, gamma, delta = (float(value) for value in found.parameters)
    return BgbbFit(
        alpha=alpha,
        beta=beta,
        gamma=gamma,
        delta=delta,
        log_likelihood=found.log_likelihood,
        customers=float(count.sum()),
        estimate=found,
    )


def bgbb_log_likelihood(fit: BgbbFit, frequency: ArrayLike, recency: ArrayLike, occasions: ArrayLike) -> Array:
    """Return each customer's log-likelihood: still alive, or gone before one of the occasions since the last order."""
    from scipy.special import betaln

    x, t_x, n = np.broadcast_arrays(*(np.asarray(value, dtype=int) for value in (frequency, recency, occasions)))
    total = _still_alive(fit, x, n)
    for silent in range(int((n - t_x).max(initial=0))):
        gone = t_x + silent
        term = betaln(fit.alpha + x, fit.beta + gone - x) + betaln(fit.gamma + 1, fit.delta + gone)
        term = term - betaln(fit.alpha, fit.beta) - betaln(fit.gamma, fit.delta)
        total = np.logaddexp(total, np.where(gone < n, term, -np.inf))
    return np.asarray(total)


def still_ordering(
    fit: BgbbFit, frequency: ArrayLike, recency: ArrayLike, occasions: ArrayLike, *, ahead: int = 1
) -> Array:
    """Return the probability that a customer is still alive on the occasion `ahead` from now.

    Source: Fader, Hardie & Shang (2010), equation 11.

    >>> fit = BgbbFit(alpha=1.2035, beta=0.7497, gamma=0.6568, delta=2.7838)
    >>> still_ordering(fit, [0, 2, 6], [0, 4, 6], 6).round(2).tolist()
    [0.11, 0.59, 0.93]
    """
    from scipy.special import betaln

    x, n = np.asarray(frequency, dtype=int), np.asarray(occasions, dtype=int)
    alive = betaln(fit.alpha + x, fit.beta + n - x) - betaln(fit.alpha, fit.beta)
    alive = alive + betaln(fit.gamma, fit.delta + n + ahead) - betaln(fit.gamma, fit.delta)
    return np.asarray(np.exp(alive - bgbb_log_likelihood(fit, frequency, recency, occasions)))


def expected_occasions(
    fit: BgbbFit,
    ahead: int,
    *,
    frequency: ArrayLike | None = None,
    recency: ArrayLike | None = None,
    occasions: ArrayLike | None = None,
) -> Array:
    """Return the occasions with an order expected among the next `ahead`, of a known customer or of a new one.

    The sum over occasions of being alive times the mean probability of ordering given the history, (alpha + x) / (alpha
    + beta + n); the same as Fader, Hardie & Shang (2010), equations 8 and 13.

    >>> fit = BgbbFit(alpha=1.2035, beta=0.7497, gamma=0.6568, delta=2.7838)
    >>> round(float(expected_occasions(fit, 10)), 3)
    3.18
    """
    x, t_x, n = (np.asarray(0 if value is None else value, dtype=int) for value in (frequency, recency, occasions))
    ordering = (fit.alpha + x) / (fit.alpha + fit.beta + n)
    alive = sum(still_ordering(fit, x, t_x, n, ahead=step) for step in range(1, ahead + 1))
    return np.asarray(ordering * alive)


def _still_alive(fit: BgbbFit, x: NDArray[np.int_], n: NDArray[np.int_]) -> Array:
    from scipy.special import betaln

    ordered = betaln(fit.alpha + x, fit.beta + n - x) - betaln(fit.alpha, fit.beta)
    return np.asarray(ordered + betaln(fit.gamma, fit.delta + n) - betaln(fit.gamma, fit.delta))
