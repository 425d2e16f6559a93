"""A plan: one scenario with its level of spend settled, valued against today, for the whole and for each segment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeVar, cast

import numpy as np

from cxroi.errors import ScenarioError
from cxroi.model.assumption import Grade
from cxroi.model.decision.health import HealthCheck, scenario_checks
from cxroi.model.decision.steps import WHOLE_LEVELS
from cxroi.model.decision.verdict import Verdict
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws, Interval
from cxroi.model.value.appraisal import appraise, break_even_uplift, cash_flow, curve, plan_figures
from cxroi.model.value.customer_months import stacked
from cxroi.model.value.economics import Economics, economics
from cxroi.model.value.future import ramp_to, retention_change
from cxroi.model.value.outcome import CashFlow, Curve, Outcome, PlanFigures, WaterfallStep
from cxroi.model.value.projection import COARSE_LEVELS, ProjectionTable, project
from cxroi.model.value.valuation import Valuation, monthly_flows, value_levels, waterfall
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import Judgement, judgement_of, objective, rows_of

_T = TypeVar("_T")
_BREAK_EVEN_DRAWS, _SEGMENT_STRIDE, _KEPT = 128, 4, 64
_NOT_YET = object()
_DRAWN = COARSE_LEVELS[COARSE_LEVELS % 10 == 0]  # the steps beside today are for the slope of the evidence
_LEARNED = ("retention", "more_per_customer", "cheaper_support", "new_customers")


@dataclass(frozen=True, kw_only=True, eq=False)
class SpendPlan:
    """One scenario, as asked, at the level of spend it settles on; every part is worked out when first asked for."""

    evidence: Evidence
    scenario: Scenario
    level_percent: float
    table: ProjectionTable  # of a typed uplift, of today's level alone
    judgement: Judgement
    typed: bool  # the uplift was typed in

    @cached_property
    def money(self) -> Economics:
        """Return the money side; what the verdict rests on but is in doubt is not counted."""
        without = frozenset(self.judgement.rests_on)
        return economics(self.evidence.baseline, self.scenario, self.level_percent, without)

    @cached_property
    def valuation(self) -> Valuation:
        """Return what the plan is worth against today."""
        return value_levels(self.money, self.table)

    @cached_property
    def levels(self) -> Valuation:
        """Return what every level is worth against today."""
        table = _through(self.table, self.evidence)
        return self.valuation if table is self.table else value_levels(self.money, table)

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

    @property
    def is_extrapolated(self) -> bool:
        """Return whether the data never came near zero spend, against which the programme is held."""
        return self.evidence.posterior.observed_low > 0.25

    @cached_property
    def health(self) -> tuple[HealthCheck, ...]:
        """Return the checks of the evidence, whether the call survives, then those that depend on the plan."""
        amount = {step.name: step.amount for step in self.steps}
        levers = {
            "retention": sum(amount.get(n, 0.0) for n in ("gross_claim", "cost_to_serve", "overlap", "residual_value")),
            **{n: amount.get(n, 0.0) for n in _LEARNED[1:]},
            **{n: amount.get(n, 0.0) for n in ("spend_uplift", "support_change", "referral", "staff_saving")},
        }
        return self.judgement.health + scenario_checks(
            benefit=amount["benefit"],
            revenue=float(self.money.revenue @ self.valuation.today_months.mean(axis=1)),
            levers=levers,
            learned=_LEARNED[1 if self.typed else 0 :],
            uplift_pp=float(np.median(self.uplift_pp)),
            observed_uplift_pp=self.evidence.observed_uplift_pp,
        )

    @cached_property
    def figures(self) -> PlanFigures:
        """Return what is said first of the plan, the whole's; a tenth of the work of its outcome."""
        return plan_figures(*self.valuation.of_plan, self.flows, self.uplift_pp)

    @cached_property
    def cash_flow(self) -> CashFlow:
        """Return the cash of the whole as it adds up."""
        return cash_flow(self.flows)

    @cached_property
    def whole(self) -> Outcome:
        """Return the outcome of the whole."""
        return self.outcome(None)

    def outcome(self, segment: int | None) -> Outcome:
        """Return the outcome of one segment, its spend moved alone, or of the whole (None)."""
        rows, stride = rows_of(segment), 1 if segment is None else _SEGMENT_STRIDE
        money = self.money if segment is None else self.money.only(segment)
        weight = np.zeros(self.money.customers.size)
        weight[rows] = money.customers
        return appraise(
            self.levels.of(segment),
            self.flows if segment is None else monthly_flows(self.money, self.valuation.headcount, segment, stride),
            today=self.levels.today,
            plan_percent=self.level_percent,
            extrapolated=self.is_extrapolated,
            break_even_uplift_pp=self.break_even_uplift_pp if segment is None else self._break_even(money, segment),
            observed_uplift_pp=self.evidence.observed_uplift_pp if segment is None else None,
            residual=self._residual(rows, stride),
            next_unit=self.judgement.return_on_next_unit(segment),
            uplift_pp=self.uplift_pp
            if segment is None
            else retention_change(self.table.future, weight, self.level_percent),
        )

    @cached_property
    def break_even_uplift_pp(self) -> float | None:
        """Return the uplift, points, at which the plan for the whole breaks even."""
        return self._break_even(self.money, None)

    def _break_even(self, money: Economics, segment: int | None) -> float | None:
        """Return the uplift at which the plan breaks even, which is the same whatever uplift is typed."""

        def found() -> float | None:
            future, months = self.table.future, self.scenario.horizon_months
            few = future.thinned(_BREAK_EVEN_DRAWS)
            if segment is not None:
                return break_even_uplift(money, few.only(rows_of(segment)), months)
            course = self.money.course(months)
            path = self.valuation.headcount.path(self.level_percent, course).every(future.stride(_BREAK_EVEN_DRAWS))
            return break_even_uplift(money, few, months, path)

        return self._shared(("break_even", segment, self.level_percent), found)

    def _residual(self, rows: slice, stride: int) -> Draws | None:
        worth = self.valuation.plan_residual
        if worth is None:
            return None
        kept = 1 - self.scenario.benefit_risk_adjustment_rate
        at_end: Draws = kept * worth[rows, ::stride].sum(axis=0) / self.table.discount[-1]
        return at_end

    @cached_property
    def curve(self) -> Curve:
        """Return net present value against the level of spend."""
        drawn = partial(curve, self.levels, self.evidence.observed_percent)
        return drawn() if self.typed else self._shared("curve", drawn)

    def verdict(self, segment: int | None) -> Verdict:
        """Return the verdict on today's spend of one segment, or of the whole (None): the evidence's, whatever the plan."""
        return self.judgement.verdict_on(segment)

    def change_percent(self, channel: Channel) -> float:
        """Return by how many percent the plan moves a channel, as far as it is counted: the middle of the evidence, or what was typed."""
        one = next((one for one in self.evidence.channels if one.channel is channel), None)
        if one is None or channel in self.money.without:
            return 0.0
        return float(np.median(one.change_percent(self.level_percent, self.money.customers)))

    def if_it_holds(self, channel: Channel) -> Interval:
        """Return what a channel that is not counted would add to the plan's net present value."""
        money = replace(self.money, without=self.money.without - {channel})
        worth, now = value_levels(money, self.table).whole, self.valuation.whole
        more = (worth.plan_benefit - worth.plan_cost) - (now.plan_benefit - now.plan_cost)
        return Interval.around(float(more.mean()), more)

    def _shared(self, name: object, work_out: Callable[[], _T]) -> _T:
        """Return what moves neither with a typed uplift nor, unless something comes with the plan, with its level: kept for the next
        plan."""
        level = self.level_percent if self.money.comes_with_plan else None
        bare = replace(self.scenario, investment_level_percent=None, retention_uplift_pp=None)
        table = self.table.plain or self.table
        head = table.headcount(self.money.customers, self.money.joins, self.money.without)
        kept, key = head.shared, (name, bare, level, self.money.without)
        found = kept.get(key, _NOT_YET)
        if found is not _NOT_YET:
            return cast("_T", found)
        found = work_out()
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = found
        return found


