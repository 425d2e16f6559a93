"""Workbooks as finance departments really keep them: each trap either read right and said, or asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxroi.intake.report import IntakeReport
from tests.intake.loading import Loaded, load, load_sheets
from tests.intake.workbooks import edited, ods, xls, xlsb, xlsx

LEDGER: list[list[Any]] = [
    ["period", "category", "amount"],
    *[[f"2025-{m:02d}", "people", 10 * m] for m in range(1, 13)],
]


def book(folder: Path, rows: Any, touch: Any = None, **request: Any) -> Loaded:
    (report,) = load_sheets(folder, rows if isinstance(rows, bytes) else xlsx(rows, touch), **request)
    return Loaded(report, folder / "staging")


def facts(report: IntakeReport, id: str) -> dict[str, str]:
    return next(f.facts for f in report.findings if f.id == f"finding.{id}")


def merged(row: int, *spans: tuple[int, int, Any]) -> Any:
    def touch(_: Any, page: Any) -> None:
        for left, right, words in spans:
            page.merge_range(row, left, row, right, words)

    return touch


def test_quarters_over_months_group_them_and_nothing_else(tmp_path: Path) -> None:
    rows = [
        ["CX costs 2025"],
        [None] * 7,
        ["category", "Jan", "Feb", "Mar", "Apr", "May", "Jun"],
        ["people", 1, 2, 3, 4, 5, 6],
    ]
    loaded = book(tmp_path, rows, merged(1, (1, 3, "Q1"), (4, 6, "Q2")))
    assert loaded.rows("strftime(period, '%Y-%m'), amount::INT") == [(f"2025-0{m}", m) for m in range(1, 7)]


def test_years_merged_over_months_go_to_each_of_them(tmp_path: Path) -> None:
    rows = [[None] * 5, ["category", "Nov", "Dec", "Jan", "Feb"], ["people", 1, 2, 3, 4]]
    loaded = book(tmp_path, rows, merged(0, (1, 2, 2024), (3, 4, 2025)))
    assert [period for (period,) in loaded.rows("strftime(period, '%Y-%m')")] == [
        "2024-11",
        "2024-12",
        "2025-01",
        "2025-02",
    ]


def test_an_arabic_sheet_with_budget_actual_and_difference_under_merged_months(tmp_path: Path) -> None:
    rows = [
        ["سجل تكاليف تجربة العملاء"],
        ["الأرقام بالريال السعودي"],
        [None] * 7,
        ["الفئة", "موازنة", "فعلي", "الفرق", "موازنة", "فعلي", "الفرق"],
        ["رواتب", 100, 90, 10, 100, 95, 5],
        ["تدريب", 10, 12, -2, 10, 8, 2],
        ["الإجمالي", 110, 102, 8, 110, 103, 7],
        [None] * 7,
        ["* الأرقام أولية وغير مدققة"],
        ["المصدر: الإدارة المالية"],
    ]
    loaded = book(tmp_path, rows, merged(2, (1, 3, "يناير ٢٠٢٥"), (4, 6, "فبراير ٢٠٢٥")))
    assert loaded.rows("strftime(period, '%Y-%m'), category, amount::INT, budget_amount::INT, currency") == [
        ("2025-01", "people", 90, 100, "SAR"),
        ("2025-01", "training", 12, 10, "SAR"),
        ("2025-02", "people", 95, 100, "SAR"),
        ("2025-02", "training", 8, 10, "SAR"),
    ]
    assert "الفرق" in facts(loaded.report, "header.left_out")["columns"]
    assert loaded.report.rows_skipped == 4  # the total, a blank row, two notes


@pytest.mark.parametrize("variance", ["Variance", "Var %", "Diff", "% var"])
def test_budgets_beside_actuals_with_their_variance(tmp_path: Path, variance: str) -> None:
    head = [f"{month} {what}" for month in ("Jan-25", "Feb-25") for what in ("Budget", "Actual")]
    names = ["Initiative", *head[:2], variance, *head[2:], variance]
    loaded = book(tmp_path, [names, ["App", 100, 90, 10, 100, 120, -20], ["Care", 10, 9, 1, 10, 12, -2]])
    assert loaded.report.totals == {"amount": "231.000", "budget_amount": "220.000"}
    assert [column.heading for column in loaded.report.columns] == ["Initiative", "period", "amount", "budget_amount"]


def test_an_amount_merged_over_several_months_counts_once_and_is_said(tmp_path: Path) -> None:
    rows = [
        ["category", "2025-01", "2025-02", "2025-03"],
        ["people", 1, 2, 3],
        ["training", None, None, None],
        ["technology", 4, 5, 6],
    ]
    loaded = book(tmp_path, rows, merged(2, (1, 3, 300)))
    assert loaded.report.totals["amount"] == "321.000"
    assert facts(loaded.report, "header.merged_amounts") == {"count": "1", "rows": "3"}


def test_rows_that_say_of_which_are_not_added_to_what_they_are_of(tmp_path: Path) -> None:
    months = ["2025-01", "2025-02", "2025-03"]
    rows = [
        ["category", *months],
        ["Salaries", 100, 100, 100],
        ["of which training", 30, 30, 30],
        ["  thereof coaching", 10, 10, 10],
        ["Licences", 50, 50, 50],
        ["منها سحابية", 20, 20, 20],
        ["منهاج تدريبي", 5, 5, 5],  # a curriculum, not "of which"
        ["Agencies", 40, 40, 40],
        ["of which:", None, None, None],
        ["   surveys", 15, 15, 15],
        ["   panels", 25, 25, 25],
        ["Other", 5, 5, 5],
        ["Total", 200, 200, 200],
    ]
    report = book(tmp_path, rows).report
    assert (report.outcome, report.totals["amount"]) == ("loaded", "600.000")
    assert facts(report, "total.of_which") == {"count": "6", "rows": "3, 4, 6, 9, 10, 11"}
    assert facts(report, "total_met")["total"] == "600"


def test_a_total_across_a_total_row_is_checked_too(tmp_path: Path) -> None:
    rows = [
        ["category", "2025-01", "2025-02", "2025-03", "Total"],
        ["people", 1, 2, 3, 6],
        ["training", 4, 5, 6, None],
        ["Total", 5, 7, 9, 6],
    ]
    found = facts(book(tmp_path, rows).report, "header.row_total_disagrees")
    assert (found["row"], found["said"], found["difference"]) == ("4", "6", "-15")


@pytest.mark.parametrize(
    "title", ["CX costs 2025, SAR '000", "All amounts in thousands, 2025", "المبالغ بآلاف الريالات السعودية 2025"]
)
def test_amounts_in_thousands_are_asked_about_and_multiplied_exactly(tmp_path: Path, title: str) -> None:
    rows = [
        [title],
        [],
        ["category", "Jan", "Feb", "Mar"],
        ["people", 1.505, 2, 3],
        ["training", 0.25, 1, 1],
        ["Total", 1.755, 3, 4],
    ]
    asked = book(tmp_path / "a", rows).report
    assert asked.message == "upload.question" and facts(asked, "header.magnitude")["factor"] == "1,000"
    whole = book(tmp_path / "b", rows, amounts_in="thousands", control_total="8755").report
    assert (whole.outcome, whole.totals["amount"]) == ("loaded", "8755.000")
    as_written = book(tmp_path / "c", rows, amounts_in="units").report
    assert as_written.totals["amount"] == "8.755" and facts(as_written, "total_met")


def test_a_formula_never_computed_is_a_reject_and_one_that_points_elsewhere_keeps_its_last_value(
    tmp_path: Path,
) -> None:
    def touch(_: Any, page: Any) -> None:
        page.write_formula(2, 2, "=C2*2", None, "")
        page.write_formula(3, 2, "='[Other.xlsx]Plan'!$B$4", None, 77)

    external = {
        "xl/externalLinks/externalLink1.xml": b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    }
    content = edited(xlsx([*LEDGER, *LEDGER[1:]], touch), lambda part: part, more=external)
    loaded = book(tmp_path, content, rejects_allowed_rate=0.2)
    (reject,) = loaded.report.rejects
    assert (reject.row, reject.value, reject.reason) == (3, "=C2*2", "reject.cell.uncached")
    assert loaded.rows("amount::INT", order="amount DESC").count((77,)) == 1


def test_hidden_sheets_are_named_and_their_rows_are_not_there(tmp_path: Path) -> None:
    def hide(book: Any, _: Any) -> None:
        book.get_worksheet_by_name("2023 draft").hide()

    loaded = book(tmp_path, {"2025": LEDGER, "2023 draft": LEDGER}, hide)
    assert (loaded.report.sheet, loaded.report.rows_loaded) == ("2025", 12)
    assert facts(loaded.report, "sheet.hidden")["sheets"] == "2023 draft"


def test_notes_below_a_table_are_no_rows(tmp_path: Path) -> None:
    notes = [
        [],
        ["Note: figures exclude VAT"],
        ["Prepared by finance on 3 May 2025", "", ""],
        ["1) provisional"],
        ["ملاحظة: الأرقام أولية"],
    ]
    report = book(tmp_path, [*LEDGER, *notes]).report
    assert (report.rows_loaded, report.rows_rejected, report.rows_skipped) == (12, 0, 5)


def test_columns_that_add_up_a_year_are_left_out_and_named(tmp_path: Path) -> None:
    rows = [["category", "Jan 2025", "Feb 2025", "Mar 2025", "YTD", "FY 2025 Forecast"], ["people", 1, 2, 3, 6, 24]]
    report = book(tmp_path, rows).report
    assert report.totals["amount"] == "6.000"
    assert facts(report, "header.left_out")["columns"] == "YTD, FY 2025 Forecast"


def test_thousands_in_a_heading_are_asked_about_in_any_file(tmp_path: Path) -> None:
    content = "period,category,amount (SAR '000)\n2025-01,people,1.5\n2025-02,people,2.25\n"
    assert "header.magnitude" in load(tmp_path, content).findings
    (tmp_path / "b").mkdir()
    assert load(tmp_path / "b", content, amounts_in="thousands").report.totals["amount"] == "3750.000"


COLUMNS = '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
HIDING = {
    "a.xls": lambda rows: xls(rows, hidden=[3, 6], hidden_columns=[1]),
    "a.xlsb": lambda rows: xlsb(rows, hidden=[3, 6], hidden_columns=[1]),
    "a.ods": lambda rows: ods(rows, hidden=[3, 6], columns=COLUMNS),
}


@pytest.mark.parametrize("name", HIDING)
def test_hidden_rows_and_columns_are_said_in_every_kind_of_workbook(tmp_path: Path, name: str) -> None:
    rows = [["period", "initiative", "amount"], *([f"2025-{month:02d}", "Training", 100] for month in range(1, 13))]
    loaded = load(tmp_path, HIDING[name](rows), name)
    assert loaded.report.rows_loaded == 12
    assert facts(loaded.report, "sheet.hidden_rows") == {"count": "2", "rows": "4, 7"}
    assert facts(loaded.report, "sheet.hidden_columns") == {"count": "1", "columns": "initiative"}
    plain = {"a.xls": xls, "a.xlsb": xlsb, "a.ods": ods}[name](rows)
    (tmp_path / "plain").mkdir()
    assert not {f for f in load(tmp_path / "plain", plain, name).findings if "hidden" in f}


@pytest.mark.parametrize("slowly", [False, True])
def test_hidden_columns_of_an_xlsx_are_said_in_both_ways_of_reading(tmp_path: Path, slowly: bool) -> None:
    def hide(_: Any, page: Any) -> None:
        page.set_column(1, 1, options={"hidden": True})
        page.set_column(7, 16383, options={"hidden": True})  # empty ones to the very edge
        if slowly:
            page.set_row(3, options={"hidden": True})

    rows = [["period", "initiative", "amount"], *([f"2025-{month:02d}", "Training", 100] for month in range(1, 13))]
    loaded = load(tmp_path, xlsx(rows, hide), "a.xlsx")
    assert facts(loaded.report, "sheet.hidden_columns") == {"count": "1", "columns": "initiative"}
    assert ("sheet.hidden_rows" in loaded.findings) == slowly


def test_hidden_rows_are_counted_and_said(tmp_path: Path) -> None:
    def hide(_: Any, page: Any) -> None:
        page.set_row(3, options={"hidden": True})
        page.set_row(6, options={"hidden": True})

    loaded = book(tmp_path, {"2025": LEDGER}, hide)
    assert loaded.report.rows_loaded == 12
    assert facts(loaded.report, "sheet.hidden_rows") == {"count": "2", "rows": "4, 7"}
