"""The scenarios that were kept: what a case is kept as, what has moved under it since, and how much more one is worth than another."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cxroi.errors import StoreError
from cxroi.model.kept_scenario import (
    IMPORTED,
    KeptFigures,
    KeptScenario,
    Revision,
    SavedScenario,
    SlideChoices,
    same_name,
)
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.appraisal import worth_beside
from cxroi.questions.case import BusinessCase
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.plan import plan_of
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.workspace import Workspace

VERSION = "version"  # of what figures rest on, beside the settings by their names
REWRITTEN = "rewritten"  # in its place where the number is the same


@dataclass(frozen=True, kw_only=True)
class WorthBeside:
    """How much more one scenario is worth than another on the same data, draw by draw, and how likely it is worth more at all."""

    more: Interval  # net present value, money
    probability: float


def saved_scenarios(folder: Path) -> tuple[SavedScenario, ...]:
    """Return every scenario of a workspace, deleted ones too, the one last saved first."""
    return _state(folder).scenarios()


def scenarios_called(named: str, known: Iterable[SavedScenario]) -> tuple[SavedScenario, ...]:
    """Return those of an id or a name that are there, else the deleted ones of it, the one last saved first."""
    found = [one for one in known if one.id == named or same_name(one.kept.name, named)]
    return tuple(sorted(found, key=lambda one: (one.deletion is not None, one.id != named)))


def scenario_called(folder: Path, named: str) -> SavedScenario:
    """Return the scenario of an id or a name, a deleted one where none is there; raises StoreError where there never was one."""
    found = scenarios_called(named, saved_scenarios(folder))
    if not found:
        raise StoreError("store.no_such_scenario", scenario=named)
    return found[0]


def revisions_of(folder: Path, id: str) -> tuple[Revision, ...]:
    """Return every revision of a scenario, the newest first."""
    return _state(folder).revisions(id)


def ask_basis(data: OpenVersion) -> Mapping[str, str]:
    """Return what figures on this version rest on, each told apart by a text: the version itself and the settings by name."""
    settings = {name: sha256(value.encode()).hexdigest()[:12] for name, value in data.settings.items()}
    return {VERSION: data.version.id, **settings}


def moved_since(saved: SavedScenario, basis: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the kept figures rest on and is another one now, by the names of a basis.

    "imported": they came with a file, and nobody has run them on data of this workspace; "no_figures": there are none; "rewritten":
    the version of this number is another one now, as it is when a customer was forgotten.
    """
    kept = saved.kept
    if kept.figures is None:
        return ("no_figures",)
    if IMPORTED in kept.rests_on:
        return (IMPORTED,)
    moved = [name for name, value in basis.items() if kept.rests_on.get(name, value) != value]
    if VERSION in moved and same_number(kept.data_version, basis[VERSION]):
        moved[moved.index(VERSION)] = REWRITTEN
    return tuple(moved)


def same_number(one: str, other: str) -> bool:
    """Return whether two versions have one number, whatever they hold.

    >>> same_number("000002-aa", "000002-bb"), same_number("000002-aa", "000003-aa")
    (True, False)
    """
    return one.partition("-")[0] == other.partition("-")[0]


def kept_of(
    case: BusinessCase, basis: Mapping[str, str], *, name: str, note: str = "", slides: SlideChoices | None = None
) -> KeptScenario:
    """Return what is kept of a case: what was asked, on which data, and what it says."""
    return KeptScenario(
        name=name,
        note=note,
        scenario=case.asked,
        data_version=case.data_version,
        rests_on=dict(basis),
        figures=kept_figures(case),
        slides=slides or SlideChoices(),
    )


def kept_figures(case: BusinessCase) -> KeptFigures:
    """Return the figures of a case that are kept with it; what is not finite does not exist."""
    of, verdict, panel = case.outcome, case.verdict, case.panel
    return KeptFigures(
        call=verdict.call.value,
        best_above=float(verdict.stated.best_above),
        best_below=float(verdict.stated.best_below),
        more_pays=float(verdict.stated.more_pays),
        grade=verdict.grade.value,
        currency=case.currency,
        today_spend=float(verdict.today_spend),
        level_percent=float(case.level_percent),
        horizon_months=int(case.scenario.horizon_months),
        cost=of.cost,
        benefit=of.benefit,
        npv=of.npv,
        roi=_finite(of.roi),
        programme_roi=_finite(of.programme_roi),
        marginal_roi=_finite(of.marginal_roi),
        payback_months=_finite(of.payback_months),
        probability_of_payback=float(of.probability_of_payback),
        probability_of_loss=float(of.probability_of_loss),
        plan_uplift_pp=of.plan_uplift_pp,
        first_month=str(panel.months[0])[:7],
        last_month=str(panel.months[-1])[:7],
        customers=float(case.baseline.whole.customers),
        illustrative=case.illustrative,
    )


def ask_worth_beside(evidence: Evidence, scenario: Scenario, base: Scenario) -> WorthBeside:
    """Return how much more a scenario is worth than another one on the same evidence; raises ScenarioError where one cannot be reached."""
    (benefit, cost), (base_benefit, base_cost) = (plan_of(evidence, one).valuation.of_plan for one in (scenario, base))
    more, probability = worth_beside(benefit - cost, base_benefit - base_cost)
    return WorthBeside(more=more, probability=probability)


def _finite(interval: Interval | None) -> Interval | None:
    ends = () if interval is None else (interval.low, interval.mid, interval.high)
    return interval if ends and all(math.isfinite(end) for end in ends) else None


def _state(folder: Path) -> State:
    version = Workspace.open(folder).current()
    return State.open(folder) if version is None else state_in_force(version)[0]