def plan_of(evidence: Evidence, scenario: Scenario) -> SpendPlan:
    """Return the plan of a scenario; raises ScenarioError where its uplift cannot be reached."""
    level = scenario.investment_level_percent
    level = best_level(evidence, scenario) if level is None else level
    typed = scenario.retention_uplift_pp
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    if typed is not None:
        table = _typed_table(evidence, table, level, typed)
    judgement = judgement_of(evidence, scenario)
    return SpendPlan(
        evidence=evidence,
        scenario=scenario,
        level_percent=level,
        table=table,
        judgement=judgement,
        typed=typed is not None,
    )


def best_level(evidence: Evidence, scenario: Scenario) -> float:
    """Return the level of spend with the highest expected value inside the range ever observed: one of those that the verdict's steps
    go to, so that plan and steps name the same."""
    judgement = judgement_of(evidence, scenario)
    valuation = judgement.valuation(frozenset(judgement.rests_on))
    level = valuation.level_percent
    low, high = evidence.observed_percent
    inside = np.flatnonzero((level >= min(low, 100)) & (level <= max(high, 100)) & (level % WHOLE_LEVELS == 0))
    expected = objective(judgement.scenario, valuation.whole).mean(axis=1)[inside]
    return float(level[inside][int(expected.argmax())])


def _typed_table(evidence: Evidence, plain: ProjectionTable, level_percent: float, uplift_pp: float) -> ProjectionTable:
    """Return the table of today's level with an uplift typed at the plan's, the other levels of the evidence's table left out."""
    retention = 100 * evidence.baseline.whole.annual_retention_rate.mid
    if not -retention <= uplift_pp < 100 - retention:
        raise ScenarioError("scenario.uplift_out_of_reach", value=uplift_pp, retention=round(retention, 1))
    typed = evidence.lever(level_percent, plain.discount.size).at(uplift_pp)
    table = replace(plain, sums=plain.sums_at(100.0), future=typed, plain=plain, _last={})
    return _through(table, evidence) if level_percent == 100 else table


def _through(table: ProjectionTable, evidence: Evidence) -> ProjectionTable:
    """Return the table of a typed uplift over all levels: in proportion between today's and the plan's, as there beyond it."""
    future, plain, months = table.future, table.plain, table.discount.size
    if future.typed is None or plain is None or table.level_percent.size > 1:
        return table
    level = future.typed.plan_percent
    moving = _DRAWN[ramp_to(level, _DRAWN) > 0]
    same = plain.level_percent[(ramp_to(level, plain.level_percent) == 0)]
    known = evidence.paths(months)
    found = project(
        future,
        plain.discount,
        (levels := np.union1d(moving, [level])),
        (
            replace(known[at], typed=future.typed_by_month(at, months)) if at in known else future.path(at, months)
            for at in levels.tolist()
        ),
    )
    return replace(found, sums=stacked([*(plain.sums_at(at) for at in same.tolist()), found.sums]).ordered, plain=plain)
