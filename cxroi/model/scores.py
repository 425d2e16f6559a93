"""Survey scores and how sure they are: NPS, CSAT and CES, with their intervals and differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.proportion import (
    HypothesisTest,
    critical_value,
    difference_interval,
    difference_test,
    groups_test,
    odds_ratio_interval,
    proportion_interval,
    ratio_interval,
    share_test,
)

__all__ = [
    "HypothesisTest",
    "MeanDifference",
    "NetPromoterScore",
    "NpsDifference",
    "ShareEstimate",
    "answers_of",
    "ces",
    "csat",
    "difference_interval",
    "difference_test",
    "effective_n",
    "groups_test",
    "mean_difference",
    "nps",
    "nps_difference",
    "odds_ratio_interval",
    "promoter_value",
    "proportion_interval",
    "ratio_interval",
    "share_test",
]

# The lowest answer that counts as satisfied, by (lowest, highest) answer of the scale: the top two boxes; on 0-100 the
# top fifth, which is what the top box of five covers.
CSAT_TOP_BOX = {(1, 5): 4.0, (1, 7): 6.0, (1, 10): 9.0, (0, 100): 80.0}
# The lowest answer that counts as easy, higher being easier: "somewhat agree" and above on seven points (Dixon, Toman &
# DeLisi, The Effortless Experience, 2013), the top two of five.
CES_TOP_BOX = {(1, 5): 4.0, (1, 7): 5.0}
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
class ShareEstimate:
    """A share of answers, 0..1, with its Wilson interval."""

    rate: float
    low: float
    high: float
    n: int
    effective_n: float


@dataclass(frozen=True, kw_only=True)
class NpsDifference:
    """The second score less the first, -2..2, with its interval and the two-sided p-value of "no difference"."""

    difference: float
    low: float
    high: float
    standard_error: float
    p_value: float


@dataclass(frozen=True, kw_only=True)
class MeanDifference:
    """The mean of the first group less that of the second, in points of the scale, with its test."""

    difference: float
    low: float
    high: float
    test: HypothesisTest


def effective_n(weights: ArrayLike) -> float:
    """Return how many equal answers weighted ones are worth, (sum w)^2 / sum w^2 (Kish 1965).

    >>> effective_n([1, 1, 1, 1]), effective_n([3, 1])
    (4.0, 1.6)
    """
    weight = answers_of(weights, "weights")
    if (weight < 0).any() or weight.sum() <= 0:
        raise ModelError("scores.weights")
    return float(weight.sum() ** 2 / (weight**2).sum())


def promoter_value(scores: ArrayLike) -> NDArray[np.float64]:
    """Return +1 for 9 and 10, 0 for 7 and 8, -1 for 0 to 6; an answer that is no whole number from 0 to 10 is refused.

    >>> promoter_value([0, 6, 7, 8, 9, 10]).tolist()
    [-1.0, -1.0, 0.0, 0.0, 1.0, 1.0]
    """
    answers = _on_scale(scores, 0, 10)
    if (answers != np.round(answers)).any():
        raise ModelError("scores.off_scale", value=str(answers[answers != np.round(answers)][0]), low=0, high=10)
    return (answers >= 9).astype(float) - (answers <= 6)


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
    """Return the second score less the first: standard error sqrt(var_1 / n_1 + var_2 / n_2), normal test (Rocks 2017).

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


def csat(
    scores: ArrayLike, *, scale: tuple[int, int] = (1, 5), weights: ArrayLike | None = None, confidence: float = 0.95
) -> ShareEstimate:
    """Return the share of satisfied answers (`CSAT_TOP_BOX`: the top two boxes) with its Wilson interval.

    >>> csat([5, 4, 4, 3, 1]).rate
    0.6
    """
    return _top_box(scores, scale, CSAT_TOP_BOX, weights, confidence)


