"""What all initiatives have come to, in words: paid or not, counted once, and nothing claimed of what could not be measured."""

from dataclasses import replace

import pytest

from cxroi.cli.arguments import FORMAT_VERSION
from cxroi.export.json.promises import programme_json, promise_json
from cxroi.model.response.realised import Initiative, PromiseStatus, Realised
from cxroi.model.response.shrinkage import Shrunk
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.promises import LevelResult, Programme, Promise, programme_of
from cxroi.text import LANGUAGES, Text
from cxroi.view.prove.programme import finding, programme_lines, programme_view
from tests.json_schemas import fits


def interval(low, mid, high):
    return Interval(low=low, mid=mid, high=high)


SHRUNK = Shrunk(
    uplift_pp=interval(0.5, 1.5, 2.4),
    value=interval(0.5e6, 1.5e6, 2.4e6),
    probability_any=0.96,
    kept_share=0.8,
    probability_kept=0.5,
)


def promise(name, shrunk=SHRUNK, **facts):
    found = {
        "finding": PromiseStatus.KEPT,
        "uplift_pp": interval(1, 2, 3),
        "value": interval(1e6, 2e6, 3e6),
        "compared_with": "segments",
        "probability_any": 0.97,
        "annual_retention": 0.8,
    }
    initiative = Initiative(name=name, starts_on=None, promised_uplift_pp=facts.pop("promised", 2.5))
    return Promise(
        realised=Realised(initiative=initiative, **{**found, **facts}), spent=1e6, budget=None, shrunk=shrunk
    )


PROGRAMME = Programme(
    promises=(promise("a"), promise("b", promised=2.0)),
    earned=interval(1e6, 3e6, 4.8e6),
    spent=2e6,
    net=interval(-1e6, 1e6, 2.8e6),
    probability_paid=0.95,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("chance", "kind"), [(0.95, "paid"), (0.7, "likely"), (0.47, "even"), (0.3, "not_yet"), (0.05, "lost")]
)
def test_the_finding_follows_how_likely_it_has_paid_for_itself(language, chance, kind):
    text = Text(language)
    said = finding(replace(PROGRAMME, probability_paid=chance), "SAR", text)
    assert said.startswith(text(f"promises.{kind}", earned="~", spent="").split("~")[0])
    some = (promise("a"), promise("b", shrunk=None))
    part = finding(replace(PROGRAMME, probability_paid=chance, promises=some), "SAR", text)
    assert part.startswith(text(f"promises.{kind}_part", earned="~", spent="").split("~")[0]) and part != said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_measured_and_what_counts_once_is_said(language):
    text = Text(language)
    found = replace(
        PROGRAMME, unmeasured_spent=5e6, counted_once=(("a", "b"),), spend_unknown=("b",), spent=None, net=None
    )
    view = programme_view(found, "SAR", "source", text)
    assert any("5" in words for words in view.lead) and "a" in view.caution and "b" in view.caution
    assert len(view.figures) == 1


def test_the_picture_says_which_kept_most_and_the_table_what_would_have_been():
    text = Text("en")
    view = programme_view(PROGRAMME, "SAR", "source", text)
    assert (
        view.drawing is not None
        and view.drawing.title == "a has kept most customers: +0.5 to +2.4 points among the others"
    )
    assert view.drawing.data["marks"]["value"] == [2.5, 2.0]
    (stay,) = [column for column in view.table.table if column.heading == text("promises.heading.without")]
    assert stay.words[0] == "80.0% stay; without it 77.6% to 79.5%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_is_judged_by_the_figure_that_stands_beside_the_word_and_what_it_was_alone_is_said(language):
    text = Text(language)
    view = programme_view(PROGRAMME, "SAR", "source", text)
    word, brought, alone = (
        next(column for column in view.table.table if column.heading == text(heading))
        for heading in ("promises.heading.finding", "promises.heading.brought", "promises.alone")
    )
    assert (
        word.words == (text("promises.word.open"),) * 2
    )  # a chance of a half, though kept for sure when measured alone
    assert brought.figures == (1.5, 1.5) and alone.figures == (2.0, 2.0)
    assert view.table.title == text("promises.headline", count=2, measured=2, kept=0, missed=0, open=2)
    chance = text("promises.chance_kept", chance=text.percent(0.5, 0))
    said = f"{chance} {text('promises.told_alone', word=text('promises.word.kept'))}"
    assert all(said in note for _, note in view.notes)
    agreed = promise("a", shrunk=replace(SHRUNK, probability_kept=0.9))
    view = programme_view(replace(PROGRAMME, promises=(agreed,)), "SAR", "source", text)
    assert view.table.table[1].words == (text("promises.word.kept"),) and said not in view.notes[0][1]


