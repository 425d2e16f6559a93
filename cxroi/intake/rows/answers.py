"""Several questions side by side in one row of a survey's export, as one row for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from cxroi.intake.presets.preset import Preset, place_of, told
from cxroi.intake.report import Finding, Severity
from cxroi.intake.source_table import SourceTable
from cxroi.sql_text import quoted
from cxroi.tables import METRICS

_MOST_WORDS = 15  # different answers of a question that has a scale
_GROUPS = "('promoter', 'promoters', 'passive', 'passives', 'detractor', 'detractors', 'مروج', 'مروّج', 'محايد', 'منتقد', 'معارض')"
_BETWEEN = ": "  # a question and the choice or aspect under it, in one heading


def read_from(
    source: SourceTable, out: Path, aside: Sequence[tuple[int]], why: str, note: Finding, **changes: object
) -> SourceTable:
    """Return the source with its cells in `out`; a closing total of rows that no longer are all of them is no control."""
    skipped = (*source.skipped, *((int(row), why) for (row,) in aside))
    changed = {"csv": None, "parquet": (), "types": (), "control_totals": {}, **changes}
    return replace(source, text_parquet=out, skipped=skipped, findings=(*source.findings, note), **changed)  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class _Question:
    places: tuple[int, ...]  # more than one where each choice has a column of its own
    metric: str
    about: str  # what tells it from the other questions of the same metric

    @property
    def cell(self) -> str:
        """Return SQL for the answer; of "10 - Extremely likely" the number."""
        whole = ", ".join(f"nullif(trim(c{i}), '')" for i in self.places)
        number = f"regexp_extract(coalesce({whole}), '\\d+')"
        labelled = f"regexp_matches(coalesce({whole}), '^(\\D*\\p{{L}}\\D*\\d{{1,2}}|\\d{{1,2}}\\D*\\p{{L}}\\D*)$')"
        return f"CASE WHEN {labelled} THEN {number} ELSE coalesce({whole}) END"

    @property
    def there(self) -> str:
        """Return SQL that is true where it was answered."""
        return "(" + " OR ".join(f"coalesce(trim(c{i}), '') <> ''" for i in self.places) + ")"


def with_answers(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, preset: Preset, work: Path
) -> SourceTable:
    """Return a source with one row for each answer: its score, the metric, what it is about, and the comment beside the first."""
    questions, comment = _questions(connection, source, relation, preset)
    if not questions:
        return source
    used = {i for question in questions for i in question.places} | {comment}
    kept = [i for i in range(len(source.own_headings)) if i not in used]
    flags = [i for i in kept if i in source.mixed_numbers]
    stored = any(i in source.mixed_numbers for i in used)
    about = (
        any(q.about for q in questions) and place_of(source.own_headings, preset.columns.get("touchpoint", ())) is None
    )
    shape = _Shape(kept=kept, flags=flags, comment=comment, stored=stored, about=about)
    parts = [_part(source, questions, k, shape) for k in range(len(questions))]
    out = work / "answers.parquet"
    query = f"SELECT * EXCLUDE (part) FROM ({' UNION ALL '.join(p.format(relation) for p in parts)}) ORDER BY row, part"
    written = connection.execute(f"COPY ({query}) TO {quoted(out)} (FORMAT parquet)").fetchone() or (0,)
    answered = " OR ".join(question.there for question in questions)
    aside = connection.execute(f"SELECT row FROM {relation} WHERE NOT ({answered}) ORDER BY 1").fetchall()
    asked = ", ".join(dict.fromkeys(_shown(source.headings[q.places[0]], len(q.places)) for q in questions))
    facts = {"count": str(written[0]), "questions": asked[:300], "empty": str(len(aside))}
    note = Finding(id="finding.preset.answers", severity=Severity.NOTE, facts=facts)
    added = ("score", "metric", *(("comment",) if comment is not None else ()), *(("touchpoint",) if about else ()))
    mixed = (*(kept.index(i) for i in flags), *((len(kept),) if stored else ()))
    headings = (*(source.headings[i] for i in kept), *added)
    return read_from(source, out, aside, "unanswered", note, headings=headings, mixed_numbers=mixed)


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """The columns of an answer: those of the file that stay, then its score, metric, comment and what it is about."""

    kept: Sequence[int]
    flags: Sequence[int]  # of these, the ones that tell which of their numbers were stored as such
    comment: int | None
    stored: bool  # some scores were stored as numbers
    about: bool


def _part(source: SourceTable, questions: Sequence[_Question], order: int, shape: _Shape) -> str:
    """Return SQL for the answers to one question, over {}."""
    question, width = questions[order], len(shape.kept)
    before = " OR ".join(other.there for other in questions[:order]) or "false"
    cells = [*(f"c{i}" for i in shape.kept), question.cell, quoted(question.metric)]
    cells += [f"CASE WHEN NOT ({before}) THEN c{shape.comment} END"] if shape.comment is not None else []
    cells += [quoted(question.about)] if shape.about else []
    named = [f"{cell} AS c{at}" for at, cell in enumerate(cells)]
    named += [f"n{i} AS n{shape.kept.index(i)}" for i in shape.flags]
    numbers = [f"coalesce(n{i}, false)" for i in question.places if i in source.mixed_numbers]
    named += [f"({' OR '.join(numbers) or 'false'}) AS n{width}"] if shape.stored else []
    words = ", ".join(named).replace("{", "{{").replace("}", "}}")
    return f"SELECT row, {order} AS part, {words} FROM {{}} WHERE {question.there}"


def _questions(
    connection: duckdb.DuckDBPyConnection, source: SourceTable, relation: str, preset: Preset
) -> tuple[list[_Question], int | None]:
    """Return the questions with a scale, each with its metric, and the column of comments."""
    named = preset.settled
    free = {
        i: told(h) for i, h in enumerate(source.own_headings) if told(h) not in named and not _says(preset, "never", h)
    }
    metrics = {
        i: metric for i, h in free.items() if (metric := _metric(preset, h)) and _on_a_scale(connection, relation, i)
    }
    comments = [i for i, heading in free.items() if i not in metrics and _says(preset, "comment", heading)]
    together: dict[tuple[str, ...], list[int]] = {}
    for i, metric in metrics.items():
        question, between, _ = source.headings[i].rpartition(_BETWEEN)
        together.setdefault((metric, question) if between else (metric, "", str(i)), []).append(i)
    groups: list[tuple[str, tuple[int, ...]]] = []
    for (metric, *_), places in together.items():
        one = len(places) > 2 and _one_choice_each(connection, relation, places)
        groups += [(metric, tuple(places))] if one else [(metric, (place,)) for place in places]
    several = {metric for metric in METRICS if sum(group[0] == metric for group in groups) > 1}
    return [
        _Question(
            places=places,
            metric=metric,
            about=_about(source.headings[places[0]], len(places)) if metric in several else "",
        )
        for metric, places in groups
    ], comments[0] if comments else None


def _says(preset: Preset, kind: str, heading: str) -> bool:
    words = f" {told(heading)} "
    sought = preset.answers.get(kind, ())
    return any((told(word) if len(word) > 3 or not word.isascii() else f" {told(word)} ") in words for word in sought)


def _metric(preset: Preset, heading: str) -> str | None:
    return next((metric for metric in ("nps", "ces", "csat") if _says(preset, metric, heading)), None)


def _on_a_scale(connection: duckdb.DuckDBPyConnection, relation: str, place: int) -> bool:
    """Tell whether a column holds few different answers, as one with a scale does and one of free words does not."""
    cell = f"trim(c{place})"
    row = connection.execute(
        f"SELECT count(DISTINCT {cell}), max(length({cell})), count(*), count(*) FILTER (lower({cell}) NOT IN {_GROUPS}), "
        f"count(*) FILTER (regexp_matches({cell}, '^\\d{{1,3}}([.,]\\d+)?$')) FROM {relation} WHERE {cell} <> ''"
    ).fetchone()
    assert row is not None
    kinds, longest, filled, no_groups, numbers = row
    return no_groups > 0 and (numbers > 0.9 * filled or (kinds <= _MOST_WORDS and longest <= 60))


def _one_choice_each(connection: duckdb.DuckDBPyConnection, relation: str, places: Sequence[int]) -> bool:
    """Tell whether columns are the choices of one question: each holds one answer only, and no row has two."""
    kinds = " AND ".join(f"count(DISTINCT nullif(trim(c{i}), '')) <= 1" for i in places)
    filled = " + ".join(f"(coalesce(trim(c{i}), '') <> '')::INT" for i in places)
    row = connection.execute(f"SELECT {kinds} AND max({filled}) <= 1 FROM {relation}").fetchone()
    return bool(row and row[0])


def _shown(heading: str, columns: int) -> str:
    return (heading.rpartition(_BETWEEN)[0] if columns > 1 else heading)[:60]


def _about(heading: str, columns: int = 1) -> str:
    """Return what a question is about, without its number and the words that it shares with its neighbours.

    >>> _about("Q5_1: How satisfied were you with these? - Delivery"), _about("Q3: Delivery")
    ('Delivery', 'Delivery')
    """
    question, _, aspect = heading.rpartition(_BETWEEN)
    named = question if columns > 1 else aspect
    return named.rpartition(" - ")[2].strip()
