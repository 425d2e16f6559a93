"""`make bench`: run every benchmark, or those named on the command line, and write docs/benchmarks.md."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

from benchmarks.speed.measure import Row, noise

BENCHMARKS = (
    "bench_import",
    "bench_panel",
    "bench_evaluate",
    "bench_kept",
    "bench_report",
    "bench_slider",
    "bench_crowd",
)
TABLE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADING = """# Benchmarks

Written by `make bench`. Every figure is a ratio of medians, job against a named baseline, taken in turn in one run.

| job | against | ratio | target | seconds | baseline seconds | runs |
| --- | --- | --- | --- | --- | --- | --- |
"""


def main(names: list[str]) -> None:
    """Run the benchmarks called `names`, all where none is named, and write the table."""
    calm = noise()
    rows: list[Row] = []
    for name in names or BENCHMARKS:
        print(f"{name} ...", flush=True)
        rows += importlib.import_module(f"benchmarks.speed.{name}").rows()
    lines = [
        f"| {r.job} | {r.baseline} | {r.ratio:.2f} | {'' if r.target is None else f'<= {r.target:g}'} "
        f"| {r.seconds:.4g} | {r.baseline_seconds:.4g} | {r.runs} |"
        for r in rows
    ]
    machine = (
        f"\nMachine: {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}. "
        f"Noise of a fixed loop: {calm[0]:.1f} / {calm[1]:.1f} / {calm[2]:.1f} ms (5th, 50th, 95th percentile).\n"
    )
    text = HEADING + "\n".join(lines) + "\n" + machine
    print(text)
    if not names:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
