"""What every picture of levels of spend has: the stretch that was tried and what lies beyond, the marks of today and of the plan."""

from __future__ import annotations

import altair as alt
import numpy as np
from numpy.typing import NDArray

from cxroi.chart.frame import Frame
from cxroi.model.value.outcome import Curve


def by_part(seen: object, beyond: object) -> dict[str, object]:
    """Return an encoding that tells what lies beyond the data from what they have seen, by the field `part`."""
    return {"condition": {"test": "datum.part === 'beyond'", "value": beyond}, "value": seen}


def parts(spots: NDArray[np.float64], curve: Curve) -> dict[str, NDArray[np.bool_]]:
    """Return which levels lie below, within and above what the data have seen; neighbours share their border, of one level is no line."""
    low, high = curve.observed_low_percent, curve.observed_high_percent
    groups = {"below": spots <= low, "within": (spots >= low) & (spots <= high), "above": spots >= high}
    return {name: inside for name, inside in groups.items() if inside.sum() > 1}


def marks(frame: Frame, points: alt.NamedData, x: alt.X, y: alt.Y, *, scale: float = 1.0) -> tuple[alt.Chart, ...]:
    """Return the two marks that stand for today and the plan in every chart: an open circle, a filled diamond."""
    colours, chart = frame.palette, alt.Chart(points)
    today = chart.transform_filter("datum.kind === 'today'")
    plan = chart.transform_filter("datum.kind === 'plan'")
    words = {"fontWeight": 600, "fontSize": round(12 * scale)}
    return (
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
        today.mark_text(baseline="top", dy=round(11 * scale), color=colours.today, **words).encode(
            x=x, y=y, text="label:N"
        ),
        plan.mark_text(baseline="bottom", dy=round(-11 * scale), color=colours.accent, **words).encode(
            x=x, y=y, text="label:N"
        ),
    )
