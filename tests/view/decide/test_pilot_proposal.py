"""The pilot of an open verdict is told with what it costs and what it is worth, and one that is not worth it never as advice."""

from dataclasses import replace

import pytest

from cxroi.export.json.case import verdict_json
from cxroi.model.decision.verdict import Call
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.pilot_proposal import pilot_sentence
from cxroi.view.decide.verdict import verdict_card, verdict_sentence
from tests.made_case import made_case, made_verdict

EN = Text("en")
OPEN = made_verdict(Call.NOT_ENOUGH_EVIDENCE)
PILOT = OPEN.pilot


def test_an_open_verdict_names_the_pilot_its_cost_its_worth_and_its_chance_to_settle_it():
    sentence = verdict_sentence(OPEN, "USD", EN)
    for fact in ("4,200 customers in each of two groups", "(Consumer), 6 months", "at 150% of today's spend"):
        assert fact in sentence
    for fact in ("costs $79K", "worth $210K", "settles the verdict is 62%", "at least 42 of them"):
        assert fact in sentence


def test_a_pilot_that_costs_more_than_it_teaches_is_not_proposed():
    dear = replace(PILOT, cost=PILOT.worth + 1)
    said = pilot_sentence(dear, "USD", EN, instead="Take a safe step.")
    assert said.startswith("No pilot is worth its cost") and said.endswith("Take a safe step.")
    assert "4,200" not in said
    assert pilot_sentence(None, "USD", EN).startswith("No pilot could tell")


def test_what_else_is_measured_is_named_and_the_whole_company_has_its_name():
    said = pilot_sentence(replace(PILOT, outcomes=("margin", "churn"), segment="all"), "USD", EN)
    assert "Measure: margin per customer, retention." in said and "(the whole company)" in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", [{}, {"worth": 0.0}, {"outcomes": ("support",)}, {"customers_per_group": 11}])
def test_every_proposal_can_be_said_in_both_languages(change, language):
    assert pilot_sentence(replace(PILOT, **change), "SAR", Text(language))


def test_json_has_every_figure_of_the_pilot_and_none_for_a_verdict_that_is_settled():
    told = verdict_json(OPEN, "USD", EN)["pilot"]
    assert told["cost"] == "79000.00" and told["is_worth_its_cost"] and told["outcomes"] == ["churn"]
    assert verdict_json(made_verdict(), "USD", EN)["pilot"] is None


def test_a_verdict_searches_for_its_pilot_only_when_somebody_asks_and_only_once():
    asked = []
    verdict = replace(OPEN, find_pilot=lambda: asked.append(1) or PILOT)
    assert not asked and verdict == OPEN
    assert verdict.pilot is verdict.pilot is PILOT and asked == [1]
    assert verdict_card(made_case(Call.UNDER_INVESTED), EN).change
