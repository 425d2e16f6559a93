"""The fast projection against a plain one: one cube of draws by segments by months, a loop over months, nothing clever."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel

PLANS = {
    "more spend": {"investment_level_percent": 137.0},
    "no spend": {"investment_level_percent": 0.0},
    "everything at once": {
        "investment_level_percent": 150.0,
        "one_off_cost": 1e5,
        "support_cost_change_percent": -5.0,
        "spend_uplift_percent": 1.0,
        "referral_share_of_benefit": 0.05,
        "staff_attrition_saving_per_year": 2e4,
        "benefit_risk_adjustment_rate": 0.1,
        "cost_risk_adjustment_rate": 0.2,
        "horizon_months": 29,
    },
    "typed support, the rest as found": {
        "investment_level_percent": 160.0,
        "support_cost_change_percent": 3.0,
        "residual_value_months": 20,
    },
}


@pytest.fixture(scope="module")
def evidence():
    company = Company(spend=1.0, customers=60_000, n_segments=3, spend_variation=0.4, drift_spread=0.01, seed=5)
    return evidence_from_panel(simulate(company).panel, data_version="v1")


def cube(evidence, level, months, scenario):
    """Return customers (draws, segments, months) when spend is held at a level."""
    future, baseline = evidence.future, evidence.baseline
    r = level + (1 - level) * future.response.carryover_rate[:, None] ** np.arange(1, months + 1)
    gain = future.response.gains(r) - future.response.gains(1.0)[:, None]
    hazard = future.churn[:, :, None] * np.exp(-future.strength[:, :, None] * gain[:, None, :])
    now = np.array([[one.customers for one in baseline.segments]])
    joins = np.array([[one.joins_per_month for one in baseline.segments]])
    more = moved(evidence, "joins", level, months, scenario)
    out = []
    for month in range(months):
        now = now * np.maximum(1 - hazard[:, :, month], 0) + joins * np.exp(more[:, :, month])
        out.append(now)
    return np.stack(out, axis=2)


TYPED = {
    "margin": "spend_uplift_percent", "support": "support_cost_change_percent", "joins": "referral_share_of_benefit"
}  # fmt: skip


def moved(evidence, name, level, months, scenario):
    """Return by how much a level moves the log of a channel for the good, (draws, segments, months); not where one is typed."""
    if getattr(scenario, TYPED[name]) is not None:
        return np.zeros((1, 1, months))
    one = next(one for one in evidence.future.channels if one.channel == name)
    r = level + (1 - level) * one.carryover_rate[:, None] ** np.arange(1, months + 1)
    return one.strength[:, :, None] * (one.gains(r) - one.gains(1.0)[:, None])[:, None, :]


def plain_flows(evidence, scenario):
    """Return the monthly net cash of a plan against today, (draws, months + 1)."""
    level, months = scenario.investment_level_percent / 100, scenario.horizon_months

    def column(name):
        return np.array([getattr(one, name) for one in evidence.baseline.segments])[None, :, None]

    margin, support = column("contribution_margin_per_customer_month"), column("support_cost_per_customer_month")
    spend = column("cx_spend_per_customer_month")
    plan, today = cube(evidence, level, months, scenario), cube(evidence, 1.0, months, scenario)
    dearer, cheaper = (moved(evidence, name, level, months, scenario) for name in ("margin", "support"))
    benefit = margin * (1 + (scenario.referral_share_of_benefit or 0)) * (plan * np.exp(dearer) - today)
    benefit = benefit - support * (plan * np.exp(-cheaper) - today)
    benefit = benefit + (scenario.spend_uplift_percent or 0) / 100 * margin * plan
    benefit = benefit - (scenario.support_cost_change_percent or 0) / 100 * support * plan
    benefit = benefit.sum(axis=1) + scenario.staff_attrition_saving_per_year / 12
    cost = (spend * (level * plan - today)).sum(axis=1)
    up, down = 1 - scenario.benefit_risk_adjustment_rate, 1 + scenario.cost_risk_adjustment_rate
    start = np.full((len(plan), 1), -down * scenario.one_off_cost)
    return np.hstack([start, up * benefit - down * cost])


def plain_life(evidence, scenario, rate):
    """Return what the customers whom the plan adds are worth after the horizon, (draws,): month by month, at today's churn and spend."""
    level, months = scenario.investment_level_percent / 100, scenario.horizon_months
    more = (cube(evidence, level, months, scenario) - cube(evidence, 1.0, months, scenario))[:, :, -1]
    worth = 0.0
    for s, one in enumerate(evidence.baseline.segments):
        q = (1 - one.monthly_churn_rate.mid) / rate
        life = min(60, round(np.log(0.05) / np.log(q)))
        life = life if scenario.residual_value_months is None else scenario.residual_value_months
        each = one.contribution_margin_per_customer_month - one.support_cost_per_customer_month
        each -= one.cx_spend_per_customer_month
        kept = (1 - evidence.future.churn[:, s, None]) ** np.arange(1, life + 1)
        factors = rate ** -np.arange(months + 1.0, months + life + 1)
        worth = worth + each * more[:, s] * (kept @ factors)
    return (1 - scenario.benefit_risk_adjustment_rate) * worth


@pytest.mark.parametrize("changes", PLANS.values(), ids=PLANS)
def test_a_case_is_worth_what_a_plain_cube_of_months_says(evidence, changes):
    scenario = replace(default_scenario(evidence), **changes)
    case, flows = build_business_case(evidence, scenario), plain_flows(evidence, scenario)
    rate = (1 + scenario.annual_discount_rate) ** (1 / 12)
    npv = flows @ rate ** -np.arange(scenario.horizon_months + 1.0) + plain_life(evidence, scenario, rate)
    assert case.outcome.npv.mid == pytest.approx(npv.mean(), rel=1e-9)
    assert case.outcome.npv.low == pytest.approx(np.quantile(npv, 0.05), rel=1e-9)
    assert case.outcome.npv.high == pytest.approx(np.quantile(npv, 0.95), rel=1e-9)
    assert case.outcome.probability_of_loss == (npv < 0).mean()
    np.testing.assert_allclose(case.cash_flow.mid, np.cumsum(flows.mean(axis=0)), rtol=1e-9)


def test_the_curve_is_the_plan_moved_along_the_levels(evidence):
    curve = build_business_case(evidence, replace(default_scenario(evidence), investment_level_percent=137.0)).curve
    for level in (20.0, 100.0, 260.0):
        plan = replace(default_scenario(evidence), investment_level_percent=level)
        found = build_business_case(evidence, plan).outcome.npv.mid
        assert curve.mid[curve.level_percent == level][0] == pytest.approx(found, rel=1e-9, abs=1e-6)


def test_segments_are_worked_out_only_when_somebody_looks(evidence, monkeypatch):
    case = build_business_case(evidence, default_scenario(evidence))
    asked = []
    monkeypatch.setattr("cxroi.questions.case.plan_of", lambda *question: asked.append(question))
    assert len(case.segments) == 3 and not asked
    monkeypatch.undo()
    assert [one.segment for one in case.segments] == [one.segment for one in evidence.baseline.segments]
