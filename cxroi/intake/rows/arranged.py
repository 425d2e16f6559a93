"""The rows of an export as its preset has them: those that count, and one row an answer where several questions stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.presets.preset import Preset, Rows, place_of, told
from cxroi.intake.report import Finding, Severity
from cxroi.intake.rows.relation import placed, stage
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import quoted
from cxroi.tables import METRICS

_MOST_WORDS = 15  # different answers of a question that has a scale
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
    return _answers(connection, source, relation, preset, work) if preset.answers else source


def _counted(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, preset: Preset, work: Path
) -> tuple[SourceTable, str]:
    """Return the rows that count, and what a person should know about the others."""
    for number, rule in enumerate(preset.rows):
        place = place_of(source.own_headings, rule.column)
        if place is None:
            facts = {"columns": " / ".join(rule.column)[:120]}
            missing = Finding(id="finding.preset.rows_unknown", severity=Severity.FLAG, facts=facts)
            source = replace(source, findings=(*source.findings, missing))
            continue
        counts = _counts(rule, place)
        found = connection.execute(
            f"SELECT coalesce(trim(c{place}), ''), count(*) FROM {relation} WHERE NOT {counts} GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        if not found:
            continue
        values = ", ".join(f"{value[:30] or '–'} ({count})" for value, count in found[:_SHOWN])
        out = work / f"counted{number}.parquet"
        written = connection.execute(
            f"COPY (SELECT * EXCLUDE (place) FROM {relation} WHERE {counts}) TO {quoted(out)} (FORMAT parquet)"
        )
        if not (written.fetchone() or (0,))[0]:
            wanted = ", ".join(rule.only or rule.but)
            raise UploadError("upload.preset_no_rows", column=source.headings[place], wanted=wanted, found=values)
        aside = connection.execute(f"SELECT row FROM {relation} WHERE NOT {counts} ORDER BY 1").fetchall()
        facts = {"count": str(len(aside)), "column": source.headings[place][:60], "values": values}
        note = Finding(id="finding.preset.rows_left_out", severity=Severity.NOTE, facts=facts)
        source = _read_from(source, out, aside, "preset", note)
        relation = placed(out)
    return source, relation


def _counts(rule: Rows, place: int) -> str:
    words = ", ".join(quoted(told(word)) for word in rule.only or rule.but)
    plain = f"trim(regexp_replace(lower(translate(coalesce(c{place}, ''), 'أإآىة', 'ااايه')), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
    return f"({plain} {'IN' if rule.only else 'NOT IN'} ({words}))"


def _read_from(
    source: SourceTable, out: Path, aside: Sequence[tuple[int]], why: str, note: Finding, **changes: object
) -> SourceTable:
    """Return the source with its cells in `out`; a closing total of rows that no longer are all of them is no control."""
    skipped = (*source.skipped, *((int(row), why) for (row,) in aside))
    changed = {"csv": None, "parquet": (), "types": (), "control_totals": {}, **changes}
    return replace(source, text_parquet=out, skipped=skipped, findings=(*source.findings, note), **changed)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class _Question:
    place: int
    metric: str
    about: str  # what tells it from the other questions of the same metric


def _answers(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, preset: Preset, work: Path
) -> SourceTable:
    """Return a source with one row for each answer: its score, the metric, what it is about, and the comment beside the first."""
    questions, comment = _questions(connection, source, relation, preset)
    if not questions:
        return source
    kept = [i for i in range(len(source.own_headings)) if i not in {q.place for q in questions} | {comment}]
    flags = [i for i in kept if i in source.mixed_numbers]
    stored = any(q.place in source.mixed_numbers for q in questions)
    width, blank = len(kept), " AND ".join(f"nullif(trim(c{q.place}), '') IS NULL" for q in questions)
    parts = []
    for order, question in enumerate(questions):
        before = " AND ".join(f"nullif(trim(c{q.place}), '') IS NULL" for q in questions[:order]) or "true"
        cells = [f"c{i} AS c{at}" for at, i in enumerate(kept)] + [f"n{i} AS n{kept.index(i)}" for i in flags]
        cells += [f"c{question.place} AS c{width}", f"{quoted(question.metric)} AS c{width + 1}"]
        cells += [f"{quoted(question.about)} AS c{width + 2}"]
        cells += [f"CASE WHEN {before} THEN c{comment} END AS c{width + 3}"] if comment is not None else []
        cells += (
            [f"{f'n{question.place}' if question.place in source.mixed_numbers else 'false'} AS n{width}"]
            if stored
            else []
        )
        there = f"nullif(trim(c{question.place}), '') IS NOT NULL"
        parts.append(f"SELECT row, {order} AS part, {', '.join(cells)} FROM {relation} WHERE {there}")
    out = work / "answers.parquet"
    query = f"SELECT * EXCLUDE (part) FROM ({' UNION ALL '.join(parts)}) ORDER BY row, part"
    written = connection.execute(f"COPY ({query}) TO {quoted(out)} (FORMAT parquet)").fetchone() or (0,)
    aside = connection.execute(f"SELECT row FROM {relation} WHERE {blank} ORDER BY 1").fetchall()
    facts = {"count": str(written[0]), "questions": ", ".join(source.headings[q.place][:60] for q in questions)[:300]}
    facts |= {"empty": str(len(aside))}
    note = Finding(id="finding.preset.answers", severity=Severity.NOTE, facts=facts)
    added = ("score", "metric", "touchpoint", *(("comment",) if comment is not None else ()))
    return _read_from(
        source,
        out,
        aside,
        "unanswered",
        note,
        headings=(*(source.headings[i] for i in kept), *added),
        mixed_numbers=(*(kept.index(i) for i in flags), *((width,) if stored else ())),
    )


def _questions(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, preset: Preset
) -> tuple[list[_Question], int | None]:
    """Return the columns of scores with the metric of each, and the column of comments."""
    named = {told(h) for headings in preset.columns.values() for h in headings}
    free = {
        i: told(h) for i, h in enumerate(source.own_headings) if told(h) not in named and not _says(preset, "never", h)
    }
    metrics = {
        i: metric for i, h in free.items() if (metric := _metric(preset, h)) and _on_a_scale(connection, relation, i)
    }
    comments = [i for i, heading in free.items() if i not in metrics and _says(preset, "comment", heading)]
    several = [metric for metric in METRICS if list(metrics.values()).count(metric) > 1]
    questions = [
        _Question(place=i, metric=metric, about=_about(source.headings[i]) if metric in several else "")
        for i, metric in metrics.items()
    ]
    return questions, comments[0] if comments else None


def _says(preset: Preset, kind: str, heading: str) -> bool:
    return any(told(word) in told(heading) for word in preset.answers.get(kind, ()))


def _metric(preset: Preset, heading: str) -> str | None:
    return next((metric for metric in ("nps", "ces", "csat") if _says(preset, metric, heading)), None)


def _on_a_scale(connection: duckdb.DuckDBPyConnection, relation: str, place: int) -> bool:
    """Tell whether a column holds few different answers, as one with a scale does and one of free words does not."""
    row = connection.execute(
        f"SELECT count(DISTINCT trim(c{place})), max(length(trim(c{place}))) FROM {relation} WHERE trim(c{place}) <> ''"
    ).fetchone()
    assert row is not None
    return 0 < row[0] <= _MOST_WORDS and row[1] <= 60


def _about(heading: str) -> str:
    """Return what a question is about, without its number and the words that it shares with its neighbours.

    >>> _about("Q5_1: How satisfied were you with these? - Delivery"), _about("Q3: Delivery")
    ('Delivery', 'Delivery')
    """
    return heading.rpartition(" - ")[2].partition(": ")[2] or heading.rpartition(" - ")[2]
