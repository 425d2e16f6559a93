"""The whole ledger in one currency: what pandas counts from the rows, and to the last thousandth what the panel uses."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import StoreError
from cxroi.money.exchange import RateTable
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.ledger import read_ledger
from cxroi.store.panel.panel import read_panel
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

PEOPLE = [
    {"customer_id": str(n), "joined_on": "2024-11-20", "segment": "a" if n % 3 else "b", "monthly_revenue": "10"}
    for n in range(20)
]
PEOPLE += [{"customer_id": "new", "joined_on": "2025-06-30", "segment": "a", "monthly_revenue": "10"}]
STEPS = {"EUR": (("", Decimal("3.9871")), ("2025-03", Decimal("4.1003"))), "USD": (("", Decimal("3.7501")),)}


def rates(to):
    return RateTable(steps=STEPS)


def engine_on(folder, costs):
    workspace = Workspace.open(folder / "w")
    rows = {"customers": PEOPLE, "costs": costs}
    staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, part) for n, part in rows.items() if part}
    return Engine.on(workspace.publish(staged, sources={"customers": {"currency": "SAR"}}))


def random_costs(seed, rows=300):
    random = np.random.default_rng(seed)

    def one_of(*values):
        return values[random.integers(len(values))]

    return [
        {
            "period": f"2025-{random.integers(1, 7):02d}-01",
            "amount": f"{random.integers(-50_000, 500_000) / 1000:.3f}",
            "budget_amount": one_of(None, f"{random.integers(0, 500_000) / 1000:.3f}"),
            "initiative": one_of(None, "Coaching", "App", "Recovery"),
            "category": one_of(None, "people", "acquisition", "other"),
            "touchpoint": one_of(None, "Phone", "Web"),
            "segment": one_of(None, "a", "b", "nobody"),
            "currency": one_of("SAR", "EUR", "USD"),
            "kind": one_of(None, "capex", "opex"),
            "is_cx": one_of(None, "true", "false"),
            "one_off": one_of(None, "true"),
        }
        for _ in range(rows)
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_are_what_pandas_adds_up_and_reach_the_panels_sums_to_the_thousandth(tmp_path, seed):
    costs = random_costs(seed)
    engine = engine_on(tmp_path, costs)
    ledger, account = read_ledger(engine, rates=rates), read_panel(engine, rates=rates).account
    frame = pd.DataFrame(costs)
    frame["thousandth"] = [int(Decimal(amount) * 1000) for amount in frame["amount"]]
    cells = ledger.cells
    assert cells["amount_thousandth"].sum() == frame["thousandth"].sum()
    assert cells["lines"].sum() == len(frame) and cells["lines_budgeted"].sum() == frame["budget_amount"].notna().sum()
    for label in ("initiative", "category", "touchpoint", "segment", "currency"):
        ours = cells.groupby(label, dropna=False)["amount_thousandth"].sum()
        theirs = frame.groupby(label, dropna=False)["thousandth"].sum()
        assert {str(k): int(v) for k, v in ours.items()} == {str(k): int(v) for k, v in theirs.items()}
    won = frame["category"].eq("acquisition")
    assert cells["amount_thousandth"][cells["counts"] == "acquisition"].sum() == frame["thousandth"][won].sum()
    by = cells.groupby("counts")["thousandth"].sum()
    assert Decimal(int(cells["thousandth"].sum())).scaleb(-3) == account.ledger
    assert Decimal(int(by["acquisition"] + by["not_cx"])).scaleb(-3) == account.not_cx
    assert Decimal(int(by["acquisition"])).scaleb(-3) == account.acquisition
    once = cells["thousandth"][(cells["counts"] == "cx") & cells["one_off"]].sum()
    assert Decimal(int(once)).scaleb(-3) == account.one_off
    assert account.ledger == account.not_cx + account.one_off + account.outside_months + account.direct + account.shared


def test_each_amount_counts_at_the_rate_of_its_month(tmp_path):
    costs = [
        {"period": f"2025-0{month}-01", "amount": "1.005", "currency": "EUR", "initiative": name}
        for month in (2, 3)
        for name in ("x", "y")
    ]
    cells = read_ledger(engine_on(tmp_path, costs), rates=rates).cells

    def worth(rate):
        return int((Decimal(1005) * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_EVEN))

    assert cells["thousandth"].tolist() == [worth("3.9871")] * 2 + [worth("4.1003")] * 2


def test_no_ledger_and_an_amount_without_a_rate_are_refused(tmp_path):
    with pytest.raises(StoreError) as refused:
        read_ledger(engine_on(tmp_path / "none", []))
    assert refused.value.id == "costs.no_ledger"
    with pytest.raises(StoreError) as refused:
        read_ledger(engine_on(tmp_path / "mixed", [{"period": "2025-01-01", "amount": "1", "currency": "EUR"}]))
    assert refused.value.id == "store.currencies_mixed"
