"""The projection: customers month by month under a level of spend, on a leading axis of draws.

N_t = N_{t-1} (1 - h_t) + joins with h_t = h_today exp(-b (g(r_t) - g(1))) and r_t = l + (1 - l) a^t for a level l held from month 1 on.
Everything money depends on is linear in two sums per draw and segment: the discounted customer-months of one customer
who is there today, and of one who joins every month. They are worked out once for a grid of levels; a slider only adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.model.channels import Channel
from cxroi.model.discount import discount_factors, discount_rate
from cxroi.model.future import Future, Growth
from cxroi.model.uncertainty import Draws

# Percent of today's spend; 98 and 102 give the marginal return at today's.
LEVELS = np.array(sorted({*range(0, 201, 5), *range(210, 301, 10), 98, 102}), dtype=float)
_CACHE_SIZE = 8192  # numbers worked on at once, so that they stay in the processor's fast memory
COARSE_LEVELS = np.array(sorted({*range(0, 201, 10), *range(220, 301, 20), 98, 102}), dtype=float)


def tail_months(churn: Draws, annual_discount_rate: float, horizon_months: int, months: int) -> Draws:
    """Return the discounted customer-months in the `months` after the horizon of one customer who is there at its end.

    d^H sum_k q^k for k = 1 to M, which is d^H q (1 - q^M) / (1 - q), with q = (1 - h) d and d = (1 + annual)^(-1/12); churn h
    is today's, since the plan's spend ends with the horizon. Where nobody leaves and nothing is discounted, M itself.

    >>> tail_months(np.array([0.0, 0.5, 1.0]), 0.0, 36, 12).round(6).tolist()
    [12.0, 0.999756, 0.0]
    """
    monthly = (1 + discount_rate(annual_discount_rate)) ** (-1 / 12)
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


@dataclass(frozen=True, kw_only=True, eq=False)
class More:
    """What a level does beside churn, in discounted customer-months per customer (stay) and per join a month (inflow), (S, n) each.

    `joined`: of customers who join because of it. `margin` and `support`: sum_t d_t N_t (e^(b G_t) - 1) and (1 - e^(-b G_t)), which times
    margin and support cost a customer-month is the money, customers who join because of it included. None where there is no such channel.
    """

    joined: Draws | None
    margin: tuple[Draws, Draws] | None
    support: tuple[Draws, Draws] | None


def what_else(future: Future, path_gain: Draws, level_percent: float, discount: Draws) -> More | None:
    """Return what a level does beside churn; None where nothing is known to move, and at today's level."""
    months = len(discount)
    grown = {name: future.growth(name, level_percent, months) for name in Channel}
    if all(one is None for one in grown.values()):
        return None
    gain = np.ascontiguousarray(path_gain.T)
    stock, later = future.hazards(months)
    kept = list(_kept(stock, future, gain))
    kept_later = kept if later is stock else list(_kept(later, future, gain))
    joins = grown[Channel.JOINS]
    joined = None if joins is None else _weighted(kept_later, discount, None, joins)[1]
    parts: list[tuple[Draws, Draws] | None] = []
    for name in (Channel.MARGIN, Channel.SUPPORT):
        one = grown[name]
        if one is None:
            parts.append(None)
            continue
        sign = 1.0 if name is Channel.MARGIN else -1.0
        stay, _, inflow = _weighted(kept, discount, (sign, one), joins if later is stock else None)
        if later is not stock:
            inflow = _weighted(kept_later, discount, (sign, one), joins)[2]
        parts.append((stay, inflow))
    return More(joined=joined, margin=parts[0], support=parts[1])


def _weighted(
    kept: list[Draws], discount: Draws, worth: tuple[float, Growth] | None, joins: Growth | None
) -> tuple[Draws, Draws, Draws]:
    """Return (stay, inflow of added joins, inflow of all joins), (S, n), of customer-months worth 1 or sign (factor - 1) each.

    `kept` is the share kept by month, (S, n) each. Only in the draws in which the channel moves: elsewhere worth is 0, and no joins are added.
    """
    draws = worth[1].draws if worth is not None else joins.draws  # type: ignore[union-attr]
    every = draws.size == kept[0].shape[1]
    shape = (kept[0].shape[0], draws.size)
    more: Draws | None = None
    if joins is not None:
        more = joins.factor if worth is None else np.ones((len(kept), *shape))
        if worth is not None:
            place = np.minimum(np.searchsorted(draws, joins.draws), draws.size - 1)
            both = draws[place] == joins.draws
            more[:, :, place[both]] = joins.factor[:, :, both]
    ahead, added, everyone = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for t in range(len(kept) - 1, -1, -1):
        ahead += discount[t] if worth is None else discount[t] * worth[0] * (worth[1].factor[t] - 1)
        if more is None:
            everyone += ahead
        elif worth is None:
            added += ahead * (more[t] - 1)
        else:
            everyone += ahead * more[t]
        ahead *= kept[t] if every else kept[t][:, draws]
    return tuple(_spread(one, draws, kept[0].shape) for one in (ahead, added, everyone))  # type: ignore[return-value]


def _spread(values: Draws, draws: NDArray[np.int64], shape: tuple[int, ...]) -> Draws:
    out = np.zeros(shape)
    out[:, draws] = values
    return out


