"""Survey scores and how sure they are: NPS, CSAT and CES, with their intervals and differences."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.typing import ArrayLike

from cxroi.errors import ModelError
from cxroi.model.satisfaction.answers import on_scale, weights_of
from cxroi.model.satisfaction.scales import CES_SCALES, CSAT_SCALES, easy_from, satisfied_from
from cxroi.model.statistics.proportion import (
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
