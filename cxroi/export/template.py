"""A workbook to fill in for one table: headings, examples, lists of choices and a help sheet, in one language."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import xlsxwriter

from cxroi.tables import TABLES, Column, Kind, Table

Words = Callable[[str], str]
_ROWS = 5_000  # rows that get formats and lists
_EXAMPLES: dict[str, tuple[Any, Any, Any]] = {
    "customer_id": ("C-000123", "C-000124", "C-000125"),
    "amount": (1250.5, 980, 2300.75),
    "segment": ("A", "B", "A"),
    "currency": ("SAR", "SAR", "SAR"),
    "metric": ("nps", "csat", "ces"),
    "score": (9, 4, 3),
    "scale_max": (10, 5, 5),
    "account": ("6410 Training", "6420 Software", "6400 Salaries"),
    "category": ("training", "technology", "people"),
    "kind": ("opex", "capex", "opex"),
    "events.kind": ("price", "outage", "promotion"),
    "events.what": ("New price list", "Network outage", "Spring campaign"),
    "events.happened_on": (date(2025, 1, 15), "", ""),
    "events.starts_on": ("", date(2025, 2, 15), date(2025, 3, 1)),
    "events.ends_on": ("", date(2025, 2, 17), date(2025, 4, 30)),
    "group": ("treated", "treated", "control"),
    "retained": (96, 98, 90),
    "customers": (100, 100, 100),
    "customers_at_start": (12000, 12050, 12110),
    "customers_joined": (250, 260, 255),
    "customers_lost": (200, 200, 198),
    "promised_uplift_pp": (2.5, 1, 1.5),
    "estimate": (35, 72, 60),
    "headcount": (120, 121, 119),
    "leavers": (3, 2, 4),
    "engagement": (71, 70.5, 72),
    "cx_level": ("1", "3", "2"),
    "left_on": ("", "", date(2025, 9, 30)),
}
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.MONTH: "yyyy-mm", Kind.MONEY: "#,##0.00", Kind.COUNT: "#,##0", Kind.TEXT: "@"}


def table_template(table: str, language: str, words: Words) -> bytes:
    """Return an xlsx to fill in for `table`; `words(id)` gives the sentences of `language` ("en" or "ar")."""
    declared = TABLES[table]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": words(f"table.{table}._name")})
    sheet = book.add_worksheet(words(f"table.{table}._name")[:31])
    help_sheet = book.add_worksheet(words("template.help")[:31])
    if language == "ar":
        sheet.right_to_left()
        help_sheet.right_to_left()
    _fill(book, sheet, declared, language)
    _explain(book, help_sheet, declared, words)
    book.close()
    return out.getvalue()


def heading(column: Column, language: str) -> str:
    """Return the heading that a template gives a column: its own name, or what an Arabic reader calls it.

    >>> heading(TABLES["orders"].column("amount"), "en"), heading(TABLES["orders"].column("amount"), "ar")
    ('amount', 'المبلغ')
    """
    return column.arabic[0] if language == "ar" and column.arabic else column.name


def _fill(book: Any, sheet: Any, table: Table, language: str) -> None:
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F5"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#DCE6EE"})
    for place, column in enumerate(table.columns):
        form = book.add_format({"num_format": _FORMATS[column.kind]}) if column.kind in _FORMATS else None
        sheet.set_column(place, place, max(14, len(column.name) + 3), form)
        sheet.write_string(0, place, heading(column, language), needed if column.required else head)
        choices = list(column.choices) or (["yes", "no"] if column.kind is Kind.FLAG else [])
        if choices:
            sheet.data_validation(1, place, _ROWS, place, {"validate": "list", "source": choices})
        for row, value in enumerate(_examples(table, column), 1):
            if isinstance(value, date):
                sheet.write_datetime(row, place, value, form)
            elif isinstance(value, str):
                sheet.write_string(row, place, value, form)
            else:
                sheet.write_number(row, place, value, form)
    sheet.freeze_panes(1, 0)


def _examples(table: Table, column: Column) -> tuple[Any, ...]:
    for name in (f"{table.name}.{column.name}", column.name):
        if name in _EXAMPLES:
            return _EXAMPLES[name]
    return {
        Kind.DATE: (date(2025, 1, 15), date(2025, 2, 15), date(2025, 3, 15)),
        Kind.MONTH: (date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)),
        Kind.MONEY: (1000, 1500.5, 900.25),
        Kind.COUNT: (120, 130, 125),
        Kind.NUMBER: (12, 8, 5),
        Kind.FLAG: ("yes", "no", "yes"),
    }.get(column.kind, tuple(f"{column.name.upper()[:3]}-{n}" for n in (1, 2, 3)))


def _explain(book: Any, sheet: Any, table: Table, words: Words) -> None:
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 24, wrap)
    sheet.set_column(2, 2, 14, wrap)
    sheet.set_column(3, 3, 80, wrap)
    sheet.write_string(0, 0, words(f"table.{table.name}._grain"), bold)
    sheet.write_string(1, 0, words("template.how"))
    for place, id in enumerate(("template.column", "template.label", "template.needed", "template.meaning")):
        sheet.write_string(3, place, words(id), bold)
    alternatives = {name for group in table.one_of for name in group}
    for row, column in enumerate(table.columns, 4):
        need = "required" if column.required else "either" if column.name in alternatives else "optional"
        cells = (column.name, words(f"column.{column.name}"), words(f"mapping.{need}"))
        for place, text in enumerate((*cells, words(f"table.{table.name}.{column.name}"))):
            sheet.write_string(row, place, text)
