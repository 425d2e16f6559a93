"""The account of a load: the short report that a finance analyst reads."""

from __future__ import annotations

from collections.abc import Mapping

from cxroi.intake.report import WHY, Finding, IntakeReport, LoadOutcome, Reject
from cxroi.tables import EXACTLY, LEDGER_NAMES, TABLES, Kind
from cxroi.text import Text
from cxroi.view.data.cx_lines import open_name_words, open_names
from cxroi.view.data.upload import amount, called, counts, sentence

_READY = {"upload.loaded": "page.upload.ready", "upload.loaded_with_rejects": "page.upload.ready_partly"}
NAMES = 20  # of a ledger that are listed where they are asked about
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
    if text.language in report.preset:
        lines.append(_indented(text("load.preset", preset=report.preset[text.language])))
    if report.table:
        lines.append(_indented(text("load.table", table=report.table)))
    lines.append(_indented(_counts(report, text, before=before)))
    renamed = [(target, source) for target, source in report.mapping.items() if target != source]
    lines += [_indented(f"{target} <- {source}") for target, source in renamed]
    lines += [_indented(line) for line in _names(report, text)]
    if unused := left_out(report):
        lines.append(_indented(text("load.left_out", columns=text.listed(unused))))
    if why := why_left_out(report, text):
        lines.append(_indented(why))
    lines += [_indented(_total(item, report, text)) for item in report.totals.items()]
    for finding in report.findings:
        if finding.id.startswith("finding.rule.") and finding.facts.get("contains", "").startswith(EXACTLY):
            continue  # of lines by their name the sum of all is said
        lines += [_indented(finding_words(finding, text)), *filter(None, [said.pop(finding.id, "")])]
    for reject in report.rejects[:SHOWN]:
        place = text("load.reject", row=str(reject.row), column=called(reject.column, text), value=reject.value[:60])
        lines.append(_indented(f"{place} {reason_words(reject, text)}"))
    if report.rows_rejected > SHOWN:
        lines.append(_indented(text("load.more_rejects", count=report.rows_rejected - SHOWN)))
    return lines


def message(report: IntakeReport, text: Text, *, before: bool = False) -> str:
    """Return in a sentence how a file stands; a question is answered by an option here, not below."""
    id = _READY.get(report.message, report.message) if before else report.message
    return _said("load.question" if id == "upload.question" else id, report.facts, text)


def _counts(report: IntakeReport, text: Text, *, before: bool) -> str:
    """Return the sum that always holds; nothing is called loaded of a file that is refused, or that waits."""
    if before or report.outcome is LoadOutcome.REFUSED:
        return counts(report, text)
    return text(
        "load.counts",
        read=report.rows_read,
        loaded=report.rows_loaded,
        rejected=report.rows_rejected,
        skipped=report.rows_skipped,
    )


def _names(report: IntakeReport, text: Text) -> list[str]:
    """Return the names of a ledger's open lines with what they add up to, where someone has to say which are customer experience."""
    if report.message != "upload.cx_lines" or report.ledger_names[0].column not in LEDGER_NAMES:
        return []
    names = open_names(report, report.ledger_names[0].column)
    more = [text("cx_lines.more", count=len(names) - NAMES)] if len(names) > NAMES else []
    return [*(open_name_words(one, report, text) for one in names[:NAMES]), *more]


def left_out(report: IntakeReport) -> list[str]:
    """Return the headings that went nowhere and that no finding speaks of (the credit side, say, was netted)."""
    said = {part for finding in report.findings for fact in finding.facts.values() for part in fact.split(", ")}
    return [c.heading for c in report.columns if c.heading and c.target is None and c.heading not in said]


def why_left_out(report: IntakeReport, text: Text) -> str:
    """Return why the preset that was followed left columns out, "" where it did not."""
    return report.preset.get(f"{WHY}{text.language}", "")


def _indented(line: str) -> str:
    return f"  {line}"


def _total(item: tuple[str, str], report: IntakeReport, text: Text) -> str:
    column, total = item
    counted = bool(report.table) and TABLES[str(report.table)].column(column).kind is Kind.COUNT
    figure = text.number(int(total)) if counted else f"{amount(total, text)} {report.currency or ''}".strip()
    return text("load.total", column=called(column, text), amount=figure)


def reason_words(reject: Reject, text: Text) -> str:
    """Return why a row was put aside."""
    return _said(reject.reason, reject.facts, text)


def finding_words(finding: Finding, text: Text) -> str:
    """Return what was noticed in a file."""
    return _said(finding.sentence, finding.facts, text)


def _said(id: str, facts: Mapping[str, str], text: Text) -> str:
    return sentence(id, facts, text, markdown=False, typed=True)
