"""A part of a page of this section that is a table with its finding."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.drawing import Table
from cxroi.view.table import table_words


@dataclass(frozen=True, kw_only=True)
class ShownFigures:
    """A table of figures with its finding above and what it is below."""

    section: str
    title: str
    table: Table
    caption: str


def table_lines(part: ShownFigures) -> list[str]:
    """Return the table of a part and what it is below, for a terminal."""
    return [*table_words(part.table), "", part.caption]
