"""A scenario is inside its ranges and does not contradict itself, or it is refused with what is wrong."""

import math

import pytest

from cxroi.errors import ScenarioError
from cxroi.model.scenario import RANGES, Scenario
from cxroi.text import Text


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("value", [math.nan, math.inf, -1e300, 1e300, "12", True])
def test_every_assumption_refuses_what_is_not_a_number_in_its_range(name, value):
    with pytest.raises(ScenarioError) as caught:
        Scenario(**{name: value})
    assert caught.value.facts["name"] == name and Text("ar").error(caught.value)


@pytest.mark.parametrize("name", RANGES)
def test_the_ends_of_every_range_are_allowed(name):
    for end in RANGES[name]:
        assert getattr(Scenario(**{name: end}), name) == end


def test_an_uplift_may_be_typed_at_any_level_as_a_better_process_needs_no_spend():
    for level in (80, 100, 150):
        for uplift in (-1.0, 0.0, 1.0):
            assert Scenario(investment_level_percent=level, retention_uplift_pp=uplift)


def test_what_comes_with_a_plan_is_set_aside_for_the_verdict_and_prices_stay():
    plan = Scenario(
        investment_level_percent=150,
        retention_uplift_pp=1.0,
        support_cost_change_percent=-5.0,
        spend_uplift_percent=2.0,
        one_off_cost=1e6,
        horizon_months=24,
        hurdle_net_return=0.2,
        residual_value_months=0,
    )
    assert plan.without_plan == Scenario(horizon_months=24, hurdle_net_return=0.2, residual_value_months=0)


def test_a_horizon_is_whole_months():
    with pytest.raises(ScenarioError, match="whole_months"):
        Scenario(horizon_months=12.5)
