"""What each named event took away from what spend is credited with, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.questions import EventFact
from cxroi.questions.events import EventChange
from cxroi.text import Text
from cxroi.view.decide.channels import signed_percents
from cxroi.view.event_words import event_name, event_names


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event that was taken out; `name` holds what the data say. `changes` has a range for each outcome of the view, or what
    stands for one that was not looked at; `sentence` says what of it can be told from chance."""

    name: str
    changes: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class EventsView:
    """The events that were taken out, `headings` over the name and each outcome; `unused` says which were not, and why."""

    headline: str
    headings: tuple[str, ...]
    rows: tuple[EventRow, ...]
    unused: tuple[str, ...]
    caption: str


def events_view(facts: Sequence[EventFact], text: Text) -> EventsView:
    """Return what each event took away; of no events a view that says how to name some."""
    taken = [one for one in facts if one.unused is None]
    outcomes = list(dict.fromkeys(name for one in taken for name in one.changes))
    reasons = dict.fromkeys(one.unused for one in facts if one.unused)
    return EventsView(
        headline=_headline(taken, text),
        headings=(text("events.heading"), *(text(f"events.outcome.{name}") for name in outcomes)),
        rows=tuple(_row(one, outcomes, text) for one in taken),
        unused=tuple(
            text(
                f"store.note.events_unused_{reason}",
                events=event_names([one.event for one in facts if one.unused == reason], text),
            )
            for reason in reasons
        ),
        caption=text("events.caption"),
    )


def event_lines(facts: Sequence[EventFact], text: Text) -> list[str]:
    """Return what each event took away, a line each below their heading; nothing where none was taken out."""
    view = events_view(facts, text)
    return [view.headline, *(f"  {row.sentence}" for row in view.rows)] if view.rows else []


def _headline(taken: Sequence[EventFact], text: Text) -> str:
    if not taken:
        return text("events.none")
    return text("events.headline", count=len(taken))


def _row(one: EventFact, outcomes: Sequence[str], text: Text) -> EventRow:
    name = event_name(one.event, text)
    told = text.listed(
        text("events.change", outcome=text(f"events.outcome.{each}"), change=_change(change, text))
        for each, change in one.changes.items()
        if change.sure
    )
    return EventRow(
        name=name,
        changes=tuple(
            _change(one.changes[each], text) if each in one.changes else text("lines.none") for each in outcomes
        ),
        sentence=text("events.took", event=name, changes=told) if told else text("events.nothing", event=name),
    )


def _change(change: EventChange, text: Text) -> str:
    return signed_percents(change.percent, text)
