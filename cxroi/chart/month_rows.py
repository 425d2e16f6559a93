"""What pictures of months in rows have in common: a plane of months by rows, and above each row its name and a total in words."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart import months
from cxroi.chart.frame import Columns, Frame, Window
from cxroi.chart.theme import MEDIUM, rem

ROW, BELOW = 80, 26  # pixels: a row, and the names of months
FULL = 0.6  # of a row's height: the most of it that is drawn on; its name stands above
GAP = 0.14  # of a month, on either side of its bar


def window(rows: int, columns: int) -> Window:
    """Return the plane of so many rows and months."""
    return Window(x=(0.0, float(columns)), y=(0.0, float(rows)), unit=1.0)


def x(frame: Frame, plane: Window, field: str) -> alt.X:
    """Return the months, from the side where reading starts."""
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=list(plane.x), nice=False, reverse=frame.mirrored), axis=None)


def y(frame: Frame, plane: Window, field: str, row: int = ROW) -> alt.Y:
    """Return the rows, so many pixels each, the first at the top."""
    bare = alt.Axis(orient="right" if frame.mirrored else "left", title=None, labels=False, grid=False)
    below = BELOW / row  # the names of months stand within the plane, below the last row
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[-below, plane.y[1]], nice=False), axis=bare)


def heads(frame: Frame, plane: Window, row: int = ROW) -> tuple[alt.Chart, ...]:
    """Return the ground of every row, then its name and its total at the other side, of the data set `rows`.

    Where named events have their rules, words stand on a ground of their own.
    """
    rows, size, colours = alt.Chart(alt.NamedData("rows")), alt.ExprRef(rem(MEDIUM)), frame.palette
    base = rows.mark_rule(color=colours.line, aria=False).encode(y=y(frame, plane, "base", row))
    begin, end = (alt.value(0), alt.value(alt.ExprRef("width")))[:: -1 if frame.mirrored else 1]
    words = (
        rows.mark_text(align=align, baseline="top", fontSize=size, aria=False, **look, **under).encode(
            x=at, y=y(frame, plane, "above", row), text=f"{field}:N"
        )
        for align, at, field, look in (
            (frame.near, begin, "label", {"fontWeight": 600, "color": colours.text}),
            (frame.far, end, "total", {"color": colours.quiet}),
        )
        for under in (*([{"stroke": colours.background, "strokeWidth": 4}] if frame.strip else []), {})
    )
    return base, *words


def ticks(labels: Sequence[str]) -> Columns:
    """Return the data set `ticks`, each name below the middle of its month."""
    named = months.ticks(labels)
    return {**named, "at": [float(at) + 0.5 for at in named["at"]]}


def height(frame: Frame, plane: Window, row: int = ROW) -> int:
    """Return the height of the picture in pixels."""
    return int(row * plane.y[1]) + BELOW + frame.strip


def head_rows(names: Sequence[str], totals: Sequence[str]) -> Columns:
    """Return the data set `rows`, from the top."""
    base = [float(len(names) - place - 1) for place in range(len(names))]
    return {"base": base, "above": [at + 0.93 for at in base], "label": list(names), "total": list(totals)}
