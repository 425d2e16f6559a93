"""MySQL and MariaDB by PyMySQL: rows from an unbuffered cursor, some thousand at a time, in a read-only transaction."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cxroi.connect.rows import BATCH, as_batches
from cxroi.errors import ConnectError

if TYPE_CHECKING:
    import pyarrow as pa

    from cxroi.connect.reading import Reading

_NO_DAY = "0000-00-00"  # how MySQL writes that there is none
_BINARY = 63  # the character set of bytes


def read(reading: Reading) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return the columns of the query and its rows.

    The server itself holds what must hold: the query stands inside another one, only one is taken at a time, and the transaction is read only.
    """
    import pyarrow as pa

    try:
        import pymysql
        from pymysql.cursors import SSCursor
    except ImportError:
        raise ConnectError("connections.no_driver", kind="MySQL, MariaDB") from None
    source = reading.source
    connection = pymysql.connect(
        host=source.host,  # for the certificate: the socket is connected to the address that was checked
        port=source.port,
        user=source.user,
        password=reading.secret,
        database=source.path,
        charset="utf8mb4",
        local_infile=False,
        read_timeout=reading.seconds,
        write_timeout=reading.seconds,
        defer_connect=True,
        ssl=_encryption(reading),
    )
    reading.close_later(connection)
    connection.connect(socket.create_connection((reading.address, source.port), timeout=reading.patience))
    cursor = connection.cursor(SSCursor)
    cursor.execute("SET SESSION TRANSACTION READ ONLY")
    cursor.execute("START TRANSACTION READ ONLY")
    cursor.execute(f"SELECT * FROM (\n{source.query}\n) AS asked{reading.limit}")
    types = [_type(column, field) for column, field in zip(cursor.description, cursor._result.fields, strict=True)]
    schema = pa.schema([(column[0], kind) for column, kind in zip(cursor.description, types, strict=True)])
    return schema, as_batches(_rows(cursor, types), schema)


def _encryption(reading: Reading) -> ssl.SSLContext | None:
    return None if reading.allowed.may_be_read(reading.source) else reading.encryption()


def _rows(cursor: Any, types: Sequence[pa.DataType]) -> Iterator[Sequence[Sequence[Any]]]:
    import pyarrow as pa

    days = [pa.types.is_temporal(kind) for kind in types]
    while rows := cursor.fetchmany(BATCH):
        yield [[_plain(value, is_day=day) for value, day in zip(row, days, strict=True)] for row in rows]


def _plain(value: Any, *, is_day: bool) -> Any:
    if is_day and isinstance(value, str) and value.startswith(_NO_DAY):
        return None
    return str(value) if isinstance(value, timedelta) else value


def _type(column: Sequence[Any], field: Any) -> pa.DataType:
    """Return the type of a column; its numbers stay exact, and what has no type of ours is read as text."""
    import pyarrow as pa
    from pymysql.constants import FIELD_TYPE

    kind = column[1]
    if kind in (FIELD_TYPE.DECIMAL, FIELD_TYPE.NEWDECIMAL):
        return pa.decimal128(38, min(int(field.scale), 38))
    if kind in (FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.LONG, FIELD_TYPE.INT24, FIELD_TYPE.YEAR):
        return pa.int64()
    if kind == FIELD_TYPE.LONGLONG:
        return pa.decimal128(20, 0) if field.flags & 32 else pa.int64()  # 32: unsigned
    if kind in (FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE):
        return pa.float64()
    if kind in (FIELD_TYPE.DATE, FIELD_TYPE.NEWDATE):
        return pa.date32()
    if kind in (FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP):
        return pa.timestamp("us")
    if (
        field.length
        and field.charsetnr == _BINARY
        and kind
        in (  # none at all has no length
            FIELD_TYPE.BLOB,
            FIELD_TYPE.TINY_BLOB,
            FIELD_TYPE.MEDIUM_BLOB,
            FIELD_TYPE.LONG_BLOB,
            FIELD_TYPE.STRING,
            FIELD_TYPE.VAR_STRING,
            FIELD_TYPE.BIT,
            FIELD_TYPE.GEOMETRY,
        )
    ):
        raise ConnectError("connections.bytes", column=str(column[0])[:60])
    return pa.string()
