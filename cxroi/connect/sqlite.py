"""A file of SQLite, opened to be read only; what a statement may do is asked of SQLite itself, step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cxroi.connect.rows import BATCH, as_batches
from cxroi.errors import ConnectError
from cxroi.sql_text import named

if TYPE_CHECKING:
    import pyarrow as pa

    from cxroi.connect.reading import Reading

_MAY = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)
_KINDS = ("integer", "real", "text", "blob")


def read(reading: Reading) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return the columns of the query and its rows."""
    import pyarrow as pa

    connection = sqlite3.connect(
        f"{reading.allowed.file(reading.source).as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    reading.close_later(connection)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.execute("BEGIN")  # one state of the file for everything that follows
    connection.set_authorizer(_only_reading)
    limited = f"(SELECT * FROM (\n{reading.source.query}\n) AS asked{reading.limit})"
    names = [column[0] for column in connection.execute(f"SELECT * FROM {limited} LIMIT 0").description]
    schema = pa.schema(list(zip(names, _types(connection, names, limited), strict=True)))
    return schema, as_batches(_rows(connection.execute(f"SELECT * FROM {limited}"), schema), schema)


def _only_reading(action: int, first: str | None, second: str | None, *where: str | None) -> int:
    """Allow what reads, and every function but the one that loads code."""
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if (second or "").lower() == "load_extension" else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _MAY else sqlite3.SQLITE_DENY


def _types(connection: sqlite3.Connection, names: Sequence[str], limited: str) -> list[pa.DataType]:
    """Return what each column holds, by its values: a column of SQLite may hold anything."""
    import pyarrow as pa

    if len(set(names)) < len(names):
        raise ConnectError("connections.twice", column=next(name for name in names if names.count(name) > 1)[:60])
    asked = ", ".join(f"max(typeof({named(name)}) = '{kind}')" for name in names for kind in _KINDS)
    found = connection.execute(f"SELECT {asked} FROM {limited}").fetchone()
    types = []
    for place, name in enumerate(names):
        whole, real, words, raw = found[place * len(_KINDS) : (place + 1) * len(_KINDS)]
        if raw:
            raise ConnectError("connections.bytes", column=name[:60])
        types.append(pa.string() if words else pa.float64() if real else pa.int64() if whole else pa.string())
    return types


def _rows(cursor: sqlite3.Cursor, schema: pa.Schema) -> Iterator[Sequence[Sequence[Any]]]:
    import pyarrow as pa

    words = [pa.types.is_string(field.type) for field in schema]
    while rows := cursor.fetchmany(BATCH):
        yield [
            [str(value) if word and value is not None else value for value, word in zip(row, words, strict=True)]
            for row in rows
        ]
