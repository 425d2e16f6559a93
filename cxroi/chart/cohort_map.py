"""The heat map of cohorts: a row each by when customers joined, a column a period since, darker where more is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart.frame import Data, Frame, Window

_ROW, _AROUND = 27, 48  # pixels of a row, and of the axis with its title
_WHOLE = Window(x=(0.0, 1.0), y=(0.0, 12.0), unit=1.0)  # of a spec that is looked at without a case
_NARROW, _DARK = 34, 0.55  # pixels below which a cell has no room for its words; shade from which they turn light


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cohort after one period: its row and column in words, the share left, its words in the cell and for who points at it."""

    cohort: str
    period: str
    share: float
    label: str
    told: str


def build(frame: Frame) -> alt.LayerChart:
    """Return the map without data; its only data set is `cells`. Its window's y says how many rows it has."""
    window, colours = frame.window or _WHOLE, frame.palette
    cells = alt.Chart(alt.NamedData("cells"))
    x = alt.X(
        "period:N",
        sort=None,
        title=frame.label("chart.cohort_map.x"),
        scale=alt.Scale(reverse=frame.mirrored, paddingInner=0.04),
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", ticks=False, domain=False, orient="top", labelPadding=6),
    )
    y = alt.Y(
        "cohort:N",
        sort=None,
        title=None,
        scale=alt.Scale(paddingInner=0.08),
        axis=alt.Axis(
            orient="right" if frame.mirrored else "left",
            ticks=False,
            domain=False,
            labelLimit=170,
            labelColor=colours.text,
            labelPadding=8,
        ),
    )
    fill = alt.Color(
        "shade:Q", scale=alt.Scale(domain=[0, 1], range=[colours.accent_soft, colours.accent]), legend=None
    )
    boxes = cells.mark_rect(cornerRadius=2).encode(x=x, y=y, color=fill, tooltip=frame.told)
    words = cells.mark_text(aria=False, opacity=alt.ExprRef(f"bandwidth('x') < {_NARROW} ? 0 : 1")).encode(
        x=x,
        y=y,
        text="label:N",
        color={
            "condition": {"test": f"datum.shade > {_DARK}", "value": colours.background},
            "value": colours.text,
        },
    )
    rows = int(window.y[1] - window.y[0])
    return alt.layer(boxes, words).properties(height=_ROW * rows + _AROUND, width="container")


def data(cells: Sequence[Cell]) -> Data:
    """Return the rows of the map; the shade runs from the least share that is drawn to the most.

    >>> cells = [Cell(cohort="May", period=str(n), share=share, label="", told="") for n, share in ((1, 0.5), (2, 1.0))]
    >>> data(cells)["cells"]["shade"]
    [0.0, 1.0]
    """
    least, most = (pick((one.share for one in cells), default=0.0) for pick in (min, max))
    return {
        "cells": {
            "cohort": [one.cohort for one in cells],
            "period": [one.period for one in cells],
            "share": [one.share for one in cells],
            "shade": [(one.share - least) / (most - least) if most > least else 1.0 for one in cells],
            "label": [one.label for one in cells],
            "told": [one.told for one in cells],
        }
    }
