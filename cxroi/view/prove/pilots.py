"""Pilots in words: the one that is planned, and what a finished one has shown."""

from __future__ import annotations

from cxroi.model.pilots.difference_in_differences import MatchedResult
from cxroi.model.pilots.pilot import PilotOutcome, PilotResult
from cxroi.model.pilots.pilot_outcomes import OutcomeResult
from cxroi.model.pilots.pilot_table import MeasuredPilot
from cxroi.questions.pilots import PilotPlan, UploadedPilots
from cxroi.text import Text
from cxroi.view.figure import in_points, money, percent_range, points_range, segment_name


def design_words(found: PilotPlan, text: Text) -> list[str]:
    """Return what a planned pilot asks for, what it costs and what it can show."""
    plan, place, wish = found.design, found.place, found.wish
    by_branch = plan.branches_per_group is not None
    where = segment_name(found.segment.segment, text)
    lines = [
        text(
            "pilots.design_branches" if by_branch else "pilots.design",
            segment=where,
            branches=plan.branches_per_group or 0,
            customers=text("pilot.proposal.customers", count=plan.customers_per_group),
            months=text.months(plan.months),
            level=text.percent(wish.level_percent / 100, 0),
        ),
        text(
            f"pilots.design_{'saves' if plan.cost < 0 else 'costs'}",
            cost=money(abs(plan.cost), found.currency, text),
        ),
    ]
    if by_branch:
        correlation = text.number(place.beliefs.intra_class_correlation)
        lines.append(text("pilots.design_effect", effect=text.number(place.design_effect, 1), correlation=correlation))
    power = text.percent(plan.power, 0)
    if plan.outcome is PilotOutcome.CHURN:
        lines.append(text("pilots.power", power=power, smallest=text.points(plan.smallest_change)))
    else:
        named = text(f"pilot.outcome.{plan.outcome}")
        change, smallest = (text.percent(one / 100) for one in (wish.change_percent or 0.0, plan.smallest_change))
        lines.append(text("pilots.power_mean", power=power, outcome=named, change=change, smallest=smallest))
    if place.carryover_rate:
        lines.append(text("pilots.ramp", carryover=text.percent(place.carryover_rate, 0)))
    if not plan.reaches_power:
        lines.append(text("pilots.too_few_branches" if by_branch else "pilots.too_few"))
    return lines


def uploaded_words(found: UploadedPilots, text: Text) -> list[str]:
    """Return what each uploaded pilot has shown, then the comparison over time or why there is none."""
    words = [line for one in found.measured for line in pilot_words(one, text)]
    if found.problem is not None:
        words.append(text.error(found.problem))
    if found.over_time is None:
        return words
    words += [text("pilots.together"), *over_time_words(found.over_time, text)]
    for outcome, one in found.money_over_time.items():
        ends = text.between(text.number(one.effect.low, 2), text.number(one.effect.high, 2))
        words.append(text("pilots.over_time_money", outcome=_capital(text(f"pilot.outcome.{outcome}")), effect=ends))
    return words


def pilot_words(one: MeasuredPilot, text: Text) -> list[str]:
    """Return what one uploaded pilot has shown, retention first."""
    months = text.months(one.months)
    lines = [
        text("pilots.heading", segment=one.segment or text("segments.whole"), months=months, grade=one.result.grade)
    ]
    over_time, before = one.over_time, text.months(one.months_before)
    told = "stayed"
    if over_time is not None and over_time.against_before:
        told = "would_have"
        lines.append(text("pilots.against_before", months=before))
        if over_time.pre_trend is not None:
            lines.append(text(f"pilots.pre_trend.{'passes' if over_time.pre_trend.passes else 'fails'}"))
    elif one.months_before:
        lines.append(text(f"pilots.{'left_out' if over_time is None else 'alike'}", months=before))
    lines += measure_words(one.result, text, told)
    lines += [line for other in one.outcomes for line in _outcome_words(other, text)]
    for name, error in one.refused.items():
        named = text(f"pilot.outcome.{name}")
        lines.append(text("pilots.outcome_refused", outcome=_capital(named), reason=text.error(error)))
    return lines


def _outcome_words(one: OutcomeResult, text: Text) -> list[str]:
    """Return what a pilot did to one outcome beside retention."""
    joins = one.outcome is PilotOutcome.JOINS
    treated, control = (
        text.number(100 * each, 2) if joins else text.number(each, 2) for each in (one.treated, one.control)
    )
    named = _capital(text(f"pilot.outcome.{one.outcome}"))
    kind = "raised" if one.change.low > 0 else "lowered" if one.change.high < 0 else "open"
    change = percent_range(one.change, text, 1)
    return [
        text("pilots.outcome_joins" if joins else "pilots.outcome", outcome=named, treated=treated, control=control),
        *([text("pilots.outcome_before")] if one.against_before else []),
        text(f"pilots.outcome_{kind}", change=change),
    ]


def measure_words(result: PilotResult, text: Text, told: str = "stayed") -> list[str]:
    """Return the two retentions and what can be said of their difference."""
    points = in_points(result.difference)
    kind = "kept" if points.low > 0 else "lost" if points.high < 0 else "open"
    stayed = {
        "treated": text.percent(result.treated_retention),
        "control": text.percent(result.control_retention),
    }
    return [text(f"pilots.{told}", **stayed), text(f"pilots.{kind}", difference=points_range(points, text))]


def over_time_words(found: MatchedResult, text: Text) -> list[str]:
    """Return the comparison over time, and what its checks say."""
    lines = [text("pilots.over_time", effect=points_range(in_points(found.effect), text))]
    for name, check in (("pre_trend", found.pre_trend), ("placebo", found.placebo)):
        says = "unknown" if check is None else "passes" if check.passes else "fails"
        lines.append(text(f"pilots.{name}.{says}"))
    return lines


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
