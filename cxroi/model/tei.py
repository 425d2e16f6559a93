"""The plan as finance people know it from Total Economic Impact studies: initial cost, then costs and benefits by year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cxroi.model.economics import Economics
from cxroi.model.finance import TeiSummary, tei_summary
from cxroi.model.projection import Headcount
from cxroi.model.valuation import monthly_flows


def tei_of_plan(money: Economics, headcount: Headcount) -> TeiSummary:
    """Return the TEI table of a plan against today: means over the draws, years of twelve months, year-end discounting.

    The risk adjustments of the scenario are applied by the table itself. Discounting by year gives other present values
    than the month-end convention used everywhere else; both are right, and the table says which it is. A horizon that
    is no whole number of years ends with a short year.
    """
    scenario = money.scenario
    bare = replace(scenario, benefit_risk_adjustment_rate=0.0, cost_risk_adjustment_rate=0.0)
    net = _mean_flows(replace(money, scenario=bare), headcount)
    # Benefits adjusted down to nothing leave the costs alone in the flows.
    costs = -_mean_flows(replace(money, scenario=replace(bare, benefit_risk_adjustment_rate=1.0)), headcount)
    return tei_summary(
        float(costs[0]),
        _by_year(costs[1:]),
        _by_year(net[1:] + costs[1:]),
        scenario.annual_discount_rate,
        benefit_risk_adjustment_rate=scenario.benefit_risk_adjustment_rate,
        cost_risk_adjustment_rate=scenario.cost_risk_adjustment_rate,
    )


def _mean_flows(money: Economics, headcount: Headcount) -> NDArray[np.float64]:
    return monthly_flows(money, headcount).mean(axis=1)


def _by_year(flows: NDArray[np.float64]) -> list[float]:
    return [float(flows[start : start + 12].sum()) for start in range(0, flows.size, 12)]
