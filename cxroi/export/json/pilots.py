"""Pilots as JSON objects: the one that is planned, and what a finished one has shown."""

from __future__ import annotations

from dataclasses import asdict

from cxroi.export.json.case import pilot_json as proposal_json
from cxroi.export.json.values import Json, exact_money, rate, rate_interval
from cxroi.model.company.segments import WHOLE
from cxroi.model.pilots.difference_in_differences import MatchedResult, TrendCheck
from cxroi.model.pilots.pilot import PilotResult
from cxroi.model.pilots.pilot_outcomes import OutcomeResult
from cxroi.model.pilots.pilot_table import MeasuredPilot
from cxroi.questions.pilot_groups import DrawnGroups, TestWorth
from cxroi.questions.pilots import PilotPlan, UploadedPilots
from cxroi.text import Text


def plan_json(plan: PilotPlan) -> Json:
    """Return a planned pilot and what it was planned on."""
    found = plan.design
    return asdict(found) | {
        "segment": plan.segment.segment,
        "currency": plan.currency,
        "level_percent": plan.wish.level_percent,
        "carryover_rate": plan.place.carryover_rate,
        "design_effect": plan.place.design_effect,
        "branch_variation_percent": 100 * plan.place.size_variation,
        "customers_at_risk": rate(plan.customers_at_risk),
        "margin_at_risk": exact_money(plan.margin_at_risk),
        "cost": exact_money(found.cost),
        "options": [asdict(option) | {"cost": exact_money(option.cost)} for option in found.options],
    }


def worth_json(one: TestWorth) -> Json:
    """Return what the best pilot for one verdict is worth."""
    return {
        "segment": one.segment,
        "call": str(one.call),
        "pilot": None if one.pilot is None else proposal_json(one.pilot),
        "net": exact_money(one.net),
    }


def groups_json(drawn: DrawnGroups) -> Json:
    """Return two groups as drawn, without their customers."""
    return {
        "seed": drawn.wish.seed,
        "segment": drawn.wish.segment or WHOLE,
        "as_of": drawn.as_of.isoformat(),
        "by_region": drawn.wish.by_region,
        "strata": drawn.strata,
        "treated": len(drawn.named("treated")),
        "control": len(drawn.named("control")),
        "alike": [
            {
                "name": one.name,
                "treated": rate(one.treated),
                "control": rate(one.control),
                "difference": rate(one.difference),
            }
            for one in drawn.alike
        ],
    }


def uploaded_json(found: UploadedPilots, text: Text) -> Json:
    """Return every uploaded pilot, and the comparison over time or why there is none."""
    return {
        "pilots": [pilot_json(one) for one in found.measured],
        "over_time": None if found.over_time is None else over_time_json(found.over_time),
        "over_time_problem": None if found.problem is None else text.error(found.problem),
        "money_over_time": [
            {"outcome": str(outcome), **over_time_json(one)} for outcome, one in found.money_over_time.items()
        ],
    }


def pilot_json(one: MeasuredPilot) -> Json:
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


def result_json(result: PilotResult) -> Json:
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


def _outcome_json(one: OutcomeResult) -> Json:
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


def over_time_json(found: MatchedResult) -> Json:
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


def _check_json(check: TrendCheck | None) -> Json | None:
    return None if check is None else asdict(check) | {"passes": check.passes}
