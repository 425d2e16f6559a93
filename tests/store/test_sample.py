"""The sample company is fictional, reproducible, and carries a truth that can be learned."""

import importlib.util
from pathlib import Path

import numpy as np
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
def sample(tmp_path_factory):
    version = load_sample(Workspace.open(tmp_path_factory.mktemp("sample")))
    return version, read_panel(Engine.on(version))


def test_the_script_makes_exactly_the_committed_files(script):
    tables = script.sample_tables()
    assert {path.stem for path in FOLDER.glob("*.parquet")} == set(tables)
    for name, table in tables.items():
        assert pq.read_table(FOLDER / f"{name}.parquet").equals(table), name


def test_the_committed_files_are_small():
    assert sum(path.stat().st_size for path in Path(FOLDER).glob("*.parquet")) < 2_000_000


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


def test_churn_follows_the_true_response(sample, script):
    frame = sample[1].frame
    season = 1 + 0.12 * np.sin(2 * np.pi * (np.arange(script.MONTHS) + 2) / 12)
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
    assert parts == account.ledger
    assert round(sample[1].frame["cx_spend"].sum(), 3) == float(account.direct + account.shared)
