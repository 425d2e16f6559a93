"""What answers in words count as, by the finding that says it or asks: rows of a table, and the scores to choose from."""

from __future__ import annotations

from cxroi.intake.report import PARTED, SCORED, Finding
from cxroi.model.satisfaction.scales import DETRACTOR, is_high
from cxroi.text import Text
from cxroi.text.plain import shown

NO_ANSWER = "–"


def answers_in(finding: Finding) -> tuple[tuple[str, str, str], ...]:
    """Return each label with its score ("?" where it is open, "–" where it is no answer) and the number of its rows."""
    pairs = (one.rpartition(SCORED) for one in finding.facts["answers"].split(PARTED))
    counts = finding.facts["counts"].split(PARTED)
    return tuple((label, score, count) for (label, _, score), count in zip(pairs, counts, strict=True))


def answer_rows(finding: Finding, text: Text) -> tuple[tuple[str, str, str, str], ...]:
    """Return the rows of the table of a reading: answer, score, rows, and what it counts as."""
    metric, highest = finding.facts["metric"], float(finding.facts["highest"])
    return tuple(
        (shown(label, 60), score, text.number(int(count), 0), text(_counts_as(metric, score, highest)))
        for label, score, count in answers_in(finding)
    )


def scores_of(finding: Finding) -> tuple[str, ...]:
    """Return the scores that an answer can be given, the best first."""
    if finding.facts["metric"] == "nps":
        return tuple(str(score) for score in range(10, -1, -1))
    told = [float(score) for _, score, _ in answers_in(finding) if score not in ("?", NO_ANSWER)]
    top = max([*told, float(finding.facts.get("highest", 5)), 5])
    return tuple(str(score) for score in range(5 if top <= 5 else 7 if top <= 7 else 10, 0, -1))


def _counts_as(metric: str, score: str, highest: float) -> str:
    if score == NO_ANSWER:
        return "page.upload.answers.none"
    if is_high(metric, float(score), highest):
        return f"satisfaction.band.{metric}_high"
    is_middle = metric == "nps" and float(score) > DETRACTOR
    return f"satisfaction.band.{metric}_{'middle' if is_middle else 'low'}"
