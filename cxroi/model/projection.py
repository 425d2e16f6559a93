"""The projection: customers month by month under a level of spend, on a leading axis of draws.

N_t = N_{t-1} (1 - h_t) + joins with h_t = h_today exp(-b (g(r_t) - g(1))) and r_t = l + (1 - l) a^t for a level l held from month 1 on.
Everything money depends on is linear in two sums per draw and segment: the discounted customer-months of one customer
who is there today, and of one who joins every month. They are worked out once for a grid of levels; a slider only adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.model.baseline import Baseline
from cxroi.model.response import ResponsePosterior
from cxroi.model.tenure import Ageing, TenureMix, age
from cxroi.model.uncertainty import Draws

# Percent of today's spend; 98 and 102 give the marginal return at today's.
LEVELS = np.array(sorted({*range(0, 201, 5), *range(210, 301, 10), 98, 102}), dtype=float)
_CACHE_SIZE = 8192  # numbers worked on at once, so that they stay in the processor's fast memory
COARSE_LEVELS = np.array(sorted({*range(0, 201, 10), *range(220, 301, 20), 98, 102}), dtype=float)


@dataclass(frozen=True, kw_only=True, eq=False)
class Future:
    """What is drawn about the years to come: churn this month at today's spend (n, S), strengths (n, S), the response behind
    them, and how churn falls as customers age, if it does."""

    response: ResponsePosterior
    churn: Draws
    strength: Draws
    ageing: Ageing | None = None  # how churn moves with tenure where the data say that it does

    def thinned(self, count: int) -> Future:
        """Return at most `count` of the draws, evenly spaced."""
        return self.take(slice(None, None, max(1, len(self.churn) // count)))

    def take(self, draws: NDArray[np.int64] | slice) -> Future:
        """Return the future made of some of the draws."""
        return replace(
            self,
            response=self.response.take(draws),
            churn=self.churn[draws],
            strength=self.strength[draws],
            ageing=self.ageing and self.ageing.of(slice(None), draws),
        )

    def only(self, segments: slice) -> Future:
        """Return the future of some of the segments."""
        ageing = self.ageing and self.ageing.of(segments, slice(None))
        return replace(self, churn=self.churn[:, segments], strength=self.strength[:, segments], ageing=ageing)

    def hazards(self, months: int) -> tuple[Draws, Draws]:
        """Return churn at today's spend by month, (T, S, n), of today's customers and of those who have joined since."""
        now = np.ascontiguousarray(self.churn.T)
        if self.ageing is None:
            same = np.broadcast_to(now, (months, *now.shape))
            return same, same
        return now * self.ageing.stock[:months], now * self.ageing.joined[:months]

    def with_strength(self, strength: Draws) -> Future:
        """Return the same future with other strengths."""
        return replace(self, strength=strength)

    def path_gain(self, level_percent: float, horizon_months: int) -> Draws:
        """Return g(r_t) - g(1) for months 1 to the horizon, (n, T), when spend is held at a level from today's on."""
        level, month = level_percent / 100, np.arange(1, horizon_months + 1)
        with np.errstate(divide="ignore"):
            memory = np.exp(np.outer(np.log(self.response.carryover_rate), month))
        return self.response.gains(level + (1 - level) * memory) - self.response.gains(1.0)[:, None]

    def final_gain(self, level_percent: float) -> Draws:
        """Return g(l) - g(1), the gain per unit of strength once carryover has run its course, (n,)."""
        return self.response.gains(level_percent / 100) - self.response.gains(1.0)

    def arrival(self, level_percent: float, horizon_months: int) -> Draws:
        """Return how much of what a level buys in the end is there by month 1 to the horizon, (n, T).

        (g(r_t) - g(1)) / (g(l) - g(1)); carryover alone, 1 - a^t, where the level buys nothing.
        """
        final = self.final_gain(level_percent)[:, None]
        carried = 1 - self.response.carryover_rate[:, None] ** np.arange(1, horizon_months + 1)
        nothing = np.abs(final) < 1e-9
        return np.where(nothing, carried, self.path_gain(level_percent, horizon_months) / np.where(nothing, 1.0, final))


