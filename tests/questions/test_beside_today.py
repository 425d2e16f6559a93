"""What stands beside today on the What-if page is worked out here, not where it is worded."""

from dataclasses import replace

import pytest

from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import beside_today
from tests.made_case import made_case


def test_a_plan_moves_spend_by_its_level_support_by_its_change_and_retention_by_its_uplift():
    case = made_case()
    plan = {"investment_level_percent": 140.0, "support_cost_change_percent": -10.0}
    case = replace(case, scenario=replace(case.scenario, **plan))
    whole, uplift, beside = case.baseline.whole, case.outcome.plan_uplift_pp, beside_today(case)
    assert beside.spend == (whole.cx_spend_per_month, pytest.approx(whole.cx_spend_per_month * 1.4))
    cost = whole.support_cost_per_customer_month
    assert beside.support == (cost, pytest.approx(cost * 0.9))
    today, planned = beside.stay
    assert today == whole.annual_retention_rate
    assert [getattr(planned, end) - today.mid for end in ("low", "mid", "high")] == pytest.approx(
        [uplift.low / 100, uplift.mid / 100, uplift.high / 100]
    )


def test_without_a_level_the_plan_spends_what_is_spent_today():
    case = made_case()
    case = replace(case, scenario=replace(case.scenario, investment_level_percent=None))
    assert case.level_percent == 100 and beside_today(case).spend[0] == beside_today(case).spend[1]


@pytest.mark.parametrize(("today", "percent"), [(200.0, (50.0, 100.0, 150.0)), (0.0, (0.0, 0.0, 0.0))])
def test_the_best_spend_is_told_in_percent_of_todays_where_there_is_any(today, percent):
    best = Interval(low=100.0, mid=200.0, high=300.0)
    found = replace(made_case().verdict, optimum_spend=best, today_spend=today).optimum_percent
    assert (found.low, found.mid, found.high) == percent
