"""The appraisal: a valued plan turned into an Outcome, with its break-even."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cxroi.model.company.panel import Panel
from cxroi.model.discount import discount_factors
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws, Interval, row_quantiles
from cxroi.model.value.economics import Economics
from cxroi.model.value.future import Future, Path, UpliftLever
from cxroi.model.value.held_level import hold
from cxroi.model.value.outcome import CashFlow, Curve, Outcome, PlanFigures
from cxroi.model.value.projection import today_alone
from cxroi.model.value.returns import annual_irr, payback_periods, running_total
from cxroi.model.value.valuation import Valuation, Worth, present_value


def plan_figures(benefit: Draws, cost: Draws, flows: Draws, uplift_pp: Draws) -> PlanFigures:
    """Return what is said first of a plan, from its present benefit and cost (n,), its flows (T + 1, n) and its uplift (n,), points."""
    npv = benefit - cost
    invests = float(cost.mean()) > 0
    months = payback_periods(flows) if invests else np.full(npv.shape, np.inf)
    paid = np.isfinite(months)
    return PlanFigures(
        cost=Interval.around(float(cost.mean()), cost),
        npv=Interval.around(float(npv.mean()), npv),
        payback_months=Interval.of_draws(months[paid]) if invests and paid.mean() >= 0.5 else None,
        probability_of_payback=float(paid.mean()),
        probability_of_loss=float((npv < 0).mean()),
        plan_uplift_pp=Interval.of_draws(uplift_pp),
    )


def worth_beside(npv: Draws, base: Draws) -> tuple[Interval, float]:
    """Return how much more one plan is worth than another (n,), draw by draw, and the share of draws in which it is worth more.

    Both are drawn from the same evidence, so that what is uncertain for both alike falls out of the difference.

    >>> worth_beside(np.array([3.0, 5.0]), np.array([1.0, 3.0]))
    (Interval(low=2.0, mid=2.0, high=2.0), 1.0)
    """
    more = npv - base
    return Interval.around(float(more.mean()), more), float((more > 0).mean())


def appraise(
    worth: Worth,
    flows: Draws,
    *,
    today: int,
    plan_percent: float,
    extrapolated: bool,
    break_even_uplift_pp: float | None,
    observed_uplift_pp: float | None,
    uplift_pp: Draws,
    next_unit: Interval | None,
    residual: Draws | None = None,
) -> Outcome:
    """Return the outcome of the plan for one segment or for the whole, from its worth and flows (T + 1, n).

    `today` is the row of today's level in the grid of the worth, `residual` (n,) the value after the horizon as money of its
    last month, which the rate of return counts there; payback is by cash alone.
    """
    benefits, costs, benefit, cost = worth.benefit, worth.cost, worth.plan_benefit, worth.plan_cost
    first = plan_figures(benefit, cost, flows, uplift_pp)
    invests = first.cost.mid > 0
    rate = annual_irr(_with_residual(flows, residual)[:, ::2]) if invests else np.full(benefit.shape, np.nan)
    ratio = _return_on(benefit, cost) if invests else None
    return Outcome(
        **vars(first),
        benefit=Interval.around(float(benefit.mean()), benefit),
        roi=ratio,
        programme_roi=None if plan_percent == 0 else _return_on(benefit - benefits[0], cost - costs[0]),
        programme_is_extrapolated=extrapolated,
        marginal_roi=next_unit or Interval.known(0.0),
        benefit_cost_ratio=None
        if ratio is None
        else Interval(low=ratio.low + 1, mid=ratio.mid + 1, high=ratio.high + 1),
        annual_irr=Interval.of_draws(rate[~np.isnan(rate)]) if invests and np.isfinite(rate).mean() >= 0.9 else None,
        break_even_uplift_pp=break_even_uplift_pp,
        observed_uplift_pp=observed_uplift_pp,
    )


def _with_residual(flows: Draws, residual: Draws | None) -> Draws:
    return flows if residual is None else np.vstack([flows[:-1], flows[-1] + residual])


def return_on_next_unit(worth: Worth, today: int) -> Interval | None:
    """Return the net return on the next unit of spend at today's level, the row `today` of the grid; None where it costs nothing."""
    benefit, cost = (values[today + 1] - values[today] for values in (worth.benefit, worth.cost))
    return _return_on(benefit, cost)


