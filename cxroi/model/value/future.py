"""The future that is drawn: churn month by month at today's spend, what a level of spend takes off it, and retention from both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.company.baseline import Baseline
from cxroi.model.customers.tenure import Ageing, TenureMix, age
from cxroi.model.response.channel import Channel, ChannelPosterior, Moved
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.statistics.proportion import jeffreys_quantiles
from cxroi.model.statistics.uncertainty import Draws


@dataclass(frozen=True, eq=False)
class Path:
    """What a level of spend does month by month: gains in churn (T, n), what a typed uplift takes off churn beside ((S, n) in the
    end, and how much of it by month (T, n)), and what it does to every channel that it moves."""

    gain: Draws
    typed: tuple[Draws, Draws] | None = None
    moved: Mapping[Channel, Moved] = field(default_factory=dict)

    @property
    def months(self) -> int:
        """Return the number of months."""
        return len(self.gain)

    def every(self, stride: int) -> Path:
        """Return the path in every `stride`-th draw, without what was typed."""
        moved = {name: one.every(stride) for name, one in self.moved.items()}
        return Path(
            np.ascontiguousarray(self.gain[:, ::stride]), moved={n: one for n, one in moved.items() if one.draws.size}
        )


@dataclass(frozen=True, eq=False)
class TypedCut:
    """What a typed uplift takes off log churn beside the evidence (n, S), all of it at the plan's level and in proportion before."""

    cut: Draws
    plan_percent: float
    arrival: Draws | None = None  # how much of it is there by month (T, n), where it has been worked out
    path: Path | None = None  # what the evidence says of the plan's level by month, where it has been worked out


