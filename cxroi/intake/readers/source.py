"""Read any file that finance has into plain text tables: settle what it is, open it with the reader for its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from cxroi.errors import UploadError
from cxroi.intake.layout.grid import Grid
from cxroi.intake.layout.header import known_headings, plainly
from cxroi.intake.readers.columnar import read_columnar
from cxroi.intake.readers.container import MB, FileKind, Limits, open_content
from cxroi.intake.readers.delimited import Dialect, Preflight, preflight, read_grid, settle_dialect, with_line_feeds
from cxroi.intake.readers.encoding import settle_encoding, write_utf8
from cxroi.intake.readers.grid_table import table_on
from cxroi.intake.readers.html import read_html
from cxroi.intake.readers.large import Large, needs_grid, read_large
from cxroi.intake.readers.sheets import NoTableError, about_sheets, chosen, is_every
from cxroi.intake.readers.workbook import open_workbook
from cxroi.intake.report import SHEET, Finding, IntakeRequest, Severity
from cxroi.intake.source_table import DelimitedDialect, SourceTable

LARGE_BYTES = 16 * MB
REGULAR_BYTES = 4 * MB  # from here on a file in which nothing is odd is spared the grid
LARGE_CELLS = 3_000_000
GRID_BYTES = 64 * MB  # up to here the grid is taken where only it can read what is there
KNOWN_ENOUGH = 1.5  # two known headings, or one that is half of all


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
        pages = {grid.sheet or "1": partial(_same, grid) for grid in grids}
        return _sheets(pages, (), request, work, limits, found)
    book = open_workbook(content.path, content.kind, limits)
    # one sheet in memory at a time
    loaders = {sheet: partial(book.grid, sheet) for sheet in (*book.visible, *book.hidden)}
    try:
        return _sheets(loaders, book.hidden, request, work, limits, ())
    except UploadError as error:
        raise NoTableError(error, book.visible, book.hidden) from error


def _delimited(path: Path, request: IntakeRequest, work: Path, limits: Limits, *, careful: bool) -> SourceTable:
    encoding = settle_encoding(path, request.encoding)
    plain = path if encoding.is_plain else write_utf8(path, encoding, work)
    plain = with_line_feeds(plain, work)
    dialect = settle_dialect(plain, request.delimiter)
    flight = preflight(plain, dialect.delimiter, limits)
    is_large = flight.size > LARGE_BYTES or flight.newlines + flight.delimiters > LARGE_CELLS
    may_be_regular = flight.size > REGULAR_BYTES and not careful
    by_grid = flight.size <= GRID_BYTES and (is_large or may_be_regular) and needs_grid(plain, dialect, request, limits)
    if (is_large or may_be_regular) and not by_grid:
        large = read_large(plain, dialect, flight, request, work, limits, careful=careful, slowly=is_large)
        if large is not None:
            return _large_table(plain, dialect, flight, large, encoding.findings)
    grid = read_grid(plain, dialect, limits)
    table = table_on(grid, request, work, limits, "source")
    if table is None:
        raise UploadError("reader.no_header")
    return replace(table, findings=(*encoding.findings, *table.findings))


def _large_table(
    path: Path, dialect: Dialect, flight: Preflight, large: Large, findings: tuple[Finding, ...]
) -> SourceTable:
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
        lines=flight.lines - header.last - 1,
        quoted=flight.quotes > 0 or dialect.quote != '"',
        tight=flight.tight,
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
    """Return a table of each sheet meant that has one: in their order, or the best known headings first if none was named."""
    visible = tuple(name for name in grids if name not in hidden)
    wanted = chosen(request.sheet, visible, hidden)
    named = request.sheet is not None and not is_every(request.sheet, tuple(grids))
    tables, refusals, is_empty = [], [], True
    for number, name in enumerate(wanted):
        try:
            grid = grids[name]()
            is_empty &= not grid.rows
            label = name if request.sheet is not None and len(wanted) > 1 else ""
            table = table_on(grid, request, work, limits, f"sheet{number}", label=label)
        except UploadError as error:
            if named:
                raise
            refusals.append((name, error))
            continue
        if table is not None:
            tables.append(replace(table, sheet=name))
        elif named and len(wanted) > 1:
            raise UploadError("reader.sheet_without_table", sheet=name[:60])
    if not tables:
        raise refusals[0][1] if refusals else UploadError("upload.empty" if is_empty else "reader.no_header")
    if shut := [name for name in hidden if name not in wanted]:
        findings = (*findings, about_sheets("hidden", Severity.NOTE, shut))
    if read := [name for name in hidden if name in wanted]:
        findings = (*findings, about_sheets("hidden_read", Severity.FLAG, read))
    if request.sheet is None:
        tables.sort(key=lambda table: (_familiarity(table), len(table.mixed_numbers)), reverse=True)
    kept = tables if named else _worth_keeping(tables)
    if others := [table.sheet or "" for table in tables if table not in kept]:
        findings = (*findings, about_sheets("others", Severity.NOTE, others))
    if broken := [name for name, error in refusals if error.id != "upload.header_only"]:
        findings = (*findings, about_sheets("unread", Severity.FLAG, broken))
    return tuple(
        replace(table, findings=(*findings, *table.findings), sheets=visible, hidden_sheets=hidden) for table in kept
    )


def _same(grid: Grid) -> Grid:
    return grid


def _worth_keeping(tables: list[SourceTable]) -> list[SourceTable]:
    """Return the sheets that look like tables we know; the best one where none does, or where only one was asked for."""
    known = [table for table in tables if _familiarity(table) >= KNOWN_ENOUGH]
    return known or [max(tables, key=_familiarity)]


def _familiarity(table: SourceTable) -> float:
    headings = [heading for heading in table.headings if heading != SHEET]
    known = sum(plainly(heading) in known_headings() for heading in headings)
    return known + known / len(headings)
