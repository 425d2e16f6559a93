"""Investment lines: a verdict on each line of spend, and the budget divided between them. Slow, so it is asked for by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxroi.errors import StoreError
from cxroi.model.decision.allocation import Allocation, allocate
from cxroi.model.decision.health import HealthCheck, first_failed
from cxroi.model.decision.verdict import Call, Verdict
from cxroi.model.discount import discount_factors
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws, Interval
from cxroi.model.value.economics import Economics, economics
from cxroi.model.value.line_value import value_together
from cxroi.model.value.phasing import course_to, value_in_steps
from cxroi.model.value.projection import LEVELS
from cxroi.model.value.valuation import Valuation
from cxroi.questions.allocation import by_quarter, shares_of_plan
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.gathering import evidence_of
from cxroi.questions.line_evidence import REST, LineEvidence, gather_lines
from cxroi.questions.line_judgement import LineChannel, LineJudgement, checks_of

_STAYS = 1e-9  # of a line's spend: a level nearer to today's is today's, and gains nothing


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
    channels: tuple[LineChannel, ...] = ()  # beside churn, those in which it was looked at


@dataclass(frozen=True, kw_only=True)
class LineReport:
    """Every line under one scenario; `next_unit` is the line whose next unit of spend earns most, where one can be named."""

    by: str
    labelled_share: float
    lines: tuple[LineCase, ...]
    next_unit: str | None


def judge_lines(evidence: Evidence, lines: LineEvidence, scenario: Scenario) -> LineReport:
    """Return the verdict on every line under a scenario's prices, horizon and hurdle; what comes with a plan is set aside."""
    judged = _judgements(evidence, lines, scenario)
    total = max(sum(lines.today_spend.values()), 1e-12)
    cases = tuple(_case(judged.get(name), lines, name, lines.today_spend[name] / total) for name in lines.names)
    hurdle = scenario.hurdle_net_return
    sure = [
        one for one in cases if one.verdict and one.verdict.call is Call.UNDER_INVESTED and _next_unit_pays(one, hurdle)
    ]
    best = max(sure, key=lambda one: one.marginal_roi.mid if one.marginal_roi else 0.0, default=None)
    ordered = tuple(sorted(cases, key=lambda one: (one.line == REST, -one.today_spend)))
    return LineReport(
        by=lines.by, labelled_share=lines.labelled_share, lines=ordered, next_unit=best.line if best else None
    )


def line_report_of(data: OpenVersion, scenario: Scenario, by: str | None = None) -> LineReport:
    """Return the verdict on every line of an opened version, as it was worked out before or now; raises as `gather_lines`."""

    def judged() -> LineReport:
        evidence = evidence_of(data)
        return judge_lines(evidence, gather_lines(data, evidence, by), scenario)

    return data.kept("line_report", judged, scenario, by)


def _next_unit_pays(one: LineCase, hurdle_net_return: float) -> bool:
    """Return whether the next unit of spend on a line is expected to pay: where its curve has a step, only a larger move may."""
    return one.marginal_roi is not None and one.marginal_roi.mid > hurdle_net_return


def ask_where_between_lines(
    evidence: Evidence,
    lines: LineEvidence,
    scenario: Scenario,
    *,
    budget: float | None = None,
    target_return: float | None = None,
    extra: float | None = None,
    bounds_percent: Mapping[str, tuple[float, float]] | None = None,
    kept_bounds: Mapping[str, tuple[float, float]] | None = None,
) -> Allocation:
    """Return the best division over lines of a budget a month (by default today's), of `extra` money a month with the rest held, or by a
    target marginal return.

    A line whose effect cannot be told (a failed check), and the rest, keep today's spend unless `bounds_percent` says otherwise;
    a plan that gets to its level by quarters has every move made in the same steps, as in `ask_where_to_spend`. The others move inside the range of spend ever observed, or `kept_bounds`: those of the lines from which nothing is to be taken. The
    gain of the whole is that of all moves at once.
    """
    bare, judged = _money(evidence, scenario), _judgements(evidence, lines, scenario)
    shares = shares_of_plan(evidence, scenario)
    values = {name: _worth(one.counted, shares) for name, one in judged.items()}
    given = {name: limits for name, limits in (bounds_percent or {}).items() if name in values}
    level = LEVELS
    n = next(iter(values.values()))[0].shape[1] if values else 1
    discount = discount_factors(bare.scenario.annual_discount_rate, bare.scenario.horizon_months)
    made = float(discount.sum() if shares is None else discount @ shares)
    idle = np.zeros((level.size, n))
    benefit = np.stack([values[x][0] if x in values else idle for x in lines.names], axis=1)
    cost = np.stack(
        [
            values[x][1] if x in values else idle + (level[:, None] / 100 - 1) * lines.today_spend[x] * made
            for x in lines.names
        ],
        axis=1,
    )
    resting = {name for name, one in judged.items() if one.rests_on}
    worth_having = {name: at for name, at in (kept_bounds or {}).items() if name not in resting and name not in given}
    given |= worth_having
    limits = {
        name: given.get(name, (100.0, 100.0) if name in resting else line_bounds(evidence, lines, name))
        for name in lines.names
    }
    found = allocate(
        budget=budget,
        target_return=target_return,
        extra=extra,
        segments=lines.names,
        level_percent=level,
        benefit=benefit,
        cost=cost,
        today_spend=np.array([max(lines.today_spend[name], 0.0) for name in lines.names]),
        bounds=np.array([limits[name] for name in lines.names], dtype=float),
    )
    kept = {name for name, (low, high) in limits.items() if low == high == 100 and name not in given}
    moves = tuple(
        replace(move, bound="held")
        if move.segment in kept
        else replace(move, bound="kept")
        if move.segment in worth_having and move.bound == "low"
        else move
        for move in found.moves
    )
    moves = tuple(sorted(moves, key=lambda move: (move.segment == REST, -move.today_spend)))
    failing = tuple(name for name in found.unattainable if name not in kept)
    found = replace(found, moves=moves, unattainable=failing, made_by_quarter=by_quarter(scenario, shares))
    return _together(judged, found, bare, discount, shares)


