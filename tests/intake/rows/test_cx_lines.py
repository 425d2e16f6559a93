"""Which lines of a ledger are customer experience is asked before it counts, and only of lines of which nothing tells."""

from pathlib import Path

import pytest

from cxroi.cli.ways_on import ways_on
from cxroi.intake.parse import ParseLimits, parse_file
from cxroi.intake.report import IntakeReport, IntakeRequest, LoadOutcome
from tests.collection import SHARED
from tests.intake.loading import TODAY

HEAD = "period,account,amount"
LINES = ("2025-01,Customer support,10.5", "2025-01,Rent,30", "2025-02,Customer support,9.5", "2025-02,Loyalty,50")
KEPT = (("account", "=Customer support", "cx"), ("account", "=Loyalty", "cx"), ("account", "=Rent", "not_cx"))


def read(folder: Path, lines: tuple[str, ...] = LINES, head: str = HEAD, **request: object) -> IntakeReport:
    path = folder / "ledger.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return read_path(path, folder, **request)


def read_path(path: Path, folder: Path, **request: object) -> IntakeReport:
    staging = folder / "staging"
    staging.mkdir()
    (report,) = parse_file(path, path.name, IntakeRequest(**request), staging, TODAY, ParseLimits(threads=1))  # type: ignore[arg-type]
    return report


def opened(report: IntakeReport, column: str = "account") -> dict[str, str]:
    return {one.name: one.amount for one in report.ledger_names if one.column == column and one.open_lines}


def test_a_ledger_that_does_not_say_is_read_to_the_cent_and_refused_with_its_names(tmp_path: Path) -> None:
    report = read(tmp_path)
    assert (report.outcome, report.message, report.parquet) == (LoadOutcome.REFUSED, "upload.cx_lines", None)
    assert report.rows_loaded == 4 and report.totals["amount"] == "100.000"
    assert opened(report) == {"Loyalty": "50.000", "Rent": "30.000", "Customer support": "20.000"}
    assert {one.name: one.word for one in report.ledger_names if one.column == "account"} == {
        "Loyalty": "loyalty", "Rent": "", "Customer support": "customer support"
    }  # fmt: skip
    assert ways_on(report)["finding.cx_lines"] == "--cx-rule account==Loyalty --other-lines not_cx | --other-lines cx"


@pytest.mark.parametrize(("other", "cx"), [("cx", "4"), ("not_cx", "0")])
def test_what_is_said_of_all_lines_is_told_as_rules_of_their_names(tmp_path: Path, other: str, cx: str) -> None:
    report = read(tmp_path, other_lines=other)
    (told,) = [f for f in report.findings if f.id in ("finding.cx_counted", "finding.no_cx_lines")]
    assert (told.facts["cx_lines"], told.facts["lines"], told.facts["amount"]) == (cx, "4", "100.000")
    assert set(report.rules_said) == {
        ("account", f"={name}", other) for name in ("Loyalty", "Rent", "Customer support")
    }


def test_a_new_account_of_the_next_month_is_asked_about_and_only_that(tmp_path: Path) -> None:
    report = read(tmp_path, (*LINES, "2025-03,Rentals,7"), kept_rules=KEPT)
    assert report.message == "upload.cx_lines" and opened(report) == {"Rentals": "7.000"}


def test_what_was_said_of_every_account_is_not_asked_again(tmp_path: Path) -> None:
    report = read(tmp_path, kept_rules=KEPT)
    (told,) = [f for f in report.findings if f.id == "finding.cx_counted"]
    assert report.outcome is LoadOutcome.LOADED
    assert (told.facts["cx_amount"], told.facts["cx_names"], told.facts["names"]) == ("70.000", "2", "3")


def test_rules_that_are_given_by_name_stand_beside_those_that_are_kept(tmp_path: Path) -> None:
    given = (("account", "=Rentals", "not_cx"),)
    report = read(tmp_path, (*LINES, "2025-03,Rentals,7"), kept_rules=KEPT, ledger_rules=given)
    assert report.outcome is LoadOutcome.LOADED


def test_a_file_that_says_it_itself_is_asked_about_its_empty_cells_alone(tmp_path: Path) -> None:
    report = read(tmp_path, ("2025-01,A,1,yes", "2025-01,B,2,no"), head=f"{HEAD},is_cx")
    assert report.outcome is LoadOutcome.LOADED
    (tmp_path / "b").mkdir()
    assert opened(read(tmp_path / "b", ("2025-01,A,1,yes", "2025-01,B,2,"), head=f"{HEAD},is_cx")) == {"B": "2.000"}


def test_words_that_say_which_lines_are_say_that_the_others_are_not(tmp_path: Path) -> None:
    report = read(tmp_path, kept_rules=(("account", "support", "cx"),))
    (told,) = [f for f in report.findings if f.id == "finding.cx_counted"]
    assert told.facts["cx_amount"] == "20.000"


def test_what_was_said_of_a_ledger_without_names_holds_for_its_layout_and_for_no_other(tmp_path: Path) -> None:
    lines = ("2025-01,1", "2025-02,2")
    report = read(tmp_path, lines, head="period,amount", other_lines="cx")
    assert report.rules_said == (("*", "period, amount", "cx"),)
    for name, head, outcome in (
        ("a", "Period,AMOUNT", LoadOutcome.LOADED),
        ("b", "month,total cost", LoadOutcome.REFUSED),
    ):
        (tmp_path / name).mkdir()
        again = read(tmp_path / name, lines, head=head, kept_rules=report.rules_said, table="costs")
        assert again.outcome is outcome


@pytest.mark.parametrize(
    ("file", "request_"),
    [
        ("vendor/quickbooks_ledger.csv", {}),
        ("faults/books/06_trial_balance.xlsx", {"rejects_allowed_rate": 1.0}),
        (
            "messy/cash_flow_statement_12_months.xlsx",
            {"table": "costs", "as_of": "2025-03-31", "currency_words": (("$", "USD"),)},
        ),
    ],
)
def test_a_ledger_of_the_whole_company_is_never_taken_without_an_answer(
    tmp_path: Path, file: str, request_: dict[str, object]
) -> None:
    if not (SHARED / file).exists():
        pytest.skip("the shared files are not here")
    report = read_path(SHARED / file, tmp_path, **request_)
    assert report.message == "upload.cx_lines" and report.rows_loaded > 0 and report.totals["amount"]
