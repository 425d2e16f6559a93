"""Every step of one slider, the others held: what each is worth, so that a picture can follow the hand before it is let go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cxroi.errors import ScenarioError
from cxroi.model.decision.verdict import SIDES
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import RANGES, Scenario
from cxroi.model.value.outcome import PlanFigures
from cxroi.questions.case import BusinessCase
from cxroi.questions.evidence import Evidence
from cxroi.questions.plan import plan_of

# The sliders of What-if, by the assumption that each moves: between which ends, and by how much.
LEADING = {
    "investment_level_percent": (0.0, 300.0, 5.0),
    "retention_uplift_pp": (-2.0, 6.0, 0.1),
    "support_cost_change_percent": (-50.0, 50.0, 1.0),
}
_KEPT = 24  # sliders whose stops are kept: some 60 KB each


@dataclass(frozen=True, kw_only=True)
class Slide:
    """The steps of one slider: the assumption that it moves, its ends and its step."""

    name: str
    low: float
    high: float
    step: float

    @property
    def values(self) -> tuple[float, ...]:
        """Return every value that it can be moved to.

        >>> Slide(name="retention_uplift_pp", low=-0.2, high=0.1, step=0.1).values
        (-0.2, -0.1, 0.0, 0.1)
        """
        count = round((self.high - self.low) / self.step)
        return tuple(round(self.low + place * self.step, 4) + 0.0 for place in range(count + 1))


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One step of a slider: where it stands, the plan there, and what is said first of it."""

    value: float
    level_percent: float
    support_cost_change_percent: float
    uplift_is_typed: bool  # and not what the evidence says
    support_is_typed: bool
    figures: PlanFigures


def slide_of(name: str, value: float, reach: tuple[float, float] = (0.0, 0.0)) -> Slide:
    """Return the steps of a slider that stands at `value`: wide enough for it, and for what the evidence reaches.

    >>> slide_of("retention_uplift_pp", 7.3).high, slide_of("investment_level_percent", 150.0).high
    (8.0, 300.0)
    """
    low, high, step = LEADING[name]
    least, most = RANGES[name]
    if name != "investment_level_percent":
        whole = 1.0 if name == "retention_uplift_pp" else 10.0
        low = min(low, *(whole * np.floor(one / whole) for one in (*reach, value)))
        high = max(high, *(whole * np.ceil(one / whole) for one in (*reach, value)))
    return Slide(name=name, low=max(float(low), least), high=min(float(high), most), step=step)


def uplift_reach(evidence: Evidence, levels_percent: tuple[float, float]) -> tuple[float, float]:
    """Return how far, points, the evidence puts the uplift between two levels of spend: its lowest and its highest range there."""
    ranges = [evidence.uplift_pp(level) for level in levels_percent]
    return min(one.low for one in ranges), max(one.high for one in ranges)


def stop_of(evidence: Evidence, scenario: Scenario, value: float = 0.0) -> Stop:
    """Return what is said first of a scenario, `value` being where a slider stands; raises ScenarioError where its uplift is out of reach."""
    plan, typed = plan_of(evidence, scenario), scenario.support_cost_change_percent
    return Stop(
        value=value,
        level_percent=plan.level_percent,
        support_cost_change_percent=plan.change_percent(Channel.SUPPORT) if typed is None else typed,
        uplift_is_typed=plan.typed,
        support_is_typed=typed is not None,
        figures=plan.figures,
    )


def stop_of_case(case: BusinessCase) -> Stop:
    """Return what is said first of the plan of a case."""
    return Stop(
        value=case.level_percent,
        level_percent=case.level_percent,
        support_cost_change_percent=case.scenario.support_cost_change_percent or 0.0,
        uplift_is_typed=case.asked.retention_uplift_pp is not None,
        support_is_typed=case.asked.support_cost_change_percent is not None,
        figures=case.outcome,
    )


def safe_plan(case: BusinessCase) -> Scenario | None:
    """Return the scenario of the step that the data support best; None where there is no such step, or the case's own plan is it."""
    step, verdict = case.verdict.safe_step, case.verdict
    if verdict.call not in SIDES or verdict.capped or step.way == "stay" or step.level_percent == case.level_percent:
        return None
    return replace(case.asked.without_plan, investment_level_percent=float(step.level_percent))


def sweep(evidence: Evidence, scenario: Scenario, slide: Slide, here: float = 0.0) -> Iterator[Stop]:
    """Yield the stops of a slider, those nearest to `here` first; what cannot be reached is left out, what was worked out is kept."""
    known = _known(evidence, replace(scenario, **_at(slide.name, None)), slide.name)
    for value in sorted(slide.values, key=lambda one: abs(one - here)):
        if value not in known:
            with suppress(ScenarioError):
                known[value] = stop_of(evidence, replace(scenario, **_at(slide.name, value)), value)
        if value in known:
            yield known[value]


def _at(name: str, value: float | None) -> dict[str, Any]:
    return {name: value}


def _known(evidence: Evidence, scenario: Scenario, name: str) -> dict[float, Stop]:
    """Return the stops that are known of a slider; those of the few last asked for are kept with the evidence."""
    kept = evidence.sweeps
    found = kept.get((scenario, name))
    if found is None:
        found = {}
        while len(kept) >= _KEPT:
            kept.popitem(last=False)
        kept[scenario, name] = found
    return found
