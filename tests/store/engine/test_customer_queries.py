"""What customers bring by cohort and over a year, and what an order and a won customer cost: as pandas counts it on random small data."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxroi.store.engine.engine import Engine
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

AS_OF = date(2025, 6, 30)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return an engine on random customers and orders, with the same as frames; some have joined before the orders begin."""
    random = np.random.default_rng(8)
    ids = [f"c{number}" for number in range(60)]
    joined = pd.Timestamp("2023-11-01") + pd.to_timedelta(random.integers(0, 400, 60), unit="D")
    segments = random.choice(["a", "b"], 60)
    customers = pd.DataFrame({"customer_id": ids, "joined_on": joined, "segment": segments})
    customers["acquisition_cost"] = np.where(random.random(60) < 0.8, random.integers(50, 150, 60), np.nan)
    orders = pd.DataFrame({"customer_id": random.choice(ids, 500)})
    orders = orders.merge(customers[["customer_id", "joined_on"]], on="customer_id")
    start = orders["joined_on"].clip(lower=pd.Timestamp("2024-03-01"))
    orders["ordered_on"] = start + pd.to_timedelta(random.integers(0, 450, 500), unit="D")
    orders["amount"] = random.integers(-5, 60, 500)
    orders["refund"] = np.where(random.random(500) < 0.1, 5, 0)
    orders["discount"] = random.choice([np.nan, 0, 4, -6], 500)
    orders.loc[0, ["ordered_on", "amount"]] = [pd.Timestamp("2024-03-02"), 10]
    workspace = Workspace.open(tmp_path_factory.mktemp("queries"))
    listed = {
        "customers": customers.assign(joined_on=joined.strftime("%Y-%m-%d")).astype({"acquisition_cost": object}),
        "orders": orders.drop(columns="joined_on").assign(ordered_on=orders["ordered_on"].dt.strftime("%Y-%m-%d")),
    }
    staged = {
        name: parquet(
            workspace.quarantine() / f"{name}.parquet",
            name,
            [
                {key: (None if value != value else str(value)) for key, value in row.items()}
                for row in frame.to_dict("records")
            ],
        )
        for name, frame in listed.items()
    }
    orders["net"] = orders["amount"] - orders["refund"]
    orders = orders.drop(columns="joined_on").merge(customers, on="customer_id")
    return Engine.on(workspace.publish(staged, sources={})), customers, orders


def months(days):
    return days.dt.year * 12 + days.dt.month


def test_cohorts_by_revenue_are_those_of_pandas(world):
    engine, _, orders = world
    known = orders[orders["ordered_on"] <= pd.Timestamp(AS_OF)]
    begins = known["ordered_on"].min().to_period("M").to_timestamp()
    known = known[known["joined_on"] >= begins]
    first = known[known["amount"] >= 0].groupby("customer_id")["ordered_on"].min().rename("first_on")
    known = known.merge(first, on="customer_id")
    known = known[known["ordered_on"] >= known["first_on"]]
    known["period"] = (months(known["ordered_on"]) - months(known["first_on"])) // 3
    spent = known.groupby(["customer_id", "segment", "first_on", "period"]).agg(
        revenue=("net", lambda x: max(x.sum(), 0)), ordered=("amount", lambda x: (x >= 0).any())
    )
    spent = spent.reset_index()
    base = spent[spent["period"] == 0].set_index("customer_id")["revenue"].rename("first")
    spent = spent.join(base, on="customer_id")
    spent["kept"] = spent[["revenue", "first"]].min(axis=1)
    spent["cohort"] = spent["first_on"].dt.to_period("M").dt.to_timestamp()
    for name, (one, other) in {
        "first_first": ("first", "first"),
        "first_revenue": ("first", "revenue"),
        "first_kept": ("first", "kept"),
        "revenue_revenue": ("revenue", "revenue"),
        "kept_kept": ("kept", "kept"),
    }.items():
        spent[name] = spent[one] * spent[other]
    spent["customers"] = spent["ordered"].astype(int)
    columns = [
        "customers",
        "revenue",
        "kept",
        "first_first",
        "first_revenue",
        "first_kept",
        "revenue_revenue",
        "kept_kept",
    ]
    expected = spent.groupby(["segment", "cohort", "period"])[columns].sum()
    found = engine.query("cohort_revenue", as_of=AS_OF, period_months=3)
    found["cohort"] = pd.to_datetime(found["cohort"])
    found = found.set_index(["segment", "cohort", "period"])[columns]
    assert len(found) > 20
    pd.testing.assert_frame_equal(found.astype(float), expected.astype(float), check_index_type=False)


