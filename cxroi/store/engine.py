"""Ask a question of one version of the data: the only door to DuckDB, locked down, a cursor per use, never for long."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import duckdb

from cxroi.errors import StoreError
from cxroi.store.contract import Contract, read_contract
from cxroi.store.version import TableVersion, Version
from cxroi.tables import SQL_TYPE, TABLES, Kind, Table

if TYPE_CHECKING:
    import pandas as pd

_SHARED_VIEWS = ("dated_customers",)  # queries that other queries read from
_SHARED_TABLES = ("customer_orders", "customer_segments")  # the same, kept once they were computed
_FORMULA_START = r"^[=+\-@|%\t\r\n＝＋－＠]"


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """How much of the machine one engine may take; the environment can say otherwise.

    CXROI_MEMORY_LIMIT (such as 2GB), CXROI_THREADS, CXROI_SPILL_FOLDER, CXROI_QUERY_SECONDS.
    """

    memory_limit: str = "1GB"
    threads: int = 2
    spill_folder: Path | None = None
    query_seconds: float = 20.0

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> EngineSettings:
        """Return the settings that the environment asks for."""
        asked = os.environ if environment is None else environment
        folder = asked.get("CXROI_SPILL_FOLDER")
        return cls(
            memory_limit=asked.get("CXROI_MEMORY_LIMIT", cls.memory_limit),
            threads=int(asked.get("CXROI_THREADS", cls.threads)),
            spill_folder=Path(folder) if folder else None,
            query_seconds=float(asked.get("CXROI_QUERY_SECONDS", cls.query_seconds)),
        )


class Engine:
    """One version of the data, ready to be queried. Every declared table is there; one that was not loaded has no rows.

    Thread-safe: each use has its own cursor.
    """

    def __init__(self, version: Version, settings: EngineSettings, connection: duckdb.DuckDBPyConnection) -> None:
        self.version = version
        self.settings = settings
        self._connection = connection
        self._making_tables = threading.RLock()
        self._tables_to_make = set(_SHARED_TABLES)

    @classmethod
    def on(cls, version: Version, settings: EngineSettings | None = None) -> Engine:
        """Open an engine on `version`, after making sure that its bytes are those that were published."""
        version.ensure_whole()
        settings = settings or EngineSettings.of_environment()
        paths = [path for table in version.tables.values() for path in table.files]
        connection = _restricted_connection(paths, settings)
        for name, table in TABLES.items():
            loaded = version.tables.get(name)
            connection.execute(_view(table, loaded.files if loaded else (), _columns(connection, loaded)))
        for name in _SHARED_VIEWS:
            connection.execute(f"CREATE VIEW {name} AS {contract_of(name).sql}")
        connection.execute("SET lock_configuration = true")
        return cls(version, settings, connection)

    def query(self, name: str, **parameters: object) -> pd.DataFrame:
        """Run `sql/<name>.sql` and return its small result; its header says which parameters and columns it has."""
        contract = contract_of(name)
        contract.check(parameters)
        self._make_tables(contract)
        with self._cursor() as cursor:
            return cursor.execute(contract.sql, contract.bound(parameters)).df()

    def describe(self, name: str) -> list[tuple[str, str]]:
        """Return the columns and types that `sql/<name>.sql` really has."""
        contract = contract_of(name)
        self._make_tables(contract)
        with self._cursor() as cursor:
            rows = cursor.execute(f"DESCRIBE {contract.sql}", contract.bound(contract.nulls())).fetchall()
        return [(row[0], row[1]) for row in rows]

    def copy_table(self, table: str, out: Path) -> int:
        """Write the accepted rows of one table to `out`, as its ending says (.csv or .parquet), and return how many.

        In CSV a text that a spreadsheet would run as a formula gets an apostrophe before it.
        """
        declared, loaded = TABLES.get(table), self.version.tables.get(table)
        if declared is None or loaded is None:
            raise StoreError("store.table_not_loaded", table=table, loaded=", ".join(self.version.tables) or "-")
        kind = out.suffix.lower()
        if kind not in {".csv", ".parquet"}:
            raise StoreError("store.unknown_format", format=kind or out.name)
        options = "FORMAT csv, HEADER" if kind == ".csv" else "FORMAT parquet, COMPRESSION zstd"
        with duckdb.connect() as connection:  # a connection of its own: the engine's may write nothing
            present = _columns(connection, loaded)
            connection.execute(_view(declared, loaded.files, present))
            shown = ", ".join(
                _inert(column.name) if kind == ".csv" and SQL_TYPE[column.kind] == "VARCHAR" else f'"{column.name}"'
                for column in declared.columns
                if column.name in present
            )
            # COPY has no parameter for its target and a name may hold anything, so the target is written inside quotes
            target = str(out).replace("'", "''")
            try:
                counted = connection.execute(f"COPY (SELECT {shown} FROM {table}) TO '{target}' ({options})").fetchone()
            except duckdb.IOException as error:
                raise StoreError("store.cannot_write_file", file=out.name) from error
        return int(counted[0]) if counted else 0

    def _make_tables(self, contract: Contract) -> None:
        with self._making_tables:
            for name in [n for n in _SHARED_TABLES if n in contract.sql and n != contract.name]:
                if name in self._tables_to_make:
                    self._make_tables(contract_of(name))
                    with self._cursor() as cursor:
                        cursor.execute(f"CREATE TABLE {name} AS {contract_of(name).sql}")
                    self._tables_to_make.discard(name)

    def close(self) -> None:
        """Let go of memory and spilled files."""
        self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        timer = threading.Timer(self.settings.query_seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        except duckdb.InterruptException as error:
            raise StoreError("store.query_too_long", seconds=self.settings.query_seconds) from error
        except duckdb.OutOfMemoryException as error:
            raise StoreError("store.query_too_large", limit=self.settings.memory_limit) from error
        finally:
            timer.cancel()
            cursor.close()


@cache
def contract_of(name: str) -> Contract:
    """Return the query called `name` with the contract in its header."""
    source = files("cxroi.store").joinpath("sql", f"{name}.sql")
    if not name.isidentifier() or not source.is_file():
        raise StoreError("store.unknown_query", query=name)
    return read_contract(name, source.read_text(encoding="utf-8"))


def query_names() -> list[str]:
    """Return the names of all queries."""
    return sorted(
        entry.name.removesuffix(".sql")
        for entry in files("cxroi.store").joinpath("sql").iterdir()
        if entry.name.endswith(".sql")
    )


def measure(parquet: Sequence[Path], table: Table) -> tuple[int, dict[str, str]]:
    """Read published Parquet back: its rows, and the exact sum of each money column as decimal text.

    Raises StoreError when a column is not declared, or has another type than declared.
    """
    with duckdb.connect(config={"threads": 2}) as connection:
        declared = {column.name: SQL_TYPE[column.kind] for column in table.columns}
        sums: dict[str, str] = {}
        try:
            for path in parquet:
                found = _described(connection, [path])
                if wrong := [name for name, type in found.items() if declared.get(name) != type]:
                    raise StoreError("store.columns_not_as_declared", table=table.name, columns=", ".join(wrong))
            money = [column.name for column in table.columns if column.kind is Kind.MONEY]
            present = _described(connection, parquet)
            money = [name for name in money if name in present]
            summed = ", ".join(["count(*)", *(f'cast(sum("{name}") AS VARCHAR)' for name in money)])
            row = connection.execute(f"SELECT {summed} FROM {_reader(parquet)}").fetchone()
        except duckdb.Error as error:
            raise StoreError("store.not_readable", table=table.name) from error
    if row is None:
        raise StoreError("store.not_readable", table=table.name)
    sums = {name: total for name, total in zip(money, row[1:], strict=True) if total is not None}
    return int(row[0]), sums


def overlap(held: Sequence[Path], added: Path, table: Table) -> int:
    """Return how many rows of `added` have a key that is held already; 0 where the table or the files have no key."""
    with duckdb.connect(config={"threads": 2}) as connection:
        present = set(_described(connection, held)) & set(_described(connection, [added]))
        if not table.key or not present.issuperset(table.key):
            return 0
        key = ", ".join(f'"{column}"' for column in table.key)
        found = connection.execute(
            f"SELECT count(*) FROM {_reader([added])} SEMI JOIN {_reader(held)} USING ({key})"
        ).fetchall()
    return int(found[0][0])


def copy_without(parquet: Path, target: Path | None, customer_id: str) -> int:
    """Return how many rows of a file are about a customer and, where a target is given, copy the others there."""
    with duckdb.connect(config={"threads": 2}) as connection:
        source = _reader([parquet])
        found = connection.execute(f"SELECT count(*) FROM {source} WHERE customer_id = ?", [customer_id]).fetchall()
        if target is not None:
            relation = connection.sql(
                f"SELECT * FROM {source} WHERE customer_id IS DISTINCT FROM ?", params=[customer_id]
            )
            relation.write_parquet(str(target), compression="zstd")
    return int(found[0][0])


def _restricted_connection(paths: Sequence[Path], settings: EngineSettings) -> duckdb.DuckDBPyConnection:
    spill = settings.spill_folder or Path(gettempdir()) / f"cxroi-spill-{os.getpid()}"
    connection = duckdb.connect(config={"threads": settings.threads, "memory_limit": settings.memory_limit})
    allowed = ", ".join(sorted({_quoted(pattern) for path in paths for pattern in (str(path), _literal(path))}))
    for statement in (
        f"SET temp_directory = {_quoted(str(spill))}",
        "SET python_enable_replacements = false",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        f"SET allowed_paths = [{allowed}]",
        "SET enable_external_access = false",
        "SET preserve_insertion_order = false",
    ):
        connection.execute(statement)
    return connection


def _view(table: Table, parquet: Sequence[Path], present: Mapping[str, str]) -> str:
    """Return the view of a table with every declared column; one that no file has is empty of its type."""
    columns = ", ".join(
        f'"{column.name}"' if column.name in present else f'cast(NULL AS {SQL_TYPE[column.kind]}) AS "{column.name}"'
        for column in table.columns
    )
    source = f"FROM {_reader(parquet)}" if parquet else "WHERE false"
    return f"CREATE VIEW {table.name} AS SELECT {columns} {source}"


def _columns(connection: duckdb.DuckDBPyConnection, loaded: TableVersion | None) -> dict[str, str]:
    return _described(connection, loaded.files) if loaded else {}


def _described(connection: duckdb.DuckDBPyConnection, parquet: Sequence[Path]) -> dict[str, str]:
    return {row[0]: row[1] for row in connection.execute(f"DESCRIBE SELECT * FROM {_reader(parquet)}").fetchall()}


def _reader(parquet: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(_quoted(_literal(path)) for path in parquet)}], union_by_name = true)"


def _literal(path: Path) -> str:
    """Return `path` so that DuckDB takes it as one file: in its reader [, * and ? are patterns."""
    return "".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _inert(column: str) -> str:
    mark = f"""CASE WHEN regexp_matches("{column}", '{_FORMULA_START}') THEN '''' ELSE '' END"""
    return f'{mark} || "{column}" AS "{column}"'
