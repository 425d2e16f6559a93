"""The projection: customers month by month under a level of spend, on a trailing axis of draws, and what they add up to.

N_t = N_{t-1} (1 - h_t) + joins exp(b_j G_j(t)) with h_t = h_today exp(-b (g(r_t) - g(1))) and r_t = l + (1 - l) a^t for a level l held from month 1
on. Everything money depends on is linear in a few sums per draw and segment: the discounted customer-months of one customer who is
there today, and of one who joins every month; the same weighted by what a level adds to margin or takes off support cost; and who
is there at the end. They are worked out once for a grid of levels; a slider only adds and multiplies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.model.discount import discount_factors, monthly_factor
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.customer_months import Sums, customers_by_month, stacked, sums_at, sums_of
from cxroi.model.value.future import Future, Path
from cxroi.model.value.held_level import HeldLevel, hold

# Percent of today's spend; 98 and 102 give the marginal return at today's. In between, values are interpolated or worked out.
LEVELS = np.array(sorted({*range(0, 201, 10), *range(220, 301, 20), 95, 98, 102, 105}), dtype=float)


# The same range where fewer will do: in small steps near today, and in between the curve is straight.
COARSE_LEVELS = np.array([0, 30, 60, 80, 98, 100, 102, 120, 150, 200, 300], dtype=float)


def tail_months(churn: Draws, annual_discount_rate: float, horizon_months: int, months: Draws | int) -> Draws:
    """Return the discounted customer-months in the `months` after the horizon of one customer who is there at its end.

    d^H sum_k q^k for k = 1 to M, which is d^H q (1 - q^M) / (1 - q), with q = (1 - h) d and d = (1 + annual)^(-1/12); churn h
    is today's, since the plan's spend ends with the horizon. Where nobody leaves and nothing is discounted, M itself.

    >>> tail_months(np.array([0.0, 0.5, 1.0]), 0.0, 36, 12).round(6).tolist()
    [12.0, 0.999756, 0.0]
    """
    monthly = monthly_factor(annual_discount_rate)
    q = (1 - np.minimum(churn, 1.0)) * monthly
    lost = np.clip(1 - q, 1e-12, 1 - 1e-12)
    tail = np.where(q > 1 - 1e-12, months, q * -np.expm1(months * np.log1p(-lost)) / lost)
    return np.asarray(monthly**horizon_months * tail)


LONGEST_LIFE = 60


def remaining_life_months(churn: Draws, annual_discount_rate: float) -> Draws:
    """Return M = min(60, round(ln 0.05 / ln q)), q = (1 - h)(1 + annual)^(-1/12): the months after which 5 % of the value of a customer
    who is there today is still to come.

    >>> remaining_life_months(np.array([0.0, 0.02, 0.1, 1.0]), 0.10).tolist()
    [60.0, 60.0, 26.0, 0.0]
    """
    q = (1 - np.clip(churn, 0.0, 1.0)) * monthly_factor(annual_discount_rate)
    with np.errstate(divide="ignore"):
        life = np.where(q >= 1 - 1e-12, LONGEST_LIFE, np.log(0.05) / np.minimum(np.log(np.maximum(q, 0.0)), -1e-12))
    return np.minimum(np.round(life), LONGEST_LIFE)


@dataclass(frozen=True, kw_only=True, eq=False)
class ProjectionTable:
    """The sums for a grid of levels, shared by every slider that keeps horizon and discount rate."""

    sums: Sums
    discount: Draws
    future: Future
    plain: ProjectionTable | None = None  # of the same evidence, with nothing typed
    _last: dict[object, Headcount] = field(default_factory=dict, repr=False)

    @property
    def level_percent(self) -> Draws:
        """Return the grid of levels, (L,)."""
        return self.sums.level_percent

    @property
    def today(self) -> int:
        """Return the row of today's level."""
        return int(np.flatnonzero(self.level_percent == 100)[0])

    @cached_property
    def without_plan(self) -> Sums:
        """Return the sums of today's level with nothing typed (L = 1)."""
        row = self.sums_at(100.0)
        typed = self.future.typed
        if typed is None or typed.plan_percent != 100:
            return row
        bare = replace(self.future, typed=None)
        return sums_of(bare, bare.path(100.0, self.discount.size), 100.0, self.discount)

    def sums_at(self, level_percent: float) -> Sums:
        """Return the sums of one level of the grid (L = 1)."""
        row = int(np.flatnonzero(self.level_percent == level_percent)[0])
        return self.sums.rows(slice(row, row + 1))

    @property
    def nbytes(self) -> int:
        """Return the memory that the sums hold, bytes."""
        parts = (self.sums, self.sums.joined, self.sums.margin, self.sums.support)
        arrays = (getattr(one, f.name) for one in parts if one is not None for f in fields(one))
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))

    def headcount(self, customers: Draws, joins: Draws, without: frozenset[Channel] = frozenset()) -> Headcount:
        """Return the customers behind the table, for customers and joins per segment (S,), some channels not counted; the last few
        asked for are kept."""
        key = (customers.tobytes(), joins.tobytes(), without)
        known = self._last.get(key)
        if known is None:
            known = Headcount(table=self, customers=customers, joins=joins, without=without)
            if len(self._last) >= 2:
                self._last.clear()
            self._last[key] = known
        return known


