"""Since when a customer is one, and who has left, where a file says it with months or a status and not with a date.

A status alone has no month of leaving. Putting all who ever left into the day of the list would be one huge month of
losses; leaving them out would be a company that nobody leaves; counting them as a year would be a guess. So the file
waits until something tells the month: a leaving date, months of tenure beside a joining date, or the person, who says
that these customers left in the month of the list (as telecom lists often mean it).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from cxroi.intake.columns.casting import Cell, derived, layered
from cxroi.intake.columns.recognise import normalised
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.tables import GONE

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

_ABOUT_LEAVING = ("churn", "attrition", "exited", "left", "lost", "cancel", "فقدان", "مغادر", "غادر", "الغاء")
_COUNTED = {  # what each finding counts, among typed rows
    "left_undated_some": "status = 'left' AND left_on IS NULL",
    "left_computed": "left_on IS NOT NULL",
    "left_in_month": "left_on IS NOT NULL",
}


def with_leavers(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, heading: str, request: IntakeRequest
) -> Plan:
    """Return the plan of a customers table with a date for everybody who left, or with the question of their month.

    `heading` is that of the status: under "Churn" yes means left, under "Status" a word says it.
    """
    cells = {cell.target: cell for cell in plan.cells}
    status = cells["status"]
    gone = _gone(status, heading)
    cells["status"] = status.then(
        f"CASE WHEN {gone} THEN 'left' WHEN {_stayed(status, heading)} THEN 'active' ELSE {status.value} END"
    )
    dated = f"{cells['left_on'].value} IS NOT NULL" if "left_on" in cells else "false"
    source = layered(plan.cells, relation)
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER ({gone}), count(*) FILTER ({gone} AND NOT ({dated})) FROM {source}"
    ).fetchone()
    rows, left, undated = row or (0, 0, 0)
    plan = replace(plan, cells=tuple(cells.values()))
    if not undated:
        return plan
    facts = {"count": str(undated), "left": str(left), "rows": str(rows), "rate": f"{undated / rows:.1%}"}
    if undated < left:  # the others have their date; the panel leaves these out and says so
        return _noted(plan, "left_undated_some", Severity.FLAG, facts)
    if "left_on" not in cells and {"joined_on", "tenure_months"} <= plan.match.mapping.keys():
        return _noted(_counted_on(plan, cells, gone), "left_computed", Severity.FLAG, facts)
    if request.left_in_month and request.as_of and "left_on" not in cells:
        day = f"CASE WHEN {gone} THEN DATE '{request.as_of}' END"
        dated_plan = replace(plan, cells=(*plan.cells, derived("left_on", day, text=status.text)))
        return _noted(dated_plan, "left_in_month", Severity.FLAG, {**facts, "month": request.as_of[:7]})
    return _noted(plan, "left_undated", Severity.QUESTION, facts)


def of_those_loaded(
    connection: duckdb.DuckDBPyConnection, loaded: str, findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """Return the findings with leavers counted among the rows that were `loaded`, and how many more were put aside."""
    told: list[Finding] = []
    for finding in findings:
        told.append(finding)
        if (counted := _COUNTED.get(finding.id.removeprefix("finding."))) is None:
            continue
        row = connection.execute(
            f"SELECT count(*), count(*) FILTER (status = 'left'), count(*) FILTER ({counted}) FROM {loaded}"
        ).fetchone()
        rows, left, count = row or (0, 0, 0)
        facts = {"count": str(count), "left": str(left), "rows": str(rows), "rate": f"{count / max(rows, 1):.1%}"}
        told[-1] = replace(finding, facts={**finding.facts, **facts})
        if aside := int(finding.facts["count"]) - count:
            told.append(Finding(id="finding.left_put_aside", severity=Severity.FLAG, facts={"count": str(aside)}))
    return tuple(told)


def with_joining(plan: Plan, request: IntakeRequest) -> Plan:
    """Turn months of tenure into joining dates, counted back from the day that the person names."""
    if request.as_of is None:
        question = Finding(id="finding.as_of_unclear", severity=Severity.QUESTION, facts={})
        return replace(plan, findings=(*plan.findings, question))
    tenure = next(cell for cell in plan.cells if cell.target == "tenure_months")
    day = f"(DATE '{date.fromisoformat(request.as_of)}' - to_months(TRY_CAST(round({tenure.value}) AS INT)))::DATE"
    missing = ("reject.missing", f"({tenure.value} IS NULL)")
    negative = ("reject.negative_count", f"coalesce({tenure.value} < 0 OR {tenure.value} > 1200, false)")
    cells = [replace(c, problems=(*c.problems, missing, negative)) if c is tenure else c for c in plan.cells]
    joined = derived("joined_on", f"CASE WHEN {tenure.value} BETWEEN 0 AND 1200 THEN {day} END", text=tenure.text)
    return replace(plan, cells=(*cells, joined))


def _counted_on(plan: Plan, cells: dict[str, Cell], gone: str) -> Plan:
    """Count the day of leaving: joining plus months of tenure."""
    joined, tenure = cells["joined_on"], cells["tenure_months"]
    months = f"to_months(TRY_CAST(round({tenure.value}) AS INT))"
    day = f"CASE WHEN {gone} AND {tenure.value} BETWEEN 0 AND 1200 THEN ({joined.value} + {months})::DATE END"
    return replace(plan, cells=(*plan.cells, derived("left_on", day, text=tenure.text)))


def _gone(status: Cell, heading: str) -> str:
    words = ", ".join(f"'{word}'" for word in GONE)
    said = f"coalesce(lower(trim({status.value})) IN ({words}), false)"
    return f"({said} OR coalesce(read_flag({status.text}), false))" if _tells_leaving(heading) else said


def _stayed(status: Cell, heading: str) -> str:
    return f"coalesce(NOT read_flag({status.text}), false)" if _tells_leaving(heading) else "false"


def _tells_leaving(heading: str) -> bool:
    plain = normalised(heading)
    return any(word in plain for word in _ABOUT_LEAVING)


def _noted(plan: Plan, id: str, severity: Severity, facts: dict[str, str]) -> Plan:
    return replace(plan, findings=(*plan.findings, Finding(id=f"finding.{id}", severity=severity, facts=facts)))
