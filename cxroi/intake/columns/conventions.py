"""Decide once per column, from all its values, whether 1.234 is a thousand and whether 01/02 is in January.

Each column is read both ways in one SQL aggregate; a value that can be read only one way is evidence. Nothing is decided
per cell, and a column that cannot settle itself, and has no neighbour in the file that can, becomes a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from cxroi.intake.report import Finding, Severity
from cxroi.money import written
from cxroi.tables import Kind

NUMERIC = (Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.SCORE)
CALENDAR = (Kind.DATE, Kind.MONTH)
_NOT_AVAILABLE = "('-', '--', '---', 'n/a', 'na', '#n/a', 'null', 'none', 'nil', 'غير متوفر', 'لا يوجد')"


@cache
def macros() -> str:
    """Return the SQL macros that read one cell, those about currencies among them."""
    return written.macros() + files("cxroi.intake.columns").joinpath("conventions.sql").read_text(encoding="utf-8")


def not_available(cell: str) -> str:
    """Return SQL that is true where a cell says in words or with a dash that there is nothing."""
    return (
        f"CASE WHEN regexp_matches({cell}, '[0-9]') THEN false ELSE lower(plain_text({cell})) IN {_NOT_AVAILABLE} END"
    )


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Values of one column by how they can be read: only one way, only the other, both ways alike, or not alike.

    For numbers the first way is a decimal point, the second a decimal comma; for dates day first and month first.
    """

    filled: int
    first_only: int
    second_only: int
    either: int
    unreadable: int
    first_example: str = ""
    second_example: str = ""
    either_example: str = ""
    either_as_first: str = ""
    either_as_second: str = ""
    worded: bool = True  # whether any cell holds a letter, a sign or a digit of another script
    marks: tuple[str, ...] = ()  # words for currencies beside the numbers, as written; "" where some have none
    percents: int = 0
    hijri: int = 0
    hijri_named: int = 0
    hijri_example: str = ""
    year_first: int = 0  # two-digit dates that only year-month-day explains


def weigh(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Mapping[int, Kind], mixed: tuple[int, ...] = ()
) -> dict[int, Readings]:
    """Return the evidence of columns `c<i>` of a relation, over all its rows; `mixed` have stored numbers marked in `n<i>`."""
    return {
        i: _weigh_number(connection, relation, f"c{i}", f"NOT coalesce(n{i}, false)" if i in mixed else "true")
        if kind in NUMERIC
        else _weigh_date(connection, relation, f"c{i}")
        for i, kind in columns.items()
        if kind in NUMERIC + CALENDAR
    }


def _weigh_number(connection: duckdb.DuckDBPyConnection, relation: str, cell: str, typed_in: str) -> Readings:
    worded = bool((connection.execute(f"SELECT bool_or(is_worded({cell})) FROM {relation}").fetchone() or (True,))[0])
    text, odd, words = (
        (f"number_text({cell})", f"is_worded({cell})", "CASE WHEN odd THEN currency_words(plain_text(v)) ELSE '' END")
        if worded
        else (f"bare_number_text({cell})", "false", "''")
    )
    row = connection.execute(f"""
        WITH texts AS (
            SELECT {cell} AS v, {text} AS s, {odd} AS odd
            FROM {relation} WHERE NOT is_blank({cell}) AND {typed_in} AND NOT ({not_available(cell)})
        ),
        cells AS (SELECT v, odd, number_of(s, '.') AS a, number_of(s, ',') AS b FROM texts),
        judged AS (
            SELECT *, a IS NOT NULL AND b IS NULL AS only_a, b IS NOT NULL AND a IS NULL AS only_b,
                   a IS NOT NULL AND b IS NOT NULL AND a <> b AS either
            FROM cells
        )
        SELECT count(*), count(*) FILTER (only_a), count(*) FILTER (only_b), count(*) FILTER (either),
               count(*) FILTER (a IS NULL AND b IS NULL),
               min(v) FILTER (only_a), min(v) FILTER (only_b), min(v) FILTER (either),
               min_by(a, v) FILTER (either), min_by(b, v) FILTER (either),
               list(DISTINCT {words}) FILTER (a IS NOT NULL OR b IS NOT NULL),
               count(*) FILTER (odd AND regexp_matches(plain_text(v), '%$'))
        FROM judged""").fetchone()
    assert row is not None
    return Readings(
        filled=row[0], first_only=row[1], second_only=row[2], either=row[3], unreadable=row[4], first_example=row[5] or "",
        second_example=row[6] or "", either_example=row[7] or "", either_as_first=row[8] or "",
        either_as_second=row[9] or "", worded=worded, marks=tuple(sorted(row[10] or ())), percents=row[11],
    )  # fmt: skip


