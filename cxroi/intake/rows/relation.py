"""The cells of one source table as a DuckDB relation with `row` and `c0`..`cN`, read where they lie or staged as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from cxroi.intake.columns.conventions import macros
from cxroi.intake.columns.native import is_number
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import exactly, quoted

# A dictionary is tried for as long as it stays small: giving up late on ids costs a fifth of the whole write.
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 5000"


def connect(work: Path, *, memory: str, threads: int) -> duckdb.DuckDBPyConnection:
    """Return an engine that spills below `work`, loads no extension, and knows the macros that read a cell."""
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(work / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        }
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute(macros())
    return connection


def cells(source: SourceTable) -> str:
    """Return the SQL of a source's cells as they are, without row numbers where the file has none."""
    if not source.constants:
        return _own_cells(source)
    first = len(source.own_headings)
    given = ", ".join(f"{quoted(value)} AS c{first + k}" for k, (_, value) in enumerate(source.constants))
    return f"(SELECT *, {given} FROM {_own_cells(source)})"


def _own_cells(source: SourceTable) -> str:
    if source.csv is not None:
        dialect = source.csv
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(dialect.columns))
        return (
            f"read_csv({exactly(dialect.path)}, auto_detect=false, header=false, skip={dialect.header_row}, "
            f"delim={quoted(dialect.delimiter)}, quote={quoted(dialect.quote)}, escape={quoted(dialect.quote)}, "
            f"columns={{{columns}}}, nullstr='', strict_mode=true, max_line_size=1048576)"
        )
    if source.text_parquet is not None:
        return placed(source.text_parquet)
    files = ", ".join(exactly(path) for path in source.parquet)
    names = ", ".join(f'"{h.replace(chr(34), chr(34) * 2)}" AS c{i}' for i, h in enumerate(source.own_headings))
    return f"(SELECT file_row_number + 1 AS row, {names} FROM read_parquet([{files}], file_row_number=true))"


def placed(path: Path) -> str:
    """Return the SQL of a Parquet file with the place of each row in it: `row` is that of the file a person sent, which may hold several."""
    return f"(SELECT * RENAME (file_row_number AS place) FROM read_parquet({exactly(path)}, file_row_number=true))"


def with_types(connection: duckdb.DuckDBPyConnection, source: SourceTable) -> SourceTable:
    """Return a Parquet source with what its columns hold; numbers among them are never read as text in some convention."""
    if not source.parquet:
        return source
    described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (row) FROM {cells(source)}").fetchall()
    types = tuple(row[1] for row in described)
    return replace(source, types=types, mixed_numbers=tuple(i for i, kind in enumerate(types) if is_number(kind)))


def numbered(source: SourceTable) -> str:
    """Return the SQL of a regular source's cells with the row that a spreadsheet would show."""
    if source.csv is None:
        return cells(source)
    return f"(SELECT row_number() OVER () + {source.csv.header_row} AS row, row AS place, * FROM {cells(source)})"


def count(connection: duckdb.DuckDBPyConnection, source: SourceTable) -> int:
    """Return how many rows a source has."""
    if source.csv is not None and not source.csv.quoted:
        return source.csv.lines
    row = connection.execute(f"SELECT count(*) FROM {cells(source)}").fetchone()
    assert row is not None
    return int(row[0])


def sample(connection: duckdb.DuckDBPyConnection, source: SourceTable, rows: int) -> list[list[str]]:
    """Return the first cells of each column as text."""
    names = ", ".join(f"c{i}::VARCHAR" for i in range(len(source.headings)))
    found = connection.execute(f"SELECT {names} FROM {cells(source)} LIMIT {rows}").fetchall()
    return [[row[i] or "" for row in found] for i in range(len(source.headings))]


def stage(connection: duckdb.DuckDBPyConnection, source: SourceTable, work: Path) -> str:
    """Write a source's cells as text with row numbers, unless a reader has, and return the relation."""
    if source.text_parquet is not None:
        return cells(source)
    out = work / "cells.parquet"
    texts = ", ".join(
        [f"c{i}::VARCHAR AS c{i}" for i in range(len(source.headings))]
        + [f"true AS n{i}" for i in source.mixed_numbers]
    )
    connection.execute(
        f"COPY (SELECT row, {texts} FROM {numbered(source)}) TO {quoted(out)} (FORMAT parquet, COMPRESSION lz4_raw)"
    )
    return placed(out)
