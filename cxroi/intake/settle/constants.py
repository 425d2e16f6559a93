"""A column of ours that a file lacks and that is the same in every row: given by a person, or the month in a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cxroi.errors import UploadError
from cxroi.intake.columns.recognise import Match, match
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.settle.choose import choose
from cxroi.intake.source_table import SourceTable
from cxroi.tables import TABLES, Kind

_Column = tuple[str, str]


def with_constants(source: SourceTable, request: IntakeRequest) -> tuple[SourceTable, IntakeRequest]:
    """Return a source with a column for each constant that a person gives, and the request that reads ours from it."""
    for target, value in request.constants:
        note = Finding(id="finding.constant", severity=Severity.NOTE, facts={"target": target, "value": value[:60]})
        source, request = _with(source, request, (target, value), note)
    return source, request


def chosen(source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest) -> tuple[Match, SourceTable]:
    """Return the table that a file holds; where only its month is missing and a title names one, with that month.

    Raises UploadError as `choose` does.
    """
    try:
        return choose(source, samples, request), source
    except UploadError as error:
        target = None if source.month_said is None else _month_lacking(source, samples, request)
        if target is None or source.month_said is None:
            raise
        month, title = source.month_said
        facts = {"target": target, "month": month, "title": title[:80]}
        flag = Finding(id="finding.month_from_title", severity=Severity.FLAG, facts=facts)
        dated, asked = _with(source, request, (target, month), flag)
        try:
            return choose(dated, with_samples(samples, dated), asked), dated
        except UploadError:
            raise error from None


def with_samples(samples: Sequence[Sequence[str]], source: SourceTable) -> list[list[str]]:
    """Return the samples of every column, those of a constant among them."""
    late = source.constants[len(samples) - len(source.own_headings) :]
    return [*map(list, samples), *([value] * max(map(len, samples), default=0) for _, value in late)]


def _with(
    source: SourceTable, request: IntakeRequest, constant: _Column, said: Finding
) -> tuple[SourceTable, IntakeRequest]:
    heading = " = ".join(constant)
    others = tuple(pair for pair in request.mapping if pair[0] != constant[0])
    return (
        replace(
            source,
            headings=(*source.headings, heading),
            constants=(*source.constants, constant),
            findings=(*source.findings, said),
        ),
        replace(request, mapping=(*others, (constant[0], heading))),
    )


def _month_lacking(source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest) -> str | None:
    """Return the column of months that is all that the table lacks, as it was named or as fits best without a name."""
    tables = [table for table in TABLES.values() if request.table in (None, table.name)]
    fits = [match(table, source.headings, samples, given=dict(request.mapping)) for table in tables]
    months = [found for found in fits if len(found.missing) == 1 and _is_month(found.table, found.missing[0])]
    return max(months, key=lambda found: found.score).missing[0] if months else None


def _is_month(table: str, name: str) -> bool:
    return any(column.name == name and column.kind is Kind.MONTH for column in TABLES[table].columns)
