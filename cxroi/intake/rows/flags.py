"""What loads but deserves a look: negative amounts, months without rows, sudden changes, finer amounts than we keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from cxroi.intake.columns.casting import layered
from cxroi.intake.report import Finding, Severity
from cxroi.intake.rows.levels import level_findings, rows_by_month
from cxroi.intake.rows.relation import cells
from cxroi.intake.settle.plan import Plan
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import quoted
from cxroi.tables import SQL_TYPE, Kind

DUPLICATE = "reject.duplicate_key"
_READ_AGAIN = 2_000_000  # rows
_ROWS_HELD = 250_000  # of a longer table every second, third, ... hash is looked at


def totals(connection: duckdb.DuckDBPyConnection, plan: Plan, parquet: Path) -> dict[str, str]:
    """Return the exact sum of every money and count column that the file has, as decimal text."""
    names = [c.target for c in plan.cells if plan.table.column(c.target).kind in (Kind.MONEY, Kind.COUNT)]
    if not names:
        return {}
    sums = ", ".join(f'coalesce(sum("{name}"), 0)::VARCHAR' for name in names)
    row = connection.execute(f"SELECT {sums} FROM {quoted(parquet)}").fetchone()
    assert row is not None
    return dict(zip(names, row, strict=True))


def flags(
    connection: duckdb.DuckDBPyConnection, plan: Plan, parquet: Path, source: SourceTable, held: Sequence[Path] = ()
) -> tuple[Finding, ...]:
    """Return the findings on a canonical file; `held` are those of the same table in the current version."""
    here = [plan.table.column(cell.target) for cell in plan.cells]
    found: list[Finding] = []
    for column in here:
        if column.kind is Kind.MONEY:
            count, total = _one(
                connection,
                f'SELECT count(*), sum("{column.name}")::VARCHAR FROM {quoted(parquet)} WHERE "{column.name}" < 0',
            )
            if count:
                found.append(_flag("negative_amounts", column=column.name, count=str(count), total=str(total)))
    dates = [c for c in here if c.kind in (Kind.DATE, Kind.MONTH) and c.required]
    if dates:
        found += _by_month(connection, plan, parquet, dates[0].name, held)
    if {"joined_on", "left_on"} <= {column.name for column in here}:
        (count,) = _one(connection, f"SELECT count(*) FROM {quoted(parquet)} WHERE left_on < joined_on")
        if count:
            found.append(_flag("left_before_joined", count=str(count)))
    return (*found, *_repeated_rows(connection, plan, parquet, source))


def _repeated_rows(
    connection: duckdb.DuckDBPyConnection, plan: Plan, parquet: Path, source: SourceTable
) -> list[Finding]:
    """Return how many rows of a table without key are another row of the file once more.

    Equal rows have equal hashes, so of a long table one part of the hashes tells about all of them. Columns that are not
    loaded may still tell two rows apart; of a file too long to look again nothing is said then.
    """
    here = {cell.target for cell in plan.cells}
    if plan.table.key and plan.table.key[0] in here:
        return []
    (rows,) = _one(connection, f"SELECT count(*)::BIGINT FROM {quoted(parquet)}")
    names = ", ".join(f'"{name}"' for name in sorted(here))
    ids = [f'"{name}"' for name in sorted(here - {"customer_id"}) if name.endswith("_id")]
    if rows > _ROWS_HELD and ids and not _repeats(connection, ids[0], quoted(parquet), int(rows)):
        return []  # rows whose numbers differ are not the same, and numbers alone are read in a third of the time
    count = _repeats(connection, names, quoted(parquet), int(rows))
    if count and len(plan.match.mapping) < len(source.headings):
        whole = ", ".join(f"c{i}" for i in range(len(source.headings)))
        count = _repeats(connection, whole, cells(source), int(rows)) if rows <= _READ_AGAIN else 0
    return [_flag("repeated_rows", count=str(count), rate=f"{count / rows:.1%}")] if count else []


def _repeats(connection: duckdb.DuckDBPyConnection, columns: str, relation: str, rows: int) -> int:
    parts = max(1, rows // _ROWS_HELD)
    hashes = f"SELECT hash({columns}) AS h FROM {relation}"
    grouped = f"SELECT count(*) AS n FROM ({hashes}) WHERE h % {parts} = 0 GROUP BY h"
    (twice,) = _one(connection, f"SELECT coalesce(sum(n - 1), 0)::BIGINT FROM ({grouped})")
    return int(twice) * parts


def repeated_keys(connection: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[Finding, ...]:
    """Return how many rows were put aside because their key was there already, by the table of problems."""
    (count,) = _one(connection, f"SELECT count(*) FROM problems WHERE problems[1] LIKE '%|{DUPLICATE}?'")
    key = ", ".join(name for name in plan.table.key if name in {cell.target for cell in plan.cells})
    return (_flag("repeated_keys", count=str(count), key=key),) if count else ()


def _by_month(
    connection: duckdb.DuckDBPyConnection, plan: Plan, parquet: Path, when: str, held: Sequence[Path]
) -> list[Finding]:
    """Return the months without a row, and those whose money or number of rows leaves the level of the months around."""
    rows = rows_by_month(connection, quoted(parquet), when)
    if not rows:
        return []
    holes = [m for m in range(min(rows), max(rows)) if m not in rows]
    found = []
    if holes:
        months = ", ".join(f"{m // 12}-{m % 12 + 1:02d}" for m in holes[:12])
        found.append(_flag("months_missing", count=str(len(holes)), months=months))
    return [*found, *level_findings(connection, plan, parquet, when, held)]


def rounded(connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan) -> tuple[Finding, ...]:
    """Return a finding for each money column whose cells have more decimals than the three that are kept."""
    found = []
    for cell in plan.cells:
        reading = plan.readings.get(cell.target)
        if plan.table.column(cell.target).kind is not Kind.MONEY or reading is None or reading.style not in (".", ","):
            continue
        exact = f"TRY_CAST(r_{cell.target} AS DECIMAL(38,12))"
        bent = f"{exact} IS NOT NULL AND {exact} <> TRY_CAST({exact} AS {SQL_TYPE[Kind.MONEY]})"
        effect = f"coalesce(sum(TRY_CAST({exact} AS {SQL_TYPE[Kind.MONEY]}) - {exact}), 0)::VARCHAR"
        one = relation if plan.laid else layered([replace(cell, late=())], relation)
        count, changed = _one(connection, f"SELECT count(*), {effect} FROM {one} WHERE {bent}")
        if count:
            shown = f"{Decimal(changed).normalize():f}"
            found.append(_flag("rounded", column=cell.target, count=str(count), effect=shown))
    return tuple(found)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _flag(id: str, **facts: str) -> Finding:
    return Finding(id=f"finding.{id}", severity=Severity.FLAG, facts=facts)
