"""A ledger with a debit and a credit column: the amount of a line is its debit less its credit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb

from cxroi.intake.columns.casting import Cell
from cxroi.intake.columns.conventions import Readings, not_available
from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import Finding, Severity
from cxroi.intake.settle.control import MAIN_MONEY
from cxroi.intake.source_table import SourceTable
from cxroi.tables import SQL_TYPE, Kind

_Named = tuple[tuple[str, str], ...]
_DIGITS = "DECIMAL(30,9)"  # the difference of two of them always has a place


def together(debit: Readings, credit: Readings) -> Readings:
    """Return what both columns say of how their numbers are written."""
    counted = ("filled", "first_only", "second_only", "either", "unreadable", "percents")
    examples = ("first_example", "second_example", "either_example", "either_as_first", "either_as_second")
    return replace(
        debit,
        **{name: getattr(debit, name) + getattr(credit, name) for name in counted},
        **{name: getattr(debit, name) or getattr(credit, name) for name in examples},
        marks=tuple(sorted({*debit.marks, *credit.marks})),
    )


def netted(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    cell: Cell,
    sides: tuple[int, int],
    style: str,
    source: SourceTable,
) -> tuple[Cell, Finding]:
    """Return the cell of the amount as debit less credit, `sides` of the file, and what the credits take off.

    Credits that are written below zero throughout are taken off all the same.
    """
    debit, credit = sides
    number = _exact(credit, style, source)
    row = connection.execute(
        f"SELECT count(*) FILTER (k > 0), coalesce(sum(abs(k)), 0)::VARCHAR FROM (SELECT {number} AS k FROM {relation})"
    ).fetchone()
    assert row is not None
    taken = "k_amount" if row[0] else "-k_amount"
    steps, problems = _net(_exact(debit, style, source), number, taken, _empty(debit), _empty(credit))
    facts = {"debit": source.headings[debit][:40], "credit": source.headings[credit][:40], "taken": _shown(row[1])}
    is_told = (
        Severity.FLAG if Decimal(row[1]) else Severity.NOTE
    )  # where nothing was taken off there is nothing to look at
    return replace(cell, steps=steps, problems=problems), Finding(
        id="finding.debit_less_credit", severity=is_told, facts=facts
    )


def own_total(found: Match, source: SourceTable) -> str | None:
    """Return what the file's own total row says of its main money: debit less credit where there are two columns."""
    totals, main = source.control_totals, found.mapping.get(MAIN_MONEY.get(found.table, ""))
    if main is None or found.credit is None:
        return None if main is None else totals.get(source.headings[main])
    sides = [totals.get(source.headings[i]) for i in (main, found.credit)]
    if sides[0] is None or sides[1] is None:
        return None
    return str(Decimal(sides[0]) - Decimal(sides[1]))


def _shown(number: str) -> str:
    return f"{Decimal(number):,.2f}"


def _empty(index: int) -> str:
    return f"(is_blank(c{index}) OR {not_available(f'c{index}')})"


def _exact(index: int, style: str, source: SourceTable) -> str:
    number = f"number_of(number_text(c{index}), '{style}')"
    if index in source.mixed_numbers:
        number = f"CASE WHEN n{index} THEN c{index} ELSE {number} END"
    return f"TRY_CAST({number} AS {_DIGITS})"


def _net(debit: str, credit: str, taken: str, no_debit: str, no_credit: str) -> tuple[_Named, _Named]:
    """Return steps and problems of the amount; a side that is filled and no number leaves the line without one."""
    bad = f"(d_amount IS NULL AND NOT {no_debit}) OR (k_amount IS NULL AND NOT {no_credit})"
    net = f"CASE WHEN {bad} THEN NULL ELSE (coalesce(d_amount, 0) - coalesce({taken}, 0))::VARCHAR END"
    value = f"TRY_CAST(r_amount AS {SQL_TYPE[Kind.MONEY]})"
    problems = (
        ("reject.missing", f"({no_debit} AND {no_credit})"),
        ("reject.absurd_amount", "coalesce(abs(TRY_CAST(r_amount AS DOUBLE)) >= 1e15, false)"),
        ("reject.unreadable_number", "(v_amount IS NULL)"),
    )
    return (("d_amount", debit), ("k_amount", credit), ("r_amount", net), ("v_amount", value)), problems
