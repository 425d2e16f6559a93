"""Scores below each other, each a point on its range, with a line through what the whole has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame, Window
from cxroi.chart.theme import rem

ROW, AXIS = 34, 34  # pixels
_NARROW = 20  # times the root: a narrower picture has only the scores beside the bars
_WHOLE = Window(x=(0.0, 100.0), y=(0.0, 5.0), unit=1.0)  # of a spec that is looked at without a case


@dataclass(frozen=True, kw_only=True)
class ScoreRange:
    """One score: its name, where it and the ends of its range lie, its score in words, the longer words beside it, and for who points at it."""

    name: str
    mid: float
    low: float
    high: float
    score: str
    label: str
    told: str


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `scores` and `whole`. The window tells the ends of the axis, and of how many rows."""
    window, colours = frame.window or _WHOLE, frame.palette
    scores = alt.Chart(alt.NamedData("scores"))
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(
            orient="right" if frame.mirrored else "left",
            title=None,
            labelLimit=alt.ExprRef(rem(11)),
            labelColor=colours.text,
            ticks=False,
            domain=False,
            labelPadding=10,
        ),
    )
    whole = (
        alt.Chart(alt.NamedData("whole"))
        .mark_rule(aria=False, color=colours.quiet, strokeDash=[5, 4], strokeWidth=1.5)
        .encode(x=_x(frame, window, "mid"))
    )
    spread = scores.mark_rule(color=colours.accent, strokeWidth=7, opacity=0.3, aria=False, clip=True).encode(
        y=y, x=_x(frame, window, "low"), x2="high:Q"
    )
    points = scores.mark_point(
        shape="circle",
        size=110,
        filled=True,
        fill=colours.accent,
        stroke=colours.background,
        strokeWidth=1.5,
        opacity=1,
    ).encode(y=y, x=_x(frame, window, "mid"), tooltip=frame.told)
    words = tuple(
        scores.mark_text(
            align=frame.near,
            baseline="middle",
            dx=frame.forward(8),
            opacity=alt.ExprRef(f"width < {rem(_NARROW)} ? {narrow} : {1 - narrow}"),
            **look,
        ).encode(y=y, x=_x(frame, window, "high"), text=f"{field}:N")
        for field, narrow in (("label", 0), ("score", 1))
        for look in ({"stroke": colours.background, "strokeWidth": 4, "aria": False}, {"color": colours.quiet})
    )
    height = AXIS + ROW * max(int(window.y[1]), 1)
    return alt.layer(whole, spread, points, *words).properties(height=height, width="container")


def _x(frame: Frame, window: Window, field: str) -> alt.X:
    axis = alt.Axis(title=None, tickCount=5, grid=True, domain=False, labelExpr=frame.figure("datum.value", "~r"))
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=list(window.x), nice=False, reverse=frame.mirrored), axis=axis)


def window_of(rows: Sequence[ScoreRange]) -> Window:
    """Return the part of the axis that holds all ranges, with room for the words beside them."""
    low, high = min(one.low for one in rows), max(one.high for one in rows)
    room = max(high - low, 1.0)
    return Window(
        x=(float(round(low - 0.06 * room)), float(round(high + 0.3 * room))), y=(0.0, float(len(rows))), unit=1.0
    )


def data(rows: Sequence[ScoreRange], *, whole: float | None) -> Data:
    """Return the rows of the picture in their order from the top."""
    return {
        "scores": {
            "order": [float(place) for place in range(len(rows))],
            "name": _told_apart([one.name for one in rows]),
            "mid": [one.mid for one in rows],
            "low": [one.low for one in rows],
            "high": [one.high for one in rows],
            "score": [one.score for one in rows],
            "label": [one.label for one in rows],
            "told": [one.told for one in rows],
        },
        "whole": {"mid": [] if whole is None else [whole]},
    }


def _told_apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are one row: of those that were cut alike each gets another number of signs that nobody sees."""
    return [name + "\u200b" * names[:place].count(name) for place, name in enumerate(names)]
