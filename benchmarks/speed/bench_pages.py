"""The pages of Understand and Prove with a million customers: at once after the load, once the server has answered ahead, and again.

What is timed is the server: from asking for a page, as a browser asks, to the end of the run that draws it. It is held against what a reader
waits for the first paint of an empty page of stock Streamlit, in a browser.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import duckdb
from playwright.sync_api import sync_playwright
from websockets.asyncio.client import connect

from benchmarks.speed.bench_crowd import Person
from benchmarks.speed.bench_slider import visits
from benchmarks.speed.measure import Row
from benchmarks.speed.stock import EMPTY, stock_command
from cxroi.store.versions.derived import FOLDER
from cxroi.store.versions.workspace import Workspace
from cxroi.ui.app.frame import MENU
from tests.browser.chromium import NONE_FOUND, arguments, find_chromium
from tests.browser.conftest import served_app

CUSTOMERS, PAGES, AGAIN = 1_000_000, (*MENU["understand"], *MENU["prove"]), 5
TARGETS = {"at once after the load": 2.0, "once answered ahead": 2.0, "a second visit": 2.0}
_PATIENCE = 600.0
_JOINED = "cast(DATE '2021-01-01' + cast(hash(who, 1) % 1780 AS INTEGER) AS DATE)"
_LEFT = f"cast({_JOINED} + cast(30 * floor(-ln((hash(who, 2) % 100000 + 1) / 100001.0) * (60 - 10 * (who % 4))) AS INTEGER) AS DATE)"
_DAY = "cast(joined_on + cast(hash(n, 3) % greatest(date_diff('day', joined_on, least(left_on, DATE '2025-12-31')), 1) AS INTEGER) AS DATE)"
_KNOWN = "'C' || who AS customer_id, 'segment ' || (who % 4) AS segment"
_TABLES = {  # rows for each customer, and what they hold
    "customers": (
        1.0,
        f"""{_KNOWN}, joined_on, CASE WHEN left_on <= DATE '2025-12-31' THEN left_on END AS left_on, 'region ' || (who % 7) AS region,
        cast(20 + hash(who, 4) % 80 AS DECIMAL(18, 3)) AS monthly_revenue""",
    ),
    "orders": (
        3.0,
        f"""{_KNOWN}, {_DAY} AS ordered_on, 'O' || n AS order_id, cast((hash(n, 5) % 20000) / 100.0 AS DECIMAL(18, 3)) AS amount,
        cast((hash(n, 5) % 10000) / 100.0 AS DECIMAL(18, 3)) AS variable_cost""",
    ),
    "surveys": (
        0.2,
        f"""{_KNOWN}, {_DAY} AS answered_on, cast(4 + hash(n, 6) % 7 AS DOUBLE) AS score, 'nps' AS metric,
        ['visit', 'app', 'billing', 'call'][1 + (hash(n, 7) % 4)::INT] AS touchpoint,
        CASE WHEN hash(n, 8) % 3 = 0 THEN ['late again', 'great help', 'too dear', 'fast'][1 + (hash(n, 9) % 4)::INT] END AS comment""",
    ),
    "contacts": (
        0.4,
        f"""'K' || n AS contact_id, {_KNOWN}, {_DAY} AS opened_on, cast({_DAY} + cast(hash(n, 10) % 6 AS INTEGER) AS DATE) AS closed_on,
        ['phone', 'chat'][1 + (hash(n, 11) % 2)::INT] AS channel, cast((hash(n, 12) % 6000) / 100.0 AS DECIMAL(18, 3)) AS cost,
        hash(n, 13) % 10 < 7 AS resolved_first_time""",
    ),
}
_COSTS = """SELECT cast(DATE '2023-01-01' + to_months(cast(month AS INTEGER)) AS DATE) AS period, 'line ' || line AS initiative,
    ['visit', 'app', 'billing'][1 + line::INT] AS touchpoint, 'segment ' || part AS segment,
    cast(400000 + hash(month, line, part) % 400000 AS DECIMAL(18, 3)) AS amount, cast(600000 AS DECIMAL(18, 3)) AS budget_amount
    FROM range(36) m(month), range(3) l(line), range(4) p(part)"""
_PROMISES = """SELECT 'line ' || line AS name, cast(DATE '2024-06-01' AS DATE) AS starts_on, cast(1 AS DOUBLE) AS promised_uplift_pp
    FROM range(2) l(line)"""


def rows() -> list[Row]:
    """Return three lines a page: asked at once after the load, once answered ahead, and again."""
    found = find_chromium()
    if found is None:
        raise SystemExit(NONE_FOUND)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with served_app(root / "unused", *stock_command(root, EMPTY)) as empty, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=arguments(found))
            paint = statistics.median(visits(browser, {"empty": empty})["empty"]) / 1000
            browser.close()
        made(root / "workspace", CUSTOMERS)
        took = asyncio.run(_pages(root / "workspace"))
    return [
        Row(
            job=f"the server's time for {page.capitalize()} with a million customers, {when}",
            baseline="first paint of an empty page, stock streamlit run",
            seconds=statistics.median(times),
            baseline_seconds=paint,
            target=TARGETS[when],
            runs=len(times),
        )
        for page in PAGES
        for when, times in ((when, took[page, when]) for when in TARGETS)
    ]


def made(folder: Path, customers: int) -> None:
    """Publish customers with their orders, answers and contacts, a ledger and two initiatives as a workspace."""
    workspace = Workspace.open(folder)
    people = f"SELECT who, {_JOINED} AS joined_on, {_LEFT} AS left_on FROM range({customers}) w(who)"
    queries = {"costs": _COSTS, "initiatives": _PROMISES} | {
        name: f"SELECT {columns} FROM range({int(each * customers)}) r(n) JOIN ({people}) ON who = n % {customers}"
        for name, (each, columns) in _TABLES.items()
    }
    staged = {name: workspace.quarantine() / f"{name}.parquet" for name in queries}
    with duckdb.connect(config={"threads": 2}) as connection:
        for name, query in queries.items():
            connection.execute(f"COPY ({query}) TO '{staged[name]}' (FORMAT parquet, COMPRESSION zstd)")
    workspace.publish(staged, sources={name: {"currency": "SAR"} for name in staged})


async def _pages(workspace: Path) -> dict[tuple[str, str], list[float]]:
    times: dict[tuple[str, str], list[float]] = {}
    for page in PAGES:
        shutil.rmtree(workspace / FOLDER, ignore_errors=True)
        with served_app(workspace) as address:
            times[page, "at once after the load"] = [await _visit(address, page)]
    return times | await _answered_ahead(workspace)


async def _answered_ahead(workspace: Path) -> dict[tuple[str, str], list[float]]:
    times: dict[tuple[str, str], list[float]] = {}
    with served_app(workspace) as address:
        end = time.monotonic() + _PATIENCE
        while not any((workspace / FOLDER).glob("*/drivers-*")):  # what the server answers last
            if time.monotonic() > end:
                raise RuntimeError("the server has not answered ahead")
            await asyncio.sleep(1)
        for page in PAGES:
            times[page, "once answered ahead"] = [await _visit(address, page)]
            times[page, "a second visit"] = [await _visit(address, page) for _ in range(AGAIN)]
    return times


async def _visit(address: str, page: str) -> float:
    """Return the seconds until the server has drawn a page for somebody who has just come."""
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    async with connect(
        url, max_size=None, ping_interval=None, subprotocols=["streamlit"], origin=address
    ) as connection:  # type: ignore[list-item, arg-type]
        person = Person(connection, page, 0)
        began = time.perf_counter()
        await person.arrive()
        return time.perf_counter() - began