def _worth(valuation: Valuation, shares: Draws | None) -> tuple[Draws, Draws]:
    """Return present benefit and cost of a line's levels, (L, n), held from the first month on or reached in steps."""
    if shares is None:
        return valuation.whole.benefit, valuation.whole.cost
    benefit, cost = value_in_steps(valuation, shares, [None])
    return benefit[:, 0], cost[:, 0]


def _together(
    judged: Mapping[str, LineJudgement], found: Allocation, money: Economics, discount: Draws, shares: Draws | None
) -> Allocation:
    level = {
        move.segment: _level(100 * move.spend / move.today_spend, shares)
        for move in found.moves
        if move.segment in judged and move.today_spend > 0 and abs(move.spend / move.today_spend - 1) > _STAYS
    }
    if not level:
        return found
    gain = _value_together(judged, money, level, discount)
    return replace(found, gain=Interval.around(float(gain.mean()), gain))


def _level(level_percent: float, shares: Draws | None) -> float | Draws:
    return level_percent if shares is None else course_to(level_percent, shares)


def _value_together(
    judged: Mapping[str, LineJudgement], money: Economics, level: Mapping[str, float | Draws], discount: Draws
) -> Draws:
    futures = {name: judged[name].future for name in level}
    return value_together(money, futures, {name: judged[name].spend for name in level}, level, discount)


def _money(evidence: Evidence, scenario: Scenario) -> Economics:
    return economics(evidence.baseline, scenario.without_plan, 100.0)


def _judgements(evidence: Evidence, lines: LineEvidence, scenario: Scenario) -> dict[str, LineJudgement]:
    money = _money(evidence, scenario)
    tables = lines.tables(money.scenario.annual_discount_rate, money.scenario.horizon_months)
    return {
        name: LineJudgement(evidence=evidence, lines=lines, name=name, money=money, table=table)
        for name, table in tables.items()
    }


def _case(judged: LineJudgement | None, lines: LineEvidence, name: str, share: float) -> LineCase:
    spent = lines.today_spend[name]
    if judged is None:
        return LineCase(line=name, today_spend=spent, share=share, marginal_roi=None, verdict=None, health=())
    benefit, cost = judged.counted.whole.benefit, judged.counted.whole.cost
    here = int(np.flatnonzero(judged.counted.level_percent == 100)[0])
    next_unit = benefit[here + 1] / np.maximum(cost[here + 1], 1e-12) - 1
    return LineCase(
        line=name,
        today_spend=spent,
        share=share,
        marginal_roi=Interval.around(float(benefit[here + 1].mean() / cost[here + 1].mean() - 1), next_unit),
        verdict=judged.verdict,
        health=judged.health,
        channels=judged.channels,
    )


def line_bounds(evidence: Evidence, lines: LineEvidence, name: str) -> tuple[float, float]:
    """Return the range of a line's spend that the data have seen, in percent of today's; today's alone where it cannot be told."""
    if name not in lines.responses:
        return 100.0, 100.0
    posterior = lines.responses[name].posterior
    if first_failed(checks_of(evidence, lines, name, np.ones(len(posterior.family)))):
        return 100.0, 100.0
    return min(100.0, 100 * posterior.observed_low), min(max(100.0, 100 * posterior.observed_high), LEVELS[-1])


def value_of_level(
    evidence: Evidence, lines: LineEvidence, scenario: Scenario, level_percent: Mapping[str, float]
) -> Draws:
    """Return the net present value (n,) of moving lines to stated levels, percent of today's, at once."""
    money, judged = _money(evidence, scenario), _judgements(evidence, lines, scenario)
    discount = discount_factors(scenario.annual_discount_rate, scenario.horizon_months)
    return _value_together(judged, money, level_percent, discount)


def lines_where_named(data: OpenVersion, scenario: Scenario) -> LineReport | None:
    """Return the verdict on every line, None where the data name none."""
    try:
        return line_report_of(data, scenario)
    except StoreError as error:
        if not error.id.startswith("store.lines."):
            raise
        return None
