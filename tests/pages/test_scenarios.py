"""Scenarios driven as a reader would: kept on What-if, listed, compared, approved, undone, opened by links of either kind, in both languages."""

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.actions import load
from cxroi.actions.person import at_this_machine
from cxroi.actions.scenarios import mark_scenario, save_scenario
from cxroi.export.scenario_file import scenario_file
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import read_link, write_link
from cxroi.questions import case_of, open_version
from cxroi.questions.scenarios import saved_scenarios
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.ui.app.frame import page_path
from tests.acting import parsed_here
from tests.actions.test_scenarios import kept
from tests.cli.test_names import imported

ROOT = Path(__file__).parents[2]
EN, WHO = Text("en"), at_this_machine()
PLAN = Scenario(investment_level_percent=120.0, currency="SAR")
HOSTILE = "[x](http://evil.example) **b** <script>alert(1)</script> \u202eخطة"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A small company in two versions, what they say worked out; copied for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "run_child", parsed_here)
        folder = Path(imported(tmp_path_factory.mktemp("scenarios"), ("Homes",))[1])
    Workspace.open(folder).restore("1")
    for version in Workspace.open(folder).versions():
        with open_version(folder, version.id) as data:
            case_of(data, kept().scenario)
    return folder


@pytest.fixture
def workspace(prepared, tmp_path, monkeypatch):
    shutil.copytree(prepared, tmp_path / "w")
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "w"))
    return Workspace.open(tmp_path / "w")


def opened(page, language="en", **more):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    for name, value in {"lang": language, **more}.items():
        app.query_params[name] = value
    if "_" in page:  # whose address differs from its file, and is known once the menu was drawn
        app.run()
    app = app.switch_page(page_path(page)).run()
    assert not app.exception
    return app


def parameter(app, name):
    value = app.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value


def shown(app):
    html = " ".join(element.body for element in app.get("html"))
    return unescape(html) + " ".join(element.value for element in app.markdown)


def save_as(app, name):
    app.text_input(key="keep-name-0").set_value(name)
    return next(button for button in app.button if button.label == EN("scenarios.keep.save")).click().run()


def only(workspace):
    (saved,) = saved_scenarios(workspace.folder)
    return saved


