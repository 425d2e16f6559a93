"""Sensitivity: what moves the result, how far each input can go before nothing is gained, and what knowing it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cxroi.errors import ScenarioError
from cxroi.model.company.baseline import Baseline
from cxroi.model.discount import discount_factors
from cxroi.model.response.channel import Channel
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.scenario import RANGES, Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.economics import economics
from cxroi.model.value.future import Future
from cxroi.model.value.projection import today_alone
from cxroi.model.value.valuation import present_value

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


def expected_npv(
    future: Future,
    baseline: Baseline,
    scenario: Scenario,
    plan_percent: float,
    without: frozenset[Channel] = frozenset(),
) -> float:
    """Return the mean over draws of the plan's net present value against today; `without` are channels not counted."""
    money = economics(baseline, scenario, plan_percent, without)
    discount = discount_factors(scenario.annual_discount_rate, scenario.horizon_months)
    head = today_alone(future, discount).headcount(money.customers, money.joins, money.without)
    benefit, cost = present_value(money, head, head.at(plan_percent, money.course(head.table.discount.size)))
    return float((benefit - cost).mean())


def tornado(
    future: Future,
    baseline: Baseline,
    scenario: Scenario,
    plan_percent: float,
    swings: Mapping[str, tuple[float, float]],
    without: frozenset[Channel] = frozenset(),
) -> tuple[TornadoBar, ...]:
    """Return one bar per drawn quantity and per assumption in `swings` (name -> its p10 and p90), widest first.

    `without` are channels not counted; one that does nothing at either end has no bar.
    """

    def value(future: Future, scenario: Scenario) -> float:
        return expected_npv(future, baseline, scenario, plan_percent, without)

    bars = []
    for name in (*DRAWN, *(one.channel.value for one in future.channels if one.channel not in without)):
        ends = [_fixed(name, future, share, plan_percent) for share in (0.1, 0.9)]
        bars.append(_bar(name, *(at for _, at in ends), *(value(fixed, scenario) for fixed, _ in ends)))
    bars = [bar for bar in bars if bar.name in DRAWN or bar.low or bar.high]
    for name, (low, high) in swings.items():
        changed = [_changed(scenario, name, end) for end in (low, high)]
        bars.append(_bar(name, low, high, *(value(future, one) for one in changed)))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def _bar(name: str, low: float, high: float, npv_low: float, npv_high: float) -> TornadoBar:
    return TornadoBar(name=name, low=low, high=high, npv_low=npv_low, npv_high=npv_high)


def _changed(scenario: Scenario, name: str, value: float) -> Scenario:
    change: dict[str, Any] = {name: round(value) if name == "horizon_months" else value}
    return replace(scenario, **change)


def _fixed(name: str, future: Future, share: float, plan_percent: float) -> tuple[Future, float]:
    """Return the future in which one drawn quantity stands at a quantile in every draw, and that quantile."""
    if name in ("strength", "churn"):
        draws: Draws = getattr(future, name)
        at = np.quantile(draws, share, axis=0)
        same: dict[str, Any] = {name: np.broadcast_to(at, draws.shape)}
        return replace(future, **same), float(at.mean())
    if name in tuple(Channel):
        strengths = {one.channel: one.strength for one in future.channels}
        at = np.quantile(strengths[Channel(name)], share, axis=0)
        channels = tuple(
            replace(one, strength=np.broadcast_to(at, one.strength.shape)) if one.channel == name else one
            for one in future.channels
        )
        return replace(future, channels=channels), float(at.mean())
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
    name: str,
    future: Future,
    baseline: Baseline,
    scenario: Scenario,
    plan_percent: float,
    start: float,
    without: frozenset[Channel] = frozenset(),
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
        return expected_npv(future, baseline, changed, plan_percent, without)

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
        **{one.channel.value: one.strength @ weight for one in future.channels if one.strength.any()},
    }
    parts = [InformationValue(name=n, value=max(0.0, _grouped_best(x, value) - certain)) for n, x in inputs.items()]
    whole = InformationValue(name="all", value=float(value.max(axis=0).mean()) - certain)
    return (whole, *sorted(parts, key=lambda part: -part.value))


def _grouped_best(parameter: Draws, value: Draws, groups: int = 16) -> float:
    """Return the mean over groups of draws alike in `parameter` of the best level's value."""
    parts = np.array_split(np.argsort(parameter, kind="stable"), groups)
    return float(np.mean([value[:, part].mean(axis=1).max() for part in parts]))
