"""Publish in a process that gets killed, again and again, and write down what was current before and after each time.

    python -m tests.store.publisher every WORKSPACE STAGED      killed at its first, second, third ... call to the disk
    python -m tests.store.publisher random WORKSPACE STAGED N   killed N times at a random moment
    python -m tests.store.publisher calm WORKSPACE STAGED N     publishes N times, not killed

A kill comes as a power cut would: without a word and without cleaning up. Each line of the output is one process as JSON:
its exit, the ids it acknowledged, the version that was current before, and the one after (every byte checked).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cxroi.store.versions.workspace import Workspace

_TOUCHES_DISK = ("fsync", "link", "replace", "rename", "mkdir", "open", "unlink", "rmdir")


def publish(workspace: Workspace, staged: Path, rounds: int, answer: int) -> None:
    """Publish `rounds` times and write each id to the file handle `answer` once it is acknowledged."""
    for number in range(rounds):
        tables = {"costs": staged / f"{number % 2}.parquet", "monthly": staged / "m.parquet"}
        os.write(answer, f"{workspace.publish(tables, sources={}).id}\n".encode())


def die_at(call: int) -> None:
    """Let this process kill itself at its `call`-th call that touches the disk."""
    calls = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def touch(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)

        return touch

    for name in _TOUCHES_DISK:
        setattr(os, name, counted(getattr(os, name)))
    shutil.copyfile = counted(shutil.copyfile)
    Path.open = counted(Path.open)  # type: ignore[method-assign]


def fork(
    workspace: Workspace, staged: Path, *, rounds: int, call: int = 0, seconds: float | None = None
) -> dict[str, Any]:
    """Publish in a process of its own, kill it at that call or so long after its first version, and tell what came of it."""
    before = workspace.current()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        if call:
            die_at(call)
        publish(workspace, staged, rounds, writing)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        acknowledged = answers.readline().split()
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        acknowledged += answers.read().split()
    exit = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    after = Workspace.open(workspace.folder).current()
    assert after is not None
    after.ensure_whole()
    rows = {name: table.rows for name, table in after.tables.items()}
    return {"exit": exit, "before": before and before.id, "acknowledged": acknowledged, "after": after.id, "rows": rows}


def killed_at_every_call(workspace: Workspace, staged: Path) -> Iterator[dict[str, Any]]:
    """Kill at the first call, the second and so on, until a process finds no call left to die at."""
    call, result = 0, {"exit": -signal.SIGKILL}
    while result["exit"] == -signal.SIGKILL:
        call += 1
        if call % 5 == 0:
            yield fork(workspace, staged, rounds=1)
        result = fork(workspace, staged, rounds=1, call=call)
        yield result


def main(how: str, folder: str, staged: str, times: str = "1") -> None:
    """Do what the command line says."""
    workspace, moments = Workspace.open(Path(folder)), random.Random(7)
    if how == "every":
        results = killed_at_every_call(workspace, Path(staged))
    elif how == "random":
        seconds = [moments.uniform(0, 0.06) for _ in range(int(times))]
        results = (fork(workspace, Path(staged), rounds=10_000, seconds=after) for after in seconds)
    else:
        results = (fork(workspace, Path(staged), rounds=int(times)) for _ in range(1))
    for result in results:
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
