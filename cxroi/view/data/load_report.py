"""The account of a load: the short report that a finance analyst reads."""

from __future__ import annotations

from collections.abc import Mapping

from cxroi.intake.report import Finding, IntakeReport, Reject
from cxroi.tables import TABLES, Kind
from cxroi.text import Text

_READY = {"upload.loaded": "page.upload.ready", "upload.loaded_with_rejects": "page.upload.ready_partly"}
SHOWN = 5  # rejected rows in the short report; all of them are in the JSON and in the rejects file


def report_lines(
    report: IntakeReport, text: Text, ways: Mapping[str, str] | None = None, *, before: bool = False
) -> list[str]:
    """Return one report as lines of words; `before` anything is loaded its rows are ready, and no more.

    `ways` holds what answers a refusal or a question, by its id; it is said beside it, once.
    """
    name = report.file if report.sheet is None else f"{report.file} [{report.sheet}]"
    said = {id: _indented(text("load.say", options=options)) for id, options in (ways or {}).items()}
    lines = [f"{name}: {message(report, text, before=before)}", *filter(None, [said.pop(report.message, "")])]
    if report.table:
        lines.append(_indented(text("load.table", table=report.table)))
    lines.append(
        _indented(
            text(
                "load.counts",
                read=report.rows_read,
                loaded=report.rows_loaded,
                rejected=report.rows_rejected,
                skipped=report.rows_skipped,
            )
        )
    )
    renamed = [(target, source) for target, source in report.mapping.items() if target != source]
    lines += [_indented(f"{target} <- {source}") for target, source in renamed]
    if unused := left_out(report):
        lines.append(_indented(text("load.left_out", columns=text.listed(unused))))
    lines += [_indented(_total(item, report, text)) for item in report.totals.items()]
    for finding in report.findings:
        lines += [_indented(finding_words(finding, text)), *filter(None, [said.pop(finding.id, "")])]
    for reject in report.rejects[:SHOWN]:
        place = text("load.reject", row=str(reject.row), column=reject.column, value=reject.value[:60])
        lines.append(_indented(f"{place} {reason_words(reject, text)}"))
    if report.rows_rejected > SHOWN:
        lines.append(_indented(text("load.more_rejects", count=report.rows_rejected - SHOWN)))
    return lines


def message(report: IntakeReport, text: Text, *, before: bool = False) -> str:
    """Return in a sentence how a file stands; a question is answered by an option here, not below."""
    id = _READY.get(report.message, report.message) if before else report.message
    return text("load.question" if id == "upload.question" else id, **report.facts)


def left_out(report: IntakeReport) -> list[str]:
    """Return the headings that went nowhere and that no finding speaks of (the credit side, say, was netted)."""
    said = {part for finding in report.findings for fact in finding.facts.values() for part in fact.split(", ")}
    return [c.heading for c in report.columns if c.heading and c.target is None and c.heading not in said]


def _indented(line: str) -> str:
    return f"  {line}"


def _total(item: tuple[str, str], report: IntakeReport, text: Text) -> str:
    column, amount = item
    counted = bool(report.table) and TABLES[str(report.table)].column(column).kind is Kind.COUNT
    return text("load.total", column=column, amount=amount if counted else f"{amount} {report.currency or ''}".strip())


def reason_words(reject: Reject, text: Text) -> str:
    """Return why a row was put aside."""
    return _worded(f"reject.{reject.reason}", reject.reason, reject.facts, text)


def finding_words(finding: Finding, text: Text) -> str:
    """Return what was noticed in a file."""
    facts = {
        name: text.number(float(fact), 0) if name in ("level", "usual") else fact
        for name, fact in finding.facts.items()
    }
    return _worded(f"finding.{finding.sentence}", finding.sentence, facts, text)


def _worded(id: str, otherwise: str, facts: Mapping[str, str], text: Text) -> str:
    """Return the sentence of a reason or finding, whether it was named with its group or without."""
    return text(id if text.has(id) or text.has(f"{id}.other") else otherwise, **facts)
