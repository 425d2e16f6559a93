"""A plan that gets to its level in steps: at the identities where it is a level held, at its limits, and in its direction."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.errors import ScenarioError
from cxroi.model.response.shape import carry_over
from cxroi.model.scenario import MOST_QUARTERS, Scenario
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel, tei_view
from cxroi.questions.plan import plan_of

COMPANY = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)
LEVERS = {
    "support_cost_change_percent": -10.0,
    "spend_uplift_percent": 2.0,
    "staff_attrition_saving_per_year": 1e5,
    "one_off_cost": 2e5,
    "benefit_risk_adjustment_rate": 0.1,
    "cost_risk_adjustment_rate": 0.2,
}


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(COMPANY).panel, data_version="v1", survive=False)


def planned(evidence, *first, **changes):
    scenario = replace(default_scenario(evidence), investment_level_percent=160.0, **changes)
    return build_business_case(evidence, replace(scenario, first_quarters_percent=first))


def test_carried_spend_of_a_course_is_that_of_a_level_held_where_every_month_has_it(evidence):
    curves = evidence.posterior
    assert curves.carried(np.full(24, 140.0), 24) == pytest.approx(curves.carried(140.0, 24), rel=1e-12)
    steps = np.repeat([110.0, 130.0, 160.0], [3, 3, 6])
    by_hand = carry_over(np.concatenate([[1.0], steps / 100]), curves.carryover_rate)[:, 1:]
    assert curves.carried(steps, 12) == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize("changes", [{}, LEVERS, {"retention_uplift_pp": 2.5}, {**LEVERS, "retention_uplift_pp": 2.5}])
def test_steps_that_are_the_plans_own_level_change_nothing(evidence, changes):
    held, stepped = planned(evidence, **changes), planned(evidence, 160.0, 160.0, **changes)
    assert held.outcome == stepped.outcome and held.waterfall == stepped.waterfall


@pytest.mark.parametrize("changes", [{}, LEVERS, {"retention_uplift_pp": 2.5}, {**LEVERS, "retention_uplift_pp": 2.5}])
def test_steps_a_hair_from_the_plans_level_change_next_to_nothing(evidence, changes):
    held, stepped = planned(evidence, **changes), planned(evidence, 160.0 - 1e-7, **changes)
    for name in ("benefit", "cost", "npv", "payback_months", "plan_uplift_pp", "break_even_uplift_pp"):
        here, there = getattr(held.outcome, name), getattr(stepped.outcome, name)
        assert (here is None) == (there is None)
        if here is not None:
            middles = (here.mid, there.mid) if hasattr(here, "mid") else (here, there)
            assert middles[1] == pytest.approx(middles[0], rel=1e-5)
    assert stepped.cash_flow.mid == pytest.approx(held.cash_flow.mid, rel=1e-5, abs=1.0)


def test_a_plan_that_stays_at_today_for_the_whole_horizon_is_today(evidence):
    waiting = planned(evidence, *[100.0] * 12)
    assert waiting.outcome.npv.mid == pytest.approx(0.0, abs=1e-3)
    assert waiting.cash_flow.mid == pytest.approx(0.0, abs=1e-3)


def test_the_first_quarter_is_that_of_a_plan_held_at_its_level(evidence):
    stepped = planned(evidence, 120.0)
    held = build_business_case(evidence, replace(default_scenario(evidence), investment_level_percent=120.0))
    assert stepped.cash_flow.mid[:4] == pytest.approx(held.cash_flow.mid[:4], rel=1e-9)


def test_steps_on_the_way_up_cost_less_and_bring_less(evidence):
    held, stepped = planned(evidence), planned(evidence, 115.0, 140.0)
    assert stepped.outcome.cost.mid < held.outcome.cost.mid
    assert stepped.outcome.benefit.mid < held.outcome.benefit.mid
    assert stepped.outcome.plan_uplift_pp == held.outcome.plan_uplift_pp, "in the long run the plan is the same"
    assert stepped.verdict == held.verdict, "what comes with a plan never moves the verdict"


@pytest.mark.parametrize("changes", [{}, LEVERS, {**LEVERS, "retention_uplift_pp": 2.5}])
def test_the_steps_of_the_waterfall_and_the_cash_by_month_add_up_to_the_plan(evidence, changes):
    case = planned(evidence, 115.0, 140.0, residual_value_months=0, **changes)
    assert sum(step.amount for step in case.waterfall if not step.is_total) == pytest.approx(case.outcome.npv.mid)
    plan = plan_of(evidence, case.asked)
    worth = plan.flows.mean(axis=1) @ np.concatenate([[1.0], plan.table.discount])
    assert worth == pytest.approx(case.outcome.npv.mid, rel=1e-9)
    table = tei_view(evidence, case.asked)
    assert table.total_net == pytest.approx(float(plan.flows.mean(axis=1).sum()), rel=1e-9)


def test_the_break_even_of_a_stepped_plan_leaves_nothing(evidence):
    found = planned(evidence, 115.0, 140.0).outcome.break_even_uplift_pp
    typed = planned(evidence, 115.0, 140.0, retention_uplift_pp=round(found, 3))
    assert abs(typed.outcome.npv.mid) < 0.05 * typed.outcome.cost.mid


@pytest.mark.parametrize("levels", [(301.0,), (-1.0,), (float("nan"),), (100.0,) * (MOST_QUARTERS + 1)])
def test_levels_that_cannot_be_are_refused(levels):
    with pytest.raises(ScenarioError):
        Scenario(first_quarters_percent=levels)
