"""How many of each group are still there (or have ordered again) after each month: a line a group with its range and its name at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.model.statistics.uncertainty import Interval

HEIGHT = 300
_LINE = 0.1  # of the height: a line of words


@dataclass(frozen=True, kw_only=True)
class StayCurve:
    """A group: its look ("high", "middle", "low" or "other"), name, percent after each month from 0 on, and words by month."""

    look: str
    name: str
    share: tuple[Interval, ...]
    told: tuple[str, ...]


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `curves`, `ends` and `caption`."""
    curves, ends, colours = alt.Chart(alt.NamedData("curves")), alt.Chart(alt.NamedData("ends")), frame.palette
    looks = {"high": colours.gain, "middle": colours.quiet, "low": colours.loss, "other": colours.accent}
    colour = alt.Color("look:N", scale=alt.Scale(domain=list(looks), range=list(looks.values())), legend=None)
    x = alt.X(
        "month:Q",
        title=frame.label("chart.stay_curves.x"),
        scale=alt.Scale(nice=False, reverse=frame.mirrored),
        axis=alt.Axis(labelExpr=frame.figure("datum.value", "d"), tickMinStep=1, tickCount=6, labelFlush=True),
    )
    y = alt.Y("mid:Q", scale=alt.Scale(zero=False, nice=True), axis=_y_axis(frame))
    band = curves.mark_area(opacity=0.16, aria=False).encode(
        x=x, y=alt.Y("low:Q", axis=_y_axis(frame)), y2="high:Q", color=colour, detail="name:N"
    )
    line = curves.mark_line(strokeWidth=2.5, aria=False).encode(x=x, y=y, color=colour, detail="name:N")
    points = curves.mark_point(size=60, filled=True, opacity=0.001).encode(x=x, y=y, color=colour, tooltip=frame.told)
    marks = ends.mark_point(shape="circle", size=60, filled=True, opacity=1, aria=False).encode(x=x, y=y, color=colour)
    words = (
        ends.mark_text(align=frame.far, baseline="bottom", dy=-7, fontWeight=600, aria=False, **look).encode(
            x=x, y=alt.Y("at:Q"), text="label:N", **({} if look else {"color": colour})
        )
        for look in ({"stroke": colours.background, "strokeWidth": 4}, {})
    )
    return alt.layer(band, line, marks, *words, points, frame.told_caption("caption")).properties(
        height=HEIGHT, width="container"
    )


def _y_axis(frame: Frame) -> alt.Axis:
    return alt.Axis(
        title=None, orient="right" if frame.mirrored else "left", labelExpr=frame.figure("datum.value", "~r", "%")
    )


def data(curves: Sequence[StayCurve], *, caption: str) -> Data:
    """Return the rows of the picture; `caption` says what is counted."""
    rows = [(one, month) for one in curves for month in range(len(one.share))]
    return {
        "curves": {
            "look": [one.look for one, _ in rows],
            "name": [one.name for one, _ in rows],
            "month": [float(month) for _, month in rows],
            "mid": [one.share[month].mid for one, month in rows],
            "low": [one.share[month].low for one, month in rows],
            "high": [one.share[month].high for one, month in rows],
            "told": [one.told[month] for one, month in rows],
        },
        "ends": {
            "look": [one.look for one in curves],
            "month": [float(len(one.share) - 1) for one in curves],
            "mid": [one.share[-1].mid for one in curves],
            "at": _apart([one.share[-1].mid for one in curves], curves),
            "label": [one.name for one in curves],
        },
        "caption": {"label": [caption]},
    }


def _apart(ends: Sequence[float], curves: Sequence[StayCurve]) -> list[float]:
    """Return where the names of the lines stand: at their ends, from the lowest up moved so far that none covers another."""
    shares = [share for one in curves for each in one.share for share in (each.low, each.high)]
    line = _LINE * (max(shares) - min(shares))
    at, free = list(ends), float("-inf")
    for place in sorted(range(len(ends)), key=lambda place: ends[place]):
        at[place] = max(ends[place], free)
        free = at[place] + line
    return at
