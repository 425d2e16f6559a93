"""Several sheets that become one table: asked for by a person, checked together, taken whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from cxroi.at_hand import sql_at_hand
from cxroi.errors import UploadError
from cxroi.intake.readers.sheets import is_every
from cxroi.intake.report import (
    SHEET,
    Finding,
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Severity,
)
from cxroi.intake.rows.summary_sheet import SUMS_UP, adding_up
from cxroi.intake.settle.control import MAIN_MONEY, held_against
from cxroi.sql_text import exactly
from cxroi.tables import TABLES, Table

_SAME_TABLE = 0.5  # share of headings in common above which a sheet that is not taken may not be left out in silence


def stacked(reports: Sequence[IntakeReport], request: IntakeRequest, staging: Path) -> list[IntakeReport]:
    """Return the reports of a file, one a sheet, where those of one table are to be put one below the other.

    Without a word about sheets, two that hold the same table are a question, since one may be a draft of the other. A
    table is taken whole or not at all: one sheet of it that is refused holds back the others.
    """
    tables = [report.table for report in reports if report.table is not None]
    if request.sheet is None:
        return [_asked(report, reports) if tables.count(str(report.table)) > 1 else report for report in reports]
    reports = [_held_back(report, reports, request) for report in adding_up(reports, request, staging)]
    for table in dict.fromkeys(tables):
        at = [place for place, report in enumerate(reports) if report.table == table and _is_good(report)]
        if len(at) > 1:
            together = dict(zip(at, _together([reports[place] for place in at], request, staging), strict=True))
            reports = [together.get(place, report) for place, report in enumerate(reports)]
    return reports


def _is_good(report: IntakeReport) -> bool:
    return report.outcome is not LoadOutcome.REFUSED


def _asked(report: IntakeReport, reports: Sequence[IntakeReport]) -> IntakeReport:
    if not _is_good(report):
        return report
    names = ", ".join(r.sheet or "" for r in reports if r.table == report.table)
    facts = {"sheets": names[:200], "table": report.table or ""}
    return _all_refused([report], "upload.question", {}, _finding("sheet.choice", facts, Severity.QUESTION))[0]


def _held_back(report: IntakeReport, reports: Sequence[IntakeReport], request: IntakeRequest) -> IntakeReport:
    """Refuse a sheet because another one of its table is refused, or has most of its headings and is not recognised."""
    if not _is_good(report):
        return report
    every = is_every(request.sheet, report.sheets)
    bad = [r for r in reports if not _is_good(r) and r.message != SUMS_UP and (not every or _alike(r, report))]
    if not bad:
        return report
    good = [r.sheet or "" for r in reports if _is_good(r) and r.table == report.table]
    facts = {"sheets": ", ".join(r.sheet or "" for r in bad)[:200], "good": ",".join(good)}
    return _all_refused([report], "upload.other_sheet_refused", facts)[0]


def _alike(one: IntakeReport, other: IntakeReport) -> bool:
    if one.table is not None:
        return one.table == other.table
    mine, theirs = ({c.heading.casefold() for c in report.columns} - {SHEET.casefold()} for report in (one, other))
    return bool(mine) and len(mine & theirs) >= _SAME_TABLE * len(mine | theirs)


def _together(sheets: Sequence[IntakeReport], request: IntakeRequest, staging: Path) -> list[IntakeReport]:
    """Return the reports of some sheets of one table after the checks that need them all."""
    table = TABLES[str(sheets[0].table)]
    currencies = sorted({report.currency for report in sheets if report.currency})
    if len(currencies) > 1 and not request.currency and table.name != "costs":  # a ledger keeps each line's currency
        facts = {"currencies": ", ".join(currencies), "base": "", "lacking": ", ".join(currencies)}
        return _all_refused(sheets, "upload.question", {}, _finding("currencies_mixed", facts, Severity.QUESTION))
    if twice := _twice(table, [staging / str(report.parquet) for report in sheets]):
        return _all_refused(sheets, "upload.sheets_overlap", {"rows": str(twice), "key": ", ".join(table.key)})
    names = ", ".join(report.sheet or "" for report in sheets)
    said = [_finding("sheet.stacked", {"sheets": names[:200], "column": SHEET}, Severity.NOTE)]
    main = MAIN_MONEY.get(table.name, "")
    if request.control_total is not None and main in sheets[0].totals:
        loaded = sum((Decimal(report.totals.get(main, "0")) for report in sheets), Decimal(0))
        try:
            said.append(held_against(request.control_total, loaded, main, explained=request.difference_explained))
        except UploadError as error:
            return _all_refused(sheets, error.id, {name: str(fact) for name, fact in error.facts.items()})
    return [replace(report, findings=(*report.findings, *said)) for report in sheets]


def _all_refused(
    sheets: Sequence[IntakeReport], message: str, facts: Mapping[str, str], *findings: Finding
) -> list[IntakeReport]:
    return [
        replace(
            report,
            outcome=LoadOutcome.REFUSED,
            message=message,
            facts=dict(facts),
            findings=(*report.findings, *findings),
            parquet=None,
        )
        for report in sheets
    ]


def _finding(id: str, facts: Mapping[str, str], severity: Severity) -> Finding:
    return Finding(id=f"finding.{id}", severity=severity, facts=dict(facts))


def _twice(table: Table, parquet: Sequence[Path]) -> int:
    """Return how many rows of some sheets have a key that another of them holds; each sheet alone has none twice."""
    if not table.key:
        return 0
    files = ", ".join(exactly(path) for path in parquet)
    key = ", ".join(f'"{name}"' for name in table.key)
    with sql_at_hand() as connection:
        query = f"""SELECT count(*) - count(DISTINCT ({key})) FROM read_parquet([{files}]) WHERE "{table.key[0]}" IS NOT NULL"""
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
