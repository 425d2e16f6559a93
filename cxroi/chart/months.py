"""What every picture of months has below it: the months themselves, as few of them as have room, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from cxroi.chart.frame import Columns, Frame

_MOST, _MOST_ON_A_PHONE = 7, 3  # names of months that have room
_NARROW = 640  # pixels of the picture


def ticks(labels: Sequence[str]) -> Columns:
    """Return the places of the months that are named, the newest always; `few` of them are named on a narrow picture too.

    >>> ticks(["Jan", "Feb", "Mar"])["at"], ticks([str(n) for n in range(24)])["label"]
    ([0.0, 1.0, 2.0], ['3', '7', '11', '15', '19', '23'])
    """
    every = max(1, -(-len(labels) // _MOST))
    shown = list(range((len(labels) - 1) % every, len(labels), every))
    few = set(shown[:: -max(1, -(-len(shown) // _MOST_ON_A_PHONE))])
    return {
        "at": [float(place) for place in shown],
        "label": [labels[place] for place in shown],
        "few": [float(place in few) for place in shown],
    }


def named(frame: Frame, x: alt.X, *, data: str = "ticks", below: float = 6) -> alt.Chart:
    """Return the names of months below a picture; `data` names the data set made by `ticks`."""
    return (
        alt.Chart(alt.NamedData(data))
        .mark_text(
            baseline="top",
            dy=below,
            color=frame.palette.quiet,
            aria=False,
            opacity=alt.ExprRef(f"width < {_NARROW} && !datum.few ? 0 : 1"),
        )
        .encode(x=x, y=alt.value(alt.ExprRef("height")), text="label:N")
    )
