"""The panel from orders alone, against pandas doing the same count from the same Parquet."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.speed.measure import Row, medians
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_panel
from cxroi.store.versions.workspace import Workspace

ORDERS = int(os.environ.get("CXROI_BENCH_ORDERS", "10000000"))
PER_CUSTOMER, DAYS = 20, 1080


def rows(orders: int = ORDERS, runs: int = 2) -> list[Row]:
    """Return one row: `read_panel` on `orders` random orders over three years against pandas."""
    folder = Path(tempfile.mkdtemp(prefix="cxroi-bench-"))
    try:
        workspace = Workspace.open(folder / "workspace")
        version = workspace.publish(_staged(workspace.quarantine(), orders), sources={})
        parquet = version.tables["orders"].files[0]
        expected = panel_by_pandas(parquet)
        got = read_panel(Engine.on(version)).frame
        assert expected["customers_lost"].tolist() == got["customers_lost"].tolist()
        jobs = {"panel": lambda: read_panel(Engine.on(version)), "pandas": lambda: panel_by_pandas(parquet)}
        took = medians(jobs, runs)
    finally:
        shutil.rmtree(folder)
    job = f"panel from {orders:,} orders: window, joined, lost, revenue by segment"
    return [
        Row(
            job=job,
            baseline="pandas, same Parquet",
            seconds=took["panel"],
            baseline_seconds=took["pandas"],
            target=1 / 15,
            runs=runs,
        )
    ]


def panel_by_pandas(parquet: Path) -> pd.DataFrame:
    """Return lost customers and revenue by month and segment, counted as one would in pandas."""
    data = pd.read_parquet(parquet, columns=["customer_id", "ordered_on", "amount", "segment"])
    days = pd.to_datetime(data["ordered_on"])
    data["number"] = days.dt.year * 12 + days.dt.month - 1
    data["segment"] = data["segment"].astype("category")
    data["amount"] = data["amount"].astype(float)
    per_day = data.drop_duplicates(["customer_id", "ordered_on"]).sort_values(["customer_id", "ordered_on"])
    same = per_day["customer_id"].eq(per_day["customer_id"].shift())
    gaps = (per_day["number"] - per_day["number"].shift())[same]
    window = int(np.quantile(gaps, 0.95, method="inverted_cdf"))
    months = per_day.drop_duplicates(["customer_id", "number"])
    later = months.groupby("customer_id", sort=False)["number"].shift(-1)
    gone = months[later.isna() | (later - months["number"] > window)]
    lost = gone.assign(number=gone["number"] + window).groupby(["number", "segment"], observed=False).size()
    revenue = data.groupby(["number", "segment"], observed=False)["amount"].sum()
    return revenue.to_frame("revenue").join(lost.rename("customers_lost")).fillna(0).reset_index()


def _staged(folder: Path, orders: int) -> dict[str, Path]:
    """Write random orders, without any order in the file, and a ledger."""
    staged = {name: folder / f"{name}.parquet" for name in ("orders", "costs")}
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (
                SELECT
                    'C' || cast(who AS VARCHAR) AS customer_id,
                    cast(DATE '2023-01-01' + cast(hash(n, 1) % {DAYS} AS INTEGER) AS DATE) AS ordered_on,
                    cast((hash(n, 2) % 20000) / 100.0 AS DECIMAL(18, 3)) AS amount,
                    'segment ' || cast(who % 4 AS VARCHAR) AS segment
                FROM (SELECT n, hash(n) % {max(orders // PER_CUSTOMER, 1)} AS who FROM range({orders}) r(n))
            ) TO '{staged["orders"]}' (FORMAT parquet, COMPRESSION zstd)"""
        )
        connection.execute(
            f"""COPY (
                SELECT cast(DATE '2023-01-01' + to_months(cast(n AS INTEGER)) AS DATE) AS period,
                    cast(1000 AS DECIMAL(18, 3)) AS amount
                FROM range(36) r(n)
            ) TO '{staged["costs"]}' (FORMAT parquet)"""
        )
    return staged
