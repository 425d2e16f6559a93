"""Cumulative cash: what the plan has cost or brought in by each month, with its band and the month it is paid back."""

from __future__ import annotations

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import CashFlow

HEIGHT = 240
_ROOM = 0.6  # of the horizon: what the label of the payback needs before it, so that a phone shows all of it


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `flow`, `payback` and `end`."""
    colours = frame.palette
    flow, payback = alt.Chart(alt.NamedData("flow")), alt.Chart(alt.NamedData("payback"))
    x = frame.x("month", "chart.cash_flow.x", every=6, nice=False)
    y = frame.y_money("mid")
    band = flow.mark_area(color=colours.accent_soft, opacity=0.8).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    end = alt.Chart(alt.NamedData("end"))
    zero = end.mark_rule(aria=False, color=colours.quiet, strokeWidth=1).encode(y=alt.YDatum(0))
    line = flow.mark_line(color=colours.accent, strokeWidth=2.5).encode(x=x, y=y)
    drawn = {"condition": {"test": "datum.label !== ''", "value": 1}, "value": 0}
    span = payback.mark_rule(aria=False, color=colours.gain, strokeWidth=5, strokeCap="round").encode(
        x=alt.X("low:Q"), x2="high:Q", y=alt.YDatum(0), opacity=drawn
    )
    middle = payback.mark_point(
        shape="diamond", size=150, filled=True, fill=colours.accent, stroke=colours.background
    ).encode(x=alt.X("month:Q"), y=alt.YDatum(0), opacity=drawn)
    # before it is paid back the sum is below zero, so the words stand above
    before = {"baseline": "bottom", "dy": -10, "align": frame.far, "fontWeight": 600}
    paid = (
        each.encode(x=alt.X("at:Q"), y=alt.YDatum(0), text="label:N")
        for each in (
            payback.mark_text(**before, aria=False, stroke=colours.background, strokeWidth=4),
            payback.mark_text(**before, color=colours.gain),
        )
    )
    at_end = {"baseline": "bottom", "dy": -6, "dx": frame.forward(-4), "align": frame.far, "fontWeight": 600}
    halo = end.mark_text(**at_end, aria=False, stroke=colours.background, strokeWidth=4)
    amount = end.mark_text(**at_end, color=colours.accent)
    amounts = (each.encode(x=x, y=y, text="label:N") for each in (halo, amount))
    caption = frame.caption("end", "chart.cash_flow.y")
    return alt.layer(caption, band, zero, line, span, middle, *paid, *amounts).properties(
        height=HEIGHT, width="container"
    )


def data(flow: CashFlow, *, payback: Interval | None, paid: str, end: str) -> Data:
    """Return the rows of the picture; `paid` words the payback (left out where there is none), `end` the last sum."""
    last = float(flow.month[-1])
    there = payback is not None and payback.mid <= last
    shown = payback if payback is not None and there else Interval.known(0.0)  # without a label it is not drawn
    return {
        "flow": {
            "month": [float(month) for month in flow.month],
            "low": flow.low.tolist(),
            "mid": flow.mid.tolist(),
            "high": flow.high.tolist(),
        },
        "payback": {
            "month": [shown.mid],
            "low": [shown.low],
            "high": [min(shown.high, last)],
            "at": [max(shown.mid, _ROOM * last)],
            "label": [paid if there else ""],
        },
        "end": {"month": [last], "mid": [float(flow.mid[-1])], "label": [end]},
    }
