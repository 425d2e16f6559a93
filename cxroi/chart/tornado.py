"""The tornado: how far each input, from its p10 to its p90, moves the expected value of the plan; widest on top."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.chart.theme import rem
from cxroi.model.decision.sensitivity import TornadoBar

HEIGHT = 270


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `bars` (two halves an input) and `plan`."""
    colours = frame.palette
    side = "right" if frame.mirrored else "left"
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(
            orient=side,
            title=None,
            labelLimit=alt.ExprRef(rem(15)),
            labelColor=colours.text,
            ticks=False,
            domain=False,
            labelPadding=8,
        ),
    )
    x = alt.X(
        "start:Q",
        scale=alt.Scale(reverse=frame.mirrored, zero=False, nice=True),
        axis=frame.money_axis("chart.tornado.x", tickCount=4, grid=True, domain=False),
    )
    fill = {"condition": {"test": "datum.half === 'low'", "value": colours.quiet}, "value": colours.accent}
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(height=alt.RelativeBandSize(band=0.62))
        .encode(y=y, x=x, x2="end:Q", color=fill, tooltip=frame.told)
    )
    plan = alt.Chart(alt.NamedData("plan"))
    rule = plan.mark_rule(aria=False, color=colours.text, strokeWidth=1.5).encode(x=alt.X("value:Q"))
    label = plan.mark_text(baseline="bottom", dy=-4, color=colours.text, fontWeight=600).encode(
        x=alt.X("value:Q"), y=alt.value(0), text="label:N"
    )
    return alt.layer(bars, rule, label).properties(height=HEIGHT, width="container")


def data(bars: Sequence[TornadoBar], names: Sequence[str], *, npv: float, told: Sequence[str], label: str) -> Data:
    """Return the rows of the picture: for each input one half per end, both starting at the plan's own value; `told` words each input."""
    halves = [(place, half) for place in range(len(bars)) for half in ("low", "high")]
    return {
        "bars": {
            "order": [float(place) for place, _ in halves],
            "name": [names[place] for place, _ in halves],
            "half": [half for _, half in halves],
            "start": [npv for _ in halves],
            "end": [bars[place].npv_low if half == "low" else bars[place].npv_high for place, half in halves],
            "told": [told[place] for place, _ in halves],
        },
        "plan": {"value": [npv], "label": [label]},
    }
