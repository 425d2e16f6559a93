"""Every row goes one way: into the canonical Parquet, or aside with its place, its value and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import duckdb

from cxroi.intake.report import Reject
from cxroi.intake.rows.flags import DUPLICATE
from cxroi.intake.rows.relation import PARQUET
from cxroi.intake.settle.plan import Plan
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import named, quoted

OURS = ("cxroi_row", "cxroi_column", "cxroi_reason")  # first columns of a rejects file
SHOWN = 1_000  # rejects that travel in the report; the file has all


def write_good(connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, out: Path, *, unless: str = "") -> int:
    """Write the rows of `relation` that have no reason to be rejected as canonical Parquet and return how many they are."""
    where = unless or plan.sound()
    query = f"COPY (SELECT {plan.select()} FROM {plan.over(relation)} WHERE {where}) TO {quoted(out)} ({PARQUET})"
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def find_problems(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    faults: Sequence[tuple[int, str]] = (),
    *,
    keyed: bool = True,
) -> int:
    """Collect (place, problems as 'target|reason?facts') of the bad rows in the table `problems`, return how many they are.

    `faults` are problems that a reader has found in cells already.

    In a table with a key only the first row of each key stays, unless `keyed` is false because rows of one key are put together later.
    """
    reasons = [
        f"CASE WHEN {sql} THEN '{cell.target}|{reason}?{urlencode(cell.facts)}' END"
        for cell in plan.cells
        for reason, sql in cell.problems
    ]
    found = f"list_filter([{', '.join(reasons) or 'NULL::VARCHAR'}], lambda x: x IS NOT NULL)"
    connection.execute("CREATE OR REPLACE TEMP TABLE faults (row BIGINT, problem VARCHAR)")
    if faults:
        connection.executemany("INSERT INTO faults VALUES (?, ?)", list(faults))
        known = "(SELECT row AS fault_row, list(problem) AS faults FROM faults GROUP BY row)"
        relation = f"(SELECT * FROM {relation} AS s LEFT JOIN {known} ON s.row = fault_row)"
        found = f"list_concat(coalesce(faults, []), {found})"
    key = _key(plan) if keyed else ()
    twice = "false"
    if key:
        values = {cell.target: cell.value for cell in plan.cells}
        over = ", ".join(values[name] for name in key if name in values)
        twice = f"({' AND '.join(f'{values[n]} IS NOT NULL' for n in key[:1])}) AND row_number() OVER (PARTITION BY {over}, ({plan.sound()}) ORDER BY row, place) > 1"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE problems AS SELECT place, problems FROM (SELECT place, CASE WHEN len(problems) = 0 AND twice "
        f"THEN ['{key[0] if key else ''}|{DUPLICATE}?'] ELSE problems END AS problems "
        f"FROM (SELECT place, {found} AS problems, {twice} AS twice FROM {plan.over(relation)})) WHERE len(problems) > 0"
    )
    row = connection.execute("SELECT count(*) FROM problems").fetchone()
    assert row is not None
    return int(row[0])


def _key(plan: Plan) -> tuple[str, ...]:
    """Return the key columns that the file has; `segment` may be absent where everything is one."""
    here = {cell.target for cell in plan.cells}
    return (
        tuple(name for name in plan.table.key if name in here)
        if plan.table.key[:1] and plan.table.key[0] in here
        else ()
    )


def duplicates(connection: duckdb.DuckDBPyConnection, plan: Plan, parquet: Path) -> int:
    """Return how many rows of a canonical file repeat a key."""
    key = _key(plan)
    if not key:
        return 0
    names = ", ".join(f'"{name}"' for name in key)
    row = connection.execute(
        f'SELECT count("{key[0]}") - count(DISTINCT CASE WHEN "{key[0]}" IS NOT NULL THEN ({names}) END) FROM {quoted(parquet)}'
    ).fetchone()
    assert row is not None
    return int(row[0])


def rejects(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, source: SourceTable
) -> tuple[Reject, ...]:
    """Return the first rejected rows with what was found in the cell that decided."""
    texts = " ".join(f"WHEN '{cell.target}' THEN {cell.text}" for cell in plan.cells)
    found = connection.execute(
        f"SELECT row, target, CASE target {texts} END, reason, others FROM (SELECT s.*, split_part(problems[1], '|', 1) AS target, "
        f"split_part(problems[1], '|', 2) AS reason, len(problems) - 1 AS others FROM {relation} AS s JOIN problems USING (place)) "
        f"ORDER BY row, place LIMIT {SHOWN}"
    ).fetchall()
    heading = {t: source.headings[i] for t, i in plan.match.mapping.items()}
    return tuple(
        Reject(
            row=int(row),
            column=heading.get(target, target),
            value=(value or "")[:200],
            reason=reason.partition("?")[0],
            facts={**dict(parse_qsl(reason.partition("?")[2])), **({"others": str(others)} if others else {})},
        )
        for row, target, value, reason, others in found
    )


def write_rejects(
    connection: duckdb.DuckDBPyConnection,
    relation: str | None,
    source: SourceTable,
    ragged: Sequence[Reject],
    out: Path,
) -> None:
    """Write the rejected rows as they came, after three columns of ours: row, columns, and reasons as `id?facts` (see `upload.rejects_csv`)."""
    kept = [i for i, heading in enumerate(source.own_headings) if heading not in OURS]
    names = ", ".join(named(source.headings[i] or f"c{i}") for i in kept)
    cells = ", ".join(f"c{i}" for i in kept)
    connection.execute("CREATE OR REPLACE TEMP TABLE ragged_rows (row BIGINT, value VARCHAR, reason VARCHAR)")
    if ragged:
        values = [(r.row, r.value, f"{r.reason}?{urlencode(r.facts)}") for r in ragged]
        connection.executemany("INSERT INTO ragged_rows VALUES (?, ?, ?)", values)
    blanks = ", ".join(["value"] + ["NULL"] * (len(kept) - 1))
    joined = "list_aggregate(list_transform(problems, lambda x: split_part(x, '|', {})), 'string_agg', '; ')"
    parts = [f"SELECT row, '', reason, {blanks} FROM ragged_rows"]
    if relation is not None:
        parts.append(
            f"SELECT row, {joined.format(1)}, {joined.format(2)}, {cells} FROM {relation} JOIN problems USING (place)"
        )
    connection.execute(
        f"COPY (SELECT * FROM ({' UNION ALL '.join(parts)}) AS t({', '.join(OURS)}, {names}) ORDER BY 1) "
        f"TO {quoted(out)} (FORMAT csv, HEADER)"
    )
