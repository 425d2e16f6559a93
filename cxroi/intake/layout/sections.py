"""Rows between and below the rows of a table: what names the rows below it, and where the notes begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cxroi.intake.layout.grid import Grid, Stored, is_blank, kind_of, tidy
from cxroi.intake.layout.header import Header
from cxroi.intake.layout.totals import total_word

_NOTE = re.compile(
    r"\s*(?:[*†‡©]|\(?[a-z0-9]\)|\[\d+\]|notes?\b|source|remark|prepared|printed|generated|exported|end of|"
    r"ملاحظ|المصدر|مصدر|أعد|طبع|هام)",
    re.IGNORECASE,
)


def spread(grid: Grid) -> set[int]:
    """Return the rows in which a cell is merged over its neighbours to the right."""
    last = len(grid.rows) - 1
    return {i for top, left, bottom, right in grid.merged if right > left for i in range(top, min(bottom, last) + 1)}


def section(grid: Grid, row: list[str], index: int, header: Header, spread: set[int], figures: set[int]) -> str:
    """Return the words of a row that only names the rows below it, or "".

    An id alone in its row is a broken record, not a section. In a text file only words in a column of dates or numbers
    are one: there they could not be a value.
    """
    if len(header.columns) < 3:
        return ""
    filled = [(j, cell) for j, cell in enumerate(row) if cell.strip()]
    if len(filled) != 1:
        return ""
    column, cell = filled[0]
    if kind_of(cell) != "t" or isinstance(cell, Stored) or total_word(cell) or (index, column) in grid.faults:
        return ""
    text = tidy(cell)
    if grid.ragged_matters:
        return text if column in figures and len(row) > header.columns[-1] else ""
    looks_like_id = bool(re.fullmatch(r"[\w\-./]*\d[\w\-./]*", text))
    return text if index in spread or not looks_like_id else ""


def figure_columns(rows: list[list[str]], header: Header) -> set[int]:
    """Return the columns whose first cells are mostly dates or numbers."""
    found = set()
    full = [row for row in rows[:400] if sum(bool(cell.strip()) for cell in row) > 1]
    for j in header.columns:
        cells = [row[j] for row in full if j < len(row) and row[j].strip()]
        kinds = [kind_of(cell) for cell in cells if not total_word(cell)]
        if sum(kind in "ndp" for kind in kinds) > 0.5 * len(kinds):
            found.add(j)
    return found


def notes_from(grid: Grid, rows: list[list[str]], start: int, header: Header, spread: set[int]) -> int:
    """Return the position where the notes below the table begin; the number of rows where there are none."""
    at = len(rows)
    for i in range(len(rows) - 1, -1, -1):
        filled = [cell for cell in rows[i] if cell.strip()]
        if not filled:
            continue
        after_blank = i > 0 and (is_blank(rows[i - 1]) or at < len(rows))
        alone = len(filled) == 1 and kind_of(filled[0]) == "t" and not total_word(filled[0])
        merged = start + i in spread
        sentence = alone and (" " in filled[0].strip() or merged)
        short_record = grid.ragged_matters and alone and len(rows[i]) < len(header.columns)
        few = len(filled) <= 2 and len(header.columns) > 3 and not any(isinstance(cell, Stored) for cell in filled)
        stars = set(filled[0].strip()) == {"*"}  # before a total, as SAP writes it
        is_note = (alone or few) and not stars and bool(_NOTE.match(filled[0])) and kind_of(filled[0]) != "n"
        if not (is_note or (sentence and after_blank) or short_record or (merged and alone)):
            break
        at = i
    return at
