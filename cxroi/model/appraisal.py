"""The appraisal: a valued plan turned into an Outcome, with its break-even."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cxroi.model.outcome import CashFlow, Curve, Economics, Outcome, Valuation, benefit_and_cost
from cxroi.model.panel import Panel
from cxroi.model.projection import Future, customer_months, discount_factors
from cxroi.model.returns import annual_irr, payback_months
from cxroi.model.uncertainty import Draws, Interval


def appraise(
    valuation: Valuation,
    segment: int | None,
    flows: Draws,
    *,
    plan_percent: float,
    extrapolated: bool,
    break_even_uplift_pp: float | None,
    observed_uplift_pp: float | None,
    uplift_pp: Draws,
) -> Outcome:
    """Return the outcome of the plan for one segment, or for the whole (None), from its valuation and flows (T + 1, n)."""
    benefits, costs, benefit, cost = valuation.of(segment)
    npv = benefit - cost
    invests = float(cost.mean()) > 0
    payback = payback_months(flows) if invests else np.full(npv.shape, np.inf)
    paid = np.isfinite(payback)
    rate = annual_irr(flows[:, ::2]) if invests else np.full(npv.shape, np.nan)
    here = valuation.today
    marginal = _return_on(benefits[here + 1] - benefits[here], costs[here + 1] - costs[here])
    ratio = _return_on(benefit, cost) if invests else None
    return Outcome(
        benefit=Interval.around(float(benefit.mean()), benefit),
        cost=Interval.around(float(cost.mean()), cost),
        npv=Interval.around(float(npv.mean()), npv),
        roi=ratio,
        programme_roi=None if plan_percent == 0 else _return_on(benefit - benefits[0], cost - costs[0]),
        programme_is_extrapolated=extrapolated,
        marginal_roi=marginal or Interval.known(0.0),
        benefit_cost_ratio=None
        if ratio is None
        else Interval(low=ratio.low + 1, mid=ratio.mid + 1, high=ratio.high + 1),
        annual_irr=Interval.of_draws(rate[~np.isnan(rate)]) if invests and np.isfinite(rate).mean() >= 0.9 else None,
        payback_months=Interval.of_draws(payback[paid]) if invests and paid.mean() >= 0.5 else None,
        probability_of_payback=float(paid.mean()),
        probability_of_loss=float((npv < 0).mean()),
        break_even_uplift_pp=break_even_uplift_pp,
        observed_uplift_pp=observed_uplift_pp,
        plan_uplift_pp=Interval.of_draws(uplift_pp),
    )


def _return_on(benefit: Draws, cost: Draws) -> Interval | None:
    """Return benefit / cost - 1 around the ratio of the means; None unless every draw costs something."""
    if not (cost > 0).all():
        return None
    return Interval.around(float(benefit.mean() / cost.mean()) - 1, benefit / cost - 1)


def curve(valuation: Valuation, segment: int | None, observed: tuple[float, float]) -> Curve:
    """Return net present value against spend level, for whole percents of five."""
    benefits, costs, _, _ = valuation.of(segment)
    shown = valuation.level_percent % 5 == 0
    npv = (benefits - costs)[shown]
    low, high = _quantiles(npv, (0.05, 0.95))
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
    total = np.cumsum(flows, axis=0)
    low, high = _quantiles(total, (0.05, 0.95))
    return CashFlow(month=np.arange(len(total)), low=low, mid=total.mean(axis=1), high=high)


def _quantiles(draws: Draws, shares: tuple[float, ...]) -> list[Draws]:
    """Return order statistics along the last axis: the nearest draw, a third of the time that interpolation takes."""
    places = [min(int(share * draws.shape[1]), draws.shape[1] - 1) for share in shares]
    parted = np.partition(draws, places, axis=1)
    return [parted[:, place] for place in places]


def break_even_uplifts(money: Economics, future: Future, horizon_months: int) -> tuple[float | None, ...]:
    """Return the uplift in annual retention (points) at the plan's level at which expected net present value is zero.

    One figure per segment, its spend moved alone, then one for the whole, where all segments' churn is cut in the same proportion. The cut
    arrives with the carryover of each draw. Found by the secant method, all at once. None at today's spend, where nothing
    is bought, and where no cut is enough.
    """
    n_segments = money.customers.size
    if money.plan_percent == 100:
        return (None,) * (n_segments + 1)
    path = future.arrival(money.plan_percent, horizon_months)
    discount = discount_factors(money.scenario.annual_discount_rate, horizon_months)
    level, annuity = np.array([money.plan_percent]), float(discount.sum())
    today = _months(money, future, np.zeros(path.shape), discount)
    twice = replace(future, churn=np.hstack([future.churn, future.churn]))  # each segment alone, then all alike

    def net(cuts: Draws) -> Draws:
        each = np.append(cuts[:-1], np.full(n_segments, cuts[-1]))
        months = _months(money, twice.with_strength(np.broadcast_to(each, twice.churn.shape)), path, discount)
        alone, alike = np.split(months, 2)
        return np.append(_value(money, level, alone, today, annuity), _value(money, level, alike, today, annuity).sum())

    cuts, start = _secant(net, n_segments + 1, 0.05 if money.plan_percent > 100 else -0.05)
    left = np.abs(net(cuts)) > 1e-6 * np.maximum(np.abs(start), 1e-9)
    weights = [*np.eye(n_segments), money.customers / max(float(money.customers.sum()), 1e-12)]
    return tuple(
        None if failed else _uplift_of(future, cut, weight)
        for failed, cut, weight in zip(left, cuts, weights, strict=True)
    )


def _secant(function: Callable[[Draws], Draws], size: int, step: float) -> tuple[Draws, Draws]:
    """Return where each component of `function` crosses zero, and its values at 0."""
    x0, x1 = np.zeros(size), np.full(size, step)
    start = y0 = function(x0)
    for _ in range(12):
        y1 = function(x1)
        rise = np.where(y1 == y0, np.inf, y1 - y0)
        x0, y0, x1 = x1, y1, np.clip(x1 - y1 * (x1 - x0) / rise, -3.0, 8.0)
        if np.abs(x1 - x0).max() < 1e-5:
            break
    return x1, start


def _value(money: Economics, level: Draws, months: Draws, today: Draws, annuity: float) -> Draws:
    benefit, cost = benefit_and_cost(money, level, months[None], today, annuity)
    return (benefit - cost)[0].mean(axis=1)


def _uplift_of(future: Future, cut: float, weight: Draws) -> float:
    kept = np.maximum(1 - future.churn * np.exp(-cut), 0.0)
    return float(100 * ((kept**12 - (1 - future.churn) ** 12) @ weight).mean())


def _months(money: Economics, future: Future, path: Draws, discount: Draws) -> Draws:
    stay, inflow = customer_months(future, path, discount)
    times = len(stay) // money.customers.size
    return np.tile(money.customers, times)[:, None] * stay + np.tile(money.joins, times)[:, None] * inflow


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
