"""What is said to stand behind an answer is what is really asked: queries are recorded while questions are answered."""

from contextlib import suppress
from importlib import import_module

import pytest

from cxroi.errors import CxroiError
from cxroi.questions.data import open_version
from cxroi.questions.reads import queries_behind
from cxroi.questions.slice import Slice
from cxroi.store.engine.engine import Engine
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

DAY = "2025-{:02d}-15"
TABLES = {
    "customers": [
        {
            "customer_id": str(n),
            "joined_on": "2024-01-10",
            "left_on": DAY.format(1 + n % 12) if n % 3 == 0 else None,
            "monthly_revenue": "100",
            "acquisition_cost": "20",
        }
        for n in range(60)
    ],
    "orders": [
        {"customer_id": str(n), "ordered_on": DAY.format(1 + month), "amount": "30"}
        for n in range(60)
        for month in range(0, 12, 1 + n % 4)
    ],
    "surveys": [
        {
            "customer_id": str(n),
            "answered_on": DAY.format(1 + n % 8),
            "metric": "nps",
            "score": str(n % 11),
            "scale_max": "10",
            "touchpoint": "App",
            "comment": "late again",
        }
        for n in range(60)
    ],
    "contacts": [
        {"customer_id": str(n), "opened_on": DAY.format(1 + n % 12), "closed_on": "2025-12-20", "cost": "5"}
        for n in range(60)
    ],
    "costs": [
        {"period": f"2025-{month:02d}-01", "amount": str(900 + 50 * (month % 3)), "touchpoint": "App"}
        for month in range(1, 13)
    ],
    "pilots": [
        {"group": group, "period": "2025-06-01", "customers": "50", "retained": str(kept), "segment": ""}
        for group, kept in (("treated", 45), ("control", 40))
    ],
}
ASKED = {
    "slice:ask_choosable": (),
    "satisfaction:ask_scores": (),
    "satisfaction:ask_drivers": (),
    "satisfaction:ask_after_answers": (),
    "satisfaction:ask_service": (),
    "satisfaction:ask_themes": (),
    "customer_months:ask_customer_months": (Slice(),),
    "cohorts:ask_staying": (),
    "customers:ask_customer_worth": (36, 0.1),
    "customers:ask_retention_points": (None, 36, 0.1),
    "costs:ask_costs": (),
    "costs:ask_cost_book": (),
    "pilots:read_uploaded_pilots": (),
    "pilot_groups:ask_regions": (None,),
}


@pytest.fixture(scope="module", params=[(), ("customers",)], ids=["everything", "orders alone"])
def folder(request, tmp_path_factory):
    workspace = Workspace.open(tmp_path_factory.mktemp("reads"))
    tables = {name: rows for name, rows in TABLES.items() if name not in request.param}
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={})
    return workspace.folder


@pytest.fixture
def recorded(monkeypatch):
    asked, query = set(), Engine.query

    def recording(engine, name, **parameters):
        asked.add(name)
        return query(engine, name, **parameters)

    monkeypatch.setattr(Engine, "query", recording)
    monkeypatch.setattr("cxroi.store.versions.derived.read", lambda version, file: None)  # nothing is known yet
    return asked


def test_every_query_that_is_asked_was_said_to_stand_behind_the_answer(folder, recorded):
    whole = set()
    with open_version(folder) as data:
        for question, about in ASKED.items():
            module, _, name = question.partition(":")
            recorded.clear()
            with suppress(CxroiError):
                getattr(import_module(f"cxroi.questions.{module}"), name)(data, *about)
            assert recorded <= set(queries_behind(f"cxroi.questions.{question}")), question
            whole |= recorded
    assert len(whole) > 20