def draw_future(
    response: ResponsePosterior, baseline: Baseline, seed: int = 0, mixes: Sequence[TenureMix | None] = ()
) -> Future:
    """Return the future of the segments of `baseline`: churn around that of the trailing months, strengths from the response.

    A segment with a mix of tenures has its churn, and how it goes on, from that; another's is uncertain by the count of
    customers lost (its Jeffreys posterior). Each is so too because a year can be a good or a bad one: see
    `luck_of_the_year`. A segment without spend today has no level to raise: its response is switched off.
    """
    from scipy.special import betaincinv

    n = len(response.family)
    rng = np.random.default_rng([seed, 7])
    churn = np.empty((n, len(baseline.segments)))
    for s, segment in enumerate(baseline.segments):
        u = (rng.permutation(n) + 0.5) / n
        lost = min(segment.customers_lost, segment.customer_months)
        churn[:, s] = betaincinv(lost + 0.5, segment.customer_months - lost + 0.5, u)
    churn, ageing = age(churn, mixes, seed)
    luck = luck_of_the_year(response, baseline.whole.months, len(baseline.segments), rng)
    churn = np.minimum(churn * np.exp(luck), 1.0)
    spends = np.array([segment.cx_spend_per_month > 0 for segment in baseline.segments])
    return Future(response=response, churn=churn, strength=response.strength * spends, ageing=ageing)


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


def discount_factors(annual_discount_rate: float, horizon_months: int) -> Draws:
    """Return (1 + annual)^(-m/12) for month ends 1 to the horizon.

    >>> discount_factors(0.1, 12)[-1].round(6).item()
    0.909091
    """
    return (1 + annual_discount_rate) ** (-np.arange(1, horizon_months + 1) / 12)


def tail_months(churn: Draws, annual_discount_rate: float, horizon_months: int, months: int) -> Draws:
    """Return the discounted customer-months in the `months` after the horizon of one customer who is there at its end.

    d^H sum_k q^k for k = 1 to M, which is d^H q (1 - q^M) / (1 - q), with q = (1 - h) d and d = (1 + annual)^(-1/12); churn h
    is today's, since the plan's spend ends with the horizon. Where nobody leaves and nothing is discounted, M itself.

    >>> tail_months(np.array([0.0, 0.5, 1.0]), 0.0, 36, 12).round(6).tolist()
    [12.0, 0.999756, 0.0]
    """
    monthly = (1 + annual_discount_rate) ** (-1 / 12)
    q = (1 - np.minimum(churn, 1.0)) * monthly
    lost = np.clip(1 - q, 1e-12, 1 - 1e-12)
    tail = np.where(q > 1 - 1e-12, float(months), q * -np.expm1(months * np.log1p(-lost)) / lost)
    return np.asarray(monthly**horizon_months * tail)


def customer_months(future: Future, path_gain: Draws, discount: Draws) -> tuple[Draws, Draws]:
    """Return (stay, inflow), each (S, n): discounted customer-months per customer today, and per customer joining a month.

    Worked backwards from the path of gains (n, T), month by month: worth_t = kept_t (d_t + worth_{t+1}).
    """
    gain = np.ascontiguousarray(path_gain.T)
    stock, joined = future.hazards(len(gain))
    stay, inflow = _worth_of_customers(stock, future, gain, discount)
    return stay, inflow if joined is stock else _worth_of_customers(joined, future, gain, discount)[1]


def _worth_of_customers(hazard: Draws, future: Future, gain: Draws, discount: Draws) -> tuple[Draws, Draws]:
    ahead, inflow = np.zeros(hazard.shape[1:]), np.zeros(hazard.shape[1:])
    for kept, factor in zip(_kept(hazard[::-1], future, gain[::-1]), discount[::-1], strict=True):
        ahead += factor
        inflow += ahead  # who joins at the end of a month is counted in it and faces no churn before the next
        ahead *= kept
    return ahead, inflow


