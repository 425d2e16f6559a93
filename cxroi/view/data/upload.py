"""The account of an upload in words and rows: what was read, what was put aside and why, what only a person can answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from cxroi.intake.report import (
    LIFTED_BY_AN_ANSWER,
    Finding,
    IntakeReport,
    LoadOutcome,
    Reject,
    Severity,
)
from cxroi.questions.standing import DOUBTS
from cxroi.tables import EXACTLY, TABLES, Column, Kind
from cxroi.text import Text
from cxroi.text.plain import plain, shown

_MUCH_ASIDE = 0.01  # from this share of rows put aside on, a figure can be off by what matters
_COUNTS = (
    "count",
    "open_lines",
    "cx_lines",
    "loaded",
    "read",
    "rejected",
    "rows",
    "lines",
    "customers",
    "left",
    "debits",
)
_TYPED = ("table", "nearest", "first", "second", "tables", "missing")  # a terminal is given these by their ids
_OURS, _LISTS = ("target", "column", "key"), ("rows", "choices", "currencies", "lacking")
_COUNTED, _SUMS = ("usual", "level"), ("total", "difference", "parts", "said", "amount", "cx_amount", "taken")
_MONTH, _NUMBER = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII), re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_EXACT = re.compile(r"-?\d+\.\d{2,3}", re.ASCII)  # a sum; other facts of that name may be counts


def heading(report: IntakeReport) -> str:
    """Return the file, and the sheet where there is one, safe for Markdown."""
    return plain(report.file) + (f" · {plain(report.sheet)}" if report.sheet else "")


def status(report: IntakeReport) -> str:
    """Return how the report stands: the id of a word and, by its ending, of a colour."""
    if report.outcome is LoadOutcome.REFUSED:
        return "asks" if questions(report) or report.message in LIFTED_BY_AN_ANSWER else "refused"
    return "partly" if report.rows_rejected else "good"


def sentence(id: str, facts: Mapping[str, str], text: Text, *, markdown: bool = True, typed: bool = False) -> str:
    """Return a sentence about a file with its facts made safe; a count stays a number, so that words agree with it.

    Where answers are `typed`, tables and columns that one names keep the ids that are typed.
    """
    clean = plain if markdown else shown
    if facts.get("first") == facts.get("last") and text.has(f"{id}_one"):
        id = f"{id}_one"
    if id == "upload.not_recognised" and not facts["nearest"]:
        id = "upload.nothing_recognised"
    said = {name: fact if typed and name in _TYPED else _named(name, fact, text) for name, fact in facts.items()}
    return text(id, **{name: _fact(name, fact, clean) for name, fact in said.items()})


def _fact(name: str, fact: str, clean: Callable[[object, int], str]) -> str | int:
    """Return a count as the number it is, so that it is grouped and words agree with it; anything else made safe."""
    if name in _COUNTS and fact.isdecimal():
        return int(fact)
    return fact if fact.isdecimal() else clean(fact, 500)


def preview(report: IntakeReport, text: Text) -> str:
    """Return the sentence of a report before anything is loaded."""
    if report.message in ("upload.not_recognised", "upload.which_table"):
        near = report.facts.get("nearest") or report.facts.get("first", "")
        if not near:
            return sentence(report.message, report.facts, text)
        return text("page.upload.say_which", nearest=table_name(near, text) if near in TABLES else plain(near))
    ready = {"good": "page.upload.ready", "partly": "page.upload.ready_partly"}.get(status(report), report.message)
    return sentence(ready, report.facts, text)


def quality(report: IntakeReport, text: Text) -> str:
    """Return in a manager's words how far this file can be trusted; nothing for a file that is not ready."""
    if report.outcome is LoadOutcome.REFUSED or not report.rows_read:
        return ""
    looks = len(flags(report))
    said = {finding.id for finding in report.findings}
    aside = report.rows_rejected / max(1, report.rows_loaded + report.rows_rejected)
    doubtful = aside >= _MUCH_ASIDE or any(id.startswith(DOUBTS) for id in said)
    grade = "doubtful" if doubtful else "fair" if looks or report.rows_rejected else "clean"
    summed = "met" if "finding.total_met" in said else "missed" if said & set(DOUBTS[:2]) else "unchecked"
    taken = (
        text("page.upload.quality.taken", share=text.percent(1 - aside)) if aside else text("page.upload.quality.all")
    )
    parts = [text(f"page.upload.quality.{grade}"), taken]
    if holds_money(report):
        parts.append(text(f"page.upload.quality.{summed}"))
    if looks:
        parts.append(text("page.upload.quality.looks", count=looks))
    return " ".join(parts)


def _named(fact: str, value: str, text: Text) -> str:
    """Return what people call the tables and columns that a fact names."""
    if fact in _TYPED or fact in _OURS:
        return text.listed(called(part, text, fact) for part in value.split(", "))
    if fact in _LISTS and not value.isdecimal():
        return text.listed(value.split(", "))
    if fact == "contains":
        return value.removeprefix(EXACTLY)
    if fact in ("month", "months"):
        return text.listed(month_word(part, text) for part in value.split(", "))
    if (_NUMBER if fact in _SUMS else _EXACT).fullmatch(value) and fact in (*_SUMS, "loaded"):
        return amount(value, text)
    if fact in _COUNTED and _NUMBER.fullmatch(value):
        return text.number(float(value), 0)
    return value


