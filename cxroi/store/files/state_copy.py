"""A copy of the small state inside the version in use, so that a lost or broken file changes no figure and loses no trail.

<workspace>/state.sqlite                  the small state
<workspace>/snapshots/<version>/state.sqlite   what it held after the last change while that version was in use
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

STATE_FILE = "state.sqlite"
_BESIDE = ("", "-wal", "-shm")  # what SQLite keeps beside a file


def keep_copy(workspace: Path) -> None:
    """Copy the state into the version in use, in one step; where that cannot be done the copy before it stays."""
    state = workspace / STATE_FILE
    with suppress(OSError, sqlite3.Error, UnicodeDecodeError):
        version = workspace / "snapshots" / (workspace / "CURRENT").read_text(encoding="ascii").strip()
        if not state.is_file() or not version.is_dir():
            return
        new = version / f".{STATE_FILE}-{os.getpid()}"
        try:
            copy_database(state, new)
            new.replace(version / STATE_FILE)
        finally:
            new.unlink(missing_ok=True)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it stands at one moment, also while others write to it; raises sqlite3.Error where that fails."""
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)


def put_in_place(database: Path, given: Path | None) -> Path | None:
    """Put what a sound database `given` holds (None: nothing) in the place of `database`; return where what stood there is kept aside.

    Whoever has it open reads the old content or the new, never a mixture.
    """
    aside = database.with_name(f"{database.name}.replaced-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    if given is not None and database.exists() and is_sound(database):
        copy_database(database, aside)
        with closing(sqlite3.connect(given)) as source, closing(sqlite3.connect(database, timeout=10)) as target:
            source.backup(target)
        return aside
    there = _set_aside(database, aside)
    if given is not None:
        given.replace(database)
    return aside if there else None


def _set_aside(database: Path, aside: Path) -> bool:
    """Give a file, and what SQLite keeps beside it, another name; return whether there was one."""
    found = [end for end in _BESIDE if database.with_name(f"{database.name}{end}").exists()]
    for end in found:
        database.with_name(f"{database.name}{end}").replace(aside.with_name(f"{aside.name}{end}"))
    return bool(found)


def is_sound(path: Path) -> bool:
    """Return whether a file can be read as a database to its last page."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def mend(workspace: Path, version: Path) -> Path | None:
    """Put a broken state aside and its copy in the folder of `version` in its place; return where the broken one lies.

    A state that is sound stays; one that is lost comes back from the copy, where there is one.
    """
    state, copy = workspace / STATE_FILE, version / STATE_FILE
    aside = None
    if state.exists():
        if is_sound(state):
            return None
        aside = state.with_name(f"{STATE_FILE}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
        _set_aside(state, aside)
    if is_sound(copy):
        new = state.with_name(f".{STATE_FILE}-{os.getpid()}")
        shutil.copyfile(copy, new)
        new.chmod(0o600)
        new.replace(state)
    return aside
