"""What a person is told of answers in words, and asked once where it is open what they count as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cxroi.intake.columns.answer_reading import Reading, counts_high
from cxroi.intake.report import PARTED, SCORED, Finding, Severity
from cxroi.intake.settle.answers import Read
from cxroi.model.satisfaction.scales import SCALES


def asked_of(read: Sequence[Read]) -> list[Finding]:
    """Return what a person has to say before these words can count."""
    return [question for one in read if (question := _question(one))]


def told_of(read: Sequence[Read], highest: Mapping[str, int]) -> list[Finding]:
    """Return how the words were read; `highest` is the top of the scale of each metric."""
    found = []
    for one in read:
        if none := one.none:
            facts = {"column": one.column, "count": str(sum(none.values())), "answers": PARTED.join(map(_short, none))}
            found.append(Finding(id="finding.answers_none", severity=Severity.FLAG, facts=facts))
        if one.changed:
            found += _reading(one, highest.get(one.metric, one.top or 0))
    return found


def _reading(one: Read, highest: int) -> list[Finding]:
    good = set(counts_high(one.metric, replace(one.best, of=highest)))
    high = [label for label in _shown(one) if label in good]
    facts = {**_facts(one), "highest": str(highest), "high": PARTED.join(_short(label) for label in high) or "–"}
    found = [Finding(id=f"finding.answers_read_{one.metric}", severity=Severity.NOTE, facts=facts)]
    scores = {score for label, score in one.best.scores.items() if score is not None}
    middle = (highest + 1) / 2
    if one.metric != "nps" and one.top and not one.labels.numbers and len(scores) in (2, 4) and middle not in scores:
        id = "finding.answers_two" if len(scores) == 2 else "finding.answers_four"
        found.append(Finding(id=id, severity=Severity.FLAG, facts={"column": one.column, "high": facts["high"]}))
    return found


def _question(one: Read) -> Finding | None:
    facts = _facts(one)
    facts["scale"] = " / ".join(f"{low}–{high}" for low, high in SCALES[one.metric])
    if one.best.unknown:
        facts |= {"label": _short(one.best.unknown[0]), "labels": PARTED.join(map(_short, one.best.unknown))}
        return Finding(id="finding.answers_unknown", severity=Severity.QUESTION, facts=facts)
    if one.best.asks:
        label, score = next((label, score) for label, score in one.best.scores.items() if score is not None)
        facts["pin"] = f"{_short(label)}={score:g}"
        return Finding(id="finding.answers_nps", severity=Severity.QUESTION, facts=facts)
    if one.rival is None:
        return None
    first, second = one.best.scores, one.rival.scores
    label = next(label for label in _counts_either(one.metric, one.best, one.rival))
    facts |= {"label": _short(label), "first": f"{first[label]:g}", "second": f"{second[label]:g}"}
    facts |= {"pin": f"{_short(label)}={first[label]:g}", "other_pin": f"{_short(label)}={second[label]:g}"}
    facts["other"] = _listed(one, one.rival)
    return Finding(id="finding.answers_open", severity=Severity.QUESTION, facts=facts)


def _counts_either(metric: str, first: Reading, second: Reading) -> list[str]:
    """Return the labels that are good answers under one of two readings alone."""
    one, other = (set(counts_high(metric, reading)) for reading in (first, second))
    return [label for label in first.scores if (label in one) != (label in other)]


def _facts(one: Read) -> dict[str, str]:
    counts = {**dict.fromkeys(one.labels.numbers, 0), **one.labels.words}
    shown = [label for label in _shown(one)]
    facts = {"column": one.column[:80], "metric": one.metric, "answers": _listed(one, one.best)}
    return facts | {"counts": PARTED.join(str(counts.get(label, 0)) for label in shown)}


def _shown(one: Read) -> list[str]:
    """Return the labels that a person has to see, the best first: words, and numbers that are not counted as they stand."""
    seen = [label for label in (*one.labels.words, *one.changed)]
    scores = one.best.scores
    return sorted(dict.fromkeys(seen), key=lambda label: -(scores[label] or -1) if scores.get(label) is not None else 2)


def _listed(one: Read, reading: Reading) -> str:
    return PARTED.join(f"{_short(label)}{SCORED}{_said(reading.scores, label)}" for label in _shown(one))


def _said(scores: Mapping[str, float | None], label: str) -> str:
    score = scores.get(label, "?")
    return "–" if score is None else score if isinstance(score, str) else f"{score:g}"


def _short(label: str) -> str:
    return " ".join(label.replace("·", " ").split())[:120]
