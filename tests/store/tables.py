"""Small typed tables for the tests of the store: rows in, canonical Parquet out."""

from __future__ import annotations

from pathlib import Path

import duckdb

from cxroi.tables import SQL_TYPE, TABLES


def parquet(path: Path, table: str, rows: list[dict[str, object]]) -> Path:
    """Write `rows` as the Parquet that an upload would publish for `table`; values are given as text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    declared = TABLES[table]
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" {SQL_TYPE[declared.column(name).kind]}' for name in names)
        connection.execute(f"CREATE TABLE staged ({columns})")
        marks = "(" + ", ".join("?" for _ in names) + ")"
        values = [row.get(name) for row in rows for name in names]
        connection.execute(f"INSERT INTO staged VALUES {', '.join([marks] * len(rows))}", values)
        connection.execute(f"COPY staged TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    return path


def costs(path: Path, *amounts: str, month: str = "2025-01-01") -> Path:
    """Write a ledger with these amounts in one month."""
    return parquet(path, "costs", [{"period": month, "amount": amount} for amount in amounts])
