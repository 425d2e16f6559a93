"""A table of events: recognised, read in both languages, and nothing without a day is let in or lost."""

from datetime import date
from pathlib import Path

import pytest

from cxroi.intake.columns.recognise import recognise
from tests.intake.loading import load


@pytest.mark.parametrize(
    ("headings", "table"),
    [
        (["Date", "Event", "Type"], "events"),
        (["What happened", "Start", "End", "Segment"], "events"),
        (["Event date", "Event type", "Description"], "events"),
        (["تاريخ الحدث", "الحدث", "نوع الحدث"], "events"),
        (["التاريخ", "ماذا حدث", "الشريحة"], "events"),
        (["Date", "Description", "Amount"], "costs"),
        (["Name", "Start date", "End date"], "initiatives"),
        (["Month", "Event", "Amount"], "costs"),
    ],
)
def test_events_are_told_from_ledgers_and_initiatives_by_their_headings(headings: list[str], table: str) -> None:
    assert recognise(headings, [])[0].table == table


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Price increase", "price"),
        ("New tariff", "price"),
        ("زيادة الأسعار", "price"),
        ("تعرفة جديدة", "price"),
        ("Network outage", "outage"),
        ("Service disruption", "outage"),
        ("انقطاع الخدمة", "outage"),
        ("عطل", "outage"),
        ("Discount campaign", "promotion"),
        ("عرض ترويجي", "promotion"),
        ("خصم", "promotion"),
        ("Competitor price cut", "competitor"),
        ("دخول منافس", "competitor"),
        ("Regulation", "other"),
        ("", None),
    ],
)
def test_the_kind_is_read_from_words_in_both_languages(tmp_path: Path, words: str, kind: str | None) -> None:
    loaded = load(tmp_path, f"date,event,type\n2025-03-09,Something,{words}\n2025-04-09,Another,other\n")
    assert loaded.report.table == "events" and loaded.rows("kind", "happened_on") == [(kind,), ("other",)]


def test_the_words_of_a_ledger_are_still_capital_and_operating(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, "month,amount,initiative,kind\n2025-01,1,people,Capex\n2025-02,2,price,operating\n2025-03,2,x,price\n"
    )
    assert loaded.rows("kind", "period") == [("capex",), ("opex",), (None,)]


def test_a_row_without_a_day_or_with_an_end_before_its_start_is_put_aside_with_its_reason(tmp_path: Path) -> None:
    rows = [
        "2025-03-09,,,Price list",
        ",2025-04-01,2025-04-03,Outage",
        ",,,Never",
        ",2025-05-03,2025-05-01,Back to front",
    ]
    loaded = load(tmp_path, "\n".join(["date,starts on,ends on,event", *rows]) + "\n")
    assert loaded.rows("what, happened_on, starts_on, ends_on", "happened_on NULLS LAST") == [
        ("Price list", date(2025, 3, 9), None, None),
        ("Outage", None, date(2025, 4, 1), date(2025, 4, 3)),
    ]
    assert [(one.row, one.reason) for one in loaded.report.rejects] == [
        (4, "reject.missing"),
        (5, "reject.ends_before_start"),
    ]
