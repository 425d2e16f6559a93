"""The question around a business case: what moves the result."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxroi.model.decision.sensitivity import InformationValue, TornadoBar, break_even, information_values, tornado
from cxroi.model.scenario import Scenario
from cxroi.model.value.economics import economics
from cxroi.model.value.valuation import value_levels
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import judgement_of, objective
from cxroi.questions.plan import best_level
from cxroi.questions.register import read_swings

_DRAWS = 512


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What moves the plan's expected net present value: the tornado, widest bar first; the break-even per assumption (None where
    the answer never turns); the value of knowing each drawn quantity, "all" first."""

    plan_percent: float
    npv: float
    tornado: tuple[TornadoBar, ...]
    break_even: tuple[tuple[str, float | None], ...]
    information: tuple[InformationValue, ...]


def ask_what_matters(evidence: Evidence, scenario: Scenario) -> Sensitivity:
    """Return the sensitivity of a scenario's plan to each input; a typed uplift is set aside, the evidence speaks."""
    plan = _plan(evidence, scenario)
    free = replace(scenario, retention_uplift_pp=None, investment_level_percent=None)
    future = evidence.future.thinned(_DRAWS)
    swings = read_swings(free, evidence.baseline)
    without = frozenset(judgement_of(evidence, scenario).rests_on)
    drawn = (
        "support_cost_change_percent",
        "spend_uplift_percent",
    )  # where not typed they have a bar of what was learned
    asked = {n: ends for n, (ends, _) in swings.items() if n not in drawn or getattr(free, n) is not None}
    bars = tornado(future, evidence.baseline, free, plan, asked, without)
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    whole = value_levels(economics(evidence.baseline, free, plan, without), table).whole
    customers = np.array([segment.customers for segment in evidence.baseline.segments])
    small = evidence.future.thinned(_DRAWS // 4)
    return Sensitivity(
        plan_percent=plan,
        npv=float((whole.plan_benefit - whole.plan_cost).mean()),
        tornado=bars,
        break_even=tuple(
            (name, break_even(name, small, evidence.baseline, free, plan, start, without))
            for name, (_, start) in swings.items()
        ),
        information=information_values(
            evidence.future, objective(free, whole), customers / max(customers.sum(), 1e-12)
        ),
    )


def _plan(evidence: Evidence, scenario: Scenario) -> float:
    level = scenario.investment_level_percent
    return best_level(evidence, scenario) if level is None else level
