"""The expected path of a plan: what is linear in it comes to the engine's own means, whatever is typed."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.response.channel import Channel
from cxroi.model.value.finance import all_irrs
from cxroi.questions import default_scenario, evidence_from_panel, tei_view
from cxroi.questions.plan import plan_of
from cxroi.questions.workbook import workbook_facts


@pytest.fixture(scope="module")
def evidence():
    company = Company(n_segments=2, n_months=24, spend=1.0, spend_variation=0.4, seed=3)
    return evidence_from_panel(simulate(company).panel, data_version="1-v", draws=256, survive=False)


SCENARIOS = [
    {},
    {"horizon_months": 24, "residual_value_months": 0, "investment_level_percent": 60.0},
    {"contribution_margin_rate": 0.3, "annual_discount_rate": 0.2, "new_customers_per_month": 100.0},
    {"first_quarters_percent": (110.0, 130.0), "investment_level_percent": 150.0, "one_off_cost": 1e5},
    {
        "first_quarters_percent": (110.0,) * 5,
        "investment_level_percent": 130.0,
        "horizon_months": 12,
        "retention_uplift_pp": 1.0,
    },
    {
        "investment_level_percent": 125.0,
        "retention_uplift_pp": 1.5,
        "spend_uplift_percent": 1.0,
        "support_cost_change_percent": -5.0,
        "referral_share_of_benefit": 0.03,
        "staff_attrition_saving_per_year": 2e4,
        "benefit_risk_adjustment_rate": 0.1,
        "cost_risk_adjustment_rate": 0.2,
    },
]


@pytest.mark.parametrize("changes", SCENARIOS, ids=lambda changes: " ".join(changes) or "default")
def test_the_cash_of_the_expected_path_is_the_mean_of_all_paths(evidence, changes):
    scenario = replace(default_scenario(evidence), **changes)
    facts, plan = workbook_facts(evidence, scenario), plan_of(evidence, scenario)
    cash, months = facts.cash, scenario.horizon_months
    assert cash.present == pytest.approx([one.mean() for one in plan.valuation.of_plan], rel=1e-9, abs=1e-6)
    mean = plan.flows.mean(axis=1)
    assert np.allclose(cash.flows[: months + 1], mean, rtol=1e-9, atol=1e-9 * np.abs(mean).max())
    assert not cash.flows[months + 1 :].any()
    table = tei_view(evidence, scenario)
    assert cash.tei.npv == pytest.approx(table.npv, rel=1e-9)
    assert (cash.tei.payback_months or -1.0) == pytest.approx(table.payback_months or -1.0, rel=1e-9)


def test_at_the_rate_of_return_nothing_is_left_and_no_other_rate_is_nearer_to_zero(evidence):
    cash = workbook_facts(evidence, replace(default_scenario(evidence), one_off_cost=2e5)).cash
    monthly = (1 + cash.irr) ** (1 / 12) - 1
    left = cash.with_residual @ (1 + monthly) ** -np.arange(cash.with_residual.size)
    assert abs(left) < 1e-6 * np.abs(cash.with_residual).max()
    assert monthly == pytest.approx(min(all_irrs(cash.with_residual.tolist()), key=abs), rel=1e-6)


def test_a_plan_that_does_not_last_leaves_fewer_customers_the_longer_one_looks(evidence):
    facts = workbook_facts(evidence, default_scenario(evidence))
    for own, brought in facts.cash.months.run_off.values():
        assert (np.diff(np.abs(own).sum(axis=1)) <= 0).all() and (np.diff(brought.sum(axis=1)) <= 0).all()


def test_only_the_plan_s_own_level_can_be_followed_where_an_uplift_is_typed(evidence):
    typed = replace(default_scenario(evidence), investment_level_percent=125.0, retention_uplift_pp=1.0)
    assert list(workbook_facts(evidence, typed).levels) == [125.0]


def test_what_is_in_doubt_is_known_and_does_not_count(evidence):
    facts = workbook_facts(evidence, default_scenario(evidence))
    assert set(facts.in_doubt) <= set(facts.known) <= set(Channel)
    assert set(facts.in_doubt) == set(facts.cash.money.without)