def _return_on(benefit: Draws, cost: Draws) -> Interval | None:
    """Return benefit / cost - 1 around the ratio of the means; None unless every draw costs something."""
    if not (cost > 0).all():
        return None
    return Interval.around(float(benefit.mean() / cost.mean()) - 1, benefit / cost - 1)


def curve(valuation: Valuation, observed: tuple[float, float]) -> Curve:
    """Return net present value against spend level, for whole percents of five."""
    shown = valuation.level_percent % 5 == 0
    npv = (valuation.whole.benefit - valuation.whole.cost)[shown]
    low, high = row_quantiles(npv, (0.05, 0.95))
    return Curve(
        level_percent=valuation.level_percent[shown],
        low=low,
        mid=npv.mean(axis=1),
        high=high,
        observed_low_percent=observed[0],
        observed_high_percent=observed[1],
    )


def cash_flow(flows: Draws) -> CashFlow:
    """Return cumulative undiscounted net cash with its band, from monthly flows (T + 1, n)."""
    total = running_total(flows)
    low, high = row_quantiles(total, (0.05, 0.95))
    return CashFlow(month=np.arange(len(total)), low=low, mid=total.mean(axis=1), high=high)


def break_even_uplift(money: Economics, future: Future, horizon_months: int, path: Path | None = None) -> float | None:
    """Return the uplift in annual retention (points) that, typed at the plan's level, leaves an expected net present value of zero.

    What spend does beside churn stays as the evidence has it; `path` is what it does at the plan's level, where that is known.
    None at today's spend, where nothing is bought, and where no uplift within reach is enough.
    """
    level = money.plan_percent
    if level == 100:
        return None
    future, course = replace(future, typed=None), money.course(horizon_months)
    path = path or future.path(level if course is None else course, horizon_months)
    lever = UpliftLever(future, money.customers, level, horizon_months, path)
    discount = discount_factors(money.scenario.annual_discount_rate, horizon_months)
    head = today_alone(future, discount).headcount(money.customers, money.joins, money.without)
    counted = Channel.JOINS not in money.without

    def net(uplift_pp: float) -> float:
        typed = lever.at(uplift_pp)
        moved = replace(path, typed=typed.typed_by_month(level, horizon_months))
        held = hold(typed, moved, level, discount, money.customers, money.joins, counted, course)
        benefit, cost = present_value(money, head, held)
        return float((benefit - cost).mean())

    found = lever.middle if abs(lever.middle) > 0.1 else 0.5 if level > 100 else -0.5
    return _secant(net, net(0.0), found)


def _secant(function: Callable[[float], float], start: float, step: float) -> float | None:
    """Return where a rising `function`, which is `start` at 0, crosses zero; None where it does not between -50 and 50."""
    x0, y0, x1, y1 = 0.0, start, step, function(step)
    for _ in range(14):
        if abs(y1) <= _NOTHING * abs(start) or y1 == y0:
            break
        x0, y0, x1 = x1, y1, min(max(x1 - y1 * (x1 - x0) / (y1 - y0), -50.0), 50.0)
        y1 = function(x1)
    return x1 if abs(y1) <= _NOTHING * max(abs(start), 1e-9) else None


_NOTHING = 1e-3  # of what the plan loses without any uplift: the draws of the evidence vary by more


def observed_uplift(panel: Panel) -> float | None:
    """Return the largest change in the company's annualised retention ever seen, in points; None below six months.

    Between any two windows of a year (half the history when it is shorter than two years): (1 - lost / customer-months)^12.
    """
    keep = panel.complete_months
    start, lost = (np.nansum(x, axis=0)[keep] for x in (panel.customers_at_start, panel.customers_lost))
    window = min(12, start.size // 2)
    if window < 3:
        return None
    ones = np.ones(window)
    exposure = np.convolve(start, ones, "valid")
    retained = (1 - np.convolve(lost, ones, "valid") / np.maximum(exposure, 1e-9)) ** 12
    return float(100 * (retained.max() - retained.min()))
