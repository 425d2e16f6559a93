"""What every picture of levels of spend has: the stretch that was tried and what lies beyond, the marks of today and of the plan."""

from __future__ import annotations

import altair as alt
import numpy as np
from numpy.typing import NDArray

from cxroi.chart.frame import Frame
from cxroi.chart.theme import SMALL, rem
from cxroi.model.value.outcome import Curve

_NEAR_AN_END = 0.22  # of the width: on a phone words centred there would be cut, or lie over the axis


def by_part(seen: object, beyond: object) -> dict[str, object]:
    """Return an encoding that tells what lies beyond the data from what they have seen, by the field `part`."""
    return {"condition": {"test": "datum.part === 'beyond'", "value": beyond}, "value": seen}


def parts(spots: NDArray[np.float64], curve: Curve) -> dict[str, NDArray[np.bool_]]:
    """Return which levels lie below, within and above what the data have seen; neighbours share their border, of one level is no line."""
    low, high = curve.observed_low_percent, curve.observed_high_percent
    groups = {"below": spots <= low, "within": (spots >= low) & (spots <= high), "above": spots >= high}
    return {name: inside for name, inside in groups.items() if inside.sum() > 1}


def side(level: float, low: float, high: float) -> str:
    """Return where a level stands between two ends: "start", "middle" or "end"; at an end its words grow inwards.

    >>> side(50.0, 35.0, 185.0), side(125.0, 35.0, 185.0), side(300.0, 0.0, 300.0)
    ('start', 'middle', 'end')
    """
    share = (level - low) / (high - low)
    return "start" if share < _NEAR_AN_END else "end" if share > 1 - _NEAR_AN_END else "middle"


def marks(frame: Frame, points: alt.NamedData, x: alt.X, y: alt.Y, *, scale: float = 1.0) -> tuple[alt.Chart, ...]:
    """Return the two marks that stand for today and the plan in every chart: an open circle, a filled diamond.

    The rows of `points` say by `kind` which they are, and the plan's by `side` where it stands.
    """
    colours, chart = frame.palette, alt.Chart(points)
    today = chart.transform_filter("datum.kind === 'today'")
    plan = chart.transform_filter("datum.kind === 'plan'")
    size = {"fontSize": alt.ExprRef(rem(SMALL * scale))}
    words = (
        *(
            today.mark_text(baseline="top", dy=round(11 * scale), **size, **look).encode(x=x, y=y, text="label:N")
            for look in frame.haloed(colours.today)
        ),
        *(
            plan.transform_filter(f"datum.side === '{where}'")
            .mark_text(baseline="bottom", align=align, dy=round(-11 * scale), **size, **look)
            .encode(x=x, y=y, text="label:N")
            for where, align in (("start", frame.near), ("middle", "center"), ("end", frame.far))
            for look in frame.haloed(colours.accent)
        ),
    )
    return (
        *words,  # below the marks, which a word of the other may not hide
        today.mark_point(
            shape="circle",
            size=round(110 * scale),
            filled=True,
            fill=colours.background,
            stroke=colours.today,
            strokeWidth=2.5,
        ).encode(x=x, y=y),
        plan.mark_point(
            shape="diamond", size=round(190 * scale), filled=True, fill=colours.accent, stroke=colours.background
        ).encode(x=x, y=y),
    )
