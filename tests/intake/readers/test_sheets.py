"""Several sheets of one workbook: one table where the person says so, a question where they do not, never half of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxroi.actions.load import inspect_file
from cxroi.cli import main
from cxroi.errors import UploadError
from cxroi.intake.readers.sheets import chosen
from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file
from tests.intake.loading import load_sheets
from tests.intake.workbooks import xlsx

HEAD: list[Any] = ["period", "category", "amount"]
YEARS: dict[str, Any] = {
    "2024": [HEAD, ["2024-01", "people", 10], ["2024-02", "people", 20]],
    "2025": [HEAD, ["2025-01", "people", 30], ["2025-02", "people", 40], ["Total", None, 70]],
}


def test_sheets_of_one_table_are_a_question_until_a_person_says_which(tmp_path: Path) -> None:
    reports = load_sheets(tmp_path, xlsx(YEARS))
    assert [(r.sheet, r.outcome, r.message) for r in reports] == [
        ("2024", "refused", "upload.question"),
        ("2025", "refused", "upload.question"),
    ]
    (asked,) = [f for f in reports[0].findings if f.severity == "question"]
    assert (asked.id, asked.facts) == ("finding.sheet.choice", {"sheets": "2024, 2025", "table": "costs"})
    assert reports[0].totals == {"amount": "30.000"} and reports[0].sheets == ("2024", "2025")


@pytest.mark.parametrize("asked", ["all", "ALL", "2024,2025", "2025, 2024", "الكل"])
def test_sheets_become_one_table_with_counts_totals_and_rejects_each(tmp_path: Path, asked: str) -> None:
    years = {**YEARS, "2024": [*YEARS["2024"], *([["2024-03", "people", 1]] * 30), ["soon", "people", 5]]}
    reports = load_sheets(tmp_path, xlsx(years), sheet=asked)
    assert [(r.sheet, r.rows_loaded, r.rows_rejected, r.rows_skipped) for r in reports] == [
        ("2024", 32, 1, 0),
        ("2025", 2, 0, 1),
    ]
    assert [r.totals["amount"] for r in reports] == ["60.000", "70.000"]
    assert "finding.total_met" in {f.id for f in reports[1].findings}  # its own total row
    assert reports[0].rejects[0].row == 34
    assert all("finding.sheet.stacked" in {f.id for f in r.findings} for r in reports)


def test_a_total_that_was_given_is_of_all_sheets_together(tmp_path: Path) -> None:
    met = load_sheets(tmp_path, xlsx(YEARS), sheet="all", control_total="100")
    assert {r.outcome for r in met} == {"loaded"} and "finding.total_met" in {f.id for f in met[0].findings}
    missed = load_sheets(tmp_path / "b", xlsx(YEARS), sheet="all", control_total="70")
    assert {(r.outcome, r.message) for r in missed} == {("refused", "upload.control_total")}
    assert missed[0].facts["difference"] == "30.000"


def test_the_name_of_the_sheet_can_fill_a_column(workspace: Workspace, tmp_path: Path) -> None:
    book = {"KSA": YEARS["2024"], "UAE": YEARS["2025"]}
    request = IntakeRequest(sheet="all", mapping=(("segment", "Sheet"),))
    _, version = load_file(workspace, written(tmp_path, book), "a.xlsx", request)
    assert version is not None
    assert segments(version.tables["costs"].files) == {"KSA": 2, "UAE": 2}


def test_a_stack_is_one_version_with_a_source_for_each_sheet(workspace: Workspace, tmp_path: Path) -> None:
    _, version = load_file(workspace, written(tmp_path, YEARS), "a.xlsx", IntakeRequest(sheet="all"))
    assert version is not None and workspace.versions() == (version,)
    costs = version.tables["costs"]
    assert (costs.rows, costs.sums["amount"]) == (4, "100.000")
    assert [(s["sheet"], s["rows"], s["sums"]["amount"]) for s in costs.sources] == [
        ("2024", 2, "30.000"),
        ("2025", 2, "70.000"),
    ]


def test_a_second_sheet_of_a_loaded_file_is_added_and_the_same_one_is_not(workspace: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, YEARS)
    load_file(workspace, path, "a.xlsx", IntakeRequest(sheet="2024"))
    (again,), nothing = load_file(workspace, path, "a.xlsx", IntakeRequest(sheet="2024"), mode="append")
    assert (again.message, nothing) == ("upload.same_file", None)
    _, both = load_file(workspace, path, "a.xlsx", IntakeRequest(sheet="2025"), mode="append")
    assert both is not None and both.tables["costs"].rows == 4
    _, whole = load_file(workspace, path, "a.xlsx", IntakeRequest(sheet="2024"))
    assert whole is not None and whole.tables["costs"].rows == 2
    _, whole = load_file(workspace, path, "a.xlsx", IntakeRequest(sheet="all"))
    assert whole is not None and whole.tables["costs"].rows == 4


def test_one_sheet_that_cannot_be_taken_holds_back_the_others_of_its_table(
    workspace: Workspace, tmp_path: Path
) -> None:
    broken = {**YEARS, "2026": [HEAD, ["soon", "people", 1], ["later", "people", 2]]}
    reports, version = load_file(workspace, written(tmp_path, broken), "a.xlsx", IntakeRequest(sheet="all"))
    assert version is None
    assert [r.message for r in reports] == ["upload.other_sheet_refused"] * 2 + ["upload.nothing_left"]
    assert reports[0].facts == {"sheets": "2026", "good": "2024,2025"}
    misnamed = {**YEARS, "2026": [["period", "category", "how much"], ["2026-01", "people", 1]]}
    reports = load_sheets(tmp_path, xlsx(misnamed), sheet="all")
    assert [r.message for r in reports][:2] == ["upload.other_sheet_refused"] * 2


def test_all_leaves_sheets_of_another_kind_out_and_says_so(tmp_path: Path) -> None:
    book = {"Cover": [["Cost report"], ["of our company"]], **YEARS, "Lists": [["category", "owner"], ["people", "HR"]]}
    reports = load_sheets(tmp_path, xlsx(book), sheet="all")
    assert [(r.sheet, r.outcome) for r in reports] == [("2024", "loaded"), ("2025", "loaded"), ("Lists", "refused")]
    assert "finding.sheet.others" in {f.id for f in reports[0].findings}


def test_sheets_of_different_tables_load_without_a_question(tmp_path: Path) -> None:
    book = {"Costs": YEARS["2024"], "Orders": [["customer_id", "ordered_on", "amount"], ["A", "2025-01-02", 5]]}
    assert {(r.table, r.outcome) for r in load_sheets(tmp_path, xlsx(book))} == {
        ("costs", "loaded"),
        ("orders", "loaded"),
    }


def test_a_customer_on_two_sheets_is_not_two_customers(tmp_path: Path) -> None:
    page = [["customer_id", "joined_on", "left_on"], ["A", "2024-01-02", None], ["B", "2024-01-02", "2025-01-02"]]
    reports = load_sheets(tmp_path, xlsx({"2024": page, "2025": [*page, ["C", "2025-01-02", None]]}), sheet="all")
    assert {(r.outcome, r.message) for r in reports} == {("refused", "upload.sheets_overlap")}
    assert reports[0].facts == {"rows": "2", "key": "customer_id"}


def test_orders_in_two_currencies_on_two_sheets_wait_for_a_rate(tmp_path: Path) -> None:
    def page(mark: str) -> list[list[Any]]:
        return [
            ["customer_id", "ordered_on", "amount"],
            ["A", "2025-01-02", f"{mark} 10"],
            ["B", "2025-01-02", f"{mark} 20"],
        ]

    reports = load_sheets(tmp_path, xlsx({"KSA": page("SAR"), "UAE": page("AED")}), sheet="all")
    assert {r.message for r in reports} == {"upload.question"}
    reports = load_sheets(
        tmp_path / "b",
        xlsx({"KSA": page("SAR"), "UAE": page("AED")}),
        sheet="all",
        currency="SAR",
        rates=(("AED", "1.02"),),
    )
    assert [r.totals["amount"] for r in reports] == ["30.000", "30.600"]


def quarters(headings: list[Any]) -> dict[str, Any]:
    """Return four sheets of a quarter each, whose amounts come to 780.50, and one that adds them up."""
    amounts = [[n + 12 * row + 0.25 * (n == 3) for n in range(1, 13)] for row in (0, 1)]
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    pages = {
        f"Q{q + 1} 2025": [
            ["Initiative", *months[3 * q : 3 * q + 3], f"Q{q + 1} total"],
            *(
                [name, *row[3 * q : 3 * q + 3], sum(row[3 * q : 3 * q + 3])]
                for name, row in zip("AB", amounts, strict=True)
            ),
        ]
        for q in range(4)
    }
    sums = [
        [name, *(sum(row[3 * q : 3 * q + 3]) for q in range(4)), sum(row)]
        for name, row in zip("AB", amounts, strict=True)
    ]
    return {**pages, "Summary": [["Initiative", *headings], *sums]}


@pytest.mark.parametrize(
    "headings", [["Q1", "Q2", "Q3", "Q4", "FY2025"], ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Total"]]
)
def test_a_sheet_that_adds_up_the_others_is_not_counted_with_them(
    workspace: Workspace, tmp_path: Path, headings: list[Any]
) -> None:
    book = written(tmp_path, quarters(headings))
    reports, version = load_file(workspace, book, "a.xlsx", IntakeRequest(sheet="all"))
    assert version is not None and version.tables["costs"].sums["amount"] == "300.500"
    assert [(r.sheet, r.message, r.facts["total"]) for r in reports if r.outcome == "refused"] == [
        ("Summary", "upload.sheet_sums_up", "300.500")
    ]
    named = load_sheets(tmp_path / "b", xlsx(quarters(headings)), sheet="Q1 2025,Q2 2025,Q3 2025,Q4 2025,Summary")
    (flag,) = [f for f in named[-1].findings if f.id == "finding.sheet.sums_up"]
    assert (flag.severity, flag.facts["sheets"]) == ("flag", "Q1 2025, Q2 2025, Q3 2025, Q4 2025")


def test_months_without_a_year_take_it_from_the_name_of_their_sheet(tmp_path: Path) -> None:
    page = [["category", "Jan", "Feb", "Mar"], ["people", 1, 2, 3], ["training", 4, 5, 6]]
    reports = load_sheets(tmp_path, xlsx({"2024": page, "2025": page}), sheet="all")
    assert [r.rows_loaded for r in reports] == [6, 6]
    facts = [next(f.facts for f in r.findings if f.id == "finding.header.unpivoted") for r in reports]
    assert [(f["first"], f["last"]) for f in facts] == [("2024-01", "2024-03"), ("2025-01", "2025-03")]


def test_a_named_sheet_without_a_table_is_refused_by_its_name(tmp_path: Path) -> None:
    (report,) = load_sheets(tmp_path, xlsx({**YEARS, "Cover": [["x"]]}), sheet="2024,Cover")
    assert (report.message, report.facts) == ("reader.sheet_without_table", {"sheet": "Cover"})


def test_a_sheet_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    twice = [["period", "amount", "amount"], ["2025-01", 1, 2]]
    reports = load_sheets(tmp_path, xlsx({"2024": YEARS["2024"], "2025": twice}))
    (unread,) = [f for f in reports[0].findings if f.id == "finding.sheet.unread"]
    assert (unread.severity, unread.facts["sheets"]) == ("flag", "2025")


def test_names_with_commas_and_a_sheet_called_all_are_names_first() -> None:
    assert chosen("Costs, old,2025", ["2025", "Costs", "Costs, old"]) == ("2025", "Costs, old")
    assert chosen("All", ["All", "2025"]) == ("All",)
    with pytest.raises(UploadError) as error:
        chosen("2024,2027", ["2024", "2025"])
    assert (error.value.id, error.value.facts["sheet"]) == ("reader.no_such_sheet", "2027")


def test_looking_asks_the_same_as_loading(tmp_path: Path) -> None:
    path = written(tmp_path, YEARS)
    assert {r.message for r in inspect_file(path, "a.xlsx", IntakeRequest())} == {"upload.question"}
    assert {r.outcome for r in inspect_file(path, "a.xlsx", IntakeRequest(sheet="all", other_lines="cx"))} == {"loaded"}


def test_the_command_takes_all_sheets_and_shows_the_columns_of_what_it_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["import", str(written(tmp_path, YEARS)), "--json", "--workspace", str(tmp_path / "w")]
    assert main(given) == 1
    asked = json.loads(capsys.readouterr().out)["files"]
    assert [file["message_id"] for file in asked] == ["upload.question"] * 2
    assert [column["heading"] for column in asked[0]["columns"]] == HEAD
    assert main([*given, "--sheet", "all", "--control-total", "100", "--other-lines", "cx"]) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(file["sheet"], file["rows_loaded"]) for file in files] == [("2024", 2), ("2025", 2)]
    assert main(["import", str(tmp_path / "a.xlsx"), "--sheet", "2024,2027", "--workspace", str(tmp_path / "w")]) == 1
    assert "2027" in capsys.readouterr().err


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def written(folder: Path, book: dict[str, Any]) -> Path:
    path = folder / "a.xlsx"
    path.write_bytes(xlsx(book))
    return path


def segments(files: tuple[Path, ...]) -> dict[str, int]:
    import duckdb

    names = ", ".join(f"'{path}'" for path in files)
    return dict(duckdb.sql(f"SELECT segment, count(*) FROM read_parquet([{names}]) GROUP BY 1").fetchall())


def shut(*names: str) -> Callable[[Any, Any], None]:
    def hide(book: Any, _: Any) -> None:
        for name in names:
            book.get_worksheet_by_name(name).hide()

    return hide


DASHBOARD = [["", ""], ["", "CX dashboard"], ["", "Total spend"]]
LEDGER: list[Any] = YEARS["2024"]


def test_a_refusal_names_the_hidden_sheets(tmp_path: Path) -> None:
    book = xlsx({"Dashboard": DASHBOARD, "Data": LEDGER}, shut("Data"))
    for asked in (None, "Dta", "Dashboard"):
        (report,) = load_sheets(tmp_path, book, sheet=asked)
        assert (report.outcome, report.sheets, report.hidden_sheets) == ("refused", ("Dashboard",), ("Data",))
        (said,) = report.findings
        assert (said.id, said.severity, said.facts["sheets"]) == ("finding.sheet.hidden", "flag", "Data")


def test_a_hidden_sheet_is_read_where_it_is_named_and_that_is_said(tmp_path: Path) -> None:
    book = xlsx({"Dashboard": DASHBOARD, "Data": LEDGER, "Old": LEDGER}, shut("Data", "Old"))
    (report,) = load_sheets(tmp_path, book, sheet="Data")
    assert (report.sheet, report.rows_loaded) == ("Data", len(LEDGER) - 1)
    said = {finding.id: finding for finding in report.findings}
    assert said["finding.sheet.hidden_read"].facts["sheets"] == "Data"
    assert said["finding.sheet.hidden_read"].severity == "flag"
    assert said["finding.sheet.hidden"].facts["sheets"] == "Old"


def test_all_sheets_are_the_visible_ones(tmp_path: Path) -> None:
    book = xlsx({"2024": LEDGER, "Draft": LEDGER}, shut("Draft"))
    (report,) = load_sheets(tmp_path, book, sheet="all")
    assert report.sheet == "2024"
