"""Five sentences for a board: of every verdict, of data that fail a check, of a plan of our own; never against the first screen."""

import re
from dataclasses import replace

import pytest

from cxroi.model.decision.verdict import Call
from cxroi.model.scenario import Scenario
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.board import board
from cxroi.view.share.board_summary import board_summary
from tests.made_case import capped_case, interval, made_case
from tests.view.decide.test_board import BETTER
from tests.view.share.test_story import MADE, bare_of

EN = Text("en")


def summed_up(case, language="en", allocation=BETTER):
    return board_summary(case, bare_of(case), allocation, Text(language), made=MADE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("call", list(Call))
def test_every_verdict_is_told_in_five_sentences_that_say_what_the_first_screen_says(call, language):
    case, text = made_case(call), Text(language).counting("SAR")
    told, screen = summed_up(case, language), board(case, bare_of(case), BETTER, text)
    assert len(told.sentences) == 5 and all(one.endswith((".", "؟")) and "{" not in one for one in told.sentences)
    assert told.verdict == "".join(screen.title)
    assert all(one.value in told.certainty and one.words in told.certainty for one in screen.chances)
    assert screen.moves.moves[0].name in told.next_step
    if call is not Call.NOT_ENOUGH_EVIDENCE:
        assert told.money in screen.lead
        assert screen.trust.change[1:] in told.risk


def test_a_cut_is_told_as_one():
    told = summed_up(made_case(Call.OVER_INVESTED))
    assert "too much" in told.verdict and "should save" in told.money and "the whole cut loses" in told.certainty


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_data_that_fail_a_check_no_amount_and_no_chance_is_told(language):
    case, text = capped_case("history"), Text(language)
    told = summed_up(case, language)
    said = " ".join(told.sentences)
    assert text.currency("SAR") not in said and "%" not in said
    assert text("health.history.name") in told.money and text("board.move.repair") in told.next_step


def test_of_an_open_verdict_the_worth_of_knowing_is_told_and_the_risk_is_to_act_before():
    told = summed_up(made_case(Call.NOT_ENOUGH_EVIDENCE))
    assert "Knowing for certain" in told.money and "act before that is known: being wrong" in told.risk
    assert "worth" not in told.next_step


def test_a_plan_of_our_own_is_worth_what_it_is_worth_and_the_verdict_is_the_evidences_all_the_same():
    case = made_case()
    worse = replace(case.outcome, npv=interval(-3e6, -2e6, -1e6), probability_of_loss=0.97)
    cut = replace(case, asked=Scenario(investment_level_percent=60.0), outcome=worse)
    typed = replace(case, asked=Scenario(retention_uplift_pp=2.0))
    told, evidences = board_summary(cut, case, BETTER, EN, made=MADE), summed_up(case)
    assert (told.verdict, told.risk) == (evidences.verdict, evidences.risk)
    assert re.findall(r"\d+%", told.certainty) == re.findall(r"\d+%", evidences.certainty)
    assert "cost SAR\xa02M more than it earns" in told.money and "97 in 100 that it loses" in told.money
    assert summed_up(typed).money.startswith("If our own assumptions hold: our plan")
    assert summed_up(typed).certainty.startswith(
        "Our plan aside, the evidence gives"
    )  # whose chance of a loss is another than the plan's


def test_a_plan_that_moves_nothing_has_its_summary_too():
    case = made_case(Call.ABOUT_RIGHT)
    still = replace(case.outcome, npv=interval(0.0, 0.0, 0.0), cost=interval(0.0, 0.0, 0.0), payback_months=None)
    told = summed_up(replace(case, asked=Scenario(investment_level_percent=100.0), outcome=still), allocation=None)
    assert "SAR\xa00" in told.money and EN("board.move.stay") in told.next_step
