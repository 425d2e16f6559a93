"""Small companies that are made up, published as workspaces: for tests of what is said of customers, quick because nothing is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from cxroi.questions.slice import add_months
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
Rows = Sequence[Mapping[str, str | None]]


def publish(folder: Path, **tables: Rows) -> Path:
    """Publish rows by table as the current version of a workspace, and return its folder."""
    workspace = Workspace.open(folder)
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={})
    return folder


def contracts(count: int = 240, segments: Sequence[str] = ("Homes", "Shops"), seed: int = 1) -> dict[str, Rows]:
    """Return customers who join and leave over two years and pay every month, some more from their second year on."""
    random = np.random.default_rng(seed)
    customers, orders = [], []
    for number in range(count):
        joined = FIRST + timedelta(days=int(random.integers(0, 690)))
        stays = int(random.geometric(0.03))
        left = add_months(joined.replace(day=1), stays).replace(day=min(joined.day, 28))
        segment = segments[number % len(segments)]
        row = {"customer_id": f"c{number}", "joined_on": str(joined), "segment": segment, "monthly_revenue": "20"}
        customers.append(
            {**row, "left_on": str(left) if left <= LAST else None, "acquisition_cost": str(30 + number % 7)}
        )
        for month in range(stays):
            day = add_months(joined.replace(day=1), month).replace(day=min(joined.day, 28))
            if joined <= day <= LAST:
                amount = "26" if month >= 12 and number % 3 == 0 else "20"
                order = {"customer_id": f"c{number}", "ordered_on": str(day), "amount": amount, "segment": segment}
                orders.append({**order, "variable_cost": "8"})
    return {"customers": customers, "orders": orders}


def with_a_tiny_segment() -> dict[str, Rows]:
    """Return a company of a large segment, a smaller one and one of nine customers, of which few joined in June 2024, with scores of both and costs."""
    customers = [
        {
            "customer_id": f"{segment}{number}",
            "segment": segment,
            "joined_on": "2024-06-05" if number % 40 == 3 else f"202{4 + number % 2}-01-05",
            "left_on": f"202{4 + number % 2}-0{2 + number % 5}-20" if number % 7 == 6 and segment != "Tiny" else None,
            "monthly_revenue": "100",
        }
        for segment, count in (("Large", 120), ("Middle", 60), ("Tiny", 9))
        for number in range(count)
    ]
    answers = [
        {
            "answered_on": f"2025-{1 + number % 12:02}-05",
            "metric": "nps",
            "score": str(number % 11),
            "scale_max": "10",
            "customer_id": f"{'Tiny' if number < 24 else 'Large'}{number % 9}",
            "touchpoint": "Lift" if number % 40 == 0 else "Shop" if number % 2 else "Web",
        }
        for number in range(240)
    ]
    costs = [
        {
            "period": f"{year}-{month:02}-01",
            "amount": str(1000 + 137 * (month * year % 5)),
            "kind": "cx",
            "currency": "SAR",
        }
        for year in (2024, 2025)
        for month in range(1, 13)
    ]
    return {"customers": customers, "surveys": answers, "costs": costs}


def months(count: int = 24, segments: Sequence[str | None] = (None,), seed: int = 1) -> dict[str, Rows]:
    """Return monthly totals with spend on keeping and on winning customers."""
    random = np.random.default_rng(seed)
    rows = []
    for segment in segments:
        there = 400
        for place in range(count):
            lost, joined = int(random.binomial(there, 0.02)), int(random.poisson(10))
            rows.append(
                {
                    "month": str(add_months(FIRST, place)),
                    "segment": segment,
                    "customers_at_start": str(there),
                    "customers_joined": str(joined),
                    "customers_lost": str(lost),
                    "revenue": str(there * 20),
                    "contribution_margin": str(there * 12),
                    "support_cost": str(there + place),
                    "cx_spend": str(there * 2 + int(random.integers(0, 50))),
                    "acquisition_spend": str(60 * joined),
                }
            )
            there += joined - lost
    return {"monthly": rows}
