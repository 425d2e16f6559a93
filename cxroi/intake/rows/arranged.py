"""The rows of an export as its preset has them: those that count, and one row an answer where several questions stand side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.presets.plain_sql import plain
from cxroi.intake.presets.preset import Preset, Rows, place_of, told
from cxroi.intake.report import Finding, Severity
from cxroi.intake.rows.answers import read_from, with_answers
from cxroi.intake.rows.relation import placed, stage
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import quoted

_SHOWN = 6


def arranged(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, preset: Preset | None, work: Path
) -> SourceTable:
    """Return the source with the rows and answers that the preset says, each row that does not count among the skipped ones.

    Raises UploadError where no row counts.
    """
    if preset is None or not (preset.rows or preset.answers):
        return source
    relation = stage(connection, source, work)
    source, relation = _counted(connection, source, relation, preset, work)
    return with_answers(connection, source, relation, preset, work) if preset.answers else source


def _counted(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, preset: Preset, work: Path
) -> tuple[SourceTable, str]:
    """Return the rows that count, and what a person should know about the others."""
    for number, rule in enumerate(preset.rows):
        place = place_of(source.own_headings, rule.column)
        if place is None and rule.optional:
            continue
        if place is None:
            facts = {"columns": " / ".join(rule.column)[:120]}
            missing = Finding(id="finding.preset.rows_unknown", severity=Severity.FLAG, facts=facts)
            source = replace(source, findings=(*source.findings, missing))
            continue
        if rule.target:
            counts = _counts(rule, place)
            source, relation = _emptied(
                connection, source, relation, preset, rule.target, counts, work / f"cells{number}.parquet"
            )
            continue
        source, relation = left_out(connection, source, relation, rule, place, work / f"counted{number}.parquet")
    return source, relation


def left_out(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, rule: Rows, place: int, out: Path
) -> tuple[SourceTable, str]:
    """Return the rows that count by what stands in one column, written to `out`, and say which do not.

    Raises UploadError where no row counts.
    """
    counts = _counts(rule, place)
    found = connection.execute(
        f"SELECT coalesce(trim(c{place}), ''), count(*) FROM {relation} WHERE NOT {counts} GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    if not found:
        return source, relation
    values = ", ".join(f"{value[:30] or '–'} ({count})" for value, count in found[:_SHOWN])
    written = connection.execute(
        f"COPY (SELECT * EXCLUDE (place) FROM {relation} WHERE {counts}) TO {quoted(out)} (FORMAT parquet)"
    )
    if not (written.fetchone() or (0,))[0]:
        wanted = ", ".join(rule.only or rule.but)
        raise UploadError("upload.preset_no_rows", column=source.headings[place], wanted=wanted, found=values)
    aside = connection.execute(f"SELECT row FROM {relation} WHERE NOT {counts} ORDER BY 1").fetchall()
    facts = {"count": str(len(aside)), "column": source.headings[place][:60], "values": values}
    note = Finding(id="finding.preset.rows_left_out", severity=Severity.NOTE, facts=facts)
    return read_from(source, out, aside, "preset", note), placed(out)


def _emptied(
    connection: duckdb.DuckDBPyConnection,
    source: SourceTable,
    relation: str,
    preset: Preset,
    target: str,
    counts: str,
    out: Path,
) -> tuple[SourceTable, str]:
    """Return the rows with the columns that can fill `target` empty where these do not count."""
    places = [i for i, heading in enumerate(source.own_headings) if told(heading) in map(told, preset.columns[target])]
    if not places:
        return source, relation
    cells = ", ".join(f"CASE WHEN {counts} THEN c{i} END AS c{i}" for i in places)
    connection.execute(
        f"COPY (SELECT * EXCLUDE (place) REPLACE ({cells}) FROM {relation}) TO {quoted(out)} (FORMAT parquet)"
    )
    return replace(source, text_parquet=out, csv=None, parquet=(), types=()), placed(out)


def _counts(rule: Rows, place: int) -> str:
    """Return SQL that is true where a row counts."""
    wanted = rule.only or rule.but
    words = [quoted(told(word)) for word in wanted if not word.endswith("*")]
    tests = [f"{plain(place)} IN ({', '.join(words)})"] if words else []
    tests += [f"starts_with({plain(place)}, {quoted(told(word))})" for word in wanted if word.endswith("*")]
    return f"({'' if rule.only else 'NOT '}({' OR '.join(tests)}))"
