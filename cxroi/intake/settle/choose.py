"""Which table a file holds: as the person says, or as its headings tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.errors import UploadError
from cxroi.intake.columns.recognise import Match, index_of, match, recognise
from cxroi.intake.report import IntakeRequest
from cxroi.intake.source_table import SourceTable
from cxroi.tables import TABLES, Table

_SURE = 0.6  # a table that fits less is asked about


_PART_OF_A_WORD = 0.58


def choose(source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest) -> Match:
    """Return the table that the file holds, as the person says or as its headings tell.

    Raises UploadError when no table fits, when two fit alike, or when a required column is missing.
    """
    given = dict(request.mapping)
    listed = ", ".join(heading for heading in source.own_headings if heading)
    if request.table is not None:
        if request.table not in TABLES:
            raise UploadError("upload.unknown_table", table=request.table, tables=", ".join(TABLES))
        _ensure_headings_exist(given, source, TABLES[request.table])
        best = match(TABLES[request.table], source.headings, samples, given=given)
        if best.missing:
            raise UploadError("upload.missing_column", table=best.table, missing=", ".join(best.missing), found=listed)
        return best
    best, second = recognise(source.headings, samples, given=given)[:2]
    if best.missing or best.score < _SURE or _vague(best):
        if not best.missing:
            raise UploadError("upload.not_sure", found=listed, nearest=best.table)
        if not best.mapping:
            raise UploadError("upload.not_recognised", found=listed, nearest="", missing="", tables=", ".join(TABLES))
        missing = ", ".join(best.missing)
        raise UploadError("upload.not_recognised", found=listed, nearest=best.table, missing=missing)
    if not second.missing and second.score >= 0.93 * best.score and second.score >= _SURE:
        raise UploadError("upload.which_table", first=best.table, second=second.table, found=listed)
    _ensure_headings_exist(given, source, TABLES[best.table])
    return best


def nearest(source: SourceTable, samples: Sequence[Sequence[str]], request: IntakeRequest) -> Match:
    """Return how the table asked for fits a file, or the one that fits best: what a refusal has to show."""
    given = {target: heading for target, heading in request.mapping if index_of(source.headings, heading) is not None}
    if request.table is not None and request.table in TABLES:
        return match(TABLES[request.table], source.headings, samples, given=given)
    return recognise(source.headings, samples, given=given)[0]


def _vague(found: Match) -> bool:
    """Tell whether a column that the table cannot do without was matched by part of a word only."""
    table = TABLES[found.table]
    groups = [[c.name] for c in table.columns if c.required and c.name in found.mapping] + [
        list(group) for group in table.one_of
    ]
    return any(max(found.confidence.get(name, 0.0) for name in group) < _PART_OF_A_WORD for group in groups)


def _ensure_headings_exist(given: Mapping[str, str], source: SourceTable, table: Table) -> None:
    for target, heading in given.items():
        if target not in {c.name for c in table.columns}:
            names = ", ".join(c.name for c in table.columns)
            raise UploadError("upload.no_such_column", table=table.name, column=target, columns=names)
        if heading and index_of(source.headings, heading) is None:
            raise UploadError("upload.no_such_heading", heading=heading, found=", ".join(source.own_headings))
