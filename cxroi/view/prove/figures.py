"""A part of a page of this section that is a table with its finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.chart.drawing import Column, Table
from cxroi.view.table import columns


@dataclass(frozen=True, kw_only=True)
class ShownFigures:
    """A table of figures with its finding above and what it is below."""

    section: str
    title: str
    table: Table
    caption: str


def words_column(heading: str, words: Sequence[str]) -> Column:
    """Return a column that holds words only."""
    return Column(heading=heading, figures=tuple(words), words=tuple(words))


def table_lines(part: ShownFigures) -> list[str]:
    """Return the table of a part and what it is below, for a terminal."""
    rows = list(zip(*(column.words for column in part.table), strict=True))
    return [*columns([column.heading for column in part.table], rows), "", part.caption]
