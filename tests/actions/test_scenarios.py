"""Scenarios as people keep them: what is as it was makes no revision, and a file brings back exactly what went out, or a sentence."""

import json
from dataclasses import replace

import pytest

from cxroi.actions.scenario_file import read_kept_scenario
from cxroi.actions.scenarios import comment_on_scenario, mark_scenario, save_scenario
from cxroi.errors import ScenarioError
from cxroi.export.scenario_file import scenario_file
from cxroi.model.kept_scenario import SLIDES_CHOSEN, KeptScenario, SlideChoice, SlideChoices
from cxroi.model.scenario import Scenario
from cxroi.questions.scenarios import kept_figures, moved_since, revisions_of, scenario_called
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from tests.acting import TESTER
from tests.made_case import made_case

HOSTILE = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202egnp.exe", "x" * 80, "'\"\\/..%00", "خطة ‏(2)")
SLIDES = SlideChoices(
    slides=(SlideChoice(id="risks", caption='=1+1 "'), SlideChoice(id="why", hidden=True)), theme="dark"
)


def kept(name="Board plan", **changes):
    scenario = Scenario(investment_level_percent=1 / 3, currency="SAR", first_quarters_percent=(110.0,), **changes)
    return KeptScenario(
        name=name,
        note="كما طُلب\nin May",
        scenario=scenario,
        data_version="000001-aa",
        rests_on={"version": "000001-aa", "rates": "x"},
        figures=kept_figures(made_case()),
        slides=SLIDES,
    )


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path)


def test_what_is_as_it_was_makes_no_revision_and_no_line_but_running_it_again_does(workspace):
    saved = save_scenario(workspace, kept(), who=TESTER)
    assert save_scenario(workspace, kept(), id=saved.id, seen=1, who=TESTER) == saved
    assert mark_scenario(workspace, saved.id, "unlocked", seen=1, who=TESTER) == saved
    again = save_scenario(workspace, kept(), id=saved.id, seen=1, why="run again", who=TESTER)
    assert again.last.number == 2
    assert [line.what for line in State.open(workspace.folder).audit()] == ["scenario saved", "scenario run again"]


def test_slides_are_chosen_by_saving_what_is_with_them_and_go_along_with_every_later_revision(workspace):
    saved = save_scenario(workspace, replace(kept(), slides=SlideChoices()), who=TESTER)
    chosen = replace(saved.kept, slides=SLIDES)
    save_scenario(workspace, chosen, id=saved.id, seen=1, why=SLIDES_CHOSEN, who=TESTER)
    assert scenario_called(workspace.folder, "Board plan").kept.slides == SLIDES
    assert [one.kept.slides for one in revisions_of(workspace.folder, saved.id)] == [SLIDES, SlideChoices()]


@pytest.mark.parametrize("words", ["  ", "x" * 1001])
def test_a_comment_that_says_nothing_or_too_much_is_refused(workspace, words):
    saved = save_scenario(workspace, kept(), who=TESTER)
    with pytest.raises(ScenarioError):
        comment_on_scenario(workspace, saved.id, words, who=TESTER)
    assert comment_on_scenario(workspace, saved.id, " fine ", who=TESTER).comments[0].words == "fine"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_brings_back_what_went_out_to_the_last_digit_whatever_it_is_called(workspace, name):
    out = scenario_file(save_scenario(workspace, kept(name), who=TESTER))
    brought = read_kept_scenario(out, "plan.json")
    assert moved_since(save_scenario(workspace, replace(brought, name="Other"), why="imported", who=TESTER), {}) == (
        "imported",
    )
    assert replace(brought, rests_on=kept().rests_on) == kept(name)
    again = json.loads(scenario_file(save_scenario(workspace, replace(brought, name="Third"), who=TESTER)))
    first = json.loads(out)
    assert {part: again[part] for part in ("note", "asked", "made_on", "figures", "slides")} == {
        part: first[part] for part in ("note", "asked", "made_on", "figures", "slides")
    }


def test_what_was_brought_in_stays_marked_until_it_is_run_here(workspace):
    brought = read_kept_scenario(scenario_file(save_scenario(workspace, kept(), who=TESTER)), "plan.json")
    saved = save_scenario(workspace, replace(brought, name="Other"), why="imported", who=TESTER)
    renamed = save_scenario(workspace, replace(saved.kept, name="New"), id=saved.id, seen=1, why="renamed", who=TESTER)
    assert moved_since(renamed, kept().rests_on) == ("imported",)
    ran = save_scenario(workspace, kept("New"), id=saved.id, seen=2, why="run again", who=TESTER)
    assert moved_since(ran, kept().rests_on) == ()


def changed(**parts):
    return json.dumps({"scenario_format": 1, "name": "x", "asked": {}} | parts).encode()


@pytest.mark.parametrize(
    ("content", "id"),
    [
        (b'{"asked": {}}', "scenarios.file_foreign"),
        (b'{"scenario_format": true, "asked": {}}', "scenarios.file_foreign"),
        (changed(scenario_format=2), "scenarios.file_newer"),
        (changed(name="\u200b"), "scenarios.name_empty"),
        (changed(name="x" * 81), "scenarios.name_long"),
        (changed(name=["x"]), "scenarios.file_part"),
        (changed(note="x" * 1001), "scenarios.note_long"),
        (changed(asked={"profit": 1}), "scenarios.file_unknown"),
        (changed(asked={"horizon_months": "1e999"}), "scenarios.file_number"),
        (changed(asked={"horizon_months": 0}), "scenario.outside_range"),
        (changed(asked={"currency": "~end"}), "scenarios.file_part"),
        (changed(figures={"npv": 3}), "scenarios.file_part"),
        (changed(slides={"slides": [{"id": "../x"}]}), "scenarios.slides_invalid"),
        (changed(made_on=[]), "scenarios.file_part"),
        (changed(made_on={"rests_on": {"rates": 3}}), "scenarios.file_part"),
        (b'{"a":' * 100_000, "scenarios.file_unreadable"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "scenarios.file_unreadable"),
        (b"\xff\xfe", "scenarios.file_unreadable"),
        (b"", "scenarios.file_unreadable"),
        (b" " * 1_000_001, "scenarios.file_large"),
    ],
)
def test_a_foreign_hostile_or_huge_file_is_refused_by_its_sentence_in_both_languages(content, id):
    with pytest.raises(ScenarioError) as refused:
        read_kept_scenario(content, "plan.json")
    assert refused.value.id == id
    assert all(Text(language).error(refused.value) for language in LANGUAGES)


def test_a_scenario_is_found_by_its_id_or_name_and_the_one_that_is_there_before_a_deleted_one(workspace):
    gone = save_scenario(workspace, kept(), who=TESTER)
    mark_scenario(workspace, gone.id, "deleted", seen=1, who=TESTER)
    assert scenario_called(workspace.folder, "board PLAN").id == gone.id
    there = save_scenario(workspace, kept(), who=TESTER)
    assert scenario_called(workspace.folder, "Board plan").id == there.id
    assert scenario_called(workspace.folder, gone.id).id == gone.id
