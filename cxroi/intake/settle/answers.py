"""Answers in words among the scores of a file: which labels there are, what each counts as, and the plan that counts them so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.columns.answer_reading import MOST_LABELS, Reading, counts_high, read_answers
from cxroi.intake.columns.casting import layered
from cxroi.intake.report import IntakeRequest
from cxroi.model.satisfaction.scales import SCALES
from cxroi.sql_text import quoted

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

_MOST_UNKNOWN = 12  # labels that a person is asked about where none of a column is known
_NO_ANSWER = ("", "-", "–", "none")  # how a person says of a label that it is no answer


@dataclass(frozen=True)
class Labels:
    """What stands in a column of scores under one metric, with the number of its rows: words, and numbers with what they are."""

    words: Mapping[str, int] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    rows: int = 0  # with a number
    top: float = 0  # the highest of them


@dataclass(frozen=True, kw_only=True)
class Read:
    """The reading of the words of one metric, and those that could hold as well."""

    metric: str
    column: str
    labels: Labels
    best: Reading
    rival: Reading | None = None

    @property
    def none(self) -> dict[str, int]:
        """Return the words that are no answers, with their rows."""
        return {label: n for label, n in self.labels.words.items() if self.best.scores.get(label, 0) is None}

    @property
    def changed(self) -> dict[str, float]:
        """Return the score of each label that is not the number it looks like."""
        own, scores = self.labels.numbers, self.best.scores
        return {label: score for label, score in scores.items() if score is not None and own.get(label) != score}

    @property
    def top(self) -> int | None:
        """Return the top of the scale where the words tell it."""
        tops = [high for _, high in SCALES[self.metric]]
        return self.best.of if self.best.of in tops and self.changed else None


def labels_of(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, target: str, metric: str
) -> dict[str, Labels]:
    """Return what stands in the column `target` by metric, `metric` being SQL; {} where it holds numbers alone, as nearly always."""
    cell = next(cell for cell in plan.cells if cell.target == target)
    worded = f"TRY_CAST({cell.text} AS DOUBLE) IS NULL AND NOT is_blank({cell.text})"
    if connection.execute(f"SELECT 1 FROM {relation} WHERE {worded} LIMIT 1").fetchone() is None:
        return {}
    when = [
        c.text for c in plan.cells if c.target in ("answered_on", "opened_on")
    ]  # a second row of headings has no day
    relation = f"(SELECT * FROM {relation} WHERE NOT is_blank({when[0]}))" if when else relation
    used = [c for c in plan.cells if c.target in ("metric", target)]
    cells = ", ".join([c.text for c in used] + [f"n{cell.text[1:]}"] * plan.readings[target].stored_numbers)
    alike = f"(SELECT {cells}, count(*) AS alike FROM {relation} WHERE NOT is_blank({cell.text}) GROUP BY ALL)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE answers_seen AS SELECT {metric} AS m, {cell.text} AS t, {cell.value} AS v, "
        f"sum(alike)::BIGINT AS n FROM {layered(used, alike)} GROUP BY ALL"
    )
    found: dict[str, Labels] = {}
    for name in (*SCALES, None):
        mine = f"FROM answers_seen WHERE m IS NOT DISTINCT FROM {quoted(name) if name else 'NULL'} AND v IS"
        order = f"ORDER BY n DESC, t LIMIT {MOST_LABELS + 1}"
        words = connection.execute(f"SELECT t, n {mine} NULL {order}").fetchall()
        if words and len(words) <= MOST_LABELS:
            numbers = connection.execute(f"SELECT t, v {mine} NOT NULL {order}").fetchall()
            rows, top = connection.execute(f"SELECT sum(n), max(v) {mine} NOT NULL").fetchone() or (0, 0)
            few = dict(numbers) if len(numbers) <= MOST_LABELS else {}
            found[name or ""] = Labels(dict(words), few, int(rows or 0), float(top or 0))
    return found


def metric_told(labels: Mapping[str, Labels], request: IntakeRequest) -> str | None:
    """Return the metric that the words themselves tell, where nothing else does: nobody is very satisfied with an effort."""
    readings = [read_answers(one.words, said=said_of(request), top=one.top)[0] for one in labels.values()]
    told = {one.metrics[0] if one.metrics else "" for one in readings}
    return told.pop() or None if len(told) == 1 else None


def said_of(request: IntakeRequest) -> dict[str, float | None]:
    """Return what a person said that labels count as; UploadError where that is no score."""
    said: dict[str, float | None] = {}
    for label, score in request.answers:
        try:
            said[label] = None if score.strip().lower() in _NO_ANSWER else float(score)
        except ValueError:
            raise UploadError("upload.answer_score", answer=label[:60], value=score[:60]) from None
    return said


def read_words(labels: Mapping[str, Labels], heading: str, request: IntakeRequest) -> tuple[Read, ...]:
    """Return the reading of every metric with words in its column; what looks like dirt among numbers is left to be put aside."""
    found, said = [], said_of(request)
    for metric, one in labels.items():
        if metric not in SCALES:
            continue
        texts = (*one.words, *one.numbers)
        readings = read_answers(texts, metric=metric, said=said, heading=heading, top=one.top)
        best = readings[0]
        unknown = sum(one.words[label] for label in best.unknown)
        scored = any(best.scores.get(label) is not None for label in one.words)
        rows = one.rows + sum(one.words.values())
        few = unknown <= request.rejects_allowed_rate * rows or len(best.unknown) > _MOST_UNKNOWN
        if not scored and few:
            best, readings = replace(best, unknown=()), readings[:1]
        if any(label in best.scores for label in one.words) or best.unknown:
            found.append(Read(metric=metric, column=heading, labels=one, best=best, rival=_rival(readings, metric)))
    return tuple(found)


def _rival(readings: Sequence[Reading], metric: str) -> Reading | None:
    """Return the first other reading that is about as likely and under which other answers are good."""
    best = readings[0]
    near = best.missing + (1 if best.missing else 0)
    for other in readings[1:]:
        if other.missing <= near and counts_high(metric, best) != counts_high(metric, other):
            return other
    return None


def with_words(plan: Plan, target: str, read: Sequence[Read], metric: str) -> Plan:
    """Return the plan whose column `target` counts words as they were read; `metric` is the SQL of a row's metric."""
    cell = next(cell for cell in plan.cells if cell.target == target)
    branches, known = [], set[str]()
    for one in read:
        whens = " ".join(f"WHEN {quoted(label)} THEN {score}" for label, score in one.changed.items())
        branches += [f"WHEN {quoted(one.metric)} THEN CASE {cell.text} {whens} ELSE {cell.value} END"] if whens else []
        known |= {*one.changed, *one.none}
    if not known:
        return plan
    listed = f"coalesce({cell.text} IN ({', '.join(map(quoted, sorted(known)))}), false)"
    counted = cell.then(f"(CASE {metric} {' '.join(branches)} ELSE {cell.value} END)::DOUBLE") if branches else cell
    problems = tuple(
        (reason, sql if reason == "reject.missing" else f"({sql}) AND NOT {listed}") for reason, sql in cell.problems
    )
    changed = replace(counted, problems=problems, sound="")
    return replace(plan, cells=tuple(changed if c is cell else c for c in plan.cells))


def without_answers(plan: Plan, read: Sequence[Read]) -> Plan:
    """Return the plan that leaves out the rows whose score says that there is no answer, counted among those passed over."""
    cell = next(cell for cell in plan.cells if cell.target == "score")
    none = sorted({label for one in read for label in one.none})
    return replace(plan, left_out=f"{cell.text} IN ({', '.join(map(quoted, none))})") if none else plan