def test_the_report_of_a_kept_scenario_carries_its_name_and_id_until_it_is_changed(workspace):
    id = save_scenario(workspace, kept("Plan 1.5 / البديل"), who=WHO).id
    app = opened("report", scenario=id)
    assert "Plan 1.5 / البديل" in shown(app) and id in shown(app)
    assert id not in shown(opened("report", scenario=id, s=write_link(PLAN)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_page_says_what_a_kept_plan_is_and_lets_the_present_one_be_kept(workspace, language):
    app = opened("scenarios", language, s=write_link(PLAN))
    assert Text(language)("scenarios.none") in shown(app)
    app.text_input(key="keep-name-0").set_value(HOSTILE)
    label = Text(language)("scenarios.keep.save")
    app = next(button for button in app.button if button.label == label).click().run()
    assert not app.exception and app.success
    saved = only(workspace)
    assert saved.kept.scenario == PLAN and saved.last.who == WHO.signature
    assert "<script>" not in " ".join(element.body for element in app.get("html"))
    assert plain(saved.kept.name) in app.success[0].value


def test_a_plan_is_kept_on_what_if_changed_saved_again_and_taken_back(workspace):
    app = save_as(opened("what_if", s=write_link(PLAN)), "Board plan")
    assert parameter(app, "scenario") == only(workspace).id
    assert EN("scenarios.keep.opened", name=plain("Board plan"), revision=1) in shown(app)
    app.session_state["more"] = True
    app.run()
    (box,) = [one for one in app.text_input if re.fullmatch(r"box_horizon_months_\d+", one.key or "")]
    box.set_value("48").run()
    assert EN("scenarios.keep.changed") in shown(app)
    app.button(key="keep-back").click().run()
    assert read_link(parameter(app, "s")).scenario == PLAN
    (box,) = [one for one in app.text_input if re.fullmatch(r"box_horizon_months_\d+", one.key or "")]
    box.set_value("24").run()
    app.button(key="keep-on").click().run()
    assert (only(workspace).last.number, only(workspace).kept.scenario.horizon_months) == (2, 24)


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(workspace):
    id = save_scenario(workspace, kept(), who=WHO).id
    first, second = opened("scenarios", scenario=id), opened("scenarios", scenario=id)
    first.button(key=f"approve-{id}").click().run()
    first.button(key=f"unlock-{id}").click().run()
    first.text_input(key=f"name-{id}-1").set_value("New name")
    save = [button for button in first.button if button.label == EN("scenarios.keep.save")]
    save[-1].click().run()
    assert only(workspace).kept.name == "New name"
    second.button(key=f"delete-{id}").click().run()
    assert only(workspace).deletion is None
    (warning,) = [one.value for one in second.warning]
    assert plain("New name") in warning


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_is_approved_commented_on_deleted_and_brought_back_with_who_and_when(workspace, language):
    text, id = Text(language), save_scenario(workspace, kept(), who=WHO).id
    app = opened("scenarios", language, scenario=id)
    app.text_area(key=f"comment-{id}").set_value("=1+1 <b>")
    next(button for button in app.button if button.label == text("scenarios.comment.add")).click().run()
    app.button(key=f"approve-{id}").click().run()
    assert not app.exception and "=1+1 <b>" in shown(app) and only(workspace).approval.who == WHO.signature
    assert not [button for button in app.button if button.key == f"delete-{id}"]
    app.button(key=f"unlock-{id}").click().run()
    app.button(key=f"delete-{id}").click().run()
    assert only(workspace).deletion is not None
    app.button(key="undo-delete").click().run()
    assert only(workspace).deletion is None
    done = ["saved", "commented", "approved", "unlocked", "deleted", "brought back"]
    assert [line.what for line in State.open(workspace.folder).audit()][-6:] == [f"scenario {one}" for one in done]


def test_figures_of_other_data_are_marked_and_running_again_shows_both_and_keeps_a_revision(workspace):
    id = save_scenario(workspace, kept(), who=WHO).id
    app = opened("scenarios", scenario=id)
    assert "cx-sign-stale" in shown(app)
    app.button(key=f"run-{id}").click().run()
    saved = only(workspace)
    assert (saved.last.number, saved.last.why) == (2, "run again")
    assert saved.kept.data_version == workspace.current().id and "cx-sign-stale" not in shown(app)
    assert app.success and saved.kept.slides == kept().slides


def test_a_file_is_brought_in_under_a_free_name_and_a_foreign_one_is_refused(workspace):
    out = scenario_file(save_scenario(workspace, kept(), who=WHO))
    app = opened("scenarios")
    for content, told in ((out, ["Board plan (2)", "Board plan"]), (b"{}", None)):
        app.file_uploader[0].upload("plan.json", content, "application/json")
        app = next(button for button in app.button if button.label == EN("scenarios.act.import_button")).click().run()
        assert not app.exception
        if told:
            assert [one.kept.name for one in saved_scenarios(workspace.folder)] == told and app.success
    assert plain("plan.json") in app.warning[0].value and len(saved_scenarios(workspace.folder)) == 2


def test_going_back_makes_a_new_revision(workspace):
    id = save_scenario(workspace, kept(), who=WHO).id
    save_scenario(workspace, kept("Second name"), id=id, seen=1, who=WHO)
    opened("scenarios", scenario=id).button(key=f"go-back-{id}").click().run()
    assert (only(workspace).kept.name, only(workspace).last.number) == ("Board plan", 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenarios_stand_side_by_side_against_a_chosen_base_with_figures_of_either_time(workspace, language):
    text = Text(language)
    ids = [
        save_scenario(workspace, kept(name, horizon_months=months), who=WHO).id
        for name, months in (("One", 24), ("Two", 36), ("Three", 48))
    ]
    app = opened("scenarios", language, beside=",".join([ids[0], ids[2]]))
    assert text("scenarios.compare.note_horizons") in shown(app) and text("scenarios.compare.note_now") in shown(app)
    assert "cx-change-by" in shown(app) and text("assumption.horizon_months.label") in shown(app)
    app.checkbox(key=f"compare-{ids[1]}").set_value(True).run()
    app.selectbox(key=f"compare-base-{ids[0]}").set_value(ids[1]).run()
    assert parameter(app, "beside") == f"{ids[1]},{ids[0]},{ids[2]}"
    app.session_state["choices"] = app.session_state["choices"].__class__(
        beside=(ids[0], ids[1]), picks={"figures": "kept"}
    )
    assert text("scenarios.compare.note_kept") in shown(app.run())


def test_a_short_link_opens_the_scenario_as_it_stands_also_after_it_was_renamed(workspace):
    id = save_scenario(workspace, kept(), who=WHO).id
    save_scenario(workspace, kept("New name"), id=id, seen=1, why="renamed", who=WHO)
    app = opened("what_if", scenario=id)
    assert read_link(parameter(app, "s")).scenario == kept().scenario and parameter(app, "scenario") == id
    assert EN("scenarios.keep.opened", name=plain("New name"), revision=2) in shown(app)
    own = opened("what_if", scenario=id, s=write_link(PLAN))
    assert read_link(parameter(own, "s")).scenario == PLAN, "assumptions in the address are the reader's own changes"


def test_a_short_link_to_what_was_deleted_or_never_was_says_so(workspace, language="ar"):
    text, id = Text(language), save_scenario(workspace, kept(HOSTILE), who=WHO).id
    mark_scenario(workspace, id, "deleted", seen=1, who=WHO)
    (warning,) = opened("scenarios", language, scenario=id).warning
    assert plain(only(workspace).kept.name) in warning.value
    (warning,) = opened("scenarios", language, scenario="*nowhere*").warning
    assert warning.value == text("scenarios.link.unknown", id=plain("*nowhere*"))


def test_a_link_made_on_another_version_says_so_and_offers_either(workspace, language="ar"):
    second, first = workspace.versions()
    save_scenario(workspace, replace(kept(), data_version=second.id, rests_on={"version": second.id}), who=WHO)
    app = opened("scenarios", language, s=write_link(PLAN), v=first.id)
    assert Text(language)("scenarios.link.made_on", made="1", shown="2") in shown(app)
    assert parameter(app, "v") == first.id
    app.button(key="see-made-on").click().run()
    assert Text(language)("scenarios.link.looking", shown="1", used="2") in shown(app)
    assert (parameter(app, "data"), parameter(app, "v")) == (first.id, first.id)
    assert "cx-sign-stale" not in shown(app), "what is in use is asked, not what is looked at"
    app.button(key="back-to-data").click().run()
    assert (parameter(app, "data"), parameter(app, "v")) == ("", second.id)
    again = opened("scenarios", language, s=write_link(PLAN), v=first.id)
    again.button(key="stay-on-data").click().run()
    assert parameter(again, "v") == second.id and not [one for one in again.button if one.key == "stay-on-data"]


def test_a_link_made_on_a_version_that_is_not_here_says_so_and_a_damaged_one_is_passed_over(workspace):
    app = opened("scenarios", s=write_link(PLAN), v="000009-0123456789abcdef", data="000009-0123456789abcdef")
    assert EN("scenarios.link.made_on_gone", made="9", shown="2") in shown(app)
    assert not [one for one in app.button if one.key == "see-made-on"]
    app = opened("scenarios", s=write_link(PLAN), v="../../etc", data="x")
    assert parameter(app, "v") == workspace.current().id and parameter(app, "data") == ""


def test_a_broken_state_shows_the_kept_scenarios_of_its_copy_and_takes_no_new_one(workspace):
    id = save_scenario(workspace, kept(), who=WHO).id
    (workspace.folder / "state.sqlite").write_bytes(b"not a database" * 500)
    app = opened("scenarios", scenario=id)
    assert "Board plan" in shown(app)
    app.button(key=f"duplicate-{id}").click().run()
    assert not app.exception and Text("en", on_page=True)("store.state_damaged") in [one.value for one in app.warning]
    app.button(key="mend-state").click().run()
    assert only(workspace).kept.name == "Board plan"
