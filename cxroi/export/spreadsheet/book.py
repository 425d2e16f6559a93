"""The workbook itself: its sheets with their heads, the looks of cells, and names; every text is written as a text and nothing else."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from babel.numbers import get_currency_precision
from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import isolated
from cxroi.view.share.story import Provenance

_INK, _HEAD, _RULE, _PALE, _INPUT, _INPUT_INK = "#1B2A34", "#22475C", "#B9C6CE", "#F2F5F7", "#FFF7DB", "#0B3FBF"
_BASE = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "vcenter"}
_HEADING = {"bold": True, "bg_color": _HEAD, "font_color": "#FFFFFF", "text_wrap": True}
_LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "app": {"bg_color": _PALE, "font_color": "#51626D"},  # worked out by the app, and here a value
    "input": {"bg_color": _INPUT, "font_color": _INPUT_INK, "border": 1, "border_color": "#E0C868"},
    "total": {"bold": True, "top": 1, "top_color": _INK},
    "strong": {"bold": True},
    "source": {"font_color": "#6B7A84", "font_size": 9},
    "quiet": {"font_color": "#6B7A84", "font_size": 9, "indent": 1},
    "wrap": {"text_wrap": True},
    "wrap_quiet": {"text_wrap": True, "font_color": "#51626D", "font_size": 9, "indent": 1},
    "head": {**_HEADING, "align": "right"},
    "head_first": {**_HEADING, "align": "left"},
    "head_words": {**_HEADING, "align": "left", "indent": 1},
    "group": {"bold": True, "font_color": _HEAD, "font_size": 11, "bottom": 1, "bottom_color": _RULE},
    "title": {"bold": True, "font_size": 16, "font_color": _HEAD},
    "verdict": {"bold": True, "font_size": 20, "font_color": _HEAD},
    "state": {"italic": True, "font_color": "#51626D"},
    "warn": {"bold": True, "font_color": "#A83200"},
}
_PRINTED = 200  # signs of a line above or below a printed sheet, beside its name or number
_MANY_COLUMNS = 16  # more are printed on the larger paper
HEAD_ROWS = 5  # title, what it is, state, source, and one empty: where every sheet's own rows begin


class Book:
    """A workbook in the making, in one language; `close` returns its bytes."""

    def __init__(self, text: Text, *, title: str, currency: str, provenance: Provenance) -> None:
        self.text, self.provenance = text, provenance
        self.currency = shown(text.currency(currency), 20)
        cents = "0" * get_currency_precision(currency) if currency else "00"
        self._numbers = {
            "money": _signed("#,##0"),
            "headline": _signed(f'#,##0 "{self.currency.replace(chr(34), "")}"' if currency else "#,##0"),
            "unit": _signed(f"#,##0.{cents}" if cents else "#,##0"),
            "cents": _signed(f"#,##0.{cents}" if cents else "#,##0"),
            "count": _signed("#,##0"),
            "number": "#,##0.##",
            "people": '#,##0.0;-#,##0.0;"–"',
            "whole": "0",
            "ratio": "0.00",
            "factor": "0.0000",
            "percent": "0.0%;[Red]-0.0%",
            "churn": "0.00%",
            "month": "yyyy-mm",
            "text": "@",
        }
        self._out = io.BytesIO()
        self._made: dict[tuple[str, str], Any] = {}
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
        self.book = xlsxwriter.Workbook(self._out, options)
        self.book.set_properties({"title": shown(title), "subject": provenance.line[:250], "author": "CX ROI"})
        self.book.set_calc_mode("auto")

    def format(self, look: str, kind: str = "") -> Any:
        """Return a look with a number format, made once."""
        key = look, kind
        if key not in self._made:
            given = {**_BASE, **_LOOKS[look], **({"num_format": self._numbers[kind]} if kind else {})}
            if kind and kind != "text":
                given |= {"align": "right", "indent": 0}  # also the words that stand where there is no figure
            if self.text.direction == "rtl":
                given["reading_order"] = 2
                if given.get("indent") or given.get("align"):  # figures stand on the right in either language
                    given["align"] = "right"
            self._made[key] = self.book.add_format(given)
        return self._made[key]

    def sheet(self, id: str, widths: Sequence[float], **facts: object) -> Sheet:
        """Return a new sheet with its head."""
        return Sheet(self, id, widths, facts)

    def close(self) -> bytes:
        """Return the bytes of the whole."""
        self.book.close()
        return self._out.getvalue()


def _signed(positive: str) -> str:
    """Return a format in which what is below zero is red and in brackets, and nothing is a dash."""
    return f'{positive}_);[Red]({positive});"–"_)'


def _printed(line: str) -> tuple[str, str]:
    """Return a line of sentences as what is printed above and below a sheet: each of both has room for 255 signs with its codes, and no sentence
    is cut that is not longer by itself.
    """
    above: list[str] = []
    below = [sentence.replace("&", "&&") for sentence in re.split(r"(?<=\.) ", line)]
    while len(below) > 1 and len(" ".join([*above, below[0]])) <= len(" ".join(below)):
        above.append(below.pop(0))
    first, second = (
        words if len(words) <= _PRINTED else words[: _PRINTED - 1].rstrip("&") + "…"
        for words in map(" ".join, (above, below))
    )
    return first, second


class Sheet:
    """One sheet: the next row to write is the caller's business, what a cell holds and looks like is this one's."""

    def __init__(self, book: Book, id: str, widths: Sequence[float], facts: dict[str, object]) -> None:
        text = book.text
        self.book, self.text, self.name = book, text, text(f"workbook.sheet.{id}")[:31]
        self.sheet = book.book.add_worksheet(self.name)
        if text.direction == "rtl":
            self.sheet.right_to_left()
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width, book.format("plain"))
        self.sheet.hide_gridlines(2)
        self.write(0, 0, text(f"workbook.sheet.{id}"), "title")
        self.sheet.set_row(0, 26)
        self.write(1, 0, text(f"workbook.about.{id}", **facts), "state")
        if id != "assumptions":
            self.formula(2, 0, "=workbook_state", text("workbook.state.made"), "strong")
        self.write(3, 0, book.provenance.line, "warn" if book.provenance.illustrative else "source")
        self._print(text(f"workbook.sheet.{id}"), wide=len(widths) > _MANY_COLUMNS)

    def _print(self, title: str, wide: bool) -> None:
        above, below = (isolated(words, self.text) for words in _printed(self.book.provenance.line))
        self.sheet.set_landscape()
        self.sheet.set_paper(8 if wide else 9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        self.sheet.set_header(f"&L&8{above}&R&8{title.replace('&', '&&')}")
        self.sheet.set_footer(f"&L&8{below}&R&8&P / &N")

    def write(self, row: int, col: int, value: object, look: str = "plain", kind: str = "") -> None:
        """Write a value; a text stays one whatever it begins with, and what is no number is a dash."""
        form = self.book.format(look, kind)
        if value is None:
            self.sheet.write_blank(row, col, None, form)
        elif isinstance(value, str):
            self.sheet.write_string(row, col, value[:32_000], form)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, col, value, form)
        elif isinstance(value, int | float | Decimal) and math.isfinite(value):
            self.sheet.write_number(row, col, float(value), form)
        else:
            self.sheet.write_string(row, col, "–", form)

    def formula(self, row: int, col: int, formula: str, value: object, look: str = "plain", kind: str = "") -> None:
        """Write a formula with what it comes to now, which readers that do not calculate show."""
        known = self.text("report.none") if value is None else value if isinstance(value, str | bool) else float(value)  # type: ignore[arg-type]
        self.sheet.write_formula(row, col, formula, self.book.format(look, kind), known)

    def head(
        self, row: int, headings: Sequence[str], col: int = 0, height: float = 32, words: Sequence[int] = (0,)
    ) -> None:
        """Write a row of headings, those over `words` from the side where one begins to read, the others over their figures."""
        for place, heading in enumerate(headings):
            self.write(
                row, col + place, heading, "head" if place not in words else "head_words" if place else "head_first"
            )
        self.sheet.set_row(row, height)

    def freeze(self, row: int, col: int = 0) -> None:
        """Keep the rows above and the columns before a cell in view and, where headings stand right above, on every printed page."""
        self.sheet.freeze_panes(row, col)
        self.sheet.repeat_rows(max(row - 1, 0))

    def call(self, name: str, row: int, col: int, last_row: int | None = None, last_col: int | None = None) -> None:
        """Give a cell or a range a name by which every formula of the workbook knows it."""
        ends = row if last_row is None else last_row, col if last_col is None else last_col
        self.book.book.define_name(name, f"={quote_sheetname(self.name)}!{xl_range_abs(row, col, *ends)}")


def cell(row: int, col: int) -> str:
    """Return the address of a cell, rows and columns from 0.

    >>> cell(4, 2)
    'C5'
    """
    return xl_rowcol_to_cell(row, col)


def span(row: int, col: int, last_row: int, last_col: int) -> str:
    """Return the address of a range.

    >>> span(4, 2, 6, 2)
    'C5:C7'
    """
    return f"{cell(row, col)}:{cell(last_row, last_col)}"


def said(words: str) -> str:
    """Return words as they stand inside a formula, at most as many as one may hold.

    >>> print(said('as "it" is'))
    "as ""it"" is"
    """
    return '"' + words[:250].replace('"', '""') + '"'
