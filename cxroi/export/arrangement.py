"""How the parts of a slide stand on it, in every format that has slides."""

from __future__ import annotations

from cxroi.chart.drawing import Drawing
from cxroi.view.share.story import Part, Slide, StoryTable

_NARROW = 5  # columns of a table that has room beside a picture


def rows_of(slide: Slide) -> list[tuple[Part, ...]]:
    """Return the parts of a slide from the top, in rows: a picture has the table that follows it at its side, where that is narrow."""
    rows: list[tuple[Part, ...]] = []
    for part in slide.parts:
        last = rows[-1] if rows else ()
        narrow = isinstance(part, StoryTable) and len(part.headings) <= _NARROW
        if narrow and len(last) == 1 and isinstance(last[0], Drawing):
            rows[-1] = (*last, part)
        else:
            rows.append((part,))
    return rows
