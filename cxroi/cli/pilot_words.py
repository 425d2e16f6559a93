"""Pilots in words and in JSON: the one that is planned, and what a finished one has shown."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from cxroi.cli.layout import in_points, segment_name
from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.company.segments import WHOLE
from cxroi.model.pilots.difference_in_differences import MatchedResult, TrendCheck
from cxroi.model.pilots.pilot import PilotOutcome, PilotResult
from cxroi.model.pilots.pilot_design import PilotDesign, Place
from cxroi.model.pilots.pilot_outcomes import OutcomeResult
from cxroi.model.pilots.pilot_table import MeasuredPilot
from cxroi.text import Text
from cxroi.view.figure import money, percent_range, points_range
from cxroi.view.report_json import rate_interval


def design_words(
    plan: PilotDesign, place: Place, segment: SegmentBaseline, choices: Namespace, currency: str, text: Text
) -> list[str]:
    """Return what a plan asks for, what it costs and what it can show."""
    by_branch = plan.branches_per_group is not None
    whole = segment_name(segment.segment, text)
    lines = [
        text(
            "cli.pilot.design_branches" if by_branch else "cli.pilot.design",
            segment=whole,
            branches=plan.branches_per_group or 0,
            customers=text("pilot.proposal.customers", count=plan.customers_per_group),
            months=text.months(plan.months),
            level=text.percent(choices.level_percent / 100, 0),
        ),
        text(f"cli.pilot.design_{'saves' if plan.cost < 0 else 'costs'}", cost=money(abs(plan.cost), currency, text)),
    ]
    if by_branch:
        correlation = text.number(place.beliefs.intra_class_correlation)
        lines.append(
            text("cli.pilot.design_effect", effect=text.number(place.design_effect, 1), correlation=correlation)
        )
    power = text.percent(plan.power, 0)
    if plan.outcome is PilotOutcome.CHURN:
        lines.append(text("cli.pilot.power", power=power, smallest=text.points(plan.smallest_change)))
    else:
        named = text(f"pilot.outcome.{plan.outcome}")
        change, smallest = (text.percent(one / 100) for one in (choices.change_percent, plan.smallest_change))
        lines.append(text("cli.pilot.power_mean", power=power, outcome=named, change=change, smallest=smallest))
    if place.carryover_rate:
        lines.append(text("cli.pilot.ramp", carryover=text.percent(place.carryover_rate, 0)))
    if not plan.reaches_power:
        lines.append(text("cli.pilot.too_few_branches" if by_branch else "cli.pilot.too_few"))
    return lines


def pilot_words(one: MeasuredPilot, text: Text) -> list[str]:
    """Return what one uploaded pilot has shown, retention first."""
    months = text.months(one.months)
    lines = [text("cli.pilot.heading", segment=one.segment or text("cli.whole"), months=months, grade=one.result.grade)]
    over_time, before = one.over_time, text.months(one.months_before)
    told = "stayed"
    if over_time is not None and over_time.against_before:
        told = "would_have"
        lines.append(text("cli.pilot.against_before", months=before))
        if over_time.pre_trend is not None:
            lines.append(text(f"cli.pilot.pre_trend.{'passes' if over_time.pre_trend.passes else 'fails'}"))
    elif one.months_before:
        lines.append(text(f"cli.pilot.{'left_out' if over_time is None else 'alike'}", months=before))
    lines += measure_words(one.result, text, told)
    lines += [line for other in one.outcomes for line in _outcome_words(other, text)]
    for name, error in one.refused.items():
        named = text(f"pilot.outcome.{name}")
        lines.append(text("cli.pilot.outcome_refused", outcome=_capital(named), reason=text.error(error)))
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
        text(
            "cli.pilot.outcome_joins" if joins else "cli.pilot.outcome", outcome=named, treated=treated, control=control
        ),
        *([text("cli.pilot.outcome_before")] if one.against_before else []),
        text(f"cli.pilot.outcome_{kind}", change=change),
    ]


def measure_words(result: PilotResult, text: Text, told: str = "stayed") -> list[str]:
    """Return the two retentions and what can be said of their difference."""
    points = in_points(result.difference)
    kind = "kept" if points.low > 0 else "lost" if points.high < 0 else "open"
    stayed = {
        "treated": text.percent(result.treated_retention),
        "control": text.percent(result.control_retention),
    }
    return [text(f"cli.pilot.{told}", **stayed), text(f"cli.pilot.{kind}", difference=points_range(points, text))]


def over_time_words(found: MatchedResult, text: Text) -> list[str]:
    """Return the comparison over time, and what its checks say."""
    lines = [text("cli.pilot.over_time", effect=points_range(in_points(found.effect), text))]
    for name, check in (("pre_trend", found.pre_trend), ("placebo", found.placebo)):
        says = "unknown" if check is None else "passes" if check.passes else "fails"
        lines.append(text(f"cli.pilot.{name}.{says}"))
    return lines


def pilot_json(one: MeasuredPilot) -> dict[str, Any]:
    """Return one uploaded pilot."""
    over_time = one.over_time
    return result_json(one.result) | {
        "segment": one.segment or WHOLE,
        "months": one.months,
        "months_before": one.months_before,
        "against_before": over_time is not None and over_time.against_before,
        "before": _check_json(over_time.before if over_time else None),
        "pre_trend": _check_json(over_time.pre_trend if over_time else None),
        "outcomes": [_outcome_json(other) for other in one.outcomes],
        "outcomes_refused": {str(name): error.id for name, error in one.refused.items()},
    }


def result_json(result: PilotResult) -> dict[str, Any]:
    """Return what a pilot did to retention."""
    return {
        "treated_retention": result.treated_retention,
        "control_retention": result.control_retention,
        "difference": rate_interval(result.difference),
        "p_value": result.p_value,
        "log_hazard_gain": result.log_hazard_gain,
        "log_hazard_error": result.log_hazard_error,
        "grade": str(result.grade),
    }


def _outcome_json(one: OutcomeResult) -> dict[str, Any]:
    return {
        "outcome": str(one.outcome),
        "treated": one.treated,
        "control": one.control,
        "change": rate_interval(one.change),
        "p_value": one.p_value,
        "log_gain": one.log_gain,
        "log_error": one.log_error,
        "against_before": one.against_before,
        "grade": str(one.grade),
    }


def over_time_json(found: MatchedResult) -> dict[str, Any]:
    """Return the comparison over time with its checks."""
    return {
        "effect": rate_interval(found.effect),
        "p_value": found.p_value,
        "units": found.units,
        "means": list(found.means),
        "pre_trend": _check_json(found.pre_trend),
        "placebo": _check_json(found.placebo),
        "grade": str(found.grade),
    }


def _check_json(check: TrendCheck | None) -> dict[str, Any] | None:
    return None if check is None else asdict(check) | {"passes": check.passes}


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
