"""A score over the months: a line with its range, the months that are looked at marked, the newest value beside its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import altair as alt

from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Data, Frame

HEIGHT = 260
_HALF, _MONTH = timedelta(days=15), timedelta(days=365.25 / 12)


@dataclass(frozen=True, kw_only=True)
class ScoreMonth:
    """A month of a score: its first day, the score with its range, and its words for who points at it."""

    month: date
    mid: float
    low: float
    high: float
    told: str
    within: bool  # whether it is one of those looked at


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `months`, `looked_at`, `newest` and `caption`."""
    months, colours = alt.Chart(alt.NamedData("months")), frame.palette
    looked_at = (
        alt.Chart(alt.NamedData("looked_at"))
        .mark_rect(color=colours.panel, aria=False)
        .encode(x=_x(frame, "first"), x2="last:T")
    )
    band = months.mark_area(color=colours.accent_soft, opacity=0.8, aria=False).encode(
        x=_x(frame, "month"), y=_y(frame, "low"), y2="high:Q"
    )
    line = months.mark_line(color=colours.accent, strokeWidth=2.5, aria=False).encode(
        x=_x(frame, "month"), y=_y(frame, "mid")
    )
    points = months.mark_point(
        shape="circle", size=40, filled=True, fill=colours.accent, stroke=colours.background, strokeWidth=1, opacity=1
    ).encode(x=_x(frame, "month"), y=_y(frame, "mid"), tooltip=frame.told)
    newest = alt.Chart(alt.NamedData("newest"))
    words = tuple(
        newest.mark_text(align=frame.far, baseline="bottom", dy=-10, fontSize=14, **look).encode(
            x=_x(frame, "month"), y=_y(frame, "mid"), text="label:N"
        )
        for look in frame.haloed(colours.accent)
    )
    layers = (looked_at, *event_layers(frame), band, line, points, *words, frame.told_caption("caption"))
    return alt.layer(*layers).properties(height=HEIGHT + frame.strip, width="container")


def _x(frame: Frame, field: str) -> alt.X:
    names = [frame.text.month(date(2000, month, 1)).split()[0] for month in range(1, 13)]
    words = f"{names!r}[utcmonth(datum.value)] + ' ' + {frame.figure('utcyear(datum.value)', 'd')}"
    axis = alt.Axis(
        title=None, labelExpr=words, tickCount=6, labelOverlap="greedy", labelSeparation=12, labelFlush=True, grid=False
    )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", nice=False, reverse=frame.mirrored), axis=axis)


def _y(frame: Frame, field: str) -> alt.Y:
    axis = alt.Axis(
        title=None, orient="right" if frame.mirrored else "left", labelExpr=frame.figure("datum.value", "~r")
    )
    return alt.Y(f"{field}:Q", scale=alt.Scale(zero=False, nice=True), axis=axis)


def data(months: Sequence[ScoreMonth], *, caption: str, newest: str, events: Sequence[EventMark] = ()) -> Data:
    """Return the rows of the picture; `newest` are the words beside the last month."""
    inside = [one.month for one in months if one.within]
    shaded = 0 < len(inside) < len(months)
    start = min([months[0].month, *([inside[0] - _HALF] if shaded else [])])  # where the axis does
    whole = max(months[-1].month - start, _HALF)
    return {
        "months": {
            "month": [_moment(one.month) for one in months],
            "mid": [one.mid for one in months],
            "low": [one.low for one in months],
            "high": [one.high for one in months],
            "told": [one.told for one in months],
        },
        "looked_at": {
            "first": [_moment(inside[0] - _HALF)] if shaded else [],
            "last": [_moment(min(inside[-1] + _HALF, months[-1].month))] if shaded else [],
        },
        "newest": {"month": [_moment(months[-1].month)], "mid": [months[-1].mid], "label": [newest]},
        "caption": {"label": [caption]},
        **event_data(events, lambda month: (months[0].month - start + (month - 0.5) * _MONTH) / whole),
    }


def _moment(day: date) -> float:
    """Return a day as the axis takes it: milliseconds."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000
