"""Find the rows that head a table below titles and above its data, and make one heading a column of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cxroi.errors import UploadError
from cxroi.intake.layout.grid import Grid, fill_merged, is_blank, kind_of, letters, padded, tidy
from cxroi.money.currencies import word_of
from cxroi.tables import TABLES

SEARCHED_ROWS = 200
BODY_ROWS = 30
_UNITS = {"%", "٪", "no.", "no", "#", "000", "'000", "000s", "عدد"}


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where a table is headed: rows first..last (counted from 0), the columns it has, and a heading for each."""

    first: int
    last: int
    columns: tuple[int, ...]
    headings: tuple[str, ...]
    unnamed: tuple[str, ...] = ()  # letters of columns that have cells but no heading


@cache
def known_headings() -> frozenset[str]:
    """Return every heading that some table declares for a column, in both languages, plainly written."""
    words: set[str] = set()
    for table in TABLES.values():
        for column in table.columns:
            words |= {plainly(word) for word in (column.name, *column.english, *column.arabic)}
    return frozenset(words)


def plainly(heading: str) -> str:
    """Return a heading without case, signs and what stands in brackets.

    >>> plainly("Order_Date"), plainly("Amount (SAR)")
    ('order date', 'amount')
    """
    bare = tidy(heading.split("(")[0]).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def find_header(grid: Grid, asked: int | None = None) -> Header | None:
    """Return the header of `grid`: the row `asked` for (counted from 1), or the one that explains the rows below best."""
    rows = fill_merged(grid, 0, SEARCHED_ROWS - 1 if asked is None else asked + BODY_ROWS, across=True)
    if asked is not None:
        if not 0 < asked <= len(grid.rows) or is_blank(rows[asked - 1]):
            return None
        return _header(grid, rows, asked - 1, asked - 1)
    best, best_score = None, 0.0
    filled = [i for i, row in enumerate(rows) if not is_blank(row)]
    for position, i in enumerate(filled[:100]):
        score = _score(rows, i, filled[position + 1 : position + 1 + BODY_ROWS]) - 0.005 * position
        if score > best_score + 1e-9:
            best, best_score = i, score
    if best is None:
        return None
    best = next(i for i in filled if _same_names(rows[i], rows[best]))  # headings may come again on every page
    return _header(grid, rows, *_extent(grid, rows, best))


def _same_names(one: Sequence[str], other: Sequence[str]) -> bool:
    return [plainly(cell) for cell in one if cell.strip()] == [plainly(cell) for cell in other if cell.strip()]


def _score(rows: list[list[str]], i: int, below: Sequence[int]) -> float:
    """Return how well row i heads the rows below it; 0 where it cannot."""
    names = {j: cell for j, cell in enumerate(rows[i]) if cell.strip()}
    kinds = {j: kind_of(cell) for j, cell in names.items()}
    distinct = len({plainly(cell) or cell for cell in names.values()})
    is_period_row = _heads_periods(rows, kinds, below)
    wordy = sum(kind == "t" or (is_period_row and kind == "p") for kind in kinds.values()) / len(names)
    if wordy < 0.6 or (distinct == 1 and len(names) > 1):
        return 0.0
    known = sum(plainly(cell) in known_headings() for cell in names.values())
    if not below:  # headings and nothing else
        return 1.0 + 2 * known / len(names) if known else 0.0
    body = [[(j, kind_of(cell)) for j, cell in enumerate(rows[k]) if cell.strip()] for k in below]
    cells = sum(map(len, body))
    covered = sum(j in names for row in body for j, _ in row) / cells
    dense = min(1.0, cells / len(body) / len(names))
    values = Counter(j for row in body for j, kind in row if kind in "ndp")
    seen = Counter(j for row in body for j, _ in row)
    contrast = sum(values[j] > 0.5 * seen[j] and kinds[j] in "tp" for j in names if seen[j]) / len(names)
    return (
        2 * covered
        + dense
        + 1.5 * contrast
        + 2 * known / len(names)
        + 1.5 * wordy
        + 0.5 * distinct / len(names)
        + min(len(names), 6) / 6
    )


def _heads_periods(rows: list[list[str]], kinds: dict[int, str], below: Sequence[int]) -> bool:
    """Return whether several months or years in a row are headings: the cells below them are no periods."""
    columns = [j for j, kind in kinds.items() if kind == "p"]
    seen = Counter(kind_of(rows[k][j]) for k in below for j in columns if j < len(rows[k]) and rows[k][j].strip())
    return len(columns) >= 2 and 2 * seen["p"] < seen.total()


