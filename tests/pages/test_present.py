"""The page "Present", driven as a reader would: every slide reaches the browser in both languages, and what is chosen of them is kept."""

import json
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.actions.person import at_this_machine
from cxroi.actions.scenarios import save_scenario
from cxroi.model.kept_scenario import KeptScenario
from cxroi.model.scenario import Scenario
from cxroi.questions.scenarios import saved_scenarios
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app import current
from cxroi.ui.app.frame import page_path
from cxroi.view.share.story import SLIDES
from tests.cli.test_end_to_end import monthly_rows
from tests.pages.test_share import ROOT
from tests.store.tables import parquet

EN = Text("en")
HOSTILE = 'so, 100% <script>alert(1)</script> "x": @y'
WHO = at_this_machine()


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A company of its own, known by monthly totals: no surveys, no lines of spend."""
    workspace = Workspace.open(tmp_path_factory.mktemp("present"))
    staged = {"monthly": parquet(workspace.quarantine() / "monthly.parquet", "monthly", monthly_rows(months=18))}
    workspace.publish(staged, sources={"monthly": {"currency": "SAR"}})
    return workspace


def opened(company, monkeypatch, language="en", **more):
    monkeypatch.setenv("CXROI_WORKSPACE", str(company.folder))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    for name, value in {"lang": language, **more}.items():
        app.query_params[name] = value
    app.run().switch_page(page_path("present")).run()
    assert not app.exception
    return app


def sent(app):
    """Return what the browser is given to show."""
    (found,) = [json.loads(one.proto.json) for one in app.get("bidi_component") if "decks" in one.proto.json]
    return found


def shown(app, language="en"):
    return [one["id"] for one in sent(app)["decks"][language]["slides"]]


def parameter(app, name):
    value = app.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_is_in_the_browser_in_both_languages_at_once(company, language, monkeypatch):
    app = opened(company, monkeypatch, language)
    told = sent(app)
    assert told["language"] == language and told["start"] == Text(language)("present.start")
    assert shown(app, "en") == shown(app, "ar") == [one for one in SLIDES if one in shown(app)]
    assert {"verdict", "evidence", "risks", "next_step"} <= set(shown(app))
    for one, direction in (("en", "ltr"), ("ar", "rtl")):
        deck = told["decks"][one]
        assert deck["direction"] == direction and deck["words"]["language"] == Text(one)(
            f"ui.language.{'ar' if one == 'en' else 'en'}"
        )
        for place, slide in enumerate(deck["slides"]):
            assert f"<h1>{escape(slide['title'])}</h1>" in slide["html"] and slide["notes"]
            assert slide["next"] == (deck["slides"][place + 1 :] or [{"title": Text(one)("present.last")}])[0]["title"]
    assert all(slide["html"].count("cx-in-light") == slide["html"].count("cx-in-dark") for slide in deck["slides"])


def test_slides_are_left_out_moved_and_captioned_and_the_address_says_so_in_another_tab(company, monkeypatch):
    app = opened(company, monkeypatch)
    first, second, *rest = shown(app)
    app.checkbox(key=f"show-{second}").set_value(False).run()
    app.button(key=f"down-{first}").click().run()
    app.button(key=f"down-{first}").click().run()
    app.text_input(key=f"caption-{first}").set_value(HOSTILE).run()
    app.checkbox(key="show-checks").set_value(True).run()
    app.selectbox(key="slides-theme").set_value("dark").run()
    assert not app.exception and shown(app) == [rest[0], first, *rest[1:], "checks"]
    other = opened(company, monkeypatch, "ar", slides=parameter(app, "slides"))
    assert shown(other, "ar") == shown(app) and sent(other)["first"] == {"language": "", "theme": "dark"}
    html = sent(other)["decks"]["ar"]["slides"][1]["html"]
    assert escape(HOSTILE) in html and "<script" not in html
    app.button(key="usual-slides").click().run()
    assert shown(app) == [first, second, *rest] and parameter(app, "slides") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_that_decide_have_the_way_to_the_slides_and_the_report_at_hand(company, language, monkeypatch):
    app = opened(company, monkeypatch, language)
    ways = [Text(language)(f"nav.page.{page}") for page in ("present", "report")]
    for page, there in (("overview", True), ("costs", False), ("scenarios", True)):
        app.switch_page(page_path(page)).run()
        assert (ways == [one.proto.label for one in app.get("page_link") if one.proto.label in ways]) == there


def test_without_a_slide_there_is_nothing_to_start_and_the_page_says_so(company, monkeypatch):
    ids = shown(opened(company, monkeypatch))
    app = opened(company, monkeypatch, slides=",".join(f"-{id}" for id in ids))
    assert EN("present.none_shown") in [one.value for one in app.warning] and shown(app) == []


def test_the_choice_is_kept_with_the_scenario_that_is_open_and_comes_back_with_its_link(company, monkeypatch):
    plan = Scenario(investment_level_percent=120.0, currency="SAR")
    kept = KeptScenario(name="Board", scenario=plan, data_version=company.current().id)
    id = save_scenario(company, kept, who=WHO).id
    app = opened(company, monkeypatch, scenario=id)
    assert "Board" in sent(app)["decks"]["en"]["line"] and id in sent(app)["decks"]["en"]["line"]
    app.checkbox(key="show-evidence").set_value(False).run()
    with monkeypatch.context() as viewer:
        viewer.setattr(current, "current_role", lambda: "viewer")
        assert "keep-slides" not in [one.key for one in app.run().button]  # it would be refused
    app.run().button(key="keep-slides").click().run()
    assert not app.exception and "keep-slides" not in [one.key for one in app.button]
    (saved,) = saved_scenarios(company.folder)
    assert (saved.last.number, saved.last.why, saved.kept.scenario) == (2, "slides chosen", plan)
    again = opened(company, monkeypatch, scenario=id)
    assert "evidence" not in shown(again) and parameter(again, "slides") == ""
