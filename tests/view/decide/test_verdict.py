"""The verdict is told in words that follow from its facts, in both languages."""

import math
from dataclasses import replace

import pytest

from cxroi.model.decision.verdict import Call
from cxroi.questions import BreakEvens
from cxroi.questions.case import Around
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.verdict import verdict_card, verdict_facts, verdict_sentence
from tests.made_case import capped_case, made_break_evens, made_case, made_step, made_verdict

EN = Text("en")
OPEN = Call.NOT_ENOUGH_EVIDENCE


def test_the_sentence_holds_call_chances_best_spend_safe_step_both_costs_grade_and_what_would_change_it():
    sentence = verdict_sentence(made_verdict(), "USD", EN)
    for fact in (
        "Too little.",
        "86 in 100 that the best spend is above today's, and 87 in 100 that the next dollar pays",
        "$330K to $520K a month, today it is $275K; moving there is worth $2.3M",
        "A safe step is $344K a month (+25%), worth $1.4M on average; 4 in 100 that it loses money",
        "cost $2.7M by staying, $115K by moving",
        "grade C",
        "above $345K",
    ):
        assert fact in sentence


def test_too_much_is_told_with_the_chance_that_the_best_spend_is_below_todays():
    assert "82 in 100 that the best spend is below today's" in verdict_sentence(
        made_verdict(Call.OVER_INVESTED), "USD", EN
    )


def test_every_probability_told_of_a_verdict_is_the_stated_one():
    verdict = replace(made_verdict(), probability_best_above=1.0, probability_more_pays=1.0)
    told = verdict_sentence(verdict, "USD", EN)
    assert "86 in 100" in told and "87 in 100" in told and "100 in 100" not in told and "99" not in told


def test_an_open_verdict_names_both_sides_a_small_step_and_the_pilot_that_would_settle_it():
    sentence = verdict_sentence(made_verdict(OPEN), "USD", EN)
    assert "57 in 100 that the best spend is above today's, 31 in 100 that it is below" in sentence
    assert "a small step to $302K a month (+10%) earns $600K on average" in sentence
    assert "Consumer" in sentence and "4,200 customers" in sentence and "6 months" in sentence and "62%" in sentence


def test_an_open_verdict_without_a_step_that_earns_names_none():
    assert "small step" not in verdict_sentence(replace(made_verdict(OPEN), direction=None), "USD", EN)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("call", Call)
def test_every_call_has_its_sentence_and_card_in_both_languages(call, language):
    text = Text(language)
    assert text(f"verdict.word.{call}") in verdict_sentence(made_verdict(call), "SAR", text)
    card = verdict_card(made_case(call), text)
    assert card.word == text(f"verdict.word.{call}")
    assert 4 <= len(card.facts) <= 6


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("nearest", "value", "words"),
    [
        ("horizon_months", 22, "if nothing counted after 22 months."),
        ("horizon_months", 50, "if 50 months were counted and nothing after them."),
        ("contribution_margin_percent", -31.0, "if the margin a customer brings were 31% lower."),
        ("contribution_margin_percent", 12.0, "if the margin a customer brings were 12% higher."),
        ("one_off_cost", 2.3e6, "if the move cost SAR 2.3M once."),
        ("support_cost_percent", 12.0, "if the move made support 12% dearer per customer."),
        ("support_cost_percent", -12.0, "if the move made support 12% cheaper per customer."),
        ("churn_factor", 0.7, "if customers left 30% less often than today."),
        ("churn_factor", 1.5, "if customers left 50% more often than today."),
    ],
)
def test_what_would_change_the_verdict_is_its_nearest_break_even(nearest, value, words, language):
    turning = replace(made_break_evens(), nearest=nearest, **{nearest: value})
    change = verdict_card(replace(made_case(), around=Around(break_evens=lambda: turning)), Text(language)).change
    if language == "en":
        assert change.replace("\u00a0", " ") == f"It would change {words}"
    assert change


def test_the_plans_own_break_even_uplift_is_never_what_would_change_the_verdict():
    for turning in (made_break_evens(), BreakEvens(step=made_step(100.0, 0.0)), None):
        case = replace(made_case(), around=Around(break_evens=lambda turning=turning: turning))
        assert "1.1" not in verdict_card(case, EN).change


