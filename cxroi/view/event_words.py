"""Named events in words: what, when, and in which segment."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.model.company.event import Event
from cxroi.text import Text
from cxroi.text.plain import shown

_NAMED = 6  # in one sentence


def event_name(event: Event, text: Text) -> str:
    """Return an event with its months and its segment; what came from data is made safe to draw, not to be read as Markdown."""
    where = text.name(event.segment) if event.segment else ""
    when = text.listed([event_months(event, text), *([shown(where)] if where else [])])
    return text("events.named", what=shown(event.what), when=when)


def event_months(event: Event, text: Text) -> str:
    """Return the month of an event, its first and last, or since when it lasts."""
    first = text.month(event.first_on)
    if event.last_on is None:
        return text("events.since", month=first)
    last = text.month(event.last_on)
    return first if first == last else text.between(first, last)


def event_names(events: Sequence[Event], text: Text) -> str:
    """Return events one after another, the first few by name."""
    named = [event_name(one, text) for one in events[:_NAMED]]
    more = len(events) - len(named)
    return text.listed([*named, *([text("events.more", count=more)] if more else [])])
