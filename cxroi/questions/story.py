"""What the story of a scenario asks: every question that its slides, sheets and summary answer, asked here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from cxroi.errors import CxroiError
from cxroi.model.decision.allocation import Allocation
from cxroi.model.satisfaction.drivers import Drivers
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import write_link
from cxroi.questions.allocation import ask_where_to_spend
from cxroi.questions.case import BusinessCase
from cxroi.questions.data import OpenVersion
from cxroi.questions.gathering import evidence_of
from cxroi.questions.line_standing import LineStanding, standings_of
from cxroi.questions.satisfaction import Scores, ask_drivers, ask_scores
from cxroi.questions.sweep import Stop, safe_plan, stop_of
from cxroi.questions.workbook import WorkbookFacts, ask_workbook

if TYPE_CHECKING:
    from cxroi.store.state.records import AuditEntry

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, kw_only=True, eq=False)
class StoryFacts:
    """The answers. `bare` is the case of the same prices and horizon whose plan is the evidence's own; `safe` the step that the data
    support best, where the plan is another; an answer that the data do not have is the error that says why. `workbook` asks what a
    workbook rests on, when one is made."""

    case: BusinessCase
    bare: BusinessCase
    safe: Stop | None
    allocation: Allocation
    standings: tuple[LineStanding, ...]
    trail: tuple[AuditEntry, ...]  # who has said what of the data
    scores: Scores | CxroiError
    drivers: Drivers | CxroiError
    workbook: Callable[[], WorkbookFacts]


def ask_story(data: OpenVersion, case: BusinessCase, bare: BusinessCase) -> StoryFacts:
    """Return the answers about a case of an opened version; `bare` is the case of its `asked.without_plan`."""
    from cxroi.store.state.state import state_in_force

    trail = _told(lambda: state_in_force(data.version)[0].audit())
    evidence, supported = evidence_of(data), safe_plan(case)
    return StoryFacts(
        case=case,
        bare=bare,
        safe=None if supported is None else stop_of(evidence, supported),
        allocation=ask_where_to_spend(evidence, bare.asked),
        standings=standings_of(data, case.asked),
        trail=() if isinstance(trail, CxroiError) else trail,
        scores=_told(lambda: ask_scores(data)),
        drivers=_told(lambda: ask_drivers(data)),
        workbook=partial(ask_workbook, data.version, case.asked),
    )


def _told(ask: Callable[[], _Answer]) -> _Answer | CxroiError:
    try:
        return ask()
    except CxroiError as error:
        return error


def scenario_id(scenario: Scenario) -> str:
    """Return what stands for a scenario that was not saved under a name: the same for the same assumptions.

    >>> scenario_id(Scenario()) == scenario_id(Scenario(horizon_months=36)) != scenario_id(Scenario(horizon_months=24))
    True
    """
    return blake2b(write_link(scenario).encode(), digest_size=4).hexdigest()
