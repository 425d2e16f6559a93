"""Survival from individual tenures: the Kaplan-Meier curve with its median, and tests whether two curves differ.

There is no Cox model beside them, because nothing here needs one: spend acts on months of segments, where the Poisson
likelihood with segment and month effects is the same proportional-hazards model for grouped times (Holford 1980), and a
touchpoint's link is to leaving within so many months of an answer, which is a yes or no.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.statistics.proportion import critical_value

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class SurvivalCurve:
    """Share still active after each tenure at which somebody left, with pointwise 90 % intervals (log-log)."""

    tenure: Array
    survival: Array
    low: Array
    high: Array
    median: float | None  # first tenure at which half or fewer remain; None when the data do not reach it


@dataclass(frozen=True, kw_only=True)
class LogRank:
    """A weighted log-rank test of two groups."""

    chi_square: float
    p_value: float


def kaplan_meier(tenure: ArrayLike, left: ArrayLike) -> SurvivalCurve:
    """Return the product-limit estimate from each customer's tenure and whether it ended (1) or still runs (0).

    survival(t) = product over s <= t of (1 - lost_s / at_risk_s). Source: Kaplan & Meier (1958); Greenwood's variance.

    >>> kaplan_meier([1, 2, 2, 3], [1, 1, 0, 1]).survival.tolist()
    [0.75, 0.5, 0.0]
    """
    times, lost, at_risk = _life_table(tenure, left)
    survival = np.cumprod(1 - lost / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(lost / (at_risk * (at_risk - lost)))) / np.abs(np.log(survival))
        low, high = survival ** np.exp(critical_value(0.9) * spread), survival ** np.exp(-critical_value(0.9) * spread)
    inside = (survival > 0) & (survival < 1)
    reached = np.flatnonzero(survival <= 0.5 + 1e-12)
    return SurvivalCurve(
        tenure=times,
        survival=np.asarray(survival, dtype=float),
        low=np.where(inside, low, survival),
        high=np.where(inside, high, survival),
        median=float(times[reached[0]]) if reached.size else None,
    )


def log_rank(
    tenure_a: ArrayLike, left_a: ArrayLike, tenure_b: ArrayLike, left_b: ArrayLike, *, weighting: str = "log_rank"
) -> LogRank:
    """Return whether two groups leave at the same rate; "wilcoxon", "tarone_ware" and "peto" stress early losses.

    chi-square = (sum w (lost_a - expected_a))^2 / sum w^2 variance, one degree of freedom. Source: Mantel (1966);
    Gehan (1965), Tarone & Ware (1977), Peto & Peto (1972) for the weights.
    """
    from scipy.special import chdtrc

    tenure = np.concatenate([np.asarray(tenure_a, dtype=float), np.asarray(tenure_b, dtype=float)])
    left = np.concatenate([np.asarray(left_a, dtype=float), np.asarray(left_b, dtype=float)])
    times, lost, at_risk = _life_table(tenure, left)
    own = np.asarray(tenure_a, dtype=float)
    at_risk_a = (own[None, :] >= times[:, None]).sum(axis=1)
    lost_a = ((own[None, :] == times[:, None]) & (np.asarray(left_a)[None, :] > 0)).sum(axis=1)
    weights = {
        "log_rank": np.ones_like(at_risk),
        "wilcoxon": at_risk,
        "tarone_ware": np.sqrt(at_risk),
        "peto": np.cumprod(1 - lost / (at_risk + 1)),
    }
    if weighting not in weights:
        raise ModelError("retention.unknown_weighting", weighting=weighting)
    w = weights[weighting]
    surprise = (w * (lost_a - lost * at_risk_a / at_risk)).sum()
    share = at_risk_a / at_risk
    variance = (w**2 * lost * share * (1 - share) * (at_risk - lost) / np.maximum(at_risk - 1, 1)).sum()
    chi_square = float(surprise**2 / variance) if variance > 0 else 0.0
    return LogRank(chi_square=chi_square, p_value=float(chdtrc(1, chi_square)))


def _life_table(tenure: ArrayLike, left: ArrayLike) -> tuple[Array, Array, Array]:
    duration, ended = np.asarray(tenure, dtype=float), np.asarray(left, dtype=float) > 0
    if duration.size == 0 or duration.size != ended.size or not np.isfinite(duration).all() or duration.min() < 0:
        raise ModelError("retention.tenures_unreadable")
    times, lost = np.unique(duration[ended], return_counts=True)
    at_risk = duration.size - np.searchsorted(np.sort(duration), times, side="left")
    return times, lost.astype(float), at_risk.astype(float)
