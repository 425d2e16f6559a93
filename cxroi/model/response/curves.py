"""Equally likely curves of what spend does to one outcome: shapes, carryover and strengths, as draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.response.shape import carry_over, gains
from cxroi.model.statistics.uncertainty import Draws


@dataclass(frozen=True, kw_only=True, eq=False)
class Curves:
    """Draws of curves b g(r): shapes (n,), strengths (n, S), and the spreads of what else moved the outcome (n,)."""

    family: NDArray[np.int64]
    half_saturation: Draws
    steepness: Draws
    carryover_rate: Draws
    strength: Draws
    month_spread: Draws
    drift_spread: Draws
    drift_memory: Draws

    def take(self, draws: NDArray[np.int64] | slice) -> Self:
        """Return the curves of some of the draws only."""
        return replace(self, **{one.name: getattr(self, one.name)[draws] for one in fields(Curves)})

    def joined(self, others: Sequence[Curves]) -> Self:
        """Return the draws of these curves followed by those of others."""
        names = [one.name for one in fields(Curves)]
        return replace(
            self, **{name: np.concatenate([getattr(one, name) for one in (self, *others)]) for name in names}
        )

    def gains(self, effective_spend: ArrayLike) -> Draws:
        """Return g(r) for every draw; `effective_spend` has draws first, or is the same for all draws."""
        r = np.asarray(effective_spend, dtype=float)
        if r.shape[:1] != self.family.shape:
            r = np.broadcast_to(r, (*self.family.shape, *r.shape))
        return gains(self.family, r, self.half_saturation, self.steepness)

    def expected_gain_of(self, spend_ratio: Draws) -> Draws:
        """Return the expected gain b g(r_st) of months of spend (S, T), from a hundred draws or so."""
        thin = self.take(slice(None, None, max(1, len(self.family) // 128)))
        effective = carry_over(spend_ratio[None], thin.carryover_rate[:, None])
        return (thin.strength[:, :, None] * thin.gains(effective)).mean(axis=0)

    def slope_of_shape(self) -> Draws:
        """Return g'(1) per draw: how much of today's gain the next unit of spend adds, (n,)."""
        step = 0.01
        return (self.gains(1 + step) - self.gains(1 - step)) / (2 * step)

    def slope(self) -> Draws:
        """Return b g'(1) per draw and segment: what the log of the outcome gains per doubling of today's spend, at the margin."""
        return self.strength * self.slope_of_shape()[:, None]

    @cached_property
    def gain_today(self) -> Draws:
        """Return g(1), (n,)."""
        return self.gains(1.0)

    def path_gain(self, level_percent: float | Draws, months: int) -> Draws:
        """Return g(r_t) - g(1) for months 1 to `months`, (n, T), when spend is held at a level from today's on, or takes a course
        of levels by month (T,)."""
        gain = self.gains(self.carried(level_percent, months))
        gain -= self.gain_today[:, None]
        return gain

    def carried(self, level_percent: float | Draws, months: int) -> Draws:
        """Return effective spend r_t in shares of today's, (n, T): r_t = l + (1 - l) a^t of a level held, a r_{t-1} + (1 - a) l_t of a course.

        The first is what the second comes to where every month has the same level.
        """
        if isinstance(level_percent, np.ndarray):
            return carry_over(level_percent[:months] / 100, self.carryover_rate, start=1.0)
        level = level_percent / 100
        return np.asarray(level + (1 - level) * self._memory(months))

    def _memory(self, months: int) -> Draws:
        """Return a^t for months 1 to `months`, (n, T); of the last horizon asked for it is kept."""
        kept = self._memories.get(months)
        if kept is None:
            with np.errstate(divide="ignore"):
                kept = np.exp(np.outer(np.log(self.carryover_rate), np.arange(1, months + 1)))
            self._memories.clear()
            self._memories[months] = kept
        return kept

    @cached_property
    def _memories(self) -> dict[int, Draws]:
        return {}

    def final_gain(self, level_percent: float) -> Draws:
        """Return g(l) - g(1), the gain per unit of strength once carryover has run its course, (n,)."""
        return self.gains(level_percent / 100) - self.gain_today
