"""Who may sign in, in a file of its own that no version and no copy of the settings holds: people, failures, sessions.

Of a password only its hash is kept, of a session only the hash of what the browser shows.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cxroi.errors import StoreError
from cxroi.store.files.access import for_owner
from cxroi.store.state.state_file import now, open_to_write, sentence_of

PEOPLE_FILE = "people.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS person (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, secret TEXT NOT NULL, added_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS failure (key TEXT PRIMARY KEY, times INTEGER NOT NULL, last REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (key) ON DELETE CASCADE, began REAL NOT NULL, seen REAL NOT NULL
) STRICT;
"""
_CLOCK_STEP = 60.0  # seconds by which a clock may go back before what it wrote is not believed any longer


@dataclass(frozen=True, kw_only=True)
class KeptPerson:
    """Somebody who may come in; without a password only through what vouches for the name: a proxy, or the company's sign-in service."""

    name: str
    role: str
    added_at: str
    has_password: bool


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How many failures cost nothing, by how many seconds they grow to, and after how long they are forgotten."""

    free: int
    longest: float
    forgotten: float
    first: float = 30.0

    def wait(self, times: int, since: float) -> float:
        """Return for how many seconds more nobody may try, after so many failures of which the last was `since` ago."""
        if times < self.free or since > self.forgotten:
            return 0.0
        asked = min(self.first * 2.0 ** min(times - self.free, 30), self.longest)
        return max(0.0, asked - since)


@dataclass(frozen=True, kw_only=True)
class People:
    """The people of one workspace."""

    path: Path

    @classmethod
    def of(cls, workspace_folder: Path) -> Self:
        """Return the people of a workspace; nothing is written before somebody is added."""
        return cls(path=Path(workspace_folder) / PEOPLE_FILE)

    def everybody(self) -> tuple[KeptPerson, ...]:
        """Return everybody, by name."""
        with self._reading() as connection:
            return tuple(map(_person, connection.execute(f"{_SELECT} ORDER BY key")))

    def find(self, name: str) -> KeptPerson | None:
        """Return the person of a name, however its capital letters are written."""
        with self._reading() as connection:
            row = connection.execute(f"{_SELECT} WHERE key = ?", (_key(name),)).fetchone()
        return _person(row) if row else None

    def secret_of(self, name: str) -> str:
        """Return what is kept of a person's password, "" where there is none."""
        with self._reading() as connection:
            row = connection.execute("SELECT secret FROM person WHERE key = ?", (_key(name),)).fetchone()
        return str(row[0]) if row else ""

    def add_person(self, name: str, role: str, secret: str) -> None:
        """Add somebody who is not there yet."""
        with self._writing() as connection:
            connection.execute("INSERT INTO person VALUES (?, ?, ?, ?, ?)", (_key(name), name, role, secret, now()))

    def remove_person(self, name: str) -> None:
        """Take somebody away, and end what they have open."""
        with self._writing() as connection:
            connection.execute("DELETE FROM person WHERE key = ?", (_key(name),))

    def set_role(self, name: str, role: str) -> None:
        """Give somebody another role; it holds from the next thing they do."""
        with self._writing() as connection:
            connection.execute("UPDATE person SET role = ? WHERE key = ?", (role, _key(name)))

    def set_secret(self, name: str, secret: str, *, anew: bool) -> None:
        """Keep another hash of a password; one that was given anew ends what is open, and its failures are forgotten."""
        with self._writing() as connection:
            connection.execute("UPDATE person SET secret = ? WHERE key = ?", (secret, _key(name)))
            if anew:
                connection.execute("DELETE FROM session WHERE person = ?", (_key(name),))
                connection.execute("DELETE FROM failure WHERE key = ?", (_key(name),))

    def count_try(self, keys: dict[str, Patience], at: float) -> float:
        """Count one try to sign in under each of these keys, and return 0.0; or count none and return for how long to wait.

        It is counted before the password is looked at, so that many at once are as many tries as one after another.
        """
        with self._writing() as connection:
            connection.execute("DELETE FROM failure WHERE last < ?", (at - max(p.forgotten for p in keys.values()),))
            known = {key: _failures(connection, key, at) for key in keys}
            wait = max(patience.wait(*known[key]) for key, patience in keys.items())
            if wait <= 0:
                times = {key: 0 if since > keys[key].forgotten else count for key, (count, since) in known.items()}
                connection.executemany(
                    "INSERT OR REPLACE INTO failure VALUES (?, ?, ?)",
                    [(_key(key), count + 1, at) for key, count in times.items()],
                )
        return wait

    def wait_of(self, key: str, patience: Patience, at: float) -> float:
        """Return for how many seconds nobody may try under a key."""
        with self._reading() as connection:
            return patience.wait(*_failures(connection, key, at))

    def begin_session(self, id: str, name: str, at: float, *, longest: float, tried: str = "") -> None:
        """Let somebody in who has proved who they are: their failures are forgotten, and sessions of others that are long over go.

        `tried` is a key under which others may have failed too: of those only this try is taken back.
        """
        with self._writing() as connection:
            connection.execute("UPDATE failure SET times = max(times - 1, 0) WHERE key = ?", (_key(tried),))
            connection.execute("DELETE FROM failure WHERE key = ?", (_key(name),))
            connection.execute("DELETE FROM session WHERE began < ?", (at - longest,))
            connection.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (id, _key(name), at, at))

    def of_session(self, id: str, at: float, *, idle: float, longest: float) -> tuple[KeptPerson, float] | None:
        """Return whose session this is and when it was last used; None where there is none or it is over."""
        with self._reading() as connection:
            row = connection.execute(
                f"{_SELECT.replace('FROM', ', began, seen FROM')} JOIN session ON person = key WHERE id = ?", (id,)
            ).fetchone()
        if row is None:
            return None
        began, seen = row[4:]
        is_over = at - began > longest or at - seen > idle or at < max(began, seen) - _CLOCK_STEP
        return None if is_over else (_person(row), seen)

    def use_session(self, id: str, at: float) -> None:
        """Keep that a session is used."""
        with self._writing() as connection:
            connection.execute("UPDATE session SET seen = max(seen, ?) WHERE id = ?", (at, id))

    def end_session(self, id: str) -> None:
        """End a session."""
        with self._writing() as connection:
            connection.execute("DELETE FROM session WHERE id = ?", (id,))

    def end_every_session(self) -> None:
        """End every session: what was open when a backup was made is open no longer."""
        with self._writing() as connection:
            connection.execute("DELETE FROM session")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with _said_plainly():
            if self.path.exists():
                connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
            else:
                connection = sqlite3.connect(":memory:")
                connection.executescript(_TABLES)
            with closing(connection):
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _said_plainly():
            with open(self.path, "ab", opener=for_owner):  # its owner's alone before anything is in it
                pass
            with closing(open_to_write(self.path)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA secure_delete = ON")
                connection.executescript(_TABLES)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")


_SELECT = "SELECT name, role, added_at, secret <> '' FROM person"


def _person(row: tuple[str, str, str, int]) -> KeptPerson:
    return KeptPerson(name=row[0], role=row[1], added_at=row[2], has_password=bool(row[3]))


def _failures(connection: sqlite3.Connection, key: str, at: float) -> tuple[int, float]:
    """Return how often it failed under a key, and how long ago it last did; a clock that went back says "just now"."""
    row = connection.execute("SELECT times, last FROM failure WHERE key = ?", (_key(key),)).fetchone()
    return (row[0], max(0.0, at - row[1])) if row else (0, 0.0)


def _key(name: str) -> str:
    """Return what stands for a name, however it is written.

    >>> _key("Ｈuda ") == _key("HUDA")
    True
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()[:200]


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(sentence_of(error, "store.people_damaged"), file=PEOPLE_FILE) from error
    except OSError as error:
        raise StoreError("store.read_only") from error
