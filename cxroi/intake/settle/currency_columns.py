"""Amounts in several currencies that stand side by side, a column each: one a row is gathered, the same one again is not."""

from __future__ import annotations

import duckdb

from cxroi.intake.columns.recognise import Match, normalised
from cxroi.intake.report import Finding, Severity
from cxroi.intake.settle.currency_words import money_columns
from cxroi.intake.source_table import SourceTable
from cxroi.money.written import word_in
from cxroi.sql_text import quoted

GATHERED = "finding.currencies_gathered"


def beside(found: Match, source: SourceTable) -> dict[int, list[int]]:
    """Return by each column of money that is read those of the file that hold the same amount in other currencies."""
    places = {}
    for i in money_columns(found).values():
        own = source.headings[i]
        others = [
            k
            for k, heading in enumerate(source.headings)
            if k not in found.mapping.values() and normalised(heading) == normalised(own) and word_in(heading)
        ]
        if word_in(own) and others:
            places[i] = others
    return places


def gathered(
    connection: duckdb.DuckDBPyConnection, relation: str, found: Match, source: SourceTable
) -> tuple[str, tuple[Finding, ...]]:
    """Return the relation with the amount of each row in one column, and what is to be said of columns of currencies.

    An amount from another column than the one that is read has the word of its heading before it. Where rows have
    several amounts, or a column of currencies, the one column alone is read.
    """
    findings = []
    for i, others in beside(found, source).items():
        if "currency" in found.mapping or _several(connection, relation, (i, *others)):
            facts = {
                "column": source.headings[i][:40],
                "others": ", ".join(source.headings[k] for k in others[:5])[:100],
            }
            findings.append(Finding(id="finding.currencies_beside", severity=Severity.FLAG, facts=facts))
            continue
        relation = _one_column(relation, i, others, source)
        names = ", ".join(source.headings[k] for k in (i, *others))
        findings.append(Finding(id=GATHERED, severity=Severity.FLAG, facts={"columns": names[:200]}))
    return relation, tuple(findings)


def _several(connection: duckdb.DuckDBPyConnection, relation: str, columns: tuple[int, ...]) -> bool:
    filled = " + ".join(f"(NOT is_blank(c{k}))::INT" for k in columns)
    row = connection.execute(f"SELECT count(*) FILTER ({filled} > 1) FROM {relation}").fetchone()
    return bool(row and row[0])


def _one_column(relation: str, i: int, others: list[int], source: SourceTable) -> str:
    """Return a relation whose column `i` holds what any of the columns holds; a stored number keeps its point in any style."""
    cases = []
    for k in others:
        number = f"CASE WHEN n{k} THEN replace(c{k}, '.', '·') ELSE c{k} END" if k in source.mixed_numbers else f"c{k}"
        word = word_in(source.headings[k])
        cases.append(f"WHEN NOT is_blank(c{k}) THEN {quoted(word.written if word else '')} || ' ' || {number}")
    texts = [f"CASE WHEN NOT is_blank(c{i}) THEN c{i} {' '.join(cases)} END AS c{i}"]
    if i in source.mixed_numbers:
        texts.append(f"coalesce(n{i}, false) AND NOT is_blank(c{i}) AS n{i}")
    return f"(SELECT * REPLACE ({', '.join(texts)}) FROM {relation})"
