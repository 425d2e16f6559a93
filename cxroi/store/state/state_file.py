"""The file of the small state: its tables, laid on one another as the program grew, and a connection for each use.

SQLite with a write-ahead log, synchronous FULL and strict tables, so that threads and processes may share it and a crash loses nothing
that was said to be kept.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from cxroi.errors import StoreError
from cxroi.store.files.state_copy import STATE_FILE, keep_copy

_FIRST = """
CREATE TABLE mapping (
    fingerprint TEXT PRIMARY KEY, target_table TEXT NOT NULL, pairs TEXT NOT NULL, saved_at TEXT NOT NULL
) STRICT;
CREATE TABLE scenario (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, codec TEXT NOT NULL, data_version TEXT NOT NULL, note TEXT NOT NULL,
    who TEXT NOT NULL, locked INTEGER NOT NULL, created_at TEXT NOT NULL
) STRICT;
CREATE TABLE ledger_rule (
    position INTEGER PRIMARY KEY, source_column TEXT NOT NULL, contains TEXT NOT NULL, decision TEXT NOT NULL
) STRICT;
CREATE TABLE rate (
    currency TEXT NOT NULL, reporting TEXT NOT NULL, worth TEXT NOT NULL, source TEXT NOT NULL, saved_at TEXT NOT NULL,
    PRIMARY KEY (currency, reporting)
) STRICT;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, facts TEXT NOT NULL,
    previous TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'append only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'append only'); END;
"""
_SHARES = """
CREATE TABLE shared_cost_rule (only INTEGER PRIMARY KEY CHECK (only = 1), rule TEXT NOT NULL) STRICT;
CREATE TABLE shared_cost (
    initiative TEXT NOT NULL, segment TEXT NOT NULL, share TEXT NOT NULL, PRIMARY KEY (initiative, segment)
) STRICT;
"""
_DATED_RATES = """
CREATE TABLE dated_rate (
    currency TEXT NOT NULL, reporting TEXT NOT NULL, from_month TEXT NOT NULL, worth TEXT NOT NULL, kind TEXT NOT NULL,
    source TEXT NOT NULL, saved_at TEXT NOT NULL, PRIMARY KEY (currency, reporting, from_month)
) STRICT;
INSERT INTO dated_rate SELECT currency, reporting, '', worth, '', source, saved_at FROM rate;
DROP TABLE rate;
"""
_SPEND_IN_SUPPORT = """
CREATE TABLE spend_in_support (
    only INTEGER PRIMARY KEY CHECK (only = 1), answer TEXT NOT NULL, share TEXT NOT NULL, amount_a_month TEXT NOT NULL
) STRICT;
"""
_MONEY_SAID = """
CREATE TABLE money_said (only INTEGER PRIMARY KEY CHECK (only = 1), currency TEXT NOT NULL, margin_rate TEXT NOT NULL) STRICT;
"""
_TARGETS = """
CREATE TABLE target (
    segment TEXT NOT NULL, measure TEXT NOT NULL, month TEXT NOT NULL, value TEXT NOT NULL, saved_at TEXT NOT NULL,
    PRIMARY KEY (segment, measure, month)
) STRICT;
"""
_SCENARIOS = """
CREATE TABLE scenario_revision (
    scenario TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,
    name TEXT NOT NULL, note TEXT NOT NULL, codec TEXT NOT NULL, data_version TEXT NOT NULL, rests_on TEXT NOT NULL,
    figures TEXT NOT NULL, slides TEXT NOT NULL, PRIMARY KEY (scenario, number)
) STRICT;
CREATE TABLE scenario_mark (
    id INTEGER PRIMARY KEY, scenario TEXT NOT NULL, revision INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
    what TEXT NOT NULL, words TEXT NOT NULL
) STRICT;
CREATE TRIGGER revision_is_never_changed BEFORE UPDATE ON scenario_revision BEGIN SELECT raise(ABORT, 'append only'); END;
CREATE TRIGGER mark_is_never_changed BEFORE UPDATE ON scenario_mark BEGIN SELECT raise(ABORT, 'append only'); END;
INSERT INTO scenario_revision
    SELECT printf('%08x', (id * 2654435761) & 4294967295), 1, created_at, who, 'saved', name, note, codec, data_version, '{}', 'null', '{}'
    FROM scenario;
INSERT INTO scenario_mark (scenario, revision, at, who, what, words)
    SELECT printf('%08x', (id * 2654435761) & 4294967295), 1, created_at, who, 'locked', '' FROM scenario WHERE locked = 1;