def test_without_any_that_can_be_measured_there_is_no_figure_and_no_picture():
    nothing = Programme(
        promises=(promise("a", shrunk=None, finding=PromiseStatus.TOO_EARLY, uplift_pp=None, value=None),),
        earned=None,
    )
    view = programme_view(nothing, "SAR", "source", Text("en"))
    assert not view.figures and view.drawing is None and view.finding == Text("en")("promises.nothing_measured")


LEVELS = (
    LevelResult(
        level="2", names=("a", "b"), measured=1, spent=3e6, measured_spent=1e6, earned=interval(-0.2e6, 1e6, 2e6)
    ),
    LevelResult(level="", names=("c",), measured=0, spent=None, measured_spent=None, earned=None),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_levels_say_where_most_went_and_claim_no_return_whose_range_holds_nothing(language):
    text = Text(language)
    view = programme_view(replace(PROGRAMME, levels=LEVELS), "SAR", "source", text)
    assert view.levels.title == text("promises.levels.title_spent", spent=text("level.2"), earned="")
    assert view.levels.table[0].words == (text("level.2"), text("costs.unnamed.cx_level"))
    sure = replace(LEVELS[0], earned=interval(0.2e6, 1e6, 2e6))
    surely = programme_view(replace(PROGRAMME, levels=(sure, LEVELS[1])), "SAR", "source", text)
    assert surely.levels.title == text("promises.levels.title_same", spent=text("level.2"), earned="")
    owned = replace(promise("a"), owner="Care", status="running", cx_level="2")
    answer = {
        **{"format_version": FORMAT_VERSION, "command": "realised", "data_version": "1", "illustrative": False},
        "currency": "SAR",
        "initiatives": [promise_json(one, "SAR", text) for one in (owned, promise("b"))],
        "programme": programme_json(replace(PROGRAMME, levels=LEVELS)),
    }
    fits(answer)
    told = answer["programme"]["levels"]
    assert [(one["cx_level"], one["initiatives"]) for one in told] == [(2, ["a", "b"]), (None, ["c"])]
    assert surely.levels.title in "\n".join(programme_lines(replace(PROGRAMME, levels=(sure, LEVELS[1])), "SAR", text))


def test_owner_and_status_stand_in_the_table_where_anybody_says_them_and_a_level_only_where_one_is_given():
    text = Text("en")
    view = programme_view(PROGRAMME, "SAR", "source", text)
    assert view.levels is None and text("promises.heading.owner") not in [one.heading for one in view.table.table]
    owned = replace(PROGRAMME, promises=(replace(promise("a"), owner="Care <b>", status="paused"), promise("b")))
    assert programme_view(owned, "SAR", "source", text).table.table[-1].words == (
        "Care <b>, paused",
        text("lines.none"),
    )


def test_levels_are_told_of_every_initiative_and_of_the_measured_what_they_took():
    found = [
        replace(promise("a"), cx_level="2"),
        replace(promise("b"), spent=None),
        replace(promise("c"), cx_level="1"),
    ]
    told = programme_of(tuple(found)).levels
    assert [(one.level, one.names, one.measured, one.spent) for one in told] == [
        ("1", ("c",), 0, 1e6),
        ("2", ("a",), 0, 1e6),
        ("", ("b",), 0, None),
    ]
    assert programme_of((promise("a"),)).levels == ()
