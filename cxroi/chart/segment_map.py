"""The map of segments: what a customer is worth against what serving one costs a month, each segment a point with its own name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame, Window
from cxroi.chart.theme import MEDIUM, rem

HEIGHT = 340
_WHOLE = Window(x=(0.0, 1.0), y=(0.0, 1.0), unit=1.0)  # of a spec that is looked at without a case


@dataclass(frozen=True, kw_only=True)
class Place:
    """One segment: where it stands, the ends of its value's range, its words beside the point and for who points at it."""

    cost: float
    value: float
    low: float
    high: float
    label: str
    told: str
    side: str = "after"  # or "before": on which side of the point its words stand


def build(frame: Frame) -> alt.LayerChart:
    """Return the map without data; its data sets are `segments` and `average`, a line through nothing and the company's own point."""
    window, colours = frame.window or _WHOLE, frame.palette
    segments, average = alt.Chart(alt.NamedData("segments")), alt.Chart(alt.NamedData("average"))
    x, y = _x(frame, window, "cost"), _y(frame, window, "value")
    line = average.mark_line(color=colours.quiet, strokeWidth=1.5, strokeDash=[5, 4], clip=True, aria=False).encode(
        x=x, y=y
    )
    spread = segments.mark_rule(color=colours.accent, strokeWidth=5, opacity=0.35, aria=False).encode(
        x=x, y=_y(frame, window, "low"), y2="high:Q"
    )
    points = segments.mark_point(
        shape="circle",
        size=150,
        filled=True,
        fill=colours.accent,
        stroke=colours.background,
        strokeWidth=1.5,
        opacity=1,
    ).encode(x=x, y=y, tooltip=alt.Tooltip("told:N", title=" "))
    words = tuple(
        segments.transform_filter(f"datum.side === '{where}'")
        .mark_text(
            align=align,
            baseline="middle",
            dx=frame.forward(shift),
            fontWeight=600,
            fontSize=alt.ExprRef(rem(MEDIUM)),
            **look,
        )
        .encode(x=x, y=y, text="label:N")
        for where, align, shift in (("before", frame.far, -13), ("after", frame.near, 13))
        # the letters stand on a wide outline of the background, so that no line runs through them
        for look in ({"stroke": colours.background, "strokeWidth": 5, "aria": False}, {"color": colours.text})
    )
    captioned = frame.caption("caption", "where.map.axis_y")
    return alt.layer(line, spread, points, *words, captioned).properties(height=HEIGHT, width="container")


def _x(frame: Frame, window: Window, field: str) -> alt.X:
    axis = frame.money_axis("where.map.axis_x", tickCount=5, labelFlush=True)
    scale = alt.Scale(domain=list(window.x), nice=False, reverse=frame.mirrored)
    return alt.X(f"{field}:Q", scale=scale, axis=axis)


def _y(frame: Frame, window: Window, field: str) -> alt.Y:
    axis = frame.money_axis(None, orient="right" if frame.mirrored else "left")
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=list(window.y), nice=False), axis=axis)


def data(places: Sequence[Place], window: Window, *, slope: float) -> Data:
    """Return the rows of the map; `slope` is the value for a unit of cost of the company on average."""
    end = min(window.x[1], window.y[1] / slope) if slope > 0 else window.x[1]
    return {
        "segments": {
            "cost": [one.cost for one in places],
            "value": [one.value for one in places],
            "low": [one.low for one in places],
            "high": [one.high for one in places],
            "label": [one.label for one in places],
            "told": [one.told for one in places],
            "side": [one.side for one in places],
        },
        "average": {"cost": [0.0, end], "value": [0.0, end * slope]},
        "caption": {"row": [1.0]},
    }
