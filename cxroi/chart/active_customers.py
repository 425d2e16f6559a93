"""How many customers are active at the end of each month: a line with its first and its last count said."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Data, Frame

HEIGHT = 240


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `active`, one row a month, and `ends`, the first and the last of them."""
    colours, active, ends = frame.palette, alt.Chart(alt.NamedData("active")), alt.Chart(alt.NamedData("ends"))
    x, y = frame.x_months("month", type="band"), frame.y_counts("customers", zero=False, nice=True, padding=18)
    line = active.mark_line(color=colours.accent, strokeWidth=2.5).encode(x=x, y=y)
    points = ends.mark_point(
        shape="circle", size=80, filled=True, fill=colours.accent, stroke=colours.background, opacity=1
    ).encode(x=x, y=y)
    words = (
        ends.transform_filter(f"datum.end === '{end}'")
        .mark_text(align=align, baseline="bottom", dy=-9, dx=frame.forward(shift), **look)
        .encode(x=x, y=y, text="label:N")
        for end, align, shift in (("first", frame.near, -4), ("last", frame.far, 4))
        for look in frame.haloed(colours.accent)
    )
    captioned = frame.caption("caption", "chart.active_customers.y")
    layers = (captioned, *event_layers(frame), line, points, *words, frame.touch(active, x))
    return alt.layer(*layers).properties(height=HEIGHT + frame.strip, width="container")


def data(
    months: Sequence[str],
    customers: Sequence[float],
    labels: Sequence[str],
    told: Sequence[str],
    events: Sequence[EventMark] = (),
) -> Data:
    """Return the rows of the picture, `months` and `labels` (one a month) in words.

    >>> data(["May", "June"], [3.0, 4.0], ["3", "4"], ["", ""])["ends"]["label"]
    ['3', '4']
    """
    ends = [0, len(months) - 1] if len(months) > 1 else [0]
    return {
        "active": {"month": list(months), "customers": list(customers), "told": list(told)},
        "ends": {
            "month": [months[place] for place in ends],
            "customers": [customers[place] for place in ends],
            "label": [labels[place] for place in ends],
            "end": ["first", "last"][: len(ends)] if len(ends) > 1 else ["last"],
        },
        "caption": {"row": [1.0]},
        **event_data(events, lambda month: month / len(months)),
    }
