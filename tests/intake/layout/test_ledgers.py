"""What ledgers look like beside the usual exports: printed blocks, several companies, closing entries, months without a year."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cxroi.intake.report import LoadOutcome
from tests.intake.layout.test_ledger_systems import parsed
from tests.made_ledgers import Made, by_account, credit, debit, postings, sides, write

LINES = postings("en", lines=60)
TOTAL = sum((line.amount for line in LINES), Decimal(0))


def load(rows: list[list], folder: Path, kind: str = "xlsx"):
    """Load rows with no option."""
    return parsed(write(Made(rows, TOTAL, 0, 0, kind=kind), folder, "made"), folder)


def blocks():
    """Accounts above their lines with balances and totals, by company."""
    rows: list[list] = [["GL detail 2025"], [], ["Date", "Journal", "Description", "Debit", "Credit", "Balance"]]
    for company in ("Retail", "Logistics"):
        rows.append([f"Company: {company}"])
        for code, name, own in by_account([x for x in LINES if (int(x.number) % 2 == 0) == (company == "Retail")]):
            rows += [[f"{code} {name}"], ["Opening balance", None, None, None, None, 10]]
            rows += [[x.day, x.number, x.memo, debit(x.amount), credit(x.amount), 10] for x in own]
            rows.append([f"Total {code} {name}", None, None, *sides(own)])
        rows.append([f"Total {company}"])
    return rows


def test_accounts_below_companies_are_accounts_and_companies_their_section(tmp_path: Path) -> None:
    report, accounts = load(blocks(), tmp_path)
    assert report.outcome is LoadOutcome.LOADED and Decimal(report.totals["amount"]) == TOTAL
    assert [(name, lines) for name, lines, _ in accounts] == sorted(
        (f"{code} {name}", 12) for code, name in {(x.code, x.name) for x in LINES}
    )
    assert "Section" in [column.heading for column in report.columns]


def test_a_closing_entry_is_left_out_and_said_and_so_is_the_total_that_counts_it(tmp_path: Path) -> None:
    rows = [["Date", "Journal", "Account", "Description", "Debit", "Credit"]]
    rows += [[x.day, x.number, x.name, x.memo, debit(x.amount), credit(x.amount)] for x in LINES]
    rows.append([LINES[-1].day, "9999", "All", "Closing entry 2025", None, TOTAL])
    rows.append(["Total", None, None, None, sides(LINES)[0], sides(LINES)[1] + TOTAL])
    report, _ = load(rows, tmp_path)
    assert report.outcome is LoadOutcome.LOADED and Decimal(report.totals["amount"]) == TOTAL
    assert {"finding.skipped.closing"} == {f.id for f in report.findings if "closing" in f.id or "disagree" in f.id}


@pytest.mark.parametrize(
    ("head", "first"),
    [(("Fiscal Year", "Period"), lambda x: (2025, x.day.month)), (("السنة المالية", "الفترة"), lambda x: ("2025", f"{x.day.month:03d}")), (("Ledger", "Month"), lambda x: ("L", f"{x.day:%B}"))],
)  # fmt: skip
def test_a_month_has_its_year_from_the_column_beside_it_or_the_title(tmp_path: Path, head, first) -> None:
    rows = [["Ledger 2025"], [], [*head, "Account", "Debit", "Credit"]]
    rows += [[*first(x), f"{x.code} {x.name}", debit(x.amount), credit(x.amount)] for x in LINES]
    report, _ = load(rows, tmp_path)
    assert report.outcome is LoadOutcome.LOADED and Decimal(report.totals["amount"]) == TOTAL


def test_code_and_name_of_an_account_are_one_and_the_year_beside_a_month_is_said(tmp_path: Path) -> None:
    rows = [["Fiscal Year", "Period", "Account code", "Account name", "Debit", "Credit"]]
    rows += [[2025, x.day.month, x.code, x.name, debit(x.amount), credit(x.amount)] for x in LINES]
    report, accounts = load(rows, tmp_path)
    assert {name for name, _, _ in accounts} == {f"{x.code} {x.name}" for x in LINES}
    said = {finding.id: dict(finding.facts) for finding in report.findings}
    assert set(said["finding.account_in_two"].values()) == {"Account code", "Account name"}
    assert said["finding.header.year_beside"] == {"column": "Period", "beside": "Fiscal Year"}


def test_a_parent_whose_amount_is_not_its_parts_is_a_line_where_no_parent_agrees(tmp_path: Path) -> None:
    rows = [["Trial balance for the month ended 31 March 2025"], [], ["Account", "Account name", "Debit", "Credit"]]
    rows += [["64", "Own postings", 7, 0], ["6410", "Training", 10, 1], ["6420", "Software", 20, 2]]
    report, accounts = load(rows, tmp_path)
    assert Decimal(report.totals["amount"]) == 34 and len(accounts) == 3
