"""Events from an upload to the evidence: what is named changes the verdict's figures, and only then."""

from datetime import date

import numpy as np
import pytest

from cxroi.questions import gather
from cxroi.questions.data import open_version
from cxroi.questions.events import ask_events
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.events import read_events
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

MONTHS = [f"{2023 + m // 12}-{m % 12 + 1:02d}-01" for m in range(24)]


def monthly():
    """Yield two segments of a company of which one lost half as many again from the second year on."""
    rng = np.random.default_rng(5)
    for segment in ("Homes", "Offices"):
        for place, month in enumerate(MONTHS):
            lost = str(rng.poisson(300 if segment == "Homes" and place >= 12 else 200))
            yield {
                "month": month,
                "segment": segment,
                "customers_at_start": "10000",
                "customers_joined": lost,
                "customers_lost": lost,
                "revenue": "900000",
                "contribution_margin": str(round(500_000 * np.exp(rng.normal(0, 0.01)))),
                "support_cost": "40000",
                "cx_spend": str(round(50_000 * np.exp(rng.normal(0, 0.2)))),
            }


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """Publish the company without events, then with them."""
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"))
    events = [
        {"what": "Rival opens", "kind": "competitor", "happened_on": "2024-01-01", "segment": "homes"},
        {"what": "Strike", "starts_on": "2023-06-10", "ends_on": "2023-07-02", "segment": "Everyone"},
        {"what": "Gone", "kind": "price", "happened_on": "2020-01-01"},
        {"what": "Elsewhere", "kind": "outage", "happened_on": "2023-09-01", "segment": "Farms"},
    ]
    tables, published = {"monthly": list(monthly())}, []
    for more in ({}, {"events": events}):
        tables |= more
        staged = {
            name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()
        }
        published.append(workspace.publish(staged, sources={}))
    return workspace.folder, *published


def test_an_upload_of_events_is_another_version_and_its_evidence_names_them(versions):
    folder, *both = versions
    before, after = (gather(folder, version.id) for version in both)
    assert before.events == () and not [note for note in before.notes if "events" in note.id]
    assert [(one.event.what, one.unused) for one in after.events] == [
        ("Gone", "before"),
        ("Strike", None),
        ("Elsewhere", "segment"),
        ("Rival opens", None),
    ]
    strike, rival = after.events[1], after.events[3]
    assert rival.event.segment == "Homes" and rival.changes["churn"].sure and not strike.changes["churn"].sure
    assert rival.changes["churn"].percent.low < 50 < rival.changes["churn"].percent.high
    assert [one.month for one in before.posterior.shifts] == [12] and after.posterior.shifts == ()
    assert {note.id.rpartition(".")[2] for note in after.notes if "events" in note.id} == {
        *("events_taken_out", "events_unused_before", "events_unused_segment"),
    }


def test_a_segments_event_is_told_only_where_that_segment_or_all_are_shown(versions):
    folder, before, after = versions
    with open_version(folder, after.id) as data:
        named = {segment: [one.what for one in ask_events(data, segment)] for segment in (None, "Homes", "Offices")}
    assert named[None] == ["Gone", "Strike", "Elsewhere", "Rival opens"]
    assert named["Homes"] == ["Gone", "Strike", "Rival opens"] and named["Offices"] == ["Gone", "Strike"]
    with open_version(folder, before.id) as data:
        assert ask_events(data) == ()


def test_the_days_and_the_reach_of_an_event_are_as_its_row_says(versions):
    strike = next(one for one in read_events(Engine.on(versions[2])) if one.what == "Strike")
    assert (strike.first_on, strike.last_on, strike.segment) == (date(2023, 6, 10), date(2023, 7, 2), "")
