"""Customers known only by their orders: who is still there, and how often they will order again.

The BG/NBD model (Fader, Hardie & Lee 2005): while alive a customer orders at a rate Gamma(r, alpha) across customers,
and drops out after any order with a probability Beta(a, b). A customer is three figures: `frequency` (repeat orders),
`recency` (age at the last order) and `age` (since the first order), in one time unit that the fit carries.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.maximum_likelihood import MaximumLikelihood, maximise
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]

PERIODS_PER_MONTH = {"day": 365 / 12, "week": 365 / 7 / 12, "month": 1.0}


@dataclass(frozen=True, kw_only=True, eq=False)
class BgnbdFit:
    """Fitted BG/NBD parameters; rates are per period, and `periods_per_month` says what a period is."""

    r: float
    alpha: float
    a: float
    b: float
    periods_per_month: float
    log_likelihood: float = float("nan")
    customers: float = 0.0
    estimate: MaximumLikelihood | None = None

    @property
    def dropout(self) -> float:
        """Return the mean probability of dropping out after an order, a / (a + b)."""
        return self.a / (self.a + self.b)

    @property
    def intervals(self) -> dict[str, Interval]:
        """Return the 90 % interval of each parameter, from the observed information."""
        values = (self.r, self.alpha, self.a, self.b)
        return {
            name: self.estimate.interval(i) if self.estimate else Interval.known(values[i])
            for i, name in enumerate(("r", "alpha", "a", "b"))
        }


def fit_bgnbd(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    unit: str = "month",
) -> BgnbdFit:
    """Return the maximum-likelihood BG/NBD fit; `unit` ("day", "week", "month") is that of recency and age.

    `weights` counts the customers behind each row, so that millions of customers fit as fast as their distinct
    histories. Raises ModelError when nobody ordered twice, or recency exceeds age. Source: Fader, Hardie & Lee (2005),
    equation 6.
    """
    x, t_x, t, n = _histories(frequency, recency, age, weights)
    if unit not in PERIODS_PER_MONTH:
        raise ModelError("clv.unknown_unit", unit=unit)
    if (n * x).sum() <= 0:
        raise ModelError("clv.no_repeat_orders", customers=float(n.sum()))
    scale = float((n * t).sum() / n.sum())  # a time unit near the data keeps all four parameters near 1
    x, t_x, t, n = _distinct(x, t_x / scale, t / scale, n)

    def log_likelihood(logs: Array) -> float:
        r, alpha, a, b = np.exp(logs)
        return float((n * bgnbd_log_likelihood(r, alpha, a, b, x, t_x, t)).sum())

    found = maximise(log_likelihood, [[-1.0, -1.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0]])
    found = found.rescaled(np.array([1.0, scale, 1.0, 1.0]), -float((n * x).sum()) * float(np.log(scale)))
    r, alpha, a, b = (float(value) for value in found.parameters)
    return BgnbdFit(
        r=r,
        alpha=alpha,
        a=a,
        b=b,
        periods_per_month=PERIODS_PER_MONTH[unit],
        log_likelihood=found.log_likelihood,
        customers=float(n.sum()),
        estimate=found,
    )


def bgnbd_log_likelihood(
    r: float, alpha: float, a: float, b: float, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
) -> Array:
    """Return each customer's log-likelihood (Fader, Hardie & Lee 2005, equation 3, in logs)."""
    from scipy.special import betaln, gammaln

    x, t_x, t = (np.asarray(value, dtype=float) for value in (frequency, recency, age))
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    alive = -(r + x) * np.log(alpha + t)
    gone = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x), -np.inf)
    return np.asarray(rate + np.logaddexp(alive, gone))


