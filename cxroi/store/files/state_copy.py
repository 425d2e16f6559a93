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
            with closing(sqlite3.connect(f"{state.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
                connection.execute("VACUUM INTO ?", (str(new),))
            new.chmod(0o600)
            new.replace(version / STATE_FILE)
        finally:
            new.unlink(missing_ok=True)


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
        for end in _BESIDE:
            broken = state.with_name(f"{STATE_FILE}{end}")
            if broken.exists():
                broken.replace(aside.with_name(f"{aside.name}{end}"))
    if is_sound(copy):
        new = state.with_name(f".{STATE_FILE}-{os.getpid()}")
        shutil.copyfile(copy, new)
        new.chmod(0o600)
        new.replace(state)
    return aside
