"""The panel is the same whichever way it is counted, adds up, and says what it could not know."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxroi.errors import StoreError
from cxroi.model.company.sharing import Sharing, split
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import data_choices, read_panel
from cxroi.store.panel.spend import Spend
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet


@pytest.fixture
def engine_on(tmp_path):
    """Return a function that publishes rows by table and opens an engine on them."""

    def open_engine(sources=None, **tables):
        workspace = Workspace.open(tmp_path / f"w{len(list(tmp_path.iterdir()))}")
        staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, rows) for n, rows in tables.items()}
        return Engine.on(workspace.publish(staged, sources=sources or {}))

    return open_engine


def customer(id, joined_on, left_on=None, segment=None, monthly_revenue="10", **more):
    row = {"customer_id": id, "joined_on": joined_on, "left_on": left_on, "segment": segment}
    return {**row, "monthly_revenue": monthly_revenue, **more}


def cost(period, amount, segment=None, **more):
    return {"period": period, "amount": amount, "segment": segment, **more}


def order(id, ordered_on, amount="10", **more):
    return {"customer_id": id, "ordered_on": ordered_on, "amount": amount, **more}


TINY = [
    customer("1", "2024-11-20"),
    customer("2", "2024-12-31", "2025-02-01", monthly_revenue="25"),
    customer("3", "2025-01-01", "2025-01-31"),
    customer("4", "2025-02-10"),
    customer("5", "2025-03-31"),
]
TINY_COSTS = [cost(f"2025-0{month}-01", "30") for month in (1, 2, 3)]


def column(panel, name, segment="all"):
    return panel.frame.loc[panel.frame["segment"] == segment, name].tolist()


def test_contracts_are_counted_by_hand(engine_on):
    panel = read_panel(engine_on(customers=TINY, costs=TINY_COSTS))
    assert column(panel, "customers_at_start") == [2, 2, 2]
    assert column(panel, "customers_joined") == [1, 1, 1]
    assert column(panel, "customers_lost") == [1, 1, 0]
    assert column(panel, "revenue") == [35, 35, 20]
    assert column(panel, "cx_spend") == [30, 30, 30]
    assert panel.meta["source"] == "customers" and panel.meta["margin_is_revenue"]
    assert panel.meta["complete_months"].all()


def test_a_month_that_ends_early_is_not_complete(engine_on):
    busy = [customer(str(day), str(day.date())) for day in pd.date_range("2024-12-01", "2025-03-08")]
    panel = read_panel(engine_on(customers=busy, costs=TINY_COSTS))
    assert panel.meta["complete_months"].tolist() == [True, True, False]
    listed_earlier = read_panel(engine_on(customers=busy[:-20], costs=TINY_COSTS))
    assert len(listed_earlier.frame) == 2


def test_a_quiet_month_of_a_small_company_is_no_missing_month(engine_on):
    panel = read_panel(engine_on(customers=[customer("1", "2024-11-20")], costs=TINY_COSTS))
    assert column(panel, "customers_at_start") == [1, 1, 1]
    assert panel.meta["complete_months"].all()
    listed = read_panel(engine_on(customers=TINY, costs=TINY_COSTS), as_of=date(2025, 2, 10))
    assert listed.meta["complete_months"].tolist() == [True, False]


def test_contracts_that_end_in_the_future_are_still_running(engine_on):
    people = [*TINY, customer("6", "2025-01-05", "2027-01-01")]
    panel = read_panel(engine_on(customers=people, costs=TINY_COSTS))
    assert column(panel, "customers_lost") == [1, 1, 0] and len(panel.frame) == 3


def test_months_before_anybody_is_recorded_as_gone_are_not_used(engine_on):
    stayed = [customer(f"s{k}", "2020-01-01") for k in range(40)]
    left = [customer(f"l{k}", "2020-01-01", f"2025-0{2 + k % 2}-10") for k in range(20)]
    ledger = [cost(f"2024-{month:02d}-01", "30") for month in range(1, 13)] + TINY_COSTS
    panel = read_panel(engine_on(customers=stayed + left, costs=ledger), as_of=date(2025, 3, 31))
    assert panel.meta["complete_months"].tolist() == [False] * 13 + [True] * 2
    assert [note.facts for note in panel.notes] == [{"from": "2025-02"}]


def test_customers_that_cannot_be_dated_are_left_out_and_counted(engine_on):
    people = [*TINY, customer("6", "2025-02-01", "2025-01-01"), customer("7", "2024-01-01", status=" Churned ")]
    panel = read_panel(engine_on(customers=people, costs=TINY_COSTS))
    assert column(panel, "customers_at_start") == [2, 2, 2]
    (note,) = [note for note in panel.notes if note.id == "store.note.customers_left_out"]
    assert note.facts == {"customers": 2}


def test_customers_who_left_on_unknown_days_give_no_panel(engine_on):
    people = [customer("1", "2024-01-01", status="active"), customer("2", "2024-01-01", status="ملغي")]
    with pytest.raises(StoreError) as refused:
        read_panel(engine_on(customers=people, costs=TINY_COSTS))
    assert refused.value.id == "store.leaving_dates_missing"


@pytest.mark.parametrize("joined_on", ["2024-01-01", None])
def test_a_list_of_customers_that_tells_of_no_leaving_leaves_it_to_their_orders(engine_on, joined_on):
    """Nobody left by the list, and half of them have not ordered for a year: the losses must not vanish."""
    months = [f"2024-{month:02d}-05" for month in range(1, 13)]
    bought = [order(str(one), day) for one in range(20) for day in (months if one % 2 else months[:4])]
    spent = [cost(day, "30") for day in months]
    orders_alone = engine_on(orders=bought, costs=spent)
    alone = read_panel(orders_alone)
    both = engine_on(customers=[customer(str(one), joined_on) for one in range(20)], orders=bought, costs=spent)
    found = read_panel(both)
    lost = column(found, "customers_lost")
    assert lost == column(alone, "customers_lost") and sum(lost) == 10
    assert found.notes[0].id == "store.note.orders_tell" != alone.notes[0].id
    assert read_panel(both, without_costs=True).meta["source"] == "orders"
    told = engine_on(customers=[customer("1", "2024-01-01", "2024-06-01")], orders=bought, costs=spent)
    assert read_panel(told).meta["source"] == "customers"
    no_ledger = engine_on(customers=[customer(str(one), joined_on) for one in range(20)], orders=bought)
    without = read_panel(no_ledger, without_costs=True)
    assert without.meta["source"] == "orders" and without.notes[0].id == "store.note.orders_tell"


def test_what_is_missing_is_said(engine_on):
    engine = engine_on(customers=TINY)
    assert data_choices(engine).missing["customers"] == ("costs",)
    with pytest.raises(StoreError) as refused:
        read_panel(engine)
    assert refused.value.id == "store.not_enough_tables"
    with pytest.raises(StoreError) as refused:
        read_panel(engine, source="orders")
    assert refused.value.facts["missing"] == "orders, costs"
    nothing_paid = [customer("1", "2024-11-20", monthly_revenue=None)]
    with pytest.raises(StoreError) as refused:
        read_panel(engine_on(customers=nothing_paid, costs=TINY_COSTS))
    assert refused.value.id == "store.revenue_missing"
    with pytest.raises(StoreError) as refused:
        read_panel(engine_on(customers=TINY, costs=[cost("2019-01-01", "5")]))
    assert refused.value.id == "store.costs_elsewhere"


def test_orders_are_counted_by_hand_with_a_window_of_two_months(engine_on):
    orders = [
        order("a", "2025-01-05"), order("a", "2025-02-05"), order("a", "2025-06-01"),  # lost in April, back in June
        order("b", "2025-01-31"), order("b", "2025-03-01"), order("b", "2025-05-02"),  # never out of the window
        order("c", "2025-02-10"), order("c", "2025-04-10", "-10"),  # a credit note is no order: lost in April
        order("d", "2025-06-30"),
    ]  # fmt: skip
    costs = [cost(f"2025-0{month}-01", "6") for month in range(1, 7)]
    panel = read_panel(engine_on(orders=orders, costs=costs), inactivity_window_months=2)
    assert column(panel, "customers_joined") == [2, 1, 0, 0, 0, 2]
    assert column(panel, "customers_lost") == [0, 0, 0, 2, 0, 0]
    assert column(panel, "customers_at_start") == [0, 2, 3, 3, 1, 1]
    assert column(panel, "revenue") == [20, 20, 10, -10, 10, 20]
    assert column(panel, "orders") == [2, 2, 1, 0, 1, 2]
    assert panel.meta["complete_months"].tolist() == [False, False, True, True, True, True]
    assert panel.meta["inactivity_window_months"] == 2


def test_the_window_covers_95_percent_of_the_gaps(engine_on):
    days = pd.date_range("2023-01-15", periods=20, freq="MS").strftime("%Y-%m-15")
    orders = [order("a", day) for day in days] + [order("b", "2023-01-01"), order("b", "2023-06-01")]
    costs = [cost("2024-08-01", "6"), cost("2023-02-01", "6")]
    # 19 gaps of one month and one of five: one month covers exactly 95 %
    assert read_panel(engine_on(orders=orders, costs=costs)).meta["inactivity_window_months"] == 1
    orders.append(order("b", "2023-11-01"))
    assert read_panel(engine_on(orders=orders, costs=costs)).meta["inactivity_window_months"] == 5


def test_orders_that_are_shorter_than_the_window_are_said_to_be(engine_on):
    orders, costs = [order("a", "2025-01-05"), order("a", "2025-02-05")], [cost("2025-01-01", "1")]
    with pytest.raises(StoreError) as refused:
        read_panel(engine_on(orders=orders, costs=costs), inactivity_window_months=6)
    assert refused.value.id == "store.orders_too_short"


@pytest.mark.parametrize("window", [1, 2, 3, 5])
def test_orders_give_the_same_panel_as_pandas(engine_on, window):
    rng = np.random.default_rng(window)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 540, 900), unit="D")
    who = rng.integers(0, 120, 900)
    amounts = np.round(rng.gamma(2, 20, 900), 2)
    rows = [
        order(f"{k:03d}", str(day.date()), str(amount), segment="even" if k % 2 == 0 else "odd")
        for k, day, amount in zip(who, days, amounts, strict=True)
    ]
    costs = [cost(str(m.date()), "100") for m in pd.date_range("2024-01-01", periods=18, freq="MS")]
    panel = read_panel(engine_on(orders=rows, costs=costs), inactivity_window_months=window)
    data = pd.DataFrame({"who": who, "month": days.to_period("M"), "amount": amounts})
    for (month, segment), row in panel.frame.set_index(["month", "segment"]).iterrows():
        mine = data[(data["who"] % 2 == 0) == (segment == "even")]
        now = month.to_period("M")
        active = set(mine[(mine["month"] >= now - window) & (mine["month"] < now)]["who"])
        buying = set(mine[mine["month"] == now]["who"])
        still = set(mine[(mine["month"] > now - window) & (mine["month"] <= now)]["who"])
        assert row["customers_at_start"] == len(active)
        assert row["customers_joined"] == len(buying - active)
        assert row["customers_lost"] == len(active - still)
        assert row["revenue"] == pytest.approx(mine[mine["month"] == now]["amount"].sum(), abs=1e-6)


def test_a_customer_stays_in_one_segment_whatever_the_orders_say(engine_on):
    orders = [
        order("moved", "2025-01-05", segment="Silver"), order("moved", "2025-01-05", segment="Bronze"),
        order("moved", "2025-02-05", segment="Gold"), order("told once", "2025-02-05", segment="Gold"),
        order("told once", "2025-01-05"), order("plain", "2025-01-05", segment=" Gold "),
    ]  # fmt: skip
    costs = [cost(f"2025-0{month}-01", "6") for month in (1, 2)]
    panel = read_panel(engine_on(orders=orders, costs=costs), inactivity_window_months=1)
    assert column(panel, "revenue", "Bronze") == [20, 10] and column(panel, "revenue", "Gold") == [20, 10]
    assert column(panel, "customers_joined", "Bronze") == [1, 0] and column(panel, "customers_joined", "Gold") == [2, 0]
    registered = [customer("moved", "2020-01-01", segment="Gold"), customer("plain", "2020-01-01", segment="Silver")]
    both = engine_on(orders=orders, costs=costs, customers=registered)
    panel = read_panel(both, source="orders", inactivity_window_months=1)
    assert column(panel, "revenue", "Gold") == [30, 20] and column(panel, "revenue", "Silver") == [10, 0]


def test_histories_longer_than_the_first_sixty_months_are_counted_the_same(engine_on):
    days = ["2016-03-01", "2016-04-01", "2020-12-01", "2021-01-01", "2025-11-01", "2025-12-01"]
    costs = [cost(f"{year}-{month:02d}-01", "1") for year in range(2016, 2026) for month in range(1, 13)]
    panel = read_panel(engine_on(orders=[order("a", day) for day in days], costs=costs), inactivity_window_months=2)
    happened = panel.frame[(panel.frame["customers_joined"] > 0) | (panel.frame["customers_lost"] > 0)]
    assert [f"{month:%Y-%m}" for month in happened["month"]] == ["2016-03", "2016-06", "2020-12", "2021-03", "2025-11"]


def test_margin_comes_from_the_orders_that_tell_it(engine_on):
    orders = [
        order("a", "2025-01-05", "100", variable_cost="60"),
        order("a", "2025-02-05", "50", margin="20", refund="10"),
        order("a", "2025-03-05", "70"),
    ]
    costs = [cost(f"2025-0{month}-01", "6") for month in (1, 2, 3)]
    panel = read_panel(engine_on(orders=orders, costs=costs), inactivity_window_months=1)
    assert column(panel, "revenue") == [100, 40, 70]
    assert column(panel, "contribution_margin") == pytest.approx([40, 20, 70 * 60 / 140])
    assert not panel.meta["margin_is_revenue"]


TWO_SEGMENTS = [
    *(customer(f"g{k}", "2024-01-01", segment="Gold", monthly_revenue="100") for k in range(3)),
    *(customer(f"s{k}", "2024-01-01", segment="Silver", monthly_revenue="10") for k in range(6)),
    customer("new", "2025-03-31", segment="Gold"),
]


def test_shared_costs_are_allocated_to_the_last_unit_by_the_rule_that_was_chosen(engine_on):
    engine = engine_on(customers=TWO_SEGMENTS, costs=[cost("2025-03-01", "100"), cost("2025-03-01", "5", " gold ")])
    by = {rule: read_panel(engine, allocation=Sharing(rule=rule)) for rule in ("customers", "revenue")}
    assert [column(by["customers"], "cx_spend", s) for s in ("Gold", "Silver")] == [[38.333], [66.667]]
    assert [column(by["revenue"], "cx_spend", s) for s in ("Gold", "Silver")] == [[88.333], [16.667]]
    shares = read_panel(engine, allocation=Sharing(rule="shares", shares={"": {"gold": 1, "SILVER": 3}}))
    assert [column(shares, "cx_spend", s) for s in ("Gold", "Silver")] == [[30], [75]]
    assert by["customers"].meta["spend_is_shared"]
    assert (by["customers"].account.direct, by["customers"].account.shared) == (Decimal(5), Decimal(100))
    shared_out = {one.segment: (str(one.direct), str(one.shared)) for one in by["customers"].account.segments}
    assert shared_out == {"Gold": ("5.000", "33.333"), "Silver": ("0.000", "66.667")}


def test_an_initiative_may_have_shares_of_its_own_and_what_no_share_covers_goes_by_customers(engine_on):
    costs = [cost("2025-03-01", "100", initiative="Care"), cost("2025-03-01", "10", initiative="Web")]
    engine = engine_on(customers=TWO_SEGMENTS, costs=costs)
    own = {"CARE ".strip(): {"Silver": 1}}
    panel = read_panel(engine, allocation=Sharing(rule="shares", shares=own))
    assert [column(panel, "cx_spend", s) for s in ("Gold", "Silver")] == [[3.333], [106.667]]
    every = read_panel(engine, allocation=Sharing(rule="shares", shares={**own, "": {"Gold": 1}}))
    assert [column(every, "cx_spend", s) for s in ("Gold", "Silver")] == [[10], [100]]
    assert every.account.rule == "shares" and every.account.shared == Decimal(110)


@settings(max_examples=30, deadline=None)
@given(
    amounts=st.lists(st.integers(-10_000_000, 10_000_000), min_size=1, max_size=6),
    shares=st.lists(st.floats(0, 1e6), min_size=2, max_size=2),
)
def test_however_lines_are_divided_nothing_is_lost(amounts, shares):
    month = pd.Timestamp("2025-03-01")
    lines = pd.DataFrame(
        {
            "month": month,
            "segment": None,
            "initiative": ["Care" if n % 2 else None for n in range(len(amounts))],
            "is_capex": False,
            "thousandth": amounts,
        }
    )
    frame = pd.DataFrame({"month": [month] * 2, "segment": ["Gold", "Silver"], "customers_at_start": [3, 6]})
    frame["customers_joined"] = 0
    spend = Spend(
        lines=lines,
        currency="",
        first_month=month,
        last_month=month,
        ledger=sum(amounts),
        not_cx=0,
        one_off=0,
        capex=0,
        rates={},
    )
    given_shares = {"Care": dict(zip(("Gold", "Silver"), shares, strict=True))}
    divided, _, account = spend.allocated(frame, Sharing(rule="shares", shares=given_shares))
    assert round(divided["cx_spend"].sum() * 1000) == sum(amounts)
    assert account.direct + account.shared == account.ledger


def test_costs_of_a_segment_that_no_customer_has_are_shared_and_named(engine_on):
    engine = engine_on(customers=TWO_SEGMENTS, costs=[cost("2025-03-01", "90", "Bronze")])
    panel = read_panel(engine)
    assert panel.frame["cx_spend"].tolist() == [30, 60]
    assert panel.account.segments_unknown == ("Bronze",)
    assert "store.note.segments_unknown" in [note.id for note in panel.notes]


def test_segments_in_the_ledger_alone_become_one_company(engine_on):
    panel = read_panel(engine_on(customers=TINY, costs=[cost("2025-03-01", "9", "Gold"), cost("2025-03-01", "1")]))
    assert column(panel, "cx_spend") == [10]


def test_customers_without_a_segment_stand_apart_where_others_have_one(engine_on):
    panel = read_panel(
        engine_on(customers=[*TWO_SEGMENTS, customer("x", "2024-01-01")], costs=[cost("2025-03-01", "10")])
    )
    assert panel.frame["segment"].tolist() == ["Gold", "Silver", "unassigned"]
    assert panel.frame["cx_spend"].tolist() == [3, 6, 1]


def test_one_off_and_other_costs_stay_out_and_capital_is_spread_over_three_years(engine_on):
    ledger = [
        cost("2025-01-01", "36.036", kind="capex"),
        cost("2025-02-01", "500", one_off="true"),
        cost("2025-02-01", "900", is_cx="false"),
        cost("2025-03-01", "2"),
    ]
    panel = read_panel(engine_on(customers=TINY, costs=ledger))
    assert column(panel, "cx_spend") == pytest.approx([1.001, 1.001, 3.001])
    account = panel.account
    assert (account.not_cx, account.one_off, account.outside_months) == (900, 500, Decimal("33.033"))
    assert account.outside_capex == Decimal("33.033")
    assert account.ledger == account.not_cx + account.one_off + account.outside_months + account.direct + account.shared


def test_what_wins_customers_is_no_cx_spend_and_is_shared_out_like_it(engine_on):
    ledger = [
        cost("2025-03-01", "100"), cost("2025-03-01", "90", category="acquisition", is_cx="true"),
        cost("2025-03-01", "7", "Gold", category="acquisition"), cost("2025-03-01", "30", category="acquisition", one_off="true"),
        cost("2025-03-01", "50", is_cx="false"), cost("2025-01-01", "1", category="acquisition"),
    ]  # fmt: skip
    engine = engine_on(customers=TWO_SEGMENTS, costs=ledger)
    panel = read_panel(engine, allocation=Sharing(rule="shares", shares={"": {"Gold": 1, "Silver": 3}}))
    assert [column(panel, "cx_spend", s) for s in ("Gold", "Silver")] == [[25], [75]]
    assert [column(panel, "acquisition_spend", s) for s in ("Gold", "Silver")] == [[37], [90]]
    account = panel.account
    assert (account.not_cx, account.acquisition, account.one_off) == (178, 128, 0)
    assert account.ledger == account.not_cx + account.one_off + account.outside_months + account.direct + account.shared
    rows = engine.query("line_months")
    assert (
        engine.query("touchpoint_spend", first_on=None, last_on=None).empty
        and rows["amount_thousandth"][rows["is_cx"]].sum() == 100_000
    )


def test_capital_spend_on_winning_customers_is_spread_like_other_capital(engine_on):
    ledger = [*TINY_COSTS, cost("2025-02-01", "36", category="acquisition", kind="capex")]
    panel = read_panel(engine_on(customers=TINY, costs=ledger))
    assert column(panel, "acquisition_spend") == [0, 1, 1] and column(panel, "cx_spend") == [30, 30, 30]
    assert panel.account.capex == 0


def test_a_ledger_that_names_no_acquisition_says_nothing_of_it(engine_on):
    panel = read_panel(engine_on(customers=TINY, costs=TINY_COSTS))
    assert "acquisition_spend" not in panel.frame and panel.account.acquisition == 0


def test_currencies_are_never_added_up_without_a_rate(engine_on):
    ledger = [cost("2025-03-01", "10", currency="SAR"), cost("2025-03-01", "10", currency="usd")]
    engine = engine_on(customers=TINY, costs=ledger, sources={"customers": {"currency": "SAR"}})
    with pytest.raises(StoreError) as refused:
        read_panel(engine)
    assert refused.value.facts["currencies"] == "SAR, USD"
    panel = read_panel(engine, rates={"SAR": {"USD": Decimal("3.75")}}.get)
    assert column(panel, "cx_spend") == [47.5] and panel.meta["currency"] == "SAR"
    with pytest.raises(StoreError):
        read_panel(engine, currency="EUR", rates=lambda to: {"USD": Decimal("0.9"), "SAR": Decimal("0.24")})


def test_a_ledger_alone_is_counted_in_the_currency_for_which_there_are_rates(engine_on):
    ledger = [cost("2025-03-01", "10", currency="SAR"), cost("2025-03-01", "10", currency="EUR")]
    engine = engine_on(customers=TINY, costs=ledger)
    panel = read_panel(engine, rates=lambda to: {"EUR": Decimal("4.05")} if to == "SAR" else {})
    assert column(panel, "cx_spend") == [50.5] and panel.meta["currency"] == "SAR"
    assert panel.account.rates == {"EUR": Decimal("4.05")}


def test_contacts_and_scores_go_to_their_customers_segment(engine_on):
    contacts = [
        {"opened_on": "2025-03-02", "customer_id": "g0", "cost": "12"},
        {"opened_on": "2025-03-02", "customer_id": "s0", "cost": "3", "segment": "Gold"},
        {"opened_on": "2025-03-02"},
    ]
    answers = [
        *({"answered_on": "2025-03-09", "score": str(s), "metric": "nps", "customer_id": "g1"} for s in (10, 9, 8, 0)),
        *(
            {"answered_on": "2025-03-09", "score": str(s), "metric": "csat", "scale_max": "5", "segment": "Silver"}
            for s in (5, 4, 1)
        ),
    ]
    engine = engine_on(customers=TWO_SEGMENTS, costs=[cost("2025-03-01", "9")], contacts=contacts, surveys=answers)
    frame = read_panel(engine).frame.set_index("segment")
    assert frame["support_contacts"].sum() == pytest.approx(3) and frame.loc[
        "Gold", "support_contacts"
    ] == pytest.approx(1.333)
    assert frame["support_cost"].tolist() == pytest.approx([12 * 1.5, 3 * 1.5])
    assert frame.loc["Gold", ["nps", "nps_n"]].tolist() == [25, 4]
    assert frame.loc["Silver", "csat"] == pytest.approx(200 / 3) and frame.loc["Silver", "csat_n"] == 3


def monthly(month, at_start, lost, joined=None, **more):
    return {"month": month, "customers_at_start": at_start, "customers_lost": lost, "customers_joined": joined, **more}


def test_a_panel_that_was_brought_is_taken_as_it_is(engine_on):
    rows = [
        monthly("2025-01-01", 100, 5, 3, revenue="1000", cx_spend="50", currency="sar"),
        monthly("2025-02-01", 98, 4, 4, revenue="980", cx_spend="55"),
    ]
    panel = read_panel(engine_on(monthly=rows))
    assert column(panel, "customers_at_start") == [100, 98] and panel.meta["currency"] == "SAR"
    assert "support_cost" not in panel.frame and "contribution_margin" not in panel.frame
    assert panel.meta["margin_is_revenue"]


def test_a_panel_that_was_brought_may_tell_what_won_its_customers(engine_on):
    rows = [
        monthly("2025-01-01", 100, 5, 3, revenue="1000", cx_spend="50", acquisition_spend="12.5"),
        monthly("2025-02-01", 98, 4, 4, revenue="980", cx_spend="55"),
    ]
    panel = read_panel(engine_on(monthly=rows))
    assert panel.frame["acquisition_spend"].astype(float).tolist()[0] == 12.5
    without = [{name: value for name, value in row.items() if name != "acquisition_spend"} for row in rows]
    assert "acquisition_spend" not in read_panel(engine_on(monthly=without)).frame


@settings(max_examples=300, deadline=None)
@given(st.integers(-(10**15), 10**15), st.lists(st.floats(0, 1e9), min_size=1, max_size=12))
def test_parts_add_up_to_the_whole_and_stay_within_one_unit_of_their_share(amount, weights):
    parts = split(amount, weights)
    assert parts.sum() == amount
    if sum(weights) > 1e-6 and abs(amount) < 10**12:
        assert np.all(np.abs(parts - amount * np.array(weights) / sum(weights)) < 1.001)
