"""A sheet that adds up the others once more: in a stack of all sheets it would count everything twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from cxroi.at_hand import sql_at_hand
from cxroi.intake.readers.sheets import is_every
from cxroi.intake.report import (
    Finding,
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Severity,
)
from cxroi.intake.settle.control import MAIN_MONEY
from cxroi.sql_text import exactly
from cxroi.tables import TABLES, Kind

SUMS_UP = "upload.sheet_sums_up"
_CENT = Decimal("0.005")


def adding_up(reports: Sequence[IntakeReport], request: IntakeRequest, staging: Path) -> list[IntakeReport]:
    """Return the reports of sheets that were asked for, without one that holds the sum of the others of its table.

    It is left out where all sheets were asked for; one that was asked for by its name is taken and flagged, and so is
    the second of two sheets alone that hold the same sums.
    """
    found = {place: others for table in MAIN_MONEY for place, others in _sums(reports, table, staging).items()}
    every = bool(reports) and is_every(request.sheet, reports[0].sheets)
    return [_told(report, found[place], every) if place in found else report for place, report in enumerate(reports)]


def _told(report: IntakeReport, others: Sequence[str], every: bool) -> IntakeReport:
    facts = {"total": report.totals[MAIN_MONEY[str(report.table)]], "sheets": ", ".join(others)[:200]}
    if every and len(others) > 1:
        return replace(report, outcome=LoadOutcome.REFUSED, message=SUMS_UP, facts=facts, parquet=None)
    flag = Finding(id="finding.sheet.sums_up", severity=Severity.FLAG, facts=facts)
    return replace(report, findings=(*report.findings, flag))


def _sums(reports: Sequence[IntakeReport], table: str, staging: Path) -> dict[int, list[str]]:
    """Return by its place the sheet that has the money of all others of its table, quarter by quarter, and their names."""
    main = MAIN_MONEY[table]
    here = {p: r for p, r in enumerate(reports) if r.table == table and r.parquet and main in r.totals}
    if len(here) < 2 or len({report.currency for report in here.values()}) > 1:
        return {}
    whole = sum((Decimal(report.totals[main]) for report in here.values()), Decimal(0))
    equal = [p for p, r in here.items() if Decimal(r.totals[main]) and abs(2 * Decimal(r.totals[main]) - whole) < _CENT]
    for place in equal[-1:]:  # of two sheets with the same sum the later one repeats the first
        others = [report for p, report in here.items() if p != place]
        if _by_quarter(staging, [here[place]], main) == _by_quarter(staging, others, main):
            return {place: [report.sheet or "" for report in others]}
    return {}


def _by_quarter(staging: Path, reports: Sequence[IntakeReport], main: str) -> list[tuple[date, Decimal]]:
    day = next(
        c.name for c in TABLES[str(reports[0].table)].columns if c.required and c.kind in (Kind.DATE, Kind.MONTH)
    )
    files = ", ".join(exactly(staging / str(report.parquet)) for report in reports)
    with sql_at_hand() as connection:
        return connection.execute(
            f"""SELECT date_trunc('quarter', "{day}")::DATE, round(sum("{main}"), 2)
            FROM read_parquet([{files}], union_by_name = true) GROUP BY ALL HAVING sum("{main}") <> 0 ORDER BY ALL"""
        ).fetchall()