DROP TABLE scenario;
"""
_CONNECTIONS = """
CREATE TABLE connection (
    name TEXT PRIMARY KEY, address TEXT NOT NULL, query TEXT NOT NULL, credential TEXT NOT NULL, mode TEXT NOT NULL,
    request TEXT NOT NULL, saved_at TEXT NOT NULL
) STRICT;
CREATE TABLE connection_mark (
    name TEXT PRIMARY KEY REFERENCES connection (name) ON DELETE CASCADE, at TEXT NOT NULL, outcome TEXT NOT NULL,
    said TEXT NOT NULL, tables TEXT NOT NULL, version TEXT NOT NULL
) STRICT;
"""
_SCHEMAS = (
    _FIRST,
    _SHARES,
    _DATED_RATES,
    _SPEND_IN_SUPPORT,
    _MONEY_SAID,
    _TARGETS,
    _SCENARIOS,
    _CONNECTIONS,
)  # each is laid on those before it; how many a file has stands in its user_version

_PATIENCE = 10.0  # seconds to wait for others who write

_SENTENCE = {
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.read_only",
    sqlite3.SQLITE_IOERR: "store.disk_failed",
}


@dataclass(frozen=True, kw_only=True)
class StateFile:
    """The file, with its newest tables."""

    path: Path

    @classmethod
    def open(cls, workspace_folder: Path) -> Self:
        """Open the state in a workspace's folder; nothing is written before something is to be kept.

        Raises StoreError where it cannot be read, or was made by a newer program.
        """
        state = cls(path=Path(workspace_folder) / STATE_FILE)
        with state.reading():
            return state

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open a connection that changes no byte of the folder, so that a full or read-only disk keeps nothing from being read."""
        with _said_plainly(reading=True):
            connection = self._newest(_open_to_read(self.path))
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Open a connection, commit what was done with it, and close it; say plainly what the file system refuses.

        What was kept is then copied into the version in use.
        """
        with _said_plainly():
            connection = open_to_write(self.path)
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                self._lay_out(connection)
                before = connection.total_changes
                yield connection
                if connection.in_transaction:
                    connection.execute("COMMIT")
                changed = connection.total_changes > before
            finally:
                connection.close()
        if changed:
            keep_copy(self.path.parent)

    def _newest(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """Return a connection to the newest tables: those of an older file are laid out in memory, and the file stays as it is."""
        if (layers := _layers(connection)) == len(_SCHEMAS):
            return connection
        if layers == 0:  # nothing was ever kept
            connection.deserialize(_empty())
            return connection
        with closing(connection):
            memory = sqlite3.connect(":memory:", isolation_level=None)
            connection.backup(memory)
        _add_layers(memory)
        return memory

    def _lay_out(self, connection: sqlite3.Connection) -> None:
        if _layers(connection) < len(_SCHEMAS):
            connection.execute("BEGIN IMMEDIATE")  # of two who start at once, the second finds it done
            _add_layers(connection)
            connection.execute("COMMIT")
            self.path.chmod(0o600)


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open a file with a write-ahead log, whoever else opens it at the same moment.

    For any other lock SQLite waits by itself; not for the one that turns a new file's log on.
    """
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return connection
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                connection.close()
                raise
            time.sleep(0.01)


def sentence_of(error: sqlite3.Error, otherwise: str) -> str:
    """Return the id of the sentence for what SQLite refuses, `otherwise` where it is none that a person can mend."""
    return _SENTENCE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, otherwise)


def now() -> str:
    """Return this moment as the state writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _layers(connection: sqlite3.Connection) -> int:
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > len(_SCHEMAS):
        raise StoreError("store.state_newer")
    return found


@cache
def _empty() -> bytes:
    """Return the newest tables with nothing in them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        _add_layers(memory)
        return memory.serialize()


def _add_layers(connection: sqlite3.Connection) -> None:
    for schema in _SCHEMAS[_layers(connection) :]:
        for statement in schema.replace("; END;", "\0 END;").split(";\n"):
            if statement.strip():
                connection.execute(statement.replace("\0", ";"))
    connection.execute(f"PRAGMA user_version = {len(_SCHEMAS)}")


def _open_to_read(path: Path) -> sqlite3.Connection:
    """Open a file without changing it: as others see it, else from a copy of it and its log, else as it lies there."""
    if not path.exists():
        return sqlite3.connect(":memory:", isolation_level=None)
    address = path.absolute().as_uri()
    with suppress(sqlite3.OperationalError):  # the log cannot be shared on a disk that nothing can be written to
        return _opened(f"{address}?mode=ro")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        with suppress(OSError, sqlite3.OperationalError), TemporaryDirectory(prefix="cxroi-") as folder:
            for each in (path, log):
                shutil.copyfile(each, Path(folder) / each.name)
            with closing(_opened((Path(folder) / path.name).as_uri())) as copied:
                memory = sqlite3.connect(":memory:", isolation_level=None)
                copied.backup(memory)
                return memory
    return _opened(f"{address}?immutable=1")


def _opened(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=10, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _said_plainly(*, reading: bool = False) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        said = sentence_of(error, "store.state_damaged")
        raise StoreError("store.state_damaged" if reading and said != "store.busy" else said) from error
    except OSError as error:
        raise StoreError("store.state_damaged") from error
