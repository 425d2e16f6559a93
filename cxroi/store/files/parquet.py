"""Canonical Parquet files by themselves: read back, measured, compared by key, copied without a customer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from cxroi.at_hand import sql_at_hand
from cxroi.errors import StoreError
from cxroi.sql_text import exactly
from cxroi.store.files.durable import said_plainly
from cxroi.tables import SQL_TYPE, Kind, Table


def measure(parquet: Sequence[Path], table: Table) -> tuple[int, dict[str, str]]:
    """Read published Parquet back: its rows, and the exact sum of each money column as decimal text.

    Raises StoreError when a column is not declared, or has another type than declared.
    """
    with sql_at_hand() as connection:
        declared = {column.name: SQL_TYPE[column.kind] for column in table.columns}
        sums: dict[str, str] = {}
        try:
            for path in parquet:
                found = described(connection, [path])
                if wrong := [name for name, type in found.items() if declared.get(name) != type]:
                    raise StoreError("store.columns_not_as_declared", table=table.name, columns=", ".join(wrong))
            money = [column.name for column in table.columns if column.kind is Kind.MONEY]
            present = described(connection, parquet)
            money = [name for name in money if name in present]
            summed = ", ".join(["count(*)", *(f'cast(sum("{name}") AS VARCHAR)' for name in money)])
            row = connection.execute(f"SELECT {summed} FROM {reader(parquet)}").fetchone()
        except duckdb.Error as error:
            raise StoreError("store.not_readable", table=table.name) from error
    if row is None:
        raise StoreError("store.not_readable", table=table.name)
    sums = {name: total for name, total in zip(money, row[1:], strict=True) if total is not None}
    return int(row[0]), sums


def overlap(held: Sequence[Path], added: Path, table: Table) -> int:
    """Return how many rows of `added` have a key that is held already; 0 where the table or the files have no key.

    A row without the first part of its key has none; the other parts may be absent, and absent equals absent.
    """
    with sql_at_hand() as connection:
        present = set(described(connection, held)) & set(described(connection, [added]))
        key = [column for column in table.key if column in present]
        if not key or key[0] != table.key[0]:
            return 0
        same = " AND ".join(
            [f'h."{key[0]}" = a."{key[0]}"', *(f'h."{k}" IS NOT DISTINCT FROM a."{k}"' for k in key[1:])]
        )
        found = connection.execute(
            f"SELECT count(*) FROM {reader([added])} AS a WHERE EXISTS (SELECT 1 FROM {reader(held)} AS h WHERE {same})"
        ).fetchall()
    return int(found[0][0])


def equal_rows(held: Sequence[Path], added: Path, *, apart_from: Sequence[str] = ()) -> int:
    """Return how many rows of `added` equal a held row in every column but those named; an absent column is empty."""
    with said_plainly(), sql_at_hand() as connection:
        sides = [(reader(files), set(described(connection, files))) for files in (held, [added])]
        names = sorted((sides[0][1] | sides[1][1]) - set(apart_from))
        before, now = (
            "SELECT hash(" + ", ".join(f'"{n}"' if n in present else "NULL" for n in names) + f") AS h FROM {source}"
            for source, present in sides
        )
        found = connection.execute(f"SELECT count(*) FROM ({now}) WHERE h IN ({before})").fetchall()
    return int(found[0][0])


def distinct(parquet: Sequence[Path], column: str) -> set[str]:
    """Return the different values of a text column; none where the files have no such column."""
    with said_plainly(), sql_at_hand() as connection:
        if column not in described(connection, parquet):
            return set()
        named = f'SELECT DISTINCT "{column}" FROM {reader(parquet)} WHERE "{column}" IS NOT NULL'
        return {str(value) for (value,) in connection.execute(named).fetchall()}


def rows_of(parquet: Path, customer_id: str) -> list[dict[str, str]]:
    """Return the rows of a file that are about a customer, as text; what is empty is left out."""
    with said_plainly(), sql_at_hand() as connection:
        source = f"{reader([parquet])} WHERE {_of_customer(connection, parquet)}"
        found = connection.execute(f"SELECT COLUMNS(*)::VARCHAR FROM {source}", {"id": customer_id})
        names = [str(column[0]) for column in found.description or ()]
        rows = found.fetchall()
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell is not None} for row in rows]


def copy_without(parquet: Path, target: Path | None, customer_id: str) -> int:
    """Return how many rows of a file are about a customer and, where a target is given, copy the others there."""
    with said_plainly(), sql_at_hand() as connection:
        source, is_theirs = reader([parquet]), _of_customer(connection, parquet)
        asked = {"id": customer_id}
        found = connection.execute(f"SELECT count(*) FROM {source} WHERE {is_theirs}", asked).fetchall()
        if target is not None:
            relation = connection.sql(f"SELECT * FROM {source} WHERE NOT ({is_theirs})", params=asked)
            relation.write_parquet(str(target), compression="zstd")
    return int(found[0][0])


def _of_customer(connection: duckdb.DuckDBPyConnection, parquet: Path) -> str:
    """Return the condition of rows about customer $id: none are in a file that names no customers, such as answers of nobody known."""
    known = "customer_id" in described(connection, [parquet])
    return f"{'customer_id' if known else 'NULL::VARCHAR'} IS NOT DISTINCT FROM $id"


def copy_without_comments(parquet: Path, target: Path | None, before: date) -> int:
    """Return how many answers of a file before a day have a comment and, where a target is given, copy the file there with these empty."""
    with said_plainly(), sql_at_hand() as connection:
        source, old = reader([parquet]), f"answered_on < DATE '{before}' AND comment IS NOT NULL"
        if "comment" not in described(connection, [parquet]):
            old = "false"
        found = connection.execute(f"SELECT count(*) FROM {source} WHERE {old}").fetchall()
        if target is not None:
            emptied = f" REPLACE (CASE WHEN {old} THEN NULL ELSE comment END AS comment)" if old != "false" else ""
            connection.sql(f"SELECT *{emptied} FROM {source}").write_parquet(str(target), compression="zstd")
    return int(found[0][0])


def naming(parquet: Path, columns: Sequence[str], customer_id: str) -> dict[str, int]:
    """Return in how many rows each text column names a customer, whatever the case of its letters.

    A text names them where it holds the number as a word of its own, a number of somebody where it is no other.
    """
    word = rf"(^|[^\p{{L}}\p{{N}}_]){re.escape(customer_id)}($|[^\p{{L}}\p{{N}}_])"
    with said_plainly(), sql_at_hand() as connection:
        present = [name for name in columns if name in described(connection, [parquet])]
        if not present:
            return {}
        names = (
            "lower(trim(customer_id)) = lower(trim($2))"
            if name == "customer_id"
            else f"regexp_matches(\"{name}\", $1, 'i')"
            for name in present
        )
        counts = ", ".join(f"count(*) FILTER ({one})" for one in names)
        row = connection.execute(f"SELECT {counts}, $1, $2 FROM {reader([parquet])}", [word, customer_id]).fetchone()
    return dict(zip(present, row or (), strict=False))


def written_otherwise(parquet: Sequence[Path], column: str, words: str) -> str | None:
    """Return a value of a text column that differs from `words` in nothing but the case of its letters and space around it."""
    if not parquet:
        return None
    with said_plainly(), sql_at_hand() as connection:
        if column not in described(connection, parquet):
            return None
        found = connection.execute(
            f'SELECT min("{column}") FROM {reader(parquet)} WHERE lower(trim("{column}")) = lower(trim(?))', [words]
        ).fetchone()
    return None if found is None else found[0]


def described(connection: duckdb.DuckDBPyConnection, parquet: Sequence[Path]) -> dict[str, str]:
    """Return the columns of some files and their types."""
    return {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {reader(parquet)}").fetchall()}


def reader(parquet: Sequence[Path]) -> str:
    """Return what to select from to read exactly these files, columns matched by name."""
    return f"read_parquet([{', '.join(map(exactly, parquet))}], union_by_name = true)"
