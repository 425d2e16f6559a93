"""The strip of horizons: the verdict on today's spend over one year, two, three ..., and with customers kept counted for life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from cxroi.model.decision.verdict import Verdict
from cxroi.model.scenario import Scenario
from cxroi.model.value.projection import ProjectionTable, tabulate_horizons
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import Judgement, judgement_of

HORIZONS = (12, 18, 24, 30, 36, 48, 60)


@dataclass(frozen=True, kw_only=True)
class HorizonVerdict:
    """The verdict over so many months; `for_life` counts customers kept for their expected remaining life beyond them."""

    months: int
    for_life: bool
    verdict: Verdict


def ask_horizons(evidence: Evidence, scenario: Scenario) -> tuple[HorizonVerdict, ...]:
    """Return the verdict for each horizon with nothing counted after it, and last the scenario's own with customers kept for life.

    All horizons come from one pass over the months, and so does whether any of their calls survives. The scenario's own horizon is
    among them.
    """
    bare = replace(scenario.without_plan, residual_value_months=0)
    asked = tuple(sorted({*HORIZONS, scenario.horizon_months}))
    tables = tabulate_horizons(evidence.future, bare.annual_discount_rate, asked)
    left_out = cache(partial(_without, evidence, bare.annual_discount_rate, asked))
    strict = tuple(
        HorizonVerdict(
            months=months,
            for_life=False,
            verdict=Judgement(
                evidence=evidence,
                scenario=replace(bare, horizon_months=months),
                table=tables[months],
                left_out=partial(_at, left_out, months),
            ).bare_verdict(None),
        )
        for months in asked
    )
    life = judgement_of(evidence, replace(scenario, residual_value_months=None))
    return (*strict, HorizonVerdict(months=scenario.horizon_months, for_life=True, verdict=life.bare_verdict(None)))


def _at(tables: Callable[[], dict[int, ProjectionTable]], months: int) -> ProjectionTable:
    return tables()[months]


def _without(evidence: Evidence, annual_discount_rate: float, horizons: tuple[int, ...]) -> dict[int, ProjectionTable]:
    return evidence.refits.tables(annual_discount_rate, horizons) if evidence.refits else {}
