"""Where a named event lies in a history: the segments and months whose outcome it may have moved, beside anything spend did.

Its size is unknown, N(0, 0.5^2) in the log of every outcome: one for its segment, or the same for all where it names none.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.event import Event
from cxroi.model.company.segments import WHOLE
from cxroi.model.statistics.uncertainty import Draws

EVENT_SD = 0.5  # log: two in three events move an outcome by less than two thirds up or two fifths down


@dataclass(frozen=True, eq=False)
class EventCourse:
    """One event in a history: its place among the panel's, its segment's row (None: all alike), and how far each month had it, (T,)."""

    event: int
    segment: int | None
    months: Draws
    lasts: bool

    def over(self, n_segments: int, n_months: int) -> Draws:
        """Return how far each cell of the first months had it, (S, T)."""
        out = np.zeros((n_segments, n_months))
        out[slice(None) if self.segment is None else self.segment] = self.months[:n_months]
        return out

    @property
    def begins(self) -> NDArray[np.int64]:
        """Return the months in which it began: the first, and the next too where the first had it for a part only."""
        first = int(np.flatnonzero(self.months)[0])
        return np.arange(first, first + (2 if self.months[first] < 1 else 1))


def unused(event: Event, segments: Sequence[str], months: NDArray[np.datetime64]) -> str | None:
    """Return why an event is not taken out of a history of some `months` (datetime64[M]), as a text id; None where it is.

    "segment": none of them is so called; "before": it lasts since before them, or ended then; "after": it lies ahead.
    """
    if event.segment and row_of(event, segments) is None and tuple(segments) != (WHOLE,):
        return "segment"
    held = _held(event, months)
    if held[0] == held[-1] == 1 and event.lasts:
        return "before"
    if held.any():
        return None
    return "before" if event.first_on < months[0].astype("datetime64[D]").item() else "after"


def courses_of(
    events: Sequence[Event], segments: Sequence[str], months: NDArray[np.datetime64]
) -> tuple[EventCourse, ...]:
    """Return the events that lie in a history of some segments and months, in their order."""
    return tuple(
        EventCourse(place, row_of(one, segments), _held(one, months), one.lasts)
        for place, one in enumerate(events)
        if unused(one, segments, months) is None
    )


def turned(events: Sequence[EventCourse], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return which changes from one month to the next an event came or went in, (S, T - 1) of cells of a `shape` (S, T)."""
    out = np.zeros((shape[0], max(shape[1] - 1, 0)), bool)
    for event in events:
        out |= np.diff(event.over(*shape), axis=1) != 0
    return out


def row_of(event: Event, segments: Sequence[str]) -> int | None:
    """Return the row of an event's segment, whatever the case of its letters; None where there is none."""
    known = [name.casefold().strip() for name in segments]
    return known.index(event.segment.casefold()) if event.segment.casefold() in known else None


def _held(event: Event, months: NDArray[np.datetime64]) -> Draws:
    """Return how far each month had the event: a spell has every month that it touches, a level its first by the days that were left."""
    first = np.datetime64(event.first_on, "M")
    if event.last_on is not None:
        return ((months >= first) & (months <= np.datetime64(event.last_on, "M"))).astype(float)
    days = monthrange(event.first_on.year, event.first_on.month)[1]
    held: Draws = np.where(months == first, (days - event.first_on.day + 1) / days, (months > first).astype(float))
    return held
