"""The cost ledger over months: a row of small bars for each part, all on one scale, with each month's budget as a line across it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart import months
from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Columns, Data, Frame, Window
from cxroi.chart.theme import MEDIUM, rem

_ROW, _BELOW = 80, 26  # pixels: a row of bars, and the names of months
_FULL = 0.6  # of a row's height: its tallest bar; its name stands above it
_GAP = 0.14  # of a month, on either side of its bar
_TORN, _FEW = (
    1.4,
    3,
)  # times the next: so far above all others a few months are drawn cut, or they would make these flat
_WHOLE = Window(x=(0.0, 12.0), y=(0.0, 6.0), unit=1.0)  # of a spec that is looked at without a ledger


@dataclass(frozen=True, kw_only=True)
class Row:
    """One part: its name and total in words, and by month the amount, the budget (None: none) and the words for who points at it."""

    name: str
    total: str
    amounts: Sequence[float]
    budgets: Sequence[float | None]
    told: Sequence[str]


def window(rows: int, columns: int) -> Window:
    """Return the plane of so many rows and months."""
    return Window(x=(0.0, float(columns)), y=(0.0, float(rows)), unit=1.0)


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `bars`, `budgets`, `rows` and `ticks`."""
    plane, colours = frame.window or _WHOLE, frame.palette
    x, y = _x(frame, plane, "start"), _y(frame, plane, "base")
    bars = alt.Chart(alt.NamedData("bars"))
    over = {"condition": {"test": "datum.look === 'over'", "value": colours.loss}, "value": colours.accent}
    drawn = bars.mark_rect(clip=True).encode(x=x, x2="end:Q", y=y, y2="top:Q", color=over, tooltip=frame.told)
    lines = alt.Chart(alt.NamedData("budgets"))
    budget = lines.mark_rule(color=colours.text, strokeWidth=2, clip=True, aria=False).encode(
        x=x, x2="end:Q", y=_y(frame, plane, "top")
    )
    rows = alt.Chart(alt.NamedData("rows"))
    base = rows.mark_rule(color=colours.line, aria=False).encode(y=y)
    size = alt.ExprRef(rem(MEDIUM))
    begin, end = (alt.value(0), alt.value(alt.ExprRef("width")))[:: -1 if frame.mirrored else 1]
    heads = tuple(
        rows.mark_text(align=align, baseline="top", fontSize=size, aria=False, **look, **under).encode(
            x=x_of, y=_y(frame, plane, "above"), text=f"{field}:N"
        )
        for align, x_of, field, look in (
            (frame.near, begin, "label", {"fontWeight": 600, "color": colours.text}),
            (frame.far, end, "total", {"color": colours.quiet}),
        )
        for under in (*([{"stroke": colours.background, "strokeWidth": 4}] if frame.strip else []), {})
    )
    cut = bars.transform_filter("datum.torn !== ''")
    torn = tuple(
        cut.mark_text(baseline="middle", align=frame.far, dx=frame.forward(-6), **look).encode(
            x=x, y=_y(frame, plane, "top"), text="torn:N"
        )
        for look in frame.haloed(colours.text)
    )
    layers = (
        base,
        *event_layers(frame),
        drawn,
        budget,
        *torn,
        *heads,
        months.named(frame, _x(frame, plane, "at")),
    )
    return alt.layer(*layers).properties(height=int(_ROW * plane.y[1]) + _BELOW + frame.strip, width="container")


def _x(frame: Frame, plane: Window, field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=list(plane.x), nice=False, reverse=frame.mirrored), axis=None)


def _y(frame: Frame, plane: Window, field: str) -> alt.Y:
    bare = alt.Axis(orient="right" if frame.mirrored else "left", title=None, labels=False, grid=False)
    below = _BELOW / _ROW  # the names of months stand within the plane, below the last row
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[-below, plane.y[1]], nice=False), axis=bare)


def data(
    rows: Sequence[Row], labels: Sequence[str], torn: Sequence[Sequence[str]], events: Sequence[EventMark] = ()
) -> Data:
    """Return the rows of the picture; `labels` name the months, `torn` is what is written beside a bar that had to be cut."""
    most = _scale(rows)
    column: dict[str, list[float | str]] = {n: [] for n in ("start", "end", "base", "top", "look", "torn", "told")}
    lines: dict[str, list[float | str]] = {name: [] for name in ("start", "end", "top")}
    for place, row in enumerate(rows):
        base = float(len(rows) - place - 1)
        for month, (amount, budget) in enumerate(zip(row.amounts, row.budgets, strict=True)):
            column["start"].append(month + _GAP)
            column["end"].append(month + 1 - _GAP)
            column["base"].append(base)
            column["top"].append(base + _FULL * min(max(amount / most, -0.1), 1.0))
            column["look"].append("over" if budget is not None and amount > budget else "in")
            column["torn"].append(torn[place][month] if amount > most else "")
            column["told"].append(row.told[month])
            if budget is not None and budget <= most:
                lines["start"].append(month + _GAP / 2)
                lines["end"].append(month + 1 - _GAP / 2)
                lines["top"].append(base + _FULL * budget / most)
    named = months.ticks(labels)
    return {
        "bars": column,
        "budgets": lines,
        "rows": _heads(rows),
        "ticks": {**named, "at": [float(at) + 0.5 for at in named["at"]]},
        **event_data(events, lambda month: month / len(labels)),
    }


def _heads(rows: Sequence[Row]) -> Columns:
    base = [float(len(rows) - place - 1) for place in range(len(rows))]
    return {
        "base": base,
        "above": [at + 0.93 for at in base],
        "label": [row.name for row in rows],
        "total": [row.total for row in rows],
    }


def _scale(rows: Sequence[Row]) -> float:
    """Return the amount of the tallest bar: the largest month, or the next where at most three stand far above all others."""
    months_spent = [amount for row in rows for amount in row.amounts if amount > 0]
    largest = sorted(months_spent or [budget for row in rows for budget in row.budgets if budget], reverse=True)
    for place in range(min(_FEW, len(largest) - 1)):
        if largest[place] > _TORN * largest[place + 1]:
            return largest[place + 1]
    return largest[0] if largest else 1.0
