"""Read the tables of a web page, which many systems save under the name of a workbook."""

from __future__ import annotations

from pathlib import Path

from lxml import etree, html

from cxroi.errors import UploadError
from cxroi.intake.layout.grid import Grid, tidy
from cxroi.intake.readers.container import Limits
from cxroi.intake.readers.encoding import settle_encoding, write_utf8
from cxroi.intake.report import Finding


def read_html(
    path: Path, work: Path, limits: Limits, asked: str | None
) -> tuple[tuple[Grid, ...], tuple[Finding, ...]]:
    """Return every table of the page with more than one row, and what was found out about its letters.

    Raises UploadError where there is none. The page is parsed without network and without document types; scripts are text that nobody runs.
    """
    if path.stat().st_size > limits.workbook_bytes:
        raise UploadError("reader.too_large_unpacked", limit_mb=limits.workbook_bytes >> 20)
    encoding = settle_encoding(path, asked)
    text = (path if encoding.is_plain else write_utf8(path, encoding, work)).read_text("utf-8", "replace")
    try:
        page = html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UploadError("reader.damaged") from error
    tables = [table for table in page.iter("table") if not any(True for _ in table.iterdescendants("table"))]
    grids = [_grid(table, f"{number}", limits) for number, table in enumerate(tables, 1)]
    full = tuple(grid for grid in grids if len(grid.rows) > 1)
    if not full:
        raise UploadError("reader.no_table")
    return full, encoding.findings


def _grid(table: html.HtmlElement, name: str, limits: Limits) -> Grid:
    rows: list[list[str]] = []
    merged: list[tuple[int, int, int, int]] = []
    taken: dict[tuple[int, int], bool] = {}
    for i, line in enumerate(table.iter("tr")):
        row: list[str] = []
        j = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while taken.pop((i, j), False):
                row.append("")
                j += 1
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            row.extend([tidy(cell.text_content()), *[""] * (across - 1)])
            if len(row) > limits.columns:
                raise UploadError("reader.too_many_columns", found=len(row), limit=limits.columns)
            if down > 1 or across > 1:
                merged.append((i, j, i + down - 1, j + across - 1))
                for k in range(i + 1, i + down):
                    taken |= {(k, column): True for column in range(j, j + across)}
            j += across
        rows.append(row)
    return Grid(rows=rows, sheet=name, merged=tuple(merged))


def _span(cell: html.HtmlElement, side: str) -> int:
    """Return how far a cell reaches; a page that claims thousands is held to the limit that follows."""
    text = (cell.get(side) or "1").strip()
    return min(max(int(text), 1), 1000) if text.isdecimal() and len(text) < 6 else 1
