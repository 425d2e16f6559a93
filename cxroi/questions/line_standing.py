"""Where each line of spend stands: what it has brought so far beside what more of it would bring, and what follows from both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from cxroi.model.assumption import Grade
from cxroi.model.decision.certainty import Certainty, stated_probability
from cxroi.model.decision.verdict import Call, DecisionRule
from cxroi.model.scenario import Scenario
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.gathering import evidence_of
from cxroi.questions.line_evidence import REST, LineEvidence
from cxroi.questions.lines import LineCase, LineReport, line_bounds, lines_where_named
from cxroi.questions.promises import Promise, gather_promises
from cxroi.questions.register import read_certainty

_COMPARED = (Grade.RANDOMISED_PILOT, Grade.MATCHED_COMPARISON)
_WEAK = (Grade.SURVEY_LINKAGE, Grade.BENCHMARK, Grade.TYPED_IN)
_SURE = DecisionRule().sure_of_too_little


class Brought(StrEnum):
    """What a line has brought so far, on average over all of it."""

    PAID = "paid"  # it helped, and has earned what it cost
    HELPED = "helped"  # it helped, and has not earned what it cost, or nobody knows that
    OPEN = "open"
    NOTHING = "nothing"  # it surely did not help
    UNKNOWN = "unknown"  # it cannot be measured


class More(StrEnum):
    """What the next money on a line would bring."""

    PAYS = "pays"
    ENOUGH = "enough"
    LESS = "less"  # the last part of it costs more than it brings
    OPEN = "open"
    UNKNOWN = "unknown"  # its effect cannot be told


class Advice(StrEnum):
    """What follows for a line."""

    KEEP = "keep"
    GROW = "grow"
    CUT = "cut"
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class LineStanding:
    """One line or initiative: both findings, the advice (None where there is nothing to decide), and the id of its reason."""

    name: str
    brought: Brought
    more: More
    advice: Advice | None
    reason: str
    line: LineCase | None  # None of an initiative that the ledger does not name
    promise: Promise | None  # None of a line that was never uploaded as an initiative


def advise(brought: Brought, more: More, grade: Grade | None) -> tuple[Advice, str]:
    """Return what follows from both findings, and the reason; `grade` is that of what was brought.

    What the next money brings decides, unless what was brought speaks against it: then a comparison (grade A or B) outweighs the
    company's own history, and where neither does, the two are put to a test.

    >>> advise(Brought.PAID, More.ENOUGH, Grade.SURVEY_LINKAGE)
    (<Advice.KEEP: 'keep'>, 'not_worth_growing')
    """
    worth_having = brought in (Brought.PAID, Brought.HELPED)
    if more is More.PAYS:
        if brought is Brought.NOTHING:
            return Advice.TEST, "nothing_yet_more_pays"
        return Advice.GROW, "pays_on" if worth_having else "pays_untold"
    if more is More.LESS:
        if worth_having:
            return (Advice.KEEP, "not_worth_growing") if grade in _COMPARED else (Advice.CUT, "trim")
        return Advice.CUT, "costs_more"
    if more is More.ENOUGH:
        if brought is Brought.NOTHING:
            return Advice.TEST, "nothing_yet_enough"
        return Advice.KEEP, "not_worth_growing" if worth_having else "about_right"
    if brought is Brought.NOTHING:
        return (Advice.TEST, "nothing_weak") if grade is None or grade in _WEAK else (Advice.CUT, "nothing")
    if worth_having:
        return Advice.KEEP, "growth_untold" if brought is Brought.PAID else "not_earned_yet"
    return Advice.TEST, "untold"


def brought_of(promise: Promise | None, certainty: Certainty | None = None) -> Brought:
    """Return what an initiative has brought so far, told with the certainty that its grade deserves."""
    if promise is None or promise.shrunk is None or promise.realised.grade is None:
        return Brought.UNKNOWN
    helped = stated_probability(promise.shrunk.probability_any, promise.realised.grade, certainty)
    if helped >= _SURE:
        earned = promise.spent is not None and promise.shrunk.value.mid >= promise.spent
        return Brought.PAID if earned else Brought.HELPED
    return Brought.NOTHING if helped <= 1 - _SURE else Brought.OPEN


def more_of(line: LineCase | None) -> More:
    """Return what the next money on a line would bring."""
    if line is None or line.verdict is None:
        return More.UNKNOWN
    if line.verdict.call is Call.NOT_ENOUGH_EVIDENCE:
        return More.UNKNOWN if line.verdict.capped else More.OPEN
    told = {Call.UNDER_INVESTED: More.PAYS, Call.OVER_INVESTED: More.LESS, Call.ABOUT_RIGHT: More.ENOUGH}
    return told[line.verdict.call]


def standings(
    report: LineReport | None, promises: tuple[Promise, ...], *, as_of: date | None = None
) -> tuple[LineStanding, ...]:
    """Return every line, the largest first, with the initiative of its name; then the initiatives that are no line.

    What is over by `as_of`, the last day of the data, or has no spend today, is told and needs no decision.
    """
    certainty = read_certainty()
    by_name = {one.realised.initiative.name.casefold(): one for one in promises}
    lines = report.lines if report else ()
    of_lines = [_standing(line.line, line, by_name.pop(line.line.casefold(), None), certainty, as_of) for line in lines]
    return (
        *(one for one in of_lines if one.name != REST),
        *(_standing(one.realised.initiative.name, None, one, certainty, as_of) for one in by_name.values()),
        *(one for one in of_lines if one.name == REST),
    )


def _standing(
    name: str, line: LineCase | None, promise: Promise | None, certainty: Certainty, as_of: date | None
) -> LineStanding:
    brought, more = brought_of(promise, certainty), more_of(line)
    grade = promise.realised.grade if promise else None
    gone = line.today_spend <= 0 if line else promise is not None and _is_over(promise, as_of)
    nothing_to_decide = name == REST or gone
    advice, reason = (None, "") if nothing_to_decide else advise(brought, more, grade)
    return LineStanding(name=name, brought=brought, more=more, advice=advice, reason=reason, line=line, promise=promise)


def _is_over(promise: Promise, as_of: date | None) -> bool:
    ends_on = promise.realised.initiative.ends_on
    return ends_on is not None and as_of is not None and bool(ends_on <= np.datetime64(as_of))


def standings_of(data: OpenVersion, scenario: Scenario) -> tuple[LineStanding, ...]:
    """Return where every line of an opened version stands under a scenario; none where the data name neither lines nor initiatives."""
    evidence = evidence_of(data)
    promises = gather_promises(data, evidence)
    return standings(lines_where_named(data, scenario), promises, as_of=evidence.panel.last_day)


def protected_bounds(
    found: tuple[LineStanding, ...], evidence: Evidence, lines: LineEvidence
) -> Mapping[str, tuple[float, float]]:
    """Return the bounds, percent of today's, of the lines that are worth having: a division of the money takes nothing from them.

    Else one page would say "keep" and, under it, "give up".
    """
    kept = {one.name for one in found if one.advice in (Advice.KEEP, Advice.GROW)}
    seen = {name: line_bounds(evidence, lines, name) for name in lines.names if name in kept}
    return {name: (max(low, 100.0), high) for name, (low, high) in seen.items() if low != high}
