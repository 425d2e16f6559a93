"""Look at the footer of a Parquet file before a row of it is read, and find the files of a server folder or pattern."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cxroi.errors import UploadError
from cxroi.intake.readers.container import Limits

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS_A_BYTE = 10  # ten rows in a byte is a bomb: 100 million rows fit 1.7 MB
FEW_ROWS = 5_000_000


def read_columnar(path: Path, limits: Limits) -> tuple[str, ...]:
    """Return the column names of the Parquet file at `path`, or refuse it by its footer alone.

    Raises UploadError: `reader.damaged`, `upload.header_only`, `reader.too_many_columns`, `reader.parquet_type`,
    `reader.duplicate_heading`, `reader.too_many_rows`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UploadError("reader.damaged") from error
    if len(schema) > limits.columns:
        raise UploadError("reader.too_many_columns", found=len(schema), limit=limits.columns)
    if rows == 0:
        raise UploadError("upload.header_only")
    if rows > FEW_ROWS and rows > MOST_ROWS_A_BYTE * path.stat().st_size:
        raise UploadError("reader.too_many_rows", found=rows)
    seen = set()
    for column in schema:
        if column.name.casefold() in seen:
            raise UploadError("reader.duplicate_heading", heading=column.name[:40], row=0)
        seen.add(column.name.casefold())
        if not _is_exact(column.type):
            raise UploadError("reader.parquet_type", column=column.name[:40], type=str(column.type)[:40])
    return tuple(schema.names)


def _is_exact(kind: pa.DataType) -> bool:
    """Return whether every value of this type keeps its figure: no unsigned 64 bits, no decimal beyond 38 digits."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _is_exact(kind.value_type)
    if pa.types.is_decimal(kind):
        return bool(kind.precision <= 38)
    return not (pa.types.is_nested(kind) or pa.types.is_uint64(kind) or pa.types.is_binary(kind))
