"""A sheet as a person sees it: rows of cell texts, merged ranges, and the cells that hold an error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cxroi.intake.layout.period import period_of
from cxroi.money.written import parted


class Stored(str):
    """The text of a cell that was stored as a number: its point is no evidence for how people write decimals."""

    __slots__ = ()


@dataclass(kw_only=True)
class Grid:
    """The cells of one sheet; row i is numbered i + 1 and column j is called by its letters, as a spreadsheet does."""

    rows: list[list[str]]
    sheet: str | None = None
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, first column, last row, last column, all inclusive
    faults: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) -> reason id
    ragged_matters: bool = False  # a short record of a text file is a broken one, a short row of a sheet is not
    hidden_rows: frozenset[int] = frozenset()  # counted from 0; read all the same, since they may be filtered only
    hidden_columns: frozenset[int] = frozenset()
    currency: str | None = None  # from the number formats

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return max(map(len, self.rows), default=0)


_MARKS = "\u200e\u200f\u061c\ufeff"
_NUMBER = re.compile(r"[\d٠-٩۰-۹](?:[\d٠-٩۰-۹.,'’٬٫،\s\u00a0\u202f]*[\d٠-٩۰-۹])?[.*%٪]*")
_AROUND = re.compile(r"^[-+−(]*\s*|\s*[-)%٪*†‡]+$")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d.*)?|\d{1,2}[-/. ]?[A-Za-z]{3,9}\.?[-/. ,]*\d{2,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@lru_cache(maxsize=200_000)
def kind_of(cell: str) -> str:
    """Return what a cell looks like: "" blank, "n" number, "d" date, "p" month, quarter or year, "t" other text.

    >>> [kind_of(cell) for cell in ("", "(1,234.50)", "31/12/2025", "Dec-25", "2025", "Rent", "١٬٢٣٤٫٥", "3 ر.س")]
    ['', 'n', 'd', 'p', 'p', 't', 'n', 'n']
    """
    text = cell.strip().strip(_MARKS).strip()
    if not text:
        return ""
    if period_of(text) is not None:
        return "p"
    if len(text) > 60:
        return "t"
    plain = text.translate(_DIGITS)
    if _DATE.fullmatch(plain):
        return "d"
    if _NUMBER.fullmatch(plain):
        return "n"
    plain, _ = parted(plain)
    for _ in range(4):
        plain = _AROUND.sub("", plain).strip()
    return "n" if _NUMBER.fullmatch(plain) else "t"


def is_blank(row: Iterable[str]) -> bool:
    """Return whether no cell of `row` shows anything."""
    return not any(cell and not cell.isspace() for cell in row)


def letters(column: int) -> str:
    """Return the letters over a column, counted from 0.

    >>> letters(0), letters(27), letters(999)
    ('A', 'AB', 'ALL')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def fill_merged(grid: Grid, first: int, last: int, *, across: bool) -> list[list[str]]:
    """Return the rows first..last with merged text repeated down, and `across` too where it heads several columns.

    A merged number is not repeated: it is one amount, however many rows it stands beside.
    """
    rows = [list(row) for row in grid.rows[first : last + 1]]
    edge = grid.width - 1
    for top, left, bottom, right in grid.merged:
        if bottom < first or top > last or top >= len(grid.rows) or left >= len(grid.rows[top]):
            continue
        value, right = grid.rows[top][left], min(right, edge)
        if not value.strip() or (not across and kind_of(value) == "n"):
            continue
        for i in range(max(top, first), min(bottom, first + len(rows) - 1) + 1):
            row = rows[i - first]
            row.extend([""] * (right + 1 - len(row)))
            for j in range(left, (right if across else left) + 1):
                row[j] = value
    return rows


def tidy(text: str) -> str:
    """Return a heading or label on one line, without doubled spaces and direction marks.

    >>> tidy(" Code of /\\n operation ")
    'Code of / operation'
    """
    return " ".join(text.replace("\u00a0", " ").translate({ord(mark): None for mark in _MARKS}).split())


def padded(row: Sequence[str], width: int) -> list[str]:
    """Return `row` with blank cells up to `width`."""
    return [*row, *[""] * (width - len(row))]
