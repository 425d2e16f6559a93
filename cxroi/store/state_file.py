"""The file of the small state: its tables, laid on one another as the program grew, and a connection for each use.

SQLite with a write-ahead log, synchronous FULL and strict tables, so that threads and processes may share it and a crash loses nothing
that was said to be kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cxroi.errors import StoreError

STATE_FILE = "state.sqlite"
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
_SCHEMAS = (
    _FIRST,
    _SHARES,
    _DATED_RATES,
    _SPEND_IN_SUPPORT,
)  # each is laid on those before it; how many a file has stands in its user_version

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
        """Open the state in a workspace's folder, made when it is new."""
        state = cls(path=Path(workspace_folder) / STATE_FILE)
        with state.connection() as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found > len(_SCHEMAS):
                raise StoreError("store.state_newer")
        if found < len(_SCHEMAS):
            state._lay_out()
        return state

    def _lay_out(self) -> None:
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")  # of two who start at once, the second finds it done
            for schema in _SCHEMAS[connection.execute("PRAGMA user_version").fetchone()[0] :]:
                for statement in schema.replace("; END;", "\0 END;").split(";\n"):
                    if statement.strip():
                        connection.execute(statement.replace("\0", ";"))
            connection.execute(f"PRAGMA user_version = {len(_SCHEMAS)}")
        self.path.chmod(0o600)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Open a connection, commit what was done with it, and close it; say plainly what the file system refuses."""
        try:
            connection = sqlite3.connect(self.path, timeout=10, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                yield connection
                if connection.in_transaction:
                    connection.execute("COMMIT")
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StoreError(
                _SENTENCE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "store.state_damaged")
            ) from error
