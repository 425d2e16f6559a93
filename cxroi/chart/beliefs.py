"""Before and after the data: for each outcome the range that was believed and the range that is left, on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.chart.theme import rem

HEIGHT = 250
_TIMES = ("before", "after")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One outcome at one time: `when` is "before" or "after"; percent, above 0 for the good."""

    name: str
    when: str
    low: float
    mid: float
    high: float
    told: str


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `ranges` and `zero`."""
    colours = frame.palette
    rows = alt.Chart(alt.NamedData("ranges"))
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(
            orient="right" if frame.mirrored else "left",
            title=None,
            labelLimit=alt.ExprRef(rem(13)),
            labelColor=colours.text,
            ticks=False,
            domain=False,
            labelPadding=8,
        ),
    )
    offset = alt.YOffset("when:N", sort=list(_TIMES))
    x = alt.X(
        "low:Q",
        title=frame.label("chart.beliefs.x"),
        scale=alt.Scale(reverse=frame.mirrored, zero=True, nice=True),
        axis=alt.Axis(tickCount=5, labelExpr=frame.change("datum.value", "+~r"), grid=True, domain=False),
    )
    names = " : ".join(f"datum.value === '{when}' ? '{_legend(frame, when)}'" for when in _TIMES) + " : ''"
    look = alt.Color(
        "when:N",
        scale=alt.Scale(domain=list(_TIMES), range=[colours.quiet, colours.accent]),
        legend=alt.Legend(orient="top", title=None, labelExpr=names, labelLimit=320, symbolType="square"),
    )
    faint = {"condition": {"test": "datum.when === 'before'", "value": 0.35}, "value": 0.85}
    spans = rows.mark_rule(strokeWidth=9, strokeCap="round").encode(
        y=y, yOffset=offset, x=x, x2="high:Q", color=look, opacity=faint, tooltip=frame.told
    )
    middles = rows.mark_point(shape="circle", size=70, filled=True, stroke=colours.background, opacity=1).encode(
        y=y, yOffset=offset, x=alt.X("mid:Q"), color=look, tooltip=frame.told
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=colours.quiet, strokeWidth=1, aria=False)
    return alt.layer(zero.encode(x=alt.XDatum(0)), spans, middles).properties(height=HEIGHT, width="container")


def _legend(frame: Frame, when: str) -> str:
    return frame.label(f"evidence.beliefs.{when}").replace("'", "\\'")


def data(rows: Sequence[Row]) -> Data:
    """Return the rows of the picture, in the order given."""
    return {
        "ranges": {
            "order": [float(place) for place, _ in enumerate(rows)],
            "name": [one.name for one in rows],
            "when": [one.when for one in rows],
            "low": [one.low for one in rows],
            "mid": [one.mid for one in rows],
            "high": [one.high for one in rows],
            "told": [one.told for one in rows],
        },
        "zero": {"row": [1.0]},
    }
