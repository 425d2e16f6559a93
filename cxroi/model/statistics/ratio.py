"""A ratio of two sums, such as revenue a customer or an order: how sure it is, from units that were counted whole."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from cxroi.model.statistics.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class RatioSums:
    """Sums over `n` units of x, y, their squares and their product: enough for the ratio y / x and its interval."""

    n: float
    x: float
    y: float
    xx: float
    xy: float
    yy: float

    @classmethod
    def of(cls, x: ArrayLike, y: ArrayLike) -> RatioSums:
        """Return the sums of units given one by one; a unit of which one is unknown counts for nothing."""
        one, other = (np.asarray(values, dtype=float) for values in (x, y))
        known = np.isfinite(one) & np.isfinite(other)
        one, other = one[known], other[known]
        return cls(
            n=float(known.sum()),
            x=float(one.sum()),
            y=float(other.sum()),
            xx=float((one * one).sum()),
            xy=float((one * other).sum()),
            yy=float((other * other).sum()),
        )


def ratio_interval(of: RatioSums, confidence: float = 0.9) -> Interval | None:
    """Return y / x with its interval; None where x is nothing, and no width where there is one unit alone.

    variance = n / (n - 1) * sum (y - R x)^2 / (sum x)^2, quantiles of Student's t with n - 1 degrees of freedom; it does not go below
    0 where y does not. Source: Cochran (1977), Sampling Techniques, section 6.4. With x = 1 it is the interval of a mean.

    >>> found = ratio_interval(RatioSums.of([1, 1, 1, 1], [2.0, 4.0, 4.0, 6.0]))
    >>> found and (round(found.low, 3), found.mid, round(found.high, 3))
    (2.078, 4.0, 5.922)
    """
    if of.x <= 0 or of.n < 1:
        return None
    ratio = of.y / of.x
    if of.n < 2:
        return Interval.known(ratio)
    from scipy.special import stdtrit

    squares = max(of.yy - 2 * ratio * of.xy + ratio * ratio * of.xx, 0.0)
    half = float(stdtrit(of.n - 1, (1 + confidence) / 2)) * sqrt(of.n / (of.n - 1) * squares) / of.x
    return Interval(low=ratio - half if ratio < 0 else max(ratio - half, 0.0), mid=ratio, high=ratio + half)
