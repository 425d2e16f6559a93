"""A score above a measure of the staff, month by month: each in a row of its own on its own scale, so that only their courses are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart import month_rows, months
from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Data, Frame

_ROW, _FULL = 130, 0.68  # pixels of a row, and how much of its height is drawn on
_WHOLE = month_rows.window(2, 24)  # of a spec that is looked at without data


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its name and what it went through in words, and by month the figure with its range (None: not known) and its words.

    `is_amount`: drawn as bars from nothing, else as a line between its own lowest and highest.
    """

    name: str
    total: str
    values: Sequence[tuple[float, float, float] | None]
    told: Sequence[str]
    is_amount: bool


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `lines`, `bars`, `rows` and `ticks`."""
    plane, colours = frame.window or _WHOLE, frame.palette

    def x(field: str) -> alt.X:
        return month_rows.x(frame, plane, field)

    def y(field: str) -> alt.Y:
        return month_rows.y(frame, plane, field, _ROW)

    lines, bars, row = alt.Chart(alt.NamedData("lines")), alt.Chart(alt.NamedData("bars")), alt.Detail("base:Q")
    band = lines.mark_area(color=colours.accent_soft, opacity=0.8, clip=True, aria=False).encode(
        x=x("at"), y=y("low"), y2="high:Q", detail=row
    )
    line = lines.mark_line(color=colours.accent, strokeWidth=2.5, clip=True, aria=False).encode(
        x=x("at"), y=y("mid"), detail=row
    )
    points = lines.mark_point(
        shape="circle", size=40, filled=True, fill=colours.accent, stroke=colours.background, strokeWidth=1, opacity=1
    ).encode(x=x("at"), y=y("mid"), tooltip=frame.told)
    drawn = bars.mark_rect(color=colours.quiet, clip=True).encode(
        x=x("start"), x2="end:Q", y=y("base"), y2="top:Q", tooltip=frame.told
    )
    base, *heads = month_rows.heads(frame, plane, _ROW)
    layers = (base, *event_layers(frame), drawn, band, line, points, *heads, months.named(frame, x("at")))
    return alt.layer(*layers).properties(height=month_rows.height(frame, plane, _ROW), width="container")


def data(rows: Sequence[Row], labels: Sequence[str], events: Sequence[EventMark] = ()) -> Data:
    """Return the rows of the picture; `labels` name the months."""
    lines: dict[str, list[float | str]] = {name: [] for name in ("at", "base", "low", "mid", "high", "told")}
    bars: dict[str, list[float | str]] = {name: [] for name in ("start", "end", "base", "top", "told")}
    for place, row in enumerate(rows):
        base = float(len(rows) - place - 1)
        ends = [end for value in row.values if value is not None for end in value]
        low, high = (0.0 if row.is_amount else min(ends)), max(ends)
        scale = _FULL / ((high - low) or 1.0)
        for month, (value, told) in enumerate(zip(row.values, row.told, strict=True)):
            if value is None:
                continue
            at = [base + scale * (end - low) for end in value]
            if row.is_amount:
                _add(bars, (month + month_rows.GAP, month + 1 - month_rows.GAP, base, at[1], told))
            else:
                _add(lines, (month + 0.5, base, *at, told))
    return {
        "lines": lines,
        "bars": bars,
        "rows": month_rows.head_rows([row.name for row in rows], [row.total for row in rows]),
        "ticks": month_rows.ticks(labels),
        **event_data(events, lambda month: month / len(labels)),
    }


def _add(columns: dict[str, list[float | str]], values: Sequence[float | str]) -> None:
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)
