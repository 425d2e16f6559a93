"""The audit trail on the Upload page: newest first, narrowed down, and said to be whole only where it is."""

import sqlite3
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import page_path
from tests.store.tables import costs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    workspace = Workspace.open(tmp_path / "w")
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    version = workspace.current().id
    for who, what, through in (
        ("huda", "rate", "terminal"),
        ("root (app)", "loaded", "app"),
        ("(network)", "rate", "network"),
    ):
        State.open(workspace.folder).record(what, who=who, version=version, through=through)
    monkeypatch.setenv("CXROI_WORKSPACE", str(workspace.folder))
    return workspace


def opened(language):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"], app.query_params["tab"] = language, "settings"
    app = app.switch_page(page_path("upload")).run()
    assert not app.exception
    return app


def shown(app):
    return next(one.proto.body for one in app.get("html") if "cx-words" in one.proto.body and "UTC" in one.proto.body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_shown_newest_first_narrowed_down_and_found_whole(workspace, language):
    text, app = Text(language), opened(language)
    assert text("page.upload.trail.whole") in [one.value for one in app.success]
    told = shown(app)
    assert told.index(text("trail.nobody")) < told.index("root") < told.index("huda") and "(app)" not in told
    app.selectbox(key="trail-what").set_value("rate").run()
    assert text("trail.loaded") not in shown(app) and "huda" in shown(app)
    app.selectbox(key="trail-who").set_value("huda").run()
    assert text("trail.nobody") not in shown(app)


def test_a_trail_that_was_altered_or_cut_off_is_shown_with_what_is_wrong(workspace):
    with sqlite3.connect(workspace.folder / "state.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_is_never_deleted")
        connection.execute("DELETE FROM audit WHERE id = 3")
    app = opened("en")
    assert Text("en")("doctor.trail_shortened", count=1) in [one.value for one in app.error] and "huda" in shown(app)
    with sqlite3.connect(workspace.folder / "state.sqlite") as connection:
        connection.execute("DELETE FROM audit WHERE id = 1")
    app = opened("en")
    assert Text("en")("store.audit_changed", line=1) in [one.value for one in app.error] and "root" in shown(app)
    assert Text("en")("page.upload.trail.whole") not in [one.value for one in app.success]
