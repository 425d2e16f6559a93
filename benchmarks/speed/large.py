"""`make bench-large`: 100 million orders from Parquet and 20 million from CSV, loaded on two cores under a memory limit.

    python -m benchmarks.speed.large [--parquet 100000000] [--csv 20000000] [--folder DIR]

The files are written first (about 3 GB), and removed afterwards. Writes docs/benchmarks-large.md: wall and CPU time of
parent and child, and the highest resident memory of each, for each load and for the panel that is then read.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from cxroi.actions.load import load_file
from cxroi.actions.person import at_the_terminal
from cxroi.intake.child import ChildLimits
from cxroi.intake.report import IntakeRequest
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_panel
from cxroi.store.settings import EngineSettings
from cxroi.store.versions.workspace import Workspace

TABLE = Path(__file__).parents[2] / "docs" / "benchmarks-large.md"
PER_CUSTOMER = 20
CHILD, QUERIES = ChildLimits(memory="1536MB"), EngineSettings(memory_limit="1GB", query_seconds=3600)
HEADING = """# Large loads

Written by `make bench-large`: each step in a process of its own. Memory is the highest resident size; the limit of the
whole is 2 GB. The load keeps {child} for its engine, a query {engine}.

| step | rows | wall s | CPU s | memory, parent MB | memory, child MB |
| --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What one step took."""

    step: str
    rows: int
    wall: float
    cpu: float
    parent_mb: float
    child_mb: float


def write_orders(path: Path, rows: int) -> None:
    """Write random orders of rows / 20 customers over three years, without any order in the file, as its name ends."""
    kind = "FORMAT parquet, COMPRESSION zstd" if path.suffix == ".parquet" else "HEADER"
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute(f"SET temp_directory = '{path.parent / 'spill'}'")
        connection.execute(
            f"""COPY (SELECT 'C' || lpad((hash(n) % {max(rows // PER_CUSTOMER, 1)})::VARCHAR, 7, '0') AS customer_id,
                (DATE '2023-01-01' + (hash(n, 1) % 1080)::INTEGER)::DATE AS ordered_on,
                ((hash(n, 2) % 20000) / 100.0)::DECIMAL(18, 2) AS amount,
                'segment ' || (hash(n) % {max(rows // PER_CUSTOMER, 1)} % 4)::VARCHAR AS segment
            FROM range({rows}) r(n)) TO '{path}' ({kind})"""
        )


def load(path: Path, folder: Path, rows: int) -> None:
    """Load one file as a person would on the command line."""
    (report,), version = load_file(
        Workspace.open(folder), path, path.name, IntakeRequest(), who=at_the_terminal(), limits=CHILD
    )
    assert version is not None and version.tables["orders"].rows == rows, report.message


def panel(folder: Path) -> None:
    """Read the panel of what was loaded, with a ledger beside it."""
    workspace = Workspace.open(folder)
    costs = folder / "costs.csv"
    costs.write_text(
        "period,amount\n" + "".join(f"{y}-{m:02d},1000\n" for y in (2023, 2024, 2025) for m in range(1, 13))
    )
    load_file(workspace, costs, costs.name, IntakeRequest(other_lines="cx"), who=at_the_terminal())
    current = workspace.current()
    assert current is not None
    assert not read_panel(Engine.on(current, QUERIES)).frame.empty


def scan(path: Path) -> None:
    """Read every value of the file once and keep nothing but sums: the bare scan that the panel is held against."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute(
            f"SELECT max(customer_id), max(ordered_on), sum(amount), max(segment) FROM '{path}'"
        ).fetchall()


def run(step: str, rows: int, *line: object) -> Step:
    """Take one step in a process of its own and measure it."""
    command = [sys.executable, "-m", "benchmarks.speed.large", "--step", *map(str, line)]
    return Step(step=step, rows=rows, **json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))


def take(kind: str, *given: str) -> None:
    """Take one step in this process and print what it took."""
    start = time.perf_counter()
    if kind == "load":
        load(Path(given[0]), Path(given[1]), int(given[2]))
    elif kind == "panel":
        panel(Path(given[0]))
    else:
        scan(Path(given[0]))
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime
    took = {"wall": time.perf_counter() - start, "cpu": cpu}
    print(json.dumps(took | {"parent_mb": mine.ru_maxrss / 1024, "child_mb": children.ru_maxrss / 1024}))


def measure(folder: Path, parquet_rows: int, csv_rows: int) -> list[Step]:
    """Write the files, load each, and read the panel of the larger one."""
    steps = []
    for name, rows in (("orders.csv", csv_rows), ("orders.parquet", parquet_rows)):
        path, workspace = folder / name, folder / f"workspace-{name}"
        write_orders(path, rows)
        size = f"{path.stat().st_size / 1e9:.1f} GB"
        steps.append(run(f"load {path.suffix[1:]}, {size}", rows, "load", path, workspace, rows))
        print(asdict(steps[-1]), flush=True)
        if path.suffix == ".parquet":
            steps.append(run("bare scan of the Parquet file", rows, "scan", path))
            steps.append(run("panel: window, joined, lost, revenue by segment", rows, "panel", workspace))
            print(*map(asdict, steps[-2:]), sep="\n", flush=True)
        path.unlink()
    return steps


def main() -> None:
    """Read the command line, measure, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parquet", type=int, default=100_000_000)
    parser.add_argument("--csv", type=int, default=20_000_000)
    parser.add_argument("--folder", default=None)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--step", nargs="+")
    asked = parser.parse_args()
    if asked.step:
        take(*asked.step)
        return
    with tempfile.TemporaryDirectory(prefix="cxroi-large-", dir=asked.folder) as name:
        steps = measure(Path(name), asked.parquet, asked.csv)
    lines = [
        f"| {s.step} | {s.rows:,} | {s.wall:.1f} | {s.cpu:.1f} | {s.parent_mb:.0f} | {s.child_mb:.0f} |" for s in steps
    ]
    heading = HEADING.format(child=CHILD.memory, engine=QUERIES.memory_limit)
    asked.out.write_text(heading + "\n".join(lines) + f"\n\nMachine: {os.cpu_count()} cores.\n", encoding="utf-8")


if __name__ == "__main__":
    main()
