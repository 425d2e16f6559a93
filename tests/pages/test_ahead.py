"""What pages ask at first is answered ahead of the reader: a first visit then asks the data nothing, and a page that is drawn goes before."""

import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.questions.first_asked import FIRST_ASKED
from cxroi.store.engine.engine import Engine
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.ui.app import ahead, current
from cxroi.ui.app.current import evidence_key
from cxroi.ui.app.frame import MENU, page_path
from tests.pages.test_prove import ROOT

PAGES = (*MENU["understand"], *MENU["prove"])


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ahead")
    load_sample(Workspace.open(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CXROI_WORKSPACE", str(folder))
        ahead.answer_ahead(evidence_key())
        yield folder


@pytest.mark.parametrize("page", PAGES)
def test_a_first_visit_asks_the_data_nothing(answered, page, monkeypatch):
    def asked(engine, name, **parameters):
        raise AssertionError(f"{page} asks {name}")

    monkeypatch.setattr(Engine, "query", asked)
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"] = "en"
    app.switch_page(page_path(page)).run()
    assert not app.exception


@pytest.mark.parametrize("page", [*PAGES, "method"])
def test_no_bracket_of_ours_is_shown_as_if_it_came_from_the_data(answered, page):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"], app.query_params["by"] = "ar", "segment"
    app.switch_page(page_path(page)).run()
    assert "⟦" not in " ".join(element.body for element in app.get("html"))


def test_nothing_is_begun_while_a_page_is_drawn_or_once_other_data_are_in_use(answered, monkeypatch):
    begun = []
    monkeypatch.setattr(ahead, "answer", lambda key, question, about: begun.append(question))
    with ahead.before_all_else():
        thread = threading.Thread(target=ahead.answer_ahead, args=(evidence_key(),))
        thread.start()
        time.sleep(0.2)
        assert not begun
    thread.join(10)
    assert begun == [question for question, _ in FIRST_ASKED]
    begun.clear()
    ahead.answer_ahead("another")
    assert not begun


def test_whoever_answers_ahead_asks_no_session_what_its_reader_looks_at(answered, monkeypatch):
    class StoppedError(Exception):
        pass

    def none(*_):
        raise StoppedError

    begun, key = [], evidence_key()
    monkeypatch.setattr(current, "choices", none)
    monkeypatch.setattr(ahead, "answer_ahead", begun.append)
    monkeypatch.setattr(ahead.time, "sleep", none)
    with pytest.raises(StoppedError):
        ahead.keep_answering()
    assert begun == [key]
