"""What the second of two commands costs that ask the same version: processor time of `evaluate`, start of Python included."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.speed.measure import Row
from cxroi.store.sample import load_sample
from cxroi.store.versions.derived import FOLDER
from cxroi.store.versions.workspace import Workspace

RUNS = 5


def rows() -> list[Row]:
    """Return one line for `evaluate` and one for `realised` on the sample company, each asked of a version never asked before, and again."""
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        return [_row(command, Path(folder)) for command in ("evaluate", "realised")]


def _row(command: str, workspace: Path) -> Row:
    first, second = [], []
    for _ in range(RUNS):
        shutil.rmtree(workspace / FOLDER, ignore_errors=True)
        first.append(_processor_seconds(command, workspace))
        second.append(_processor_seconds(command, workspace))
    return Row(
        job=f"a second `{command}` on the sample company, processor time",
        baseline="the first one",
        seconds=statistics.median(second),
        baseline_seconds=statistics.median(first),
        target=0.25,
        runs=RUNS,
    )


def _processor_seconds(command: str, workspace: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "cxroi", command, "--json", "--workspace", str(workspace)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
