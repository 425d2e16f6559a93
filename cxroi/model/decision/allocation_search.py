"""The search behind an allocation: which level each segment gets, on a grid of whole percents of today's spend."""

from __future__ import annotations

import numpy as np

from cxroi.errors import ModelError
from cxroi.model.statistics.uncertainty import Draws

_STEPS = 400  # of the budget, in the dynamic programme


def every_percent(level_percent: Draws, expected: Draws) -> tuple[Draws, Draws]:
    """Return every whole percent inside the grid and the expected value there, interpolated."""
    fine = np.arange(level_percent[0], level_percent[-1] + 1)
    return fine, np.stack([np.interp(fine, level_percent, column) for column in expected.T], axis=1)


def allowed_levels(fine: Draws, bounds: Draws | None, n_segments: int) -> np.ndarray:
    """Return which levels each segment may have (L, S); where no whole percent lies between its bounds, the nearest one."""
    limits = np.tile([fine[0], fine[-1]], (n_segments, 1)) if bounds is None else np.asarray(bounds, dtype=float)
    if limits.shape != (n_segments, 2) or (limits[:, 0] > limits[:, 1]).any():
        raise ModelError("allocation.bounds_unreadable", segments=n_segments)
    allowed = (fine[:, None] >= limits[:, 0]) & (fine[:, None] <= limits[:, 1])
    nearest = np.abs(fine[:, None] - limits.mean(axis=1)).argmin(axis=0)
    allowed[nearest, np.arange(n_segments)] |= ~allowed.any(axis=0)
    return allowed


def from_today(segments: tuple[str, ...], fine: Draws, bounds: Draws | None) -> Draws:
    """Return the bounds (S, 2) from today's spend on; raises ModelError where one lies below it."""
    limits = np.tile([100.0, fine[-1]], (len(segments), 1)) if bounds is None else np.asarray(bounds, dtype=float)
    for name, (_, most) in zip(segments, limits, strict=True):
        if most < 100:
            raise ModelError("allocation.extra_below_today", segment=name, high=most)
    return np.maximum(limits, 100.0)


def level_edges(fine: Draws, allowed: np.ndarray) -> tuple[Draws, Draws]:
    """Return the lowest and the highest level that each segment may have."""
    return fine[allowed.argmax(axis=0)], fine[len(fine) - 1 - allowed[::-1].argmax(axis=0)]


def topped_up(fine: Draws, rows: np.ndarray, expected: Draws, today: Draws, most: Draws, left: float) -> Draws:
    """Return the levels with what whole percents have left over, given to who gains most by it."""
    levels = fine[rows].astype(float)
    slopes = np.diff(expected, axis=0) / np.maximum(today / 100, 1e-12)
    while left > 1e-9:
        room = (today > 0) & (levels < most - 1e-9)
        step = np.clip(np.floor(levels - fine[0] + 1e-9).astype(int), 0, len(slopes) - 1)
        gains = np.where(room, slopes[step, np.arange(today.size)], 0.0)
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        upto = min(fine[step[best]] + 1, most[best])
        given = min(left, (upto - levels[best]) / 100 * today[best])
        levels[best] = upto if given < left else levels[best] + 100 * given / today[best]
        left -= given
    return levels


def best_rows(
    expected: Draws, spend: Draws, allowed: np.ndarray, budget: float, *, free: bool = False
) -> tuple[float, np.ndarray]:
    """Return the rows of the best levels whose spend fits into the budget, and what one more unit of it would add.

    `free`: the budget need not be spent where that loses money.
    """
    multiplier, rows = _equal_margins(expected, spend, allowed, budget, free=free)
    programme, at = _programme(expected, spend, allowed, budget), np.arange(expected.shape[1])
    if expected[programme, at].sum() > expected[rows, at].sum() and spend[programme, at].sum() <= budget * (1 + 1e-9):
        rows = programme
    return multiplier, rows


def _equal_margins(
    expected: Draws, spend: Draws, allowed: np.ndarray, budget: float, *, free: bool
) -> tuple[float, np.ndarray]:
    """Return the multiplier at which the best levels together cost at most the budget, and those levels' rows."""
    at = np.arange(expected.shape[1])

    def best(multiplier: float) -> np.ndarray:
        return np.where(allowed, expected - multiplier * spend, -np.inf).argmax(axis=0)

    if free and spend[best(0.0), at].sum() <= budget + 1e-9:
        return 0.0, best(0.0)
    steepest = np.abs(np.diff(expected, axis=0)) / np.maximum(np.diff(spend, axis=0), 1e-12)
    low = -float(steepest[:, spend[-1] > 0].max(initial=0.0)) - 1.0
    high = -low
    for _ in range(60):
        middle = 0.5 * (low + high)
        if spend[best(middle), at].sum() > budget + 1e-9:
            low = middle
        else:
            high = middle
    return high, best(high)


def _programme(expected: Draws, spend: Draws, allowed: np.ndarray, budget: float) -> np.ndarray:
    """Return the rows of the best levels whose spend, rounded up to steps of the budget, fits into it."""
    steps = np.arange(_STEPS + 1)
    unit = budget / _STEPS if budget > 0 else 1.0
    best = np.zeros(_STEPS + 1)
    chosen = []
    for s in range(expected.shape[1]):
        rows = np.flatnonzero(allowed[:, s])
        need = np.ceil(spend[rows, s] / unit - 1e-9).astype(int)
        rest = steps[:, None] - need
        value = np.where(rest >= 0, best[np.maximum(rest, 0)] + expected[rows, s], -np.inf)
        pick = value.argmax(axis=1)
        chosen.append((rows, need, pick))
        best = value[steps, pick]
    left, out = _STEPS, []
    for rows, need, pick in reversed(chosen):
        k = pick[left]
        out.append(rows[k])
        left = max(left - int(need[k]), 0)
    return np.array(out[::-1])
