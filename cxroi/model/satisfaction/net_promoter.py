"""The net promoter score, its variance and interval, and whether two of them differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.satisfaction.answers import on_scale, weights_of
from cxroi.model.satisfaction.scales import DETRACTOR, NPS_SCALES, PROMOTER
from cxroi.model.statistics.proportion import critical_value

_PSEUDO_ANSWERS = np.array([0.75, 1.5, 0.75])  # detractors, passives, promoters


@dataclass(frozen=True, kw_only=True)
class NetPromoterScore:
    """Promoters less detractors as a share, -1..1 (people write it times 100), with its interval."""

    nps: float
    low: float
    high: float
    variance: float  # of one answer, divisor n
    standard_error: float
    n: int
    effective_n: float
    detractors: float  # shares of all answers
    passives: float
    promoters: float


@dataclass(frozen=True, kw_only=True)
class NpsDifference:
    """The second score less the first, -2..2, with its interval and the two-sided p-value of "no difference"."""

    difference: float
    low: float
    high: float
    standard_error: float
    p_value: float


def promoter_value(scores: ArrayLike) -> NDArray[np.float64]:
    """Return +1 for 9 and 10, 0 for 7 and 8, -1 for 0 to 6; an answer that is no whole number from 0 to 10 is refused.

    >>> promoter_value([0, 6, 7, 8, 9, 10]).tolist()
    [-1.0, -1.0, 0.0, 0.0, 1.0, 1.0]
    """
    answers = on_scale(scores, *NPS_SCALES[0])
    if (answers != np.round(answers)).any():
        raise ModelError("scores.off_scale", value=str(answers[answers != np.round(answers)][0]), low=0, high=10)
    return (answers >= PROMOTER).astype(float) - (answers <= DETRACTOR)


def nps(
    scores: ArrayLike | None = None,
    *,
    counts: Sequence[float] | None = None,
    weights: ArrayLike | None = None,
    method: str = "adjusted_wald",
    confidence: float = 0.95,
) -> NetPromoterScore:
    """Return the net promoter score of answers 0..10, or of `counts` (detractors, passives, promoters).

    nps = p - d; variance of one answer p + d - (p - d)^2; standard error sqrt(variance / n) (Rocks, R package NPS).
    The interval is "adjusted_wald", which adds 0.75, 1.5, 0.75 answers and stays open when all answer alike, or "wald";
    both inside -1..1. Weighted answers count with their effective n.

    >>> score = nps([0, 7, 7, 9, 9, 9])
    >>> round(score.nps, 4), round(score.standard_error, 3), score.n
    (0.3333, 0.304, 6)
    >>> nps(counts=(2, 0, 9)).promoters == 9 / 11
    True
    """
    answers, size, n = _group_counts(scores, counts, weights)
    shares = answers / answers.sum()
    value, variance = _nps_moments(shares)
    if method == "adjusted_wald":
        adjusted = shares * size + _PSEUDO_ANSWERS
        centre, spread = _nps_moments(adjusted / adjusted.sum())
        half = critical_value(confidence) * math.sqrt(spread / adjusted.sum())
    elif method == "wald":
        centre, half = value, critical_value(confidence) * math.sqrt(variance / size)
    else:
        raise ModelError("scores.method", method=method, known="adjusted_wald, wald")
    return NetPromoterScore(
        nps=value,
        low=max(-1.0, centre - half),
        high=min(1.0, centre + half),
        variance=variance,
        standard_error=math.sqrt(variance / size),
        n=n,
        effective_n=size,
        detractors=float(shares[0]),
        passives=float(shares[1]),
        promoters=float(shares[2]),
    )


def nps_difference(
    first: NetPromoterScore, second: NetPromoterScore, *, method: str = "wald", confidence: float = 0.95
) -> NpsDifference:
    """Return the second score less the first: standard error sqrt(var_1 / n_1 + var_2 / n_2), normal test (Rocks 2016).

    "adjusted_wald" adds 0.75, 1.5, 0.75 answers to each group first, for small groups.

    >>> change = nps_difference(nps(counts=(2, 0, 9)), nps(counts=(10, 20, 70)))
    >>> round(change.difference, 4), round(change.p_value, 4)
    (-0.0364, 0.8805)
    """
    extra = {"wald": 0.0, "adjusted_wald": 1.0}.get(method)
    if extra is None:
        raise ModelError("scores.method", method=method, known="wald, adjusted_wald")
    values, error_squared = [], 0.0
    for score in (first, second):
        answers = np.array([score.detractors, score.passives, score.promoters]) * score.effective_n
        answers = answers + extra * _PSEUDO_ANSWERS
        value, variance = _nps_moments(answers / answers.sum())
        values.append(value)
        error_squared += variance / float(answers.sum())
    difference, error = values[1] - values[0], math.sqrt(error_squared)
    half = critical_value(confidence) * error
    return NpsDifference(
        difference=difference,
        low=max(-2.0, difference - half),
        high=min(2.0, difference + half),
        standard_error=error,
        p_value=math.erfc(abs(difference) / error / math.sqrt(2)) if error > 0 else float(difference == 0),
    )


def _group_counts(
    scores: ArrayLike | None, counts: Sequence[float] | None, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], float, int]:
    """Return answers by group (weighted), their effective number and how many there are."""
    if counts is not None:
        groups = np.asarray(counts, dtype=float)
        if groups.shape != (3,) or not np.isfinite(groups).all() or (groups < 0).any() or groups.sum() <= 0:
            raise ModelError("scores.nps_counts")
        return groups, float(groups.sum()), round(groups.sum())
    values = promoter_value([] if scores is None else scores)
    weight, size = weights_of(weights, values.size)
    return np.array([weight[values == group].sum() for group in (-1, 0, 1)]), size, int(values.size)


def _nps_moments(shares: NDArray[np.float64]) -> tuple[float, float]:
    detractors, promoters = float(shares[0]), float(shares[2])
    value = promoters - detractors
    return value, max(0.0, promoters + detractors - value**2)
