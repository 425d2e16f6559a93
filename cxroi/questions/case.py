"""One scenario on one version of the data, worked out whole: what a slider asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast, overload

import numpy as np

from cxroi.model.assumption import Assumption, Grade
from cxroi.model.company.baseline import Baseline
from cxroi.model.company.panel import Panel
from cxroi.model.decision.health import HealthCheck
from cxroi.model.decision.robustness import SurvivalCheck
from cxroi.model.decision.verdict import Verdict
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import Scenario
from cxroi.model.value.later import Later
from cxroi.model.value.outcome import CashFlow, Curve, Outcome, WaterfallStep
from cxroi.model.value.tei import TeiSummary, tei_of_plan
from cxroi.questions.break_evens import BreakEvens, break_evens
from cxroi.questions.channels import ChannelFact, channel_facts
from cxroi.questions.cx_part import CxPart
from cxroi.questions.data import OpenVersion
from cxroi.questions.events import EventFact
from cxroi.questions.evidence import Evidence
from cxroi.questions.gathering import evidence_of
from cxroi.questions.horizons import HorizonVerdict, ask_horizons
from cxroi.questions.judgement import judgement_of
from cxroi.questions.plan import SpendPlan, plan_of
from cxroi.questions.survival import ask_survival

if TYPE_CHECKING:
    from cxroi.store.panel.counts import Note
    from cxroi.store.panel.spend import CostAccount


_MORE_OF_OUTCOME = ("benefit", "roi", "programme_roi", "marginal_roi", "benefit_cost_ratio", "annual_irr")


@dataclass(frozen=True, kw_only=True)
class SegmentCase:
    """One segment's own outcome and verdict, its spend moved alone."""

    segment: str
    outcome: Outcome
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, eq=False)
class BusinessCase:
    """One scenario on one version of the data. `scenario` is resolved: no None is left where the evidence has an answer;
    `asked` is the scenario as it came (a resolved one asked again would pin the curve through its uplift, grade F).
    What a headline says is there; all else is worked out when somebody looks at it."""

    panel: Panel
    baseline: Baseline
    scenario: Scenario
    assumptions: Later[tuple[Assumption, ...]] = Later()
    outcome: Outcome
    verdict: Verdict
    health: Later[tuple[HealthCheck, ...]] = Later()
    curve: Later[Curve] = Later()
    cash_flow: Later[CashFlow] = Later()
    waterfall: Later[tuple[WaterfallStep, ...]] = Later()
    segments: Sequence[SegmentCase]
    currency: str
    data_version: str
    illustrative: bool
    asked: Scenario = field(default_factory=Scenario)
    notes: tuple[Note, ...] = ()  # what a reader should know about the data
    account: CostAccount | None = None  # where the cost ledger went
    cx_part: CxPart | None = None  # which part of it counts, and who said so
    events: tuple[EventFact, ...] = ()  # what happened beside spend, and what it took away
    around: Around = field(default_factory=lambda: Around(), repr=False)

    @property
    def level_percent(self) -> float:
        """Return the plan's level of spend, percent of today's."""
        level = self.scenario.investment_level_percent
        return 100.0 if level is None else level

    @cached_property
    def break_evens(self) -> BreakEvens | None:
        """Return what would change the verdict on the whole."""
        return self.around.break_evens()

    @cached_property
    def channels(self) -> tuple[ChannelFact, ...]:
        """Return every way in which spend may pay."""
        return self.around.channels()

    @cached_property
    def horizons(self) -> tuple[HorizonVerdict, ...]:
        """Return the verdict over a strip of horizons."""
        return self.around.horizons()

    @cached_property
    def beside(self) -> Verdict | None:
        """Return the verdict with nothing counted after the horizon or, where that is the setting, with customers kept for life."""
        return self.around.beside()

    @cached_property
    def survival(self) -> tuple[SurvivalCheck, ...]:
        """Return whether the verdict on the whole survives each kind of change to what it was made from."""
        return self.around.survival()


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is asked around a case: worked out when somebody looks, and never for a slider."""

    break_evens: Callable[[], BreakEvens | None] = lambda: None
    channels: Callable[[], tuple[ChannelFact, ...]] = tuple
    horizons: Callable[[], tuple[HorizonVerdict, ...]] = tuple
    beside: Callable[[], Verdict | None] = lambda: None
    survival: Callable[[], tuple[SurvivalCheck, ...]] = tuple


def build_business_case(evidence: Evidence, scenario: Scenario) -> BusinessCase:
    """Return the business case of one scenario: the fast part.

    Raises ScenarioError where the scenario's uplift contradicts its level, or cannot be reached.
    """
    plan = _plan(evidence, scenario)
    resolved = _resolved(plan)

    def later(part: str) -> Any:
        return partial(_part, evidence, scenario, part)

    return BusinessCase(
        panel=evidence.panel,
        baseline=evidence.baseline,
        scenario=resolved,
        assumptions=partial(_assumptions, evidence, scenario, resolved, plan.grade),
        outcome=Outcome(
            **vars(plan.figures),
            programme_is_extrapolated=plan.is_extrapolated,
            observed_uplift_pp=evidence.observed_uplift_pp,
            break_even_uplift_pp=later("break_even_uplift_pp"),
            **{name: later(f"whole.{name}") for name in _MORE_OF_OUTCOME},
        ),
        verdict=plan.verdict(None),
        health=later("health"),
        curve=later("curve"),
        cash_flow=later("cash_flow"),
        waterfall=later("steps"),
        segments=_SegmentCases(evidence, scenario),
        currency=scenario.currency or evidence.panel.currency,
        data_version=evidence.data_version,
        illustrative=evidence.illustrative,
        asked=scenario,
        notes=evidence.notes,
        account=evidence.account,
        cx_part=evidence.cx_part,
        events=evidence.events,
        around=Around(
            break_evens=partial(_break_evens, evidence, scenario),
            channels=partial(_channels, evidence, scenario),
            horizons=partial(ask_horizons, evidence, scenario),
            beside=partial(_beside, evidence, scenario),
            survival=partial(ask_survival, evidence, scenario),
        ),
    )


def _plan(evidence: Evidence, scenario: Scenario) -> SpendPlan:
    """Return the plan of a scenario; the last one asked for is kept, for whoever looks at the rest of its case."""
    found = evidence.plans.get(scenario)
    if found is None:
        found = plan_of(evidence, scenario)
        evidence.plans.clear()
        evidence.plans[scenario] = found
    return cast("SpendPlan", found)


def _part(evidence: Evidence, scenario: Scenario, name: str) -> Any:
    return attrgetter(name)(_plan(evidence, scenario))


def case_of(data: OpenVersion, scenario: Scenario) -> BusinessCase:
    """Return the business case of a scenario on an opened version with all that stands around it, as it was worked out before or now."""
    return data.kept("case", lambda: build_business_case(evidence_of(data), scenario), scenario)


def _break_evens(evidence: Evidence, scenario: Scenario) -> BreakEvens:
    judgement = judgement_of(evidence, scenario)
    return break_evens(judgement, judgement.bare_verdict(None), horizons=ask_horizons(evidence, scenario))


def _channels(evidence: Evidence, scenario: Scenario) -> tuple[ChannelFact, ...]:
    plan = plan_of(evidence, scenario)
    rests_on = {one.value: one for one in plan.judgement.rests_on}
    return tuple(
        replace(one, if_it_holds=plan.if_it_holds(rests_on[one.id])) if one.id in rests_on else one
        for one in channel_facts(plan.judgement)
    )


def _beside(evidence: Evidence, scenario: Scenario) -> Verdict:
    strict = scenario.residual_value_months == 0
    return judgement_of(evidence, replace(scenario, residual_value_months=None if strict else 0)).bare_verdict(None)


class _SegmentCases(Sequence[SegmentCase]):
    """The segments of a case, worked out when first looked at. Holds the question and not the draws behind the answer,
    which would be kept with every case."""

    def __init__(self, evidence: Evidence, scenario: Scenario) -> None:
        self._evidence, self._scenario = evidence, scenario

    @cached_property
    def _cases(self) -> tuple[SegmentCase, ...]:
        plan = plan_of(self._evidence, self._scenario)
        return tuple(
            SegmentCase(segment=one.segment, outcome=plan.outcome(s), verdict=plan.verdict(s))
            for s, one in enumerate(self._evidence.baseline.segments)
        )

    def __len__(self) -> int:
        return len(self._evidence.baseline.segments)

    @overload
    def __getitem__(self, place: int) -> SegmentCase: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[SegmentCase, ...]: ...
    def __getitem__(self, place: int | slice) -> SegmentCase | tuple[SegmentCase, ...]:
        return self._cases[place]


def tei_view(evidence: Evidence, scenario: Scenario) -> TeiSummary:
    """Return the plan of a scenario as a Total Economic Impact table: by year, discounted at year ends."""
    plan = plan_of(evidence, scenario)
    return tei_of_plan(plan.money, plan.valuation.headcount)


def _resolved(plan: SpendPlan) -> Scenario:
    scenario, evidence, money = plan.scenario, plan.evidence, plan.money
    margin, whole = scenario.contribution_margin_rate, evidence.baseline.whole
    if margin is None and whole.revenue_per_customer_month > 0:
        rate = whole.contribution_margin_per_customer_month / whole.revenue_per_customer_month
        margin = rate if 0 <= rate <= 1 else None
    life = float(money.life @ money.customers) / max(float(money.customers.sum()), 1e-12)
    found = {
        "retention_uplift_pp": float(np.clip(np.median(plan.uplift_pp), -50, 50)),
        "support_cost_change_percent": plan.change_percent(Channel.SUPPORT),
        "spend_uplift_percent": plan.change_percent(Channel.MARGIN),
        "residual_value_months": round(life),
    }
    facts: dict[str, Any] = {n: value for n, value in found.items() if getattr(scenario, n) is None}
    return replace(
        scenario,
        investment_level_percent=plan.level_percent,
        contribution_margin_rate=margin,
        new_customers_per_month=float(money.joins.sum()),
        currency=scenario.currency or evidence.panel.currency,
        **facts,
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
