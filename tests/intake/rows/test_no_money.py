"""Budgets among what was spent, and orders that were called off: never added up without a word."""

from pathlib import Path

import pytest

from tests.intake.loading import load

MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("heading", "actual", "planned"),
    [("Scenario", "Actual", "Budget"), ("النوع", "فعلي", "الموازنة"), ("Version", "Ist", "Plan")],
)
def test_budget_lines_beside_actual_ones_are_no_spend(tmp_path: Path, heading: str, actual: str, planned: str) -> None:
    lines = "".join(f"{month},Care,{actual},100.25\n{month},Care,{planned},120.50\n" for month in MONTHS)
    loaded = load(tmp_path, f"Month,Account,{heading},Amount\n{lines}")
    assert loaded.report.totals == {"amount": "1203.000"} and loaded.report.rows_skipped == 12
    assert "preset.rows_left_out" in loaded.findings


@pytest.mark.parametrize("words", [("Actual", "Accrual"), ("Budget", "Forecast"), ("Actual", "Actual")])
def test_a_column_that_tells_no_budget_from_actual_spend_leaves_every_line(
    tmp_path: Path, words: tuple[str, str]
) -> None:
    lines = "".join(f"{month},Care,{words[k % 2]},100.25\n" for k, month in enumerate(MONTHS))
    loaded = load(tmp_path, f"Month,Account,Scenario,Amount\n{lines}")
    assert loaded.report.totals == {"amount": "1203.000"} and loaded.report.rows_loaded == 12


@pytest.mark.parametrize(
    ("heading", "word", "amount", "said"),
    [
        ("Status", "Cancelled", "10.00", True),
        ("Order Type", "Refund", "10.00", True),
        ("حالة الطلب", "ملغاة", "١٠", True),
        ("Order Type", "Refund", "-10.00", False),
        ("Order Type", "Refund", "(10.00)", False),
        ("Status", "Paid", "10.00", False),
        ("City", "Void", "10.00", False),
    ],
)
def test_orders_that_were_called_off_are_said_unless_their_amounts_take_off(
    tmp_path: Path, heading: str, word: str, amount: str, said: bool
) -> None:
    lines = "".join(
        f"O{k},C{k % 4},{month}-05,{word if k % 3 == 0 else 'Paid'},{amount if k % 3 == 0 else '20.00'}\n"
        for k, month in enumerate(MONTHS)
    )
    loaded = load(tmp_path, f"Order ID,Customer ID,Order Date,{heading},Amount\n{lines}")
    facts = [finding.facts["count"] for finding in loaded.report.findings if finding.id == "finding.orders_undone"]
    assert facts == (["4"] if said else []) and loaded.report.rows_loaded == 12


def test_orders_that_were_given_back_are_said_where_their_refund_does_not_take_off(tmp_path: Path) -> None:
    lines = "".join(
        f"O{k},C{k % 4},{month}-05,{'Refunded' if k % 3 == 0 else 'Paid'},20.00,{'20.00' if k % 6 == 0 else ''}\n"
        for k, month in enumerate(MONTHS)
    )
    loaded = load(tmp_path, f"Order ID,Customer ID,Order Date,Status,Amount,Refund\n{lines}")
    facts = [finding.facts["count"] for finding in loaded.report.findings if finding.id == "finding.orders_undone"]
    assert facts == ["2"]
