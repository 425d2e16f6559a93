"""Every way in which spend may pay, and every horizon, in words: the same facts in both languages."""

from dataclasses import replace

import pytest

from cxroi.model.decision.verdict import Call
from cxroi.questions.case import Around
from cxroi.questions.horizons import HorizonVerdict
from cxroi.text import LANGUAGES, Text
from cxroi.ui import markup
from cxroi.view.decide.channels import channel_panel, channels_line
from cxroi.view.decide.horizons import beside_sentence, horizon_strip
from cxroi.view.decide.verdict import case_sentence, verdict_card
from tests.made_case import made_case, made_channels, made_verdict

EN = Text("en")
OVER, UNDER, RIGHT, OPEN = Call.OVER_INVESTED, Call.UNDER_INVESTED, Call.ABOUT_RIGHT, Call.NOT_ENOUGH_EVIDENCE


def test_the_line_names_what_counts_what_moves_little_and_what_is_left_out_and_why():
    line = channels_line(made_case(), EN)
    assert line.startswith(
        "Counts: Retention. Moves little or nothing: Margin per customer (9% that it helps). Not counted: "
    )
    assert "Support cost per customer (it seems to get worse with spend" in line
    assert "New customers (new customers were not given" in line
    assert "Support cost per customer: if this holds, the plan is worth SAR\xa0200K less than" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_channel_has_a_row_with_its_bar_and_its_guard(language):
    text = Text(language)
    panel = channel_panel(made_case(), text)
    assert [row.name for row in panel.rows] == [text(f"channel.{id}") for id in ("churn", "margin", "support", "joins")]
    assert [row.bar for row in panel.rows] == [1.0, 0.09, 0.1, None]
    assert [bool(row.guard) for row in panel.rows] == [False, False, True, True]
    assert [text("channels.change_churn", change="") in row.change for row in panel.rows] == [True, False, False, False]
    shown = markup.channels(panel)
    assert all(row.guard in shown for row in panel.rows) and shown.count("<tr") == 7
    assert channels_line(made_case(), text) in verdict_card(made_case(), text).counts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_strip_says_whether_the_side_turns_and_frames_the_verdicts_own_horizon(language):
    text = Text(language)
    strip = horizon_strip(made_case(), text)
    assert strip.title == text("horizons.title_differ")
    assert [one.chosen for one in strip.marks] == [False, False, False, True]
    strict = made_case()
    strict = replace(strict, scenario=replace(strict.scenario, residual_value_months=0))
    assert [one.chosen for one in horizon_strip(strict, text).marks] == [False, False, True, False]
    assert markup.horizons(strip).count("aria-current") == 1


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ((OVER, OVER, OPEN), "open_here"),
        ((OPEN, OPEN, OVER), "opens"),
        ((OVER, OPEN, OVER), "opens"),
        ((RIGHT, OPEN, OVER), "depends"),
        ((RIGHT, RIGHT, OVER), "depends"),
        ((OVER, OPEN, UNDER), "differ"),
    ],
)
def test_the_strip_says_that_a_shorter_time_leaves_the_verdict_open_only_where_it_does(calls, told):
    marks = tuple(
        HorizonVerdict(months=12 * place, for_life=place == 3, verdict=made_verdict(call))
        for place, call in enumerate(calls, 1)
    )
    case = replace(made_case(), around=Around(horizons=lambda: marks))
    assert horizon_strip(case, EN).title == EN(f"horizons.title_{told}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_says_so_when_the_side_depends_on_what_is_counted_after_the_horizon(language):
    text, case = Text(language), made_case()
    told = beside_sentence(case, text)
    assert text("verdict.word.about_right") in told and told in case_sentence(case, text)
    same = replace(case, around=Around(beside=lambda: made_verdict()))
    assert beside_sentence(same, text) == "" and beside_sentence(replace(case, around=Around()), text) == ""


def test_a_case_without_channels_says_nothing_of_them():
    bare = replace(made_case(), around=Around())
    assert channels_line(bare, EN) == "" and channel_panel(bare, EN).rows == ()
    assert {one.id for one in made_channels()} == {"churn", "margin", "support", "joins"}