def called(name: str, text: Text, fact: str = "column") -> str:
    """Return what people call one of our tables or columns, or several that stand for each other; a heading as it is."""
    if fact not in _OURS and text.has(id := f"table.{name}._name"):
        return text(id)
    parts = name.split(" / ") if fact == "missing" else [name]
    return " / ".join(target_name(part, text) if text.has(f"page.upload.target.{part}") else part for part in parts)


def month_word(written: str, text: Text) -> str:
    """Return a month that is written 2025-03 in words; anything else as it is."""
    found = _MONTH.fullmatch(written)
    return text.month(date(int(found[1]), int(found[2]), 1)) if found else written


def counts(report: IntakeReport, text: Text) -> str:
    """Return the sum that always holds: read = good + put aside + skipped."""
    return text(
        "page.upload.counts",
        read=report.rows_read,
        loaded=report.rows_loaded,
        rejected=report.rows_rejected,
        skipped=report.rows_skipped,
    )


def sums(report: IntakeReport, text: Text) -> str:
    """Return the exact total of each amount of money, as it will be loaded."""
    listed = (
        f"{target_name(target, text)} {amount(total, text)} {report.currency or ''}".strip()
        for target, total in report.totals.items()
        if report.table and TABLES[report.table].column(target).kind is Kind.MONEY
    )
    said = plain(" · ".join(listed), 500)
    return text("page.upload.sums", sums=said) if holds_money(report) and report.totals else ""


def holds_money(report: IntakeReport) -> bool:
    """Return whether any column of the file goes into a column of money."""
    return report.table is not None and any(TABLES[report.table].column(t).kind is Kind.MONEY for t in report.mapping)


def grouped(amount: str) -> str:
    """Return an exact decimal text with grouping, to the cent or finer, nothing rounded.

    >>> grouped("70223.000"), grouped("-1234567.125")
    ('70,223.00', '-1,234,567.125')
    """
    whole, _, fraction = f"{Decimal(amount):,f}".partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def amount(exact: str, text: Text) -> str:
    """Return an exact decimal text as `grouped` does, with the sign where readers of that language look for it.

    >>> amount("-1234567.125", Text("en")), amount("36410", Text("en"))
    ('−1,234,567.125', '36,410.00')
    """
    return text.figure(grouped(exact))


def questions(report: IntakeReport) -> tuple[Finding, ...]:
    """Return what a person must answer before this can be loaded."""
    return _of(report.findings, Severity.QUESTION)


def flags(report: IntakeReport) -> tuple[Finding, ...]:
    """Return what is worth a look."""
    return _of(report.findings, Severity.FLAG)


def is_answers(finding: Finding) -> bool:
    """Return whether a finding says how answers in words were read: it is shown as a table."""
    return finding.id.startswith("finding.answers_read")


def notes(report: IntakeReport) -> tuple[Finding, ...]:
    """Return what was done on the way."""
    return _of(report.findings, Severity.NOTE)


def _of(findings: Iterable[Finding], severity: Severity) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity is severity)


def table_name(table: str, text: Text) -> str:
    """Return what people call a table."""
    return text(f"table.{table}._name")


def target_name(target: str, text: Text) -> str:
    """Return what people call a column of ours."""
    return text(f"page.upload.target.{target}")


def columns_in_order(table: str) -> tuple[Column, ...]:
    """Return the columns of a table, what is needed first."""
    return tuple(sorted(TABLES[table].columns, key=lambda column: not is_needed(table, column)))


def is_needed(table: str, column: Column) -> bool:
    """Return whether a table cannot do without this column, or without one of its like."""
    return column.required or any(column.name in group for group in TABLES[table].one_of)


def lacking(report: IntakeReport) -> tuple[Column, ...]:
    """Return the columns without which a file was refused and that may well be the same in every row: a month, a measure."""
    if report.message != "upload.missing_column":
        return ()
    names = report.facts["missing"].split(", ")
    return tuple(c for c in TABLES[report.facts["table"]].columns if c.name in names and c.may_be_constant)


def source_headings(report: IntakeReport) -> tuple[str, ...]:
    """Return the headings of the file; of a refused one, those that its sentence lists."""
    if report.columns:
        return tuple(column.heading for column in report.columns if column.heading)
    return tuple(heading for heading in report.facts.get("found", "").split(", ") if heading)


def reject_rows(rejects: Iterable[Reject], text: Text) -> tuple[tuple[str, ...], ...]:
    """Return the rows put aside: number, column, what was found, why."""
    return tuple(
        (str(r.row), shown(r.column), shown(r.value), sentence(r.reason, r.facts, text, markdown=False))
        for r in rejects
    )