def customers_by_month(
    future: Future, path_gain: Draws, customers: Draws, joins: Draws, level_percent: float = 100.0
) -> Draws:
    """Return customers at each month end, (T, S, n), for customers today and joins a month per segment (S,)."""
    gain = np.ascontiguousarray(path_gain.T)
    stock, joined = future.hazards(len(gain))
    grown = future.growth(Channel.JOINS, level_percent, len(gain))
    if joined is stock:
        return _customers(stock, future, gain, customers, joins, grown)
    staying = _customers(stock, future, gain, customers, np.zeros(joins.shape))
    return staying + _customers(joined, future, gain, np.zeros(customers.shape), joins, grown)


def _customers(
    hazard: Draws, future: Future, gain: Draws, customers: Draws, joins: Draws, grown: Growth | None = None
) -> Draws:
    out = np.empty(hazard.shape)
    now = np.broadcast_to(customers[:, None], hazard.shape[1:])
    for month, kept in enumerate(_kept(hazard, future, gain)):
        now = np.multiply(now, kept, out=out[month])
        now += joins[:, None] if grown is None else joins[:, None] * grown.of_month(month, hazard.shape[1:])
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
    more: tuple[More | None, ...] = ()  # a level each
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
    shared: dict[object, object] = field(
        default_factory=dict, repr=False
    )  # what plans at several levels have in common
    _months: dict[float, Draws] = field(default_factory=dict, repr=False)
    _else: dict[float, More | None] = field(default_factory=dict, repr=False)  # of the last level off the grid

    @cached_property
    def added(self) -> Draws:
        """Return the customers that each level of the grid adds to today's by the end of the horizon, (L, S, n)."""
        future, horizon = self.table.future, self.table.discount.size
        levels = self.table.level_percent.tolist()
        gains = (future.path_gain(level, horizon) for level in levels)
        at_end = np.stack(
            [
                customers_by_month(future, gain, self.customers, self.joins, level)[-1]
                for gain, level in zip(gains, levels, strict=True)
            ]
        )
        return at_end - at_end[self.table.today]

    def added_at_end(self, level_percent: float) -> Draws:
        """Return the same at one level, (S, n)."""
        return self.by_month(level_percent)[-1] - self.by_month(100.0)[-1]

    @cached_property
    def months(self) -> Draws:
        """Return discounted customer-months over the grid of levels, (L, S, n)."""
        table = self.table
        months = self.customers[:, None] * table.stay + self.joins[:, None] * table.inflow
        for row, more in enumerate(table.more):
            if more is not None and more.joined is not None:
                months[row] += self.joins[:, None] * more.joined
        return months

    @cached_property
    def joined(self) -> Draws:
        """Return the discounted customer-months of those who join because of a level, (L, S, n)."""
        return self._more("joined")

    @cached_property
    def margin_months(self) -> Draws:
        """Return by how many customer-months' margin a level raises margin per customer, discounted, (L, S, n)."""
        return self._more("margin")

    @cached_property
    def support_months(self) -> Draws:
        """Return how many customer-months' support cost a level saves by making support cheaper, discounted, (L, S, n)."""
        return self._more("support")

    def _more(self, name: str) -> Draws:
        table = self.table
        out = np.zeros(table.stay.shape)
        for row, more in enumerate(table.more):
            out[row] = self._more_of(more, name)
        return out

    def _more_of(self, more: More | None, name: str) -> Draws | float:
        part = None if more is None else getattr(more, name)
        if part is None:
            return 0.0
        if name == "joined":
            return self.joins[:, None] * part
        return self.customers[:, None] * part[0] + self.joins[:, None] * part[1]

    def more_at(self, level_percent: float) -> tuple[Draws | float, Draws | float, Draws | float]:
        """Return added joins, margin and support months at one level, (S, n) each."""
        row = np.flatnonzero(self.table.level_percent == level_percent)
        if row.size:
            more = self.table.more[row[0]] if self.table.more else None
        elif level_percent in self._else:
            more = self._else[level_percent]
        else:
            future = self.table.future
            gain = future.path_gain(level_percent, self.table.discount.size)
            more = what_else(future, gain, level_percent, self.table.discount)
            self._else.clear()
            self._else[level_percent] = more
        return tuple(self._more_of(more, name) for name in ("joined", "margin", "support"))  # type: ignore[return-value]

    def by_month(self, level_percent: float) -> Draws:
        """Return customers at each month end when spend is held at a level, (T, S, n)."""
        known = self._months.get(level_percent)
        if known is None:
            gain = self.table.future.path_gain(level_percent, self.table.discount.size)
            known = customers_by_month(self.table.future, gain, self.customers, self.joins, level_percent)
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
    pairs, more = [], []
    for level, gain in zip(level_percent.tolist(), path_gains, strict=True):
        pairs.append(customer_months(future, gain, discount))
        more.append(what_else(future, gain, level, discount) if future.channels else None)
    return ProjectionTable(
        level_percent=level_percent,
        stay=np.stack([stay for stay, _ in pairs]),
        inflow=np.stack([inflow for _, inflow in pairs]),
        discount=discount,
        future=future,
        more=tuple(more) if any(one is not None for one in more) else (),
    )
