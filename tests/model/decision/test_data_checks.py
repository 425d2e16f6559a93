"""What the data themselves must be before a verdict: today is a usual year, and somebody leaves."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.company.baseline import measure_baseline
from cxroi.model.decision.data_checks import data_checks
from cxroi.model.decision.health import Status
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.health_words import advice

PASS, REVIEW, FAIL = Status.PASS, Status.REVIEW, Status.FAIL
CLEAN = Company(customers=60_000, spend_variation=0.4, seed=3)
PANEL = simulate(CLEAN).panel
MONEY = ("cx_spend", "revenue", "contribution_margin", "support_cost")


def checks(panel):
    return {check.check: check for check in data_checks(panel, measure_baseline(panel))}


def changed(factor, column="cx_spend", segment=1, month=-1, panel=PANEL):
    cells = getattr(panel, column).copy()
    cells[segment, month] *= factor
    return replace(panel, **{column: cells})


def cells(check):
    return dict(check.facts)["cells"]


def test_a_usual_year_in_which_customers_leave_passes():
    assert {check.status for check in checks(PANEL).values()} == {PASS}
    assert set(checks(PANEL)) == {"today_is_typical", "somebody_leaves"}


@pytest.mark.parametrize("month", [-1, -6, -12])
@pytest.mark.parametrize("column", MONEY)
def test_one_month_that_makes_the_year_fails_and_is_named(column, month):
    check = checks(changed(40, column, month=month))["today_is_typical"]
    assert check.status is FAIL and check.threshold == 0.25
    assert check.measure > 1
    (cell,) = cells(check)
    assert cell[:3] == (column, PANEL.segments[1], str(PANEL.months[month]))
    assert cell[3] > 4


def test_months_before_the_trailing_year_do_not_set_what_today_is():
    assert checks(changed(40, month=-13))["today_is_typical"].status is PASS


@pytest.mark.parametrize("factor", [0.0, 0.1, -3.0])
def test_a_month_far_below_the_usual_is_looked_at(factor):
    check = checks(changed(factor))["today_is_typical"]
    assert check.status is (FAIL if factor < -1 else REVIEW) and cells(check)[0][0] == "cx_spend"


def test_a_small_segment_is_looked_at_and_does_not_stop_the_company():
    small = PANEL.customers_at_start * np.array([[1.0], [0.01], [1.0], [1.0]])
    money = {name: getattr(PANEL, name) * np.array([[1.0], [0.01], [1.0], [1.0]]) for name in MONEY}
    panel = replace(PANEL, customers_at_start=small, customers_lost=PANEL.customers_lost * 0.01, **money)
    assert checks(changed(8, panel=panel))["today_is_typical"].status is REVIEW
    assert checks(changed(8000, panel=panel))["today_is_typical"].status is FAIL  # now it moves the whole


def test_growth_is_no_unusual_month():
    growth = 1.3 ** np.arange(PANEL.months.size)
    grown = {name: getattr(PANEL, name) * growth for name in ("customers_at_start", "customers_lost", *MONEY)}
    assert checks(replace(PANEL, **grown))["today_is_typical"].status is PASS


def test_a_segment_without_spend_and_a_short_history_say_nothing():
    nothing = changed(0.0, month=slice(None))
    assert checks(nothing)["today_is_typical"].status is PASS
    few = simulate(replace(CLEAN, n_months=3)).panel
    assert checks(changed(40, panel=few))["today_is_typical"].status is PASS


def test_a_lone_month_of_spend_in_a_year_without_any_is_the_whole_of_today():
    whole = PANEL.whole
    spend = whole.cx_spend.copy()
    spend[0, -12:-1] = 0.0
    check = checks(replace(whole, cx_spend=spend))["today_is_typical"]
    assert check.status is FAIL and cells(check)[0] == ("cx_spend", "all", str(whole.months[-1]), np.inf)
    assert "none" in advice(check, Text("en"))


def test_what_comes_every_year_is_usual():
    spend = PANEL.cx_spend.copy()
    spend[1, -4] *= 10
    assert checks(replace(PANEL, cx_spend=spend))["today_is_typical"].status is FAIL
    spend[1, -16] *= 10
    assert checks(replace(PANEL, cx_spend=spend))["today_is_typical"].status is PASS


@pytest.mark.parametrize("month", [-1, -6])
def test_a_month_of_losses_unlike_the_others_is_looked_at_and_stops_nothing(month):
    check = checks(changed(10, "customers_lost", month=month))["today_is_typical"]
    assert check.status is REVIEW and check.measure > 0.25
    assert cells(check)[0][:3] == ("customers_lost", PANEL.segments[1], str(PANEL.months[month]))
    for language in LANGUAGES:
        assert Text(language)("column.customers_lost") in advice(check, Text(language))


def test_few_losses_that_come_in_lumps_are_chance():
    few = np.zeros_like(PANEL.customers_lost)
    few[:, ::3] = 8.0
    assert checks(replace(PANEL, customers_lost=few))["today_is_typical"].status is PASS


def test_a_level_that_lasts_is_looked_at_since_no_month_alone_makes_the_year():
    check = checks(changed(5, "revenue", month=slice(-3, None)))["today_is_typical"]
    assert check.status is REVIEW and len(cells(check)) == 3


def test_nobody_who_ever_leaves_fails():
    stays = replace(PANEL, customers_lost=PANEL.customers_lost * 0)
    check = checks(stays)["somebody_leaves"]
    assert check.status is FAIL and check.measure == 0
    early = PANEL.customers_lost.copy()
    early[:, 1:] = 0  # and months that are not complete do not count
    flags = PANEL.complete_months.copy()
    flags[0] = False
    assert checks(replace(PANEL, customers_lost=early, complete_months=flags))["somebody_leaves"].status is FAIL
    early[0, 5] = 1
    assert checks(replace(PANEL, customers_lost=early, complete_months=flags))["somebody_leaves"].status is PASS


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_check_says_in_words_what_was_found_and_what_to_do(language):
    text = Text(language)
    for panel in (changed(40), changed(0.0), replace(PANEL, customers_lost=PANEL.customers_lost * 0)):
        for check in checks(panel).values():
            assert text(f"health.{check.check}.name") and text(f"health.{check.check}.measures")
            if check.status is not PASS:
                said = advice(check, text)
                assert "{" not in said and len(said) > 40
                if check.check == "today_is_typical":
                    assert PANEL.segments[1] in said and text("column.cx_spend") in said
    assert "3" in advice(checks(changed(40))["today_is_typical"], text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_margin_that_was_not_given_is_asked_for(language):
    said = Text(language)("health.margin_is_revenue.advice_review")
    assert "contribution_margin" in said or "What-if" in said or "ماذا لو" in said
