"""A fitted response: the curve with its band over the spend that there was, and the months it came from as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
from numpy.typing import NDArray

from cxroi.chart.frame import Data, Frame

HEIGHT = 320


@dataclass(frozen=True, kw_only=True, eq=False)
class Fitted:
    """A curve on levels of spend (percent of today's) and points beside it: changes of one outcome, percent."""

    level: NDArray
    low: NDArray
    mid: NDArray
    high: NDArray
    at: NDArray
    change: NDArray


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `curve`, `months` and `today`."""
    colours = frame.palette
    curve, months, today = (alt.Chart(alt.NamedData(name)) for name in ("curve", "months", "today"))
    x = alt.X(
        "level:Q",
        title=frame.label("chart.fitted.x"),
        scale=alt.Scale(reverse=frame.mirrored, zero=False, nice=False, padding=12),
        axis=alt.Axis(
            tickCount=6, labelFlush=True, labelOverlap="parity", labelExpr=frame.figure("datum.value", "d", "%")
        ),
    )
    y = alt.Y(
        "mid:Q",
        scale=alt.Scale(zero=False),
        axis=alt.Axis(
            title=None,
            tickCount=5,
            orient="right" if frame.mirrored else "left",
            labelExpr=frame.change("datum.value"),
        ),
    )
    points = months.mark_point(
        aria=False, shape="circle", size=26, filled=True, fill=colours.quiet, opacity=0.5, strokeWidth=0
    ).encode(x=x, y=alt.Y("change:Q"), tooltip=frame.told)
    band = curve.mark_area(color=colours.accent_soft, opacity=0.75, aria=False).encode(
        x=x, y=alt.Y("low:Q"), y2="high:Q"
    )
    line = curve.mark_line(color=colours.accent, strokeWidth=2.5, aria=False).encode(x=x, y=y)
    zero = today.mark_rule(color=colours.quiet, strokeWidth=1, aria=False).encode(y=alt.YDatum(0))
    ring = today.mark_point(
        aria=False,
        shape="circle",
        size=110,
        filled=True,
        fill=colours.background,
        stroke=colours.today,
        strokeWidth=2.5,
    ).encode(x=x, y=y)
    words = tuple(
        today.mark_text(baseline="top", dy=12, **look).encode(x=x, y=y, text="label:N")
        for look in frame.haloed(colours.today)
    )
    layers = (frame.caption("today", "chart.fitted.y"), band, zero, points, line, *words, ring, frame.touch(curve, x))
    return alt.layer(*layers).properties(height=HEIGHT, width="container")


def data(fitted: Fitted, *, curve_told: Sequence[str], months_told: Sequence[str], today: str) -> Data:
    """Return the rows of the picture; `curve_told` and `months_told` word each row, `today` is the word at today's spend."""
    return {
        "curve": {
            "level": fitted.level.tolist(),
            "low": fitted.low.tolist(),
            "mid": fitted.mid.tolist(),
            "high": fitted.high.tolist(),
            "told": list(curve_told),
        },
        "months": {"level": fitted.at.tolist(), "change": fitted.change.tolist(), "told": list(months_told)},
        "today": {"level": [100.0], "mid": [0.0], "label": [today]},
    }
