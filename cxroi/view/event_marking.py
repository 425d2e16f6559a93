"""Which named events lie on a chart over time, where, and with which words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from textwrap import shorten

from cxroi.chart.event_marks import LONGEST, EventMark
from cxroi.model.company.event import Event
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.event_words import event_name, event_names
from cxroi.view.figure import isolated


def event_marks(
    events: Sequence[Event],
    first: date,
    last: date,
    place: Callable[[date], float | str],
    text: Text,
    segment: str | None = None,
) -> tuple[EventMark, ...]:
    """Return the marks of the events that began or went on between two months, on an axis where `place` puts a month.

    Those of one `segment` and of all customers, or (None) of any.
    """
    span = max(months_between(first, last), 1)
    marks = []
    for one in events_between(events, first, last, segment):
        begin = max(one.first_on.replace(day=1), first)
        end = begin if one.last_on is None else min(one.last_on.replace(day=1), last)
        marks.append(
            EventMark(
                at=place(begin),
                until=place(end),
                share=months_between(first, begin) / span,
                label=_short(one.what),
                told=isolated(event_name(one, text), text),
            )
        )
    return tuple(marks)


def events_between(events: Sequence[Event], first: date, last: date, segment: str | None = None) -> tuple[Event, ...]:
    """Return the events that began between two months, or as a spell went on then, of a segment or (None) of any."""
    return tuple(
        one
        for one in events
        if one.first_on.replace(day=1) <= last
        and (one.last_on or one.first_on) >= first
        and segment in (None, one.segment if one.segment else segment)
    )


def with_marked(alternative: str, events: Sequence[Event], text: Text) -> str:
    """Return the words for those who do not see a chart, with the events that are marked on it."""
    return " ".join([alternative, text("events.marked", events=event_names(events, text))]) if events else alternative


def _short(what: str) -> str:
    """Return the words at a rule, cut between two of them where that can be, and kept apart from the direction around them."""
    words = shown(what)
    return (
        f"\u2068{shorten(words, LONGEST, placeholder='…') if ' ' in words[:LONGEST] else shown(words, LONGEST)}\u2069"
    )


def months_between(first: date, then: date) -> int:
    """Return how many months a month lies after another."""
    return 12 * (then.year - first.year) + then.month - first.month
