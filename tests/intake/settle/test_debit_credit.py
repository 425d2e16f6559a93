"""A ledger with debits and credits in two columns counts their difference, and balances carried over are no spend."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxroi.intake.report import Severity
from tests.collection import SHARED
from tests.intake.loading import load, load_path
from tests.intake.workbooks import xlsx

BOOKS = SHARED / "data" / "faults"
LINES = "2025-01-05,Invoice,100.10,0.00\n2025-02-05,Invoice,50.00,\n2025-02-09,Credit note,,20.05\n"


def test_the_amount_of_a_line_is_its_debit_less_its_credit_and_that_is_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, "Date,Description,Debit,Credit\n" + LINES)
    assert [str(amount) for (amount,) in loaded.rows("amount", "period, amount DESC")] == [
        "100.100",
        "50.000",
        "-20.050",
    ]
    (said,) = [f for f in loaded.report.findings if f.id == "finding.debit_less_credit"]
    assert said.facts == {"debit": "Debit", "credit": "Credit", "taken": "20.05"} and said.severity is Severity.FLAG


def test_where_no_credit_takes_anything_off_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    loaded = load(tmp_path, "Date,Description,Debit,Credit\n" + LINES.replace(",,20.05", ",20.05,0.00"))
    (said,) = [f for f in loaded.report.findings if f.id == "finding.debit_less_credit"]
    assert said.severity is Severity.NOTE


@pytest.mark.parametrize("heads", ["مدين,دائن", "Amount (Debit),Amount (Credit)", "Debit SAR,Credit SAR"])
def test_the_two_sides_are_known_by_many_headings(tmp_path: Path, heads: str) -> None:
    loaded = load(tmp_path, f"Date,Description,{heads}\n" + LINES, table="costs")
    assert loaded.report.totals["amount"] == "130.050"


def test_credits_written_below_zero_are_taken_off_and_a_side_that_is_no_number_is_put_aside(tmp_path: Path) -> None:
    content = (
        "Date,Description,Debit,Credit\n2025-01-05,a,100,\n2025-01-06,b,,-20\n2025-01-07,c,5,soon\n2025-01-08,d,,\n"
    )
    loaded = load(tmp_path, content, rejects_allowed_rate=1.0)
    assert loaded.report.totals["amount"] == "80.000"
    assert loaded.reasons == [(4, "unreadable_number"), (5, "missing")]


def test_a_column_of_net_amounts_goes_before_debits(tmp_path: Path) -> None:
    content = "Date,Type,Amount (Debit),Amount (Credit),Amount (Net)\n2025-01-05,Bill,9,,9\n2025-01-06,Credit,,4,-4\n"
    loaded = load(tmp_path, content, table="costs")
    assert loaded.report.totals["amount"] == "5.000" and loaded.report.mapping["amount"] == "Amount (Net)"


def test_the_control_total_of_two_sides_is_their_difference(tmp_path: Path) -> None:
    rows = [["Date", "Description", "Debit", "Credit"], ["2025-01-05", "a", 10, None], ["2025-01-06", "b", None, 4]]
    content = xlsx([*rows, ["Total", None, 10, 4]])
    loaded = load(tmp_path, content, "a.xlsx", table="costs")
    assert loaded.report.outcome == "loaded" and "total_met" in loaded.findings


def test_a_credit_in_a_foreign_currency_is_asked_about_as_a_debit_is(tmp_path: Path) -> None:
    content = "Date,Description,Debit,Credit\n2025-01-05,a,SAR 100,\n2025-01-06,b,,EUR 20\n"
    loaded = load(tmp_path, content, table="costs")
    assert "currencies_mixed" in loaded.findings and loaded.report.rows_loaded == 0
    (tmp_path / "again").mkdir()
    known = load(tmp_path / "again", content, table="costs", currency="SAR", rates=(("EUR", "4"),))
    assert known.report.totals["amount"] == "20.000"


def test_balances_carried_over_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [
        ["Date", "Description", "Reference", "Debit", "Credit"],
        ["Opening Balance", None, None, 0, 0],
        *[[f"2025-0{month}-05", "a", f"I{month}", 10, 0] for month in range(1, 6)],
        ["Closing Balance", None, None, 0, 0],
    ]
    loaded = load(tmp_path, xlsx(rows), "a.xlsx", table="costs")
    (said,) = [f for f in loaded.report.findings if f.id == "finding.total.balance"]
    assert said.facts == {"count": "2", "rows": "2, 8"}
    assert loaded.report.totals["amount"] == "50.000" and not loaded.reasons


@pytest.mark.skipif(not BOOKS.exists(), reason="the messy files are kept outside the project")
@pytest.mark.parametrize(
    ("name", "net"),
    [
        ("debit_credit.csv", "984509.200"),
        ("books/04_xero_debit_credit.xlsx", "2184291.780"),
        ("books/05_netsuite_gl.xlsx", "1451296.860"),
    ],
)
def test_ledgers_of_accounting_packages_load_to_the_cent(tmp_path: Path, name: str, net: str) -> None:
    report = load_path(BOOKS / name, tmp_path / "staging").report
    assert (report.outcome, report.totals["amount"]) == ("loaded", net)
