"""The one thing that would change the verdict, in words."""

from __future__ import annotations

import math

from cxroi.model.decision.verdict import Call, Verdict
from cxroi.questions import BreakEvens, BusinessCase
from cxroi.text import Text
from cxroi.view.decide.health_words import check_name
from cxroi.view.decide.pilot_proposal import pilot_sentence
from cxroi.view.figure import money


def what_would_change(
    verdict: Verdict, currency: str, text: Text, turning: BreakEvens | None = None, *, horizon_months: int = 0
) -> str:
    """Return what would change the verdict: a failed check, a pilot, else its nearest break-even, else how far today's spend can go."""
    check = capping_check(verdict, text)
    if check:
        return text("verdict.change.check", check=check)
    if verdict.call is Call.NOT_ENOUGH_EVIDENCE:
        return pilot_sentence(verdict.pilot, currency, text, instead=_instead(verdict, currency, text))
    if turning is not None and turning.nearest and verdict.call is not Call.ABOUT_RIGHT:
        return text("verdict.change.turns", turn=_turn(turning, currency, text, horizon_months))
    return range_words("verdict.change.range_", verdict.spend_range, currency, text) or text("verdict.change.evidence")


def change_of_case(case: BusinessCase, text: Text) -> str:
    """Return what would change the verdict of a case."""
    horizon = case.scenario.horizon_months
    return what_would_change(case.verdict, case.currency, text, case.break_evens, horizon_months=horizon)


def _instead(verdict: Verdict, currency: str, text: Text) -> str:
    """Return what to do where no pilot is worth its cost: the small step that earns, the safe one, or staying."""
    step = verdict.direction or verdict.safe_step
    if step.way == "stay":
        return text("verdict.change.instead_stay")
    change = text.signed_percent(step.level_percent / 100 - 1, 0)
    return text("verdict.change.instead", spend=money(step.spend, currency, text), change=change)


def _turn(turning: BreakEvens, currency: str, text: Text, horizon_months: int) -> str:
    """Word the nearest break-even as a condition."""
    name = turning.nearest or ""
    value = float(getattr(turning, name))
    now = {"horizon_months": float(horizon_months), "churn_factor": 1.0}.get(name, 0.0)
    told = {
        "horizon_months": text.months(value),
        "one_off_cost": money(value, currency, text),
        "churn_factor": text.percent(abs(value - 1), 0),
    }.get(name, text.percent(abs(value) / 100, 0))
    kind = "lower" if value < now else "higher"
    return text(f"verdict.turn.{name}_{kind}", value=told, now=text.number(horizon_months))


def range_words(prefix: str, held: tuple[float, float] | None, currency: str, text: Text) -> str:
    """Word a range of spend whose ends may be open (0 below, infinity above); `prefix` ends the sentence's id."""
    low, high = held or (0.0, math.inf)
    if low <= 0 and math.isinf(high):
        return ""
    kind = "at_most" if low <= 0 else "at_least" if math.isinf(high) else "between"
    first, last = money(low, currency, text), "" if math.isinf(high) else money(high, currency, text)
    if prefix == "verdict." and kind == "between":
        return text.between(first, last)
    return text(prefix + kind, low=first, high=last)


def capping_check(verdict: Verdict, text: Text) -> str:
    """Return the failed health check that capped the verdict, or nothing: what it found, else its name, which says what should be, quoted."""
    if not verdict.capped:
        return ""
    if not text.has(f"health.{verdict.reason}.name"):
        return verdict.reason
    name = check_name(verdict.reason, verdict.reason_facts, text)
    return text("health.quoted", name=name) if name == text(f"health.{verdict.reason}.name") else name
