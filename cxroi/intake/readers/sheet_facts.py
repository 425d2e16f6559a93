"""What a sheet holds beside plain values, and how far out its cells may lie."""

from __future__ import annotations

from dataclasses import dataclass, field

from cxroi.errors import UploadError
from cxroi.intake.readers.container import Limits


@dataclass(kw_only=True)
class SheetFacts:
    """What a sheet holds beside plain values; places are (row, column) counted from 0."""

    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)  # place -> text shown, reason id
    exact: dict[tuple[int, int], str] = field(default_factory=dict)  # whole numbers with more digits than a float holds
    currency: str | None = None
    hidden_rows: set[int] = field(default_factory=set)  # by a filter or by hand
    hidden_columns: set[int] = field(default_factory=set)
    percents: frozenset[int] = frozenset()  # columns all of whose numbers are shown as percent


def span(first: int, last: int, most: int) -> range:
    """Return the rows or columns from `first` to `last`, of which a sheet may name millions that are empty.

    >>> list(span(2, 16383, 5))
    [2, 3, 4]
    """
    return range(first, min(last + 1, most))


def bound(row: int, column: int, limits: Limits) -> None:
    """Refuse cells that reach row and column (counted from 0): a reader reserves the whole rectangle, or aborts."""
    too_wide, too_long = column >= limits.workbook_columns, row >= limits.workbook_rows
    if too_wide or too_long or (row + 1) * (column + 1) > limits.workbook_cells:
        raise UploadError("reader.far_cell", row=row + 1, column=column + 1)


def letters_to_column(letters: str) -> int:
    """Return the number, counted from 0, of a column called by letters.

    >>> letters_to_column("A"), letters_to_column("ALL")
    (0, 999)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
