"""The verdict is told in words that follow from its facts, in both languages."""

import math
from dataclasses import replace

import pytest

from cxroi.model.verdict import Call
from cxroi.text import LANGUAGES, Text
from cxroi.view.verdict import likelihood, verdict_card, verdict_sentence
from tests.made_case import made_case, made_verdict

EN = Text("en")


def test_the_sentence_holds_call_probability_range_amount_grade_and_what_would_change_it():
    sentence = verdict_sentence(made_verdict(), "USD", EN)
    for fact in ("Under-invested", "very likely (96%)", "$330K to $520K", "$275K", "$2.3M", "grade C", "above $345K"):
        assert fact in sentence


def test_an_over_invested_sentence_tells_the_probability_that_the_last_part_does_not_pay():
    assert "very likely (93%)" in verdict_sentence(made_verdict(Call.OVER_INVESTED), "USD", EN)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("call", Call)
def test_every_call_has_its_sentence_and_card_in_both_languages(call, language):
    text = Text(language)
    assert text(f"verdict.word.{call}") in verdict_sentence(made_verdict(call), "SAR", text)
    card = verdict_card(made_case(call), text)
    assert card.word == text(f"verdict.word.{call}")
    assert len(card.facts) in (4, 5)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ((0.0, 345e3), "rose above $345K"),
        ((200e3, math.inf), "fell below $200K"),
        ((200e3, 345e3), "range $200K to $345K"),
        ((0.0, math.inf), "Only stronger evidence"),
        (None, "Only stronger evidence"),
    ],
)
def test_the_range_where_a_call_holds_is_told_with_open_ends(held, words):
    assert words in verdict_sentence(replace(made_verdict(), spend_range=held), "USD", EN)


def test_the_break_even_stands_on_the_card_of_a_plan_that_pays():
    assert "less than 1.1 points" in verdict_card(made_case(), EN).change


def test_what_is_at_stake_in_an_open_verdict_is_the_value_of_knowing():
    labels = [fact.label for fact in verdict_card(made_case(Call.NOT_ENOUGH_EVIDENCE), EN).facts]
    assert EN("verdict.fact.information") in labels
    assert EN("verdict.fact.gain") not in labels


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.995, "almost certain"),
        (0.9, "very likely"),
        (0.5, "close to even odds"),
        (0.3, "less likely than not"),
        (0.0, "almost ruled out"),
    ],
)
def test_a_probability_has_words(value, words):
    assert likelihood(value, EN) == words


def test_a_hurdle_is_told_wherever_something_is_said_to_pay():
    case = made_case()
    case = replace(case, scenario=replace(case.scenario, hurdle_net_return=0.3))
    assert "net return of 30%" in verdict_card(case, EN).lead
    assert "net return of 30%" in verdict_sentence(case.verdict, "USD", EN, hurdle_net_return=0.3)
    assert "net return" not in verdict_card(made_case(), EN).lead
