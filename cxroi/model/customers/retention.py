"""How long customers stay: retention by cohort, and by tenure with a projection.

The shifted-beta-geometric model (sBG; Fader & Hardie 2007): each customer leaves with a constant probability a period,
which differs between customers as Beta(alpha, beta). Those likely to leave go first, so the retention rate of those who
remain rises with tenure although nobody changes:

    retention_t = (beta + t - 1) / (alpha + beta + t - 1),   survival_t = B(alpha, beta + t) / B(alpha, beta)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.maximum_likelihood import MaximumLikelihood, maximise
from cxroi.model.statistics.proportion import jeffreys_interval
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class CohortRetention:
    """Share of each cohort still active, (n_cohorts, n_periods), NaN where not yet observed; 90 % Jeffreys intervals.

    `by_tenure_*` pool every cohort that has reached that tenure: the share that stayed through one more period, of
    those who were active one period before.
    """

    customers: Array  # (n_cohorts,), at the start
    share: Array
    low: Array
    high: Array
    by_tenure: Array  # (n_periods - 1,), retention rate of period 1, 2, ...
    by_tenure_low: Array
    by_tenure_high: Array
    at_risk: Array  # (n_periods - 1,)


def cohort_retention(active: ArrayLike) -> CohortRetention:
    """Return the share of each cohort still active and the pooled retention rate by tenure, with 90 % intervals.

    `active` has one row a cohort and one column a period since joining, the first column being the size of the cohort;
    what has not happened yet is NaN. In contractual data a row never rises; in orders-only data it can, and the pooled
    rate by tenure then compares the active of one period with those of the period before and is cut at 1.

    >>> cohort_retention([[100, 80, 72], [200, 170, float("nan")]]).by_tenure.round(4).tolist()
    [0.8333, 0.9]
    """
    counts = np.atleast_2d(np.asarray(active, dtype=float))
    if counts.ndim != 2 or counts.shape[1] < 1 or np.isnan(counts[:, 0]).any() or np.nanmin(counts, initial=0.0) < 0:
        raise ModelError("retention.cohorts_unreadable")
    customers = counts[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = counts / customers[:, None]
    low, high = jeffreys_interval(np.minimum(counts, customers[:, None]), customers[:, None])
    stayed, before = counts[:, 1:], counts[:, :-1]
    reached = np.isfinite(stayed)
    at_risk = np.where(reached, before, 0.0).sum(axis=0)
    kept = np.minimum(np.where(reached, stayed, 0.0).sum(axis=0), at_risk)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(at_risk > 0, kept / at_risk, np.nan)
    rate_low, rate_high = jeffreys_interval(kept, at_risk)
    return CohortRetention(
        customers=customers,
        share=share,
        low=low,
        high=high,
        by_tenure=rate,
        by_tenure_low=rate_low,
        by_tenure_high=rate_high,
        at_risk=at_risk,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class SbgFit:
    """A fitted shifted-beta-geometric model; a period is that of the data, and tenure counts from joining."""

    alpha: float
    beta: float
    log_likelihood: float
    customers: float  # behind the fit
    periods: int  # tenures observed
    estimate: MaximumLikelihood | None = None

    @property
    def mean_churn_rate(self) -> float:
        """Return the mean probability a period over all who joined, alpha / (alpha + beta)."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def alpha_interval(self) -> Interval:
        """Return the 90 % interval of alpha, from the observed information."""
        return self.estimate.interval(0) if self.estimate else Interval.known(self.alpha)

    @property
    def beta_interval(self) -> Interval:
        """Return the 90 % interval of beta, from the observed information."""
        return self.estimate.interval(1) if self.estimate else Interval.known(self.beta)

    def retention_rate(self, periods: ArrayLike) -> Array:
        """Return the share of those active after period t - 1 who stay through period t = 1, 2, ..."""
        return sbg_retention_rate(self.alpha, self.beta, periods)

    def survival(self, periods: ArrayLike, *, tenure: float = 0.0) -> Array:
        """Return the share still active `periods` from now of those with `tenure` periods behind them."""
        return sbg_survival(self.alpha, self.beta, periods, tenure=tenure)

    def survival_draws(self, periods: ArrayLike, *, tenure: float = 0.0, draws: int = 512) -> Array:
        """Return survival under parameters as uncertain as the fit left them, (draws, n_periods)."""
        if self.estimate is None:
            return np.repeat(self.survival(periods, tenure=tenure)[None, :], draws, axis=0)
        sampled = self.estimate.draws(draws)
        return sbg_survival(sampled[:, :1], sampled[:, 1:], np.asarray(periods, dtype=float)[None, :], tenure=tenure)


