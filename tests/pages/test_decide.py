"""Overview and What-if, driven as a reader would: sliders, typed values, undo, links, in both languages."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import read_link, write_link
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.ui.app.frame import page_path
from tests.sample_place import sample_place

ROOT = Path(__file__).parents[2]
EN = Text("en")
LEVEL = "investment_level_percent"
AT_120 = write_link(Scenario(investment_level_percent=120.0, currency="SAR"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return sample_place(tmp_path_factory)


@pytest.fixture
def what_if(workspace, monkeypatch):
    def opened(link=None, language="en", **more):
        monkeypatch.setenv("CXROI_WORKSPACE", str(workspace))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        if link is not None:
            app.query_params["s"] = link
        for name, value in more.items():
            app.query_params[name] = value
        app.session_state["plain"] = True  # the sliders without the picture: the picture's are in a browser's hands
        return app.run().switch_page(page_path("what_if")).run()

    return opened


def shown(app):
    return unescape(" ".join(element.body for element in app.get("html")))


def widget(elements, name):
    """Return the one widget of a name; its key ends with how often it had to be made anew."""
    (found,) = [element for element in elements if re.fullmatch(f"{name}_\\d+", element.key or "")]
    return found


def scenario(app):
    return read_link(app.query_params["s"][0] if isinstance(app.query_params["s"], list) else app.query_params["s"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_says_the_verdict_in_words(what_if, language):
    app = what_if(language=language).switch_page(page_path("overview")).run()
    assert not app.exception
    assert Text(language)("verdict.change.label") in shown(app)
    assert any(fold.label == Text(language)("page.overview.notes_title") for fold in app.expander)


def test_a_slider_moves_the_box_beside_it_the_headline_and_the_address(what_if):
    app = what_if(AT_120)
    widget(app.select_slider, f"slider_{LEVEL}").set_value(130.0).run()
    assert widget(app.text_input, f"box_{LEVEL}").value == "130"
    assert EN("page.what_if.plan", level="130%") in shown(app)
    assert scenario(app).scenario.investment_level_percent == 130.0


def test_a_typed_value_moves_the_slider(what_if):
    app = what_if(AT_120)
    widget(app.text_input, f"box_{LEVEL}").set_value("85").run()
    assert widget(app.select_slider, f"slider_{LEVEL}").value == 85.0


def test_undo_and_back_to_the_evidence_return(what_if):
    evidence = widget(what_if().select_slider, f"slider_{LEVEL}").value
    app = what_if(AT_120)
    widget(app.select_slider, f"slider_{LEVEL}").set_value(130.0).run()
    widget(app.select_slider, f"slider_{LEVEL}").set_value(140.0).run()
    app.button(key="undo").click().run()
    assert widget(app.select_slider, f"slider_{LEVEL}").value == 130.0
    app.button(key="back").click().run()
    assert widget(app.select_slider, f"slider_{LEVEL}").value == evidence
    assert scenario(app).scenario.investment_level_percent is None


def test_a_typed_uplift_says_its_grade_and_the_evidence_takes_it_back(what_if):
    app = what_if(write_link(Scenario(investment_level_percent=130.0, currency="SAR")))
    widget(app.select_slider, "slider_retention_uplift_pp").set_value(2.0).run()
    assert EN("page.what_if.typed") in shown(app)
    app.button(key="back").click().run()
    assert EN("page.what_if.typed") not in shown(app)


def test_an_uplift_may_be_typed_at_todays_spend_and_stays_when_spend_is_cut(what_if):
    app = what_if(write_link(Scenario(investment_level_percent=100.0, retention_uplift_pp=2.0, currency="SAR")))
    assert not widget(app.select_slider, "slider_retention_uplift_pp").disabled
    widget(app.select_slider, f"slider_{LEVEL}").set_value(80.0).run()
    assert not app.exception and not app.warning
    assert scenario(app).scenario.investment_level_percent == 80.0
    assert scenario(app).scenario.retention_uplift_pp == 2.0


def test_a_plan_outside_the_data_says_so(what_if):
    app = what_if(write_link(Scenario(investment_level_percent=300.0, currency="SAR")))
    assert EN("page.what_if.beyond") in shown(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_newer_link_opens_with_a_sentence_and_what_could_be_read(what_if, language):
    link = write_link(Scenario(investment_level_percent=130.0, currency="SAR")).replace("2.il", "7.il")
    app = what_if(link, language)
    assert Text(language)("link.newer", version=plain("7"), known=plain("2")) in [
        warning.value for warning in app.warning
    ]
    assert widget(app.select_slider, f"slider_{LEVEL}").value == 130.0


def test_a_link_with_an_uplift_out_of_reach_opens_with_the_evidence_and_a_sentence(what_if):
    app = what_if(write_link(Scenario(investment_level_percent=130.0, retention_uplift_pp=49.0, currency="SAR")))
    assert not app.exception
    assert EN("link.out_of_range") in [warning.value for warning in app.warning]


def test_a_kept_plan_that_the_data_cannot_reach_can_be_removed_and_not_opened(what_if):
    far = write_link(Scenario(investment_level_percent=130.0, retention_uplift_pp=49.0, currency="SAR"))
    app = what_if(AT_120, plans=f"A{far},B{AT_120}")
    assert not app.exception
    keys = {button.key for button in app.button}
    assert {"drop_A", "open_B", "drop_B"} <= keys and "open_A" not in keys
    app.button(key="drop_A").click().run()
    assert app.query_params["plans"] == [f"B{AT_120}"] or app.query_params["plans"] == f"B{AT_120}"


def test_the_further_assumptions_change_the_scenario(what_if):
    app = what_if()
    app.session_state["more"] = True
    app.run()
    widget(app.text_input, "box_horizon_months").set_value("48").run()
    assert scenario(app).scenario.horizon_months == 48


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_moves_the_result_is_worked_out_when_somebody_looks(what_if, language):
    app = what_if(language=language)
    learn = Text(language)("page.what_if.sensitivity.learn", name="", value="").split("«")[0].split('"')[0]
    assert learn not in shown(app)
    app.session_state["sensitivity"] = True
    app.run()
    assert not app.exception
    assert learn in shown(app)


def test_nothing_is_written_into_a_widget_that_the_browser_holds(what_if):
    app = what_if(AT_120)
    keys = {
        name: widget(elements, name).key
        for elements, name in (
            (app.select_slider, f"slider_{LEVEL}"),
            (app.text_input, f"box_{LEVEL}"),
            (app.select_slider, "slider_retention_uplift_pp"),
        )
    }
    widget(app.select_slider, f"slider_{LEVEL}").set_value(130.0).run()
    assert widget(app.select_slider, f"slider_{LEVEL}").key == keys[f"slider_{LEVEL}"], "the one that is moved stays"
    assert widget(app.text_input, f"box_{LEVEL}").key != keys[f"box_{LEVEL}"]
    assert widget(app.select_slider, "slider_retention_uplift_pp").key != keys["slider_retention_uplift_pp"]
    assert scenario(app).scenario.retention_uplift_pp is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["abc", "", "nan", "1e999", "1,505"])
def test_what_is_no_number_is_refused_with_a_sentence_and_the_last_value_stays(what_if, language, typed):
    app = what_if(AT_120, language)
    widget(app.text_input, f"box_{LEVEL}").set_value(typed).run()
    assert scenario(app).scenario.investment_level_percent == 120.0
    assert widget(app.text_input, f"box_{LEVEL}").value == "120"
    text = Text(language)
    refused = (
        text("scenario.not_a_number", given=plain(typed)).split(plain(typed))[-1] if typed else text("scenario.empty")
    )
    assert any(refused.strip("”» ") in warning.value for warning in app.warning)


def test_labels_of_the_plain_sliders_have_the_minus_and_the_digits_of_every_other_figure(what_if):
    for more, low in (({"language": "en"}, "−50"), ({"language": "ar", "digits": "arab"}, "−٥٠")):
        options = widget(what_if(AT_120, **more).select_slider, "slider_support_cost_change_percent").options
        assert low in options[0] and not any("-" in one for one in options)


@pytest.mark.parametrize(
    ("typed", "level"), [("١٥٠", 150.0), ("١٥٠٫٥", 150.5), ("150.5", 150.5), ("150%", 150.0), ("0", 0.0)]
)
def test_digits_of_either_script_are_taken_as_they_are_typed(what_if, typed, level):
    app = what_if(AT_120, "ar")
    widget(app.text_input, f"box_{LEVEL}").set_value(typed).run()
    assert scenario(app).scenario.investment_level_percent == level
    assert widget(app.select_slider, f"slider_{LEVEL}").value == level
    assert widget(app.text_input, f"box_{LEVEL}").value == f"{level:g}"


def test_a_value_out_of_range_is_refused_and_the_last_one_stays(what_if):
    app = what_if(AT_120)
    widget(app.text_input, f"box_{LEVEL}").set_value("1505").run()
    assert scenario(app).scenario.investment_level_percent == 120.0 and app.warning
    assert widget(app.text_input, f"box_{LEVEL}").value == "120"


def test_an_empty_further_assumption_is_what_the_data_say(what_if):
    app = what_if()
    app.session_state["more"] = True
    app.run()
    widget(app.text_input, "box_contribution_margin_rate").set_value("40").run()
    assert scenario(app).scenario.contribution_margin_rate == 0.4
    widget(app.text_input, "box_contribution_margin_rate").set_value("").run()
    assert scenario(app).scenario.contribution_margin_rate is None
