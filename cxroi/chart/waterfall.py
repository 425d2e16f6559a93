"""The waterfall: from what is claimed to what is left, one row a step, so that names are read and not turned."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.model.value.outcome import WaterfallStep

HEIGHT = 270  # whatever the number of steps, so that nothing moves when one comes or goes
_ROOM = 1.35  # of the longest bar: space for the amount beside it


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its only data set is `steps`."""
    colours = frame.palette
    chart = alt.Chart(alt.NamedData("steps"))
    side = "right" if frame.mirrored else "left"
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(orient=side, title=None, labelLimit=190, labelColor=colours.text, ticks=False, domain=False),
    )
    x = alt.X(
        "start:Q",
        scale=alt.Scale(reverse=frame.mirrored, zero=True, nice=False),
        axis=frame.money_axis("chart.waterfall.x", tickCount=4, grid=True, domain=False),
    )
    fill = {
        "condition": [
            {"test": "datum.kind === 'total'", "value": colours.accent},
            {"test": "datum.kind === 'loss'", "value": colours.loss},
        ],
        "value": colours.gain,
    }
    bar = chart.mark_bar(height=alt.RelativeBandSize(band=0.62)).encode(y=y, x=x, x2="end:Q", color=fill)
    zero = chart.mark_rule(aria=False, color=colours.quiet, strokeWidth=1).encode(x=alt.XDatum(0))
    amount = chart.mark_text(align=frame.near, dx=frame.forward(6), fontWeight=600, color=colours.text).encode(
        y=y, x=alt.X("reach:Q"), text="amount:N"
    )
    room = chart.mark_point(aria=False, opacity=0).encode(y=y, x=alt.X("room:Q"))
    return alt.layer(bar, zero, room, amount).properties(height=HEIGHT, width="container")


def data(steps: Sequence[WaterfallStep], names: Sequence[str], amounts: Sequence[str]) -> Data:
    """Return the rows of the picture: where each bar starts and ends; totals start at zero.

    >>> steps = [WaterfallStep(name="a", amount=5.0), WaterfallStep(name="b", amount=-2.0)]
    >>> data(steps, ["A", "B"], ["5", "-2"])["steps"]["end"]
    [5.0, 3.0]
    """
    start, end, level = [], [], 0.0
    for step in steps:
        start.append(0.0 if step.is_total else level)
        level = step.amount if step.is_total else level + step.amount
        end.append(level)
    reach = [max(one, other, 0.0) for one, other in zip(start, end, strict=True)]
    longest = max((abs(value) for value in (*start, *end)), default=0.0)
    return {
        "steps": {
            "order": [float(place) for place in range(len(steps))],
            "name": list(names),
            "start": start,
            "end": end,
            "kind": ["total" if step.is_total else "gain" if step.amount >= 0 else "loss" for step in steps],
            "amount": list(amounts),
            "reach": reach,
            "room": [max(reach, default=0.0) + (_ROOM - 1) * longest] * len(steps),
        }
    }