def test_without_a_break_even_in_reach_the_range_of_spend_tells_what_would_change_it():
    none = BreakEvens(step=made_step(150.0, 2.3e6))
    assert "rose above" in verdict_card(replace(made_case(), around=Around(break_evens=lambda: none)), EN).change


def test_an_open_verdict_whose_pilot_is_not_worth_its_cost_says_what_to_do_instead():
    case = made_case(OPEN)
    dear = replace(case.verdict.pilot, cost=10 * case.verdict.pilot.worth)
    told = replace(case, verdict=replace(case.verdict, find_pilot=lambda: dear))
    assert "Without one, go to SAR\xa0302K a month (+10%)." in verdict_card(told, EN).change
    assert "42" in verdict_card(case, EN).change  # branches, where customers cannot be drawn


def test_what_is_at_stake_in_an_open_verdict_is_the_value_of_knowing():
    labels = [fact.label for fact in verdict_card(made_case(OPEN), EN).facts]
    assert EN("verdict.fact.information") in labels
    assert "moving there is worth" not in str(verdict_card(made_case(OPEN), EN).facts)


def test_a_verdict_capped_by_a_check_names_it_and_advises_no_step():
    card = verdict_card(capped_case("placebo"), EN)
    name = f"“{EN('health.placebo.name')}”"  # it says what should be: read as a plain statement it would claim the contrary
    assert name in card.lead and name in card.change
    assert "step" not in str(card.facts)


def test_a_check_without_a_name_still_stops_the_advice():
    unnamed = replace(made_verdict(OPEN), reason="a_check_of_tomorrow")
    told = verdict_sentence(unnamed, "USD", EN)
    assert "a_check_of_tomorrow" in told and "step" not in told


def test_a_best_spend_beyond_the_data_says_so_on_the_card_and_in_the_sentence():
    case = made_case()
    beyond = replace(case.verdict, best_step=replace(case.verdict.best_step, beyond_data=True))
    assert "beyond the $170K to $470K that your data have seen" in verdict_sentence(beyond, "USD", EN)
    assert "beyond the" in verdict_card(replace(case, verdict=beyond), EN).facts[0].note
    assert "beyond" not in verdict_sentence(case.verdict, "USD", EN)


def test_a_safe_step_against_the_call_or_none_at_all_is_told_as_what_it_is():
    stay, other = made_step(100.0, 0.0), made_step(80.0, 1e5)
    assert "No step inside what your data have seen is safe" in verdict_sentence(
        replace(made_verdict(), safe_step=stay), "USD", EN
    )
    assert "goes the other way, to $220K a month (−20%)" in verdict_sentence(
        replace(made_verdict(), safe_step=other), "USD", EN
    )


def test_in_arabic_the_sign_of_a_change_is_inside_its_figure():
    assert "(\u2066+25%\u2069)" in verdict_sentence(made_verdict(), "SAR", Text("ar"))


def test_spend_without_a_currency_is_counted_in_no_coin():
    assert "that the next unit of spend pays" in verdict_sentence(made_verdict(), "", EN)
    assert "عائد الريال التالي" in verdict_sentence(made_verdict(), "SAR", Text("ar"))
    assert "عائد الإنفاق الإضافي" in verdict_sentence(made_verdict(), "", Text("ar"))


def test_a_hurdle_is_told_wherever_something_is_said_to_pay():
    case = made_case()
    case = replace(case, scenario=replace(case.scenario, hurdle_net_return=0.3))
    assert (
        "net return of 30% is asked of the next riyal: what a step is worth" in verdict_card(case, EN).lead
    )  # another amount than the plan's NPV
    assert "net return of 30%" in verdict_sentence(case.verdict, "USD", EN, hurdle_net_return=0.3)
    assert "net return" not in verdict_card(made_case(), EN).lead


def test_what_a_step_is_worth_is_over_the_horizon_and_beyond_unless_nothing_counts_after_it():
    case = made_case()
    for months, told in ((None, "over 36 months and beyond"), (24, "over 36 months and beyond"), (0, "over 36 months")):
        facts = verdict_facts(replace(case, scenario=replace(case.scenario, residual_value_months=months)), EN)
        assert facts[0].note.endswith(told)


def test_a_side_without_a_place_says_why_there_is_no_call():
    unplaced = replace(made_verdict(OPEN), reason="place_unclear")
    assert "A side is likely, a place is not" in verdict_sentence(unplaced, "USD", EN)
