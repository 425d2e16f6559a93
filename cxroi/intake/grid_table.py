"""From the cells of a sheet to a table: its header found, its rows told apart, its periods laid out, its text written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cxroi.errors import UploadError
from cxroi.intake.body import SECTION, Body, check_headings, read_body
from cxroi.intake.container import Limits
from cxroi.intake.grid import Grid, Stored, tidy
from cxroi.intake.header import Header, find_header
from cxroi.intake.report import Finding, IntakeRequest, Reject, Severity
from cxroi.intake.sheets import SHEET
from cxroi.intake.source_table import SourceTable
from cxroi.intake.unpivot import Layout, check_row_totals, control_of, find_layout, has_values, unpivot


def table_on(
    grid: Grid, request: IntakeRequest, work: Path, limits: Limits, name: str, *, label: str = ""
) -> SourceTable | None:
    """Return the table on a grid, or None where there is none; `label` fills a column that names the sheet."""
    header = find_header(grid, request.header_row)
    if header is None:
        if request.header_row is not None:
            raise UploadError("reader.header_row", row=request.header_row, rows=len(grid.rows))
        return None
    check_headings(header, limits.columns)
    body = read_body(grid, header)
    if not body.rows and not body.rejected:
        raise UploadError("upload.header_only")
    faults = _faults(grid, header, body)
    findings = [*_header_findings(header), *body.findings]
    headings, numbers, rows = header.headings, body.numbers, body.rows
    layout = find_layout(headings, _context(grid, header), request.as_of)
    if any(body.sections):
        headings, rows = (*headings, SECTION), [[*row, s] for row, s in zip(rows, body.sections, strict=True)]
    control = {header.headings[j]: total for j, total in body.totals.control.items()}
    if layout and has_values(rows, layout):
        across = [*zip(numbers, rows, strict=True), *body.total_rows]
        findings += check_row_totals(layout, headings, *zip(*across, strict=True))
        control = control_of(layout, body.totals.control)
        headings, numbers, rows, findings = _laid_out(layout, headings, numbers, rows, findings)
    if label and SHEET not in headings:
        headings, rows = (*headings, SHEET), [[*row, label] for row in rows]
    text, mixed = _write(numbers, rows, len(headings), work / f"{name}.parquet")
    return SourceTable(
        sheet=grid.sheet,
        headings=headings,
        header_row=header.last + 1,
        text_parquet=text,
        mixed_numbers=mixed,
        skipped=tuple(body.skipped),
        rejected=tuple(body.rejected),
        faults=faults,
        findings=tuple(findings),
        currency_hint=grid.currency,
        control_totals=control,
    )


def _laid_out(
    layout: Layout, headings: tuple[str, ...], numbers: list[int], rows: list[list[str]], findings: list[Finding]
) -> tuple[tuple[str, ...], list[int], list[list[str]], list[Finding]]:
    if SECTION in headings and len(layout.kept) + len(layout.dropped) + len(layout.periods) < len(headings):
        layout = replace(layout, kept=(*layout.kept, len(headings) - 1))
    return (*unpivot(layout, headings, numbers, rows), [*findings, *layout.findings])


def _context(grid: Grid, header: Header) -> str:
    titles = [tidy(cell) for row in grid.rows[: header.first] for cell in row if cell.strip()]
    return " ".join([*titles, grid.sheet or ""])


def _header_findings(header: Header) -> list[Finding]:
    findings = []
    if header.first > 0 or header.last > header.first:
        facts = {"first": str(header.first + 1), "last": str(header.last + 1)}
        findings.append(Finding(id="finding.header.found", severity=Severity.NOTE, facts=facts))
    if header.unnamed:
        facts = {"columns": ", ".join(header.unnamed)[:80]}
        findings.append(Finding(id="finding.header.unnamed", severity=Severity.NOTE, facts=facts))
    return findings


def _faults(grid: Grid, header: Header, body: Body) -> tuple[Reject, ...]:
    """Return the cells that hold no value, in the columns and rows that became data."""
    rows, names = set(body.numbers), dict(zip(header.columns, header.headings, strict=True))
    return tuple(
        Reject(row=i + 1, column=names[j], value=grid.rows[i][j][:40], reason=reason)
        for (i, j), reason in sorted(grid.faults.items())
        if j in names and i + 1 in rows
    )


def _write(numbers: list[int], rows: list[list[str]], width: int, out: Path) -> tuple[Path, tuple[int, ...]]:
    import pyarrow as pa  # half a second that a large text file does not need
    import pyarrow.parquet as pq

    columns: dict[str, pa.Array] = {"row": pa.array(numbers, pa.int64())}
    mixed = []
    for j in range(width):
        cells = [row[j] for row in rows]
        columns[f"c{j}"] = pa.array([cell if cell else None for cell in cells], pa.string())
        stored = [isinstance(cell, Stored) for cell in cells]
        if any(stored):
            mixed.append(j)
            columns[f"n{j}"] = pa.array(stored, pa.bool_())
    pq.write_table(pa.table(columns), out, compression="zstd")
    return out, tuple(mixed)
