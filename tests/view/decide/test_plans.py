"""Plans stand in the order of what they spend, on one line of money, and teach what a safer one keeps."""

from dataclasses import replace

import pytest

from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.sweep import stop_of_case
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.plans import plan_table
from tests.made_case import made_case

EN = Text("en")
CASE = made_case()
PLAN = stop_of_case(CASE)


def plan(level, npv, loss, **changes):
    figures = replace(PLAN.figures, npv=npv, probability_of_loss=loss, **changes)
    return replace(PLAN, level_percent=level, figures=figures)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_stand_in_the_order_of_what_they_spend_and_the_one_under_the_hand_is_marked(language):
    text = Text(language)
    kept = (
        ("A", plan(110.0, Interval(low=0.1e6, mid=0.4e6, high=0.7e6), 0.08)),
        ("B", plan(60.0, Interval.known(-1e6), 0.9)),
    )
    table = plan_table(CASE, PLAN, kept, None, text)
    names = [row.name for row in table.rows]
    assert names == [
        text("page.what_if.plans.saved", letter="B"),
        text("page.what_if.plans.today"),
        text("page.what_if.plans.saved", letter="A"),
        text("page.what_if.plans.this"),
    ]
    assert [row.chosen for row in table.rows] == [False, False, False, True]
    assert len(table.headings) == 6


def test_every_range_is_drawn_on_the_same_line_with_nothing_in_its_middle():
    kept = (("A", plan(110.0, Interval(low=-9e6, mid=1e6, high=3e6), 0.3)),)
    bars = [row.bar for row in plan_table(CASE, PLAN, kept, None, EN).rows]
    assert {bar.zero for bar in bars} == {0.5}
    assert all(0 <= bar.low <= bar.mid <= bar.high <= 1 for bar in bars)


def test_a_safer_plan_that_keeps_most_of_the_worth_is_the_finding():
    risky = plan(150.0, Interval(low=-1e6, mid=2e6, high=5e6), 0.2)
    safe = plan(110.0, Interval(low=0.2e6, mid=1.4e6, high=2.5e6), 0.05)
    title = plan_table(CASE, risky, (), safe, EN).title
    assert title == EN("page.what_if.plans.title_safer", name="The safe step", share="70%", loss="5%", plan_loss="20%")
    for other in (plan(110.0, safe.figures.npv, 0.19), plan(110.0, Interval.known(0.5e6), 0.05), None):
        assert plan_table(CASE, risky, (), other, EN).title == EN("page.what_if.plans.title")


def test_a_plan_that_is_not_paid_back_says_how_likely_it_is_and_a_cut_has_nothing_to_pay_back():
    late = plan(150.0, PLAN.figures.npv, 0.1, payback_months=None, probability_of_payback=0.32)
    cut = plan(80.0, PLAN.figures.npv, 0.1, cost=Interval.known(-1.0))
    rows = {row.name: row.paid for row in plan_table(CASE, late, (("A", cut),), None, EN).rows}
    assert rows["This plan"] == "not within 36 months (32%)"
    assert rows["Plan A"] == EN("decide.no_cost")
