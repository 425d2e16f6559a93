"""A plan: one scenario with its level of spend settled, valued against today, for the whole and for each segment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from cxroi.business_case.evidence import PINNED_DRAWS, Evidence
from cxroi.errors import ScenarioError
from cxroi.model.appraisal import appraise, break_even_uplift, curve
from cxroi.model.assumption import Grade
from cxroi.model.discount import discount_factors
from cxroi.model.economics import Economics, economics
from cxroi.model.future import cut_for_uplift, retention_change
from cxroi.model.health import HealthCheck, first_failed, scenario_checks
from cxroi.model.outcome import Curve, Outcome, WaterfallStep
from cxroi.model.projection import (
    COARSE_LEVELS,
    More,
    ProjectionTable,
    customer_months,
    project,
    what_else,
)
from cxroi.model.proposal import propose_pilot
from cxroi.model.scenario import Scenario
from cxroi.model.uncertainty import Draws, resample
from cxroi.model.valuation import Valuation, Worth, monthly_flows, value_levels, waterfall
from cxroi.model.verdict import Call, PilotProposal, Verdict, judge

_T = TypeVar("_T")
_BREAK_EVEN_DRAWS, _SEGMENT_STRIDE, _KEPT = 256, 4, 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """One scenario, as asked, at the level of spend it settles on; every part is worked out when first asked for."""

    evidence: Evidence
    scenario: Scenario
    level_percent: float
    table: ProjectionTable
    typed: bool  # the uplift was typed in

    @cached_property
    def money(self) -> Economics:
        """Return the money side."""
        return economics(self.evidence.baseline, self.scenario, self.level_percent)

    @cached_property
    def valuation(self) -> Valuation:
        """Return what every level is worth against today."""
        return value_levels(self.money, self.table)

    @cached_property
    def flows(self) -> Draws:
        """Return the monthly net cash of the whole, (T + 1, n)."""
        return monthly_flows(self.money, self.valuation.headcount)

    @cached_property
    def uplift_pp(self) -> Draws:
        """Return the change in the company's annual retention, points, (n,)."""
        return retention_change(self.table.future, self.money.customers, self.level_percent)

    @cached_property
    def steps(self) -> tuple[WaterfallStep, ...]:
        """Return the waterfall."""
        return waterfall(self.money, self.valuation)

    @property
    def grade(self) -> Grade:
        """Return how far the link from spend to churn can be trusted."""
        return Grade.TYPED_IN if self.typed else self.evidence.posterior.grade

    @cached_property
    def health(self) -> tuple[HealthCheck, ...]:
        """Return the checks of the evidence, then those that depend on the scenario."""
        amount = {step.name: step.amount for step in self.steps}
        levers = {
            "retention": sum(amount.get(n, 0.0) for n in ("gross_claim", "cost_to_serve", "overlap", "residual_value")),
            **{n: amount.get(n, 0.0) for n in ("more_per_customer", "cheaper_support", "new_customers")},
            **{n: amount.get(n, 0.0) for n in ("spend_uplift", "support_change", "referral", "staff_saving")},
        }
        return self.evidence.health + scenario_checks(
            benefit=amount["benefit"],
            revenue=float(self.money.revenue @ self.valuation.today_months.mean(axis=1)),
            levers=levers,
            uplift_pp=float(np.median(self.uplift_pp)),
            observed_uplift_pp=self.evidence.observed_uplift_pp,
            typed=self.typed,
        )

    def outcome(self, segment: int | None) -> Outcome:
        """Return the outcome of one segment, its spend moved alone, or of the whole (None)."""
        future = self.table.future.thinned(_BREAK_EVEN_DRAWS)
        money = self.money if segment is None else self.money.only(segment)
        weight = np.zeros(self.money.customers.size)
        weight[_rows(segment)] = money.customers
        return appraise(
            self.valuation.of(segment),
            self.flows
            if segment is None
            else monthly_flows(self.money, self.valuation.headcount, segment, _SEGMENT_STRIDE),
            today=self.valuation.today,
            plan_percent=self.level_percent,
            extrapolated=self.evidence.posterior.observed_low > 0.25,
            break_even_uplift_pp=break_even_uplift(money, future.only(_rows(segment)), self.scenario.horizon_months),
            observed_uplift_pp=self.evidence.observed_uplift_pp if segment is None else None,
            residual=self._residual(money, _rows(segment), 1 if segment is None else _SEGMENT_STRIDE),
            uplift_pp=self.uplift_pp
            if segment is None
            else retention_change(self.table.future, weight, self.level_percent),
        )

    def _residual(self, money: Economics, rows: slice, stride: int) -> Draws | None:
        after = self.valuation.plan_after
        if after is None:
            return None
        kept = 1 - self.scenario.benefit_risk_adjustment_rate
        worth: Draws = kept * (money.after @ after[rows, ::stride]) / self.table.discount[-1]
        return worth

    @cached_property
    def curve(self) -> Curve:
        """Return net present value against the level of spend."""
        return self._shared("curve", lambda: curve(self.valuation, self.evidence.observed_percent))

    def verdict(self, segment: int | None) -> Verdict:
        """Return the verdict on today's spend of one segment, or of the whole (None)."""
        if segment is not None:
            return self._judged(segment)
        facts = (str(self.grade), first_failed(self.health))
        return self._shared(("verdict", *facts), lambda: self._judged(None))

    def _shared(self, name: object, work_out: Callable[[], _T]) -> _T:
        """Return what does not move with the plan's level unless something comes with the plan: kept for the next plan."""
        level = self.level_percent if self.money.comes_with_plan else None
        bare = replace(self.scenario, investment_level_percent=None, retention_uplift_pp=None)
        kept, key = cast("dict[object, _T]", self.valuation.headcount.shared), (name, bare, level)
        if key not in kept:
            if len(kept) >= _KEPT:
                kept.clear()
            kept[key] = work_out()
        return kept[key]

    def _judged(self, segment: int | None) -> Verdict:
        rows = _rows(segment)
        spends = [s.cx_spend_per_month for s in self.evidence.baseline.segments][rows]
        months = self.valuation.today_months[rows].mean(axis=1)
        verdict = judge(
            level_percent=self.valuation.level_percent,
            value=objective(self.scenario, self.valuation.of(segment)),
            today_spend=float(sum(spends)),
            materiality=self.scenario.materiality_rate * float((self.money.spend[rows] * months).sum()),
            grade=self.grade,
            failed_check=first_failed(self.health) or self._rests_on(segment),
        )
        return replace(verdict, pilot=self._pilot(rows)) if verdict.call is Call.NOT_ENOUGH_EVIDENCE else verdict

    def _rests_on(self, segment: int | None) -> str | None:
        """Return the channel in doubt without which the call would be another one; None where there is none."""
        full = objective(self.scenario, self.valuation.of(segment))
        rows = _rows(segment)
        spent = float((self.money.spend[rows] * self.valuation.today_months[rows].mean(axis=1)).sum())

        def call(value: Draws) -> Call:
            level, materiality = self.valuation.level_percent, self.scenario.materiality_rate * spent
            return judge(
                level_percent=level, value=value, today_spend=1.0, materiality=materiality, grade=self.grade
            ).call

        doubted = self.evidence.channels_in_doubt
        if not doubted or not self.table.more:
            return None
        as_it_is = call(full)
        for name in doubted:
            part = {"margin": "margin", "support": "support", "joins": "joined"}[name.value]
            without = tuple(None if one is None else replace(one, **{part: None}) for one in self.table.more)
            table = replace(self.table, more=without, _last={})
            other = value_levels(self.money, table).of(segment)
            if call(objective(self.scenario, other)) is not as_it_is:
                return f"rests_on_{name.value}"
        return None

    def _pilot(self, rows: slice) -> PilotProposal | None:
        segments = self.evidence.baseline.segments[rows]
        first = rows.start or 0
        values = [objective(self.scenario, self.valuation.of(first + s)) for s in range(len(segments))]
        return propose_pilot(self.table.future, self.valuation.level_percent, values, segments, first)


