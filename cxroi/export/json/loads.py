"""The account of a load as a JSON object."""

from __future__ import annotations

from dataclasses import asdict

from cxroi.export.json.values import Json
from cxroi.intake.report import IntakeReport
from cxroi.text import Text
from cxroi.view.data.load_report import finding_words, message, reason_words


def report_json(report: IntakeReport, version: str | None, text: Text) -> Json:
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
        "rejects": [{**asdict(r), "reason": reason_words(r, text), "reason_id": r.reason} for r in report.rejects],
        "findings": [
            {"id": f.id, "severity": str(f.severity), "message": finding_words(f, text), "facts": dict(f.facts)}
            for f in report.findings
        ],
        "mapping": dict(report.mapping),
        "constants": dict(report.constants),
        "columns": [asdict(column) for column in report.columns],
        "sheets": list(report.sheets),
        "hidden_sheets": list(report.hidden_sheets),
        "header_row": report.header_row,
        "preset": report.preset["id"] if len(report.preset) > 1 else None,
        "totals": dict(report.totals),
        "currency": report.currency,
        "ledger_names": [asdict(name) for name in report.ledger_names],
        "version": version,
    }
