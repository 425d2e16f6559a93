"""What a reader hands over: the headings of one table and its cells, as text that nobody has interpreted yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cxroi.errors import UploadError
from cxroi.intake.body import SECTION, Body, check_headings, read_body
from cxroi.intake.columnar import read_columnar
from cxroi.intake.container import MB, FileKind, Limits, open_content
from cxroi.intake.delimited import Dialect, preflight, read_grid, settle_dialect, with_line_feeds
from cxroi.intake.encoding import settle_encoding, write_utf8
from cxroi.intake.grid import Grid, Stored, tidy
from cxroi.intake.header import Header, find_header, known_headings, plainly
from cxroi.intake.html import read_html
from cxroi.intake.large import Large, is_wide, read_large
from cxroi.intake.report import Finding, IntakeRequest, Reject, Severity
from cxroi.intake.unpivot import Layout, check_row_totals, control_of, find_layout, has_values, unpivot
from cxroi.intake.workbook import open_workbook

LARGE_BYTES = 16 * MB
LARGE_CELLS = 3_000_000
WIDE_BYTES = 64 * MB  # with months across the columns
KNOWN_ENOUGH = 1.5  # two known headings, or one that is half of all


@dataclass(frozen=True, kw_only=True)
class DelimitedDialect:
    """A regular UTF-8 file that DuckDB can read by itself: every record has `columns` fields, no blank line, no NUL."""

    path: Path
    delimiter: str
    header_row: int  # 1-based; data start on the next row
    columns: int
    quote: str = '"'
    records: int | None = None  # how many, where the check of the whole file has counted them


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """One table of one file. Exactly one of `csv`, `text_parquet` and `parquet` says where the cells are.

    `text_parquet` has `row` BIGINT (as the spreadsheet shows it) and VARCHAR columns `c0`..`cN` in the order of
    `headings`. Where typed and typed-in numbers are mixed in one column it may add BOOLEAN `n<i>`: true for a cell that
    was stored as a number, so that its decimal point is no evidence for how people wrote the others.
    """

    sheet: str | None
    headings: tuple[str, ...]
    header_row: int | None = None
    csv: DelimitedDialect | None = None
    text_parquet: Path | None = None
    parquet: tuple[Path, ...] = ()  # typed already, columns called as in `headings`
    mixed_numbers: tuple[int, ...] = ()  # columns that have an `n<i>`
    skipped: tuple[tuple[int, str], ...] = ()  # (row, why): totals, blanks, notes, repeated headings
    rejected: tuple[Reject, ...] = ()  # rows that are no rows: ragged ones; they are not in the table
    faults: tuple[Reject, ...] = ()  # cells of rows in the table that hold no value: #REF!, formula never computed, NUL
    findings: tuple[Finding, ...] = ()  # a QUESTION among them is answered by a new request before anything is loaded
    sheets: tuple[str, ...] = ()  # all sheets that can be chosen
    currency_hint: str | None = None
    control_totals: dict[str, str] = field(default_factory=dict)  # heading -> exact total of the file's own total row


def read_source(
    path: Path, name: str, request: IntakeRequest, work: Path, limits: Limits | None = None, *, careful: bool = False
) -> tuple[SourceTable, ...]:
    """Return the tables in the file at `path`, called `name` by the person. Temporary files go below `work`.

    Sheets come best match first. A large text file that looks regular is handed over as it is; ask again with
    `careful` when a strict reader then finds a record that breaks the rule, and every broken record is listed instead.

    Raises UploadError for a file that cannot be taken as a whole.
    """
    limits = limits or Limits()
    content = open_content(path, name, work, limits)
    if content.kind is FileKind.PARQUET:
        headings = read_columnar(content.path, limits)
        return (SourceTable(sheet=None, headings=headings, parquet=(content.path,)),)
    if content.kind is FileKind.DELIMITED:
        return (_delimited(content.path, request, work, limits, careful=careful),)
    if content.kind is FileKind.HTML:
        grids, found = read_html(content.path, work, limits, request.encoding)
        return _sheets({grid.sheet or "1": partial(_same, grid) for grid in grids}, (), request, work, limits, found)
    book = open_workbook(content.path, content.kind, limits)
    wanted = [request.sheet] if request.sheet else list(book.visible)
    if request.sheet and request.sheet not in book.visible:
        raise UploadError("reader.no_such_sheet", sheet=request.sheet[:60], sheets=", ".join(book.visible)[:200])
    loaders = {sheet: partial(book.grid, sheet) for sheet in wanted}  # one sheet in memory at a time
    tables = _sheets(loaders, book.hidden, request, work, limits, ())
    return tuple(replace(table, sheets=book.visible) for table in tables)


def _delimited(path: Path, request: IntakeRequest, work: Path, limits: Limits, *, careful: bool) -> SourceTable:
    encoding = settle_encoding(path, request.encoding)
    plain = path if encoding.is_plain else write_utf8(path, encoding, work)
    plain = with_line_feeds(plain, work)
    dialect = settle_dialect(plain, request.delimiter)
    flight = preflight(plain, dialect.delimiter, limits)
    is_large = flight.size > LARGE_BYTES or flight.newlines + flight.delimiters > LARGE_CELLS
    if is_large and not (flight.size <= WIDE_BYTES and is_wide(plain, dialect, request, limits)):
        large = read_large(plain, dialect, flight, request, work, limits, careful=careful)
        return _large_table(plain, dialect, large, encoding.findings)
    grid = read_grid(plain, dialect, limits)
    table = _table(grid, request, work, limits, "source")
    if table is None:
        raise UploadError("reader.no_header")
    return replace(table, findings=(*encoding.findings, *table.findings))


def _large_table(path: Path, dialect: Dialect, large: Large, findings: tuple[Finding, ...]) -> SourceTable:
    header = large.header
    table = SourceTable(
        sheet=None,
        headings=header.headings,
        header_row=header.last + 1,
        text_parquet=large.text,
        skipped=large.skipped,
        rejected=large.rejected,
        findings=(*findings, *large.findings),
        control_totals=large.control,
    )
    if large.text is not None:
        return table
    shape = DelimitedDialect(
        path=path,
        delimiter=dialect.delimiter,
        header_row=header.last + 1,
        columns=len(header.headings),
        quote=dialect.quote,
        records=large.records,
    )
    return replace(table, csv=shape)


def _sheets(
    grids: Mapping[str, Callable[[], Grid]],
    hidden: tuple[str, ...],
    request: IntakeRequest,
    work: Path,
    limits: Limits,
    findings: tuple[Finding, ...],
) -> tuple[SourceTable, ...]:
    """Return a table of each sheet that has one, the one whose headings are best known first."""
    tables, refusals, is_empty = [], [], True
    for number, (name, load) in enumerate(grids.items()):
        try:
            grid = load()
            is_empty &= not grid.rows
            table = _table(grid, request, work, limits, f"sheet{number}")
        except UploadError as error:
            refusals.append(error)
            continue
        if table is not None:
            tables.append(replace(table, sheet=name))
    if not tables:
        raise refusals[0] if refusals else UploadError("upload.empty" if is_empty else "reader.no_header")
    if hidden:
        facts = {"sheets": ", ".join(hidden)[:200], "count": str(len(hidden))}
        findings = (*findings, Finding(id="finding.sheet.hidden", severity=Severity.NOTE, facts=facts))
    tables.sort(key=lambda table: (_familiarity(table), len(table.mixed_numbers)), reverse=True)
    kept = _worth_keeping(tables)
    findings = (*findings, *_choice(kept, tables))
    return tuple(replace(table, findings=(*findings, *table.findings), sheets=tuple(grids)) for table in kept)


def _same(grid: Grid) -> Grid:
    return grid


def _worth_keeping(tables: list[SourceTable]) -> list[SourceTable]:
    """Return the sheets that look like tables we know; the best one where none does, or where only one was asked for."""
    known = [table for table in tables if _familiarity(table) >= KNOWN_ENOUGH]
    return known or tables[:1]


def _choice(kept: list[SourceTable], tables: list[SourceTable]) -> list[Finding]:
    """Say which sheets were left out, and ask which one is meant where two have the same headings."""
    findings = []
    alike = [t.sheet or "" for t in kept if _plain_headings(t) == _plain_headings(kept[0])]
    others = [table.sheet or "" for table in tables if table not in kept]
    if len(alike) > 1:
        facts = {"sheets": ", ".join(alike)[:200], "sheet": alike[0]}
        findings.append(Finding(id="finding.sheet.choice", severity=Severity.QUESTION, facts=facts))
    if others:
        facts = {"sheets": ", ".join(others)[:200]}
        findings.append(Finding(id="finding.sheet.others", severity=Severity.NOTE, facts=facts))
    return findings


def _plain_headings(table: SourceTable) -> frozenset[str]:
    return frozenset(plainly(heading) for heading in table.headings)


def _familiarity(table: SourceTable) -> float:
    known = sum(plainly(heading) in known_headings() for heading in table.headings)
    return known + known / len(table.headings)


def _table(grid: Grid, request: IntakeRequest, work: Path, limits: Limits, name: str) -> SourceTable | None:
    """Return the table on a grid, or None where there is none."""
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
        findings += check_row_totals(layout, headings, numbers, rows)
        control = control_of(layout, body.totals.control)
        headings, numbers, rows, findings = _laid_out(layout, headings, numbers, rows, findings)
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
