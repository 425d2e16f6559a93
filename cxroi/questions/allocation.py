"""Where the money should go: a budget, extra money or a target return, over segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cxroi.model.decision.allocation import Allocation, allocate
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.economics import economics
from cxroi.model.value.phasing import shares_made, value_in_steps
from cxroi.model.value.projection import LEVELS
from cxroi.model.value.valuation import Valuation, value_levels
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import judgement_of
from cxroi.questions.plan import best_level

Limits = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a person wants to know: of which parts, which of the three questions, and the limits that are the person's own."""

    part: str = "segment"  # or "line"
    kind: str = "budget"  # today's, divided better; or "extra", "target"
    extra: float = 0.0  # money a month
    target_percent: float = 20.0
    limits: tuple[tuple[str, float, float], ...] = ()  # name, lowest and highest level, percent of today's

    @property
    def facts(self) -> dict[str, Any]:
        """Return the ask as both questions take it."""
        named = {"extra": self.extra, "target": self.target_percent / 100}
        return {
            "extra": named["extra"] if self.kind == "extra" else None,
            "target_return": named["target"] if self.kind == "target" else None,
            "bounds_percent": {name: (low, high) for name, low, high in self.limits},
        }


def segment_bounds(evidence: Evidence) -> dict[str, tuple[float, float]]:
    """Return by segment the range of spend that the data have seen, percent of today's, today's in it."""
    low, high = evidence.observed_percent
    seen = (min(100.0, low), min(max(100.0, high), float(LEVELS[-1])))
    return {segment.segment: seen for segment in evidence.baseline.segments}


def ask_where_to_spend(
    evidence: Evidence,
    scenario: Scenario,
    *,
    budget: float | None = None,
    target_return: float | None = None,
    extra: float | None = None,
    bounds_percent: Limits | None = None,
) -> Allocation:
    """Return the best division over segments of a budget a month (by default today's), of `extra` money a month with the rest held,
    or by a target marginal return.

    What comes with a plan is set aside, but for its steps: a plan that gets to its level by quarters has every move made in the same ones,
    the same share of the way in each. `bounds_percent` holds the lowest and highest level by segment; of one that is not named the range of spend ever observed.
    """
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    without = frozenset(judgement_of(evidence, scenario).rests_on)
    valuation = value_levels(economics(evidence.baseline, scenario.without_plan, 100.0, without), table)
    shares = shares_of_plan(evidence, scenario)
    benefit, cost = _worth(valuation, shares)
    limits = {**segment_bounds(evidence), **(bounds_percent or {})}
    names = tuple(segment.segment for segment in evidence.baseline.segments)
    found = allocate(
        budget=budget,
        target_return=target_return,
        extra=extra,
        segments=names,
        level_percent=table.level_percent,
        benefit=benefit,
        cost=cost,
        today_spend=np.array([segment.cx_spend_per_month for segment in evidence.baseline.segments]),
        bounds=np.array([limits[name] for name in names], dtype=float),
    )
    return replace(found, made_by_quarter=by_quarter(scenario, shares))


def shares_of_plan(evidence: Evidence, scenario: Scenario) -> Draws | None:
    """Return which share of every move is made by month where the scenario's plan gets to its level in steps, (T,), else None."""
    if not scenario.first_quarters_percent:
        return None
    level = scenario.investment_level_percent
    plan = best_level(evidence, scenario) if level is None else level
    return shares_made(scenario, plan, scenario.horizon_months)


def by_quarter(scenario: Scenario, shares: Draws | None) -> tuple[float, ...]:
    """Return the shares of every move that are made in the scenario's quarters; () where it names none."""
    quarters = len(scenario.first_quarters_percent)
    return (1.0,) * quarters if shares is None else tuple(shares[: 3 * quarters : 3].tolist())


def _worth(valuation: Valuation, shares: Draws | None) -> tuple[Draws, Draws]:
    """Return present benefit and cost of every segment's levels, (L, S, n), held from the first month on or reached in steps."""
    parts = range(valuation.money.customers.size)
    if shares is not None:
        return value_in_steps(valuation, shares, parts)
    each = [valuation.of(segment) for segment in parts]
    return np.stack([one.benefit for one in each], axis=1), np.stack([one.cost for one in each], axis=1)
