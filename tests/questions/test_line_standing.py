"""What a line brought and what more of it would bring lead to one advice, which cannot contradict either."""

from dataclasses import replace
from datetime import date
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from cxroi.model.assumption import Grade
from cxroi.model.response.realised import Initiative, PromiseStatus, Realised
from cxroi.model.response.shrinkage import Shrunk
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.line_evidence import REST
from cxroi.questions.line_standing import Advice, Brought, More, advise, brought_of, more_of, standings
from cxroi.questions.lines import LineCase, LineReport
from cxroi.questions.promises import Promise
from cxroi.text import LANGUAGES, Text
from tests.made_case import made_case

VERDICT = made_case().verdict
A, B, C, D = (Grade(one) for one in "ABCD")
KEEP, GROW, CUT, TEST = Advice.KEEP, Advice.GROW, Advice.CUT, Advice.TEST

# Every pair of findings: what was brought, then the advice where more pays, is enough, is too much, is open, cannot be told.
TABLE = {
    (Brought.PAID, C): (GROW, KEEP, CUT, KEEP, KEEP),
    (Brought.PAID, B): (GROW, KEEP, KEEP, KEEP, KEEP),
    (Brought.HELPED, D): (GROW, KEEP, CUT, KEEP, KEEP),
    (Brought.HELPED, A): (GROW, KEEP, KEEP, KEEP, KEEP),
    (Brought.OPEN, C): (GROW, KEEP, CUT, TEST, TEST),
    (Brought.NOTHING, C): (TEST, TEST, CUT, CUT, CUT),
    (Brought.NOTHING, D): (TEST, TEST, CUT, TEST, TEST),
    (Brought.UNKNOWN, None): (GROW, KEEP, CUT, TEST, TEST),
}


@pytest.mark.parametrize(("brought", "grade"), TABLE)
def test_both_findings_and_the_grade_decide(brought, grade):
    wanted = TABLE[brought, grade]
    order = (More.PAYS, More.ENOUGH, More.LESS, More.OPEN, More.UNKNOWN)
    assert tuple(advise(brought, more, grade)[0] for more in order) == wanted


def test_the_table_of_this_test_knows_every_finding():
    assert {brought for brought, _ in TABLE} == set(Brought)


def test_what_is_worth_having_is_never_ended_and_what_more_of_it_loses_never_grown():
    for brought, more, grade in product(Brought, More, [*Grade, None]):
        advice, _ = advise(brought, more, grade)
        assert not (more in (More.LESS, More.ENOUGH) and advice is GROW)
        assert not (brought is Brought.PAID and more is not More.LESS and advice is CUT)
        assert not (brought is Brought.NOTHING and advice in (KEEP, GROW))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_advice_and_its_reason_are_worded(language):
    text = Text(language)
    for brought, more, grade in product(Brought, More, [*Grade, None]):
        advice, reason = advise(brought, more, grade)
        assert text(f"where.advice.{advice}") and text(f"where.reason.{reason}")


def promise(*, helped=0.99, grade=C, earned=500.0, spent=100.0, name="calls"):
    found = Realised(
        initiative=Initiative(name=name, starts_on=np.datetime64("2025-01-01")),
        finding=PromiseStatus.NOT_STATED,
        grade=grade,
    )
    among = Shrunk(
        uplift_pp=Interval.known(1.0),
        value=Interval(low=earned / 2, mid=earned, high=2 * earned),
        probability_any=helped,
        kept_share=None,
    )
    return Promise(realised=found, spent=spent, budget=None, shrunk=among)


def test_what_was_brought_is_told_with_the_certainty_of_its_grade():
    assert brought_of(promise()) is Brought.PAID
    assert brought_of(promise(earned=50.0)) is Brought.HELPED and brought_of(promise(spent=None)) is Brought.HELPED
    assert brought_of(promise(helped=0.5)) is Brought.OPEN and brought_of(promise(helped=0.05)) is Brought.NOTHING
    assert brought_of(None) is Brought.UNKNOWN and brought_of(replace(promise(), shrunk=None)) is Brought.UNKNOWN
    assert brought_of(promise(helped=0.83, grade=B)) is Brought.PAID
    assert brought_of(promise(helped=0.83, grade=D)) is Brought.OPEN


def line(name="calls", call=None, *, reason="best_above", spend=10.0):
    verdict = None if call is None else replace(VERDICT, call=call, reason=reason)
    return LineCase(line=name, today_spend=spend, share=0.5, marginal_roi=None, verdict=verdict, health=())


def test_what_more_would_bring_is_the_verdict_and_what_failed_a_check_is_unknown():
    calls = SimpleNamespace(**{one.name: one for one in type(VERDICT.call)})
    assert more_of(line(call=calls.UNDER_INVESTED)) is More.PAYS
    assert more_of(line(call=calls.OVER_INVESTED)) is More.LESS
    assert more_of(line(call=calls.ABOUT_RIGHT)) is More.ENOUGH
    assert more_of(line(call=calls.NOT_ENOUGH_EVIDENCE, reason="direction_unclear")) is More.OPEN
    assert more_of(line(call=calls.NOT_ENOUGH_EVIDENCE, reason="placebo")) is More.UNKNOWN
    assert more_of(line()) is More.UNKNOWN and more_of(None) is More.UNKNOWN


def test_a_line_and_the_initiative_of_its_name_are_one_row_and_the_rest_stands_last():
    report = LineReport(
        by="initiative", labelled_share=1.0, next_unit=None, lines=(line("Calls"), line(REST), line("old", spend=0.0))
    )
    found = standings(report, (promise(name="calls"), promise(name="app")))
    assert [one.name for one in found] == ["Calls", "old", "app", REST]
    assert found[0].line is not None and found[0].promise is not None and found[0].advice is KEEP
    assert found[1].advice is None and found[3].advice is None and found[2].line is None
    assert standings(None, ()) == ()


def test_an_initiative_that_is_over_is_told_and_needs_no_decision():
    one = promise()
    over = replace(one.realised.initiative, ends_on=np.datetime64("2025-06-30"))
    one = replace(one, realised=replace(one.realised, initiative=over))
    told = [standings(None, (one,), as_of=day)[0].advice for day in (date(2025, 6, 29), date(2025, 6, 30))]
    assert told == [KEEP, None]
