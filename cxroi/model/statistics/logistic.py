"""The link between a yes or no and a later yes or no, other things held equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class LogisticLink:
    """A logistic coefficient and what it means in probability, each with its clustered standard error."""

    log_odds: float
    log_odds_error: float
    effect: float  # mean over the rows of P(event | exposed) - P(event | not), everything else as it is
    effect_error: float
    p_value: float

    @property
    def odds_ratio(self) -> Interval:
        """Return the odds of the event when exposed over those when not, with a 90 % interval."""
        z90 = critical_value(0.9)
        low, mid, high = (float(np.exp(self.log_odds + z * self.log_odds_error)) for z in (-z90, 0.0, z90))
        return Interval(low=low, mid=mid, high=high)

    @property
    def average_marginal_effect(self) -> Interval:
        """Return the change in the probability of the event, with a 90 % interval."""
        half = critical_value(0.9) * self.effect_error
        return Interval(low=self.effect - half, mid=self.effect, high=self.effect + half)


def fit_link(
    event: ArrayLike,
    exposed: ArrayLike,
    controls: Sequence[ArrayLike],
    cluster: ArrayLike,
    weights: ArrayLike | None = None,
) -> LogisticLink:
    """Return the logistic link of `exposed` (0 or 1) to `event` (0 or 1), errors clustered by `cluster`.

    Controls that do not vary, that repeat others, or that alone decide the outcome of their group are left out: they
    would leave the likelihood without a single maximum. Survey `weights` enter as sampling weights, with the sandwich
    error that these need (Lumley 2010). The average marginal effect has its error by the delta method (Wooldridge 2010,
    section 15.6).
    """
    import warnings

    import statsmodels.api as sm
    from scipy.special import expit, ndtr

    y, x = np.asarray(event, dtype=float), np.asarray(exposed, dtype=float)
    weight = np.ones(y.size) if weights is None else np.asarray(weights, dtype=float)
    usable = [c for c in (np.asarray(control, dtype=float) for control in controls) if _is_usable(c, y)]
    design = _independent(np.column_stack([np.ones_like(y), x, *usable]))
    groups = np.unique(np.asarray(cluster), return_inverse=True)[1]
    model = sm.GLM(y, design, family=sm.families.Binomial(), var_weights=weight / weight.mean())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that did not converge shows in its error, and so in the p-value
        fitted = model.fit(maxiter=50, cov_type="cluster", cov_kwds={"groups": groups})
    beta, covariance = np.asarray(fitted.params), np.asarray(fitted.cov_params())
    with_it, without = design.copy(), design.copy()
    with_it[:, 1], without[:, 1] = 1.0, 0.0
    p_with, p_without = expit(with_it @ beta), expit(without @ beta)
    slopes = (p_with * (1 - p_with))[:, None] * with_it - (p_without * (1 - p_without))[:, None] * without
    gradient = np.average(slopes, axis=0, weights=weight)
    error = float(np.sqrt(covariance[1, 1]))
    return LogisticLink(
        log_odds=float(beta[1]),
        log_odds_error=error,
        effect=float(np.average(p_with - p_without, weights=weight)),
        effect_error=float(np.sqrt(gradient @ covariance @ gradient)),
        p_value=float(2 * ndtr(-abs(beta[1]) / error)) if np.isfinite(error) and error > 0 else 1.0,
    )


def benjamini_hochberg(p_values: ArrayLike) -> Array:
    """Return p-values adjusted so that, of the links called real, at most the stated share is false on average.

    adjusted_(i) = min over j >= i of (m / j) p_(j). Source: Benjamini & Hochberg (1995).

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(p_values, dtype=float)
    if p.size == 0:
        return p
    order = np.argsort(p)
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted


def _is_usable(control: Array, event: Array) -> bool:
    values = np.unique(control)
    if values.size == 2:
        return all(0 < event[control == value].mean() < 1 for value in values)
    return values.size > 2


def _independent(design: Array) -> Array:
    """Return the design without the controls (from the third column on) that the others already contain."""
    from scipy.linalg import qr

    first, rest = design[:, :2], design[:, 2:]
    if rest.shape[1] == 0:
        return design
    own = rest - first @ np.linalg.lstsq(first, rest, rcond=None)[0]
    triangle, order = qr(own, mode="r", pivoting=True)
    size = np.abs(np.diag(triangle))
    kept = np.sort(order[: size.size][size > 1e-8 * max(size[0], 1.0)])
    return np.column_stack([first, rest[:, kept]])
