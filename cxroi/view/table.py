"""A table in words, laid out in columns for a reader of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from unicodedata import category

from cxroi.chart.drawing import Column, Table

_Row = TypeVar("_Row")


def columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows under their headings, first column to its start and the others to their end.

    >>> columns(["table", "rows"], [["orders", "12"]])
    ['table   rows', 'orders    12']
    """
    everything = [list(heading), *map(list, rows)]
    widths = [max(_width(row[place]) for row in everything) for place in range(len(heading))]
    return ["  ".join(map(_padded, row, widths, range(len(row)))).rstrip() for row in everything]


def table_words(table: Table) -> list[str]:
    """Lay out a table of figures in their words."""
    return columns([column.heading for column in table], list(zip(*(column.words for column in table), strict=True)))


def words_column(heading: str, words: Sequence[str]) -> Column:
    """Return a column that holds words and no figures."""
    return Column(heading=heading, figures=tuple(words), words=tuple(words))


def _width(words: str) -> int:
    """Return how many places `words` take; direction marks take none."""
    return sum(category(sign) not in {"Cf", "Mn"} for sign in words)


def _padded(words: str, width: int, place: int) -> str:
    space = " " * (width - _width(words))
    return space + words if place else words + space


def with_whole(segments: tuple[_Row, ...], whole: _Row) -> tuple[_Row, ...]:
    """Return the rows to show: one segment is the whole already."""
    return (*segments, whole) if len(segments) > 1 else (whole,)
