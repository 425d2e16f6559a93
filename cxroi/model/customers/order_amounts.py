"""What customers known only by their orders spend on each, and what they will.

The gamma-gamma model (Fader & Hardie 2013): a customer's orders scatter around a mean of its own, which varies between
customers independently of how often they order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.maximum_likelihood import MaximumLikelihood, maximise

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class GammaGammaFit:
    """Fitted gamma-gamma parameters; a `frequency_amount_correlation` far from 0 contradicts the model."""

    p: float
    q: float
    v: float
    log_likelihood: float = float("nan")
    customers: float = 0.0
    frequency_amount_correlation: float = float("nan")
    estimate: MaximumLikelihood | None = None

    @property
    def population_mean(self) -> float:
        """Return the mean amount of an order over all customers, p v / (q - 1); infinite for q <= 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else float("inf")


def fit_gamma_gamma(frequency: ArrayLike, mean_amount: ArrayLike, *, weights: ArrayLike | None = None) -> GammaGammaFit:
    """Return the maximum-likelihood gamma-gamma fit over customers with a repeat order and a positive mean amount.

    `frequency` counts the orders behind `mean_amount`. Source: Fader & Hardie (2013), technical note 25, equation 1a.
    """
    x, m = np.broadcast_arrays(np.asarray(frequency, dtype=float), np.asarray(mean_amount, dtype=float))
    n = np.ones(x.shape) if weights is None else np.broadcast_to(np.asarray(weights, dtype=float), x.shape)
    use = (x > 0) & (m > 0) & np.isfinite(m) & (n > 0)
    x, m, n = x[use], m[use], n[use]
    if x.size < 3 or np.ptp(m) <= 0:
        raise ModelError("clv.too_few_amounts", customers=float(n.sum()))
    scale = float((n * m).sum() / n.sum())

    def log_likelihood(logs: Array) -> float:
        p, q, v = np.exp(logs)
        return float((n * gamma_gamma_log_likelihood(p, q, v, x, m / scale)).sum())

    found = maximise(log_likelihood, [[1.0, 1.0, 0.0], [0.0, 0.5, 0.0], [2.0, 1.5, -0.5]])
    found = found.rescaled(np.array([1.0, 1.0, scale]), -float(n.sum()) * float(np.log(scale)))
    p, q, v = (float(value) for value in found.parameters)
    together = np.cov(x, m, fweights=None, aweights=n)
    correlation = together[0, 1] / np.sqrt(together[0, 0] * together[1, 1]) if together[0, 0] > 0 else 0.0
    return GammaGammaFit(
        p=p,
        q=q,
        v=v,
        log_likelihood=found.log_likelihood,
        customers=float(n.sum()),
        frequency_amount_correlation=float(correlation),
        estimate=found,
    )


def gamma_gamma_log_likelihood(p: float, q: float, v: float, frequency: ArrayLike, mean_amount: ArrayLike) -> Array:
    """Return each customer's log-likelihood (Fader & Hardie 2013, equation 1a)."""
    from scipy.special import betaln

    x, m = np.asarray(frequency, dtype=float), np.asarray(mean_amount, dtype=float)
    return np.asarray(
        -betaln(p * x, q)
        + q * np.log(v)
        + (p * x - 1) * np.log(m)
        + p * x * np.log(x)
        - (p * x + q) * np.log(v + m * x)
    )


def expected_amount(fit: GammaGammaFit, frequency: ArrayLike, mean_amount: ArrayLike) -> Array:
    """Return the amount expected of each future order: p (v + x m) / (p x + q - 1), between own mean and everybody's.

    >>> fit = GammaGammaFit(p=6.24880, q=3.74459, v=15.44775)
    >>> expected_amount(fit, [2, 0], [22.35, 0.0]).round(3).tolist()
    [24.659, 35.171]
    """
    x, m = np.asarray(frequency, dtype=float), np.asarray(mean_amount, dtype=float)
    m = np.where(x > 0, m, 0.0)
    below = fit.p * x + fit.q - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, fit.p * (fit.v + x * m) / below, np.inf)
