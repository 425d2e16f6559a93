"""What each named event took away from the outcomes that spend may move, or why it was not taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cxroi.model.company.event import Event
from cxroi.model.company.panel import Panel
from cxroi.model.pilots.pilot import PilotOutcome
from cxroi.model.response.channel import ChannelPosterior
from cxroi.model.response.event_course import row_of, unused
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.statistics.uncertainty import Interval

if TYPE_CHECKING:
    from cxroi.questions.data import OpenVersion
    from cxroi.store.panel.counts import Note


_SURELY = 0.99  # four outcomes of an event that did nothing show one by chance in twelve


@dataclass(frozen=True, kw_only=True)
class EventChange:
    """By how many percent an event moved one outcome for as long as it held, and the probability that it raised it."""

    percent: Interval
    probability_up: float

    @property
    def sure(self) -> bool:
        """Return whether the direction can be told from chance."""
        return max(self.probability_up, 1 - self.probability_up) > _SURELY


@dataclass(frozen=True, kw_only=True)
class EventFact:
    """One event with its changes by channel; `unused` is the text id of why it was not taken out, or None."""

    event: Event
    changes: Mapping[str, EventChange]
    unused: str | None = None


def ask_events(data: OpenVersion, segment: str | None = None) -> tuple[Event, ...]:
    """Return the named events that met a segment, those of all customers included; None: every one."""
    from cxroi.store.panel.events import read_events

    named = read_events(data.engine) if "events" in data.version.tables else ()
    return tuple(one for one in named if segment is None or one.segment.casefold() in ("", segment.casefold()))


def event_facts(panel: Panel, churn: ResponsePosterior, channels: Sequence[ChannelPosterior]) -> tuple[EventFact, ...]:
    """Return every event of a panel, in its order, with what the fits found of it."""
    found: dict[int, dict[str, EventChange]] = {}
    for name, sizes in (
        (PilotOutcome.CHURN.value, churn.events),
        *((one.channel.value, one.events) for one in channels),
    ):
        for size in sizes:
            low, mid, high = (100 * float(np.expm1(end)) for end in (size.log.low, size.log.mid, size.log.high))
            change = EventChange(percent=Interval(low=low, mid=mid, high=high), probability_up=size.probability_up)
            found.setdefault(size.event, {})[name] = change
    return tuple(
        EventFact(
            event=_as_named(one, churn.segments),
            changes=found.get(place, {}),
            unused=unused(one, churn.segments, panel.seen_months),
        )
        for place, one in enumerate(panel.events)
    )


def _as_named(event: Event, segments: Sequence[str]) -> Event:
    """Return the event with its segment written as the other tables write it."""
    row = row_of(event, segments)
    return event if row is None else replace(event, segment=segments[row])


def event_notes(facts: Sequence[EventFact]) -> tuple[Note, ...]:
    """Return a note that names the events that were taken out, and one for each reason why others were not."""
    from cxroi.store.panel.counts import Note

    notes = []
    for reason in (None, "segment", "before", "after"):
        named = tuple(one.event for one in facts if one.unused == reason)
        if named:
            id = f"events_unused_{reason}" if reason else "events_taken_out"
            notes.append(Note(id=f"store.note.{id}", facts={"count": len(named), "events": named}))
    return tuple(notes)
