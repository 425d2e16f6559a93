"""Support contacts: how fast they are closed, how long they take, what they cost, and how many are resolved the first time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from cxroi.model.statistics.proportion import critical_value, difference_interval, proportion_interval
from cxroi.model.statistics.uncertainty import Interval

CONFIDENCE = 0.90


@dataclass(frozen=True, kw_only=True)
class ContactCounts:
    """Contacts of one channel, touchpoint or topic added up; days are the median of those closed with the ends of its range."""

    dimension: str  # all, channel, touchpoint or topic
    value: str
    contacts: int
    closed: int
    days_low: float
    days_mid: float
    days_high: float
    timed: int
    minutes: float
    minutes_error: float
    answered: int
    resolved: int
    rated: int
    rating: float
    rating_error: float
    costed: int
    cost: float
    cost_error: float


@dataclass(frozen=True, kw_only=True)
class Service:
    """How contacts went, each figure with its 90 % range; None where the data do not say.

    `resolved_change` is in -1..1; `cost` is money each, `cost_share` the part of what all contacts with a cost come to.
    """

    dimension: str
    value: str
    contacts: int
    days: Interval | None
    minutes: Interval | None
    resolved: Interval | None
    rating: Interval | None
    cost: Interval | None
    cost_share: float | None
    resolved_change: Interval | None = None  # on the months before


def service_lines(counts: Iterable[ContactCounts], before: Iterable[ContactCounts] = ()) -> tuple[Service, ...]:
    """Return how contacts went, by group: Wilson's range of the share resolved, Newcombe's of its change, a normal one of means."""
    counts, earlier = tuple(counts), {(one.dimension, one.value): one for one in before}
    whole = sum(one.costed * one.cost for one in counts if one.dimension == "all" and one.costed)
    return tuple(_line(one, earlier.get((one.dimension, one.value)), whole) for one in counts)


def _line(one: ContactCounts, before: ContactCounts | None, whole_cost: float) -> Service:
    return Service(
        dimension=one.dimension,
        value=one.value,
        contacts=one.contacts,
        days=Interval(low=one.days_low, mid=one.days_mid, high=one.days_high) if one.closed else None,
        minutes=_mean(one.minutes, one.minutes_error),
        resolved=_share(one),
        rating=_mean(one.rating, one.rating_error),
        cost=_mean(one.cost, one.cost_error),
        cost_share=one.costed * one.cost / whole_cost if one.costed and whole_cost > 0 else None,
        resolved_change=_change(one, before) if before else None,
    )


def _mean(mean: float, error: float) -> Interval | None:
    """Return a mean with its range; None of fewer than two."""
    if math.isnan(error):
        return None
    half = critical_value(CONFIDENCE) * error
    return Interval(low=mean - half, mid=mean, high=mean + half)


def _share(one: ContactCounts) -> Interval | None:
    if not one.answered:
        return None
    low, high = proportion_interval(one.resolved, one.answered, confidence=CONFIDENCE)
    return Interval(low=low, mid=one.resolved / one.answered, high=high)


def _change(one: ContactCounts, before: ContactCounts) -> Interval | None:
    if not (one.answered and before.answered):
        return None
    low, high = difference_interval(one.resolved, one.answered, before.resolved, before.answered, confidence=CONFIDENCE)
    return Interval(low=low, mid=one.resolved / one.answered - before.resolved / before.answered, high=high)
