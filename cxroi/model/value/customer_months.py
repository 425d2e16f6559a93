"""What customers add up to, month by month, under a level of spend: on a trailing axis of draws, in a few sums per draw and segment.

The discounted customer-months of one customer who is there today, and of one who joins every month; the same weighted by what a level adds to
margin or takes off support cost; and who is there at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from cxroi.model.response.channel import Channel, Moved
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.future import Future, Path

_CACHE_SIZE = 65_536  # numbers worked on at once: few enough for the fast memory, many enough to be worth a call
_ALIKE = 0.6  # share of the draws from which it is faster to work on all of them


@dataclass(frozen=True, kw_only=True, eq=False)
class Joined:
    """Of those who join because of a level, per join a month, in the draws (m,) in which it brings any: discounted customer-months
    (L, S, m), and how many are there at the end."""

    draws: NDArray[np.int64]
    months: Draws
    end: Draws


@dataclass(frozen=True, kw_only=True, eq=False)
class More:
    """What a level adds to each customer-month, in the draws (m,) in which it does: discounted months' worth of it (L, S, m), of one
    customer there today, of one who joins every month, and of those who join because of it (None where nobody does)."""

    draws: NDArray[np.int64]
    stay: Draws
    inflow: Draws
    joined: Draws | None

    def of(self, customers: Draws, joins: Draws, counts_joined: bool) -> Draws:
        """Return sum_s of it for weights per segment (S,) on customers and joins, (L, m)."""
        out = customers @ self.stay + joins @ self.inflow
        return out + joins @ self.joined if counts_joined and self.joined is not None else out


@dataclass(frozen=True, kw_only=True, eq=False)
class Sums:
    """What customers add up to over the horizon for levels (L,): discounted months per customer today and per join a month (L, S, n),
    who of them is there at the end, and what the channels beside churn add."""

    level_percent: Draws
    stay: Draws
    inflow: Draws
    end_stay: Draws
    end_inflow: Draws
    joined: Joined | None = None
    margin: More | None = None
    support: More | None = None

    @property
    def ordered(self) -> Sums:
        """Return the same with the levels in rising order."""
        return self.rows(np.argsort(self.level_percent))

    def rows(self, rows: slice | NDArray[np.int64]) -> Sums:
        """Return the sums of some of the levels."""

        def part(name: str) -> object:
            value = getattr(self, name)
            if value is None or isinstance(value, np.ndarray):
                return None if value is None else value[rows]
            arrays = {f.name: getattr(value, f.name) for f in fields(value) if f.name != "draws"}
            return replace(value, **{n: None if a is None else a[rows] for n, a in arrays.items()})

        return Sums(**{one.name: part(one.name) for one in fields(Sums)})  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some months of a march (B): the share of today's customers still there and how many there are per join a month, (B, S, n) each,
    and in the draws in which a level brings more joins, of those (B, S, m)."""

    months: slice
    stay: Draws
    inflow: Draws
    joined: Draws | None


