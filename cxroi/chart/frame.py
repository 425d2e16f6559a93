"""What every chart has in common: a language with its direction, a palette, a currency, and the axes they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from cxroi.chart.theme import Palette
from cxroi.text import Text

Columns = Mapping[str, Sequence[float | str]]
Data = Mapping[str, Columns]  # by the name that the spec gives the data set


_BETWEEN = "max(9, width / 48)"  # pixels: the width of what is touched, so that no gap is left between two rows


@dataclass(frozen=True, kw_only=True)
class Window:
    """The part of a plane of levels (percent of today's spend) and money that is shown; `unit` is today's spend a month."""

    x: tuple[float, float]
    y: tuple[float, float]
    unit: float


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The surroundings of a drawing: words, colours, currency. Right-to-left languages get mirrored scales, a chart with named events a
    `strip` of so many pixels for them above its plot."""

    text: Text
    palette: Palette
    currency: str
    window: Window | None = None
    strip: int = 0

    @property
    def mirrored(self) -> bool:
        """Return whether x runs from right to left."""
        return self.text.direction == "rtl"

    @property
    def near(self) -> str:
        """Return the text alignment that grows away from the side where reading starts."""
        return "right" if self.mirrored else "left"

    @property
    def far(self) -> str:
        """Return the text alignment that grows back towards the side where reading starts."""
        return "left" if self.mirrored else "right"

    def forward(self, pixels: float) -> float:
        """Return a horizontal offset in reading direction."""
        return -pixels if self.mirrored else pixels

    def label(self, id: str) -> str:
        """Return a sentence of the chart catalogue, bracketed so that mixed Arabic and Latin keep their order."""
        words = self.text(id, currency=self.text.currency(self.currency)).rstrip(" ،,")  # data may name no currency
        return f"\u202b{words}\u202c" if self.mirrored else words

    def x(self, field: str, id: str, *, every: float, **scale: Any) -> alt.X:
        """Return a horizontal axis of numbers titled by the sentence `id`, with a tick at every multiple of `every`."""
        return alt.X(
            f"{field}:Q",
            title=self.label(id),
            scale=alt.Scale(reverse=self.mirrored, **scale),
            axis=alt.Axis(values=alt.ExprRef(f"sequence(0, 301, {every})"), labelFlush=True, labelOverlap="parity"),
        )

    def x_months(self, field: str, *, at: float = 0.5, **scale: Any) -> alt.X:
        """Return a horizontal axis of months in words, in the order of their rows; as many are named as have room.

        `at` is where in a month's band a mark stands, 0 to 1.
        """
        axis = alt.Axis(
            labelAngle=0,
            labelOverlap="parity",
            labelSeparation=8,
            labelFlush=True,
            labelPadding=10,
            ticks=False,
            title=None,
        )
        where = {} if at == 0.5 else {"bandPosition": at}
        return alt.X(f"{field}:O", sort=None, **where, scale=alt.Scale(reverse=self.mirrored, **scale), axis=axis)

    def y_counts(self, field: str, **scale: Any) -> alt.Y:
        """Return a vertical axis of how many, below 0 too; `caption` stands above it in place of a turned title."""
        axis = alt.Axis(
            title=None,
            labelExpr=self.money_label("abs(datum.value)"),
            orient="right" if self.mirrored else "left",
        )
        return alt.Y(f"{field}:Q", axis=axis, **({"scale": alt.Scale(**scale)} if scale else {}))

    def money_axis(self, id: str | None, **options: Any) -> alt.Axis:
        """Return an axis that writes thousands and millions in the reader's words."""
        return alt.Axis(title=self.label(id) if id else None, labelExpr=self.money_label("datum.value"), **options)

    def y_money(self, field: str, **scale: Any) -> alt.Y:
        """Return a vertical money axis; `caption` stands above it in place of a turned title."""
        axis = self.money_axis(None, orient="right" if self.mirrored else "left")
        return alt.Y(f"{field}:Q", axis=axis, **({"scale": alt.Scale(**scale)} if scale else {}))

    def caption(self, one_row: str, id: str) -> alt.Chart:
        """Return what the vertical axis measures, as a line above the plot; `one_row` names a data set of one row."""
        return self._caption(one_row).encode(text=alt.value(self.label(id)))

    def told_caption(self, one_row: str) -> alt.Chart:
        """Return the same line with the words that `one_row` has in its field `label`, of a picture that can measure several things."""
        return self._caption(one_row).encode(text="label:N")

    def _caption(self, one_row: str) -> alt.Chart:
        mark = alt.Chart(alt.NamedData(one_row)).mark_text(
            align=self.near, baseline="bottom", dy=-12 - self.strip, color=self.palette.quiet, aria=False
        )
        return mark.encode(x=alt.value(alt.ExprRef("width") if self.mirrored else 0), y=alt.value(0))

    def touch(self, rows: alt.Chart, x: alt.X) -> alt.Chart:
        """Return an unseen mark over every row that has words in `told`, for who points at it; it comes last, above all others."""
        return rows.mark_rule(strokeWidth=alt.ExprRef(_BETWEEN), opacity=0, clip=True, aria=False).encode(
            x=x, tooltip=self.told
        )

    @property
    def told(self) -> alt.Tooltip:
        """Return what is shown of the row that is pointed at: the words of its field `told`."""
        return alt.Tooltip("told:N", title=" ")

    def haloed(self, colour: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the look of words over lines, to be drawn twice: in the background's colour, then their own."""
        bold = {"fontWeight": 600}
        return (
            {**bold, "aria": False, "stroke": self.palette.background, "strokeWidth": 4},
            {**bold, "color": colour},
        )

    def money_label(self, value: str, pattern: str = "~r") -> str:
        """Return a Vega expression that writes the number `value` in thousands or millions.

        Scaling happens in the expression because the spec is built before any amount is known.
        """
        start, stop = ("'\u202b'+", "+'\u202c'") if self.mirrored else ("", "")
        size = f"abs({value})"
        words = {unit: self.text(f"chart.unit.{unit}") for unit in ("thousand", "million", "billion")}
        return (
            f"{size} < 1 ? format(0, 'd') : {start}("
            f"{size} >= 1e9 ? {self.figure(f'{value}/1e9', pattern)} + '{words['billion']}' : "
            f"{size} >= 1e6 ? {self.figure(f'{value}/1e6', pattern)} + '{words['million']}' : "
            f"{size} >= 1e3 ? {self.figure(f'{value}/1e3', pattern)} + '{words['thousand']}' : {self.figure(value, pattern)}){stop}"
        )

    def figure(self, value: str, pattern: str = "~r", unit: str = "") -> str:
        """Return a Vega expression that writes a number with a true minus sign; in Arabic sign, digits and `unit` stay together."""
        written = f"format({value}, '{pattern}')" + (f" + '{unit}'" if unit else "")
        return f"'\u2066' + {written} + '\u2069'" if self.mirrored else written

    def change(self, value: str, pattern: str = "+d") -> str:
        """Return a Vega expression that writes a change in percent with its sign; none has no sign."""
        return f"{value} === 0 ? '0%' : {self.figure(value, pattern, '%')}"
