"""Which lines of a ledger are customer experience, in words: what is asked, what looks like it, and what counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cxroi.intake.report import IntakeReport, LedgerName, of_column
from cxroi.tables import EVERY_LINE, EXACTLY, LedgerRule
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.data.upload import grouped


def columns_of_names(report: IntakeReport) -> tuple[str, ...]:
    """Return the columns by which the lines of a ledger can be told apart, the surest first."""
    return tuple(dict.fromkeys(one.column for one in report.ledger_names))


def open_names(report: IntakeReport, column: str) -> tuple[LedgerName, ...]:
    """Return the names in one column of which lines are open, the largest first."""
    return tuple(one for one in of_column(report.ledger_names, column) if one.open_lines)


def name_words(one: LedgerName, among: Sequence[LedgerName], currency: str, text: Text) -> str:
    """Return what a name stands for: "31% · SAR 512,300.00 · 120 lines"."""
    whole = sum((Decimal(other.amount) for other in of_column(among, one.column)), Decimal(0))
    share = [text.percent(float(Decimal(one.amount) / whole))] if whole > 0 and Decimal(one.amount) >= 0 else []
    money = f"{grouped(one.amount)} {currency}".strip()
    return " · ".join([*share, money, text("cx_lines.lines", lines=one.lines)])


def why_words(one: LedgerName, text: Text) -> str:
    """Return why a name looks like customer experience, "" where it does not."""
    return text("cx_lines.looks", word=shown(one.word, 40)) if one.word else ""


def shown_name(one: LedgerName, text: Text) -> str:
    """Return a name as it is shown; lines without one have a word for that."""
    if one.column == "category" and text.has(id := f"costs.category_{one.name}"):
        return text(id)
    return shown(one.name, 100) or text("cx_lines.unnamed")


def open_name_words(one: LedgerName, report: IntakeReport, text: Text) -> str:
    """Return a name that is asked about in one line: what it is, what it stands for, and why it looks like customer experience."""
    parts = (
        shown_name(one, text),
        name_words(one, report.ledger_names, report.currency or "", text),
        why_words(one, text),
    )
    return " · ".join(filter(None, parts))


def answered(names: Sequence[LedgerName], are_cx: set[str]) -> tuple[LedgerRule, ...]:
    """Return the rules that say of each name whether it is customer experience."""
    return tuple((one.column, f"{EXACTLY}{one.name}", "cx" if one.name in are_cx else "not_cx") for one in names)


def rule_words(rule: LedgerRule, text: Text) -> str:
    """Return a rule in words: what a line must say, and what it then is."""
    column, contains, says = rule
    if column == EVERY_LINE:
        return text(f"rules.{says}_every", contains=shown(contains, 100))
    if contains.startswith(EXACTLY):
        name = contains[len(EXACTLY) :] or text("cx_lines.unnamed")
        return text(f"rules.{says}_is", column=column, contains=name)
    return text(f"rules.{says}", column=column, contains=contains)