def _rows(segment: int | None) -> slice:
    return slice(None) if segment is None else slice(segment, segment + 1)


def plan_of(evidence: Evidence, scenario: Scenario) -> Plan:
    """Return the plan of a scenario; raises ScenarioError where its uplift contradicts its level, or cannot be reached."""
    level = scenario.investment_level_percent
    level = best_level(evidence, scenario) if level is None else level
    settled = replace(scenario, investment_level_percent=level)  # checks the uplift against the level
    typed = bool(settled.retention_uplift_pp) and level != 100
    table = (
        _pinned_table(evidence, settled)
        if typed
        else evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    )
    return Plan(evidence=evidence, scenario=scenario, level_percent=level, table=table, typed=typed)


def best_level(evidence: Evidence, scenario: Scenario) -> float:
    """Return the level of spend with the highest expected value inside the range ever observed, in whole percents of five."""
    bare = Scenario(
        horizon_months=scenario.horizon_months,
        annual_discount_rate=scenario.annual_discount_rate,
        contribution_margin_rate=scenario.contribution_margin_rate,
        new_customers_per_month=scenario.new_customers_per_month,
        benefit_risk_adjustment_rate=scenario.benefit_risk_adjustment_rate,
        cost_risk_adjustment_rate=scenario.cost_risk_adjustment_rate,
        residual_value_months=scenario.residual_value_months,
    )  # what comes with a plan is the same at every level of it
    money = economics(evidence.baseline, bare, 300.0)
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    expected = objective(scenario, value_levels(money, table).whole).mean(axis=1)
    low, high = evidence.observed_percent
    inside = (
        (table.level_percent % 5 == 0)
        & (table.level_percent >= min(low, 100))
        & (table.level_percent <= max(high, 100))
    )
    return float(table.level_percent[inside][expected[inside].argmax()])


