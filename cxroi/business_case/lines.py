"""Investment lines: a verdict on each line of spend, and the budget divided between them. Slow, so it is asked for by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxroi.business_case.evidence import Evidence
from cxroi.business_case.line_evidence import REST, LineEvidence, gather_lines, lines_of_spend
from cxroi.business_case.plan import objective
from cxroi.model.allocation import Allocation, allocate_budget, allocate_to_return
from cxroi.model.assumption import Grade
from cxroi.model.discount import discount_factors
from cxroi.model.economics import Economics, economics
from cxroi.model.health import HealthCheck, Status, first_failed, line_checks
from cxroi.model.line_value import value_line, value_together
from cxroi.model.projection import COARSE_LEVELS, ProjectionTable
from cxroi.model.proposal import propose_pilot
from cxroi.model.scenario import Scenario
from cxroi.model.uncertainty import Draws, Interval
from cxroi.model.valuation import Valuation
from cxroi.model.verdict import Call, Verdict, judge

__all__ = [
    "REST",
    "LineCase",
    "LineEvidence",
    "LineReport",
    "ask_where_between_lines",
    "gather_lines",
    "judge_lines",
    "line_bounds",
    "lines_of_spend",
    "value_of_level",
]

_OF_PILOTS = (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON)
_INHERITED = (
    "history",
    "panel_adds_up",
    "margin_is_revenue",
    "spend_is_shared",
)  # checks of the data behind every line


@dataclass(frozen=True, kw_only=True)
class LineCase:
    """One line: its spend, what the next unit of it earns, and the verdict on it with the checks behind it.

    `verdict` is None for what cannot be judged: the rest, and a line without spend today.
    """

    line: str
    today_spend: float
    share: float
    marginal_roi: Interval | None
    verdict: Verdict | None
    health: tuple[HealthCheck, ...]


@dataclass(frozen=True, kw_only=True)
class LineReport:
    """Every line under one scenario; `next_unit` is the line whose next unit of spend earns most, where one can be named."""

    by: str
    labelled_share: float
    lines: tuple[LineCase, ...]
    next_unit: str | None


def judge_lines(evidence: Evidence, lines: LineEvidence, scenario: Scenario) -> LineReport:
    """Return the verdict on every line under a scenario's prices, horizon and hurdle; what comes with a plan is set aside."""
    bare, values = _valued(evidence, lines, scenario)
    total = max(sum(lines.today_spend.values()), 1e-12)
    cases = tuple(
        _case(evidence, lines, name, values[name], bare, lines.today_spend[name] / total)
        if name in values
        else LineCase(
            line=name,
            today_spend=lines.today_spend[name],
            share=lines.today_spend[name] / total,
            marginal_roi=None,
            verdict=None,
            health=(),
        )
        for name in lines.names
    )
    sure = [one for one in cases if one.verdict and one.verdict.call is Call.UNDER_INVESTED and one.marginal_roi]
    best = max(sure, key=lambda one: one.marginal_roi.mid if one.marginal_roi else 0.0, default=None)
    ordered = tuple(sorted(cases, key=lambda one: (one.line == REST, -one.today_spend)))
    return LineReport(
        by=lines.by, labelled_share=lines.labelled_share, lines=ordered, next_unit=best.line if best else None
    )


def ask_where_between_lines(
    evidence: Evidence,
    lines: LineEvidence,
    scenario: Scenario,
    *,
    budget: float | None = None,
    target_return: float | None = None,
    bounds_percent: Mapping[str, tuple[float, float]] | None = None,
) -> Allocation:
    """Return the best division over lines of a budget a month (by default today's), or by a target marginal return.

    A line whose effect cannot be told (a failed check), and the rest, keep today's spend unless `bounds_percent` says otherwise;
    the others move inside the range of spend ever observed. The gain of the whole is that of all moves at once.
    """
    bare, values = _valued(evidence, lines, scenario)
    tables = lines.tables(bare.scenario.annual_discount_rate, bare.scenario.horizon_months)
    given = {name: limits for name, limits in (bounds_percent or {}).items() if name in values}
    level = COARSE_LEVELS
    n = next(iter(values.values())).whole.benefit.shape[1] if values else 1
    annuity = float(next(iter(tables.values())).discount.sum()) if tables else 1.0
    idle = np.zeros((level.size, n))
    benefit = np.stack([values[x].whole.benefit if x in values else idle for x in lines.names], axis=1)
    cost = np.stack(
        [
            values[x].whole.cost if x in values else idle + (level[:, None] / 100 - 1) * lines.today_spend[x] * annuity
            for x in lines.names
        ],
        axis=1,
    )
    limits = {name: given.get(name, line_bounds(evidence, lines, name)) for name in lines.names}
    facts = {
        "segments": lines.names,
        "level_percent": level,
        "benefit": benefit,
        "cost": cost,
        "today_spend": np.array([max(lines.today_spend[name], 0.0) for name in lines.names]),
        "bounds": np.array([limits[name] for name in lines.names], dtype=float),
    }
    if target_return is not None:
        found = allocate_to_return(**facts, target_return=target_return)  # type: ignore[arg-type]
    else:
        today = float(sum(max(one, 0.0) for one in lines.today_spend.values()))
        found = allocate_budget(**facts, budget=today if budget is None else budget)  # type: ignore[arg-type]
    kept = {name for name, (low, high) in limits.items() if low == high == 100 and name not in given}
    moves = tuple(replace(move, bound="held") if move.segment in kept else move for move in found.moves)
    moves = tuple(sorted(moves, key=lambda move: (move.segment == REST, -move.today_spend)))
    failing = tuple(name for name in found.unattainable if name not in kept)
    return _together(lines, replace(found, moves=moves, unattainable=failing), bare, tables)


