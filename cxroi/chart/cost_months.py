"""The cost ledger over months: a row of small bars for each part, all on one scale, with each month's budget as a line across it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart import month_rows, months
from cxroi.chart.event_marks import EventMark, event_data, event_layers
from cxroi.chart.frame import Data, Frame, Window

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


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `bars`, `budgets`, `rows` and `ticks`."""
    plane, colours = frame.window or _WHOLE, frame.palette
    x, y = month_rows.x(frame, plane, "start"), month_rows.y(frame, plane, "base")
    bars = alt.Chart(alt.NamedData("bars"))
    over = {"condition": {"test": "datum.look === 'over'", "value": colours.loss}, "value": colours.accent}
    drawn = bars.mark_rect(clip=True).encode(x=x, x2="end:Q", y=y, y2="top:Q", color=over, tooltip=frame.told)
    lines = alt.Chart(alt.NamedData("budgets"))
    budget = lines.mark_rule(color=colours.text, strokeWidth=2, clip=True, aria=False).encode(
        x=x, x2="end:Q", y=month_rows.y(frame, plane, "top")
    )
    base, *heads = month_rows.heads(frame, plane)
    cut = bars.transform_filter("datum.torn !== ''")
    torn = tuple(
        cut.mark_text(baseline="middle", align=frame.far, dx=frame.forward(-6), **look).encode(
            x=x, y=month_rows.y(frame, plane, "top"), text="torn:N"
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
        months.named(frame, month_rows.x(frame, plane, "at")),
    )
    return alt.layer(*layers).properties(height=month_rows.height(frame, plane), width="container")


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
            column["start"].append(month + month_rows.GAP)
            column["end"].append(month + 1 - month_rows.GAP)
            column["base"].append(base)
            column["top"].append(base + month_rows.FULL * min(max(amount / most, -0.1), 1.0))
            column["look"].append("over" if budget is not None and amount > budget else "in")
            column["torn"].append(torn[place][month] if amount > most else "")
            column["told"].append(row.told[month])
            if budget is not None and budget <= most:
                lines["start"].append(month + month_rows.GAP / 2)
                lines["end"].append(month + 1 - month_rows.GAP / 2)
                lines["top"].append(base + month_rows.FULL * budget / most)
    return {
        "bars": column,
        "budgets": lines,
        "rows": month_rows.head_rows([row.name for row in rows], [row.total for row in rows]),
        "ticks": month_rows.ticks(labels),
        **event_data(events, lambda month: month / len(labels)),
    }


def _scale(rows: Sequence[Row]) -> float:
    """Return the amount of the tallest bar: the largest month, or the next where at most three stand far above all others."""
    months_spent = [amount for row in rows for amount in row.amounts if amount > 0]
    largest = sorted(months_spent or [budget for row in rows for budget in row.budgets if budget], reverse=True)
    for place in range(min(_FEW, len(largest) - 1)):
        if largest[place] > _TORN * largest[place + 1]:
            return largest[place + 1]
    return largest[0] if largest else 1.0
