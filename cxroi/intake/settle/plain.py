"""The plan for a file that needs no cleaning, as far as its first rows show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cxroi.intake.columns.casting import Reading, cast
from cxroi.intake.columns.conventions import CALENDAR, NUMERIC
from cxroi.intake.columns.native import native_cell
from cxroi.intake.columns.recognise import Match
from cxroi.intake.layout.magnitude import factor, question
from cxroi.intake.report import IntakeRequest
from cxroi.intake.settle.currency import in_currency, plainly_counted
from cxroi.intake.settle.leaving import nobody_left
from cxroi.intake.settle.plan import Plan
from cxroi.intake.source_table import SourceTable
from cxroi.tables import TABLES, Column

_PLAIN_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?")


_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?")


_DIGIT = re.compile(r"\d")  # a cell without any is no number or date in any convention, or a month without a year


_PROVES_POINT = re.compile(r"-?(\d{4,}\.\d+|0\d*\.\d+|\d+\.(\d{1,2}|\d{4,}))")


_FAST = ("customers", "orders", "contacts", "initiatives")  # tables whose values need no second look


def plain_plan(
    found: Match, samples: Sequence[Sequence[str]], source: SourceTable, request: IntakeRequest, today: date
) -> Plan | None:
    """Return the plan for a file that needs no cleaning as far as its first rows show, None when one of them does.

    What the first rows cannot show is checked over all values afterwards: a cell that does not cast as it is stops the
    plan, and `unproven` names the columns in which no cell has told a decimal point from a thousands mark.
    """
    table = TABLES[found.table]
    if found.table not in _FAST or (
        found.table == "customers" and ("joined_on" not in found.mapping or "status" in found.mapping)
    ):
        return None
    undated = found.table == "customers" and "left_on" not in found.mapping
    if undated and not request.nobody_left:
        return None
    said = (nobody_left(),) if undated else ()
    if (
        request.decimal == ","
        or factor(request) != 1
        or question(source.headings, request)
        or request.calendar == "hijri"
        or (found.table == "orders" and "amount" not in found.mapping)
    ):
        return None
    plainly, base = plainly_counted(found, source, request)
    if not plainly:
        return None
    if source.types:
        native = _native_plan(found, source, today)
        return native and in_currency(replace(native, findings=said), base)
    unproven = []
    for target, i in found.mapping.items():
        kind, filled = table.column(target).kind, [cell.strip() for cell in samples[i] if cell.strip()]
        shape = _PLAIN_DATE if kind in CALENDAR else _PLAIN_NUMBER if kind in NUMERIC else None
        if shape is not None and any(_DIGIT.search(cell) and not shape.fullmatch(cell) for cell in filled):
            return None
        if kind in NUMERIC and not any(_PROVES_POINT.fullmatch(cell) for cell in filled):
            unproven.append(target)
            if any("." in cell for cell in filled):
                return None
    text = "tight" if source.csv is not None and source.csv.tight else "text"
    readings = {t: Reading(style="plain" if _typed(table.column(t)) else text) for t in found.mapping}
    cells = tuple(cast(table.column(t), i, readings[t], today=today) for t, i in found.mapping.items())
    plan = Plan(table=table, match=found, cells=cells, readings=readings, unproven=tuple(unproven), findings=said)
    return in_currency(plan, base)


def _native_plan(found: Match, source: SourceTable, today: date) -> Plan | None:
    """Return the plan for a typed file, None when a column is not typed as it has to be."""
    table = TABLES[found.table]
    cells = [native_cell(table.column(t), i, source.types[i], today=today) for t, i in found.mapping.items()]
    readings = {t: Reading(style="plain" if _typed(table.column(t)) else "text") for t in found.mapping}
    whole = tuple(cell for cell in cells if cell is not None)
    return Plan(table=table, match=found, cells=whole, readings=readings) if len(whole) == len(cells) else None


def _typed(column: Column) -> bool:
    return column.kind in NUMERIC + CALENDAR