def _together(
    lines: LineEvidence, found: Allocation, money: Economics, tables: Mapping[str, ProjectionTable]
) -> Allocation:
    level = {
        move.segment: 100 * move.spend / move.today_spend
        for move in found.moves
        if move.segment in lines.futures and move.today_spend > 0
    }
    if not level:
        return found
    spend = {name: lines.spend_per_customer(name) for name in level}
    discount = next(iter(tables.values())).discount
    gain = value_together(money, lines.futures, spend, level, discount)
    return replace(found, gain=Interval.around(float(gain.mean()), gain))


def _valued(evidence: Evidence, lines: LineEvidence, scenario: Scenario) -> tuple[Economics, dict[str, Valuation]]:
    bare = Scenario(
        horizon_months=scenario.horizon_months,
        annual_discount_rate=scenario.annual_discount_rate,
        hurdle_net_return=scenario.hurdle_net_return,
        contribution_margin_rate=scenario.contribution_margin_rate,
        new_customers_per_month=scenario.new_customers_per_month,
        benefit_risk_adjustment_rate=scenario.benefit_risk_adjustment_rate,
        cost_risk_adjustment_rate=scenario.cost_risk_adjustment_rate,
        materiality_rate=scenario.materiality_rate,
        residual_value_months=scenario.residual_value_months,
    )
    money = economics(evidence.baseline, bare, 100.0)
    tables = lines.tables(bare.annual_discount_rate, bare.horizon_months)
    return money, {name: value_line(money, table, lines.spend_per_customer(name)) for name, table in tables.items()}


def _case(
    evidence: Evidence, lines: LineEvidence, name: str, value: Valuation, money: Economics, share: float
) -> LineCase:
    scenario, response, spend = money.scenario, lines.responses[name], lines.spend_per_customer(name)
    benefit, cost = value.whole.benefit, value.whole.cost
    here = int(np.flatnonzero(value.level_percent == 100)[0])
    health = _checks(evidence, lines, name, (benefit - cost)[here + 1])
    learned = not any(check.check == "spend_variation" and check.status is Status.FAIL for check in health)
    verdict = judge(
        level_percent=value.level_percent,
        value=objective(scenario, value.whole),
        today_spend=lines.today_spend[name],
        materiality=scenario.materiality_rate * float((spend * value.today_months.mean(axis=1)).sum()),
        grade=response.posterior.grade if learned else Grade.TYPED_IN,
        failed_check=first_failed(health),
    )
    if verdict.call is Call.NOT_ENOUGH_EVIDENCE:
        by_segment = [objective(scenario, value.of(s)) for s in range(spend.size)]
        pilot = propose_pilot(lines.futures[name], value.level_percent, by_segment, response.baseline.segments, 0)
        verdict = replace(verdict, pilot=pilot)
    next_unit = benefit[here + 1] / np.maximum(cost[here + 1], 1e-12) - 1
    return LineCase(
        line=name,
        today_spend=lines.today_spend[name],
        share=share,
        marginal_roi=Interval.around(float(benefit[here + 1].mean() / cost[here + 1].mean() - 1), next_unit),
        verdict=verdict,
        health=health,
    )


def _checks(evidence: Evidence, lines: LineEvidence, name: str, marginal: Draws) -> tuple[HealthCheck, ...]:
    response = lines.responses[name]
    customers = np.array([segment.customers for segment in evidence.baseline.segments])
    own = line_checks(
        response.posterior,
        marginal=marginal,
        weight=customers / max(customers.sum(), 1e-12),
        moves_alone=1.0
        if response.posterior.grade in _OF_PILOTS
        else response.moves_alone,  # a pilot has told it apart
    )
    return (*(check for check in evidence.health if check.check in _INHERITED), *own)


def line_bounds(evidence: Evidence, lines: LineEvidence, name: str) -> tuple[float, float]:
    """Return the range of a line's spend that the data have seen, in percent of today's; today's alone where it cannot be told."""
    if name not in lines.responses:
        return 100.0, 100.0
    posterior = lines.responses[name].posterior
    if first_failed(_checks(evidence, lines, name, np.ones(len(posterior.family)))):
        return 100.0, 100.0
    return min(100.0, 100 * posterior.observed_low), min(max(100.0, 100 * posterior.observed_high), COARSE_LEVELS[-1])


def value_of_level(
    evidence: Evidence, lines: LineEvidence, scenario: Scenario, level_percent: Mapping[str, float]
) -> Draws:
    """Return the net present value (n,) of moving lines to stated levels, percent of today's, at once."""
    money, _ = _valued(evidence, lines, scenario)
    spend = {name: lines.spend_per_customer(name) for name in level_percent}
    discount = discount_factors(scenario.annual_discount_rate, scenario.horizon_months)
    return value_together(money, lines.futures, spend, level_percent, discount)
