"""The investment lines, asked and put in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cxroi.cli.layout import columns
from cxroi.text import Text
from cxroi.view.decide.lines import LinesView, lines_view

if TYPE_CHECKING:
    from cxroi.questions.lines import LineReport


def line_words(report: LineReport, text: Text) -> list[str]:
    """Return the table of lines, the finding first and the reasons after it."""
    view: LinesView = lines_view(report, text)
    rows: list[list[Any]] = [[row.name, row.share_words, row.word, row.probability, row.next_unit] for row in view.rows]
    notes = [f"{names}: {note}" for note, names in view.notes]
    return [view.headline, "", *columns(view.headings, rows), "", *notes, *([""] if notes else []), view.caption]
