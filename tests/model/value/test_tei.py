"""The Total Economic Impact table of a plan: its cash by year, nothing more and nothing less. The published tables: test_finance."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel, tei_view

PLAN = {"investment_level_percent": 140.0, "one_off_cost": 50_000.0, "support_cost_change_percent": -4.0}


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(Company(spend=1.0, n_segments=2, seed=5)).panel, data_version="v1")


def table_and_cash(evidence, **changes):
    """Return the table and the cash by month behind the cash flow chart, one-off cost first."""
    scenario = replace(default_scenario(evidence), **{**PLAN, **changes})
    return tei_view(evidence, scenario), np.diff(build_business_case(evidence, scenario).cash_flow.mid, prepend=0.0)


def test_each_column_is_the_cash_of_its_year_and_the_one_off_cost_stands_first(evidence):
    table, cash = table_and_cash(evidence)
    assert table.costs[0] == PLAN["one_off_cost"] and table.benefits[0] == 0
    years = [cash[0], *(cash[1 + 12 * year : 13 + 12 * year].sum() for year in range(3))]
    assert table.net_benefits == pytest.approx(years)
    assert table.total_net == pytest.approx(cash.sum())


def test_years_are_discounted_at_their_end_and_the_one_off_cost_not_at_all(evidence):
    table, _ = table_and_cash(evidence, annual_discount_rate=0.08)
    assert table.npv == pytest.approx(sum(net / 1.08**year for year, net in enumerate(table.net_benefits)))


def test_a_horizon_that_is_no_whole_number_of_years_ends_with_a_short_one(evidence):
    table, cash = table_and_cash(evidence, horizon_months=30)
    assert len(table.net_benefits) == 4
    assert table.net_benefits[-1] == pytest.approx(cash[25:].sum())


def test_risk_takes_a_share_off_every_benefit_and_adds_one_to_every_cost(evidence):
    plain, _ = table_and_cash(evidence)
    careful, cash = table_and_cash(evidence, benefit_risk_adjustment_rate=0.2, cost_risk_adjustment_rate=0.1)
    assert careful.benefits == pytest.approx([0.8 * benefit for benefit in plain.benefits])
    assert careful.costs == pytest.approx([1.1 * cost for cost in plain.costs])
    assert careful.total_net == pytest.approx(cash.sum())


def test_value_after_the_horizon_stays_out_of_the_table(evidence):
    assert table_and_cash(evidence, residual_value_months=60)[0] == table_and_cash(evidence)[0]
