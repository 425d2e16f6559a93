"""What was understood of a file, in one sentence."""

from __future__ import annotations

from datetime import date

from cxroi.intake.report import IntakeReport, of_column
from cxroi.tables import LEDGER_NAMES, TABLES, Kind
from cxroi.text import Text
from cxroi.view.data.upload import grouped

_MAIN_MONEY = {"costs": "amount", "orders": "amount", "monthly": "revenue", "contacts": "cost"}


def understood(report: IntakeReport, text: Text) -> str:
    """Return it: "A cost ledger of 12 months: SAR 1,451,296.86, 300 lines, 14 accounts; 6 of them count as CX."; "" of what was not read."""
    if report.table is None or not report.rows_loaded:
        return ""
    what = text(f"understood.{report.table}", rows=report.rows_loaded)
    if report.first_day:
        first, last = date.fromisoformat(report.first_day), date.fromisoformat(report.last_day)
        count = 12 * (last.year - first.year) + last.month - first.month + 1
        period = text.month(first) if count == 1 else text.between(text.month(first), text.month(last))
        what = text("understood.period", what=what, months=text.months(count), period=period)
    parts = [what, *_money(report, text)]
    cx = _cx(report, text)
    return text("understood.sentence", parts=text.listed(parts), cx=cx)


def _money(report: IntakeReport, text: Text) -> list[str]:
    column = _MAIN_MONEY.get(str(report.table), "")
    if column not in report.totals or TABLES[str(report.table)].column(column).kind is not Kind.MONEY:
        return []
    return [f"{report.currency or ''} {grouped(report.totals[column])}".strip()]


def _cx(report: IntakeReport, text: Text) -> str:
    """Return how much of a ledger counts as customer experience, or that this is open."""
    names = report.ledger_names
    if not names:
        return ""
    column = names[0].column
    of = of_column(names, column)
    if column not in LEDGER_NAMES:
        state = (
            "open" if any(one.open_lines for one in of) else "all" if all(o.cx_lines == o.lines for o in of) else "some"
        )
        return text(f"understood.lines_{state}", cx=sum(one.cx_lines for one in of))
    counted = text(f"understood.names.{column}", count=len(of))
    opened, cx = sum(one.open_lines > 0 for one in of), sum(one.cx_lines > 0 for one in of)
    if opened == len(of) > 1:
        return text("understood.open_all", names=counted)
    if opened:
        return text("understood.open", names=counted, count=opened)
    return text("understood.counted", names=counted, cx=text.number(cx))