def customers_by_month(future: Future, path_gain: Draws, customers: Draws, joins: Draws) -> Draws:
    """Return customers at each month end, (T, S, n), for customers today and joins a month per segment (S,)."""
    gain = np.ascontiguousarray(path_gain.T)
    stock, joined = future.hazards(len(gain))
    if joined is stock:
        return _customers(stock, future, gain, customers, joins)
    staying = _customers(stock, future, gain, customers, np.zeros(joins.shape))
    return staying + _customers(joined, future, gain, np.zeros(customers.shape), joins)


def _customers(hazard: Draws, future: Future, gain: Draws, customers: Draws, joins: Draws) -> Draws:
    out = np.empty(hazard.shape)
    now = np.broadcast_to(customers[:, None], hazard.shape[1:])
    for month, kept in enumerate(_kept(hazard, future, gain)):
        now = np.multiply(now, kept, out=out[month])
        now += joins[:, None]
    return out


def _kept(hazard: Draws, future: Future, gain: Draws) -> Iterator[Draws]:
    """Yield the share kept, 1 - h exp(-b gain) and never below 0, for each month of `hazard` (T, S, n) and `gain` (T, n)."""
    drop = np.negative(future.strength.T, order="C")
    one = hazard[:1] if hazard.strides[0] == 0 else hazard  # a constant hazard is the same array every month
    worst = one.max(initial=0.0) * np.exp(np.abs(drop).max(initial=0.0) * np.abs(gain).max(initial=0.0))
    block = max(1, _CACHE_SIZE // max(drop.size, 1))
    for start in range(0, len(gain), block):
        kept = drop * gain[start : start + block, None, :]
        np.exp(kept, out=kept)
        kept *= hazard[start : start + block]
        np.subtract(1.0, kept, out=kept)
        yield from kept if worst <= 1 else np.maximum(kept, 0.0, out=kept)


@dataclass(frozen=True, kw_only=True, eq=False)
class ProjectionTable:
    """Discounted customer-months for a grid of levels: stay and inflow (L, S, n). Shared by every slider that keeps
    horizon and discount rate."""

    level_percent: Draws
    stay: Draws
    inflow: Draws
    discount: Draws
    future: Future
    _last: dict[bytes, Headcount] = field(default_factory=dict, repr=False)

    @property
    def today(self) -> int:
        """Return the row of today's level."""
        return int(np.flatnonzero(self.level_percent == 100)[0])

    def headcount(self, customers: Draws, joins: Draws) -> Headcount:
        """Return the customers behind the table, for customers and joins per segment (S,); the last one asked for is kept."""
        key = customers.tobytes() + joins.tobytes()
        known = self._last.get(key)
        if known is None:
            known = Headcount(table=self, customers=customers, joins=joins)
            self._last.clear()
            self._last[key] = known
        return known


@dataclass(frozen=True, kw_only=True, eq=False)
class Headcount:
    """How many customers there are at each level of spend; today's and the last plan's months are kept."""

    table: ProjectionTable
    customers: Draws
    joins: Draws
    _months: dict[float, Draws] = field(default_factory=dict, repr=False)

    @cached_property
    def added(self) -> Draws:
        """Return the customers that each level of the grid adds to today's by the end of the horizon, (L, S, n)."""
        future, horizon = self.table.future, self.table.discount.size
        gains = (future.path_gain(level, horizon) for level in self.table.level_percent.tolist())
        at_end = np.stack([customers_by_month(future, gain, self.customers, self.joins)[-1] for gain in gains])
        return at_end - at_end[self.table.today]

    def added_at_end(self, level_percent: float) -> Draws:
        """Return the same at one level, (S, n)."""
        return self.by_month(level_percent)[-1] - self.by_month(100.0)[-1]

    @cached_property
    def months(self) -> Draws:
        """Return discounted customer-months over the grid of levels, (L, S, n)."""
        table = self.table
        return self.customers[:, None] * table.stay + self.joins[:, None] * table.inflow

    def by_month(self, level_percent: float) -> Draws:
        """Return customers at each month end when spend is held at a level, (T, S, n)."""
        known = self._months.get(level_percent)
        if known is None:
            gain = self.table.future.path_gain(level_percent, self.table.discount.size)
            known = customers_by_month(self.table.future, gain, self.customers, self.joins)
            for level in [level for level in self._months if level != 100]:
                self._months.pop(level, None)
            self._months[level_percent] = known
        return known

    def months_at(self, level_percent: float) -> Draws:
        """Return discounted customer-months at one level, (S, n)."""
        row = np.flatnonzero(self.table.level_percent == level_percent)
        if row.size:
            at: Draws = self.months[row[0]]
            return at
        return np.tensordot(self.table.discount, self.by_month(level_percent), 1)


def tabulate(
    future: Future, annual_discount_rate: float, horizon_months: int, level_percent: NDArray[np.float64] = LEVELS
) -> ProjectionTable:
    """Return the table of discounted customer-months over a grid of levels."""
    gains = (future.path_gain(level, horizon_months) for level in level_percent)
    return project(future, discount_factors(annual_discount_rate, horizon_months), level_percent, gains)


def project(future: Future, discount: Draws, level_percent: Draws, path_gains: Iterable[Draws]) -> ProjectionTable:
    """Return the table for levels (L,) whose path gains, (n, T) each, are known."""
    pairs = [customer_months(future, gain, discount) for gain in path_gains]
    return ProjectionTable(
        level_percent=level_percent,
        stay=np.stack([stay for stay, _ in pairs]),
        inflow=np.stack([inflow for _, inflow in pairs]),
        discount=discount,
        future=future,
    )


def retention_change(future: Future, customers: Draws, level_percent: float) -> Draws:
    """Return the long-run change in annual retention at a level against today, in points, weighted by customers, (n,)."""
    weight = customers / max(customers.sum(), 1e-12)
    cut = future.strength * future.final_gain(level_percent)[:, None]
    return 100 * ((annual_retention(future, cut)[0] - annual_retention(future, 0.0)[0]) @ weight)


def annual_retention(future: Future, cut: Draws | float) -> tuple[Draws, Draws]:
    """Return the share of today's customers kept through a year, prod_t (1 - h_t e^(-cut)), and its slope in cut; (n, S) each.

    `cut` is what spend takes off log churn, broadcast against (n, S). With a constant churn (1 - h e^(-cut))^12.
    """
    if future.ageing is None:
        hazard = np.minimum(future.churn * np.exp(-cut), 1.0)
        kept = 1 - hazard
        year = kept * kept * kept
        year *= year
        year *= year  # by squaring: numpy's own power is a hundred times as slow
        return year, 12 * year * hazard / np.maximum(kept, 1e-12)
    year, slope = np.ones(future.churn.shape), np.zeros(future.churn.shape)
    for month in future.hazards(12)[0]:
        hazard = np.minimum(month.T * np.exp(-cut), 1.0)
        year *= 1 - hazard
        slope += hazard / np.maximum(1 - hazard, 1e-12)
    return year, year * slope


def cut_for_uplift(future: Future, customers: Draws, uplift_pp: float) -> Draws:
    """Return the proportional churn cut, (n,) in log hazard and the same in all segments, that lifts annual retention so far.

    Solves sum_s w_s R_s(cut) = sum_s w_s R_s(0) + uplift by Newton's method; NaN where no cut reaches it.
    """
    weight = customers / max(customers.sum(), 1e-12)
    goal = annual_retention(future, 0.0)[0] @ weight + uplift_pp / 100
    cut = np.zeros(len(future.churn))
    for _ in range(40):
        year, slope = annual_retention(future, cut[:, None])
        miss = year @ weight - goal
        step = np.clip(-miss / np.maximum(slope @ weight, 1e-12), -0.7, 0.7)
        cut = cut + step
        if np.abs(step).max() < 1e-12:
            break
    return np.where((goal < 1) & (goal >= 0) & (np.abs(miss) < 1e-9), cut, np.nan)
