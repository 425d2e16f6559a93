"""Load a file written in a test, in this process, and look at what came of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from cxroi.intake.parse import ParseLimits, parse_file
from cxroi.intake.report import IntakeReport, IntakeRequest
from cxroi.tables import SQL_TYPE, TABLES

TODAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Loaded:
    """A report and the canonical rows."""

    report: IntakeReport
    folder: Path

    def rows(self, columns: str = "*", order: str = "ALL") -> list[tuple[Any, ...]]:
        """Return the canonical rows; a declared column that the file does not have is NULL."""
        declared = ", ".join(
            f'NULL::{SQL_TYPE[column.kind]} AS "{column.name}"' for column in TABLES[str(self.report.table)].columns
        )
        path = self.folder / str(self.report.parquet)
        relation = f"((SELECT {declared} LIMIT 0) UNION ALL BY NAME FROM '{path}')"
        return duckdb.connect().execute(f"SELECT {columns} FROM {relation} ORDER BY {order}").fetchall()

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Return row and reason of each reject."""
        return [(reject.row, reject.reason.removeprefix("reject.")) for reject in self.report.rejects]

    @property
    def findings(self) -> set[str]:
        """Return the ids of the findings."""
        return {finding.id.removeprefix("finding.") for finding in self.report.findings}


def whole_ledger(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request that says, unless it says which, that all lines of a ledger are customer experience: most tests ask other things."""
    return request if {"ledger_rules", "other_lines"} & set(request) else {"other_lines": "cx"} | request


def load(folder: Path, content: str | bytes, name: str = "file.csv", **request: Any) -> Loaded:
    """Parse `content` as a file called `name`."""
    path = folder / "upload"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_path(path, folder / "staging", name, **request)


def load_path(path: Path, staging: Path, name: str | None = None, **request: Any) -> Loaded:
    """Parse the file at `path`, called `name` where it is not called so already, into a new folder."""
    staging.mkdir()
    name = name or path.name
    (report,) = parse_file(path, name, IntakeRequest(**whole_ledger(request)), staging, TODAY, ParseLimits(threads=1))
    assert report.rows_read == report.rows_loaded + report.rows_rejected + report.rows_skipped
    return Loaded(report, staging)


def load_sheets(folder: Path, content: bytes, name: str = "file.xlsx", **request: Any) -> list[IntakeReport]:
    """Parse a workbook of several sheets and return the account of each."""
    folder.mkdir(exist_ok=True)
    path, staging = folder / "upload", folder / "staging"
    path.write_bytes(content)
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    reports = parse_file(path, name, IntakeRequest(**whole_ledger(request)), staging, TODAY, ParseLimits(threads=1))
    assert all(r.rows_read == r.rows_loaded + r.rows_rejected + r.rows_skipped for r in reports)
    return reports