def sbg_retention_rate(alpha: ArrayLike, beta: ArrayLike, periods: ArrayLike) -> Array:
    """Return (beta + t - 1) / (alpha + beta + t - 1) for period t = 1, 2, ... (Fader & Hardie 2007, equation 8).

    >>> sbg_retention_rate(0.668, 3.806, [1, 2, 12]).round(3).tolist()
    [0.851, 0.878, 0.957]
    """
    a, b, t = (np.asarray(value, dtype=float) for value in (alpha, beta, periods))
    rate: Array = (b + t - 1) / (a + b + t - 1)
    return rate


def sbg_survival(alpha: ArrayLike, beta: ArrayLike, periods: ArrayLike, *, tenure: ArrayLike = 0.0) -> Array:
    """Return B(alpha, beta + tenure + t) / B(alpha, beta + tenure), the share still active t periods on.

    Source: Fader & Hardie (2007), equation 6.

    >>> sbg_survival(0.668, 3.806, [0, 1, 12]).round(3).tolist()
    [1.0, 0.851, 0.378]
    """
    from scipy.special import betaln

    a, b, t, since = (np.asarray(value, dtype=float) for value in (alpha, beta, periods, tenure))
    share: Array = np.exp(betaln(a, b + since + t) - betaln(a, b + since))
    return share


def fit_sbg_by_tenure(lost: ArrayLike, at_risk: ArrayLike, *, customers: float | None = None) -> SbgFit:
    """Return the maximum-likelihood sBG fit of a life table: of `at_risk[t]` active after t periods, `lost[t]` left in the next one.

    Raises ModelError when nobody left or everybody at once. Source: Fader & Hardie (2007), "How to Project Customer
    Retention", appendix B.

    >>> active = np.array([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> fit = fit_sbg_by_tenure(-np.diff(active), active[:-1])
    >>> round(fit.alpha, 3), round(fit.beta, 3), round(fit.log_likelihood, 1)
    (0.668, 3.806, -1611.2)

    The likelihood of a cohort telescopes into binomials with hazard alpha / (alpha + beta + t), so customers who were
    first seen at a later tenure (left truncation) and those still active (right censoring) enter without bias.
    """
    d, n = np.asarray(lost, dtype=float), np.asarray(at_risk, dtype=float)
    if d.size < 2 or (n > 0).sum() < 2:
        raise ModelError("retention.too_few_periods", periods=int((n > 0).sum()))
    if not 0 < d.sum() < n.sum() or (d > n).any():
        raise ModelError("retention.nobody_left_or_stayed", lost=float(d.sum()), at_risk=float(n.sum()))
    estimate = maximise(lambda logs: sbg_log_likelihood(np.exp(logs[0]), np.exp(logs[1]), d, n), _starts(d, n))
    return SbgFit(
        alpha=float(estimate.parameters[0]),
        beta=float(estimate.parameters[1]),
        log_likelihood=estimate.log_likelihood,
        customers=float(n[0]) if customers is None else customers,
        periods=int((n > 0).sum()),
        estimate=estimate,
    )


def sbg_log_likelihood(alpha: float, beta: float, lost: ArrayLike, at_risk: ArrayLike) -> float:
    """Return sum of lost log(h_t) + stayed log(1 - h_t) with h_t = alpha / (alpha + beta + t), t = 0, 1, ..."""
    d, n = np.asarray(lost, dtype=float), np.asarray(at_risk, dtype=float)
    t = np.arange(d.size)
    return float((d * np.log(alpha) + (n - d) * np.log(beta + t) - n * np.log(alpha + beta + t)).sum())


def _starts(lost: Array, at_risk: Array) -> list[list[float]]:
    rate = lost.sum() / at_risk.sum()
    return [[float(np.log(rate * size)), float(np.log((1 - rate) * size))] for size in (1.0, 5.0, 50.0)]
