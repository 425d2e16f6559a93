"""Two ranges a name on one axis, such as before and after: what beliefs and promises are drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.chart.theme import rem

FIRST, SECOND = "first", "second"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One range of one name: `which` is "first" or "second"; `told` words it."""

    name: str
    which: str
    low: float
    mid: float
    high: float
    told: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A point beside the ranges of a name, such as what was promised."""

    name: str
    value: float
    told: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a picture of ranges says of itself: text ids of its axis and of both kinds, and how the axis writes a number."""

    x: str
    first: str
    second: str
    label: str  # a Vega expression
    height: int


def build(frame: Frame, look: Look) -> alt.LayerChart:
    """Return the picture without data; its data sets are `ranges`, `marks` and `zero`."""
    colours, rows = frame.palette, alt.Chart(alt.NamedData("ranges"))
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField(field="order", op="min", order="ascending"),
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
    offset = alt.YOffset("which:N", sort=[FIRST, SECOND])
    x = alt.X(
        "low:Q",
        title=frame.label(look.x),
        scale=alt.Scale(reverse=frame.mirrored, zero=True, nice=True),
        axis=alt.Axis(tickCount=5, labelExpr=look.label, grid=True, domain=False),
    )
    words = (f"datum.value === '{kind}' ? '{_quoted(frame, getattr(look, kind))}'" for kind in (FIRST, SECOND))
    colour = alt.Color(
        "which:N",
        scale=alt.Scale(domain=[FIRST, SECOND], range=[colours.quiet, colours.accent]),
        legend=alt.Legend(
            orient="top",
            direction="horizontal",
            title=None,
            labelExpr=" : ".join((*words, "''")),
            labelLimit=360,
            symbolType="square",
        ),
    )
    faint = {"condition": {"test": f"datum.which === '{FIRST}'", "value": 0.35}, "value": 0.85}
    spans = rows.mark_rule(strokeWidth=9, strokeCap="round").encode(
        y=y, yOffset=offset, x=x, x2="high:Q", color=colour, opacity=faint, tooltip=frame.told
    )
    middles = rows.mark_point(shape="circle", size=70, filled=True, stroke=colours.background, opacity=1).encode(
        y=y, yOffset=offset, x=alt.X("mid:Q"), color=colour, tooltip=frame.told
    )
    marks = (
        alt.Chart(alt.NamedData("marks"))
        .mark_point(
            aria=False, shape="diamond", size=130, filled=True, fill=colours.today, stroke=colours.background, opacity=1
        )
        .encode(y=y, x=alt.X("value:Q"), tooltip=frame.told)
    )
    zero = alt.Chart(alt.NamedData("zero")).mark_rule(color=colours.quiet, strokeWidth=1, aria=False)
    return alt.layer(zero.encode(x=alt.XDatum(0)), spans, middles, marks).properties(
        height=look.height, width="container"
    )


def _quoted(frame: Frame, id: str) -> str:
    return frame.label(id).replace("'", "\\'")


def data(rows: Sequence[Row], marks: Sequence[Mark] = ()) -> Data:
    """Return the rows of the picture, in the order given."""
    names = list(dict.fromkeys(row.name for row in rows))
    return {
        "ranges": {
            "order": [float(names.index(one.name)) for one in rows],
            "name": [one.name for one in rows],
            "which": [one.which for one in rows],
            "low": [one.low for one in rows],
            "mid": [one.mid for one in rows],
            "high": [one.high for one in rows],
            "told": [one.told for one in rows],
        },
        "marks": {
            "order": [float(names.index(one.name)) for one in marks],
            "name": [one.name for one in marks],
            "value": [one.value for one in marks],
            "told": [one.told for one in marks],
        },
        "zero": {"row": [1.0]},
    }
