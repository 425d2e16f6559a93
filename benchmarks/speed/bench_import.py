"""Import of orders, from file to published version: CSV against a bare typed read_csv, Parquet against a bare copy."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import duckdb

from benchmarks.speed.measure import Row, medians
from cxroi.actions.load import load_file
from cxroi.actions.person import at_the_terminal
from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.workspace import Workspace

SIZES = (1_000_000, 10_000_000)
TYPED = """SELECT * FROM read_csv('{}', auto_detect=false, header=true, delim=',', quote='"',
    columns={{'customer_id': 'VARCHAR', 'order_id': 'VARCHAR', 'ordered_on': 'DATE', 'amount': 'DECIMAL(18,3)',
    'channel': 'VARCHAR'}})"""


def rows(sizes: tuple[int, ...] = SIZES, runs: int = 3) -> list[Row]:
    """Return import against a bare read, a file with 1 % bad rows against a clean one, Parquet against a bare copy."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            clean, dirty, typed = folder / "clean.csv", folder / "dirty.csv", folder / "typed.parquet"
            write_orders(clean, size)
            write_orders(dirty, size, bad=0.01)
            copy(f"({TYPED.format(clean)})", typed)
            jobs = {
                "bare": partial(bare, clean),
                "clean": partial(load, clean, folder),
                "dirty": partial(load, dirty, folder),
                "copy": partial(copy, f"'{typed}'", folder / "copy.parquet"),
                "parquet": partial(load, typed, folder),
            }
            took = medians(jobs, runs)
        million = f"{size // 1_000_000} million orders"
        for job, base, target, label, against in (
            ("clean", "bare", 2.2, f"import of {million}, clean CSV", "bare typed read_csv"),
            ("dirty", "clean", 1.7, f"the same with 1 % bad rows, {million}", "clean import"),
            ("parquet", "copy", 1.3, f"import of {million}, Parquet", "bare Parquet to zstd Parquet"),
        ):
            aim = target if size > SIZES[0] else None
            found.append(
                Row(job=label, baseline=against, seconds=took[job], baseline_seconds=took[base], target=aim, runs=runs)
            )
    return found


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


def bare(path: Path) -> None:
    """Read a file into a table, types given."""
    duckdb.connect(config={"threads": 2}).execute(f"CREATE TABLE orders AS {TYPED.format(path)}")


def copy(relation: str, path: Path) -> None:
    """Write every row of a relation as zstd Parquet."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"COPY (FROM {relation}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def load(path: Path, folder: Path) -> None:
    """Load a file into a new workspace."""
    workspace = Workspace.open(Path(tempfile.mkdtemp(dir=folder)))
    (report,), version = load_file(workspace, path, path.name, IntakeRequest(), who=at_the_terminal())
    assert version is not None, report.message