def ces(
    scores: ArrayLike, *, scale: tuple[int, int] = (1, 7), weights: ArrayLike | None = None, confidence: float = 0.95
) -> ShareEstimate:
    """Return the share of answers that found it easy (`CES_TOP_BOX`; higher is easier) with its Wilson interval.

    >>> ces([7, 6, 5, 4, 2]).rate
    0.6
    """
    return _top_box(scores, scale, CES_TOP_BOX, weights, confidence)


def mean_difference(
    first: ArrayLike, second: ArrayLike, *, paired: bool = False, confidence: float = 0.95
) -> MeanDifference:
    """Return the difference of two mean scores: Welch's t for two groups, Student's t for `paired` answers.

    >>> change = mean_difference([3, 4, 5, 4], [2, 3, 4, 2])
    >>> round(change.difference, 2), round(change.test.p_value, 3)
    (1.25, 0.095)
    """
    one, two = answers_of(first, "first"), answers_of(second, "second")
    if min(one.size, two.size) < 2 or (paired and one.size != two.size):
        raise ModelError("scores.too_few", first=int(one.size), second=int(two.size))
    from scipy.special import stdtr, stdtrit

    if paired:
        changes = one - two
        squared, freedom = float(changes.var(ddof=1) / changes.size), float(changes.size - 1)
    else:
        parts = [float(group.var(ddof=1) / group.size) for group in (one, two)]
        squared = sum(parts)
        shares = sum(part**2 / (group.size - 1) for part, group in zip(parts, (one, two), strict=True))
        freedom = squared**2 / shares if shares > 0 else float(one.size + two.size - 2)
    difference, error = float(one.mean() - two.mean()), math.sqrt(squared)
    critical_value(confidence)
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    statistic = difference / error if error > 0 else 0.0
    p_value = float(2 * stdtr(freedom, -abs(statistic))) if error > 0 else float(difference == 0)
    return MeanDifference(
        difference=difference,
        low=difference - half,
        high=difference + half,
        test=HypothesisTest(statistic=statistic, degrees_of_freedom=freedom, p_value=p_value),
    )


def answers_of(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `values` as finite numbers, at least one."""
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or numbers.size == 0:
        raise ModelError("scores.no_answers")
    if not np.isfinite(numbers).all():
        raise ModelError("finance.not_a_number", name=name, value=str(numbers[~np.isfinite(numbers)][0]))
    return numbers


def _on_scale(scores: ArrayLike, low: float, high: float) -> NDArray[np.float64]:
    answers = answers_of(scores, "scores")
    outside = (answers < low) | (answers > high)
    if outside.any():
        raise ModelError("scores.off_scale", value=str(answers[outside][0]), low=low, high=high)
    return answers


def _weights(weights: ArrayLike | None, size: int) -> tuple[NDArray[np.float64], float]:
    weight = np.ones(size) if weights is None else answers_of(weights, "weights")
    if weight.size != size:
        raise ModelError("finance.lengths", first=size, second=int(weight.size))
    return weight, effective_n(weight)


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
    weight, size = _weights(weights, values.size)
    return np.array([weight[values == group].sum() for group in (-1, 0, 1)]), size, int(values.size)


def _nps_moments(shares: NDArray[np.float64]) -> tuple[float, float]:
    detractors, promoters = float(shares[0]), float(shares[2])
    value = promoters - detractors
    return value, max(0.0, promoters + detractors - value**2)


def _top_box(
    scores: ArrayLike,
    scale: tuple[int, int],
    boxes: dict[tuple[int, int], float],
    weights: ArrayLike | None,
    confidence: float,
) -> ShareEstimate:
    if scale not in boxes:
        raise ModelError("scores.scale", scale=f"{scale[0]}-{scale[1]}", known=", ".join(f"{a}-{b}" for a, b in boxes))
    answers = _on_scale(scores, *scale)
    weight, size = _weights(weights, answers.size)
    rate = float(weight[answers >= boxes[scale]].sum() / weight.sum())
    low, high = proportion_interval(rate * size, size, confidence=confidence)
    return ShareEstimate(rate=rate, low=low, high=high, n=int(answers.size), effective_n=size)
