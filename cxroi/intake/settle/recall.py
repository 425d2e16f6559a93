"""A file with the header of an earlier one is read as a person had that one read, unless they now say otherwise.

What was the same in every row of that file is so again, but for a day or month: the next file is about another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cxroi.intake.columns.conventions import CALENDAR
from cxroi.intake.report import Finding, IntakeRequest, Severity, known_as
from cxroi.tables import ANSWER, CONSTANT, TABLES


def recalled(headings: Sequence[str], request: IntakeRequest) -> tuple[IntakeRequest, tuple[Finding, ...]]:
    """Return the request with the mapping kept for this header, and what a person should know about that.

    A mapping in the request, or another table, comes first; then nothing is recalled.
    """
    headers = known_as(headings)
    kept = [(table, column, heading) for known, table, column, heading in request.remembered if known in headers]
    table = kept[0][0] if kept else ""
    if table not in TABLES or request.table not in (None, table):
        return request, ()
    request = _with_answers(request, kept)
    if request.mapping:
        return request, ()
    columns = {column.name for column in TABLES[table].columns}
    named = {_plain(heading): heading for heading in headings} | {"": ""}
    mapping = tuple((c, named[_plain(h)]) for _, c, h in kept if c in columns and _plain(h) in named)
    given = {column for column, _ in request.constants}
    said = [
        (c, h[1:]) for _, c, h in kept if c in columns - given and h.startswith(CONSTANT) and _plain(h) not in named
    ]
    dates = [(c, value) for c, value in said if TABLES[table].column(c).kind in CALENDAR]
    constants = tuple(pair for pair in said if pair not in dates)
    words = ", ".join(f"{column} = {heading or '-'}" for column, heading in (*mapping, *constants))
    findings = [Finding(id="finding.mapping_recalled", severity=Severity.NOTE, facts={"mapping": words})]
    for column, value in dates:
        facts = {"target": column, "value": value[:60]}
        findings.append(Finding(id="finding.constant_again", severity=Severity.NOTE, facts=facts))
    constants = (*request.constants, *constants)
    return replace(request, table=table, mapping=mapping, constants=constants), tuple(findings)


def _with_answers(request: IntakeRequest, kept: Sequence[tuple[str, str, str]]) -> IntakeRequest:
    """Return the request with what answers in words counted as, but for those that are said anew."""
    again = {label for label, _ in request.answers}
    said = [(column[len(ANSWER) :], score[len(CONSTANT) :]) for _, column, score in kept if column.startswith(ANSWER)]
    return replace(
        request, answers=(*request.answers, *((label, score) for label, score in said if label not in again))
    )


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())
