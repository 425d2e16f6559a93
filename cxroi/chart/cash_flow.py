"""Cumulative cash: what the plan has cost or brought in by each month, with its band and the month it is paid back."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Data, Frame
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import CashFlow

HEIGHT = 240
_ROOM = (
    0.5  # of the horizon: what the words of the payback need on one side of its mark, so that a phone shows all of them
)
_FALLING = (
    -0.02
)  # of the picture's height a month: from where on the last sum stands below its line, which comes from above


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `flow`, `payback` and `end`, and events ahead."""
    colours = frame.palette
    flow, payback = alt.Chart(alt.NamedData("flow")), alt.Chart(alt.NamedData("payback"))
    x = frame.x("month", "chart.cash_flow.x", every=6, nice=False)
    y = frame.y_money("mid")
    band = flow.mark_area(color=colours.accent_soft, opacity=0.8).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    end = alt.Chart(alt.NamedData("end"))
    zero = end.mark_rule(aria=False, color=colours.quiet, strokeWidth=1).encode(y=alt.YDatum(0))
    line = flow.mark_line(color=colours.accent, strokeWidth=2.5).encode(x=x, y=y)
    caption = frame.caption("end", "chart.cash_flow.y")
    layers = (
        caption,
        *event_layers(frame),
        band,
        zero,
        line,
        *_paid_back(frame, payback),
        *_last_sum(frame, end, x, y),
        frame.touch(flow, x),
    )
    return alt.layer(*layers).properties(height=HEIGHT + frame.strip, width="container")


def _paid_back(frame: Frame, payback: alt.Chart) -> tuple[alt.Chart, ...]:
    """Return the stretch of months and their middle, and words that start at it, on the side that has room.

    Before it is paid back the sum is below zero, and after it above: the words stand on the other side.
    """
    colours = frame.palette
    drawn = {"condition": {"test": "datum.label !== ''", "value": 1}, "value": 0}
    span = payback.mark_rule(aria=False, color=colours.gain, strokeWidth=5, strokeCap="round").encode(
        x=alt.X("low:Q"), x2="high:Q", y=alt.YDatum(0), opacity=drawn
    )
    middle = payback.mark_point(
        shape="diamond", size=150, filled=True, fill=colours.accent, stroke=colours.background
    ).encode(x=alt.X("month:Q"), y=alt.YDatum(0), opacity=drawn)
    before = {"baseline": "bottom", "dy": -10, "align": frame.far}
    after = {"baseline": "top", "dy": 10, "align": frame.near}
    words = (
        payback.transform_filter(f"datum.side === '{side}'")
        .mark_text(**place, **look)
        .encode(x=alt.X("month:Q"), y=alt.YDatum(0), text="label:N")
        for side, place in (("before", before), ("after", after))
        for look in frame.haloed(colours.gain)
    )
    return span, middle, *words


def _last_sum(frame: Frame, end: alt.Chart, x: alt.X, y: alt.Y) -> tuple[alt.Chart, ...]:
    place = {"dx": frame.forward(-4), "align": frame.far}
    above, below = {"baseline": "bottom", "dy": -6}, {"baseline": "top", "dy": 8}
    return tuple(
        end.transform_filter(f"datum.side === '{side}'")
        .mark_text(**place, **of, **look)
        .encode(x=x, y=y, text="label:N")
        for side, of in (("above", above), ("below", below))
        for look in frame.haloed(frame.palette.accent)
    )


def data(
    flow: CashFlow,
    *,
    payback: Interval | None,
    paid: str,
    end: str,
    told: Sequence[str],
    events: Sequence[EventMark] = (),
) -> Data:
    """Return the rows of the picture; `paid` words the payback (left out where there is none), `end` the last sum, `told` each month."""
    last = float(flow.month[-1])
    there = payback is not None and payback.mid <= last
    shown = payback if payback is not None and there else Interval.known(0.0)  # without a label it is not drawn
    return {
        "flow": {
            "month": [float(month) for month in flow.month],
            "low": flow.low.tolist(),
            "mid": flow.mid.tolist(),
            "high": flow.high.tolist(),
            "told": list(told),
        },
        "payback": {
            "month": [shown.mid],
            "low": [shown.low],
            "high": [min(shown.high, last)],
            "side": ["before" if shown.mid > _ROOM * last else "after"],
            "label": [paid if there else ""],
        },
        "end": {
            "month": [last],
            "mid": [float(flow.mid[-1])],
            "side": ["below" if _falls(flow) else "above"],
            "label": [end],
        },
        **event_data(events, lambda month: month / last),
    }


def _falls(flow: CashFlow) -> bool:
    """Return whether the line comes down steeply to its end."""
    height = float(max(flow.high.max(), 0.0) - min(flow.low.min(), 0.0))
    return bool(flow.mid.size > 1 and flow.mid[-1] - flow.mid[-2] < _FALLING * height)