def probability_alive(fit: BgnbdFit, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Array:
    """Return the probability that a customer has not dropped out; exactly 1 without a repeat order.

    1 / (1 + a / (b + x - 1) ((alpha + T) / (alpha + t_x))^(r + x)). Source: Fader, Hardie & Lee (2008), note on
    P(alive).

    >>> fit = BgnbdFit(r=0.2425967, alpha=4.413659, a=0.7929869, b=2.426164, periods_per_month=365 / 84)
    >>> round(float(probability_alive(fit, 26, 30.85714, 31)), 6)
    0.968852
    """
    x, t_x, t = (np.asarray(value, dtype=float) for value in (frequency, recency, age))
    odds_gone = np.exp(
        np.log(fit.a)
        - np.log(fit.b + np.maximum(x, 1) - 1)
        + (fit.r + x) * (np.log(fit.alpha + t) - np.log(fit.alpha + t_x))
    )
    return np.where(x > 0, 1 / (1 + odds_gone), 1.0)


def expected_orders(
    fit: BgnbdFit,
    periods: ArrayLike,
    *,
    frequency: ArrayLike | None = None,
    recency: ArrayLike | None = None,
    age: ArrayLike | None = None,
) -> Array:
    """Return the orders expected in the next `periods`: of a customer with that history, or of a new one without it.

    Fader, Hardie & Lee (2005), equations 9 and 10, after Euler's transformation of the hypergeometric function, which
    keeps it finite for customers with hundreds of orders:
    (a + b + x - 1) / (a - 1) [1 - (1 - z)^(a - 1) 2F1(a + b - 1 - r, a - 1; a + b + x - 1; z)] P(alive),
    with z = periods / (alpha + age + periods).

    >>> fit = BgnbdFit(r=0.2425967, alpha=4.413659, a=0.7929869, b=2.426164, periods_per_month=365 / 84)
    >>> round(float(expected_orders(fit, 52)), 6)
    1.444004
    """
    from scipy.special import hyp2f1

    ahead = np.asarray(periods, dtype=float)
    known = frequency is not None
    x = np.asarray(frequency if known else 0.0, dtype=float)
    t = np.asarray(age if age is not None else 0.0, dtype=float)
    a = fit.a if abs(fit.a - 1) > 1e-7 else 1 + 1e-7  # the formula is 0 / 0 at a = 1, its limit is smooth
    z = ahead / (fit.alpha + t + ahead)
    with np.errstate(all="ignore"):
        still = (1 - z) ** (a - 1) * hyp2f1(a + fit.b - 1 - fit.r, a - 1, a + fit.b + x - 1, z)
        new = np.asarray((a + fit.b + x - 1) / (a - 1) * (1 - still))
    # Customers who hardly differ give parameters so large that the closed form overflows.
    if (lost := ~(np.isfinite(new) & (new >= 0))).any():
        new[lost] = _orders_while_alive(fit, *(np.broadcast_to(one, new.shape)[lost] for one in (ahead, x, t)))
    alive = probability_alive(fit, x, recency if recency is not None else 0.0, t) if known else 1.0
    return np.asarray(new * alive)


def expected_orders_by_month(
    fit: BgnbdFit, months: int, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
) -> Array:
    """Return the orders expected in each of the next `months` of customers with these histories, (months, customers)."""
    until = [
        expected_orders(fit, month * fit.periods_per_month, frequency=frequency, recency=recency, age=age)
        for month in range(1, months + 1)
    ]
    return np.diff(np.stack(until), axis=0, prepend=0.0)


def _orders_while_alive(fit: BgnbdFit, ahead: Array, x: Array, t: Array) -> Array:
    """Return the same of a living customer as a mean over dropout p ~ Beta(a, b + x): (1 - (1 + p s)^-(r + x)) / p.

    With s = ahead / (alpha + t); at the middles of 256 equal steps of probability, exact to about a thousandth.
    """
    alike, row = np.unique(np.stack([x, ahead / (fit.alpha + t)], axis=1), axis=0, return_inverse=True)
    counts, place = np.unique(alike[:, 0], return_inverse=True)
    p, exponent = _dropouts(fit.a, fit.b, tuple(counts.tolist()))[place], fit.r + alike[:, :1]
    return np.asarray((-np.expm1(-exponent * np.log1p(p * alike[:, 1:])) / p).mean(axis=1)[row.ravel()])


@lru_cache(maxsize=4)  # the same for every month ahead
def _dropouts(a: float, b: float, counts: tuple[float, ...]) -> Array:
    """Return the dropout of living customers with these many orders at the middles of 256 steps of probability, (counts, 256)."""
    from scipy.special import betaincinv

    middle = (np.arange(256) + 0.5) / 256
    return np.maximum(betaincinv(a, b + np.array(counts)[:, None], middle), 1e-12)


def order_probability(fit: BgnbdFit, orders: ArrayLike, periods: ArrayLike) -> Array:
    """Return P(exactly `orders` repeat orders of a new customer within `periods`).

    Source: Fader, Hardie & Lee (2005), equation 8.

    >>> fit = BgnbdFit(r=0.243, alpha=4.414, a=0.793, b=2.426, periods_per_month=365 / 84)
    >>> round(float(order_probability(fit, 0, 39)), 6)
    0.573786
    """
    from scipy.special import betainc, betaln, gammaln

    x, t = np.asarray(orders, dtype=float), np.asarray(periods, dtype=float)
    z = t / (fit.alpha + t)
    with np.errstate(divide="ignore"):
        of_rate = gammaln(fit.r + x) - gammaln(fit.r) - gammaln(x + 1) + fit.r * np.log1p(-z)
        staying = np.exp(betaln(fit.a, fit.b + x) - betaln(fit.a, fit.b) + of_rate) * z**x
    at_least_one = np.maximum(x, 1)
    # The sum over smaller counts is a negative binomial distribution function, hence an incomplete beta function.
    leaving = np.exp(betaln(fit.a + 1, fit.b + at_least_one - 1) - betaln(fit.a, fit.b)) * betainc(
        at_least_one, fit.r, z
    )
    return np.asarray(staying + np.where(x > 0, leaving, 0.0))


def _histories(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, weights: ArrayLike | None) -> list[Array]:
    columns = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=float).ravel()
            for value in (frequency, recency, age, 1.0 if weights is None else weights)
        )
    )
    x, t_x, t, n = columns
    bad = (
        ~np.isfinite(x + t_x + t + n)
        | (x < 0)
        | (t_x < 0)
        | (t_x > t * (1 + 1e-12))
        | (t <= 0)
        | ((x == 0) & (t_x > 0))
    )
    if bad[n > 0].any():
        raise ModelError("clv.history_unreadable", row=int(np.flatnonzero(bad & (n > 0))[0]) + 1)
    return [column[n > 0] for column in columns]


def _distinct(x: Array, t_x: Array, t: Array, n: Array) -> tuple[Array, Array, Array, Array]:
    rows, place = np.unique(np.stack([x, t_x, t]), axis=1, return_inverse=True)
    return rows[0], rows[1], rows[2], np.bincount(place.ravel(), weights=n).astype(float)
