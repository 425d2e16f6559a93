"""From the cells of a sheet to a table: its header found, its rows told apart, its periods laid out, its text written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cxroi.errors import UploadError
from cxroi.intake.layout.body import Body, read_body
from cxroi.intake.layout.grid import Grid, Stored, letters, tidy
from cxroi.intake.layout.header import Header, check_headings
from cxroi.intake.layout.magnitude import question
from cxroi.intake.layout.titles import month_said
from cxroi.intake.layout.unpivot import Layout, check_row_totals, compares, control_of, find_layout, has_values, unpivot
from cxroi.intake.layout.years import with_years
from cxroi.intake.presets.known import header_of
from cxroi.intake.readers.container import Limits
from cxroi.intake.report import SHEET, Finding, IntakeRequest, Reject, Severity
from cxroi.intake.source_table import SourceTable
from cxroi.money.currencies import together
from cxroi.money.written import word_in


def table_on(
    grid: Grid, request: IntakeRequest, work: Path, limits: Limits, name: str, *, label: str = ""
) -> SourceTable | None:
    """Return the table on a grid, or None where there is none; `label` fills a column that names the sheet."""
    header = header_of(grid, request)
    if header is None:
        if request.header_row is not None:
            raise UploadError("reader.header_row", row=request.header_row, rows=len(grid.rows))
        return None
    header = _told_apart(header)
    check_headings(header, limits.columns)
    body = read_body(grid, header)
    if not body.rows and not body.rejected:
        raise UploadError("upload.header_only")
    faults = _faults(grid, header, body)
    titles = titles_of(grid, header)
    headings, numbers, rows = body.headings, body.numbers, body.rows
    layout = find_layout(header.headings, context_of(grid, header), request.as_of)
    spoken = [*titles, *(headings if layout else ())]  # headings that stay are looked at when columns are read
    findings = [*body.findings, *_hidden(grid, header, body), *question(spoken, request)]
    control = {header.headings[j]: total for j, total in body.totals.control.items()}
    if layout and has_values(rows, layout):
        findings += _merged_amounts(grid, header, layout, body)
        across = [*zip(numbers, rows, strict=True), *body.total_rows]
        findings += check_row_totals(layout, headings, *zip(*across, strict=True))
        control = control_of(layout, body.totals.control)
        layout = replace(layout, kept=(*layout.kept, *range(len(header.headings), len(headings))))
        headings, numbers, rows = unpivot(layout, headings, numbers, rows)
        findings += layout.findings
    else:
        headings, rows = _without_empty(header, headings, rows)
        rows, found = with_years(headings, rows, context_of(grid, header))
        findings += found
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
        findings=(*_header_findings(header, headings), *findings),
        currency_hint=grid.currency or currency_in(titles),
        control_totals=control,
        month_said=month_said([*titles, grid.sheet or ""]),
    )


def currency_in(titles: Sequence[str]) -> str | None:
    """Return what the titles above a table say of its currency: a code, or the word where it is an unclear one."""
    words = {word.key: word for title in titles if (word := word_in(title, prose=True))}
    said = together(list(words.values()))
    if said is None or any(not set(said.codes) <= set(word.codes) for word in words.values()):
        return None
    return said.code or next(word.written for word in words.values())


def _told_apart(header: Header) -> Header:
    """Return the header with equal headings of columns that only compare others (Var %, الفرق) told apart."""
    names = list(header.headings)
    for j, name in enumerate(names):
        if name in names[:j] and compares(name):
            names[j] = f"{name} ({letters(header.columns[j])})"
    return replace(header, headings=tuple(names))


def _hidden(grid: Grid, header: Header, body: Body) -> list[Finding]:
    """Return a flag where rows or columns that a person does not see in the sheet are read."""
    rows = [str(number) for number in body.numbers if number - 1 in grid.hidden_rows]
    columns = [name[:30] for j, name in zip(header.columns, header.headings, strict=True) if j in grid.hidden_columns]
    return [
        Finding(
            id=f"finding.sheet.hidden_{what}",
            severity=Severity.FLAG,
            facts={"count": str(len(found)), what: ", ".join(found[:10])},
        )
        for what, found in (("rows", rows), ("columns", columns))
        if found
    ]


def _merged_amounts(grid: Grid, header: Header, layout: Layout, body: Body) -> list[Finding]:
    """Return a flag where one amount stands merged over several periods: it is counted in the first of them."""
    across = {header.columns[j] for j in layout.periods if j < len(header.columns)}
    rows = {
        top + 1
        for top, left, _, right in grid.merged
        if top + 1 in body.numbers and len(across & set(range(left, right + 1))) > 1 and grid.rows[top][left].strip()
    }
    if not rows:
        return []
    facts = {"count": str(len(rows)), "rows": ", ".join(map(str, sorted(rows)[:10]))}
    return [Finding(id="finding.header.merged_amounts", severity=Severity.FLAG, facts=facts)]


def _without_empty(
    header: Header, headings: tuple[str, ...], rows: list[list[str]]
) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return headings and rows without the columns that have no heading and held only names above rows and totals."""
    kept = [j for j, name in enumerate(headings) if name not in header.unnamed or any(row[j].strip() for row in rows)]
    if len(kept) == len(headings):
        return headings, rows
    return tuple(headings[j] for j in kept), [[row[j] for j in kept] for row in rows]


def context_of(grid: Grid, header: Header) -> str:
    """Return what is said of a whole table: its titles, and the name of its sheet."""
    return " ".join([*map(tidy, titles_of(grid, header)), grid.sheet or ""])


def titles_of(grid: Grid, header: Header) -> list[str]:
    """Return the cells above a table that are not empty."""
    return [cell for row in grid.rows[: header.first] for cell in row if cell.strip()]


def _header_findings(header: Header, headings: Sequence[str]) -> list[Finding]:
    findings = []
    if header.first > 0 or header.last > header.first:
        facts = {"first": str(header.first + 1), "last": str(header.last + 1)}
        found = "finding.header.found" if header.last > header.first else "finding.header.found_one"
        findings.append(Finding(id=found, severity=Severity.NOTE, facts=facts))
    if unnamed := [name for name in header.unnamed if name in headings]:
        facts = {"columns": ", ".join(unnamed)[:80]}
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
