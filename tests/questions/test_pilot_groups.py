"""The customers a pilot draws from are those who are active, by contract or by order, as counting by hand has it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import ModelError
from cxroi.export.pilot_lists import group_list
from cxroi.questions.data import open_version
from cxroi.questions.pilot_groups import GroupsWish, ask_groups, ask_regions

N = 400


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Return a workspace of a made company with contracts, regions and a ledger, and its customers as a frame."""
    from cxroi.cli import main
    from tests.acting import parsed_here

    folder = tmp_path_factory.mktemp("groups")
    random = np.random.default_rng(7)
    joined = pd.to_datetime("2022-01-05") + pd.to_timedelta(random.integers(0, 900, N), unit="D")
    left = joined + pd.to_timedelta(random.integers(40, 1500, N), unit="D")
    customers = pd.DataFrame(
        {
            "customer_id": [f"=C{n}" if n == 0 else f"C{n}" for n in range(N)],
            "joined_on": joined.date,
            "left_on": [day.date() if day < pd.Timestamp("2025-01-01") else "" for day in left],
            "segment": random.choice(["Homes", "Firms"], N),
            "region": random.choice([f"R{n}" for n in range(9)], N),
            "monthly_revenue": random.gamma(2, 50, N).round(2),
        }
    )
    months = pd.date_range("2023-01-01", "2024-12-01", freq="MS")
    costs = pd.DataFrame({"period": months.date, "amount": 1000.0, "category": "training", "is_cx": True})
    for name, frame in (("customers", customers), ("costs", costs)):
        frame.to_csv(folder / f"{name}.csv", index=False)
    with pytest.MonkeyPatch.context() as patch:
        from cxroi.actions import load

        patch.setattr(load, "run_child", parsed_here)
        assert (
            main(
                [
                    "import",
                    *(str(folder / f"{n}.csv") for n in ("customers", "costs")),
                    "--workspace",
                    str(folder / "ws"),
                ]
            )
            == 0
        )
    return folder / "ws", customers


def active(customers, day):
    left = pd.to_datetime(customers["left_on"].replace("", None))
    joined = pd.to_datetime(customers["joined_on"])
    return customers[(joined <= pd.Timestamp(day)) & (left.isna() | (left > pd.Timestamp(day)))]


def test_those_who_are_active_on_the_last_day_are_drawn_from_and_no_others(loaded):
    folder, customers = loaded
    with open_version(folder) as data:
        expected = active(customers, data.panel.last_day)
        pairs = len(expected) // 2 - 20
        drawn = ask_groups(data, GroupsWish(per_group=pairs, seed=3))
        homes = ask_groups(data, GroupsWish(per_group=30, seed=3, segment="Homes"))
        assert data.baseline.whole.customers == len(expected)
    assert set(drawn.customers["customer_id"]) <= set(expected["customer_id"])
    assert (
        drawn.customers["customer_id"].is_unique and len(drawn.named("treated")) == len(drawn.named("control")) == pairs
    )
    assert set(homes.customers["segment"]) == {"Homes"} and isinstance(drawn.as_of, date)
    assert max(abs(one.difference) for one in drawn.alike) < 0.35


def test_whole_regions_are_drawn_with_all_of_their_customers(loaded):
    folder, customers = loaded
    with open_version(folder) as data:
        here = active(customers, data.panel.last_day)
        assert dict(ask_regions(data).sizes) == here["region"].value_counts().to_dict()
        drawn = ask_groups(data, GroupsWish(per_group=4, seed=3, by_region=True)).customers
    assert drawn.groupby("region")["group"].nunique().eq(1).all() and drawn["region"].nunique() == 8
    chosen = here[here["region"].isin(drawn["region"])]
    assert set(chosen["customer_id"]) == set(drawn["customer_id"])


def test_the_lists_are_the_same_for_the_same_seed_and_hold_nothing_live(loaded):
    folder, customers = loaded
    with open_version(folder) as data:
        pairs = len(active(customers, data.panel.last_day)) // 2 - 20
        first, again = (ask_groups(data, GroupsWish(per_group=pairs, seed=11)) for _ in range(2))
        other = ask_groups(data, GroupsWish(per_group=pairs, seed=12))
    both = ("treated", "control")
    assert group_list(first, both) == group_list(again, both) != group_list(other, both)
    rows = group_list(first, both).decode("utf-8-sig").splitlines()
    assert (
        rows[0].startswith("customer_id,group,segment,region,randomised,period,retained") and len(rows) == 2 * pairs + 1
    )
    assert not any(row.startswith("=") for row in rows)


def test_more_than_there_are_cannot_be_drawn(loaded):
    folder, _ = loaded
    with open_version(folder) as data, pytest.raises(ModelError):
        ask_groups(data, GroupsWish(per_group=N, seed=1))


def test_by_orders_those_who_ordered_within_the_window_are_drawn_from_as_counted_by_hand(tmp_path, files_read_here):
    from cxroi.cli import main

    random, day = np.random.default_rng(5), pd.Timestamp("2023-01-01")
    orders = pd.DataFrame(
        {
            "customer_id": [f"O{n}" for n in random.integers(0, 150, 1500)],
            "ordered_on": (day + pd.to_timedelta(random.integers(0, 730, 1500), unit="D")).date,
            "amount": random.gamma(2, 20, 1500).round(2),
        }
    )
    months = pd.date_range("2023-01-01", "2024-12-01", freq="MS")
    costs = pd.DataFrame({"period": months.date, "amount": 1000.0, "category": "training", "is_cx": True})
    for name, frame in (("orders", orders), ("costs", costs)):
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    files = [str(tmp_path / f"{name}.csv") for name in ("orders", "costs")]
    assert main(["import", *files, "--currency", "SAR", "--workspace", str(tmp_path / "ws")]) == 0
    with open_version(tmp_path / "ws") as data:
        last, window = data.panel.last_day, int(data.frame.meta["inactivity_window_months"])
        pool = data.engine.query("pilot_pool", as_of=last, window_months=window).set_index("customer_id")
    orders["ordered_on"] = pd.to_datetime(orders["ordered_on"])
    until = orders[orders["ordered_on"] <= pd.Timestamp(last)]
    newest = until.groupby("customer_id")["ordered_on"].max()
    assert set(pool.index) == set(newest[newest > pd.Timestamp(last) - pd.DateOffset(months=window)].index)
    year = until[until["ordered_on"] > pd.Timestamp(last) - pd.DateOffset(months=12)]
    revenue = year.groupby("customer_id")["amount"].sum() / 12
    assert pool["monthly_revenue"].to_numpy() == pytest.approx(revenue.reindex(pool.index).fillna(0).to_numpy())
