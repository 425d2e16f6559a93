"""Months without a year in the rows of a table: the year stands in a column beside them, or in the title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cxroi.intake.layout.grid import tidy
from cxroi.intake.layout.header import plainly
from cxroi.intake.layout.period import period_of
from cxroi.intake.report import Finding, Severity

_MONTH = re.compile(r"(?:posting |accounting |fiscal |financial )?(?:period|month)|buchungsperiode|periode|monat|(?:ال)?(?:فترة|شهر)(?: (?:ال)?(?:مالية|ترحيل|مالي))?", re.IGNORECASE)  # fmt: skip
_YEAR_COLUMN = re.compile(r"(?:fiscal |financial )?year|geschäftsjahr|jahr|(?:ال)?(?:سنة|عام)(?: (?:ال)?(?:مالية|مالي))?", re.IGNORECASE)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"0{0,2}(\d{1,2})(?:\.0)?")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_LAST = 12  # SAP books the closing of a year in its periods 13 to 16


def with_years(headings: Sequence[str], rows: list[list[str]], context: str) -> tuple[list[list[str]], list[Finding]]:
    """Return the rows with "2025-03" where a column of months says "March" or "3" and the year is told elsewhere.

    `context` is the text above the table. Nothing changes where a month is no month, or the year is open.
    """
    at = next((j for j, heading in enumerate(headings) if _MONTH.fullmatch(plainly(heading))), None)
    months = {} if at is None else {cell: _month(cell) for cell in {row[at] for row in rows}}
    if at is None or not months or None in months.values():
        return rows, []
    column = next((j for j, heading in enumerate(headings) if _YEAR_COLUMN.fullmatch(plainly(heading))), None)
    years = _in_title(context, len(rows)) if column is None else _in_column([row[column] for row in rows])
    if years is None:
        return rows, []
    dated = [
        [*row[:at], f"{year}-{months[row[at]]:02d}", *row[at + 1 :]] for row, year in zip(rows, years, strict=True)
    ]
    facts = {"column": headings[at][:40]} | (
        {"year": years[0]} if column is None else {"beside": headings[column][:40]}
    )
    told = "finding.header.year_in_title" if column is None else "finding.header.year_beside"
    return dated, [Finding(id=told, severity=Severity.NOTE, facts=facts)]


def _month(cell: str) -> int | None:
    text = tidy(cell).translate(_DIGITS)
    if number := _NUMBER.fullmatch(text):
        return min(int(number[1]), _LAST) if 1 <= int(number[1]) <= _LAST + 4 else None
    period = period_of(text)
    return period.month if period is not None and period.month and not period.year else None


def _in_column(cells: Sequence[str]) -> list[str] | None:
    told = [_YEAR.fullmatch(tidy(cell).translate(_DIGITS).removesuffix(".0")) for cell in cells]
    return [year[0] for year in told if year] if all(told) else None


def _in_title(context: str, rows: int) -> list[str] | None:
    said = set(_YEAR.findall(context.translate(_DIGITS)))
    return [said.pop()] * rows if len(said) == 1 else None
