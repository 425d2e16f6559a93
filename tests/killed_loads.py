"""Load a file in processes that get killed, and look at what each of them left: the proof behind test_killed_loads.py.

    python -m tests.killed_loads [TIMES] [ROWS]

kills TIMES (500) loads of ROWS (20,000) orders at random moments and prints what came of them. A kill is SIGKILL: no word,
no cleaning up. It hits the process that loads; the child that parses for it must then end by itself.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file

PLAIN = IntakeRequest()


@dataclass(frozen=True)
class Left:
    """What a killed load left: whether it got to its end first, and the version that was then current."""

    finished: bool
    before: Version | None
    after: Version | None


def orders(path: Path, rows: int, seed: int = 1) -> Path:
    """Write `rows` orders over two years."""
    draw = random.Random(seed)
    lines = (
        f"C{draw.randrange(rows // 10 + 1)},{draw.choice((2024, 2025))}-{draw.randrange(1, 13):02d}-11,{draw.randrange(10**5) / 100}"
        for _ in range(rows)
    )
    path.write_text("customer_id,ordered_on,amount\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def begin(workspace: Workspace, path: Path) -> int:
    """Load a file in a process of its own and return its id."""
    process = os.fork()
    if process == 0:
        _, version = load_file(workspace, path, path.name, PLAIN, again=True)
        os._exit(0 if version is not None else 1)
    return process


def killed_after(seconds: float, workspace: Workspace, path: Path) -> Left:
    """Kill a load after so many seconds, wait until nothing of it runs any more, and look at the workspace anew."""
    before = workspace.current()
    process = begin(workspace, path)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    finished = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    until = time.monotonic() + 10
    while time.monotonic() < until and children_of(workspace):
        time.sleep(0.005)
    assert not children_of(workspace), "a child outlived its parent"
    again = Workspace.open(workspace.folder)
    assert not list((workspace.folder / "quarantine").iterdir()), "an upload was left"
    after = again.current()
    if after is not None:
        after.ensure_whole()
    return Left(finished, before, after)


def children_of(workspace: Workspace) -> list[int]:
    """Return the processes that parse something for this workspace."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(workspace.folder / "quarantine").encode() in line:
                found.append(int(entry.name))
    return found


def usual_seconds(workspace: Workspace, path: Path) -> float:
    """Return how long a load takes that nobody kills, the quicker of two."""
    took = []
    for _ in range(2):
        start = time.monotonic()
        os.waitpid(begin(workspace, path), 0)
        took.append(time.monotonic() - start)
    return min(took)


def killed_at_moments(times: int, workspace: Workspace, path: Path) -> Iterator[Left]:
    """Kill a load at random moments within and a little beyond its time, more of them near the end, where a version is made.

    On a machine whose pace changes the moments follow it: later ones come sooner where a load was quicker, and later where not.
    """
    draw, seconds = random.Random(7), usual_seconds(workspace, path)
    for place in range(times):
        near_the_end = place % 2 == 1
        share = draw.uniform(0.6, 1.15) if near_the_end else draw.uniform(0, 1)
        left = killed_after(seconds * share, workspace, path)
        if left.finished or near_the_end:
            seconds *= 0.85 if left.finished else 1.3  # a machine may become several times slower within one run
        yield left


def main(times: int = 500, rows: int = 20_000) -> None:
    """Kill as often as asked and print the counts."""
    with tempfile.TemporaryDirectory() as name:
        workspace, path = Workspace.open(Path(name) / "w"), orders(Path(name) / "orders.csv", rows)
        seen: Counter[str] = Counter()
        for left in killed_at_moments(times, workspace, path):
            assert left.before is not None and left.after is not None
            moved = left.after.number - left.before.number
            assert moved in (0, 1) and left.after.tables["orders"].rows == rows
            seen[f"{'finished' if left.finished else 'killed'}, {'new' if moved else 'old'} version current"] += 1
        assert workspace.check() == ()
    print(f"{times} loads of {rows} rows: {dict(seen)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
