"""How far a load has come, told by the child through a small file and read by its parent."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import duckdb

_EVERY_SECONDS = 0.2
_OF_WHAT_IS_LEFT = 0.9  # a statement that runs may take up to this share of what is left; others may follow it


def share_done(before: float, running: float) -> float:
    """Return the share of the work that is done: what was `before` the running statement, and its part of what is left.

    >>> share_done(0.0, 0.5), share_done(0.45, 0.0)
    (0.45, 0.45)
    """
    return before + (1 - before) * _OF_WHAT_IS_LEFT * running


def watch(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write the share of the work that is done into `file`, until the process ends."""
    connection.execute(
        "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0"
    )
    threading.Thread(target=_watch, args=(connection, file), daemon=True).start()


def _watch(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    before, last, share = 0.0, 0.0, 0.0
    with contextlib.suppress(duckdb.Error, OSError):  # the connection is closed, or the folder is gone
        while True:
            time.sleep(_EVERY_SECONDS)
            now = max(0.0, connection.query_progress() / 100)
            before = share if now < last else before  # another statement has begun
            share, last = share_done(before, now), now
            file.write_text(f"{share:.4f}", encoding="ascii")
