"""A call that comes close to the probability it needs when something is left out is said to; the call itself stays what it is."""

from dataclasses import replace

import pytest

from cxroi.model.decision.health import Status
from cxroi.model.decision.robustness import Change, survival_check
from cxroi.model.decision.verdict import Call
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.health_words import advice, check_name
from cxroi.view.decide.survival import survival_line, survival_sentence
from tests.made_case import made_case

WITHOUT = tuple(Change(id="segments", facts=(("segment", name),)) for name in ("Homes", "Offices"))
OVER, OPEN = Call.OVER_INVESTED, Call.NOT_ENOUGH_EVIDENCE


def check(*below, call=OVER, needed=0.7):
    """Return the check of a call without each segment, where the best spend was below today's with these probabilities."""
    made = [
        (call if one >= needed else OPEN, {Call.OVER_INVESTED: one, Call.UNDER_INVESTED: round(1 - one, 6)})
        for one in below
    ]
    return survival_check("segments", call, WITHOUT, made, binding=True)


def test_far_from_the_threshold_nothing_is_said():
    for far in (check(0.97, 0.9), check(0.97, 0.4)):
        assert far.near is None
    assert check(0.97, 0.9).health.status is Status.PASS and check(0.97, 0.4).health.status is Status.FAIL


@pytest.mark.parametrize(("likely", "status"), [(0.74, Status.REVIEW), (0.70, Status.REVIEW), (0.66, Status.FAIL)])
def test_close_to_it_is_said_on_either_side_and_changes_no_call(likely, status):
    near = check(0.97, likely)
    assert (near.near.change, near.near.probability, near.near.needed) == (WITHOUT[1], likely, 0.7)
    assert near.health.status is status
    assert [one.became for one in near.lost] == ([OPEN] if likely < 0.7 else [])


def test_a_call_without_a_side_is_close_to_nothing():
    made = [(Call.ABOUT_RIGHT, {OVER: 0.7, Call.UNDER_INVESTED: 0.2})] * 2
    assert survival_check("segments", Call.ABOUT_RIGHT, WITHOUT, made, binding=True).near is None
    assert survival_check("horizon", OVER, WITHOUT, [(OVER, {})] * 2, binding=False).near is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_with_the_segment_and_both_probabilities(language):
    text, near = Text(language), check(0.97, 0.72)
    assert check_name(near.health.check, near.health.facts, text) == text("health.survives_segments.name")
    for words in (advice(near.health, text), survival_sentence(_case(near), text)):
        assert "Offices" in words and text.percent(0.72, 0) in words and text.percent(0.7, 0) in words
    (mark,) = survival_line(_case(near), text).marks
    assert mark.status == "survives" and mark.note


def test_one_that_is_lost_closely_is_told_as_both():
    (mark,) = survival_line(_case(check(0.97, 0.68)), Text("en")).marks
    assert mark.status == "changes" and "Not enough evidence" in mark.note and "68%" in mark.note


def _case(one):
    case = made_case()
    return replace(case, around=replace(case.around, survival=lambda: (one,)))
