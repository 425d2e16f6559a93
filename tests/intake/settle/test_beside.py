"""What stands side by side on a sheet: two tables, a column for each currency, and the side of the account behind an amount."""

from pathlib import Path
from typing import Any

import pytest

from cxroi.cli.ways_on import ways_on
from tests.intake.loading import load
from tests.intake.workbooks import xlsx

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


def two_tables(second: list[Any]) -> bytes:
    head = ["Period", "Initiative", "Amount", None, *second]
    return xlsx([head, *([month, "A", 10.5, None, month, "B", 20.25] for month in MONTHS)])


@pytest.mark.parametrize("table", [None, "costs"])
def test_two_tables_side_by_side_are_asked_about_and_never_read_by_half(tmp_path: Path, table: str | None) -> None:
    report = load(tmp_path, two_tables(["Month", "Project", "Cost"]), "a.xlsx", table=table).report
    assert (report.message, report.totals) == ("upload.question", {})
    assert ways_on(report)["finding.side_by_side"].endswith(
        "| --map period=Month --map initiative=Project --map amount=Cost"
    )


def test_one_of_two_tables_can_be_named_by_its_columns_and_the_other_is_said(tmp_path: Path) -> None:
    chosen = (("period", "Month"), ("initiative", "Project"), ("amount", "Cost"))
    loaded = load(tmp_path, two_tables(["Month", "Project", "Cost"]), "a.xlsx", mapping=chosen)
    assert loaded.report.totals == {"amount": "243.000"} and "side_by_side" in loaded.findings


def test_two_tables_under_the_same_headings_are_not_called_a_heading_there_twice(tmp_path: Path) -> None:
    report = load(tmp_path, two_tables(["Period", "Initiative", "Amount"]), "a.xlsx").report
    assert (report.message, report.facts) == ("reader.side_by_side", {"headings": "Period, Initiative, Amount"})


def test_a_second_date_and_a_gross_amount_are_no_second_table(tmp_path: Path) -> None:
    lines = "".join(f"{month}-01,A,100,{month}-05,115\n" for month in MONTHS)
    report = load(tmp_path, f"Posting Date,Initiative,Amount,Invoice Date,Gross Amount\n{lines}").report
    assert report.totals == {"amount": "1200.000"}


def by_currency(amounts: list[list[Any]]) -> bytes:
    head = ["Period", "Initiative", "Amount (SAR)", "Amount (USD)"]
    return xlsx([head, *([month, "A", *pair] for month, pair in zip(MONTHS, amounts, strict=False))])


def test_amounts_in_the_column_of_their_currency_are_one_amount_a_row(tmp_path: Path) -> None:
    book = by_currency([[100.5, None], [None, 10.125], [50, None], [None, 2]])
    asked = load(tmp_path, book, "a.xlsx").report
    assert asked.message == "upload.question" and "finding.currencies_mixed" in ways_on(asked)
    (tmp_path / "b").mkdir()
    loaded = load(tmp_path / "b", book, "a.xlsx", currency="SAR", rates=(("USD", "4"),))
    assert loaded.report.totals == {"amount": "199.000"} and "currencies_gathered" in loaded.findings


def test_the_same_amounts_in_two_currencies_are_read_once(tmp_path: Path) -> None:
    loaded = load(tmp_path, by_currency([[37.5, 10], [75, 20]]), "a.xlsx")
    assert loaded.report.totals == {"amount": "112.500"} and "currencies_beside" in loaded.findings


@pytest.mark.parametrize(("debit", "credit"), [(" DR", " CR"), ("Dr.", "Cr."), (" مدين", " دائن")])
def test_credits_marked_behind_their_amounts_are_taken_off_and_said(tmp_path: Path, debit: str, credit: str) -> None:
    lines = f'2025-01,"1,200.50{debit}"\n2025-02,"200.25{credit}"\n2025-03,"300.00{debit}"\n'
    loaded = load(tmp_path, f"period,amount\n{lines}")
    assert loaded.report.totals == {"amount": "1300.250"} and "written_sides" in loaded.findings


def test_an_amount_in_crores_is_no_credit(tmp_path: Path) -> None:
    report = load(tmp_path, "period,amount\n2025-01,12 Cr\n2025-02,3 Cr\n").report
    assert (report.message, report.rows_loaded) == ("upload.nothing_left", 0)


@pytest.mark.parametrize(
    ("heading", "debit", "credit"),
    [
        ("Debit/Credit Indicator", "S", "H"),
        ("Soll/Haben-Kennzeichen", "S", "H"),
        ("Dr/Cr", "Dr", "Cr."),
        ("D/C", "D", "C"),
        ("مدين/دائن", "مدين", "دائن"),
    ],
)
def test_credits_marked_in_a_column_of_their_own_are_taken_off_and_said(
    tmp_path: Path, heading: str, debit: str, credit: str
) -> None:
    lines = f'2025-01,"1,200.50",{debit}\n2025-02,200.25,{credit}\n2025-03,300.00,{debit}\n'
    loaded = load(tmp_path, f"period,amount,{heading}\n{lines}")
    assert loaded.report.totals == {"amount": "1300.250"} and "sides_beside" in loaded.findings


def test_stored_numbers_have_their_side_taken_too(tmp_path: Path) -> None:
    book = xlsx([["Period", "Amount", "D/C"], ["2025-01", 1200.5, "D"], ["2025-02", 200.25, "C"]])
    assert load(tmp_path, book, "a.xlsx").report.totals == {"amount": "1000.250"}


@pytest.mark.parametrize("credits", ["-200.25", "(200.25)", "200.25-"])
def test_credits_that_are_below_zero_already_stay_so(tmp_path: Path, credits: str) -> None:
    loaded = load(tmp_path, f"period,amount,S/H\n2025-01,1200.50,S\n2025-02,{credits},H\n")
    assert loaded.report.totals == {"amount": "1000.250"} and "sides_signed" not in loaded.findings


def test_signs_that_contradict_the_column_of_sides_are_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, "period,amount,S/H\n2025-01,1200.50,S\n2025-02,-200.25,H\n2025-03,100,H\n")
    assert loaded.report.totals == {"amount": "1100.250"} and "sides_signed" in loaded.findings


def test_a_column_that_is_called_a_side_and_names_none_changes_nothing(tmp_path: Path) -> None:
    lines = "2025-01,5,north\n2025-02,6,south\n"
    assert load(tmp_path, f"period,amount,side\n{lines}").report.totals == {"amount": "11.000"}
