"""What to know about the data is told whole, in both languages, wherever a case is shown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cxroi.export.json.case import evaluation_json
from cxroi.model.company.event import Event, EventKind
from cxroi.money.exchange import RateTable
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.counts import Note
from cxroi.store.panel.panel import read_panel
from cxroi.store.panel.spend import CostAccount
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.text.wording import catalogue
from cxroi.ui import markup
from cxroi.view.data_notes import data_notes
from cxroi.view.decide.overview import overview
from cxroi.view.decide.report import case_lines
from tests.made_case import made_case

EVENT = Event(what="<b>Rival</b>", kind=EventKind.COMPETITOR, first_on=date(2025, 3, 9), last_on=None, segment="Gold")
FACTS = {
    "events_taken_out": {"count": 2, "events": (EVENT, replace(EVENT, last_on=date(2025, 3, 9)))},
    **{f"events_unused_{reason}": {"count": 1, "events": (EVENT,)} for reason in ("segment", "before", "after")},
    "leaving_recorded_from": {"from": "2024-02"},
    "customers_left_out": {"customers": 12},
    "orders_tell": {},
    "orders_window": {"window": 3, "from": "2024-04"},
    "segments_unknown": {"segments": "<b>gone</b>"},
    "one_off": {"amount": 12000.5, "currency": "SAR"},
    "margin_said": {"share": 0.6},
    "margin_unknown": {},
    "spend_in_support_no": {},
    "spend_in_support_share": {"share": 0.25, "taken": 12000.0, "currency": "SAR"},
    "spend_in_support_amount": {"amount": 900.5, "taken": 12000.0, "currency": "SAR"},
    "spend_in_support_short": {"months": 3, "segments": "<b>Gold</b>"},
    "spend_in_support_open": {},
    "pilot_used": {"segment": "Consumer", "customers": 8000, "grade": "A"},
    "pilot_used_all": {"segment": "", "customers": 8000, "grade": "B"},
    "pilot_used_outcome": {"segment": "Consumer", "outcome": "margin", "customers": 8000, "grade": "A"},
    "pilot_used_outcome_all": {"segment": "", "outcome": "support", "customers": 8000, "grade": "B"},
    "pilot_unused_outcome": {"segment": "Consumer", "outcome": "joins", "reason": "pilot.too_small"},
    "pilot_unused_outcome_all": {"segment": "", "outcome": "joins", "reason": "pilot.outcome_not_valued"},
    "pilot_unused": {"segment": "Consumer", "reason": "pilot.same_spend", "treated": 1.0, "control": 1.0},
    "pilot_unused_all": {"segment": "", "reason": "pilot.comparison_incomplete"},
}
ACCOUNT = CostAccount(
    currency="SAR",
    ledger=Decimal("1000.125"),
    not_cx=Decimal("100"),
    acquisition=Decimal("60"),
    one_off=Decimal("50.125"),
    outside_months=Decimal("150"),
    direct=Decimal("300"),
    shared=Decimal("400"),
    rule="customers",
    capex=Decimal("36"),
    capex_months=36,
    segments_unknown=(),
    rates=RateTable(
        steps={"EUR": [("", Decimal("4.050"))], "USD": [("", Decimal("3.7")), ("2025-01", Decimal("3.75"))]}
    ),
)
NOTED = replace(
    made_case(),
    notes=tuple(Note(id=f"store.note.{name}", facts=facts) for name, facts in FACTS.items()),
    account=ACCOUNT,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_there_is_has_its_sentence(language):
    text = Text(language)
    told = {note.id: note.sentence for note in data_notes(NOTED, text)}
    words = {id for id in catalogue(language) if id.startswith("store.note.") and ".ledger_by_" not in id}
    words = {id for id in words if not id.endswith("_on_page")}  # the same note without the name of a command
    assert set(told) == words
    assert text("pilot.comparison_incomplete") in told["store.note.pilot_unused_all"]


def test_the_page_the_report_and_the_terminal_tell_the_same_notes():
    text = Text("en")
    notes = data_notes(NOTED, text)
    assert overview(NOTED, None, text).notes == notes
    assert evaluation_json(NOTED, text)["notes"] == [{"id": n.id, "sentence": n.sentence} for n in notes]
    assert {f"  {note.sentence}" for note in notes} <= set(case_lines(NOTED, text))


def test_without_anything_to_know_there_is_no_section():
    text = Text("en")
    assert overview(made_case(), None, text).notes == ()
    assert text("page.overview.notes_title") not in case_lines(made_case(), text)


def test_what_a_company_wrote_is_shown_as_words():
    assert "<b>" not in markup.notes(data_notes(NOTED, Text("en")))


def test_the_account_names_every_part_of_the_ledger():
    told = next(note.sentence for note in data_notes(NOTED, Text("en")) if note.id == "store.note.ledger")
    for amount in ("1,000", "300.00", "400.00", "100.00", "150.00", "by customers"):
        assert amount in told


def test_the_sample_company_has_nothing_to_say_about_months_before_its_ledger(tmp_path):
    workspace = Workspace.open(tmp_path)
    read = read_panel(Engine.on(load_sample(workspace)))
    assert [note.id for note in read.notes] == ["store.note.one_off"]
