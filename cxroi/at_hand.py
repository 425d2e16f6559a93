"""One engine that a process keeps for short questions about files: to open one takes longer than most of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

_of_process: dict[
    int, duckdb.DuckDBPyConnection
] = {}  # by process id: an engine does not survive a fork, nor may one close it


@contextmanager
def sql_at_hand() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection of its own to the engine that this process keeps; what it lays down is to be temporary."""
    process = os.getpid()
    engine = _of_process.get(process) or _of_process.setdefault(process, duckdb.connect(config={"threads": 2}))
    try:
        with engine.cursor() as connection:
            yield connection
    except (duckdb.FatalException, duckdb.InternalException):  # the engine answers nothing more
        if _of_process.get(process) is engine:
            del _of_process[process]
        raise
