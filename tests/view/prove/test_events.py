"""What each named event took away, in words: which outcomes it moved, what cannot be told, and what was left out."""

from dataclasses import replace
from datetime import date

import pytest

from cxroi.chart.event_marks import LONGEST, event_rows
from cxroi.export.json.case import evaluation_json
from cxroi.model.company.event import Event, EventKind
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import EventFact
from cxroi.questions.events import EventChange, event_notes
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.drawings import cash_flow_drawing
from cxroi.view.event_marking import event_marks
from cxroi.view.event_words import event_name
from cxroi.view.prove.events import event_lines, events_view
from tests.made_case import made_case

EN, AR = (Text(language) for language in LANGUAGES)


def event(what="Price list", first=date(2025, 3, 9), last=None, segment=""):
    return Event(what=what, kind=EventKind.PRICE, first_on=first, last_on=last, segment=segment)


def change(low, high, up):
    return EventChange(percent=Interval(low=low, mid=(low + high) / 2, high=high), probability_up=up)


MOVED = EventFact(event=event(), changes={"churn": change(33.0, 51.0, 1.0), "margin": change(-3.0, 2.0, 0.4)})
QUIET = EventFact(
    event=event("Outage", last=date(2025, 5, 2), segment="Villas"),
    changes={"churn": change(0.5, 30.0, 0.96), "margin": change(-2.0, 2.0, 0.5)},
)
AHEAD = EventFact(event=event("Tax", date(2031, 1, 1)), changes={}, unused="after")


def test_only_what_can_be_told_from_chance_is_said_to_have_moved():
    view = events_view((MOVED, QUIET, AHEAD), EN)
    first, second = (row.sentence for row in view.rows)
    assert first == "Price list (since Mar 2025): customers lost +33% to +51%."
    assert second == "Outage (Mar 2025 to May 2025, Villas): nothing that can be told from chance."
    assert view.headings == ("Event", "customers lost", "margin per customer") and len(view.rows[0].changes) == 2
    assert view.unused == (
        "Events that lie ahead of the last complete month are not in the figures: Tax (since Jan 2031).",
    )


@pytest.mark.parametrize("text", [EN, AR], ids=LANGUAGES)
def test_of_no_events_the_view_says_how_to_name_some_and_the_terminal_nothing(text):
    assert events_view((), text).headline == text("events.none") and event_lines((), text) == []
    assert event_lines((AHEAD,), text) == [] and len(event_lines((MOVED, QUIET), text)) == 3


def test_the_notes_name_what_was_taken_out_and_why_the_rest_was_not():
    notes = {note.id.rpartition(".")[2]: note.facts["count"] for note in event_notes((MOVED, QUIET, AHEAD))}
    assert notes == {"events_taken_out": 2, "events_unused_after": 1} and event_notes(()) == ()


def test_the_answer_names_events_only_where_there_are_some():
    case = made_case()
    assert "events" not in evaluation_json(case, EN)
    first, _, last = evaluation_json(replace(case, events=(MOVED, QUIET, AHEAD)), EN)["events"]
    assert first["changes"][0] == {
        "id": "churn",
        "percent": {"low": 33.0, "mid": 42.0, "high": 51.0},
        "probability_up": 1.0,
    }
    assert (first["taken_out"], last["taken_out"], last["left_out"]) == (True, False, "after")


def test_a_name_from_data_stays_words():
    assert not {"\u202e", "\x00"} & set(event_name(event("a\u202eb", segment="c\x00d"), EN))


def test_marks_lie_where_their_months_are_and_words_keep_clear_of_each_other():
    first, last = date(2024, 1, 1), date(2026, 12, 1)
    events = [event(f"Event number {k} of many", date(2025, 1 + k, 20)) for k in range(6)]
    events.append(event("Strike", date(2023, 11, 5), date(2024, 2, 3), "Villas"))
    marks = event_marks(events, first, last, lambda month: month.isoformat(), EN)
    assert marks[-1].at == "2024-01-01" and marks[-1].until == "2024-02-01" and marks[-1].share == 0
    assert marks[0].at == marks[0].until == "2025-01-01" and all(len(one.label) <= LONGEST + 2 for one in marks)
    assert marks[0].label.strip("\u2068\u2069") == "Event number 0 of…"
    rows = event_rows(marks, "2024-01-01")
    shown = [(at, row) for at, row, label in zip(rows["at"], rows["row"], rows["label"], strict=True) if label]
    assert len(shown) == 4 and len({row for _, row in shown[1:]}) == 3  # of six in a row three find room
    assert all(rows["told"]) and len(rows["at"]) == 7
    other = event_marks(events, first, last, lambda month: month.isoformat(), EN, segment="Offices")
    assert len(other) == 6


def test_only_events_ahead_are_marked_on_the_cash_of_the_months_ahead():
    case = made_case()
    day = case.panel.last_day
    ahead = replace(AHEAD, event=event("Tax", date(day.year + 1, day.month, 1)))
    for facts, told in (((MOVED, QUIET, AHEAD), ""), ((MOVED, ahead), "Tax")):
        drawing = cash_flow_drawing(replace(case, events=facts), EN)
        assert [words.split(" (")[0] for words in drawing.data["events"]["told"]] == [told]
        assert ("Marked: Tax" in drawing.alternative) == bool(told)
    assert drawing.data["events"]["at"] == [12.0]
