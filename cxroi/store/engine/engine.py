"""Ask a question of one version of the data: the only door to DuckDB, locked down, a cursor per use, never for long."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import duckdb

from cxroi.at_hand import sql_at_hand
from cxroi.errors import StoreError
from cxroi.live_text import inert_sql
from cxroi.model.satisfaction.scales import SCORE_RULES
from cxroi.sql_text import one_file, quoted
from cxroi.store.engine.contract import Contract, read_contract
from cxroi.store.files.leftovers import Mark, spill_folder
from cxroi.store.files.parquet import described, reader
from cxroi.store.versions.version import TableVersion, Version
from cxroi.tables import SQL_TYPE, TABLES, Table

if TYPE_CHECKING:
    import pandas as pd
from cxroi.store.settings import EngineSettings

_SHARED_VIEWS = (
    "dated_customers",
    "daily_orders",
    "ledger_lines",
    "scored_answers",
    "comment_tokens",
)  # queries that other queries read from
_SHARED_TABLES = ("customer_orders", "customer_segments")  # the same, kept once they were computed


def shared_queries_of(sql: str, among: Sequence[str] = (*_SHARED_VIEWS, *_SHARED_TABLES)) -> list[str]:
    """Return the queries that a query reads from; a name in a comment, a text or a longer name is none.

    >>> shared_queries_of("-- as customer_orders\\nSELECT 'customer_orders' FROM customer_orders_by_day, customer_segments")
    ['customer_segments']
    """
    spoken = re.sub(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", " ", sql, flags=re.DOTALL)
    return [name for name in among if re.search(rf"\b{name}\b", spoken)]


class Engine:
    """One version of the data, ready to be queried. Every declared table is there; one that was not loaded has no rows.

    Thread-safe: each use has its own cursor.
    """

    def __init__(
        self,
        version: Version,
        settings: EngineSettings,
        connection: duckdb.DuckDBPyConnection,
        mark: Mark | None = None,
    ) -> None:
        self.version = version
        self.settings = settings
        self._connection = connection
        self._mark = mark
        self._making_tables = threading.RLock()
        self._tables_to_make = set(_SHARED_TABLES)

    @classmethod
    def on(cls, version: Version, settings: EngineSettings | None = None) -> Engine:
        """Open an engine on `version`, after making sure that its bytes are those that were published."""
        version.ensure_whole()
        settings = settings or EngineSettings.of_environment()
        paths = [path for table in version.tables.values() for path in table.files]
        spill, mark = _spill(settings, version.folder.parents[1])
        connection = _restricted_connection(paths, settings, spill)
        for name, table in TABLES.items():
            loaded = version.tables.get(name)
            connection.execute(_view(table, loaded.files if loaded else (), _columns(connection, loaded)))
        for name in _SHARED_VIEWS:
            connection.execute(f"CREATE VIEW {name} AS {_ruled(contract_of(name))}")
        connection.execute("SET lock_configuration = true")
        return cls(version, settings, connection, mark)

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
        with sql_at_hand() as connection:  # the engine's own may write nothing
            present = _columns(connection, loaded)
            connection.execute(_view(declared, loaded.files, present, kept="TEMP VIEW"))
            shown = ", ".join(
                inert_sql(column.name) if kind == ".csv" and SQL_TYPE[column.kind] == "VARCHAR" else f'"{column.name}"'
                for column in declared.columns
                if column.name in present
            )
            # COPY has no parameter for its target and a name may hold anything, so the target is written inside quotes
            copy = f"COPY (SELECT {shown} FROM {table}) TO {quoted(out)} ({options})"
            try:
                counted = connection.execute(copy).fetchone()
            except duckdb.IOException as error:
                raise StoreError("store.cannot_write_file", file=out.name) from error
        return int(counted[0]) if counted else 0

    def _make_tables(self, contract: Contract) -> None:
        with self._making_tables:
            for name in [n for n in shared_queries_of(contract.sql, _SHARED_TABLES) if n != contract.name]:
                if name in self._tables_to_make:
                    self._make_tables(contract_of(name))
                    with self._cursor() as cursor:
                        cursor.execute(f"CREATE TABLE {name} AS {contract_of(name).sql}")
                    self._tables_to_make.discard(name)

    def close(self) -> None:
        """Let go of memory and spilled files."""
        self._connection.close()
        if self._mark is not None:
            self._mark.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self._connection.cursor()
        seconds = self.settings.seconds_for(sum(table.rows for table in self.version.tables.values()))
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield cursor
        except duckdb.InterruptException as error:
            raise StoreError("store.query_too_long", seconds=round(seconds, 1)) from error
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


def _spill(settings: EngineSettings, workspace: Path) -> tuple[Path, Mark | None]:
    """Return a folder for what does not fit into memory, where only its owner can look, and the mark that keeps it."""
    elsewhere = (settings.spill_folder or Path(gettempdir()) / "cxroi-spill") / str(os.getpid())
    if not os.access(workspace, os.W_OK):
        return elsewhere, None
    try:
        mark = Mark(workspace)
        spill = spill_folder(workspace, settings.spill_folder) / mark.token
        spill.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:  # a full disk: what fits into memory can be answered all the same
        return elsewhere, None
    return spill, mark


def _restricted_connection(paths: Sequence[Path], settings: EngineSettings, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a connection that reads these files, spills into one folder, and no more."""
    with suppress(OSError):  # no room to spill: a query that needs it says so
        spill.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = duckdb.connect(config={"threads": settings.threads, "memory_limit": settings.memory_limit})
    allowed = ", ".join(sorted({quoted(pattern) for path in paths for pattern in (str(path), one_file(path))}))
    for statement in (
        f"SET temp_directory = {quoted(spill)}",
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


def _view(table: Table, parquet: Sequence[Path], present: Mapping[str, str], kept: str = "VIEW") -> str:
    """Return the view of a table with every declared column; one that no file has is empty of its type."""
    columns = ", ".join(
        f'"{column.name}"' if column.name in present else f'cast(NULL AS {SQL_TYPE[column.kind]}) AS "{column.name}"'
        for column in table.columns
    )
    source = f"FROM {reader(parquet)}" if parquet else "WHERE false"
    return f"CREATE {kept} {table.name} AS SELECT {columns} {source}"


def _ruled(contract: Contract) -> str:
    """Return the SQL of a view, which can have no parameters, with the numbers of the rules in their place."""
    return re.sub(r"\$(\w+)", lambda name: repr(float(SCORE_RULES[name[1]])), contract.sql)


def _columns(connection: duckdb.DuckDBPyConnection, loaded: TableVersion | None) -> dict[str, str]:
    return described(connection, loaded.files) if loaded else {}
