"""Tenures, order histories and answers are counted as one would by hand, and as pandas does on real orders."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxroi.model.customers.order_clv import value_of_orders
from cxroi.model.customers.repeat_buying import expected_orders, fit_bgnbd
from cxroi.model.satisfaction.scales import (
    CES_SCALES,
    CSAT_SCALES,
    DETRACTOR,
    PROMOTER,
    SCORE_RULES,
    easy_from,
    satisfied_from,
)
from cxroi.questions.slice import Slice
from cxroi.store.engine.engine import Engine
from cxroi.store.versions.workspace import Workspace
from tests.collection import SHARED
from tests.store.tables import parquet

ALL = {**Slice().days, **Slice().values}


@pytest.fixture
def engine_on(tmp_path):
    """Return a function that publishes rows by table and opens an engine on them."""

    def open_engine(**tables):
        workspace = Workspace.open(tmp_path / f"w{len(list(tmp_path.iterdir()))}")
        staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, rows) for n, rows in tables.items()}
        return Engine.on(workspace.publish(staged, sources={}))

    return open_engine


def rows(frame, *columns):
    return [tuple(row) for row in frame[list(columns)].itertuples(index=False)]


def test_tenures_count_whole_months_and_who_left_by_the_day_of_listing(engine_on):
    engine = engine_on(
        customers=[
            {"customer_id": "1", "joined_on": "2025-01-15", "segment": "a"},
            {"customer_id": "2", "joined_on": "2025-01-20", "segment": "a", "left_on": "2025-03-19"},
            {"customer_id": "3", "joined_on": "2025-01-20", "segment": "a", "left_on": "2025-03-20"},
            {"customer_id": "4", "joined_on": "2025-04-01", "left_on": "2025-06-01"},
            {"customer_id": "5", "joined_on": "2025-07-01"},
            {"customer_id": "6", "joined_on": "2025-01-01", "status": "left"},
        ]
    )
    found = engine.query("customer_tenures", as_of=date(2025, 5, 15))
    assert rows(found, "age_months", "tenure_months", "has_left", "customers") == [
        (1, 1, False, 1),
        (3, 1, True, 1),
        (3, 2, True, 1),
        (4, 4, False, 1),
    ]
    assert found["segment"].isna().tolist() == [True, False, False, False]
    assert [str(month)[:10] for month in found["cohort"]] == ["2025-04-01", *["2025-01-01"] * 3]


def order(customer, ordered_on, amount="10", **more):
    return {"customer_id": customer, "ordered_on": ordered_on, "amount": amount, **more}


def test_order_histories_count_days_with_an_order_after_the_first(engine_on):
    engine = engine_on(
        orders=[
            order("1", "2025-01-01"),
            order("1", "2025-01-01", "99"),
            order("1", "2025-01-08", "20"),
            order("1", "2025-01-08", "10", refund="4"),
            order("1", "2025-01-30", "40"),
            order("2", "2025-01-01"),
            order("3", "2025-01-02"),
            order("3", "2025-01-20", "-10"),
            order("4", "2025-02-10"),
            order("4", "2025-02-11"),
            order("1", "2025-02-20", "40"),
        ]
    )
    found = engine.query("order_histories", as_of=date(2025, 2, 12))
    assert rows(found, "frequency", "recency_weeks", "age_weeks", "customers", "mean_amount") == [
        (0, 0.0, 5.5, 1, 0.0),
        (0, 0.0, 6.5, 1, 0.0),
        (1, 0.5, 0.5, 1, 10.0),
        (2, 4.5, 6.5, 1, 33.0),
    ]
    amounts = engine.query("order_amounts", as_of=date(2025, 2, 12))
    assert rows(amounts, "frequency", "mean_amount", "customers") == [(1, 10.0, 1), (2, 33.0, 1)]


def test_histories_of_many_customers_are_those_that_pandas_counts(engine_on):
    random = np.random.default_rng(4)
    orders = pd.DataFrame(
        {
            "customer_id": random.integers(0, 300, 1500).astype(str),
            "ordered_on": pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, 200, 1500), unit="D"),
            "amount": random.integers(1, 90, 1500),
        }
    )
    listed = [order(o.customer_id, str(o.ordered_on.date()), str(o.amount)) for o in orders.itertuples()]
    engine = engine_on(orders=listed)
    until = pd.Timestamp("2025-07-10")
    seen = orders[orders["ordered_on"] <= until].copy()
    seen["first"] = seen.groupby("customer_id")["ordered_on"].transform("min")
    daily = seen.groupby(["customer_id", "first", "ordered_on"], as_index=False)["amount"].sum()
    later = daily[daily["ordered_on"] > daily["first"]].groupby("customer_id")["amount"].agg(["size", "mean"])
    each = daily.groupby("customer_id").agg(last=("ordered_on", "max"), first=("first", "first")).join(later)
    each = each.fillna({"size": 0, "mean": 0})
    each["age_weeks"] = (until - each["first"]).dt.days // 7 + 0.5
    each["recency_weeks"] = ((each["last"] - each["first"]).dt.days // 7 + 0.5) * (each["size"] > 0)
    found = engine.query("order_histories", as_of=until.date())
    assert found["customers"].sum() == len(each)
    for column, own in (("frequency", "size"), ("recency_weeks", "recency_weeks"), ("age_weeks", "age_weeks")):
        assert (found[column] * found["customers"]).sum() == each[own].sum()
    assert (found["mean_amount"] * found["customers"]).sum() == pytest.approx(each["mean"].sum())
    amounts = engine.query("order_amounts", as_of=until.date())
    assert amounts["customers"].sum() == (each["size"] > 0).sum()
    assert (amounts["mean_amount"] * amounts["customers"]).sum() == pytest.approx(each["mean"].sum())
    value = value_of_orders(found, amounts, margin_rate=0.5, horizon_months=12)
    assert value.whole.customers == len(each) and 0 < value.whole.value.low < value.whole.value.mid


EVERY = {"first_on": None, "last_on": None, "segment": None, "channel": None}


def answer(customer, answered_on, score="5", **more):
    return {"customer_id": customer, "answered_on": answered_on, "score": score, "metric": "csat", **more}


def test_answers_are_followed_for_their_months_and_no_further(engine_on):
    engine = engine_on(
        customers=[
            {"customer_id": "stays", "joined_on": "2024-01-10", "segment": "a"},
            {"customer_id": "goes", "joined_on": "2025-01-01", "segment": "b", "left_on": "2025-03-15"},
        ],
        orders=[order("buyer", "2024-12-01"), order("buyer", "2025-02-20"), order("stays", "2025-02-01")],
        surveys=[
            answer("stays", "2025-02-01", touchpoint="shop"),
            answer("stays", "2025-05-20", "3", touchpoint="shop"),
            answer("goes", "2025-02-01", "2", touchpoint=" ", channel="phone"),
            answer("goes", "2024-12-01", "4", touchpoint="shop"),
            answer("goes", "2025-04-01", "1", touchpoint="shop"),
            answer("buyer", "2025-02-01", "9", touchpoint="web", metric="nps"),
            answer("buyer", "2025-02-02", "8", touchpoint="web", metric="nps"),
            answer("stranger", "2025-02-01", touchpoint="web"),
            answer("stays", "2025-02-01"),
        ],
    )
    found = engine.query("driver_observations", **EVERY, as_of=date(2025, 6, 30), within_months=3, limit=100)
    shown = rows(found, "touchpoint", "satisfied", "event", "ordered_again", "answered_after_event", "is_complete")
    assert shown == [
        ("shop", 0, 0, 0, False, False),
        ("shop", 0, 1, 0, True, True),
        ("web", 0, 0, 1, False, True),
        ("web", 1, 0, 1, False, True),
        ("phone", 0, 1, 0, False, True),
        ("shop", 1, 0, 0, False, True),
        ("shop", 1, 0, 0, False, True),
    ]
    assert found["customer_id"].nunique() == 3
    assert found["tenure_months"].tolist()[-2] == 12
    phone = found[found["touchpoint"] == "phone"].iloc[0]
    assert phone["months_to_event"] == pytest.approx(42 / 30.4375) and phone["segment"] == "b"
    followed = {"as_of": date(2025, 6, 30), "within_months": 3, "limit": 100}
    february = EVERY | {"first_on": date(2025, 2, 2), "last_on": date(2025, 2, 28)}
    assert rows(engine.query("driver_observations", **february, **followed), "touchpoint") == [("web",)]
    for name, value, there in (("segment", "b", 3), ("channel", "phone", 1), ("segment", "c", 0)):
        assert len(engine.query("driver_observations", **EVERY | {name: value}, **followed)) == there
    newest = engine.query("driver_observations", **EVERY, as_of=date(2025, 6, 30), within_months=3, limit=2)
    assert rows(newest, "touchpoint") == rows(found.head(2), "touchpoint")


def test_counting_cdnow_by_the_week_foretells_what_counting_by_the_day_does(engine_on):
    # Fader, Hardie & Lee (2005) fit a tenth of these customers: r = 0.243, alpha = 4.414, a = 0.793, b = 2.426 in weeks.
    # All 23,570 by the day give 0.252, 4.79, 0.723, 2.16, and 16,874 further days with an order, where 19,684 followed:
    # the model is 14 % low here, and counting times by the week must add nothing to that.
    path = SHARED / "data" / "retail" / "cdnow_transactions.csv.gz"
    if not path.exists():
        pytest.skip("the CDNOW orders are not here")
    orders = pd.read_csv(path, dtype=str)
    orders = orders.rename(columns={"date": "ordered_on", "amount_usd": "amount"})
    engine = engine_on(orders=orders[["customer_id", "ordered_on", "amount"]].to_dict("records"))
    before = engine.query("order_histories", as_of=date(1997, 9, 30))
    after = engine.query("order_histories", as_of=date(1998, 6, 30))
    counted = before["customers"].to_numpy(dtype=float)
    history = [before[name].to_numpy(dtype=float) for name in ("frequency", "recency_weeks", "age_weeks")]
    fit = fit_bgnbd(*history, weights=counted, unit="week")
    assert fit.customers == 23_570
    assert (fit.r, fit.alpha, fit.a, fit.b) == pytest.approx((0.252, 4.79, 0.723, 2.16), rel=0.03)
    frequency, recency, age = history
    foretold = (counted * expected_orders(fit, 39, frequency=frequency, recency=recency, age=age)).sum()
    assert foretold == pytest.approx(16_874, rel=0.005)
    assert (after["frequency"] * after["customers"]).sum() - (frequency * counted).sum() == 19_684


def survey(metric, scale, answer):
    return {
        "answered_on": "2025-03-09",
        "metric": metric,
        "score": str(answer),
        "scale_max": str(scale[1]),
        "touchpoint": "x",
    }


@pytest.mark.parametrize(
    ("metric", "scale", "counts_from"),
    [
        *(("csat", scale, satisfied_from(scale[1])) for scale in CSAT_SCALES),
        *(("ces", scale, easy_from(scale[1])) for scale in CES_SCALES),
        ("nps", (0, 10), PROMOTER),
    ],
)
def test_an_answer_counts_by_one_rule_in_every_query_and_in_the_model(engine_on, metric, scale, counts_from):
    answers = [survey(metric, scale, answer) | {"customer_id": "a"} for answer in range(scale[0], scale[1] + 1)]
    customer = {"customer_id": "a", "joined_on": "2024-01-01", "left_on": None, "segment": "Gold"}
    engine = engine_on(surveys=answers, customers=[customer])
    high = scale[1] - counts_from + 1
    groups = engine.query("score_groups", **ALL).set_index("dimension")
    assert groups.loc["all", "high"] == high
    seen = engine.query("driver_observations", **EVERY, as_of=date(2025, 6, 30), within_months=1, limit=1000)
    assert seen["satisfied"].sum() == high
    if metric == "csat":
        months = engine.query("score_months")
        assert months["score"].tolist() == pytest.approx([100 * high / len(answers)])


def test_a_promoter_and_a_detractor_are_who_the_rule_says(engine_on, monkeypatch):
    answers = [survey("nps", (0, 10), answer) for answer in range(11)]
    for promoter, detractor in ((PROMOTER, DETRACTOR), (8.0, 3.0)):
        monkeypatch.setitem(SCORE_RULES, "promoter", promoter)
        monkeypatch.setitem(SCORE_RULES, "detractor", detractor)
        everyone = engine_on(surveys=answers).query("score_groups", **ALL).set_index("dimension").loc["all"]
        assert (everyone["high"], everyone["low"]) == (11 - promoter, detractor + 1)
