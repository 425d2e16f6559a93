"""Commands about pilots: the one that would show whether spend keeps customers, and what a finished one has shown."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cxroi.cli.arguments import wrong_use
from cxroi.cli.decision import read_panel
from cxroi.cli.shared import answer, current_version, illustrative_lines, in_points, workspace_of
from cxroi.errors import ModelError
from cxroi.model.baseline import Baseline, SegmentBaseline, measure_baseline
from cxroi.model.matched import MatchedResult, TrendCheck
from cxroi.model.pilot import PilotResult, measure_randomised
from cxroi.model.pilot_table import MeasuredPilot, compare_over_time, measure_table
from cxroi.model.power import PilotDesign, design
from cxroi.text import Text
from cxroi.view.figure import money, points_range
from cxroi.view.report_json import money as money_text
from cxroi.view.report_json import rate_interval

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("treated", "treated_stayed", "control", "control_stayed")


def pilot(choices: Namespace, text: Text) -> int:
    """Plan a pilot on today's customers, or measure one that is over."""
    return _design(choices, text) if choices.task == "design" else _measure(choices, text)


def _design(choices: Namespace, text: Text) -> int:
    if choices.uplift is None:
        wrong_use("missing", task=choices.task, options="--uplift")
    version = current_version(workspace_of(choices))
    baseline = measure_baseline(read_panel(version))
    segment = _segment(baseline, choices.segment)
    extra = segment.cx_spend_per_month / max(segment.customers, 1.0) * choices.extra_spend_percent / 100
    plan = design(
        monthly_churn_rate=segment.monthly_churn_rate.mid,
        uplift_pp=choices.uplift,
        customers_available=segment.customers,
        extra_spend_per_customer_month=extra,
        fixed_cost=choices.fixed_cost,
        power=choices.power,
    )
    facts = asdict(plan) | {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "segment": segment.segment,
        "currency": baseline.currency,
        "cost": money_text(plan.cost),
        "options": [asdict(option) | {"cost": money_text(option.cost)} for option in plan.options],
    }
    answer(
        choices,
        facts,
        [*illustrative_lines(version.illustrative, text), *_design_words(plan, segment, baseline.currency, text)],
    )
    return 0


def _segment(baseline: Baseline, name: str | None) -> SegmentBaseline:
    known = {one.segment: one for one in (*baseline.segments, baseline.whole)}
    if name is None or name == "all":
        return baseline.whole
    if name not in known:
        raise ModelError("cli.no_such_segment", segment=name, known=", ".join(known))
    return known[name]


def _design_words(plan: PilotDesign, segment: SegmentBaseline, currency: str, text: Text) -> list[str]:
    enough = plan.customers_per_group * 2 <= segment.customers and any(option.fits for option in plan.options)
    return [
        text(
            "cli.pilot.design",
            segment=text("cli.whole") if segment.segment == "all" else segment.segment,
            customers=text.number(plan.customers_per_group, 0),
            months=text.months(plan.months),
            cost=money(plan.cost, currency, text),
        ),
        text("cli.pilot.power", power=text.percent(plan.power, 0), smallest=text.points(plan.smallest_uplift_pp)),
        *([] if enough else [text("cli.pilot.too_few")]),
    ]


def _measure_uploaded(choices: Namespace, text: Text) -> int:
    """Measure the pilots in the table `pilots`, each with the comparison over time where the months before are known."""
    from cxroi.store.engine import Engine

    version = current_version(workspace_of(choices))
    rows = Engine.on(version).query("pilot_rows")
    if choices.segment is not None:
        rows = rows[rows["segment"] == choices.segment]
    if rows.empty:
        raise ModelError("cli.no_pilots", segment=choices.segment or "-")
    since = None if choices.since is None else _month(choices.since)
    if since is not None and not (rows["period"] >= since).any():
        raise ModelError("cli.pilot_never", month=choices.since)
    measured = tuple(
        one
        for _, part in rows.groupby("segment", sort=True)
        for one in measure_table(part, randomised=bool(part["randomised"].all()), since=since)
    )
    over_time, problem = _over_time(rows, choices.since, text)
    facts = {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "pilots": [_pilot_json(one) for one in measured],
        "over_time": None if over_time is None else _over_time_json(over_time),
        "over_time_problem": problem,
    }
    words = [line for one in measured for line in _pilot_words(one, text)]
    if problem is not None:
        words.append(problem)
    if over_time is not None:
        words += _over_time_words(over_time, text)
    answer(choices, facts, [*illustrative_lines(version.illustrative, text), *words])
    return 0


def _over_time(rows: pd.DataFrame, since: str | None, text: Text) -> tuple[MatchedResult | None, str | None]:
    """Return the comparison over time, or the sentence that says why these rows do not allow one."""
    if since is None:
        return None, None
    try:
        return compare_over_time(rows, _month(since)), None
    except ModelError as error:
        return None, text.error(error)


def _month(given: str) -> pd.Timestamp:
    """Return the first day of a month such as 2025-03."""
    import pandas as pd

    try:
        return pd.Timestamp(pd.Period(given, freq="M").start_time)
    except ValueError:
        wrong_use("month", given=given)


def _over_time_json(found: MatchedResult) -> dict[str, Any]:
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


def _pilot_json(one: MeasuredPilot) -> dict[str, Any]:
    over_time = one.over_time
    return _result_json(one.result) | {
        "segment": one.segment or "all",
        "months": one.months,
        "months_before": one.months_before,
        "against_before": over_time is not None and over_time.against_before,
        "before": _check_json(over_time.before if over_time else None),
        "pre_trend": _check_json(over_time.pre_trend if over_time else None),
    }


def _pilot_words(one: MeasuredPilot, text: Text) -> list[str]:
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
    return [*lines, *_measure_words(one.result, text, told)]


def _over_time_words(found: MatchedResult, text: Text) -> list[str]:
    lines = [text("cli.pilot.over_time", effect=points_range(in_points(found.effect), text))]
    for name, check in (("pre_trend", found.pre_trend), ("placebo", found.placebo)):
        says = "unknown" if check is None else "passes" if check.passes else "fails"
        lines.append(text(f"cli.pilot.{name}.{says}"))
    return lines


def _measure(choices: Namespace, text: Text) -> int:
    if all(getattr(choices, name) is None for name in COUNTS):
        return _measure_uploaded(choices, text)
    given = {name: getattr(choices, name) for name in COUNTS}
    if missing := [f"--{name.replace('_', '-')}" for name, count in given.items() if count is None]:
        wrong_use("missing", task=choices.task, options=", ".join(missing))
    result = measure_randomised(*given.values())
    answer(choices, _result_json(result), _measure_words(result, text))
    return 0


def _result_json(result: PilotResult) -> dict[str, Any]:
    return {
        "treated_retention": result.treated_retention,
        "control_retention": result.control_retention,
        "difference": rate_interval(result.difference),
        "p_value": result.p_value,
        "log_hazard_gain": result.log_hazard_gain,
        "log_hazard_error": result.log_hazard_error,
        "grade": str(result.grade),
    }


def _measure_words(result: PilotResult, text: Text, told: str = "stayed") -> list[str]:
    points = in_points(result.difference)
    kind = "kept" if points.low > 0 else "lost" if points.high < 0 else "open"
    stayed = {
        "treated": text.percent(result.treated_retention),
        "control": text.percent(result.control_retention),
    }
    return [text(f"cli.pilot.{told}", **stayed), text(f"cli.pilot.{kind}", difference=points_range(points, text))]
