"""Sensitivity: what moves the result, how far each input can go before nothing is gained, and what knowing it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cxroi.errors import ScenarioError
from cxroi.model.baseline import Baseline
from cxroi.model.discount import discount_factors
from cxroi.model.economics import economics
from cxroi.model.future import Future
from cxroi.model.response import ResponsePosterior
from cxroi.model.scenario import RANGES, Scenario
from cxroi.model.uncertainty import Draws
from cxroi.model.valuation import months_held, months_left, present_value

DRAWN = ("strength", "shape", "carryover", "churn")


@dataclass(frozen=True, kw_only=True)
class TornadoBar:
    """Expected net present value when one input is at its p10 and at its p90, the others at their draws.

    `low` and `high` are the input's own values; for "shape" they are what the plan's level buys, as a share of strength.
    """

    name: str
    low: float
    high: float
    npv_low: float
    npv_high: float

    @property
    def swing(self) -> float:
        """Return the width of the bar."""
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True, kw_only=True)
class InformationValue:
    """What knowing one input exactly, before choosing the level of spend, is expected to gain; present value."""

    name: str
    value: float


def expected_npv(future: Future, baseline: Baseline, scenario: Scenario, plan_percent: float) -> float:
    """Return the mean over draws of the plan's net present value against today."""
    money = economics(baseline, scenario, plan_percent)
    discount = discount_factors(scenario.annual_discount_rate, scenario.horizon_months)
    plan, today = (future.path_gain(level, discount.size) for level in (plan_percent, 100.0))
    months, now = months_held(money, future, plan, discount), months_held(money, future, today, discount)
    left, left_today = months_left(money, future, plan), months_left(money, future, today)
    after = None if left is None or left_today is None else (left - left_today)[None]
    annuity = float(discount.sum())
    benefit, cost = present_value(money, np.array([plan_percent]), months[None], now, annuity, after)
    return float((benefit - cost).mean())


def tornado(
    future: Future,
    baseline: Baseline,
    scenario: Scenario,
    plan_percent: float,
    swings: Mapping[str, tuple[float, float]],
) -> tuple[TornadoBar, ...]:
    """Return one bar per drawn quantity and per assumption in `swings` (name -> its p10 and p90), widest first."""
    bars = [_drawn_bar(name, future, baseline, scenario, plan_percent) for name in DRAWN]
    for name, (low, high) in swings.items():
        ends = [_changed(scenario, name, value) for value in (low, high)]
        bars.append(_bar(name, low, high, *(expected_npv(future, baseline, end, plan_percent) for end in ends)))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def _bar(name: str, low: float, high: float, npv_low: float, npv_high: float) -> TornadoBar:
    return TornadoBar(name=name, low=low, high=high, npv_low=npv_low, npv_high=npv_high)


def _changed(scenario: Scenario, name: str, value: float) -> Scenario:
    change: dict[str, Any] = {name: round(value) if name == "horizon_months" else value}
    return replace(scenario, **change)


def _drawn_bar(name: str, future: Future, baseline: Baseline, scenario: Scenario, plan_percent: float) -> TornadoBar:
    ends, values = [], []
    for share in (0.1, 0.9):
        fixed, value = _fixed(name, future, share, plan_percent)
        ends.append(expected_npv(fixed, baseline, scenario, plan_percent))
        values.append(value)
    return _bar(name, values[0], values[1], ends[0], ends[1])


def _fixed(name: str, future: Future, share: float, plan_percent: float) -> tuple[Future, float]:
    """Return the future in which one drawn quantity stands at a quantile in every draw, and that quantile."""
    if name in ("strength", "churn"):
        draws: Draws = getattr(future, name)
        at = np.quantile(draws, share, axis=0)
        same: dict[str, Any] = {name: np.broadcast_to(at, draws.shape)}
        return replace(future, **same), float(at.mean())
    response = future.response
    if name == "carryover":
        rate = float(np.quantile(response.carryover_rate, share))
        return replace(future, response=replace(response, carryover_rate=np.full(len(future.churn), rate))), rate
    bought = np.abs(future.final_gain(plan_percent))
    draw = int(np.argsort(bought)[min(int(share * bought.size), bought.size - 1)])
    return replace(future, response=_with_shape(response, draw)), float(bought[draw])


def _with_shape(response: ResponsePosterior, draw: int) -> ResponsePosterior:
    names = ("family", "half_saturation", "steepness")
    return replace(response, **{n: np.full_like(getattr(response, n), getattr(response, n)[draw]) for n in names})


def break_even(
    name: str, future: Future, baseline: Baseline, scenario: Scenario, plan_percent: float, start: float
) -> float | None:
    """Return the value of one assumption at which the plan's expected net present value is zero, by bisection.

    Looked for inside the assumption's range, first between `start` and the end where value falls to zero. None where the
    plan gains (or loses) whatever the assumption is. The horizon is rounded up to whole months.
    """

    def net(value: float) -> float:
        try:
            changed = _changed(scenario, name, value)
        except ScenarioError:
            return np.nan
        return expected_npv(future, baseline, changed, plan_percent)

    here = net(start)
    for end in RANGES[name]:
        far = min(end, max(10 * abs(start), 1e6)) if end > 1e6 else end
        there = net(far)
        if np.isfinite(there) and here * there <= 0 and far != start:
            low, high = start, far
            for _ in range(40):
                middle = 0.5 * (low + high)
                low, high = (middle, high) if net(middle) * here > 0 else (low, middle)
            return float(np.ceil(high)) if name == "horizon_months" else 0.5 * (low + high)
    return None


def information_values(future: Future, value: Draws, weight: Draws) -> tuple[InformationValue, ...]:
    """Return the expected value of perfect information ("all") and of partial information on each drawn quantity.

    EVPPI(x) = E_x[max over levels of E[value | x]] - max over levels of E[value], by grouping the draws on x (Strong & Oakley
    2013). `value` (L, n) is present value by level and draw, `weight` (S,) the segments' shares of customers.
    """
    response = future.response
    certain = float(value.mean(axis=1).max())
    inputs = {
        "strength": future.strength @ weight,
        "shape": response.slope_of_shape(),
        "carryover": response.carryover_rate,
        "churn": future.churn @ weight,
    }
    parts = [InformationValue(name=n, value=max(0.0, _grouped_best(x, value) - certain)) for n, x in inputs.items()]
    whole = InformationValue(name="all", value=float(value.max(axis=0).mean()) - certain)
    return (whole, *sorted(parts, key=lambda part: -part.value))


def _grouped_best(parameter: Draws, value: Draws, groups: int = 16) -> float:
    """Return the mean over groups of draws alike in `parameter` of the best level's value."""
    parts = np.array_split(np.argsort(parameter, kind="stable"), groups)
    return float(np.mean([value[:, part].mean(axis=1).max() for part in parts]))
