"""The one place where the study asks the product: a panel in, what it says under each reading out."""

from __future__ import annotations

import inspect
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation import Reading, remaining_months
from benchmarks.studies.variants import put
from cxroi.business_case import Evidence, default_scenario, evidence_from_panel
from cxroi.business_case.plan import Plan, plan_of
from cxroi.model.health import first_failed
from cxroi.model.panel import Panel
from cxroi.model.projection import COARSE_LEVELS, tabulate
from cxroi.model.scenario import Scenario
from cxroi.model.verdict import Verdict, judge

Array = NDArray[np.float64]
PLAN_PERCENT = 150.0
_EVIDENCE = "cxroi.business_case.evidence"


@dataclass(frozen=True, eq=False)
class Said:
    """What the product says of the whole company, or of one segment: its verdict, and the draws of value behind it."""

    verdict: Verdict
    unchecked: Verdict  # what would have been called without any check
    level_percent: Array  # (L,)
    value: Array  # (L, n) net present value against today's spend
    observed_percent: tuple[float, float]

    @property
    def best_above(self) -> float:
        """Return the stated probability that the best spend lies above today's."""
        return self._stated("probability_best_above", self.best_above_drawn)

    @property
    def best_above_drawn(self) -> float:
        """Return the same as the draws have it, before any discount."""
        return float((self._best > 100).mean())

    @property
    def best_below(self) -> float:
        """Return the stated probability that it lies below."""
        return self._stated("probability_best_below", float((self._best < 100).mean()))

    @property
    def optimum_percent(self) -> float:
        """Return the stated best level of spend."""
        today = self.verdict.today_spend
        return 100 * self.verdict.optimum_spend.mid / today if today > 0 else 100.0

    @property
    def _best(self) -> Array:
        best: Array = self.level_percent[self.value.argmax(axis=0)]
        return best

    def _stated(self, name: str, drawn: float) -> float:
        """Return what the verdict states under a name that it may not have yet."""
        stated = getattr(self.verdict, name, None)
        return drawn if stated is None else float(stated)


def gather(panel: Panel, draws: int, refits: bool = True) -> Evidence:
    """Return the evidence of a panel on so many draws, with a coarse table of levels; `refits` are those behind checks."""
    known = inspect.signature(evidence_from_panel).parameters
    asked: dict[str, Any] = {name: value for name, value in (("draws", draws), ("refits", refits)) if name in known}
    with ExitStack() as stack:
        if "draws" not in known:
            stack.enter_context(put(_EVIDENCE, "_DRAWS", lambda before: draws))
        if "refits" not in known and not refits:
            stack.enter_context(put(_EVIDENCE, "_segments_to_leave_out", lambda before: lambda baseline: []))
        evidence = evidence_from_panel(panel, data_version="study", **asked)
    scenario = Scenario()
    rate, horizon = scenario.annual_discount_rate, scenario.horizon_months
    evidence._tables[rate, horizon] = tabulate(evidence.future, rate, horizon, COARSE_LEVELS)
    return evidence


def scenario_of(evidence: Evidence, reading: Reading) -> Scenario:
    """Return the scenario of a reading, its plan at 150 % of today's spend."""
    default = replace(default_scenario(evidence), investment_level_percent=PLAN_PERCENT)
    if reading is Reading.STRICT:
        return replace(default, residual_value_months=0)
    if default.residual_value_months is None:  # the product works the remaining life out itself
        return default
    return replace(default, residual_value_months=remaining_months(evidence.baseline.whole.monthly_churn_rate.mid))


def default_reading(evidence: Evidence) -> Reading:
    """Return the reading that the product has when nobody asks for another."""
    return Reading.STRICT if default_scenario(evidence).residual_value_months == 0 else Reading.LIFE


def ask(evidence: Evidence, reading: Reading) -> tuple[Said, list[Said]]:
    """Return what the product says of the whole, and of each segment."""
    plan = plan_of(evidence, scenario_of(evidence, reading))
    whole = _said(plan, evidence, None, plan.verdict(None))
    failed = first_failed(plan.health)
    segments = range(len(evidence.baseline.segments))
    return whole, [_said(plan, evidence, s, _judged(plan, s, failed)) for s in segments]


def _said(plan: Plan, evidence: Evidence, segment: int | None, verdict: Verdict) -> Said:
    level, value = _value(plan, segment)
    return Said(verdict, _judged(plan, segment, None), level, value, evidence.observed_percent)


def _value(plan: Plan, segment: int | None) -> tuple[Array, Array]:
    worth = plan.valuation.of(segment)
    value = worth.benefit - worth.cost
    if not np.isfinite(value).all():
        raise ArithmeticError("the product's value of a level is not finite")
    return plan.valuation.level_percent, value


def _judged(plan: Plan, segment: int | None, failed: str | None) -> Verdict:
    """Return the verdict on the draws alone: no check but `failed`, and no pilot, which takes longer than all the rest."""
    rows = slice(None) if segment is None else slice(segment, segment + 1)
    months = plan.valuation.today_months[rows].mean(axis=1)
    level, value = _value(plan, segment)
    return judge(
        level_percent=level,
        value=value,
        today_spend=float(sum(one.cx_spend_per_month for one in plan.evidence.baseline.segments[rows])),
        materiality=plan.scenario.materiality_rate * float((plan.money.spend[rows] * months).sum()),
        grade=plan.grade,
        failed_check=failed,
    )
