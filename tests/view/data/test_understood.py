"""One sentence of a file: what it does not know yet is said as a person would."""

import pytest

from cxroi.intake.report import IntakeReport, LedgerName, LoadOutcome
from cxroi.text import Text
from cxroi.view.data.understood import understood


def ledger(*opened: int) -> IntakeReport:
    plainly = {"column": "account", "lines": 1, "amount": "5", "cx_amount": "0", "word": ""}
    names = tuple(LedgerName(name=f"A{k}", cx_lines=1 - one, open_lines=one, **plainly) for k, one in enumerate(opened))
    return IntakeReport(
        file="a.csv",
        sheet=None,
        table="costs",
        outcome=LoadOutcome.REFUSED,
        message="m",
        rows_loaded=9,
        ledger_names=names,
    )


@pytest.mark.parametrize(
    ("language", "opened", "end"),
    [
        ("en", (1, 1, 1), "3 accounts; which of them are CX is open."),
        ("en", (1, 1, 0), "3 accounts; which of 2 of them are CX is open."),
        ("ar", (1, 1, 1), "3 حسابات؛ لم يُحدَّد بعد أيّها من تجربة العملاء."),
    ],
)
def test_where_all_accounts_are_open_their_number_stands_once(language: str, opened: tuple[int, ...], end: str) -> None:
    assert understood(ledger(*opened), Text(language)).strip("\u2068\u2069").endswith(end)
