"""One scenario on one version of the data, worked out whole: what a slider asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cxroi.business_case.evidence import Evidence
from cxroi.errors import ScenarioError
from cxroi.model.appraisal import appraise, break_even_uplifts, cash_flow, curve
from cxroi.model.assumption import Assumption, Grade
from cxroi.model.baseline import Baseline
from cxroi.model.finance import TeiSummary
from cxroi.model.health import HealthCheck, first_failed, scenario_checks
from cxroi.model.outcome import (
    CashFlow,
    Curve,
    Economics,
    Flows,
    Outcome,
    Valuation,
    WaterfallStep,
    economics,
    monthly_flows,
    value_levels,
    waterfall,
)
from cxroi.model.panel import Panel
from cxroi.model.projection import COARSE_LEVELS, Future, ProjectionTable, cut_for_uplift, retention_change, tabulate
from cxroi.model.proposal import propose_pilot
from cxroi.model.scenario import Scenario
from cxroi.model.tei import tei_of_plan
from cxroi.model.uncertainty import Draws, resample
from cxroi.model.verdict import Call, PilotProposal, Verdict, judge

if TYPE_CHECKING:
    from cxroi.store.counts import Note
    from cxroi.store.spend import CostAccount

_PINNED_DRAWS, _BREAK_EVEN_DRAWS = 512, 256


@dataclass(frozen=True, kw_only=True)
class SegmentCase:
    """One segment's own outcome and verdict, its spend moved alone."""

    segment: str
    outcome: Outcome
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, eq=False)
class BusinessCase:
    """One scenario on one version of the data. `scenario` is resolved: no None is left where the evidence has an answer;
    `asked` is the scenario as it came (a resolved one asked again would pin the curve through its uplift, grade F)."""

    panel: Panel
    baseline: Baseline
    scenario: Scenario
    assumptions: tuple[Assumption, ...]
    outcome: Outcome
    verdict: Verdict
    health: tuple[HealthCheck, ...]
    curve: Curve
    cash_flow: CashFlow
    waterfall: tuple[WaterfallStep, ...]
    segments: tuple[SegmentCase, ...]
    currency: str
    data_version: str
    illustrative: bool
    asked: Scenario = field(default_factory=Scenario)
    notes: tuple[Note, ...] = ()  # what a reader should know about the data
    account: CostAccount | None = None  # where the cost ledger went


def build_business_case(evidence: Evidence, scenario: Scenario) -> BusinessCase:
    """Return the business case of one scenario: the fast part.

    Raises ScenarioError where the scenario's uplift contradicts its level, or cannot be reached.
    """
    asked, table, typed = _planned(evidence, scenario)
    plan = asked.investment_level_percent or 0.0
    money = economics(evidence.baseline, scenario, plan)
    valuation = value_levels(money, table)
    flows = monthly_flows(money, table.future, scenario.horizon_months)
    uplift = retention_change(table.future, money.customers, plan)
    resolved = _resolved(asked, evidence, money, float(np.median(uplift)))
    steps = waterfall(money, valuation)
    health = evidence.health + _scenario_health(evidence, valuation, money, steps, uplift, typed)
    grade = Grade.TYPED_IN if typed else evidence.posterior.grade
    break_even = break_even_uplifts(money, table.future.thinned(_BREAK_EVEN_DRAWS), scenario.horizon_months)
    settled = _Settled(evidence, money, valuation, table.future, flows, break_even, grade, first_failed(health))
    return BusinessCase(
        panel=evidence.panel,
        baseline=evidence.baseline,
        scenario=resolved,
        assumptions=_assumptions(evidence, scenario, resolved, grade),
        outcome=settled.outcome(None),
        verdict=settled.verdict(None),
        health=health,
        curve=curve(valuation, None, evidence.observed_percent),
        cash_flow=cash_flow(flows.whole),
        waterfall=steps,
        segments=tuple(
            SegmentCase(segment=name.segment, outcome=settled.outcome(s), verdict=settled.verdict(s))
            for s, name in enumerate(evidence.baseline.segments)
        ),
        currency=scenario.currency or evidence.panel.currency,
        data_version=evidence.data_version,
        illustrative=evidence.illustrative,
        asked=scenario,
        notes=evidence.notes,
        account=evidence.account,
    )


