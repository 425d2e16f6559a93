from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import MENU, page_path

ROOT = Path(__file__).parents[2]
PAGES = [page for pages in MENU.values() for page in pages]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A workspace in which the first page opened puts the sample company; the pages below only look at it."""
    return tmp_path_factory.mktemp("sample")


@pytest.fixture
def app(sample, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(sample))
    return AppTest.from_file(ROOT / "app.py", default_timeout=60)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_every_language(app, page, language):
    app.query_params["lang"] = language
    app.run().switch_page(page_path(page)).run()
    assert not app.exception
    assert app.title[0].value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_always_names_the_language(app, language):
    app.query_params["lang"] = language
    app.run()
    assert app.query_params["lang"] == language


def test_a_data_folder_that_was_named_and_is_not_there_never_shows_the_sample_in_its_place(app, tmp_path, monkeypatch):
    (tmp_path / "workspace").mkdir()
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "workspace"))
    app.run()
    (tmp_path / "workspace").rename(tmp_path / "unmounted")
    app.run()
    (error,) = app.error
    assert "CXROI\\_WORKSPACE" in error.value or "CXROI_WORKSPACE" in error.value
    assert not any("cx-card" in html.proto.body for html in app.get("html"))
    assert not (tmp_path / "workspace").exists()


def test_an_unknown_language_becomes_english(app):
    app.query_params["lang"] = "xx"
    app.run()
    assert app.query_params["lang"] == "en"


def test_every_page_of_the_menu_is_short_and_there():
    for page in PAGES:
        assert len((ROOT / page_path(page)).read_text(encoding="utf-8").splitlines()) < 60, page


def test_each_language_is_offered_in_its_own_words():
    for language in LANGUAGES:
        assert {Text(language)(f"ui.language.{other}") for other in LANGUAGES} == {"English", "العربية"}
