"""Two tables that stand side by side on one sheet: one of them only is read, so a person says which, or moves one."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.intake.columns.recognise import Match, match
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.source_table import SourceTable
from cxroi.tables import TABLES

_TWINS = 3  # columns that both have; two alone, a second date and a second amount, one ledger may have
_SURE = 0.5


def side_by_side(
    found: Match, source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest
) -> tuple[Finding, ...]:
    """Return the question that two tables side by side leave open, nothing where a person has said each column of one."""
    taken = [found.mapping[target] for target in found.mapping]
    left = [i for i, heading in enumerate(source.own_headings) if heading and i not in taken]
    if len(taken) < _TWINS or len(left) < _TWINS:
        return ()
    table = TABLES[found.table]
    twin = match(table, [source.headings[i] for i in left], [samples[i] for i in left])
    second = {target: left[k] for target, k in twin.mapping.items() if twin.confidence[target] >= _SURE}
    both = [target for target in found.mapping if target in second]
    required = {column.name for column in table.columns if column.required}
    if len(both) < _TWINS or not required <= set(both):
        return ()
    places = sorted([found.mapping[target] for target in both] + [second[target] for target in both])
    halves = places[: len(both)], places[len(both) :]
    of = {i: target for target in both for i in (found.mapping[target], second[target])}
    if {of[i] for i in halves[0]} != {of[i] for i in halves[1]}:
        return ()
    said = {target for target, heading in request.mapping if heading}
    names = [", ".join(source.headings[i] for i in half) for half in halves]
    facts = {"one": names[0], "other": names[1], "targets": ", ".join(of[i] for i in halves[0])}
    facts["other_targets"] = ", ".join(of[i] for i in halves[1])
    severity = Severity.FLAG if set(both) <= said else Severity.QUESTION
    return (Finding(id="finding.side_by_side", severity=severity, facts=facts),)