def _weigh_date(connection: duckdb.DuckDBPyConnection, relation: str, cell: str) -> Readings:
    row = connection.execute(f"""
        WITH texts AS (
            SELECT {cell} AS v, date_text({cell}) AS s, count(*) AS n FROM {relation}
            WHERE NOT is_blank({cell}) AND NOT ({not_available(cell)}) GROUP BY ALL
        ),
        parts AS (SELECT *, date_parts(s) AS p FROM texts),
        read AS (SELECT *, date_of(s, p, 'dmy') AS a, date_of(s, p, 'mdy') AS b, date_of(s, p, 'ymd') AS c FROM parts),
        cells AS (SELECT *, looks_hijri(s, a) AS hijri, names_hijri(s) AS named FROM read),
        judged AS (
            SELECT *, a IS NOT NULL AND b IS NULL AS only_a, b IS NOT NULL AND a IS NULL AS only_b,
                   a IS NOT NULL AND b IS NOT NULL AND a <> b AS either
            FROM cells
        )
        SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (only_a), 0), coalesce(sum(n) FILTER (only_b), 0),
               coalesce(sum(n) FILTER (either), 0), coalesce(sum(n) FILTER (a IS NULL AND b IS NULL), 0),
               min(v) FILTER (only_a), min(v) FILTER (only_b), min(v) FILTER (either),
               min_by(a, v) FILTER (either)::VARCHAR, min_by(b, v) FILTER (either)::VARCHAR,
               coalesce(sum(n) FILTER (hijri), 0), coalesce(sum(n) FILTER (named), 0),
               coalesce(sum(n) FILTER (a IS NULL AND b IS NULL AND c IS NOT NULL), 0), min(v) FILTER (hijri)
        FROM judged""").fetchone()
    assert row is not None
    return Readings(
        filled=int(row[0]), first_only=int(row[1]), second_only=int(row[2]), either=int(row[3]), unreadable=int(row[4]),
        first_example=row[5] or "", second_example=row[6] or "", either_example=row[7] or "",
        either_as_first=row[8] or "", either_as_second=row[9] or "", hijri=int(row[10]), hijri_named=int(row[11]),
        year_first=int(row[12]), hijri_example=row[13] or "",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What a column's values are read with ("." or ",", or "dmy", "mdy", "ymd"), or the question that must come first."""

    reading: str
    question: Finding | None = None


def settle(
    heading: str,
    evidence: Readings,
    *,
    ways: tuple[str, str],
    asked: str | None,
    neighbours: frozenset[str],
    allowed: float,
) -> Settled:
    """Settle one column. `asked` is the person's answer, `neighbours` what other columns of the file have settled.

    >>> e = Readings(filled=3, first_only=0, second_only=1, either=2, unreadable=0)
    >>> settle("Amount", e, ways=(".", ","), asked=None, neighbours=frozenset(), allowed=0.05).reading
    ','
    """
    subject = "decimal" if "." in ways else "date_order"
    if asked:
        return Settled(reading=asked)
    if evidence.year_first > evidence.first_only + evidence.second_only:
        return Settled(reading="ymd")
    if evidence.first_only and evidence.second_only:
        fewer = min(evidence.first_only, evidence.second_only)
        # a column that contradicts itself says nothing of values that read both ways, however few contradict it
        if evidence.either or fewer > allowed * (evidence.first_only + evidence.second_only):
            facts = {"column": heading, "first": evidence.first_example, "second": evidence.second_example}
            return Settled(reading=ways[0], question=_ask(f"{subject}_mixed", facts))
    if evidence.first_only or evidence.second_only:
        return Settled(reading=ways[0] if evidence.first_only >= evidence.second_only else ways[1])
    if not evidence.either:
        return Settled(reading=ways[0])
    if len(neighbours) == 1:
        return Settled(reading=next(iter(neighbours)))
    facts = {
        "column": heading,
        "example": evidence.either_example,
        "first": evidence.either_as_first,
        "second": evidence.either_as_second,
    }
    return Settled(reading=ways[0], question=_ask(f"{subject}_unclear", facts))


def evidence_says(evidence: Readings, ways: tuple[str, str]) -> str | None:
    """Return the way that a column proves by itself, None when it does not or contradicts itself."""
    if bool(evidence.first_only) == bool(evidence.second_only):
        return None
    return ways[0] if evidence.first_only else ways[1]


def _ask(id: str, facts: Mapping[str, str]) -> Finding:
    return Finding(id=f"finding.{id}", severity=Severity.QUESTION, facts={k: v[:60] for k, v in facts.items()})


def shown(reading: str, *, kind: Kind) -> str:
    """Return a settled reading as an example that a person recognises.

    >>> shown(",", kind=Kind.MONEY), shown("mdy", kind=Kind.DATE)
    ('1.234,56', 'mm/dd/yyyy')
    """
    if kind in NUMERIC:
        return "1.234,56" if reading == "," else "1,234.56"
    return {"dmy": "dd/mm/yyyy", "mdy": "mm/dd/yyyy", "hijri": "hijri"}.get(reading, "yyyy-mm-dd")
