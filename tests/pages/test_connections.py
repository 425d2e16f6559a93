"""Connections on the Upload page, driven without a browser: kept, tried, loaded through the preview; and one calm line where nobody allows any."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.connect import child
from cxroi.store.sample import load_sample
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.work import drop_ended
from tests.connect.world import run_here, shop
from tests.upload_page import settled

pytestmark = pytest.mark.usefixtures("files_read_here")
ROOT, EN = Path(__file__).parents[2], Text("en")
QUERY = "SELECT 'C-' || id AS customer_id, joined AS joined_on, left_on FROM customer"


@pytest.fixture
def opened(tmp_path, monkeypatch):
    load_sample(Workspace.open(tmp_path / "w"))
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setattr(child, "run_child", run_here)
    drop_ended()

    def open_page(language="en"):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        return app.switch_page(page_path("upload")).run()

    return open_page


def said(app):
    groups = (app.markdown, app.caption, app.info, app.success, app.error)
    return "\n".join(element.value for group in groups for element in group)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_administrator_allows_any_one_line_says_so(opened, language):
    app = opened(language)
    assert not app.exception and Text(language)("connections.off") in said(app)
    assert not [one for one in (*app.text_input, *app.text_area) if (one.key or "").startswith("connection-")]


def test_a_connection_is_kept_tried_and_loaded_and_its_answers_stay_with_it(opened, tmp_path, monkeypatch):
    monkeypatch.setenv("CXROI_CONNECT_FOLDERS", str(tmp_path))
    file, workspace = shop(tmp_path / "shop.db", 40), Workspace.open(tmp_path / "w")
    app = opened()
    app.text_input(key="connection-name").set_value("Shop")
    app.text_input(key="connection-address").set_value(f"postgresql://u:hunter2@{tmp_path.name}/x")
    app.text_area(key="connection-query").set_value(QUERY)
    keep = next(one for one in app.button if one.label == EN("connections.page.keep"))
    keep.click().run()
    refusal = EN("connections.password_in_address", placeholder=plain("{credential}"))
    assert [error.value for error in app.error] == [refusal] and State.open(workspace.folder).connections() == ()
    app.text_input(key="connection-address").set_value(str(file))
    next(one for one in app.button if one.label == EN("connections.page.keep")).click().run()
    assert not app.error and not app.exception
    settled(app.button(key="connection-try-Shop").click().run())
    tables = " ".join(html.proto.body for html in app.get("html"))
    assert not app.exception and "customer_id" in tables and "C-0" in tables
    settled(app.button(key="connection-load-Shop").click().run())
    settled(app.run())
    assert not app.exception and workspace.current().illustrative  # it waits, like a file
    settled(app.button(key="upload-load").click().run())
    version = workspace.current()
    assert version.tables["customers"].rows == 40 and version.tables["customers"].sources[0]["file"] == "Shop"
    last = State.open(workspace.folder).kept_connection("Shop").last
    assert (last.outcome, last.version) == ("loaded", version.id)
    app.button(key="connection-remove-Shop").click().run()
    assert not app.exception and State.open(workspace.folder).connections() == ()
