"""Before and after the data: for each outcome the range that was believed and the range that is left, on one axis."""

from __future__ import annotations

import altair as alt

from cxroi.chart import ranges
from cxroi.chart.frame import Frame

HEIGHT = 250


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data: `ranges.data` has its data sets, percent, above 0 for the good."""
    return ranges.build(
        frame,
        ranges.Look(
            x="chart.beliefs.x",
            first="evidence.beliefs.before",
            second="evidence.beliefs.after",
            label=frame.change("datum.value", "+~r"),
            height=HEIGHT,
        ),
    )
