"""From raw orders to a verdict on real data: the CDNOW orders that lifetimes ships, with a cost ledger made here.

CDNOW: 23,570 people who first bought in the first quarter of 1997, with every purchase until June 1998 (Fader & Hardie 2001).
"""

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxroi.intake.report import IntakeRequest, LoadOutcome
from cxroi.model.decision.verdict import Call
from cxroi.questions import build_business_case, default_scenario, gather
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_panel
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file

MONTHS = pd.period_range("1997-01", "1998-06", freq="M")
SPEND = [9000 + 700 * ((5 * number) % 7) + 0.25 for number in range(len(MONTHS))]


@pytest.fixture(scope="module")
def orders():
    """Return the raw orders; the package is found without importing it, since it holds pandas back."""
    spec = importlib.util.find_spec("lifetimes")
    if spec is None:
        pytest.skip("lifetimes is not installed")
    path = Path(spec.origin).parent / "datasets" / "CDNOW_master.txt"
    names = ["customer_id", "day", "cds", "amount"]
    raw = pd.read_csv(path, sep=r"\s+", header=0, names=names, dtype=str)
    assert len(raw) == 69_659 and raw["customer_id"].nunique() == 23_570
    return raw


@pytest.fixture(scope="module")
def workspace(orders, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cdnow")
    workspace = Workspace.open(folder / "workspace")
    raw = orders.assign(day=pd.to_datetime(orders["day"], format="%Y%m%d").dt.strftime("%Y-%m-%d"))
    raw.rename(columns={"day": "order date", "cds": "quantity"}).to_csv(folder / "orders.csv", index=False)
    with (folder / "ledger.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Month", "Amount (USD)", "Initiative"])
        writer.writerows(
            [f"{month}-01", f"{spend:.2f}", "Service desk"] for month, spend in zip(MONTHS, SPEND, strict=True)
        )
    for name, table in (("orders.csv", "orders"), ("ledger.csv", "costs")):
        request = IntakeRequest(table=table, as_of="1998-07-01", currency="USD")
        reports, version = load_file(workspace, folder / name, name, request)
        assert version is not None and [report.outcome for report in reports] == [LoadOutcome.LOADED], reports
    return workspace


def test_every_order_is_loaded_to_the_cent(workspace, orders):
    table = workspace.current().tables["orders"]
    assert table.rows == 69_659
    assert table.sums["amount"] == f"{orders['amount'].map(lambda a: round(float(a) * 1000)).sum() / 1000:.3f}"


def test_the_panel_is_what_pandas_counts(workspace, orders):
    panel = read_panel(Engine.on(workspace.current()))
    month = pd.to_datetime(orders["day"], format="%Y%m%d").dt.to_period("M")
    data = pd.DataFrame({"who": orders["customer_id"], "month": month, "amount": orders["amount"].astype(float)})
    number = data["month"].astype("int64")
    days = orders.drop_duplicates(["customer_id", "day"]).index
    gaps = number[days].groupby(data["who"][days]).apply(lambda m: np.diff(np.sort(m))).explode().dropna().astype(int)
    window = next(w for w in range(1, 60) if (gaps <= w).mean() >= 0.95)
    assert panel.meta["inactivity_window_months"] == window == 9
    frame = panel.frame.set_index("month")
    assert frame.index.equals(MONTHS.to_timestamp())
    for now in MONTHS:
        row = frame.loc[now.to_timestamp()]
        before = set(data["who"][(data["month"] >= now - window) & (data["month"] < now)])
        buying = set(data["who"][data["month"] == now])
        after = set(data["who"][(data["month"] > now - window) & (data["month"] <= now)])
        assert row["customers_at_start"] == len(before)
        assert row["customers_joined"] == len(buying - before)
        assert row["customers_lost"] == len(before - after)
        assert row["revenue"] == pytest.approx(data["amount"][data["month"] == now].sum(), abs=1e-6)
        assert row["orders"] == (data["month"] == now).sum()
    assert frame["cx_spend"].tolist() == SPEND
    assert panel.meta["complete_months"].tolist() == [False] * window + [True] * (len(MONTHS) - window)
    assert panel.meta["currency"] == "USD"


def test_half_a_year_of_usable_months_gives_an_honest_verdict(workspace):
    evidence = gather(workspace.folder, None)
    case = build_business_case(evidence, default_scenario(evidence))
    assert case.verdict.call is Call.NOT_ENOUGH_EVIDENCE
    assert case.baseline.whole.customers > 0 and 0 < case.baseline.whole.monthly_churn_rate.mid < 1
    assert case.currency == "USD" and not case.illustrative
