"""Which scale the answers of a survey are on: the smallest known one that holds all but a few of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from cxroi.intake.columns.casting import derived, layered
from cxroi.intake.columns.recognise import normalised
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.settle.answer_findings import asked_of, told_of
from cxroi.intake.settle.answers import labels_of, metric_told, read_words, with_words, without_answers
from cxroi.model.satisfaction.scales import LONGEST_IN_BOXES, SCALES, estimate_ends

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

_EASE = ("effort", "how easy", "made it easy", "جهد", "سهوله")
_SATISFIED = ("how satisfied", "satisfaction with", "overall satisfaction", "satisfied", "مدي رضاك", "رضاك", "الرضا عن")
RATING = "satisfaction"  # of a support contact
_SATISFACTION = (
    "csat",
    "satisfaction",
    "rating",
    "review score",
    "stars",
    "الرضا",
    "درجه الرضا",
    "التقييم",
    "درجه التقييم",
)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The range of one metric's answers."""

    metric: str
    low: int
    high: int


def with_scales(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, heading: str, request: IntakeRequest
) -> Plan:
    """Settle the metric and scale of every answer, or ask which metric it is."""
    labels = labels_of(connection, relation, plan, "score", _metric_cell(plan))
    plan, metric = with_metric(plan, heading, request, metric_told(labels, request))
    if not metric:
        return plan
    read = read_words({name or metric.strip("'"): one for name, one in labels.items()}, heading, request)
    if questions := asked_of(read):
        return replace(plan, findings=(*plan.findings, *questions))
    plan = without_answers(with_words(plan, "score", read, metric), read)
    cells = {cell.target: cell for cell in plan.cells}
    score = cells["score"].value
    answers = layered([c for c in plan.cells if c.target in ("metric", "score")], relation)
    found = settle_scales(connection, answers, metric=metric, score=score, allowed=request.rejects_allowed_rate)
    tops = {one.metric: one.top for one in read if one.top}
    found = tuple(replace(one, high=tops.get(one.metric, one.high)) for one in found)
    problem = ("reject.outside_scale", outside(found, metric, score))
    facts = {**cells["score"].facts, "scale": ", ".join(f"{s.metric} {s.low}-{s.high}" for s in found)}
    cells["score"] = replace(cells["score"], problems=(*cells["score"].problems, problem), facts=facts)
    if "scale_max" not in cells:
        cells["scale_max"] = derived("scale_max", highest(found, metric))
    words = told_of(read, {one.metric: one.high for one in found})
    return replace(plan, cells=tuple(cells.values()), findings=(*plan.findings, *notes(found), *words))


def with_ratings(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, heading: str, request: IntakeRequest
) -> Plan:
    """Settle ratings of support contacts that are words; one that says that there is none leaves its contact unrated."""
    labels = labels_of(connection, relation, plan, RATING, "'csat'")
    read = read_words(labels, heading, request)
    plan = with_words(plan, RATING, read, "'csat'")
    return replace(plan, findings=(*plan.findings, *(asked_of(read) or told_of(read, {}))))


def with_estimates(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, heading: str, request: IntakeRequest
) -> Plan:
    """Settle the metric of every estimate of a score, or ask which it is; one without a metric or beyond its ends is put aside."""
    plan, metric = with_metric(plan, heading, request)
    if not metric:
        return plan
    cells = {cell.target: cell for cell in plan.cells}
    told, value = cells["metric"], cells["estimate"].value
    cells["metric"] = replace(told, problems=(*told.problems, ("reject.missing", f"{metric} IS NULL")), sound="")
    ends = tuple(
        Scale(metric=name, low=int(low), high=int(high)) for name in SCALES for low, high in [estimate_ends(name)]
    )
    facts = {**cells["estimate"].facts, "scale": ", ".join(f"{one.metric} {one.low}-{one.high}" for one in ends)}
    problem = ("reject.outside_scale", outside(ends, metric, value))
    cells["estimate"] = replace(
        cells["estimate"], problems=(*cells["estimate"].problems, problem), facts=facts, sound=""
    )
    found = connection.execute(
        f"SELECT {metric}, max({value}) FROM {plan.over(relation)} WHERE {metric} IN ('csat', 'ces') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    small = tuple(
        Finding(id="finding.estimates_small", severity=Severity.FLAG, facts={"metric": name, "most": f"{most:g}"})
        for name, most in found
        if most is not None and most <= LONGEST_IN_BOXES
    )
    return replace(plan, cells=tuple(cells.values()), findings=(*plan.findings, *small))


