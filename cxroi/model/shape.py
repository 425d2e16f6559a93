"""The shape of the response: how spend is carried over from month to month, and what each level of it buys.

Three families compete because a shape that is decreed decides the verdict: exponential saturation (concave), Hill
(S-shaped when steep) and power (slow or nearly linear). Each is scaled so that no spend buys 0 and today's spend buys 1.
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
    """Return g(r), what effective spend r (1 is today's) buys as a share of what today's spend buys: g(0) = 0, g(1) = 1.

    exponential: (1 - 2^(-r/c)) / (1 - 2^(-1/c));  Hill: r^k (1 + c^k) / (c^k + r^k);  power: r^k.
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
    return power * (1 + half) / (half + power)


def gains(family: NDArray[np.int64], effective_spend: Array, half_saturation: Array, steepness: Array) -> Array:
    """Return g(r) for draws along the first axis, each of its own family; shape as `effective_spend`."""
    out = np.empty(effective_spend.shape)
    inner = (slice(None),) + (None,) * (effective_spend.ndim - 1)
    for one in Family:
        mine = family == one
        if mine.any():
            out[mine] = gain(one, effective_spend[mine], half_saturation[mine][inner], steepness[mine][inner])
    return out
