"""A file with the header of an earlier one is read as a person had that one read, unless they now say otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cxroi.intake.readers.sheets import SHEET
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.tables import TABLES, header_fingerprint


def recalled(headings: Sequence[str], request: IntakeRequest) -> tuple[IntakeRequest, tuple[Finding, ...]]:
    """Return the request with the mapping kept for this header, and what a person should know about that.

    A mapping in the request, or another table, comes first; then nothing is recalled.
    """
    own = [heading for heading in headings if heading != SHEET]  # a sheet alone has the header of several together
    headers = {header_fingerprint(headings), header_fingerprint(own)}
    kept = [(table, column, heading) for known, table, column, heading in request.remembered if known in headers]
    table = kept[0][0] if kept else ""
    if request.mapping or table not in TABLES or request.table not in (None, table):
        return request, ()
    columns = {column.name for column in TABLES[table].columns}
    named = {_plain(heading): heading for heading in headings} | {"": ""}
    mapping = tuple((c, named[_plain(h)]) for _, c, h in kept if c in columns and _plain(h) in named)
    said = ", ".join(f"{column} = {heading or '-'}" for column, heading in mapping)
    finding = Finding(id="finding.mapping_recalled", severity=Severity.NOTE, facts={"mapping": said})
    return replace(request, table=table, mapping=mapping), (finding,)


def _plain(heading: str) -> str:
    return " ".join(heading.casefold().split())
