"""The one place where the study asks the product: a panel in, what it says under each reading out."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
    def best_above_drawn(self) -> float:
        """Return the share of draws whose best spend lies above today's."""
        return float(getattr(self.verdict, "probability_best_above", (self._best > 100).mean()))

    @property
    def best_above(self) -> float:
        """Return the probability of it that is stated."""
        return self._stated("best_above", self.best_above_drawn)

    @property
    def best_below(self) -> float:
        """Return the probability stated that it lies below."""
        return self._stated("best_below", float((self._best < 100).mean()))

    @property
    def more_pays(self) -> float:
        """Return the probability stated that the next unit pays."""
        return self._stated("more_pays", self.verdict.probability_more_pays)

    @property
    def optimum_percent(self) -> float:
        """Return the stated best level of spend."""
        today = self.verdict.today_spend
        return 100 * self.verdict.optimum_spend.mid / today if today > 0 else 100.0

    @property
    def safe_percent(self) -> float:
        """Return the level of the safe step: the highest 10th percentile of value, today's where none is above 0."""
        said = getattr(self.verdict, "safe_step", None)
        tenth = np.quantile(self.value, 0.1, axis=1)
        computed = float(self.level_percent[tenth.argmax()]) if tenth.max() > 0 else 100.0
        return computed if said is None else float(said.level_percent)

    @property
    def _best(self) -> Array:
        best: Array = self.level_percent[self.value.argmax(axis=0)]
        return best

    def _stated(self, name: str, drawn: float) -> float:
        """Return a probability as the verdict states it, which may be less sure than the draws."""
        stated = getattr(self.verdict, "stated", None)
        return drawn if stated is None else float(getattr(stated, name))


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


def ask(evidence: Evidence, reading: Reading, segments: bool = False) -> tuple[Said, list[Said]]:
    """Return what the product says of the whole, and of each segment where asked."""
    plan = plan_of(evidence, scenario_of(evidence, reading))
    with listening() as heard:
        verdict = plan.verdict(None)
    facts = heard[-1]  # the last question is the one that is answered; those before ask what it rests on
    unchecked = judge(**{**facts, "failed_check": None})
    if not np.isfinite(facts["value"]).all():
        raise ArithmeticError("the product's value of a level is not finite")
    whole = Said(verdict, unchecked, facts["level_percent"], facts["value"], evidence.observed_percent)
    each = range(len(evidence.baseline.segments)) if segments else ()
    return whole, [_of_segment(plan, evidence, segment) for segment in each]


@contextmanager
def listening() -> Iterator[list[dict[str, Any]]]:
    """Write down what `judge` is asked while the context lasts, wherever it is called from."""
    heard: list[dict[str, Any]] = []

    def asked(**facts: Any) -> Verdict:
        heard.append(facts)
        return judge(**facts)

    modules = [m for n, m in list(sys.modules.items()) if n.startswith("cxroi.") and getattr(m, "judge", None) is judge]
    with ExitStack() as stack:
        for module in modules:
            stack.enter_context(put(module.__name__, "judge", lambda before: asked))
        yield heard


def _of_segment(plan: Plan, evidence: Evidence, segment: int) -> Said:
    """Return what is said of a segment, its spend moved alone: without a pilot, which takes longer than all the rest."""
    rows, worth, level = slice(segment, segment + 1), plan.valuation.of(segment), plan.valuation.level_percent
    months = plan.valuation.today_months[rows].mean(axis=1)
    facts: dict[str, Any] = {
        "level_percent": level,
        "value": worth.benefit - worth.cost,
        "today_spend": float(evidence.baseline.segments[segment].cx_spend_per_month),
        "materiality": plan.scenario.materiality_rate * float((plan.money.spend[rows] * months).sum()),
        "grade": plan.grade,
    }
    verdict = judge(**facts, failed_check=first_failed(plan.health))
    return Said(verdict, judge(**facts), level, facts["value"], evidence.observed_percent)
