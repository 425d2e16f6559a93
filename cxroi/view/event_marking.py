"""Which named events lie on a chart over months, where, and with which words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import shorten

from cxroi.chart.drawing import Table
from cxroi.chart.event_marks import LONGEST, EventMark
from cxroi.model.company.event import Event
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.event_words import event_name
from cxroi.view.figure import isolated
from cxroi.view.table import words_column


def event_marks(events: Sequence[Event], first: date, last: date, text: Text) -> tuple[EventMark, ...]:
    """Return the marks of the events that began or went on between two months, the first and the last drawn."""
    return tuple(
        EventMark(
            first=max(months_between(first, one.first_on), 0),
            last=None if one.last_on is None else months_between(first, min(one.last_on, last)),
            label=_short(one.what),
            told=isolated(event_name(one, text), text),
        )
        for one in events_between(events, first, last)
    )


def events_between(events: Sequence[Event], first: date, last: date) -> tuple[Event, ...]:
    """Return the events that began between two months, or as a spell went on then."""
    return tuple(
        one for one in events if one.first_on.replace(day=1) <= last and (one.last_on or one.first_on) >= first
    )


def with_marked(alternative: str, events: Sequence[Event], text: Text) -> str:
    """Return the words for those who do not see a chart, with every event that is marked on it."""
    names = text.listed(event_name(one, text) for one in events)
    return " ".join([alternative, text("events.marked", events=names)]) if events else alternative


def events_column(events: Sequence[Event], months: Sequence[date], text: Text) -> Table:
    """Return the column of a table by months that names the events of each, at its place behind a chart; none of no events."""
    marked = [events_between(events, month, month) for month in months]
    if not any(marked):
        return ()
    return (words_column(text("events.heading"), [text.listed(shown(one.what) for one in some) for some in marked]),)


def _short(what: str) -> str:
    """Return the words at a rule, cut between two of them where that can be, and kept apart from the direction around them."""
    words = shown(what)
    return (
        f"\u2068{shorten(words, LONGEST, placeholder='…') if ' ' in words[:LONGEST] else shown(words, LONGEST)}\u2069"
    )


def months_between(first: date, then: date) -> int:
    """Return how many months a month lies after another."""
    return 12 * (then.year - first.year) + then.month - first.month
