"""How long customers have been there: a bar each band of tenure, with its share said."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.frame import Data, Frame
from cxroi.chart.theme import rem

HEIGHT = 250


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its only data set is `bands`."""
    colours, bands = frame.palette, alt.Chart(alt.NamedData("bands"))
    y = alt.Y(
        "band:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            orient="right" if frame.mirrored else "left",
            ticks=False,
            domain=False,
            labelLimit=alt.ExprRef(rem(12)),
            labelColor=colours.text,
            labelPadding=8,
        ),
    )
    x = alt.X("share:Q", scale=alt.Scale(reverse=frame.mirrored, zero=True, nice=False), axis=None)
    bars = bands.mark_bar(height=alt.RelativeBandSize(band=0.62), color=colours.accent).encode(
        y=y, x=x, tooltip=frame.told
    )
    room = bands.mark_point(aria=False, opacity=0).encode(y=y, x=alt.X("room:Q", axis=None))
    words = bands.mark_text(align=frame.near, dx=frame.forward(6), fontWeight=600, color=colours.text).encode(
        y=y, x=x, text="label:N"
    )
    return alt.layer(bars, room, words).properties(height=HEIGHT, width="container")


def data(bands: Sequence[str], shares: Sequence[float], labels: Sequence[str], told: Sequence[str]) -> Data:
    """Return the rows of the picture: bands in words, their shares (0..1), and room for the words beside the longest bar.

    >>> data(["below 3"], [0.5], ["50%"], [""])["bands"]["room"]
    [0.6]
    """
    return {
        "bands": {
            "band": list(bands),
            "share": list(shares),
            "room": [1.2 * max(shares, default=0.0)] * len(bands),
            "label": list(labels),
            "told": list(told),
        }
    }