def march(future: Future, path: Path, stops: Sequence[int] = ()) -> Iterator[Stretch]:
    """Yield the months in stretches that end at `stops` at least.

    Who joins at the end of a month is counted in it and faces no churn before the next.
    """
    stock, later = future.hazards(path.months)
    joins = path.moved.get(Channel.JOINS)
    shape = stock.shape[1:]
    stay, inflow = np.ones(shape), np.zeros(shape)
    joined = np.zeros((0, 0) if joins is None else joins.strength.shape)
    size = max(1, _CACHE_SIZE // max(stay.size, 1))
    ends = sorted({*range(size, path.months, size), *stops, path.months})
    kept_of = _Kept(future, path)
    for start, end in zip([0, *ends], ends, strict=False):
        months = slice(start, end)
        kept = kept_of(stock, months)
        kept_later = kept if later is stock else kept_of(later, months)
        stays, inflows = np.empty(kept.shape), np.empty(kept.shape)
        for i in range(end - start):
            stay = np.multiply(stay, kept[i], out=stays[i])
            inflow = np.multiply(inflow, kept_later[i], out=inflows[i])
            inflow += 1
        own = None
        if joins is not None:
            more, own = joins.factor(months), np.empty((end - start, *joined.shape))
            for i in range(end - start):
                joined = np.multiply(joined, joins.of(kept_later[i]), out=own[i])
                joined += more[i]
                joined -= 1
        yield Stretch(months, stays, inflows, own)


class _Kept:
    """The share kept, 1 - h exp(-b gain) and never below 0, of some months of a hazard (T, S, n)."""

    def __init__(self, future: Future, path: Path) -> None:
        self.drop, self.path = np.negative(future.strength.T, order="C"), path
        most = np.abs(self.drop).max(initial=0.0) * np.abs(path.gain).max(initial=0.0)
        if path.typed is not None:
            most += np.abs(path.typed[0]).max(initial=0.0) * np.abs(path.typed[1]).max(initial=0.0)
        self.most = float(np.exp(most) * future.churn.max(initial=0.0))
        self.most *= 1.0 if future.ageing is None else max(future.ageing.stock.max(), future.ageing.joined.max())

    def __call__(self, hazard: Draws, months: slice, out: Draws | None = None) -> Draws:
        kept = np.multiply(self.drop, self.path.gain[months, None, :], out=out)
        if self.path.typed is not None:
            kept -= self.path.typed[0] * self.path.typed[1][months, None, :]
        np.exp(kept, out=kept)
        kept *= hazard[months]
        np.subtract(1.0, kept, out=kept)
        return kept if self.most <= 1 else np.maximum(kept, 0.0, out=kept)


class _Gathered:
    """Months' worth of what one channel adds, summed as the months go by."""

    def __init__(self, moved: Moved, n: int, joins: Moved | None) -> None:
        self.moved, self.every = moved, moved.draws.size > _ALIKE * n
        self.place = np.arange(n) if self.every else moved.draws
        if self.every and moved.draws.size < n:  # nothing moves in the others
            gain, strength = np.zeros((len(moved.gain), n)), np.zeros((len(moved.strength), n))
            gain[:, moved.draws], strength[:, moved.draws] = moved.gain, moved.strength
            self.moved = Moved(self.place, gain, strength)
        shape = self.moved.strength.shape
        self.stay, self.inflow = np.zeros(shape), np.zeros(shape)
        self.joined = None if joins is None else np.zeros(shape)
        self.both = np.zeros(0, np.int64)
        if joins is not None:  # where both move: places among this channel's draws, and among the joins'
            _, self.both, self.theirs = np.intersect1d(self.place, joins.draws, return_indices=True)

    def add(self, now: Stretch, factors: Draws) -> None:
        """Add some months, worth `factors` (B,) each."""
        worth = self.moved.factor(now.months)
        worth -= 1
        worth *= factors[:, None, None]
        self.stay += (worth * (now.stay if self.every else now.stay[:, :, self.place])).sum(axis=0)
        self.inflow += (worth * (now.inflow if self.every else now.inflow[:, :, self.place])).sum(axis=0)
        if self.joined is not None and now.joined is not None and self.both.size:
            self.joined[:, self.both] += (worth[:, :, self.both] * now.joined[:, :, self.theirs]).sum(axis=0)

    def result(self) -> More:
        """Return the sums so far, on one level."""
        joined = None if self.joined is None else self.joined[None].copy()
        return More(draws=self.place, stay=self.stay[None].copy(), inflow=self.inflow[None].copy(), joined=joined)


def sums_at(future: Future, path: Path, level_percent: float, discount: Draws, horizons: Sequence[int]) -> list[Sums]:
    """Return the sums of one level (L = 1) at each of some horizons, all in one pass over the months."""
    n, shape = len(future.churn), future.strength.T.shape
    joins = path.moved.get(Channel.JOINS)
    stay, inflow = np.zeros(shape), np.zeros(shape)
    joined = None if joins is None else np.zeros(joins.strength.shape)
    more = {
        name: _Gathered(path.moved[name], n, joins) for name in (Channel.MARGIN, Channel.SUPPORT) if name in path.moved
    }
    out = []
    for now in march(future, path, horizons):
        factors = discount[now.months]
        stay += np.tensordot(factors, now.stay, 1)
        inflow += np.tensordot(factors, now.inflow, 1)
        if joined is not None and now.joined is not None:
            joined += np.tensordot(factors, now.joined, 1)
        for name, one in more.items():
            one.add(now, -factors if name is Channel.SUPPORT else factors)
        if now.months.stop in horizons:
            many = None
            if joins is not None and joined is not None and now.joined is not None:
                many = Joined(draws=joins.draws, months=joined[None].copy(), end=now.joined[-1:].copy())
            out.append(
                Sums(
                    level_percent=np.array([level_percent]),
                    stay=stay[None].copy(),
                    inflow=inflow[None].copy(),
                    end_stay=now.stay[-1:].copy(),
                    end_inflow=now.inflow[-1:].copy(),
                    joined=many,
                    margin=more[Channel.MARGIN].result() if Channel.MARGIN in more else None,
                    support=more[Channel.SUPPORT].result() if Channel.SUPPORT in more else None,
                )
            )
    return out


def sums_of(future: Future, path: Path, level_percent: float, discount: Draws) -> Sums:
    """Return the sums of one level (L = 1) at the horizon that `discount` covers."""
    return sums_at(future, path, level_percent, discount, (discount.size,))[0]


def stacked(levels: Sequence[Sums]) -> Sums:
    """Return the sums of several levels as one; today's, at which no channel moves, adds zeros."""

    def part(name: str) -> object:
        values = [getattr(one, name) for one in levels]
        first = next((value for value in values if value is not None), None)
        if first is None or isinstance(first, np.ndarray):
            return None if first is None else np.concatenate(values)
        arrays = [f.name for f in fields(first) if f.name != "draws" and getattr(first, f.name) is not None]
        return replace(
            first,
            **{
                n: np.concatenate([np.zeros_like(getattr(first, n)) if v is None else getattr(v, n) for v in values])
                for n in arrays
            },
        )

    return Sums(**{one.name: part(one.name) for one in fields(Sums)})  # type: ignore[arg-type]


def people_by_month(future: Future, path: Path, customers: Draws, joins: Draws) -> tuple[Draws, Draws | None]:
    """Return customers at each month end (T, S, n) for customers today and joins a month per segment (S,), without those who join
    because of the level, and how many those are (T, S, m) in the draws in which it brings any (None where nobody does)."""
    if future.ageing is not None:
        return _ageing_people(future, path, customers, joins)
    stock, more = future.hazards(path.months)[0], path.moved.get(Channel.JOINS)
    out = np.empty((path.months, *stock.shape[1:]))
    brought = None if more is None else np.empty((path.months, *more.strength.shape))
    people, every = customers[:, None], joins[:, None]
    kept_of, size = _Kept(future, path), max(1, _CACHE_SIZE // max(out[0].size, 1))
    for start in range(0, path.months, size):
        months = slice(start, start + size)
        kept = kept_of(stock, months, out=out[months])
        if more is not None and brought is not None:
            own, here = every * (more.factor(months) - 1), more.of(kept)
            for i in range(len(kept)):
                brought[start + i] = own[i] if start + i == 0 else brought[start + i - 1] * here[i] + own[i]
        for now in kept:
            people = np.multiply(people, now, out=now)
            people += every
    return out, brought


def _ageing_people(future: Future, path: Path, customers: Draws, joins: Draws) -> tuple[Draws, Draws | None]:
    """Return the same where those who joined later leave at a rate of their own."""
    out, brought = np.empty((path.months, *future.strength.T.shape)), []
    for now in march(future, path):
        people = np.multiply(customers[:, None], now.stay, out=out[now.months])
        people += joins[:, None] * now.inflow
        if now.joined is not None:
            brought.append(joins[:, None] * now.joined)
    return out, np.concatenate(brought) if brought else None


def customers_by_month(future: Future, path: Path, customers: Draws, joins: Draws) -> Draws:
    """Return customers at each month end, (T, S, n), for customers today and joins a month per segment (S,)."""
    people, brought = people_by_month(future, path, customers, joins)
    if brought is not None:
        path.moved[Channel.JOINS].add_to(people, brought)
    return people
