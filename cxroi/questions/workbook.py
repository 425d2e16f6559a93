"""What a workbook of a business case rests on: its expected months at several levels of spend, and what else stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from cxroi.errors import StoreError
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.expected import ExpectedCash, ExpectedMonths, expect_months
from cxroi.questions.case import BusinessCase, build_business_case, tei_view
from cxroi.questions.costs import CostBook, ask_cost_book
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.gathering import evidence_of
from cxroi.questions.horizons import HORIZONS
from cxroi.questions.lines import LineReport, lines_where_named
from cxroi.questions.plan import plan_of
from cxroi.questions.sensitivity import Sensitivity, ask_what_matters
from cxroi.store.versions.version import Version

_LEVELS = (60.0, 80.0, 90.0, 100.0, 110.0, 120.0, 140.0, 160.0, 200.0)
_FEW_SEGMENTS = 12  # up to so many the other levels come along: a level of forty segments is 60,000 cells


@dataclass(frozen=True, kw_only=True, eq=False)
class WorkbookFacts:
    """A case and its expected path: `cash` at the plan's level, `levels` the months at every level that can be chosen.

    `churn` is a month's, by segment (S,); `known` are the channels beside churn that the data let one look at, `in_doubt` those of them
    that the verdict would rest on, so that they are not counted. `programme` is the app's TEI figure to hold the sheet against.
    """

    case: BusinessCase
    cash: ExpectedCash
    levels: Mapping[float, ExpectedMonths]
    churn: Draws
    known: tuple[Channel, ...]
    in_doubt: tuple[Channel, ...]
    observed_percent: tuple[float, float]
    tei_npv: float
    sensitivity: Sensitivity
    book: CostBook | None = None
    lines: LineReport | None = None


def ask_workbook(version: Version, scenario: Scenario) -> WorkbookFacts:
    """Return what a workbook of a scenario on a version rests on; slow, and asked when one is made. Raises ScenarioError as
    `build_business_case` does."""
    with closing(OpenVersion(version)) as data:
        lines = lines_where_named(data, scenario)
        return workbook_facts(evidence_of(data), scenario, book=_book(data), lines=lines)


def workbook_facts(
    evidence: Evidence, scenario: Scenario, *, book: CostBook | None = None, lines: LineReport | None = None
) -> WorkbookFacts:
    """Return the same where there is no version, with the ledger and the lines as they are given."""
    case, plan = build_business_case(evidence, scenario), plan_of(evidence, scenario)
    several = not plan.typed and len(evidence.baseline.segments) <= _FEW_SEGMENTS
    levels = sorted({plan.level_percent, *(_LEVELS if several else () if plan.typed else (100.0,))})
    months = expect_months(plan.money, plan.table.future, _horizons(scenario), levels)
    return WorkbookFacts(
        case=case,
        cash=ExpectedCash(money=plan.money, months=months[plan.level_percent]),
        levels=months,
        churn=np.array([one.monthly_churn_rate.mid for one in evidence.baseline.segments]),
        known=tuple(one.channel for one in evidence.channels),
        in_doubt=plan.judgement.rests_on,
        observed_percent=evidence.observed_percent,
        tei_npv=tei_view(evidence, scenario).npv,
        sensitivity=ask_what_matters(evidence, scenario),
        book=book,
        lines=lines,
    )


def _horizons(scenario: Scenario) -> tuple[int, ...]:
    """Return the horizons that can be chosen, whole years by which the plan is at its level; its own alone where it is not there by then."""
    own, steps = scenario.horizon_months, 3 * len(scenario.first_quarters_percent)
    return (
        (own,)
        if own < steps
        else tuple(sorted({own, *(months for months in HORIZONS if months >= steps and months % 12 == 0)}))
    )


def _book(data: OpenVersion) -> CostBook | None:
    try:
        return ask_cost_book(data)
    except StoreError:
        return None
