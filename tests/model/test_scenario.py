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


def test_an_uplift_needs_spend_that_buys_it():
    with pytest.raises(ScenarioError, match="uplift_without_spend"):
        Scenario(investment_level_percent=100, retention_uplift_pp=1)
    with pytest.raises(ScenarioError, match="uplift_against_spend"):
        Scenario(investment_level_percent=80, retention_uplift_pp=1)
    assert Scenario(investment_level_percent=100, retention_uplift_pp=0.0)


def test_a_horizon_is_whole_months():
    with pytest.raises(ScenarioError, match="whole_months"):
        Scenario(horizon_months=12.5)
