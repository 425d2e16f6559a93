"""A ledger that writes the side of the account behind its amounts: "1,200.00 DR" counts, "300.00 CR" is taken off."""

from __future__ import annotations

import duckdb

from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import Finding, Severity
from cxroi.intake.source_table import SourceTable

_DEBIT, _CREDIT = (rf"^([^-+(]*[0-9٠-٩۰-۹]) *(?i:{word})\.?$" for word in ("dr|debit|مدين", "cr|credit|دائن"))


def with_sides(
    connection: duckdb.DuckDBPyConnection, relation: str, found: Match, source: SourceTable
) -> tuple[str, tuple[Finding, ...]]:
    """Return the relation with credits below zero, and what was done, where a column of amounts names both sides.

    A column that names one side alone is left as it is: "12 Cr" may as well be ten million.
    """
    i = found.mapping.get("amount")
    if found.table != "costs" or i is None or source.types:
        return relation, ()
    sides = ", ".join(f"count(*) FILTER (regexp_matches(c{i}, '{side}'))" for side in (_DEBIT, _CREDIT))
    row = connection.execute(f"SELECT {sides} FROM {relation}").fetchone()
    debits, credits = row or (0, 0)
    if not debits or not credits:
        return relation, ()
    signed = f"regexp_replace(regexp_replace(c{i}, '{_DEBIT}', '\\1'), '{_CREDIT}', '-\\1') AS c{i}"
    facts = {"column": source.headings[i][:60], "debits": str(debits), "count": str(credits)}
    flag = Finding(id="finding.written_sides", severity=Severity.FLAG, facts=facts)
    return f"(SELECT * REPLACE ({signed}) FROM {relation})", (flag,)
