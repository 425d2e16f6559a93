"""Promises: for each initiative what it brought measured alone and what is left of it among the others, beside what was promised."""

from __future__ import annotations

import altair as alt

from cxroi.chart import ranges
from cxroi.chart.frame import Frame

HEIGHT, MOST = 330, 8  # pixels; initiatives that such a picture holds


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data: `ranges.data` has its data sets, points of customers who stay a year."""
    return ranges.build(
        frame,
        ranges.Look(
            x="chart.promises.x",
            first="promises.alone",
            second="promises.among",
            label=f"datum.value === 0 ? '0' : {frame.figure('datum.value', '+~r')}",
            height=HEIGHT,
        ),
    )
