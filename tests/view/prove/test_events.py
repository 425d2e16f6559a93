"""What each named event took away, in words: which outcomes it moved, what cannot be told, and what was left out."""

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from cxroi.chart.drawing import NAMES, spec
from cxroi.chart.event_marks import LONGEST, EventMark, event_data, strip_of
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
from cxroi.view.understand.customer_drawings import active_drawing, flow_drawing
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


def test_marks_lie_where_their_months_are_and_those_outside_are_not_drawn():
    first, last = date(2024, 1, 1), date(2026, 12, 1)
    events = [event("A name of many letters", date(2025, 2, 20)), event("Later", date(2027, 1, 1))]
    events += [event("Strike", date(2023, 11, 5), date(2024, 2, 3)), event("Sale", date(2026, 11, 5), date(2027, 3, 1))]
    events.append(event("Gone", date(2023, 11, 5)))  # it lasts since before
    marks = event_marks(events, first, last, EN)
    assert [(one.first, one.last) for one in marks] == [(13, None), (0, 1), (34, 35)]
    assert marks[0].label == "\u2068A name of many…\u2069" and all(len(one.label) <= LONGEST + 2 for one in marks)
    (data,) = event_data(marks, lambda month: month / 36).values()
    assert data["begin"] == pytest.approx([13 / 36, 0, 34 / 36]) and data["end"] == pytest.approx([13 / 36, 2 / 36, 1])


def mark(first, label="Twelve signs"):
    return EventMark(first=first, last=None, label=label, told=label)


def words_drawn(data, width):
    """Return the words that are shown at a width: their row, their ends and the place of their rule, shares of the width."""
    for slot, at, label in zip(data[f"from_{width}"], data["begin"], data["label"], strict=True):
        if slot:
            long = 7 / max(width, 300) * min(len(label), LONGEST)
            yield abs(slot), *((at, at + long) if slot > 0 else (at - long, at)), at


@pytest.mark.parametrize("width", [640, 520, 400, 0])
@pytest.mark.parametrize("months", [[6, 20], [20, 21, 22], list(range(0, 24, 2)), [23, 23, 23], [0, 1, 30, 31, 35]])
def test_a_handful_of_words_keep_clear_of_each_other_and_of_each_others_rules(months, width):
    (data,) = event_data([mark(month) for month in months], lambda month: month / 36).values()
    drawn = list(words_drawn(data, width))
    assert 0 < len(drawn) <= 5 and all(low >= 0 and high <= 1 for _, low, high, _ in drawn)
    assert all(data["told"]) and len(data["told"]) == len(months)  # those without words too
    for row, low, high, at in drawn:
        others = [other for other in drawn if other != (row, low, high, at)]
        assert not any(r == row and low < h and first < high for r, first, h, _ in others)
        assert not any(r > row and low < rule < high for r, _, _, rule in others)
    if months == [6, 20]:
        assert len(drawn) == 2 and strip_of({"events": data}) == 30


BY_MONTH = (
    "active_customers",
    "cash_flow",
    "cost_months",
    "customer_flow",
    "forecast_months",
    "score_months",
    "staff_months",
)


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_over_months_has_the_marks_and_without_events_none_is_built(name):
    plain, marked = spec(name, "ar", "light", "SAR"), spec(name, "ar", "light", "SAR", strip=45)
    assert '"events"' not in json.dumps(plain)
    assert ('"events"' in json.dumps(marked)) == (name in BY_MONTH)
    assert marked["height"] - plain["height"] == (45 if name in BY_MONTH else 0)
    assert strip_of({}) == 0 and event_data((), lambda month: 0.0) == {}


@pytest.mark.parametrize("text", [EN, AR], ids=LANGUAGES)
def test_months_and_their_events_stand_in_the_words_and_in_the_table(text):
    months = np.arange("2025-01", "2025-07", dtype="datetime64[M]")
    counts = np.arange(6.0)
    found = SimpleNamespace(
        **dict.fromkeys(("at_start", "joined", "lost", "at_end"), counts + 5),
        months=months, complete=np.ones(6, bool), inactivity_window_months=None, first=months[0], last=months[-1],
        illustrative=False, data_version="000001-x", now=SimpleNamespace(customers=10.0, customer_months=60.0),
    )  # fmt: skip
    events = [event(f"Event {k}", date(2025, 1 + k % 6, 3), date(2025, 1 + k % 6, 9)) for k in range(12)]
    for drawing in (flow_drawing(found, text, events), active_drawing(found, text, events)):
        assert all(f"Event {k}" in drawing.alternative for k in range(12))
        *_, column = drawing.table()
        assert column.heading == text("events.heading") and "Event 2" in column.words[2]
    quiet = flow_drawing(found, text, [event("Tax", date(2031, 1, 1))])
    assert (
        "events" not in quiet.data
        and len(quiet.table()) == 5
        and quiet.alternative == flow_drawing(found, text).alternative
    )


def test_only_events_ahead_are_marked_on_the_cash_of_the_months_ahead():
    case = made_case()
    day = case.panel.last_day
    ahead = replace(AHEAD, event=event("Tax", date(day.year + 1, day.month, 1)))
    plain = cash_flow_drawing(replace(case, events=(MOVED, QUIET, AHEAD)), EN)
    assert "events" not in plain.data and "Marked" not in plain.alternative
    drawing = cash_flow_drawing(replace(case, events=(MOVED, ahead)), EN)
    assert [words.split(" (")[0] for words in drawing.data["events"]["told"]] == ["Tax"]
    assert "Marked: Tax" in drawing.alternative
    assert drawing.data["events"]["begin"] == [12 / case.cash_flow.month[-1]]
