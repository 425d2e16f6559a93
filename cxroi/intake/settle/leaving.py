"""When customers left, where neither a leaving date nor a status was recognised: asked, because nobody leaving would be the best of news."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from cxroi.intake.columns.casting import layered
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.source_table import SourceTable

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

_MOST_FILLED = 0.95  # of the rows: a date that everybody has is no leaving date
_IN_ORDER = 0.95  # of the dates are on the day of joining or later
_GLANCE = 2_000  # rows that show whether a column holds dates
_SURELY_DATES = 0.8


def says_nobody(request: IntakeRequest) -> bool:
    """Return whether the person has said that nobody of this list has left; a preset that leaves the column out has not."""
    return request.nobody_left or ("left_on", "") in request.mapping


def nobody_left() -> Finding:
    """Return what is to be seen wherever that was said: no month of such a list has a loss."""
    return Finding(id="finding.left_nobody", severity=Severity.FLAG, facts={})


def with_leaving_known(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, source: SourceTable, request: IntakeRequest
) -> Plan:
    """Return the plan of a customers table without leaving dates and status, with the question which column says it."""
    if request.nobody_left:
        return replace(plan, findings=(*plan.findings, nobody_left()))
    fitting = [source.headings[i] for i in _unused(plan, source) if _fits(connection, relation, plan, i)]
    facts = {"column": fitting[0], "columns": ", ".join(fitting)} if fitting else {}
    id = "finding.left_unknown" if fitting else "finding.left_unknown_bare"
    return replace(plan, findings=(*plan.findings, Finding(id=id, severity=Severity.QUESTION, facts=facts)))


def _unused(plan: Plan, source: SourceTable) -> list[int]:
    used = set(plan.match.mapping.values())
    return [i for i, heading in enumerate(source.own_headings) if heading and i not in used]


def _fits(connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, place: int) -> bool:
    """Return whether a column holds dates, not one for everybody, on the day of joining or later."""
    joined = next((cell for cell in plan.cells if cell.target == "joined_on"), None)
    style = plan.readings["joined_on"].style if joined else "dmy"
    cell, cells = f"c{place}", [joined] if joined else []
    # a bare number may be the day of a spreadsheet, and is much more often an amount or a number of something
    written = f"CASE WHEN NOT regexp_matches({cell}, '^[-0-9.,]*$') OR {cell} LIKE '%-%-%' THEN {cell} END"
    day = f"read_date({written}, '{style if style in ('dmy', 'mdy', 'ymd') else 'dmy'}')"
    counts = f"count(*) FILTER (NOT is_blank({cell})), count({day})"
    look = f"SELECT {counts} FROM (SELECT * FROM {relation} WHERE NOT is_blank({cell}) LIMIT {_GLANCE})"
    filled, dates = connection.execute(look).fetchone() or (0, 0)
    if not filled or dates < _SURELY_DATES * filled:
        return False
    early = f"count(*) FILTER ({day} < {joined.value})" if joined else "0"
    whole = f"SELECT count(*), {counts}, {early} FROM {layered(cells, relation)}"
    rows, filled, dates, before = connection.execute(whole).fetchone() or (0, 0, 0, 0)
    return bool(filled <= _MOST_FILLED * rows and dates >= _SURELY_DATES * filled and before <= (1 - _IN_ORDER) * dates)