def _metric_cell(plan: Plan) -> str:
    return next((cell.value for cell in plan.cells if cell.target == "metric"), "NULL")


def with_metric(plan: Plan, heading: str, request: IntakeRequest, told: str | None = None) -> tuple[Plan, str]:
    """Return the plan with a metric for every row, and the SQL of it; "" where the plan asks which it is.

    `told` is the metric that the answers tell, where neither the person nor the heading does.
    """
    for cell in plan.cells:
        if cell.target == "metric":
            return plan, cell.value
    said = metric_of(heading, request.metric) or told
    if said is None:
        question = Finding(id="finding.metric_unclear", severity=Severity.QUESTION, facts={"column": heading})
        return replace(plan, findings=(*plan.findings, question)), ""
    return replace(plan, cells=(*plan.cells, derived("metric", f"'{said}'"))), f"'{said}'"


def settle_scales(
    connection: duckdb.DuckDBPyConnection, relation: str, *, metric: str, score: str, allowed: float
) -> tuple[Scale, ...]:
    """Return the scale of each metric in a relation, `metric` and `score` being SQL; at most `allowed` may fall outside."""
    found = []
    for name, scales in SCALES.items():
        fits = ", ".join(f"count(*) FILTER (s BETWEEN {low} AND {high})" for low, high in scales)
        row = connection.execute(
            f"SELECT count(*), {fits} FROM (SELECT {metric} AS m, {score} AS s FROM {relation}) WHERE m = ? AND s IS NOT NULL",
            [name],
        ).fetchone()
        assert row is not None
        if row[0]:
            best = max(row[1:])
            enough = next(i for i, n in enumerate(row[1:]) if n >= (1 - allowed) * row[0] or n == best)
            found.append(Scale(metric=name, low=scales[enough][0], high=scales[enough][1]))
    return tuple(found)


def metric_of(heading: str, asked: str | None) -> str | None:
    """Return the metric that a file without a metric column holds: what the person said, or what the heading says."""
    words = normalised(heading)
    if asked in SCALES:
        return asked
    for name in SCALES:
        if name in words.split():
            return name
    if "recommend" in words or "توصي" in words:
        return "nps"
    if any(word in words for word in _EASE):
        return "ces"
    return "csat" if words in _SATISFACTION or any(word in words for word in _SATISFIED) else None


def outside(scales: tuple[Scale, ...], metric: str, score: str) -> str:
    """Return SQL that is true where an answer lies outside its scale."""
    if not scales:
        return "false"
    branches = " ".join(f"WHEN '{s.metric}' THEN {score} NOT BETWEEN {s.low} AND {s.high}" for s in scales)
    return f"coalesce(CASE {metric} {branches} END, false)"


def highest(scales: tuple[Scale, ...], metric: str) -> str:
    """Return SQL for the top of the scale of an answer."""
    if not scales:
        return "NULL::DOUBLE"
    return f"CASE {metric} " + " ".join(f"WHEN '{s.metric}' THEN {s.high}" for s in scales) + " END::DOUBLE"


def notes(scales: tuple[Scale, ...]) -> tuple[Finding, ...]:
    """Return what was settled, for the person to see."""
    return tuple(
        Finding(
            id="finding.scale",
            severity=Severity.NOTE,
            facts={"metric": s.metric, "low": str(s.low), "high": str(s.high)},
        )
        for s in scales
    )
