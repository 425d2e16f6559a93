"""The findings that stand over the pictures of a plan's cash and of its steps, true for a cut as for a raise."""

from __future__ import annotations

import numpy as np

from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import CashFlow
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.figure import deserved_step, money, months_range, probability

_COSTS = ("cost_to_serve", "plan_cost", "one_off_cost")  # steps of the waterfall that take away unless spend is cut
_MUCH_LATER = 0.1  # of the revenue kept: from where on what comes after the horizon is said beside it


def cash_finding(case: BusinessCase, text: Text) -> str:
    """Return what the cash of a plan does: paid back or not, saved, or saved first and lost later."""
    paid, flow = case.outcome.payback_months, case.cash_flow
    last = int(flow.month[-1])
    if not np.any(flow.mid):
        return text("chart.cash_flow.title_today")
    if paid is not None and paid.mid <= last:
        chance = probability(case.outcome.probability_of_payback, text)
        return text("chart.cash_flow.title_paid", months=months_range(paid, text), probability=chance)
    facts = {
        "amount": money(abs(_rounded(flow)), case.currency, text),
        "horizon": text.months(last),
        "last": text.number(last, 0),
    }
    ahead = months_ahead(flow)
    if flow.mid[-1] >= 0:
        kind = "title_saves" if np.all(flow.mid >= 0) else "title_saves_late"
    elif ahead:
        kind, facts["ahead"] = "title_saves_first", text.months(ahead)
    else:
        kind = "title_not_paid" if case.outcome.cost.mid > 0 else "title_costs"
    return text(f"chart.cash_flow.{kind}", **facts)


def months_ahead(flow: CashFlow) -> int:
    """Return until which month the sum of a plan's cash is above zero from its first month on; 0 where it begins with a cost."""
    moved = np.flatnonzero(flow.mid)
    if not moved.size or flow.mid[moved[0]] < 0:
        return 0
    behind = np.flatnonzero(flow.mid < 0)
    return int(flow.month[behind[0] - 1] if behind.size else flow.month[-1])


def _rounded(flow: CashFlow) -> float:
    """Return the last sum of cash, rounded to what its range deserves."""
    low, mid, high = (float(line[-1]) for line in (flow.low, flow.mid, flow.high))
    step = deserved_step(Interval(low=low, mid=mid, high=high))
    return round(mid / step) * step


def step_name(name: str, amount: float, text: Text) -> str:
    """Return what a step of the waterfall is called: revenue that goes is lost, spend that is cut is saved."""
    turned = amount > 0 if name in _COSTS else amount < 0
    id = f"waterfall.turned.{name}"
    return text(id) if turned and text.has(id) else text(f"waterfall.{name}")


def steps_finding(case: BusinessCase, text: Text) -> str:
    """Return what the steps of a plan come to: what it brings or loses, what it costs or saves, what is left."""
    amount = {step.name: step.amount for step in case.waterfall}
    gross, later, net, benefit = (amount.get(name, 0.0) for name in ("gross_claim", "residual_value", "npv", "benefit"))
    cost = amount.get("plan_cost", 0.0) + amount.get("one_off_cost", 0.0)
    if not any(amount.values()):
        return text("chart.waterfall.title_none")
    told = {"gross": gross, "later": later, "benefit": abs(benefit), "cost": abs(cost)}
    facts = {name: shared_money(value, case, text) for name, value in told.items()}
    if cost > 0:
        kind = "title_less" if benefit < 0 else "title_less_and_more"
    elif benefit < 0:
        kind = "title_worse"
    elif benefit == 0:
        kind = "title_only_costs"
    elif gross <= 0:
        kind = "title_benefit"
    else:
        kind = "title_later" if later > _MUCH_LATER * gross else "title"
        kind += "" if net > 0 else "_lost"
    return text(f"chart.waterfall.{kind}", net=net_money(case, net, text), **facts)


def shared_money(amount: float, case: BusinessCase, text: Text, *, currency: bool = True) -> str:
    """Return a part of the plan's net value, rounded as that value deserves; to two figures where that would leave fewer."""
    two_figures = max(1.0, 10 * deserved_step(Interval.known(amount)))
    step = min(deserved_step(case.outcome.npv), two_figures)
    return text.money(amount, case.currency if currency else "", step=step)


def net_money(case: BusinessCase, amount: float, text: Text, *, currency: bool = True) -> str:
    """Return the plan's net value as its headline writes it."""
    return text.money(amount, case.currency if currency else "", step=deserved_step(case.outcome.npv))