def _extent(grid: Grid, rows: list[list[str]], best: int) -> tuple[int, int]:
    """Return the first and last row of the header around its best row: units below it, groups of columns above it."""
    first = last = best
    while last + 1 < len(rows) and last - best < 2 and _continues(rows, last + 1):
        last += 1
    while first > 0 and last - first < 3 and _groups(grid, rows, first - 1, first, last):
        first -= 1
    return first, last


def _continues(rows: list[list[str]], i: int) -> bool:
    """Return whether row i is words over columns of values: a second header row."""
    cells = {j: cell for j, cell in enumerate(rows[i]) if cell.strip()}
    if len(cells) < 2 or any(kind_of(cell) in "nd" for cell in cells.values()):
        return False
    body = [row for row in rows[i + 1 : i + 1 + BODY_ROWS] if not is_blank(row)]
    if not body:
        return False
    above = rows[i - 1]
    over_values = 0
    for j, cell in cells.items():
        if j < len(above) and above[j] == cell:  # merged with the row above it
            over_values += 1
            continue
        seen = [kind_of(row[j]) for row in body if j < len(row) and row[j].strip()]
        values = bool(seen) and sum(kind in "ndp" for kind in seen) > 0.5 * len(seen)
        grouped = j < len(above) and above[j].strip() and above[j] in (above[j - 1 : j] + above[j + 1 : j + 2])
        over_values += values and (kind_of(cell) == "t" or bool(grouped))
    return over_values > 0.5 * len(cells) and over_values >= 1


def _groups(grid: Grid, rows: list[list[str]], i: int, first: int, last: int) -> bool:
    """Return whether row i groups the columns of the header below it."""
    cells = {j: cell for j, cell in enumerate(rows[i]) if cell.strip()}
    if len(cells) < 2 or any(kind_of(cell) in "nd" for cell in cells.values()):
        return False
    spans = [m for m in grid.merged if m[0] <= i <= m[2] and m[3] > m[1] and grid.rows[m[0]][m[1]].strip()]
    width = sum(bool(cell.strip()) for cell in rows[first])
    if spans:
        return any(right - left + 1 < width for _, left, _, right in spans)
    names = [plainly(name) for name in _joined(rows[first : last + 1]) if name]
    tied = {name for name, count in Counter(names).items() if count > 1}
    return bool(tied) and len(cells) < len(names)


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, rows), default=0)
    names = []
    for j in range(width):
        parts: list[str] = []
        for row in rows:
            part = tidy(row[j]) if j < len(row) else ""
            if part and part not in parts:
                parts.append(part)
        names.append(" ".join(parts))
    return names


def _header(grid: Grid, rows: list[list[str]], first: int, last: int) -> Header:
    block = [padded(row, grid.width) for row in rows[first : last + 1]]
    for row in block[:-1]:  # a group heading without merged cells stands over its first column only
        bottom = block[-1]
        for j in range(1, len(row)):
            if not row[j].strip() and bottom[j].strip() and row[j - 1].strip() and not _named_alone(bottom, j):
                row[j] = row[j - 1]
    return headed(grid, first, last, _joined(block))


def headed(grid: Grid, first: int, last: int, names: Sequence[str]) -> Header:
    """Return the header in rows first..last of `grid`, with a name for each of its columns, "" where there is none."""
    body = grid.rows[last + 1 :]
    columns, headings, unnamed = [], [], []
    if grid.ragged_matters:  # a field beyond the headings of a text file makes its record a broken one
        names = names[: max(len(row) for row in grid.rows[first : last + 1])]
    for j, name in enumerate(names):
        if not name:
            if not any(j < len(row) and row[j].strip() for row in body):
                continue
            unnamed.append(letters(j))
        columns.append(j)
        headings.append(name or letters(j))
    return Header(first=first, last=last, columns=tuple(columns), headings=tuple(headings), unnamed=tuple(unnamed))


def _named_alone(bottom: Sequence[str], j: int) -> bool:
    return sum(plainly(cell) == plainly(bottom[j]) for cell in bottom) == 1 and not _is_unit(bottom[j])


def _is_unit(cell: str) -> bool:
    return plainly(cell) in _UNITS or word_of(tidy(cell)) is not None


def check_headings(header: Header, limit: int) -> None:
    """Refuse two columns under one heading, and more columns than are read."""
    if len(header.columns) > limit:
        raise UploadError("reader.too_many_columns", found=len(header.columns), limit=limit)
    names = [tidy(heading).casefold() for heading in header.headings]
    half = len(names) // 2
    if half > 1 and names[:half] == names[half:]:
        raise UploadError("reader.side_by_side", headings=", ".join(header.headings[:half])[:100])
    seen: set[str] = set()
    for heading in header.headings:
        key = tidy(heading).casefold()
        if key in seen:
            raise UploadError("reader.duplicate_heading", heading=heading[:40], row=header.last + 1)
        seen.add(key)
