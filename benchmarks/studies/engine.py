"""The one place where the study asks the product: a panel in, what it says under each reading out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation import Reading
from benchmarks.studies.variants import put
from cxroi.model.company.panel import Panel
from cxroi.model.decision.verdict import Verdict, judge
from cxroi.model.scenario import Scenario
from cxroi.questions import Evidence, default_scenario, evidence_from_panel
from cxroi.questions.judgement import Judgement, judgement_of, objective

Array = NDArray[np.float64]
PLAN_PERCENT = 150.0


@dataclass(frozen=True, eq=False)
class Said:
    """What the product says of the whole company, or of one segment: its verdict, and the draws of value behind it."""

    verdict: Verdict
    unchecked: Verdict  # what would have been called without any check, every channel counted
    level_percent: Array  # (L,)
    value: Array  # (L, n) net present value against today's spend, as it is shown: without what the verdict must not rest on
    observed_percent: tuple[float, float]

    @property
    def optimum_percent(self) -> float:
        """Return the stated best level of spend."""
        today = self.verdict.today_spend
        return 100 * self.verdict.optimum_spend.mid / today if today > 0 else 100.0


def gather(panel: Panel, draws: int, refits: bool = True) -> Evidence:
    """Return the evidence of a panel on so many draws; `refits` are those behind checks."""
    return evidence_from_panel(panel, data_version="study", draws=draws, survive=refits)


def scenario_of(evidence: Evidence, reading: Reading) -> Scenario:
    """Return the scenario of a reading, its plan at 150 % of today's spend."""
    months = 0 if reading is Reading.STRICT else None
    return replace(default_scenario(evidence), investment_level_percent=PLAN_PERCENT, residual_value_months=months)


def default_reading(evidence: Evidence) -> Reading:
    """Return the reading that the product has when nobody asks for another."""
    return Reading.STRICT if default_scenario(evidence).residual_value_months == 0 else Reading.LIFE


def ask(evidence: Evidence, reading: Reading, segments: bool = False) -> tuple[Said, list[Said]]:
    """Return what the product says of the whole, and of each segment where asked."""
    judgement = judgement_of(evidence, scenario_of(evidence, reading))
    each = range(len(evidence.baseline.segments)) if segments else ()
    return _asked(judgement, None), [_asked(judgement, segment) for segment in each]


def _asked(judgement: Judgement, segment: int | None) -> Said:
    """Return what is said, without a pilot, which takes longer than all the rest."""
    with listening() as heard:
        verdict = judgement.bare_verdict(segment)
    facts = next(facts for facts, said in reversed(heard) if said == verdict)
    everything = objective(judgement.scenario, judgement.valuation().of(segment))
    if not np.isfinite(everything).all() or not np.isfinite(facts["value"]).all():
        raise ArithmeticError("the product's value of a level is not finite")
    unchecked = judge(**{**facts, "value": everything, "failed_check": None})
    observed = judgement.evidence.observed_percent
    return Said(verdict, unchecked, facts["level_percent"], facts["value"], observed)


@contextmanager
def listening() -> Iterator[list[tuple[dict[str, Any], Verdict]]]:
    """Write down what `judge` is asked while the context lasts, wherever it is called from, with its answers."""
    heard: list[tuple[dict[str, Any], Verdict]] = []

    def asked(**facts: Any) -> Verdict:
        heard.append((facts, judge(**facts)))
        return heard[-1][1]

    modules = [m for n, m in list(sys.modules.items()) if n.startswith("cxroi.") and getattr(m, "judge", None) is judge]
    with ExitStack() as stack:
        for module in modules:
            stack.enter_context(put(module.__name__, "judge", lambda before: asked))
        yield heard
