"""Import of a clean orders CSV, from file to published version, against a bare typed DuckDB CREATE TABLE AS read_csv.

    python benchmarks/bench_import.py [rows] [rounds]

Prints the median ratio and its range; both sides read the same file in turn in one run.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cxroi.intake.report import IntakeRequest
from cxroi.store.snapshots import Workspace
from cxroi.upload import load_file


def write_orders(path: Path, rows: int, *, bad: float = 0.0) -> None:
    """Write `rows` orders; a share `bad` of them has an unreadable amount."""
    amount = "printf('%.2f', (hash(i * 13) % 100000) / 100.0)"
    if bad:
        amount = f"CASE WHEN hash(i * 17) % 10000 < {int(bad * 10000)} THEN 'n/a' ELSE {amount} END"
    duckdb.execute(
        f"""COPY (SELECT 'C' || lpad((hash(i) % 500000)::VARCHAR, 7, '0') AS customer_id, 'O' || i AS order_id,
        (DATE '2022-01-01' + (hash(i * 7) % 1400)::INT)::VARCHAR AS ordered_on, {amount} AS amount,
        ['web', 'store', 'app'][1 + (hash(i * 3) % 3)::INT] AS channel FROM range({rows}) t(i)) TO '{path}' (HEADER)"""
    )


def bare(path: Path) -> float:
    """Return the seconds of a bare typed read into a table."""
    connection = duckdb.connect(config={"threads": 2})
    start = time.perf_counter()
    connection.execute(
        f"""CREATE TABLE orders AS SELECT * FROM read_csv('{path}', auto_detect=false, header=true, delim=',', quote='"',
        columns={{'customer_id': 'VARCHAR', 'order_id': 'VARCHAR', 'ordered_on': 'DATE', 'amount': 'DECIMAL(18,3)',
        'channel': 'VARCHAR'}})"""
    )
    return time.perf_counter() - start


def ours(path: Path, folder: Path) -> float:
    """Return the seconds from a file to a published version."""
    workspace = Workspace.open(Path(tempfile.mkdtemp(dir=folder)))
    start = time.perf_counter()
    (report,), version = load_file(workspace, path, path.name, IntakeRequest())
    took = time.perf_counter() - start
    assert version is not None, report.message
    return took


def main(rows: int, rounds: int) -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clean, dirty = folder / "clean.csv", folder / "dirty.csv"
        write_orders(clean, rows)
        write_orders(dirty, rows, bad=0.01)
        times = [(bare(clean), ours(clean, folder), ours(dirty, folder)) for _ in range(rounds)]
    for label, ratios in (
        ("import / bare read", [b / a for a, b, _ in times]),
        ("1 % bad rows / clean import", [c / b for _, b, c in times]),
    ):
        print(
            f"{label}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), {rows} rows, n={rounds}"
        )
    print(f"seconds: bare {min(t[0] for t in times):.2f}, import {min(t[1] for t in times):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