def objective(scenario: Scenario, worth: Worth) -> Draws:
    """Return what the best level maximises, (L, n): benefit less (1 + hurdle) times cost, in present value."""
    return worth.benefit - (1 + scenario.hurdle_net_return) * worth.cost


def _pinned_table(evidence: Evidence, scenario: Scenario) -> ProjectionTable:
    """Return the table whose curve goes through the typed uplift at the plan's level: one churn cut, each draw's own shape.

    A shape counts by how likely the strength is that it takes: one that buys next to nothing at the plan's level would
    have to buy the impossible elsewhere.
    """
    plan, uplift = float(scenario.investment_level_percent or 0.0), float(scenario.retention_uplift_pp or 0.0)
    future, discount = evidence.thin_future, discount_factors(scenario.annual_discount_rate, scenario.horizon_months)
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
    chosen = resample(log_weight, PINNED_DRAWS)
    spends = np.array([segment.cx_spend_per_month > 0 for segment in evidence.baseline.segments])
    pinned = future.take(chosen).with_strength(strength[chosen, None] * spends)
    known, levels = evidence.coarse_gains(scenario.horizon_months), np.union1d(COARSE_LEVELS, [plan])
    gains = (known[at] if at in known else future.path_gain(at, scenario.horizon_months) for at in levels.tolist())
    churn_only = project(replace(pinned, channels=()), discount, levels, (gain[chosen] for gain in gains))
    return replace(churn_only, future=pinned, more=_more_when_pinned(evidence, scenario, churn_only, chosen))


def _more_when_pinned(
    evidence: Evidence, scenario: Scenario, pinned: ProjectionTable, chosen: NDArray[np.int64]
) -> tuple[More | None, ...]:
    """Return what spend does beside churn when the churn cut is typed in: that of the evidence, in proportion to customer-months.

    sum_t d_t N_t (e^(b G_t) - 1) with the pinned N_t in place of the evidence's: their ratio of discounted customer-months stands
    for that of each month, which moves the result by the product of two small changes.
    """
    if not evidence.future.channels:
        return ()
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    at = np.arange(len(evidence.future.churn))[:: max(1, len(evidence.future.churn) // (2 * PINNED_DRAWS))][chosen]
    out: list[More | None] = []
    picked: slice | NDArray[np.int64]
    for row, level in enumerate(pinned.level_percent.tolist()):
        known = np.flatnonzero(table.level_percent == level)
        more = table.more[known[0]] if known.size and table.more else None
        if not known.size:
            future = evidence.future.take(at)
            path = future.path_gain(level, scenario.horizon_months)
            stay, inflow = customer_months(future, path, table.discount)
            more, picked = what_else(future, path, level, table.discount), slice(None)
        else:
            stay, inflow, picked = table.stay[known[0]][:, at], table.inflow[known[0]][:, at], at
        if more is None:
            out.append(None)
            continue
        by_stay, by_inflow = pinned.stay[row] / stay, pinned.inflow[row] / inflow
        out.append(
            More(
                joined=None if more.joined is None else more.joined[:, picked] * by_inflow,
                margin=None
                if more.margin is None
                else (more.margin[0][:, picked] * by_stay, more.margin[1][:, picked] * by_inflow),
                support=None
                if more.support is None
                else (more.support[0][:, picked] * by_stay, more.support[1][:, picked] * by_inflow),
            )
        )
    return tuple(out)