def test_what_last_years_customers_bring_now_is_that_of_pandas(world):
    engine, _, orders = world
    spans = {"first_on": date(2024, 4, 1), "last_on": date(2024, 6, 30)}
    later = {"later_first_on": date(2025, 4, 1), "later_last_on": AS_OF}
    found = engine.query("revenue_kept", **spans, **later).set_index("segment")
    inside = {
        name: orders[orders["ordered_on"].between(*map(pd.Timestamp, ends))].groupby("customer_id")["net"].sum()
        for name, ends in {"first": spans.values(), "revenue": later.values()}.items()
    }
    both = pd.DataFrame(inside).fillna(0.0)
    both = both[both["first"] > 0].assign(revenue=lambda d: d["revenue"].clip(lower=0))
    both["kept"] = both.min(axis=1)
    both = both.join(orders.groupby("customer_id")["segment"].first())
    expected = both.groupby("segment").agg(
        customers=("first", "size"), still=("revenue", lambda x: (x > 0).sum()), first=("first", "sum"),
        revenue=("revenue", "sum"), kept=("kept", "sum"),
    )  # fmt: skip
    pd.testing.assert_frame_equal(found[list(expected)].astype(float), expected.astype(float))
    assert found["first_kept"].sum() == pytest.approx((both["first"] * both["kept"]).sum())
    assert found["revenue_revenue"].sum() == pytest.approx((both["revenue"] ** 2).sum())


def test_orders_of_a_period_are_those_of_pandas(world):
    engine, _, orders = world
    found = engine.query("ordering_customers", first_on=date(2025, 1, 1), last_on=AS_OF).set_index("segment")
    inside = orders[orders["ordered_on"].between("2025-01-01", str(AS_OF)) & (orders["amount"] >= 0)]
    by = inside.groupby(["segment", "customer_id"])["net"].agg(["size", "sum"])
    assert found["orders"].sum() == len(inside) and found["customers"].sum() == len(by)
    assert found["revenue"].sum() == pytest.approx(inside["net"].sum())
    assert found["orders_revenue"].sum() == pytest.approx((by["size"] * by["sum"]).sum())
    off = inside["discount"].fillna(0).abs()
    each = inside.assign(off=off, gross=inside["amount"] + off).groupby("customer_id")[["off", "gross"]].sum()
    assert found["discounted"].sum() == (off > 0).sum() and found["gross"].sum() == each["gross"].sum()
    assert found["discount"].sum() == off.sum()
    assert found["gross_discount"].sum() == pytest.approx((each["gross"] * each["off"]).sum())
    assert found["gross_gross"].sum() == pytest.approx((each["gross"] ** 2).sum())


def test_what_winning_cost_is_counted_by_month_of_joining_where_it_is_known(world):
    engine, customers, _ = world
    found = engine.query("acquisition_costs")
    known = customers.dropna(subset=["acquisition_cost"])
    assert found["customers"].sum() == len(known) and found["amount"].sum() == known["acquisition_cost"].sum()
    assert found["amount_amount"].sum() == pytest.approx((known["acquisition_cost"] ** 2).sum())
    by_month = known.groupby(known["joined_on"].dt.to_period("M").dt.to_timestamp()).size()
    assert found.groupby(pd.to_datetime(found["month"]))["customers"].sum().tolist() == by_month.tolist()


def test_without_orders_contracts_tell_who_still_pays(tmp_path):
    workspace = Workspace.open(tmp_path)
    rows = [
        {"customer_id": "1", "joined_on": "2024-01-05", "monthly_revenue": "10"},
        {"customer_id": "2", "joined_on": "2024-01-05", "left_on": "2025-01-05", "monthly_revenue": "30"},
        {"customer_id": "3", "joined_on": "2024-09-05", "monthly_revenue": "50"},
    ]
    staged = {"customers": parquet(workspace.quarantine() / "customers.parquet", "customers", rows)}
    engine = Engine.on(workspace.publish(staged, sources={}))
    spans = {"first_on": date(2024, 6, 1), "last_on": date(2024, 6, 30)}
    later = {"later_first_on": date(2025, 6, 1), "later_last_on": AS_OF}
    (found,) = engine.query("revenue_kept", **spans, **later).to_dict("records")
    assert (found["customers"], found["still"], found["first"], found["revenue"]) == (2, 1, 40.0, 10.0)