@dataclass(frozen=True, kw_only=True, eq=False)
class Headcount:
    """How many customers there are at each level of spend; the last plan's months are kept."""

    table: ProjectionTable
    customers: Draws
    joins: Draws
    without: frozenset[Channel] = frozenset()  # channels that are not counted
    shared: dict[object, object] = field(
        default_factory=dict, repr=False
    )  # what plans at several levels have in common
    _held: dict[tuple[float, bytes], HeldLevel] = field(default_factory=dict, repr=False)
    _paths: dict[tuple[float, bytes], Path] = field(default_factory=dict, repr=False)

    @property
    def counts_joined(self) -> bool:
        """Return whether those who join because of spend are counted."""
        return Channel.JOINS not in self.without

    def path(self, level_percent: float, course: Draws | None = None) -> Path:
        """Return what a level, or a course of levels by month (T,) that ends at it, does month by month; that of the last one asked for is
        kept."""
        key = _key(level_percent, course)
        found = self._paths.get(key)
        if found is None:  # threads share this: each goes on with what it has made itself
            found = self.table.future.path(level_percent if course is None else course, self.table.discount.size)
            self._paths.clear()
            self._paths[key] = found
        return found

    def at(self, level_percent: float, course: Draws | None = None) -> Sums | HeldLevel:
        """Return what is known of one level (L = 1): the sums of the grid where it is on it and held from the first month on, else the
        level held, or reached by a course of levels by month (T,)."""
        if course is None and (self.table.level_percent == level_percent).any():
            return self.table.sums_at(level_percent)
        return self.held(level_percent, course)

    def held(self, level_percent: float, course: Draws | None = None) -> HeldLevel:
        """Return a level held, or reached by a course, month by month; that of the last one asked for is kept."""
        key = _key(level_percent, course)
        found = self._held.get(key)
        if found is None:
            found = hold(
                self.table.future,
                self.path(level_percent, course),
                level_percent,
                self.table.discount,
                self.customers,
                self.joins,
                self.counts_joined,
                course,
            )
            self._held.clear()
            self._held[key] = found
        return found

    def months_of(self, sums: Sums | HeldLevel) -> Draws:
        """Return discounted customer-months, (L, S, n)."""
        if isinstance(sums, HeldLevel):
            return sums.months[None]
        months = self.customers[:, None] * sums.stay + self.joins[:, None] * sums.inflow
        if sums.joined is not None and self.counts_joined:
            months[:, :, sums.joined.draws] += self.joins[:, None] * sums.joined.months
        return months

    def joined_months(self, sums: Sums | HeldLevel) -> Draws:
        """Return the discounted months of those who join because of one level (L = 1), means over the draws (S,)."""
        if isinstance(sums, HeldLevel):
            return sums.joined
        if sums.joined is None or not self.counts_joined:
            return np.zeros(self.customers.size)
        return np.asarray(self.joins * sums.joined.months[0].sum(axis=1) / self.draws)

    def more_of(self, sums: Sums | HeldLevel, name: Channel, weight: Draws) -> tuple[NDArray[np.int64] | None, Draws]:
        """Return in which draws (m,) levels move margin or support cost, and months' worth of it (L, m) for a weight per segment (S,)."""
        if isinstance(sums, HeldLevel):
            draws, worth = sums.more.get(name, (None, np.zeros(0)))
            return draws, worth if draws is None else (weight @ worth)[None]
        more = sums.margin if name is Channel.MARGIN else sums.support
        if more is None:
            return None, np.zeros(0)
        return more.draws, more.of(weight * self.customers, weight * self.joins, self.counts_joined)

    def end_of(self, sums: Sums | HeldLevel) -> Draws:
        """Return customers at the end of the horizon, (L, S, n)."""
        if isinstance(sums, HeldLevel):
            return sums.by_month[-1:]
        end = self.customers[:, None] * sums.end_stay + self.joins[:, None] * sums.end_inflow
        if sums.joined is not None and self.counts_joined:
            end[:, :, sums.joined.draws] += self.joins[:, None] * sums.joined.end
        return end

    @cached_property
    def months(self) -> Draws:
        """Return discounted customer-months over the grid of levels, (L, S, n)."""
        return self.months_of(self.table.sums)

    @cached_property
    def today_months(self) -> Draws:
        """Return discounted customer-months of today's customers and joins without any plan, (S, n)."""
        at: Draws = self.months_of(self.table.without_plan)[0]
        return at

    @cached_property
    def today_by_month(self) -> Draws:
        """Return customers at each month end without any plan, (T, S, n); the evidence's own where the plan's uplift was typed."""
        if self.table.plain is not None:
            return self.table.plain.headcount(self.customers, self.joins, self.without).today_by_month
        future = replace(self.table.future, typed=None)
        return customers_by_month(future, future.path(100.0, self.table.discount.size), self.customers, self.joins)

    @cached_property
    def _end(self) -> tuple[Draws, Draws]:
        return self.end_of(self.table.sums), self.end_of(self.table.without_plan)[0]

    def added_of(self, sums: Sums | HeldLevel) -> Draws:
        """Return the customers that levels add to today's by the end of the horizon, (L, S, n)."""
        at_end, today = self._end
        return (at_end if sums is self.table.sums else self.end_of(sums)) - today

    @property
    def annuity(self) -> float:
        """Return the discounted number of months."""
        return float(self.table.discount.sum())

    @property
    def draws(self) -> int:
        """Return the number of draws."""
        return len(self.table.future.churn)


