"""Survey scores and how sure they are: NPS, CSAT and CES, with their intervals and differences."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from cxroi.errors import ModelError
from cxroi.model.satisfaction.answers import answers_of, on_scale, weights_of
from cxroi.model.satisfaction.scales import CES_SCALES, CSAT_SCALES, easy_from, satisfied_from
from cxroi.model.statistics.proportion import (
    HypothesisTest,
    critical_value,
    proportion_interval,
)

# The lowest answer that counts as satisfied, and as easy, by (lowest, highest) answer of the scale.
CSAT_TOP_BOX = {scale: satisfied_from(scale[1]) for scale in CSAT_SCALES}
CES_TOP_BOX = {scale: easy_from(scale[1]) for scale in CES_SCALES}


@dataclass(frozen=True, kw_only=True)
class ShareEstimate:
    """A share of answers, 0..1, with its Wilson interval."""

    rate: float
    low: float
    high: float
    n: int
    effective_n: float


@dataclass(frozen=True, kw_only=True)
class MeanDifference:
    """The mean of the first group less that of the second, in points of the scale, with its test."""

    difference: float
    low: float
    high: float
    test: HypothesisTest


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


def _top_box(
    scores: ArrayLike,
    scale: tuple[int, int],
    boxes: dict[tuple[int, int], float],
    weights: ArrayLike | None,
    confidence: float,
) -> ShareEstimate:
    if scale not in boxes:
        raise ModelError("scores.scale", scale=f"{scale[0]}-{scale[1]}", known=", ".join(f"{a}-{b}" for a, b in boxes))
    answers = on_scale(scores, *scale)
    weight, size = weights_of(weights, answers.size)
    rate = float(weight[answers >= boxes[scale]].sum() / weight.sum())
    low, high = proportion_interval(rate * size, size, confidence=confidence)
    return ShareEstimate(rate=rate, low=low, high=high, n=int(answers.size), effective_n=size)
