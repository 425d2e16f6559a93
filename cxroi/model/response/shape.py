"""The shape of the response: how spend is carried over from month to month, and what each level of it buys.

Four families compete because a shape that is decreed decides the verdict: exponential saturation (concave), Hill
(S-shaped when steep), power (slow or nearly linear) and threshold (a step, nothing on either side of it). Each is scaled so
that no spend buys 0 and today's spend buys 1; a threshold, of which today's spend may have bought nothing yet, so that all of
the step is 1.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Family(IntEnum):
    """The families of response curve; the numbers index draws."""

    EXPONENTIAL = 0
    HILL = 1
    POWER = 2
    THRESHOLD = 3


def carry_over(spend_ratio: ArrayLike, carryover_rate: ArrayLike, start: ArrayLike | None = None) -> Array:
    """Return the effective spend r_t = a r_{t-1} + (1 - a) x_t, along the last axis.

    `spend_ratio` (..., n_months) is spend as a share of today's; `carryover_rate` a broadcasts against all but the last
    axis; `start` is r_0, by default the first month's own ratio. Source: Broadbent (1979), geometric adstock, normalised.

    >>> carry_over([2.0, 2.0, 2.0], 0.5, start=1.0).tolist()
    [1.5, 1.75, 1.875]
    """
    x = np.asarray(spend_ratio, dtype=float)
    a = np.asarray(carryover_rate, dtype=float)
    shape = np.broadcast_shapes(x.shape[:-1], a.shape)
    level = np.broadcast_to(x[..., 0] if start is None else np.asarray(start, dtype=float), shape).astype(float)
    out = np.empty((*shape, x.shape[-1]))
    for month in range(x.shape[-1]):
        level = a * level + (1 - a) * x[..., month]
        out[..., month] = level
    return out


def gain(family: Family, effective_spend: ArrayLike, half_saturation: ArrayLike, steepness: ArrayLike) -> Array:
    """Return g(r), what effective spend r (1 is today's) buys: g(0) = 0, and g(1) = 1 but for the threshold, where g goes to 1.

    exponential: (1 - 2^(-r/c)) / (1 - 2^(-1/c));  Hill: r^k (1 + c^k) / (c^k + r^k);  power: r^k;  threshold: r^k / (c^k + r^k)
    with k so large that it is a step at c (Vakratsas, Feinberg, Bass & Kalyanaram 2004).
    `half_saturation` c is in units of today's spend; `steepness` k is above 0 (at most 1 for power).

    >>> gain(Family.HILL, [0.0, 1.0], 1.0, 2.0).tolist()
    [0.0, 1.0]
    """
    r, c, k = (np.asarray(value, dtype=float) for value in (effective_spend, half_saturation, steepness))
    if family == Family.EXPONENTIAL:
        return np.expm1(-np.log(2) * r / c) / np.expm1(-np.log(2) / c)
    with np.errstate(divide="ignore"):
        power = np.exp(k * np.log(r))
    if family == Family.POWER:
        return power
    half = c**k
    return power * (1.0 if family == Family.THRESHOLD else 1 + half) / (half + power)


def gains(family: NDArray[np.int64], effective_spend: Array, half_saturation: Array, steepness: Array) -> Array:
    """Return g(r) for draws along the first axis, each of its own family; shape as `effective_spend`."""
    out = np.empty(effective_spend.shape)
    inner = (slice(None),) + (None,) * (effective_spend.ndim - 1)
    for one in Family:
        mine = family == one
        if mine.any():
            out[mine] = gain(one, effective_spend[mine], half_saturation[mine][inner], steepness[mine][inner])
    return out
