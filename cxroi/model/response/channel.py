"""The channels through which spend pays, and what is known of each: churn, margin per customer, support cost per customer, joins.

b > 0 is good for the company in every channel. Churn has a posterior of its own kind (`cxroi.model.response.posterior`); this is what the
other three have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.model.assumption import Grade
from cxroi.model.response.budget_rule import SameMonth
from cxroi.model.response.curves import Curves
from cxroi.model.response.event_size import EventSize
from cxroi.model.response.level_shift import LevelShift
from cxroi.model.response.sampling import Start
from cxroi.model.statistics.uncertainty import Draws

MOVES = 0.5  # probability above which spend is said to move a channel
MOST = 10.0  # times its size today, or a tenth of it: no level of spend is taken to move an outcome further


class Channel(StrEnum):
    """Through which outcome spend may pay, beside churn."""

    MARGIN = "margin"
    SUPPORT = "support"
    JOINS = "joins"


@dataclass(frozen=True, eq=False)
class Moved:
    """What a level does to one channel, in the draws (m,) in which it does anything: gains by month (T, m), signed strengths (S, m)."""

    draws: NDArray[np.int64]
    gain: Draws
    strength: Draws

    def every(self, stride: int) -> Moved:
        """Return the same in every `stride`-th of all draws."""
        if stride == 1:
            return self
        chosen = np.flatnonzero(self.draws % stride == 0)
        return Moved(self.draws[chosen] // stride, self.gain[:, chosen], self.strength[:, chosen])

    def of(self, values: Draws) -> Draws:
        """Return values (..., n) in these draws: themselves where those are all of them."""
        return values if self.draws.size == values.shape[-1] else values[..., self.draws]

    def add_to(self, values: Draws, more: Draws) -> None:
        """Add what these draws have more (..., m) to values (..., n)."""
        if self.draws.size == values.shape[-1]:
            values += more
        else:
            values[..., self.draws] += more

    def factor(self, months: slice) -> Draws:
        """Return by what the channel is multiplied in some months, exp(b G_t), (B, S, m)."""
        log = self.gain[months, None, :] * self.strength
        return np.exp(log, out=log)


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelPosterior(Curves):
    """Equally likely curves of one channel; strengths (n, S) are signed: above 0 spend helps, below it harms."""

    channel: Channel
    grade: Grade
    effective_sample_size: float
    lead: float | None  # z-score of next quarter's spend beside this month's
    same_month: SameMonth  # how spend answers to the outcome of its own month
    shifts: tuple[LevelShift, ...] = ()
    events: tuple[EventSize, ...] = ()  # what each named event did to the outcome
    piloted: bool = False  # groups drawn by lot measured it
    acquisition_known: bool = False  # what advertising may have brought is taken out
    start: Start | None = field(default=None, repr=False)  # where a fit of nearly the same cells may begin

    @property
    def moves(self) -> NDArray[np.bool_]:
        """Return in which draws spend moves the channel at all, (n,)."""
        out: NDArray[np.bool_] = (self.strength != 0).any(axis=1)
        return out

    @property
    def helps(self) -> float:
        """Return the probability that spend makes the outcome better."""
        return float((self.strength > 0).any(axis=1).mean())

    @property
    def harms(self) -> float:
        """Return the probability that spend makes it worse."""
        return float((self.strength < 0).any(axis=1).mean())

    @property
    def follows_revenue(self) -> bool:
        """Return whether the budget was read as a share of its own month's revenue."""
        return self.channel is Channel.MARGIN and self.same_month.follows_revenue

    @property
    def doubt(self) -> str | None:
        """Return why no verdict may rest on this channel, as a text id; None where it may.

        "follows": next quarter's spend goes with it; "harm": it seems to do harm, as what is booked twice does; "acquisition":
        advertising may have brought the joins; "unsettled": too few draws agree. Groups drawn by lot clear what makes history
        doubtful; support cost that holds part of the spend would do so in a pilot too.
        """
        moves = self.helps + self.harms
        if moves > _FOLLOWS_FROM and abs(self.lead or 0.0) > _LEAD_IN_DOUBT and not self.piloted:
            return "follows"
        booked_twice = self.channel is Channel.SUPPORT or (self.channel is Channel.MARGIN and not self.piloted)
        if booked_twice and self.harms > MOVES:
            return "harm"
        if self.channel is Channel.JOINS and moves > MOVES and not self.acquisition_known and not self.piloted:
            return "acquisition"
        return "unsettled" if self.effective_sample_size < _FEWEST_DRAWS else None

    def moved(self, level_percent: float | Draws, months: int) -> Moved | None:
        """Return what a level held from today's on, or a course of levels by month (T,), does month by month; None where nothing moves."""
        draws, own = self._moving
        if np.all(np.equal(level_percent, 100)) or not draws.size:
            return None
        gain = np.ascontiguousarray(own.bounded(own.path_gain(level_percent, months)).T)
        sign = -1.0 if self.channel is Channel.SUPPORT else 1.0
        return Moved(draws, gain, sign * np.ascontiguousarray(own.strength.T))

    def bounded(self, gain: Draws) -> Draws:
        """Return gains (n, k) held to where the segment that answers most has its outcome multiplied, or divided, by `MOST`.

        Beyond the spend that was tried a curve may climb without end: a few draws among thousands would then be all of a mean.
        """
        return np.clip(gain, -self._largest_gain, self._largest_gain)

    @cached_property
    def _largest_gain(self) -> Draws:
        """Return the gain at which an outcome is multiplied by `MOST`, (n, 1); infinite where nothing moves."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(MOST) / np.abs(self.strength).max(axis=1, keepdims=True))

    @cached_property
    def _moving(self) -> tuple[NDArray[np.int64], ChannelPosterior]:
        """Return the draws in which spend moves the channel, and the posterior of these alone."""
        draws = np.flatnonzero(self.moves)
        return draws, self if draws.size == self.family.size else self.take(draws)

    def change_percent(self, level_percent: float, weight: Draws) -> Draws:
        """Return by how many percent a level moves the outcome in the long run, (n,), averaged over segments by `weight` (S,)."""
        draws, own = self._moving
        sign = -1.0 if self.channel is Channel.SUPPORT else 1.0
        moved = np.expm1(sign * own.strength * own.bounded(own.final_gain(level_percent)[:, None]))
        out = np.zeros(self.family.size)
        out[draws] = 100 * (moved @ (weight / max(float(weight.sum()), 1e-12)))
        return out


_FOLLOWS_FROM, _LEAD_IN_DOUBT, _FEWEST_DRAWS = 0.2, 3.0, 100
