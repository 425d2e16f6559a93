"""Budgets that follow their own month's outcome: found, and read from the share of it that was decided.

Where spend is a share of revenue, a good month raises both, and spend seems to have caused what it followed. What was decided is
the share, and so the share is what may be taken as given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.response.event_course import EventCourse, turned
from cxroi.model.statistics.uncertainty import Draws

_SURELY, _LOWEST, _HIGHEST = 4.0, 0.4, 1.6


@dataclass(frozen=True, kw_only=True)
class SameMonth:
    """How spend answers to the outcome of its own month: elasticity c with its t-value."""

    elasticity: float
    t: float

    @property
    def follows_revenue(self) -> bool:
        """Return whether spend looks like a share of its own month's revenue: elasticity near 1 and surely not 0."""
        return self.t > _SURELY and _LOWEST < self.elasticity < _HIGHEST


def robust_slope(x: Draws, y: Draws) -> tuple[float, float]:
    """Return (slope, variance) of y on x through the origin, robust to steps in y (Huber 1964); (0, inf) where there is none.

    >>> round(robust_slope(np.array([1.0, -1.0, 2.0, -2.0, 1.5, -1.5]), np.array([1.0, -1.1, 2.1, -2.0, 1.4, 90.0]))[0], 1)
    1.0
    """
    if x.size < 6 or not (x @ x) > 0:
        return 0.0, float("inf")
    weight, slope, left = np.ones(x.size), 0.0, y
    for _ in range(20):
        slope = float((weight * x) @ y / ((weight * x) @ x))
        left = np.abs(y - slope * x)
        scale = 1.345 * 1.4826 * float(np.median(left))
        if scale < 1e-9:  # most months spend does not move at all, or does exactly as the outcome does
            return slope, 0.0
        weight = np.minimum(1.0, scale / np.maximum(left, 1e-12))
    return slope, float(((weight * left) ** 2).sum()) / (x.size - 1) / float((weight * x) @ x)


def same_month_answer(
    response: Draws, spend_ratio: Draws, seen: NDArray[np.bool_], events: Sequence[EventCourse] = ()
) -> SameMonth:
    """Return the elasticity of this month's spend to this month's outcome from month-to-month changes, cells (S, T).

    `response` is minus the log of the outcome. What all segments do in a month is taken off, so that seasons do not count. A budget
    that is a share of revenue has 1. A true effect of spend shows here too, as 1 / elasticity where the outcome has little
    noise of its own: far above 1. Where a named event came or went it may have moved both: such a change says nothing.
    """
    rose, spent = np.diff(-response, axis=1), np.diff(np.log(np.maximum(spend_ratio, 1e-3)), axis=1)
    moved = turned(events, response.shape)
    if len(response) > 1:
        together, planned = rose.mean(axis=0), np.median(spent, axis=0)
        for month in np.flatnonzero(moved.any(axis=0) & ~moved.all(axis=0)):
            others = ~moved[:, month]
            together[month], planned[month] = rose[others, month].mean(), np.median(spent[others, month])
        rose, spent = rose - together, spent - planned
    usable = seen[:, 1:] & seen[:, :-1] & ~moved
    elasticity, variance = robust_slope(rose[usable], spent[usable])
    if variance == 0:
        return SameMonth(elasticity=elasticity, t=float("inf") if abs(elasticity) > 1e-6 else 0.0)
    return SameMonth(elasticity=elasticity, t=elasticity / variance**0.5)


def share_as_spend(response: Draws, spend_ratio: Draws, elasticity: float) -> Draws:
    """Return spend freed of what follows the outcome of its month, x y^-c, (S, T), y relative to its mean.

    Where the budget is a share of revenue (c = 1) this is that share. The outcome itself is none: y = b x + u with x = v + c y makes x
    move with u, and v not (Anderson & Rubin 1949: a reduced form on the instrument).
    """
    return spend_ratio * np.exp(np.clip(min(elasticity, 1.0) * response, -3, 3))
