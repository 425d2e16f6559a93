"""The inactivity window is the one that a full count over all orders gives, however little of them was counted."""

import random
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from cxroi.store.engine.engine import Engine
from cxroi.store.panel.counts import inactivity_window
from cxroi.store.settings import EngineSettings
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet


def orders(seed):
    """Return orders of customers who come back after days, weeks or months, by seed; some twice on one day."""
    draw = random.Random(seed)
    mean, rows = draw.choice([3, 12, 40, 90]), []
    for customer in range(60):
        day = date(2023, 1, 1) + timedelta(draw.randrange(200))
        while day < date(2025, 6, 1):
            rows += [(f"C{customer}", day)] * draw.choice([1, 1, 2])
            day += timedelta(1 + int(draw.expovariate(1 / mean)))
    return rows


def by_hand(rows):
    """Return the smallest number of months that covers 95 % of the gaps between the order days of the same customer."""
    days = sorted(set(rows))
    months = [(who, day.year * 12 + day.month) for who, day in days]
    pairs = pairwise(months)
    gaps = [after - before for (who, before), (whose, after) in pairs if who == whose]
    window = int(np.quantile(gaps, 0.95, method="inverted_cdf"))
    return max(window, 1)


@pytest.mark.parametrize("seed", range(8))
def test_the_window_is_that_of_a_full_count(tmp_path, seed):
    rows = orders(seed)
    workspace = Workspace.open(tmp_path / "w")
    typed = [{"customer_id": who, "ordered_on": str(day), "amount": "1"} for who, day in rows]
    staged = {"orders": parquet(workspace.quarantine() / "o.parquet", "orders", typed)}
    engine = Engine.on(workspace.publish(staged, sources={}))
    assert inactivity_window(engine, engine.query("order_spells")) == by_hand(rows)


def test_a_query_over_many_rows_may_take_longer():
    settings = EngineSettings(query_seconds=20)
    assert (settings.seconds_for(0), settings.seconds_for(100_000_000)) == (20, 120)
