"""A ledger that writes the side of the account behind its amounts, "300.00 CR", or in a column of its own: credits are taken off."""

from __future__ import annotations

import re

import duckdb

from cxroi.intake.columns.recognise import Match
from cxroi.intake.layout.header import plainly
from cxroi.intake.report import Finding, Severity
from cxroi.intake.source_table import SourceTable

_DEBIT, _CREDIT = (rf"^([^-+(]*[0-9٠-٩۰-۹]) *(?i:{word})\.?$" for word in ("dr|debit|مدين", "cr|credit|دائن"))

# How a column of sides is called; its values tell the rest.
_OWN = re.compile(
    r".*(?:debit.*credit|credit.*debit|\bdr\b.*\bcr\b|soll.*haben|مدين.*دائن).*|(?:s h|d c|h s)(?: .*)?|"
    r".*(?:debit|credit|posting|balance) (?:indicator|ind|side|flag|sign)|(?:posting )?side|shkzg|drcrk|(?:ال)?جانب.*|طبيعة (?:ال)?(?:قيد|حركة|رصيد|مبلغ).*",
    re.IGNORECASE,
)
_PAIRS = (("s", "h"), ("d", "c"), ("dr", "cr"), ("debit", "credit"), ("soll", "haben"), ("مدين", "دائن"))
_BELOW_ZERO = r"^[^0-9٠-٩۰-۹]*[-−(]|[-−] *$"


def sides_beside(found: Match, source: SourceTable) -> list[int]:
    """Return the columns that may say of each line of a ledger whether it is a debit or a credit."""
    if found.table != "costs" or "amount" not in found.mapping or found.credit is not None:
        return []
    return [i for i, heading in enumerate(source.own_headings) if heading and _OWN.fullmatch(plainly(heading))]


def with_sides(
    connection: duckdb.DuckDBPyConnection, relation: str, found: Match, source: SourceTable
) -> tuple[str, tuple[Finding, ...]]:
    """Return the relation with credits below zero, and what was done, where a ledger writes the sides of its amounts.

    An amount that names one side alone is left as it is: "12 Cr" may as well be ten million.
    """
    for beside in sides_beside(found, source):
        if done := _by_column(connection, relation, found.mapping["amount"], beside, source):
            return done
    return _behind_amounts(connection, relation, found, source)


def _by_column(
    connection: duckdb.DuckDBPyConnection, relation: str, i: int, beside: int, source: SourceTable
) -> tuple[str, tuple[Finding, ...]] | None:
    """Return what a column of sides makes of the amounts, None where it is no such column. Amounts that have their signs keep them."""
    side = f"rtrim(lower(trim(coalesce(c{beside}, ''))), '.')"
    rows = connection.execute(f"SELECT DISTINCT {side} FROM {relation} WHERE {side} <> '' LIMIT 3").fetchall()
    pair = next((pair for pair in _PAIRS if {row[0] for row in rows} == set(pair)), None)
    if pair is None:
        return None
    debit, credit = (f"({side} = '{word}')" for word in pair)
    below = f"regexp_matches(c{i}, '{_BELOW_ZERO}')"
    counts = ", ".join(f"count(*) FILTER ({one})" for one in (debit, credit, f"{credit} AND {below}"))
    debits, credits, signed = connection.execute(f"SELECT {counts} FROM {relation}").fetchone() or (0, 0, 0)
    facts = {"column": source.headings[beside][:60], "debits": str(debits), "count": str(credits)}
    if signed:
        mixed = Finding(id="finding.sides_signed", severity=Severity.FLAG, facts={**facts, "signed": str(signed)})
        return relation, (mixed,) if signed < credits else ()
    flag = Finding(id="finding.sides_beside", severity=Severity.FLAG, facts=facts)
    taken = f"CASE WHEN {credit} AND NOT is_blank(c{i}) THEN '-' || trim(c{i}) ELSE c{i} END AS c{i}"
    return f"(SELECT * REPLACE ({taken}) FROM {relation})", (flag,)


def _behind_amounts(
    connection: duckdb.DuckDBPyConnection, relation: str, found: Match, source: SourceTable
) -> tuple[str, tuple[Finding, ...]]:
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
