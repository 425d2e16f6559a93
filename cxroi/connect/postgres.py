"""PostgreSQL by its ADBC driver: Arrow batches over COPY, in a read-only transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cxroi.connect.rows import SCALE, WIDEST, numbers
from cxroi.errors import ConnectError
from cxroi.sql_text import named

if TYPE_CHECKING:
    import pyarrow as pa

    from cxroi.connect.reading import Reading

# How each type is read: as it is, or cast by the server into what a table of ours can hold. Every other type is read as text.
_AS_IT_IS = ("int2", "int4", "int8", "float4", "float8", "text", "varchar", "date", "timestamp", "bool")
_EXACT = ("numeric", "money")
_TYPE = b"POSTGRESQL:type"


def read(reading: Reading) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """Return the columns of the query and its rows.

    The server itself holds what must hold: the query stands inside another one, where only a query can stand and only one, and the
    transaction is read only.
    """
    try:
        import adbc_driver_postgresql.dbapi as driver
    except ImportError:
        raise ConnectError("connections.no_driver", kind="PostgreSQL") from None
    connection = driver.connect(_address(reading))
    reading.close_later(connection)
    cursor = connection.cursor()
    reading.close_later(cursor)  # its rows end when nobody holds it
    inner = f"(\n{reading.source.query}\n) AS asked"
    found = cursor.adbc_execute_schema(f"SELECT * FROM {inner}")
    kinds = [(field.name, (field.metadata or {}).get(_TYPE, b"").decode()) for field in found]
    casts = ", ".join(_cast(name, kind) for name, kind in kinds)
    cursor.execute(f"SELECT {casts} FROM {inner}{reading.limit}")
    stream = cursor.fetch_record_batch()
    exact = {name for name, kind in kinds if kind in _EXACT}
    return _schema(stream.schema, exact), _batches(stream, exact)


def _address(reading: Reading) -> str:
    """Return what libpq connects with: the address that was checked, the name for the certificate, and nothing of this account's own settings."""
    source = reading.source
    encrypted = not reading.allowed.may_be_read(source)
    facts = {
        "host": source.host,
        "hostaddr": reading.address,
        "port": str(source.port),
        "dbname": source.path,
        "user": source.user,
        "password": reading.secret,
        "connect_timeout": str(round(reading.patience)),
        "sslmode": "verify-full" if encrypted else "prefer",
        "sslrootcert": reading.authorities() or "system",
        **{"passfile": "/dev/null", "sslcert": "", "sslkey": "", "gssencmode": "disable", "application_name": "cxroi"},
        "options": f"-c default_transaction_read_only=on -c statement_timeout={reading.seconds * 1000:.0f}",
    }
    if not encrypted:
        del facts["sslrootcert"]
    return " ".join(f"{name}={_value(value)}" for name, value in facts.items())


def _value(words: str) -> str:
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _cast(name: str, kind: str) -> str:
    column = named(name)
    if kind in _AS_IT_IS:
        return column
    if kind in _EXACT:
        return f"{column}::numeric({WIDEST},{SCALE})::text AS {column}"
    return f"{column}::{'timestamp' if kind == 'timestamptz' else 'text'} AS {column}"


def _schema(found: pa.Schema, exact: set[str]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(f.name, pa.decimal128(WIDEST, SCALE) if f.name in exact else f.type) for f in found])


def _batches(stream: Any, exact: set[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    schema = _schema(stream.schema, exact)
    for batch in stream:
        arrays = [
            numbers(array, field.name) if field.name in exact else array
            for field, array in zip(batch.schema, batch.columns, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
