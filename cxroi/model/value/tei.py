"""The plan as finance people know it from Total Economic Impact studies: initial cost, then costs and benefits by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.value.economics import Economics
from cxroi.model.value.finance import checked_flows, npv, payback, roi
from cxroi.model.value.projection import Headcount
from cxroi.model.value.valuation import monthly_flows


@dataclass(frozen=True, kw_only=True)
class TeiSummary:
    """A business case by year, the initial column first; risk-adjusted money; `roi` is None where nothing is spent."""

    rate: float
    costs: tuple[float, ...]
    benefits: tuple[float, ...]
    net_benefits: tuple[float, ...]
    total_costs: float
    total_benefits: float
    total_net: float
    pv_costs: float
    pv_benefits: float
    npv: float
    roi: float | None
    payback_months: float | None


def tei_summary(
    initial_cost: float,
    annual_costs: Sequence[float],
    annual_benefits: Sequence[float],
    rate: float,
    *,
    benefit_risk_adjustment_rate: float = 0.0,
    cost_risk_adjustment_rate: float = 0.0,
) -> TeiSummary:
    """Return the Total Economic Impact table: the initial cost undiscounted, each year discounted at its end.

    Costs are positive money. Benefits go down and costs up by their risk adjustments (shares, 0..1) before anything
    is added. Payback is simple (undiscounted), the last return to zero, interpolated inside the year, in months. Source: Forrester, The Total
    Economic Impact methodology.

    >>> case = tei_summary(53150, [666715, 636772, 647783], [1606511, 3061331, 4229760], 0.10)
    >>> round(case.npv), round(case.roi, 2), round(case.payback_months, 1)
    (5496170, 3.29, 0.7)
    """
    if len(annual_costs) != len(annual_benefits):
        raise ModelError("finance.lengths", first=len(annual_costs), second=len(annual_benefits))
    down = _share(benefit_risk_adjustment_rate, "benefit_risk_adjustment_rate")
    up = _share(cost_risk_adjustment_rate, "cost_risk_adjustment_rate")
    costs = checked_flows([initial_cost, *annual_costs]) * (1 + up)
    benefits = checked_flows([0.0, *annual_benefits]) * (1 - down)
    net = benefits - costs
    pv_costs, pv_benefits = npv(rate, costs.tolist()), npv(rate, benefits.tolist())
    years = payback(net.tolist())
    return TeiSummary(
        rate=rate,
        costs=tuple(costs.tolist()),
        benefits=tuple(benefits.tolist()),
        net_benefits=tuple(net.tolist()),
        total_costs=float(costs.sum()),
        total_benefits=float(benefits.sum()),
        total_net=float(net.sum()),
        pv_costs=pv_costs,
        pv_benefits=pv_benefits,
        npv=pv_benefits - pv_costs,
        roi=roi(pv_benefits, pv_costs),
        payback_months=None if years is None else 12 * years,
    )


def _share(rate: float, name: str) -> float:
    if not 0 <= rate <= 1:
        raise ModelError("finance.share", name=name, value=str(rate))
    return float(rate)


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
