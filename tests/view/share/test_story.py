"""The story of a scenario: what each slide says, for every verdict, of thin data, with names that no one should have."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cxroi.chart.drawing import Drawing
from cxroi.errors import StoreError
from cxroi.model.decision.verdict import Call
from cxroi.model.scenario import Scenario
from cxroi.questions.story import StoryFacts, scenario_id
from cxroi.questions.sweep import safe_plan, stop_of_case
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.board import board
from cxroi.view.share.slides import story
from cxroi.view.share.story import APPENDIX, MOST_ROWS, SLIDES, Figures, Sentences, StoryTable, story_table
from tests.made_case import capped_case, made_case
from tests.view.decide.test_board import BETTER

EN = Text("en")
MADE = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
NO_ANSWERS = StoreError("scores.none")


def bare_of(case):
    """Return a made case with the evidence's own plan."""
    return replace(case, asked=case.asked.without_plan)


def facts(case, **known):
    """Return the answers about a made case: no surveys and no lines, today's budget divided better."""
    supported = safe_plan(case)
    return StoryFacts(
        **{
            "case": case,
            "bare": bare_of(case),
            "safe": None if supported is None else stop_of_case(case),
            "allocation": BETTER,
            "standings": (),
            "scores": NO_ANSWERS,
            "drivers": NO_ANSWERS,
            **known,
        }
    )


def told(case, language="en", **known):
    return story(facts(case, **known), Text(language), made=MADE)


def every_word(one):
    """Return every word of a slide."""
    said = [one.name, one.title, one.source, *one.notes]
    for part in one.parts:
        if isinstance(part, Figures):
            said += [part.caption, *(word for each in part.figures for word in (each.label, each.value, each.range))]
        elif isinstance(part, Sentences):
            said += part.sentences
        elif isinstance(part, StoryTable):
            said += [part.title, part.note, part.more, *part.headings, *(cell for row in part.rows for cell in row)]
        elif isinstance(part, Drawing):
            said += [part.title, part.subtitle, part.footer]
    return " ".join(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("call", list(Call))
def test_every_verdict_has_its_story_with_a_finding_a_source_and_what_to_say_on_each_slide(call, language):
    found = told(made_case(call), language)
    assert [one.id for one in found.slides] == [id for id in SLIDES if id not in ("lines", "satisfaction")]
    assert {one.id for one in found.appendix} <= set(APPENDIX)
    for one in found.slides:
        assert one.title and one.source and one.parts and 2 <= len(one.notes) <= 5, one.id
        assert all(note.strip() and note[-1] in ".:؟?" for note in one.notes), one.notes
    assert not any("{" in every_word(one) for one in (*found.slides, *found.appendix))


def test_the_story_begins_with_what_the_first_screen_says_and_ends_with_its_first_move():
    case = made_case()
    first, *_, last = told(case).slides
    screen = board(case, bare_of(case), BETTER, EN)
    assert first.title == "".join(screen.title) and screen.lead in every_word(first)
    assert [one.share for one in first.parts[1].figures] == [one.share for one in screen.chances]
    assert screen.moves.moves[0].name in last.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_data_that_fail_a_check_no_worth_is_told_and_what_to_put_right_comes_last(language):
    found, text = told(capped_case("history"), language), Text(language)
    assert [one.id for one in found.slides] == ["verdict", "evidence", "risks", "next_step"]
    assert [one.id for one in found.appendix] == ["checks", "assumptions"]
    said = " ".join(map(every_word, found.slides))
    assert text("board.figure.worth") not in said and text("health.history.name") in said
    assert text("board.move.repair") in found.slides[-1].title


def test_an_open_verdict_shows_what_a_plan_is_worth_beside_its_range_and_never_beside_the_verdict():
    found = {one.id: one for one in told(made_case(Call.NOT_ENOUGH_EVIDENCE)).slides}
    assert EN("board.figure.worth") not in every_word(found["verdict"])
    assert EN("story.column.range") in every_word(found["what_if"])
    assert EN("board.move.pilot") in every_word(found["next_step"])


def test_what_the_data_lack_has_no_slide_and_is_said_among_what_they_cannot_show():
    risks = next(one for one in told(made_case()).slides if one.id == "risks")
    assert EN("story.limits.no_answers") in every_word(risks) and EN("story.limits.no_lines") in every_word(risks)
    assert "import --as" not in every_word(risks), "a board types no command"


def test_a_plan_of_our_own_is_called_so_wherever_a_file_comes_from():
    case = made_case()
    own = replace(case, asked=Scenario(investment_level_percent=60.0, retention_uplift_pp=1.0))
    assert told(case).provenance.name == EN("story.evidence_plan")
    assert told(own).provenance.name == EN("story.own_plan") and "our own" in told(own).slides[0].notes[2]


def test_a_file_says_where_it_comes_from_in_one_line():
    case = made_case()
    line = told(case).provenance.line
    for words in (
        EN("story.illustrative"),
        scenario_id(case.asked),
        "version 7",
        "Jan 2023",
        "44,000 customers",
        "90%",
    ):
        assert words in line
    assert "C: own history" in line and "SAR" in line and "30 Nov 2026, 09:05 UTC" in line
    assert not told(replace(case, illustrative=False)).provenance.illustrative


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "a\u202eb\u2066c", "x" * 300, "a/b\\c\"'"]
)
def test_a_name_from_a_person_turns_no_line_and_stays_short(name):
    found = story(facts(made_case()), EN, made=MADE, name=name).provenance
    assert len(found.name) <= 80 and "\u202e" not in found.line and "\n" not in found.line


def test_a_slide_has_room_for_seven_rows_and_says_how_many_more_there_are():
    table = story_table("t", ["a"], [[str(n)] for n in range(40)], EN)
    assert len(table.first_rows) == MOST_ROWS and len(table.rows) == 40 and "33 more rows" in table.more
    assert not story_table("t", ["a"], [["1"]] * MOST_ROWS, EN).more
