"""Named events on a chart over time: a rule where each began with its words at the top, and a shade over the months of a spell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt

from cxroi.chart.frame import Columns, Frame

NAME = "events"  # of the data set, in every chart that has it
LONGEST = 18  # letters of the words at a rule; all of them are told to who points at it
_ROWS, _ROW_HEIGHT = 3, 15  # of words one below another; pixels
_BESIDE = 4  # pixels between a rule and its words
_LETTER = 0.02  # of the width that a letter takes, on a phone
_GROWS_BACK = 0.6  # of the width, from where on words stand before their rule


@dataclass(frozen=True, kw_only=True)
class EventMark:
    """One event on a time axis: where it began and ended there, at which share of the width, and its words, short and whole."""

    at: float | str
    until: float | str
    share: float
    label: str
    told: str


def event_layers(frame: Frame, kind: Literal["quantitative", "temporal"]) -> tuple[alt.Chart, ...]:
    """Return the layers of the data set `NAME`, to be laid over the axis x of a chart and below its own marks."""
    colours, rows = frame.palette, alt.Chart(alt.NamedData(NAME))
    x = alt.X(field="at", type=kind)  # the title of the chart's own axis stands: it is given, this one's is not
    there = {"condition": {"test": "datum.told !== ''", "value": 1}, "value": 0}
    shade = {"condition": {"test": "datum.told !== ''", "value": 0.1}, "value": 0}
    band = rows.mark_rect(color=colours.quiet, aria=False).encode(x=x, x2="until", opacity=shade)
    rule = rows.mark_rule(color=colours.quiet, strokeDash=[3, 3], strokeWidth=1, aria=False).encode(x=x, opacity=there)
    after = "datum.side === 'after'"
    words = (
        rows.mark_text(
            baseline="top",
            align=alt.ExprRef(f"{after} ? '{frame.near}' : '{frame.far}'"),
            dx=alt.ExprRef(f"{after} ? {frame.forward(_BESIDE)} : {frame.forward(-_BESIDE)}"),
            **{**look, "fontWeight": 400},
        ).encode(x=x, y=alt.value(alt.ExprRef(f"2 + datum.row * {_ROW_HEIGHT}")), text="label:N")
        for look in frame.haloed(colours.quiet)
    )
    pointed = rows.mark_rule(strokeWidth=9, opacity=0, aria=False).encode(x=x, tooltip=frame.told)
    return band, rule, *words, pointed


def event_rows(marks: Sequence[EventMark], first: float | str) -> Columns:
    """Return the rows of the data set; of no events one at `first` that is not drawn, so that the axis has no hole.

    Words keep clear of each other in three rows; those that find no room are left to who points at the rule.
    """
    taken = [-1.0] * _ROWS
    placed: list[tuple[EventMark, str, int, str]] = []
    for one in sorted(marks, key=lambda one: one.share):
        width, back = _LETTER * min(len(one.label), LONGEST), one.share > _GROWS_BACK
        start = one.share - width if back else one.share
        row = next((row for row, end in enumerate(taken) if end <= start), None)
        if row is not None:
            taken[row] = start + width
        placed.append((one, "before" if back else "after", row or 0, one.label if row is not None else ""))
    if not placed:
        nothing = EventMark(at=first, until=first, share=0.0, label="", told="")
        placed.append((nothing, "after", 0, ""))
    return {
        "at": [one.at for one, *_ in placed],
        "until": [one.until for one, *_ in placed],
        "side": [side for _, side, _, _ in placed],
        "row": [row for *_, row, _ in placed],
        "label": [label for *_, label in placed],
        "told": [one.told for one, *_ in placed],
    }
