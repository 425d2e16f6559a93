"""The waterfall: from what is claimed to what is left, one row a step, so that names are read and not turned."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.chart.theme import rem
from cxroi.model.value.outcome import WaterfallStep

HEIGHT = 270  # whatever the number of steps, so that nothing moves when one comes or goes
_ROOM, _A_SIGN = (
    (0.35, 0.6),
    0.06,
)  # of the longest bar: space for the amount beside it, at least and at most, and for each of its signs


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its only data set is `steps`."""
    colours = frame.palette
    chart = alt.Chart(alt.NamedData("steps"))
    side = "right" if frame.mirrored else "left"
    y = alt.Y(
        "name:N",
        sort=alt.EncodingSortField(field="order", order="ascending"),
        axis=alt.Axis(
            orient=side,
            title=None,
            labelLimit=alt.ExprRef(rem(13)),
            labelColor=colours.text,
            ticks=False,
            domain=False,
            labelPadding=8,
        ),
    )
    x = alt.X(
        "start:Q",
        scale=alt.Scale(reverse=frame.mirrored, zero=True, nice=False),
        axis=frame.money_axis("chart.waterfall.x", tickCount=4, grid=True, domain=False),
    )
    fill = {
        "condition": [
            {"test": "datum.kind === 'loss'", "value": colours.loss},
            {"test": "datum.kind === 'total'", "value": colours.accent},
        ],
        "value": colours.gain,
    }
    bar = chart.mark_bar(height=alt.RelativeBandSize(band=0.62)).encode(
        y=y, x=x, x2="end:Q", color=fill, tooltip=frame.told
    )
    zero = chart.mark_rule(aria=False, color=colours.quiet, strokeWidth=1).encode(x=alt.XDatum(0))
    amounts = (
        chart.transform_filter(f"datum.side === '{side}'")
        .mark_text(align=align, dx=frame.forward(dx), fontWeight=600, color=colours.text)
        .encode(y=y, x=alt.X("reach:Q"), text="amount:N")
        for side, align, dx in (("above", frame.near, 6), ("below", frame.far, -6))
    )
    room = (
        chart.mark_point(aria=False, opacity=0).encode(y=y, x=alt.X(f"{name}:Q")) for name in ("room", "room_below")
    )
    return alt.layer(bar, zero, *room, *amounts).properties(height=HEIGHT, width="container")


def data(
    steps: Sequence[WaterfallStep], names: Sequence[str], amounts: Sequence[str], told: Sequence[str] = ()
) -> Data:
    """Return the rows of the picture: where each bar starts and ends; totals start at zero, what is negative is a loss.

    An amount stands beside the outer end of its bar, on the side of zero to which the bar reaches.

    >>> steps = [WaterfallStep(name="a", amount=5.0), WaterfallStep(name="b", amount=-2.0)]
    >>> data(steps, ["A", "B"], ["5", "-2"])["steps"]["end"]
    [5.0, 3.0]
    """
    start, end, level = [], [], 0.0
    for step in steps:
        start.append(0.0 if step.is_total else level)
        level = step.amount if step.is_total else level + step.amount
        end.append(level)
    low, high = ([pick(ends) for ends in zip(start, end, strict=True)] for pick in (min, max))
    below = [-bottom > top for bottom, top in zip(low, high, strict=True)]
    words = max((sum(sign.isprintable() for sign in amount) for amount in amounts), default=0)
    room = min(max(words * _A_SIGN, _ROOM[0]), _ROOM[1]) * max(
        (max(top, -bottom) for bottom, top in zip(low, high, strict=True)), default=0.0
    )
    return {
        "steps": {
            "order": [float(place) for place in range(len(steps))],
            "name": list(names),
            "start": start,
            "end": end,
            "kind": ["loss" if step.amount < 0 else "total" if step.is_total else "gain" for step in steps],
            "amount": list(amounts),
            "told": list(told) or list(amounts),
            "side": ["below" if under else "above" for under in below],
            "reach": [bottom if under else top for bottom, top, under in zip(low, high, below, strict=True)],
            "room": [max(high, default=0.0) + (0.0 if all(below) else room)] * len(steps),
            "room_below": [min(low, default=0.0) - (room if any(below) else 0.0)] * len(steps),
        }
    }
