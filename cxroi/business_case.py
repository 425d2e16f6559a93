"""The business case: everything that a page, a slide, a sheet or a command shows, computed once."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.assumption import Assumption
from cxroi.model.baseline import Baseline
from cxroi.model.health import HealthCheck
from cxroi.model.outcome import CashFlow, Curve, Outcome, WaterfallStep
from cxroi.model.panel import Panel
from cxroi.model.scenario import Scenario
from cxroi.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class SegmentCase:
    """One segment's own outcome and verdict, its spend moved alone."""

    segment: str
    outcome: Outcome
    verdict: Verdict


@dataclass(frozen=True, kw_only=True, eq=False)
class BusinessCase:
    """One scenario on one version of the data; `scenario` is resolved: no None where the evidence has an answer."""

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
