"""The account of a load, as JSON and as the short report that a finance analyst reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cxroi.cli.ways_on import ways_on
from cxroi.intake.report import Finding, IntakeReport, Reject
from cxroi.tables import TABLES, Kind
from cxroi.text import Text

_READY = {"upload.loaded": "page.upload.ready", "upload.loaded_with_rejects": "page.upload.ready_partly"}
SHOWN = 5  # rejected rows in the short report; all of them are in the JSON and in the rejects file


def report_json(report: IntakeReport, version: str | None, text: Text) -> dict[str, Any]:
    """Return one report as the documented JSON object."""
    return {
        "file": report.file,
        "sheet": report.sheet,
        "table": report.table,
        "outcome": str(report.outcome),
        "message": message(report, text),
        "message_id": report.message,
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "rows_rejected": report.rows_rejected,
        "rows_skipped": report.rows_skipped,
        "rejects": [{**asdict(r), "reason": _reason(r, text), "reason_id": r.reason} for r in report.rejects],
        "findings": [
            {"id": f.id, "severity": str(f.severity), "message": _finding(f, text), "facts": dict(f.facts)}
            for f in report.findings
        ],
        "mapping": dict(report.mapping),
        "constants": dict(report.constants),
        "columns": [asdict(column) for column in report.columns],
        "sheets": list(report.sheets),
        "hidden_sheets": list(report.hidden_sheets),
        "header_row": report.header_row,
        "totals": dict(report.totals),
        "currency": report.currency,
        "version": version,
    }


def report_lines(report: IntakeReport, text: Text, *, before: bool = False) -> list[str]:
    """Return one report as lines of words; `before` anything is loaded its rows are ready, and no more."""
    name = report.file if report.sheet is None else f"{report.file} [{report.sheet}]"
    ways = {id: _indented(text("cli.import.say", options=options)) for id, options in ways_on(report).items()}
    lines = [f"{name}: {message(report, text, before=before)}", *filter(None, [ways.pop(report.message, "")])]
    if report.table:
        lines.append(_indented(text("cli.import.table", table=report.table)))
    lines.append(
        _indented(
            text(
                "cli.import.counts",
                read=report.rows_read,
                loaded=report.rows_loaded,
                rejected=report.rows_rejected,
                skipped=report.rows_skipped,
            )
        )
    )
    renamed = [(target, source) for target, source in report.mapping.items() if target != source]
    lines += [_indented(f"{target} <- {source}") for target, source in renamed]
    if left_out := _left_out(report):
        lines.append(_indented(text("cli.import.left_out", columns=", ".join(left_out))))
    lines += [_indented(_total(item, report, text)) for item in report.totals.items()]
    for finding in report.findings:
        lines += [_indented(_finding(finding, text)), *filter(None, [ways.pop(finding.id, "")])]
    for reject in report.rejects[:SHOWN]:
        place = text("cli.import.reject", row=str(reject.row), column=reject.column, value=reject.value[:60])
        lines.append(_indented(f"{place} {_reason(reject, text)}"))
    if report.rows_rejected > SHOWN:
        lines.append(_indented(text("cli.import.more_rejects", count=report.rows_rejected - SHOWN)))
    return lines


def message(report: IntakeReport, text: Text, *, before: bool = False) -> str:
    """Return in a sentence how a file stands; a question is answered by an option here, not below."""
    id = _READY.get(report.message, report.message) if before else report.message
    return text("cli.import.question" if id == "upload.question" else id, **report.facts)


def _left_out(report: IntakeReport) -> list[str]:
    """Return the headings that went nowhere and that no finding speaks of (the credit side, say, was netted)."""
    said = {part for finding in report.findings for fact in finding.facts.values() for part in fact.split(", ")}
    return [c.heading for c in report.columns if c.heading and c.target is None and c.heading not in said]


def _indented(line: str) -> str:
    return f"  {line}"


def _total(item: tuple[str, str], report: IntakeReport, text: Text) -> str:
    column, amount = item
    counted = bool(report.table) and TABLES[str(report.table)].column(column).kind is Kind.COUNT
    return text(
        "cli.import.total", column=column, amount=amount if counted else f"{amount} {report.currency or ''}".strip()
    )


def _reason(reject: Reject, text: Text) -> str:
    return _worded(f"reject.{reject.reason}", reject.reason, reject.facts, text)


def _finding(finding: Finding, text: Text) -> str:
    facts = {
        name: text.number(float(fact), 0) if name in ("level", "usual") else fact
        for name, fact in finding.facts.items()
    }
    return _worded(f"finding.{finding.sentence}", finding.sentence, facts, text)


def _worded(id: str, otherwise: str, facts: Mapping[str, str], text: Text) -> str:
    """Return the sentence of a reason or finding, whether it was named with its group or without."""
    return text(id if text.has(id) or text.has(f"{id}.other") else otherwise, **facts)
