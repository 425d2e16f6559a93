"""What is not known exactly: intervals, and the draws that stand for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


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
        low, mid, high = np.quantile(np.asarray(draws, dtype=float), [0.05, 0.5, 0.95])
        return cls(low=float(low), mid=float(mid), high=float(high))

    @classmethod
    def known(cls, value: float) -> Interval:
        """Return an interval of no width."""
        return cls(low=value, mid=value, high=value)
