"""Rows on their way into one Parquet file: batch by batch, counted, then in an order and in types that depend on the rows alone.

A database hands rows out in any order it likes. Two readings of the same rows are the same bytes here, which is how a refresh knows that
there is nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxroi.errors import ConnectError
from cxroi.sql_text import exactly, named, quoted

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 20_000  # rows in memory at a time
WIDEST, SCALE = 38, 10  # of a number whose places after the point are not known before all rows are
_SCALES = (0, 2, 3, 4, 6)


def write_rows(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    folder: Path,
    *,
    most_rows: int | None,
    most_bytes: int,
    memory: str,
) -> Path:
    """Write the rows of `batches`, the first `most_rows` of them where it is given, and return the file.

    Raises ConnectError for rows that are more than `most_bytes` or have a value that its column cannot hold.
    """
    import pyarrow.parquet as pq

    raw, rows = folder / "rows", 0
    with pq.ParquetWriter(raw, schema, compression="zstd", store_schema=False) as writer:
        for batch in batches:
            part = batch if most_rows is None else batch.slice(0, most_rows - rows)
            writer.write_batch(part)
            rows += part.num_rows
            if raw.stat().st_size > most_bytes:
                raise ConnectError("connections.too_large", most=most_bytes >> 20)
            if rows == most_rows:
                break
    return _settled(raw, schema, folder, memory)


def typed_batch(columns: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Return one batch of values; raises ConnectError with the column whose value it cannot hold."""
    import pyarrow as pa

    arrays = []
    for field, values in zip(schema, columns, strict=True):
        try:
            arrays.append(pa.array(values, type=field.type))
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            raise ConnectError("connections.value", column=str(field.name)[:60]) from None
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def as_batches(cursor_rows: Iterator[Sequence[Sequence[Any]]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield rows of a cursor, which come in lists of at most `BATCH`, as batches."""
    for rows in cursor_rows:
        yield typed_batch(list(zip(*rows, strict=True)), schema)


def numbers(array: pa.Array, column: str) -> pa.Array:
    """Return exact numbers that came as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(array, pa.decimal128(WIDEST, SCALE))
    except pa.ArrowException:
        raise ConnectError("connections.value", column=column[:60]) from None


def _settled(raw: Path, schema: pa.Schema, folder: Path, memory: str) -> Path:
    """Write the rows again, in order, each number with as few places after the point as its column needs."""
    import duckdb
    import pyarrow as pa

    target, source = folder / "fetched", f"read_parquet({exactly(raw)})"
    with duckdb.connect(
        config={"threads": 1, "memory_limit": memory, "temp_directory": str(folder / "spill")}
    ) as engine:
        wide = {field.name: field.type.scale for field in schema if pa.types.is_decimal(field.type)}
        changed = ", ".join(f"{_narrow(engine, source, *one)} AS {named(one[0])}" for one in wide.items())
        chosen = f"* REPLACE ({changed})" if changed else "*"
        engine.execute(
            f"COPY (SELECT {chosen} FROM {source} ORDER BY ALL) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
        )
    raw.unlink()
    return target


def _narrow(engine: Any, source: str, name: str, most: int) -> str:
    """Return the expression that holds every value of a column exactly: a whole number where all are, else a decimal."""
    column, scales = named(name), [*(scale for scale in _SCALES if scale < most), most]
    tests = ", ".join(f"coalesce(bool_and({column} = round({column}, {scale})), true)" for scale in scales)
    fits = engine.execute(f"SELECT {tests}, coalesce(max(abs({column})), 0) FROM {source}").fetchone()
    scale = next(scale for scale, enough in zip(scales, fits, strict=False) if enough)
    whole = scale == 0 and fits[-1] < Decimal(2) ** 63
    return f"{column}::{'BIGINT' if whole else f'DECIMAL({WIDEST},{scale})'}"
