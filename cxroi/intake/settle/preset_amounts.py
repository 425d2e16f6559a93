"""What a preset does with amounts once they are read: a price per year becomes one per month, several subscriptions one customer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from cxroi.intake.columns.casting import Cell
from cxroi.intake.presets.plain_sql import plain
from cxroi.intake.presets.preset import Preset, Scale, place_of, told
from cxroi.intake.report import Finding, Severity
from cxroi.intake.settle.plan import Plan
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import exactly, quoted
from cxroi.tables import SQL_TYPE


def scaled(plan: Plan, source: SourceTable, preset: Preset | None) -> Plan:
    """Return the plan with the amounts of a preset times the number, or over the months, that stand beside them."""
    for rule in preset.scales if preset else ():
        at = plan.match.mapping.get(rule.target)
        place = place_of(source.own_headings, rule.column)
        if at is None or place is None or told(source.headings[at]) not in map(told, rule.of):
            continue
        cells = tuple(_times(cell, rule, place, plan) if cell.target == rule.target else cell for cell in plan.cells)
        facts = {"target": rule.target, "column": source.headings[place][:60]}
        how = "months" if rule.months else "over" if rule.over else "times"
        note = Finding(id=f"finding.preset.{how}", severity=Severity.NOTE, facts=facts)
        plan = replace(plan, cells=cells, findings=(*plan.findings, note))
    return plan


def _times(cell: Cell, rule: Scale, place: int, plan: Plan) -> Cell:
    """Return the cell times what its rule says; an amount beside a word or number that says nothing is put aside."""
    if rule.months:
        words = " ".join(
            f"WHEN {plain(place)} = {quoted(word)} THEN {months!r}" for word, months in rule.months.items()
        )
        number, divided = f"(CASE {words} END)", True
    else:
        number, divided = f"coalesce(TRY_CAST(nullif(trim(c{place}), '') AS DOUBLE), 1)", rule.over
    product = f"{cell.value}::DOUBLE {'/' if divided else '*'} {number}"
    kind = SQL_TYPE[plan.table.column(cell.target).kind]
    lost = ("reject.unreadable_number", f"({cell.value} IS NOT NULL AND {number} IS NULL)")
    half = f"1e-7 * sign({cell.value}::DOUBLE)"  # a half thousandth is rounded up, however a machine writes it
    changed = cell.then(f"TRY_CAST(round({product} + {half}, 3) AS {kind})")
    return replace(changed, problems=(*cell.problems, lost), sound="")


def put_together(
    connection: duckdb.DuckDBPyConnection, plan: Plan, preset: Preset | None, out: Path
) -> tuple[Plan, int]:
    """Make one row of several with the same key in the canonical file, and return how many rows fewer it has.

    A customer with several subscriptions joined with the first and left with the last, if all have ended; the revenue is that of those
    that still run, or of those that ended last.
    """
    here = [cell.target for cell in plan.cells]
    key = preset.gather if preset else ""
    if key not in here:
        return plan, 0
    gone = "status = 'left'" if "status" in here else "false"
    runs = f"NOT ({'left_on IS NOT NULL OR ' if 'left_on' in here else ''}coalesce({gone}, false))"
    current = f"({runs} OR (NOT bool_or({runs}) OVER own AND {'left_on IS NOT DISTINCT FROM max(left_on) OVER own' if 'left_on' in here else 'true'}))"
    whole = {
        "joined_on": "min(joined_on)",
        "left_on": f"CASE WHEN bool_or({runs}) THEN NULL ELSE max(left_on) END",
        "monthly_revenue": "sum(monthly_revenue) FILTER (is_current)::DECIMAL(18,3)",
    }
    columns = [c.name for c in plan.table.columns if c.name in here and c.name != key]
    picked = ", ".join(
        f'{whole.get(name, f"first({name} ORDER BY is_current DESC, place)")} AS "{name}"' for name in columns
    )
    rows = f"(SELECT *, file_row_number AS place, {current} AS is_current FROM read_parquet({exactly(out)}, file_row_number=true) WINDOW own AS (PARTITION BY {key}))"
    made = out.with_suffix(".gathered")
    query = f"COPY (SELECT {key}, {picked} FROM {rows} GROUP BY {key} ORDER BY min(place)) TO {quoted(made)} (FORMAT parquet, COMPRESSION zstd)"
    before = connection.execute(f"SELECT count(*) FROM {quoted(out)}").fetchone() or (0,)
    after = connection.execute(query).fetchone() or (0,)
    made.replace(out)
    merged = int(before[0]) - int(after[0])
    if not merged:
        return plan, 0
    facts = {"count": str(merged), "customers": str(after[0])}
    note = Finding(id="finding.preset.gathered", severity=Severity.NOTE, facts=facts)
    return replace(plan, findings=(*plan.findings, note)), merged
