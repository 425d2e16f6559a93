"""The strip of horizons in words, and the sentence that says when the side depends on how long one looks ahead."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.decision.verdict import Call
from cxroi.model.scenario import Scenario
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.figure import probability


@dataclass(frozen=True, kw_only=True)
class HorizonMark:
    """One horizon: how long, the call over it, and how likely the best spend lies above today's; `chosen` is that of the verdict."""

    label: str
    call: str
    word: str
    chance: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class HorizonStrip:
    """The calls over every horizon, the finding first."""

    title: str
    marks: tuple[HorizonMark, ...]
    caption: str


def horizon_strip(case: BusinessCase, text: Text) -> HorizonStrip:
    """Return the strip of a case."""
    for_life = case.scenario.residual_value_months != 0
    marks = tuple(
        HorizonMark(
            label=text("horizons.for_life", horizon=text.months(one.months))
            if one.for_life
            else text.months(one.months),
            call=one.verdict.call.value,
            word=text(f"verdict.word.{one.verdict.call}"),
            chance=text("horizons.chance", probability=probability(one.verdict.stated.best_above, text)),
            chosen=one.for_life if for_life else one.months == case.scenario.horizon_months and not one.for_life,
        )
        for one in case.horizons
    )
    return HorizonStrip(title=text(f"horizons.title_{_finding(marks)}"), marks=marks, caption=text("horizons.caption"))


def _finding(marks: tuple[HorizonMark, ...]) -> str:
    """Return what the strip shows; the marks go from the shortest horizon to the one for life."""
    calls, open_ = {one.call for one in marks}, Call.NOT_ENOUGH_EVIDENCE.value
    if len(calls) == 1:
        return "same"
    if {Call.UNDER_INVESTED.value, Call.OVER_INVESTED.value} <= calls:
        return "differ"
    chosen = next(place for place, one in enumerate(marks) if one.chosen)
    if marks[chosen].call == open_:
        return "open_here"
    others = [place for place, one in enumerate(marks) if one.call != marks[chosen].call]
    opens = max(others) < chosen and all(marks[place].call == open_ for place in others)
    return "opens" if opens else "depends"


def horizon_words(scenario: Scenario, text: Text) -> str:
    """Return how long a scenario counts: its horizon, and what comes after it unless that counts for nothing."""
    months = text.months(scenario.horizon_months)
    return months if scenario.residual_value_months == 0 else text("horizons.for_life", horizon=months)


def beside_sentence(case: BusinessCase, text: Text) -> str:
    """Return what the verdict would be with a strict horizon (or, where that is the setting, for life), where it is another one."""
    beside = case.beside
    if beside is None or beside.call is case.verdict.call:
        return ""
    strict = case.scenario.residual_value_months != 0
    return text(
        "horizons.strict_differs" if strict else "horizons.life_differs",
        horizon=text.months(case.scenario.horizon_months),
        word=text(f"verdict.word.{beside.call}"),
    )
