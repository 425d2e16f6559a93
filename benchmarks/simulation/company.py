"""One made company: how spend acts on it, what else moves it, how its budget is set, and how its books tell of it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from benchmarks.simulation.curves import Array, Curve, Saturating

CHANNELS = ("churn", "margin", "support", "joins")
# Half-normal scales of the log strength of today's spend: pooled over segments, and between them. They are those of the model's priors when
# the study was written, and stay when the priors change, so that a seed is the same company for every engine.
STRENGTH_SCALE = MappingProxyType(
    {"churn": (0.35, 0.15), "margin": (0.12, 0.05), "support": (0.30, 0.12), "joins": (0.30, 0.12)}
)


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return random numbers of a purpose: what one part of a company draws does not move what another draws."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


@dataclass(frozen=True)
class Link:
    """What spend does to one outcome: log effect b_s g(r), above 0 where it is good for the company."""

    strength: tuple[float, ...]  # (S,)
    curve: Curve = field(default_factory=lambda: Saturating(1.0))
    carryover_rate: float = 0.5
    delay_months: int = 0  # nothing happens before, over and above the carryover

    def lift(self, effective: Array, segment: int | slice = slice(None)) -> Array:
        """Return b (g(r) - g(1))."""
        gained: Array = np.asarray(self.strength)[segment] * (self.curve(effective) - self.curve(np.ones(1)))
        return gained


@dataclass(frozen=True)
class Disturbance:
    """Standard deviations, in logs, of what moves an outcome beside spend."""

    month: float = 0.0  # of a month, all segments alike
    drift: float = 0.0  # of a segment, an autoregression
    memory: float = 0.0  # of that autoregression, a month
    cell: float = 0.0  # of one segment's month, at 10,000 customers


@dataclass(frozen=True)
class Budget:
    """How spend per customer is set."""

    variation: float = 0.25  # sd in logs of the steps of the plan
    together: bool = False  # one plan for all segments
    each_january: float = 0.0  # sd in logs of a step each January in all segments at once
    follows_churn: float = 0.0  # log spend per log of last month's excess churn
    foresees_churn: float = 0.0  # log spend per log of next month's disturbance of churn
    share_of_revenue: str = ""  # "now", "last": the budget is a share of this or last month's margin
    last_quarter: float = 0.0  # log spend more in October to December
    in_phase: float = 0.0  # log spend as a yearly wave
    where_improving: float = 0.0  # log spend over the history per log of a segment's own fall in churn
    rise_with_price: float = 0.0  # log spend more from the month of a new price on
    cut_in_shock: float = 0.0  # log spend less while a shock lasts
    rise_with_event: float = 0.0  # log spend more, where and as long as an event holds


@dataclass(frozen=True)
class World:
    """What happens to a company that spend has no part in."""

    last_quarter: float = 0.0  # log margin more in October to December; support, churn and joins in proportion
    yearly_wave: float = 0.0  # log churn, as a wave over the year
    own_seasons: bool = False  # each segment has its wave at another time
    price_step: float = 0.0  # log margin, for good from mid-history on
    price_in_all: bool = False  # in all segments, else in the first
    churn_break: float = 0.0  # log churn of the first segment, for good from mid-history on
    shock: float = 0.0  # log churn of the first half of the segments, for five months
    event: tuple[float, float] = (
        0.0,
        0.0,
    )  # log churn and log margin of the first half of the segments, from mid-history on
    event_months: int = 0  # how long it holds; 0: for good
    trends: tuple[float, ...] = ()  # log churn over the history, by segment
    acquisition: float = 0.0  # how far joins follow acquisition spend, which goes with CX spend
    frailty: tuple[float, ...] = (1.0,)  # multiples of churn of equally large groups of those who join
    good_months: float = 0.0  # how far one disturbance moves margin, joins and churn at once, as a share of their own


@dataclass(frozen=True)
class Books:
    """How the panel tells what happened; as it was, where nothing is said."""

    spend_error: float = 0.0  # sd in logs of what is booked in a cell
    booked_late_months: int = 0
    project_share: float = 0.0  # of spend, booked in the month in which a project of a year and a half begins
    relabelled: float = 0.0  # share of the first segment's customers who are counted in the second from mid-history on
    lost_count_changes: float = 0.0  # log change of what counts as lost, from mid-history on
    by_headcount: bool = False  # segments' spend is the company's, shared out by customers
    support_contains: float = 0.0  # share of CX spend that stands in support cost too
    acquisition_given: bool = False  # the panel has acquisition_spend
    event_named: bool = False  # the panel says where the event was, and how long


@dataclass(frozen=True)
class Company:
    """A made company; money per customer and month."""

    seed: int
    links: Mapping[str, Link]
    n_segments: int = 4
    n_months: int = 36
    customers: float = 9_000.0  # of a typical segment
    churn: float = 0.02
    margin: float = 40.0
    support: float = 6.0
    spend: float = 3.0
    disturbances: Mapping[str, Disturbance] = field(default_factory=dict)
    budget: Budget = Budget()
    world: World = World()
    books: Books = Books()

    def disturbance(self, channel: str) -> Disturbance:
        """Return what moves an outcome beside spend."""
        return self.disturbances.get(channel, Disturbance())

    @property
    def turn(self) -> int:
        """Return the month of what happens in mid-history."""
        return self.n_months // 2
