"""Survey answers as numbers: finite, on their scale, each with its weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError


def effective_n(weights: ArrayLike) -> float:
    """Return how many equal answers weighted ones are worth, (sum w)^2 / sum w^2 (Kish 1965).

    >>> effective_n([1, 1, 1, 1]), effective_n([3, 1])
    (4.0, 1.6)
    """
    weight = answers_of(weights, "weights")
    if (weight < 0).any() or weight.sum() <= 0:
        raise ModelError("scores.weights")
    return float(weight.sum() ** 2 / (weight**2).sum())


def answers_of(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return `values` as finite numbers, at least one."""
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != 1 or numbers.size == 0:
        raise ModelError("scores.no_answers")
    if not np.isfinite(numbers).all():
        raise ModelError("scores.not_a_number", name=name, value=str(numbers[~np.isfinite(numbers)][0]))
    return numbers


def on_scale(scores: ArrayLike, low: float, high: float) -> NDArray[np.float64]:
    """Return `scores` as numbers, every one between `low` and `high`."""
    answers = answers_of(scores, "scores")
    outside = (answers < low) | (answers > high)
    if outside.any():
        raise ModelError("scores.off_scale", value=str(answers[outside][0]), low=low, high=high)
    return answers


def weights_of(weights: ArrayLike | None, size: int) -> tuple[NDArray[np.float64], float]:
    """Return one weight an answer, 1 where none are given, and how many equal answers they are worth."""
    weight = np.ones(size) if weights is None else answers_of(weights, "weights")
    if weight.size != size:
        raise ModelError("scores.lengths", first=size, second=int(weight.size))
    return weight, effective_n(weight)
