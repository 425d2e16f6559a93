"""The sample company is fictional, reproducible, and carries a truth that can be learned."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_panel
from cxroi.store.sample import FOLDER, load_sample
from cxroi.store.versions.workspace import Workspace


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("make_sample", FOLDER / "make_sample.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["make_sample"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    yield module
    del sys.modules["make_sample"]


@pytest.fixture(scope="module")
def tables(script):
    return script.sample_tables()


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    version = load_sample(Workspace.open(tmp_path_factory.mktemp("sample")))
    return version, read_panel(Engine.on(version))


def test_the_script_makes_exactly_the_committed_files(tables):
    assert {path.stem for path in FOLDER.glob("*.parquet")} == set(tables)
    for name, table in tables.items():
        assert pq.read_table(FOLDER / f"{name}.parquet").equals(table), name


def test_the_committed_files_are_small():
    assert sum(path.stat().st_size for path in Path(FOLDER).glob("*.parquet")) < 1_520_000  # as at first


def test_it_is_published_as_illustrative_with_four_segments_and_36_months(sample):
    version, panel = sample
    assert version.illustrative
    assert panel.frame["segment"].nunique() == 4 and panel.frame["month"].nunique() == 36
    assert panel.meta["complete_months"].all() and panel.meta["currency"] == "SAR"


def test_it_is_a_believable_business(sample):
    year = sample[1].frame[sample[1].frame["month"] >= "2025-10-01"]
    sums = year.groupby("segment")[["customers_at_start", "customers_lost", "revenue", "cx_spend"]].sum()
    retention = (1 - sums["customers_lost"] / sums["customers_at_start"]) ** 12
    assert retention.between(0.70, 0.90).all()
    assert 0.03 < sums["cx_spend"].sum() / sums["revenue"].sum() < 0.06


def test_serving_a_customer_costs_what_it_costs_elsewhere(sample):
    year = sample[1].frame[sample[1].frame["month"] >= "2025-10-01"].select_dtypes("number").astype(float).sum()
    assert 0.5 < 12 * year["support_contacts"] / year["customers_at_start"] < 1.0  # contacts a customer and year
    assert 0.015 < year["support_cost"] / year["revenue"] < 0.03
    assert 0.4 < year["support_cost"] / year["cx_spend"] < 0.8


def test_what_happened_shows_in_its_month_and_place(sample, script):
    frame = sample[1].frame.assign(month=pd.to_datetime(sample[1].frame["month"]))
    outage, rise = script.EVENTS
    contacts = frame.groupby("month")["support_contacts"].sum()
    assert contacts.idxmax() == pd.Timestamp(script.FIRST_MONTH) + pd.DateOffset(months=outage.month)
    place = frame[frame["segment"] == rise.segment].sort_values("month")
    price = (place["revenue"].astype(float) / place["orders"]).to_numpy()
    assert price[rise.month :].mean() / price[: rise.month].mean() == pytest.approx(rise.price, abs=0.01)


def test_what_customers_say_of_a_touchpoint_follows_what_is_spent_on_it(script, tables):
    surveys, customers = tables["surveys"].to_pandas(), tables["customers"].to_pandas().set_index("customer_id")
    csat = surveys[surveys["metric"] == "csat"]
    month = (pd.to_datetime(csat["answered_on"]).dt.to_period("M") - pd.Period(script.FIRST_MONTH, "M")).map(
        lambda n: n.n
    )
    segment = csat["customer_id"].map(customers["segment"]).map({s.name: n for n, s in enumerate(script.SEGMENTS)})
    touchpoint = csat["touchpoint"].map({name: n for n, name in enumerate(script.TOUCHPOINTS)})
    paid = pd.Series(script.paid_for()[touchpoint, segment, month], csat.index)
    for name, own in csat.groupby("touchpoint"):
        assert np.corrcoef(own["score"], paid[own.index])[0, 1] > 0.1, name


def test_comments_speak_both_languages_with_other_words_where_they_are_good_than_where_they_are_bad(tables):
    surveys = tables["surveys"].to_pandas()
    said = surveys[(surveys["metric"] == "nps") & surveys["comment"].notna()]
    assert set(said["language"]) == {"en", "ar"} and said["language"].value_counts().min() > 300
    for good, bad in (("on time", "late"), ("في الموعد", "تأخر")):
        told = [said[said["comment"].str.contains(words)]["score"] for words in (good, bad)]
        assert min(map(len, told)) > 15 and told[0].mean() > told[1].mean() + 2
    assert said["comment"].str.contains("[a-z]").where(said["language"] == "ar").sum() > 30  # some mix both


def test_churn_follows_the_true_response(sample, script):
    frame = sample[1].frame
    season = script.usual_season()
    for segment in script.SEGMENTS:
        rows = frame[frame["segment"] == segment.name].sort_values("month")
        expected = script.true_churn(segment, season) * rows["customers_at_start"].to_numpy()
        lost = rows["customers_lost"].to_numpy()
        # Pearson statistic of 36 Poisson counts: mean 36, standard deviation about 8.5 and some monthly noise on top
        assert np.sum((lost - expected) ** 2 / expected) < 80
        assert abs(lost.sum() / expected.sum() - 1) < 3 / np.sqrt(expected.sum()) + 0.02


def test_the_ledger_is_accounted_for_to_the_last_unit(sample):
    account = sample[1].account
    parts = account.not_cx + account.one_off + account.outside_months + account.direct + account.shared
    assert account.acquisition == account.not_cx > 0
    assert parts == account.ledger
    assert round(sample[1].frame["cx_spend"].sum(), 3) == float(account.direct + account.shared)
