"""Columns that a Parquet file has typed already: no convention to settle, only ranges to hold and nothing to bend."""

from __future__ import annotations

import re
from datetime import date

from cxroi.intake.columns.casting import EARLIEST, Cell, last_day, trimmed
from cxroi.intake.columns.conventions import CALENDAR, NUMERIC
from cxroi.tables import SQL_TYPE, Column, Kind

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER")
_DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S")


def is_number(kind: str) -> bool:
    """Return whether a column of this DuckDB type holds numbers, whose decimal point is no convention of a person.

    >>> is_number("DECIMAL(18,3)"), is_number("VARCHAR")
    (True, False)
    """
    return kind in (*_WHOLE, "DOUBLE", "FLOAT") or kind.startswith("DECIMAL")


def native_cell(column: Column, index: int, kind: str, *, today: date) -> Cell | None:
    """Return how column `index`, of DuckDB type `kind`, becomes `column` without a detour over text; None where it cannot.

    Rows that are not sound are left to the reader of text, which knows the reasons.
    """
    cell, value = f"c{index}", f"v_{column.name}"
    sql = _value(column, cell, kind)
    if sql is None:
        return None
    there = f"{value} IS NOT NULL"
    sound = there if column.required else f"({there} OR {cell} IS NULL)"
    if column.kind is Kind.TEXT and not column.required:
        sound = "true"
    elif column.kind in CALENDAR:
        inside = f"{value} BETWEEN DATE '{EARLIEST}' AND DATE '{last_day(column, today)}'"
        sound = inside if column.required else f"({inside} OR {cell} IS NULL)"
    elif column.kind is Kind.MONEY and (kind == "DOUBLE" or _decimals(kind) > 3):
        sound += f" AND ({value}::{'DOUBLE' if kind == 'DOUBLE' else kind} = {cell} OR {cell} IS NULL)"
    elif column.kind is Kind.COUNT:
        sound += f" AND coalesce({value} >= 0, true)"
    elif column.kind in NUMERIC and kind == "DOUBLE":
        sound += f" AND coalesce(isfinite({value}), true)"
    return Cell(target=column.name, text=f"{cell}::VARCHAR", steps=((value, sql),), sound=sound)


def _value(column: Column, cell: str, kind: str) -> str | None:
    if column.kind is Kind.TEXT:
        return trimmed(cell) if kind == "VARCHAR" else f"{cell}::VARCHAR" if kind in _WHOLE else None
    if column.kind in CALENDAR and kind in _DAYS:
        day = cell if kind == "DATE" else f"{cell}::DATE"
        return f"date_trunc('month', {day})::DATE" if column.kind is Kind.MONTH else day
    exact = kind in _WHOLE or (column.kind is not Kind.COUNT and (kind == "DOUBLE" or kind.startswith("DECIMAL")))
    if column.kind in NUMERIC and exact:
        return f"TRY_CAST({cell} AS {SQL_TYPE[column.kind]})"
    return cell if column.kind is Kind.FLAG and kind == "BOOLEAN" else None


def _decimals(kind: str) -> int:
    found = re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", kind)
    return int(found[1]) if found else 0
