"""What is not known exactly: intervals, and the draws that stand for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Draws = NDArray[np.float64]

# Primitive polynomials (degree, coefficients) and first direction numbers of Joe & Kuo (2008), dimensions 2 to 10.
_JOE_KUO = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
)
_BITS = 30


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A 90 % interval with its middle, all in one unit; `low <= mid <= high`. A figure that is known has low = high."""

    low: float
    mid: float
    high: float

    @classmethod
    def of_draws(cls, draws: ArrayLike) -> Interval:
        """Return the 5th, 50th and 95th percentile of `draws`.

        >>> Interval.of_draws([1.0, 2.0, 3.0])
        Interval(low=1.1, mid=2.0, high=2.9)
        """
        low, mid, high = _quantiles(draws, (0.05, 0.5, 0.95))
        return cls(low=low, mid=mid, high=high)

    @classmethod
    def around(cls, mid: float, draws: ArrayLike) -> Interval:
        """Return the 5th and 95th percentile of `draws` around a stated middle, such as their mean.

        >>> Interval.around(2.5, [1.0, 2.0, 3.0])
        Interval(low=1.1, mid=2.5, high=2.9)
        """
        low, high = _quantiles(draws, (0.05, 0.95))
        return cls(low=min(low, mid), mid=mid, high=max(high, mid))

    @classmethod
    def known(cls, value: float) -> Interval:
        """Return an interval of no width."""
        return cls(low=value, mid=value, high=value)


def _quantiles(draws: ArrayLike, shares: tuple[float, ...]) -> list[float]:
    """Return interpolated quantiles, as np.quantile does, from one partial sort for all of them."""
    x = np.asarray(draws, dtype=float)
    place = np.array(shares) * (x.size - 1)
    below = place.astype(int)
    above = np.minimum(below + 1, x.size - 1)
    parted = np.partition(x, np.unique([below, above]))
    found: list[float] = (parted[below] + (place - below) * (parted[above] - parted[below])).tolist()
    return found


def row_quantiles(draws: Draws, shares: tuple[float, ...]) -> list[Draws]:
    """Return order statistics of each row of `draws` (L, n): the nearest draw, a third of the time that interpolation takes.

    >>> [one.tolist() for one in row_quantiles(np.array([[3.0, 1.0, 2.0, 0.0]]), (0.25, 0.75))]
    [[1.0], [3.0]]
    """
    places = [min(int(share * draws.shape[1]), draws.shape[1] - 1) for share in shares]
    parted = np.partition(draws, places, axis=1)
    return [parted[:, place].copy() for place in places]  # a view would keep every draw for as long as its range


def sobol(count: int, dimensions: int, seed: int = 0) -> Draws:
    """Return `count` points of a Sobol sequence in the unit cube, shifted at random by `seed`; shape (count, dimensions).

    Source: Bratley & Fox (1988), direction numbers of Joe & Kuo (2008); random digital shift as in L'Ecuyer (2016).

    >>> sobol(4, 2).shape
    (4, 2)
    """
    shift = np.random.default_rng(seed).integers(0, 1 << _BITS, dimensions)
    return ((_unshifted(count, dimensions) ^ shift) + 0.5) / (1 << _BITS)


@lru_cache(maxsize=16)  # a fit asks for the same few sizes again and again
def _unshifted(count: int, dimensions: int) -> NDArray[np.int64]:
    """Return the points of the sequence as whole numbers of 30 bits, (count, dimensions)."""
    index = np.arange(count)
    gray = index ^ (index >> 1)
    points = np.zeros((count, dimensions), np.int64)
    for dimension in range(dimensions):
        for bit, direction in enumerate(_directions(dimension)):
            points[:, dimension] ^= np.where((gray >> bit) & 1, direction, 0)
    points.flags.writeable = False
    return points


def _directions(dimension: int) -> NDArray[np.int64]:
    if dimension == 0:
        return np.array([1 << (_BITS - 1 - i) for i in range(_BITS)])
    degree, coefficients, start = _JOE_KUO[dimension - 1]
    v = [m << (_BITS - 1 - i) for i, m in enumerate(start)]
    for i in range(degree, _BITS):
        value = v[i - degree] ^ (v[i - degree] >> degree)
        for k in range(1, degree):
            if (coefficients >> (degree - 1 - k)) & 1:
                value ^= v[i - k]
        v.append(value)
    return np.array(v)


def effective_sample_size(log_weight: Draws) -> float:
    """Return how many equal draws the weighted ones are worth: (sum w)^2 / sum w^2 (Kong 1992).

    >>> round(effective_sample_size(np.log([1.0, 1.0, 1.0, 1e-9])), 3)
    3.0
    """
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.sum() ** 2 / (weight**2).sum())


def resample(log_weight: Draws, count: int, seed: int = 0) -> NDArray[np.int64]:
    """Return `count` indices drawn in proportion to the weights, systematically (Carpenter and others 1999).

    >>> resample(np.log([0.25, 0.75]), 4).tolist()
    [0, 1, 1, 1]
    """
    weight = np.exp(log_weight - log_weight.max())
    edges = np.cumsum(weight / weight.sum())
    start = np.random.default_rng(seed).uniform()
    return np.minimum(np.searchsorted(edges, (np.arange(count) + start) / count), len(edges) - 1)
