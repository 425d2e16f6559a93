"""A broken state: the verdict stands all the same, above it what is broken, where it lies, and the way out."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.cli import main
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.sample import load_sample
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.ui.app.frame import page_path

EN = Text("en")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def broken(tmp_path, monkeypatch):
    folder = tmp_path / "workspace"
    monkeypatch.setenv("CXROI_WORKSPACE", str(folder))
    load_sample(Workspace.open(folder))
    State.open(folder).set_shares("", {"Riyadh": 1.0})
    (folder / STATE_FILE).write_bytes(b"not a database" * 500)
    return folder


def opened(page):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"] = "en"
    return app.switch_page(page_path(page)).run()


def test_the_verdict_is_shown_with_what_is_broken_and_one_press_mends_it(broken):
    app = opened("overview")
    assert any("cx-card" in html.proto.body for html in app.get("html"))
    (warning,) = app.warning
    said = "".join(letter for letter in warning.value if letter not in "\\\u2060\u2068\u2069")
    assert str(broken / STATE_FILE) in said and "version 1" in said
    app.button(key="mend-state").click().run()
    assert not app.warning and State.open(broken).allocation().shares == {"": {"Riyadh": 1.0}}


def test_files_can_still_be_dropped(broken):
    app = opened("upload")
    assert app.file_uploader and len(app.warning) == 1


def test_the_terminal_answers_and_says_so_beside_its_answer(broken, capsys):
    assert main(["baseline", "--json"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("{") and str(broken / STATE_FILE) in told.err
    assert main(["repair"]) == 0
    capsys.readouterr()
    assert main(["baseline"]) == 0 and capsys.readouterr().err == ""
