"""Customers by month: who joined above the line, who left below it, and what is left of both as a tick."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Data, Frame

HEIGHT = 240


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `flow`, one row a month, and `caption`."""
    colours, flow = frame.palette, alt.Chart(alt.NamedData("flow"))
    x, y = frame.x_months("month"), frame.y_counts("joined")
    bars = (
        flow.mark_bar(color=colour, aria=False).encode(
            x=x,
            y=alt.Y(f"{field}:Q"),
            y2=alt.datum(0),
            opacity={"condition": {"test": "datum.complete === 'no'", "value": full / 3}, "value": full},
        )
        for field, colour, full in (("joined", colours.accent, 0.9), ("lost", colours.quiet, 0.6))
    )
    first, *rest = bars
    net = flow.mark_rule(color=colours.text, strokeWidth=3, aria=False).encode(
        x=frame.x_months("month", at=0.05), x2=alt.X2("month", bandPosition=0.95), y=alt.Y("net:Q")
    )
    zero = flow.mark_rule(aria=False, color=colours.quiet, strokeWidth=1).encode(y=alt.YDatum(0))
    return alt.layer(
        frame.caption("caption", "chart.customer_flow.y"),
        *event_layers(frame),
        first.encode(y=y),
        *rest,
        zero,
        net,
        frame.touch(flow, x),
    ).properties(height=HEIGHT + frame.strip, width="container")


def data(
    months: Sequence[str],
    *,
    joined: Sequence[float],
    lost: Sequence[float],
    complete: Sequence[bool],
    told: Sequence[str],
    events: Sequence[EventMark] = (),
) -> Data:
    """Return the rows of the picture, `months` in words; who is lost stands below 0, and joins that are not known are none.

    >>> rows = data(["May"], joined=[5.0], lost=[2.0], complete=[True], told=["5 joined, 2 left"])["flow"]
    >>> rows["lost"], rows["net"]
    ([-2.0], [3.0])
    """
    came = [0.0 if one != one else one for one in joined]
    return {
        "flow": {
            "month": list(months),
            "joined": came,
            "lost": [-one for one in lost],
            "net": [one - gone for one, gone in zip(came, lost, strict=True)],
            "complete": ["yes" if one else "no" for one in complete],
            "told": list(told),
        },
        "caption": {"row": [1.0]},
        **event_data(events, lambda month: month / len(months)),
    }