def tei_view(evidence: Evidence, scenario: Scenario) -> TeiSummary:
    """Return the plan of a scenario as a Total Economic Impact table: by year, discounted at year ends."""
    asked, table, _ = _planned(evidence, scenario)
    money = economics(evidence.baseline, scenario, asked.investment_level_percent or 0.0)
    return tei_of_plan(money, table.future, scenario.horizon_months)


def _planned(evidence: Evidence, scenario: Scenario) -> tuple[Scenario, ProjectionTable, bool]:
    """Return the scenario with its level settled, the projection behind it, and whether its uplift was typed in."""
    plan = scenario.investment_level_percent
    plan = best_level(evidence, scenario) if plan is None else plan
    asked = replace(scenario, investment_level_percent=plan)  # checks the uplift against the level
    if asked.retention_uplift_pp and plan != 100:
        return asked, _pinned_table(evidence, asked), True
    return asked, evidence.table(scenario.annual_discount_rate, scenario.horizon_months), False


def best_level(evidence: Evidence, scenario: Scenario) -> float:
    """Return the level of spend with the highest expected value inside the range ever observed, in whole percents of five."""
    bare = Scenario(
        horizon_months=scenario.horizon_months,
        annual_discount_rate=scenario.annual_discount_rate,
        contribution_margin_rate=scenario.contribution_margin_rate,
        new_customers_per_month=scenario.new_customers_per_month,
        benefit_risk_adjustment_rate=scenario.benefit_risk_adjustment_rate,
        cost_risk_adjustment_rate=scenario.cost_risk_adjustment_rate,
    )  # what comes with a plan is the same at every level of it
    money = economics(evidence.baseline, bare, 300.0)
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    expected = objective(scenario, *value_levels(money, table).of(None)[:2]).mean(axis=1)
    low, high = evidence.observed_percent
    inside = (
        (table.level_percent % 5 == 0)
        & (table.level_percent >= min(low, 100))
        & (table.level_percent <= max(high, 100))
    )
    return float(table.level_percent[inside][expected[inside].argmax()])


@dataclass(frozen=True, eq=False)
class _Settled:
    """Everything worked out for a scenario, from which each segment and the whole take their outcome and verdict."""

    evidence: Evidence
    money: Economics
    valuation: Valuation
    future: Future
    flows: Flows
    break_even_pp: tuple[float | None, ...]  # per segment, then the whole
    grade: Grade
    failed: str | None

    def outcome(self, segment: int | None) -> Outcome:
        money = self.money
        only = slice(None) if segment is None else slice(segment, segment + 1)
        weight = np.zeros(money.customers.size)
        weight[only] = money.customers[only]
        return appraise(
            self.valuation,
            segment,
            self.flows.whole if segment is None else self.flows.segments[:, segment],
            plan_percent=money.plan_percent,
            extrapolated=self.evidence.posterior.observed_low > 0.25,
            break_even_uplift_pp=self.break_even_pp[-1 if segment is None else segment],
            observed_uplift_pp=self.evidence.observed_uplift_pp if segment is None else None,
            uplift_pp=retention_change(self.future, weight, money.plan_percent),
        )

    def verdict(self, segment: int | None) -> Verdict:
        scenario, only = self.money.scenario, slice(None) if segment is None else slice(segment, segment + 1)
        spends = [s.cx_spend_per_month for s in self.evidence.baseline.segments][only]
        months = self.valuation.today_months[only].mean(axis=1)
        materiality = scenario.materiality_rate * float((self.money.spend[only] * months).sum())
        verdict = judge(
            level_percent=self.valuation.level_percent,
            value=objective(scenario, *self.valuation.of(segment)[:2]),
            today_spend=float(sum(spends)),
            materiality=materiality,
            grade=self.grade,
            failed_check=self.failed,
        )
        return replace(verdict, pilot=self._pilot(only)) if verdict.call is Call.NOT_ENOUGH_EVIDENCE else verdict

    def _pilot(self, only: slice) -> PilotProposal | None:
        segments = self.evidence.baseline.segments[only]
        first = only.start or 0
        values = [objective(self.money.scenario, *self.valuation.of(first + s)[:2]) for s in range(len(segments))]
        return propose_pilot(self.future, self.valuation.level_percent, values, segments, first)


