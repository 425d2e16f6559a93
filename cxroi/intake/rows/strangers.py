"""Rows about customers whom the list of customers does not hold: loaded, counted, and shown where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from cxroi.at_hand import sql_at_hand
from cxroi.intake.report import (
    Finding,
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Severity,
)
from cxroi.intake.rows.relation import connect, numbered
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import exactly, quoted

ABOUT_CUSTOMERS = ("orders", "surveys", "contacts")
EXAMPLES = 5


def with_strangers(
    reports: Sequence[IntakeReport], sources: Sequence[SourceTable], request: IntakeRequest, staging: Path
) -> list[IntakeReport]:
    """Return the reports with a flag on each table that names customers who are not known.

    Known are those of the file itself and of the version that is current (`request.beside`); without any list nobody
    is a stranger. A new list of customers is held against the tables that are there, the other way round. Only row
    numbers are told, never who it is.
    """
    good = {r.table for r in reports if r.outcome is not LoadOutcome.REFUSED}
    if not good & {"customers", *ABOUT_CUSTOMERS}:
        return list(reports)
    files = {table: [Path(path) for name, path in request.beside if name == table] for table, _ in request.beside}
    for report in reports:
        if report.outcome is not LoadOutcome.REFUSED and report.table:
            files.setdefault(report.table, []).append(staging / str(report.parquet))
    known = files.get("customers", [])
    return [
        replace(report, findings=(*report.findings, *_findings(report, source, files, known, staging)))
        if known and report.outcome is not LoadOutcome.REFUSED
        else report
        for report, source in zip(reports, sources, strict=True)
    ]


def _findings(
    report: IntakeReport, source: SourceTable, files: dict[str, list[Path]], known: list[Path], staging: Path
) -> list[Finding]:
    try:
        return _held_against(report, source, files, known, staging)
    except duckdb.Error:  # a file of the current version is damaged or gone; that is told elsewhere and stops no load
        return [Finding(id="finding.customers_unchecked", severity=Severity.FLAG)]


def _held_against(
    report: IntakeReport, source: SourceTable, files: dict[str, list[Path]], known: list[Path], staging: Path
) -> list[Finding]:
    if report.table == "customers":
        others = [t for t in ABOUT_CUSTOMERS if t in files and any(p.parent != staging for p in files[t])]
        return [f for t in others for f in _flagged("customers_not_listed", files[t], known, table=t)]
    if report.table not in ABOUT_CUSTOMERS or "customer_id" not in report.mapping:
        return []
    return _flagged("unknown_customers", [staging / str(report.parquet)], known, at=(source, report, staging))


def _flagged(
    id: str,
    rows: Sequence[Path],
    known: Sequence[Path],
    *,
    table: str = "",
    at: tuple[SourceTable, IntakeReport, Path] | None = None,
) -> list[Finding]:
    strangers = f"""(SELECT customer_id, count(*) AS n FROM {_files(rows)} AS r WHERE customer_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM {_files(known)} AS k WHERE k.customer_id = r.customer_id) GROUP BY customer_id)"""
    with sql_at_hand() as connection:
        row = connection.execute(
            f"SELECT coalesce(sum(n), 0)::BIGINT, count(*), min(customer_id, {EXAMPLES}) FROM {strangers}"
        ).fetchone()
        whole = connection.execute(f"SELECT count(customer_id) FROM {_files(rows)}").fetchone()
    count, customers, few = row or (0, 0, [])
    if not count:
        return []
    facts = {"count": str(count), "customers": str(customers), "rate": _share(count / whole[0] if whole else 0.0)}
    facts |= {"table": table} if at is None else {"rows": _places(*at, few)}
    return [Finding(id=f"finding.{id}", severity=Severity.FLAG, facts=facts)]


def _share(rate: float) -> str:
    return f"{rate:.1%}" if rate >= 0.001 else "<0.1%"


def _places(source: SourceTable, report: IntakeReport, staging: Path, few: Sequence[str]) -> str:
    """Return the numbers of the first rows in which some of the strangers stand."""
    column = source.headings.index(report.mapping["customer_id"])
    ids = ", ".join(map(quoted, few))
    work = staging / "strangers"
    work.mkdir(mode=0o700, exist_ok=True)
    with connect(work, memory="512MB", threads=2) as connection:
        found = connection.execute(
            f"SELECT row FROM {numbered(source)} WHERE trim(c{column}::VARCHAR) IN ({ids}) ORDER BY row LIMIT {EXAMPLES}"
        ).fetchall()
    return ", ".join(str(row) for (row,) in found)


def _files(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(exactly(path) for path in paths)}], union_by_name = true)"