def _key(level_percent: float, course: Draws | None) -> tuple[float, bytes]:
    return level_percent, b"" if course is None else course.tobytes()


def tabulate(
    future: Future, annual_discount_rate: float, horizon_months: int, level_percent: NDArray[np.float64] = LEVELS
) -> ProjectionTable:
    """Return the table over a grid of levels."""
    discount = discount_factors(annual_discount_rate, horizon_months)
    paths = (future.path(level, horizon_months) for level in level_percent.tolist())
    return project(future, discount, level_percent, paths)


def tabulate_horizons(
    future: Future, annual_discount_rate: float, horizons: Sequence[int], level_percent: NDArray[np.float64] = LEVELS
) -> dict[int, ProjectionTable]:
    """Return the table at each of some horizons, (months -> table), from one pass over the months of the longest."""
    discount = discount_factors(annual_discount_rate, max(horizons))
    each = [
        sums_at(future, future.path(level, discount.size), level, discount, horizons)
        for level in level_percent.tolist()
    ]
    return {
        months: ProjectionTable(sums=stacked(levels), discount=discount[:months], future=future)
        for months, levels in zip(sorted(horizons), zip(*each, strict=True), strict=True)
    }


def project(future: Future, discount: Draws, level_percent: Draws, paths: Iterable[Path]) -> ProjectionTable:
    """Return the table for levels (L,) whose paths are known."""
    each = [sums_of(future, path, level, discount) for level, path in zip(level_percent.tolist(), paths, strict=True)]
    return ProjectionTable(sums=stacked(each), discount=discount, future=future)


def today_alone(future: Future, discount: Draws) -> ProjectionTable:
    """Return the table of today's level alone, to hold a few other levels against."""
    return project(future, discount, np.array([100.0]), [future.path(100.0, discount.size)])