def objective(scenario: Scenario, benefit: Draws, cost: Draws) -> Draws:
    """Return what the best level maximises: benefit less (1 + hurdle) times cost, in present value."""
    return benefit - (1 + scenario.hurdle_net_return) * cost


def _pinned_table(evidence: Evidence, scenario: Scenario) -> ProjectionTable:
    """Return the table whose curve goes through the typed uplift at the plan's level: one churn cut, each draw's own shape.

    A shape counts by how likely the strength is that it takes: one that buys next to nothing at the plan's level would
    have to buy the impossible elsewhere.
    """
    plan, uplift = scenario.investment_level_percent or 0.0, scenario.retention_uplift_pp or 0.0
    future = evidence.future.thinned(2 * _PINNED_DRAWS)
    customers = np.array([segment.customers for segment in evidence.baseline.segments])
    cut = cut_for_uplift(future, customers, uplift)
    if np.isnan(cut).any():
        retention = evidence.baseline.whole.annual_retention_rate.mid
        raise ScenarioError("scenario.uplift_out_of_reach", value=uplift, retention=round(100 * retention, 1))
    gain = future.final_gain(plan)
    gain = np.copysign(np.maximum(np.abs(gain), 1e-6), plan - 100)
    strength = cut / gain
    before = evidence.posterior.prior or evidence.posterior
    log_weight = -0.5 * strength**2 / float((before.strength**2).mean()) - np.log(np.abs(gain))
    chosen = resample(log_weight, _PINNED_DRAWS)
    spends = np.array([segment.cx_spend_per_month > 0 for segment in evidence.baseline.segments])
    pinned = future.take(chosen).with_strength(strength[chosen, None] * spends)
    levels = np.union1d(COARSE_LEVELS, [plan])
    return tabulate(pinned, scenario.annual_discount_rate, scenario.horizon_months, levels)


def _resolved(scenario: Scenario, evidence: Evidence, money: Economics, uplift_pp: float) -> Scenario:
    margin = scenario.contribution_margin_rate
    whole = evidence.baseline.whole
    if margin is None and whole.revenue_per_customer_month > 0:
        rate = whole.contribution_margin_per_customer_month / whole.revenue_per_customer_month
        margin = rate if 0 <= rate <= 1 else None
    typed = scenario.retention_uplift_pp
    plan = scenario.investment_level_percent
    found = 0.0 if plan == 100 else float(np.clip(uplift_pp, -50, 50))
    if plan is not None and (plan - 100) * found < 0:
        found = 0.0
    return replace(
        scenario,
        retention_uplift_pp=found if typed is None else typed,
        contribution_margin_rate=margin,
        new_customers_per_month=float(money.joins.sum()),
        currency=scenario.currency or evidence.panel.currency,
    )


def _assumptions(evidence: Evidence, asked: Scenario, resolved: Scenario, grade: Grade) -> tuple[Assumption, ...]:
    """Return the register as this scenario has it: what a person changed is graded F, what the data gave keeps its grade."""
    rows = []
    for name, entry in evidence.register.items():
        given = getattr(asked, name)
        changed = given is not None and given != entry.value
        own = grade if name in ("investment_level_percent", "retention_uplift_pp") else entry.grade
        rows.append(replace(entry, value=getattr(resolved, name), grade=Grade.TYPED_IN if changed else own))
    return tuple(rows)


def _scenario_health(
    evidence: Evidence,
    valuation: Valuation,
    money: Economics,
    steps: tuple[WaterfallStep, ...],
    uplift: Draws,
    typed: bool,
) -> tuple[HealthCheck, ...]:
    amount = {step.name: step.amount for step in steps}
    levers = {
        "retention": amount["gross_claim"] + amount["cost_to_serve"],
        **{n: amount.get(n, 0.0) for n in ("spend_uplift", "support_change", "referral", "staff_saving")},
    }
    return scenario_checks(
        benefit=amount["benefit"],
        revenue=float((money.revenue[:, None] * valuation.today_months).sum(axis=0).mean()),
        levers=levers,
        uplift_pp=float(np.median(uplift)),
        observed_uplift_pp=evidence.observed_uplift_pp,
        typed=typed,
    )