@dataclass(frozen=True, kw_only=True, eq=False)
class Future:
    """What is drawn about the years to come: churn this month at today's spend (n, S), strengths (n, S), the response behind
    them, and how churn falls as customers age, if it does."""

    response: ResponsePosterior
    churn: Draws
    strength: Draws
    ageing: Ageing | None = None  # how churn moves with tenure where the data say that it does
    channels: tuple[ChannelPosterior, ...] = ()  # what spend does beside churn, in draws that pair with those of churn
    typed: TypedCut | None = None

    def thinned(self, count: int) -> Future:
        """Return at most `count` of the draws, evenly spaced."""
        return self.take(slice(None, None, self.stride(count)))

    def stride(self, count: int) -> int:
        """Return the stride at which draws are taken where some `count` of them will do."""
        return max(1, len(self.churn) // count)

    def take(self, draws: NDArray[np.int64] | slice) -> Future:
        """Return the future made of some of the draws."""
        return replace(
            self,
            response=self.response.take(draws),
            churn=self.churn[draws],
            strength=self.strength[draws],
            ageing=self.ageing and self.ageing.of(slice(None), draws),
            channels=tuple(one.take(draws) for one in self.channels),
            typed=self.typed and replace(self.typed, cut=self.typed.cut[draws], arrival=None, path=None),
        )

    def only(self, segments: slice) -> Future:
        """Return the future of some of the segments."""
        return replace(
            self,
            churn=self.churn[:, segments],
            strength=self.strength[:, segments],
            ageing=self.ageing and self.ageing.of(segments, slice(None)),
            channels=tuple(replace(one, strength=one.strength[:, segments]) for one in self.channels),
            typed=self.typed and replace(self.typed, cut=self.typed.cut[:, segments], path=None),
        )

    def path(self, level_percent: float | Draws, months: int) -> Path:
        """Return what a level held from today's on, or a course of levels by month (T,), does month by month."""
        known = self.typed and self.typed.path
        held = not isinstance(level_percent, np.ndarray)
        if held and self.typed and known and (self.typed.plan_percent, known.months) == (level_percent, months):
            return replace(known, typed=self.typed_by_month(level_percent, months))
        gain = np.ascontiguousarray(self.path_gain(level_percent, months).T)
        return self.path_of(gain, level_percent)

    def path_of(self, gain: Draws, level_percent: float | Draws) -> Path:
        """Return the path of a level, or of a course of levels, whose gains in churn by month (T, n) are known."""
        found = {one.channel: one.moved(level_percent, len(gain)) for one in self.channels}
        moved = {name: one for name, one in found.items() if one is not None}
        return Path(gain, self.typed_by_month(level_percent, len(gain)), moved)

    def typed_by_month(self, level_percent: float | Draws, months: int) -> tuple[Draws, Draws] | None:
        """Return what a typed uplift takes off log churn at a level, or where a course of levels ends, (S, n), and how much of it is
        there by month (T, n); None where it takes nothing off."""
        typed = self.typed
        ramp = 0.0 if typed is None else float(ramp_to(typed.plan_percent, last_level(level_percent)))
        if typed is None or not ramp:
            return None
        arrival = typed.arrival
        if isinstance(level_percent, np.ndarray):
            arrival = np.ascontiguousarray(self.arrival(level_percent, months).T)
        elif arrival is None or len(arrival) < months:
            arrival = np.ascontiguousarray(self.arrival(typed.plan_percent, months).T)
        return np.ascontiguousarray(ramp * typed.cut.T), arrival[:months]

    def hazards(self, months: int) -> tuple[Draws, Draws]:
        """Return churn at today's spend by month, (T, S, n), of today's customers and of those who have joined since."""
        now = np.ascontiguousarray(self.churn.T)
        if self.ageing is None:
            same = np.broadcast_to(now, (months, *now.shape))
            return same, same
        return now * self.ageing.stock[:months], now * self.ageing.joined[:months]

    @cached_property
    def kept_today(self) -> Draws:
        """Return the share of today's customers kept through a year at today's spend, (n, S)."""
        return kept_through_a_year(self, 0.0)

    def with_strength(self, strength: Draws) -> Future:
        """Return the same future with other strengths."""
        return replace(self, strength=strength)

    def path_gain(self, level_percent: float | Draws, months: int) -> Draws:
        """Return g(r_t) - g(1) in churn for months 1 to `months`, (n, T), when spend is held at a level from today's on, or takes a
        course of levels by month (T,)."""
        return self.response.path_gain(level_percent, months)

    def final_gain(self, level_percent: float) -> Draws:
        """Return g(l) - g(1) in churn, the gain per unit of strength once carryover has run its course, (n,)."""
        return self.response.final_gain(level_percent)

    def arrival(self, level_percent: float | Draws, horizon_months: int) -> Draws:
        """Return how much of what a level, or the end of a course of levels, buys is there by month 1 to the horizon, (n, T).

        (g(r_t) - g(1)) / (g(l) - g(1)); carryover alone, 1 - a^t (of a course its share of the way), where the level buys nothing.
        """
        return self.arrival_of(self.path_gain(level_percent, horizon_months), level_percent)

    def arrival_of(self, gain: Draws, level_percent: float | Draws) -> Draws:
        """Return the same where the gains by month (n, T) are known."""
        last, months = last_level(level_percent), gain.shape[1]
        final = self.final_gain(last)[:, None]
        nothing = np.abs(final) < 1e-9
        if not nothing.any():
            return gain / final
        carried = 1 - self.response.carryover_rate[:, None] ** np.arange(1, months + 1)
        if isinstance(level_percent, np.ndarray) and last != 100:
            carried = (self.response.carried(level_percent, months) - 1) / (last / 100 - 1)
        return np.where(nothing, carried, gain / np.where(nothing, 1.0, final))


def last_level(level_percent: float | Draws) -> float:
    """Return the level that is held in the end: the level itself, or where a course of levels by month ends.

    >>> last_level(120.0), last_level(np.array([110.0, 150.0]))
    (120.0, 150.0)
    """
    return float(np.ravel(level_percent)[-1])


def ramp_to(plan_percent: float, level_percent: ArrayLike) -> Draws:
    """Return how much of what comes with a plan is there at a level: 0 today, 1 from the plan's level on.

    >>> ramp_to(150.0, [50.0, 100.0, 125.0, 200.0]).tolist()
    [0.0, 0.0, 0.5, 1.0]
    """
    level = np.asarray(level_percent, dtype=float)
    if plan_percent == 100:
        return np.ones(level.shape)
    return np.clip((level - 100) / (plan_percent - 100), 0.0, 1.0)


def draw_future(
    response: ResponsePosterior,
    baseline: Baseline,
    seed: int = 0,
    mixes: Sequence[TenureMix | None] = (),
    channels: Sequence[ChannelPosterior] = (),
) -> Future:
    """Return the future of the segments of `baseline`: churn around that of the trailing months, strengths from the response.

    A segment with a mix of tenures has its churn, and how it goes on, from that; another's is uncertain by the count of
    customers lost (its Jeffreys posterior). Each is so too because a year can be a good or a bad one: see
    `luck_of_the_year`. A segment without spend today has no level to raise: its response is switched off.
    """
    n = len(response.family)
    rng = np.random.default_rng([seed, 7])
    churn = np.empty((n, len(baseline.segments)))
    for s, segment in enumerate(baseline.segments):
        u = (rng.permutation(n) + 0.5) / n
        lost = min(segment.customers_lost, segment.customer_months)
        churn[:, s] = jeffreys_quantiles(lost, segment.customer_months, u)
    churn, ageing = age(churn, mixes, seed)
    luck = luck_of_the_year(response, baseline.whole.months, len(baseline.segments), rng)
    churn = np.minimum(churn * np.exp(luck), 1.0)
    spends = np.array([segment.cx_spend_per_month > 0 for segment in baseline.segments])
    moved = tuple(replace(one, strength=one.strength * spends) for one in channels)
    return Future(response=response, churn=churn, strength=response.strength * spends, ageing=ageing, channels=moved)


def luck_of_the_year(response: ResponsePosterior, months: int, n_segments: int, rng: np.random.Generator) -> Draws:
    """Return how far, in log hazard, the churn of the trailing `months` lies from its level for no lasting reason, (n, S).

    The mean over T months of month effects N(0, s_g^2), the same for all segments, and of each segment's own drift, an
    autoregression of spread s_u and memory rho: variance s_g^2 / T + s_u^2 sum_ij rho^|i-j| / T^2.
    """
    lag = np.arange(1, months)
    together = 2 * (months - lag) @ response.drift_memory ** lag[:, None] + months
    month, drift = (rng.standard_normal((len(response.family), count)) for count in (1, n_segments))
    own = response.drift_spread * np.sqrt(together) / months
    return month * (response.month_spread / np.sqrt(months))[:, None] + drift * own[:, None]


def retention_change(future: Future, customers: Draws, level_percent: float) -> Draws:
    """Return the long-run change in annual retention at a level against today, in points, weighted by customers, (n,)."""
    weight = customers / max(customers.sum(), 1e-12)
    cut = future.strength * future.final_gain(level_percent)[:, None]
    if future.typed is not None:
        cut = cut + ramp_to(future.typed.plan_percent, level_percent) * future.typed.cut
    return 100 * ((kept_through_a_year(future, cut) - future.kept_today) @ weight)


def kept_through_a_year(future: Future, cut: Draws | float) -> Draws:
    """Return the share of today's customers kept through a year, prod_t (1 - h_t e^(-cut)), (n, S).

    `cut` is what spend takes off log churn, broadcast against (n, S). With a constant churn (1 - h e^(-cut))^12.
    """
    left = np.exp(-cut)
    if future.ageing is None:
        kept = np.maximum(1 - future.churn * left, 0.0)
        year = kept * kept * kept
        year *= year
        year *= year  # by squaring: numpy's own power is a hundred times as slow
        return year
    year = np.ones(future.churn.shape)
    for month in future.hazards(12)[0]:
        year *= np.maximum(1 - month.T * left, 0.0)
    return year


def _slope_of_retention(future: Future, cut: Draws) -> Draws:
    """Return the derivative of annual retention in the cut over annual retention itself, (n, S)."""
    left = np.exp(-cut)
    if future.ageing is None:
        hazard = np.minimum(future.churn * left, 1.0)
        return np.asarray(12 * hazard / np.maximum(1 - hazard, 1e-12))
    hazards = (np.minimum(month.T * left, 1.0) for month in future.hazards(12)[0])
    return sum((hazard / np.maximum(1 - hazard, 1e-12) for hazard in hazards), np.zeros(future.churn.shape))


def cut_for_uplift(future: Future, customers: Draws, uplift_pp: Draws | float, beside: Draws | float = 0.0) -> Draws:
    """Return the proportional churn cut, (n,) in log hazard and the same in all segments, that lifts annual retention so far.

    Solves sum_s w_s R_s(beside + cut) = sum_s w_s R_s(0) + uplift by Newton's method, `beside` (n, S) being cut already; NaN where no
    cut reaches it.
    """
    weight = customers / max(customers.sum(), 1e-12)
    goal = future.kept_today @ weight + np.asarray(uplift_pp) / 100
    cut = np.zeros(len(future.churn))
    for _ in range(40):
        year = kept_through_a_year(future, beside + cut[:, None])
        slope = (year * _slope_of_retention(future, beside + cut[:, None])) @ weight
        miss = year @ weight - goal
        step = np.clip(-miss / np.maximum(slope, 1e-12), -0.7, 0.7)
        cut = cut + step
        if np.abs(step).max() < 1e-12:
            break
    return np.where((goal < 1) & (goal >= 0) & (np.abs(miss) < 1e-9), cut, np.nan)


class UpliftLever:
    """The uplift that may be typed for a plan's level, over what the evidence finds there: what does not depend on it is worked out once.

    The typed one has the evidence's spread round it: typed + (u - m) t with u the evidence's own uplift, m its middle, and t = typed / m up
    to the evidence's own and 1 beyond (where m is 0, in place of it the mean, or the most harm of a draw). So 0 means none in every
    draw and segment, the evidence's middle gives back the evidence, and each draw rises with what is typed. Up to the evidence's own its cuts are scaled; the rest is cut alike in all segments. Retention stays
    within 0 and 1.
    """

    def __init__(
        self, future: Future, customers: Draws, level_percent: float, months: int, path: Path | None = None
    ) -> None:
        self.future = future if future.typed is None else replace(future, typed=None)
        self.customers, self.level_percent = customers, level_percent
        self.cut = future.strength * future.final_gain(level_percent)[:, None]
        self.path = path or self.future.path(level_percent, months)
        self.arrival = np.ascontiguousarray(future.arrival_of(self.path.gain.T, level_percent).T)
        weight = customers / max(customers.sum(), 1e-12)
        self.kept = 100 * self.future.kept_today @ weight
        self.found = 100 * kept_through_a_year(future, self.cut) @ weight - self.kept
        self.middle = float(np.median(self.found))
        self.whole = self.middle or max(float(self.found.mean()), -float(self.found.min()))

    def at(self, uplift_pp: float) -> Future:
        """Return the future in which the plan lifts annual retention by a typed uplift."""
        share = uplift_pp / self.whole if self.whole else float(np.inf * np.sign(uplift_pp) if uplift_pp else 0.0)
        wanted = uplift_pp + (self.found - self.middle) * min(max(share, -1.0), 1.0)
        wanted = np.clip(wanted, -_ALMOST * self.kept, _ALMOST * (100 - self.kept))
        scaled = self.cut * min(max(share, 0.0), 1.0)
        alike = np.nan_to_num(cut_for_uplift(self.future, self.customers, wanted, scaled))
        return replace(
            self.future,
            typed=TypedCut(scaled + alike[:, None] - self.cut, self.level_percent, self.arrival, self.path),
        )


_ALMOST = 0.99  # of all that retention could fall or rise
