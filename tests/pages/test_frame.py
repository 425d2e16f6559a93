import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import MENU, page_path
from tests.acting import load_file
from tests.sample_place import sample_place

ROOT = Path(__file__).parents[2]
PAGES = [page for pages in MENU.values() for page in pages]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A workspace with the sample company; the pages below only look at it."""
    return sample_place(tmp_path_factory)


@pytest.fixture
def movable(sample, tmp_path, monkeypatch):
    """The app on a copy of that workspace, which a test may take away."""
    shutil.copytree(sample, tmp_path / "workspace")
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "workspace"))
    return AppTest.from_file(ROOT / "app.py", default_timeout=60)


@pytest.fixture
def app(sample, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(sample))
    return AppTest.from_file(ROOT / "app.py", default_timeout=60)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_one_title(app, page):
    app.query_params["lang"] = "ar"  # both languages are opened in a browser (tests/browser/test_frame.py)
    app.switch_page(page_path(page)).run()
    assert not app.exception
    own = [element.proto.body for element in app.get("html")] + [one.proto.json for one in app.get("bidi_component")]
    headed = [html for html in own if "<h1" in html and page != "present"]  # whose slides are not seen beside the page
    assert len(headed) + len(app.title) == 1, "one title a page: our own, or Streamlit's"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_address_always_names_the_language(app, language):
    app.query_params["lang"] = language
    app.run()
    assert app.query_params["lang"] == language


def test_the_digits_that_were_chosen_are_those_of_every_figure_and_stay_in_the_address(app):
    app.query_params["lang"], app.query_params["digits"] = "ar", "arab"
    app.run()
    board = next(element.proto.body for element in app.get("html") if "<h1>" in element.proto.body)
    words = re.sub(r"<[^>]*>", " ", board)
    assert re.search("[٠-٩]+٪", words) and not re.search("[0-9]", words)
    assert app.query_params["digits"] == "arab"


def test_english_has_its_own_digits_whatever_was_chosen(app):
    app.query_params["lang"], app.query_params["digits"] = "en", "arab"
    app.run()
    assert not any(re.search("[٠-٩]", element.proto.body) for element in app.get("html"))


def test_a_page_that_there_is_not_is_said_so_on_the_first(app):
    app.query_params["lang"], app.query_params["unknown"] = "en", "no*where"
    app.run()
    (warning,) = app.warning
    assert "There is no page" in warning.value and "where" in warning.value


def test_a_data_folder_that_was_named_and_is_not_there_never_shows_the_sample_in_its_place(movable, tmp_path):
    app = movable
    app.run()
    (tmp_path / "workspace").rename(tmp_path / "unmounted")
    app.run()
    (error,) = app.error
    assert "CXROI\\_WORKSPACE" in error.value or "CXROI_WORKSPACE" in error.value
    assert not any("cx-card" in html.proto.body for html in app.get("html"))
    assert not (tmp_path / "workspace").exists()


@pytest.fixture
def unused(movable, tmp_path):
    """The app on a folder that was named and is empty, as a mount point is while its disk is not mounted."""
    (tmp_path / "workspace").rename(tmp_path / "unmounted")
    (tmp_path / "workspace").mkdir()
    return movable


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_folder_that_was_named_is_offered_the_sample_and_not_given_it(unused, tmp_path, language):
    unused.query_params["lang"] = language
    unused.run()
    (warning,) = unused.warning
    assert not unused.exception and not unused.error
    assert not any("cx-card" in html.proto.body for html in unused.get("html"))
    assert not list((tmp_path / "workspace").iterdir())
    assert "CXROI" in warning.value
    unused.button(key="begin-with-sample").click().run()
    assert not unused.warning and Workspace.open(tmp_path / "workspace").current().illustrative
    assert any("cx-card" in html.proto.body for html in unused.get("html"))


def test_data_that_go_while_the_app_is_open_are_not_replaced_by_the_sample(movable, tmp_path):
    app = movable
    app.run()
    (tmp_path / "workspace").rename(tmp_path / "unmounted")
    (tmp_path / "workspace").mkdir()
    app.run()
    assert len(app.warning) == 1 and not any("cx-card" in html.proto.body for html in app.get("html"))
    (tmp_path / "workspace").rmdir()
    (tmp_path / "unmounted").rename(tmp_path / "workspace")
    app.run()
    assert not app.warning and any("cx-card" in html.proto.body for html in app.get("html"))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_data(unused, page):
    unused.switch_page(page_path(page)).run()
    assert not unused.exception and not unused.error
    assert unused.title or any("<h1" in html.proto.body for html in unused.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_company_that_spent_nothing_for_a_year_is_told_so_under_each_pages_own_title(tmp_path, monkeypatch, language):
    rows = "".join(f"2024-{month:02d}-01,all,5000,100,100,600000,300000,0\n" for month in range(1, 13))
    head = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend\n"
    (tmp_path / "monthly.csv").write_text(head + rows)
    load_file(Workspace.open(tmp_path / "w"), tmp_path / "monthly.csv", "monthly.csv", IntakeRequest(currency="SAR"))
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "w"))
    text = Text(language)
    for page in ("overview", "what_if", "where_to_invest"):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
        app.query_params["lang"] = language
        app.run().switch_page(page_path(page)).run()
        assert [one.value for one in app.title] == [text(f"nav.page.{page}")] and not app.exception
        (told,) = [one.value for one in app.error]
        assert text.month(date(2024, 1, 1)) in told and "2024-01" not in told


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
