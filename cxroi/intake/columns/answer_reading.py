"""Which score each label of a column counts as, read from all its labels at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, product

from cxroi.intake.columns.answer_words import Label, is_against, is_no_answer, label_of, plain_label, scales
from cxroi.model.satisfaction.scales import SCALES, is_high

MOST_LABELS = 60  # a column with more is no column of answers


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the labels of a column count as: each a score, or None where it is no answer; `unknown` ones are in neither."""

    scores: Mapping[str, float | None] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    of: int | None = None  # the top of the scale, None where the scores alone have to tell
    missing: int = 0  # steps of the scale that nobody chose
    metrics: tuple[str, ...] = ()
    asks: bool = False


def read_answers(
    labels: Iterable[str],
    *,
    metric: str = "",
    said: Mapping[str, float | None] | None = None,
    heading: str = "",
    top: float = 0,
) -> tuple[Reading, ...]:
    """Return how the labels of a column can be read, the likeliest first, with what a person `said` of some of them.

    `metric` is nps, csat or ces, "" where only the labels can tell; `top` is the highest number among the other answers.
    """
    told = {plain_label(label): score for label, score in (said or {}).items()}
    given = {label: told[plain_label(label)] for label in labels if plain_label(label) in told}
    none = {label: None for label in labels if label not in given and is_no_answer(label)}
    answers = [label for label in labels if label not in none and given.get(label, 0) is not None]
    found = _candidates(answers, metric, heading, top)
    pinned = {label: score for label, score in given.items() if score is not None}
    agreeing = [one for one in found if all(one.scores.get(label, score) == score for label, score in pinned.items())]
    return tuple(
        replace(
            one,
            scores={**one.scores, **given, **none},
            unknown=tuple(label for label in one.unknown if label not in given),
            asks=one.asks and not pinned,
        )
        for one in agreeing or found
    )


def _candidates(labels: Iterable[str], metric: str, heading: str, top: float) -> list[Reading]:
    """Return the readings of labels that are answers: those with a number and, a language each, those without."""
    each = {label: label_of(label) for label in labels}
    numbered = {label: one for label, one in each.items() if one.number is not None}
    top = max([top, *(one.number for one in numbered.values() if one.number is not None)])
    arabic = {
        label: one for label, one in each.items() if label not in numbered and re.search("[\u0621-\u064a]", label)
    }
    other = {label: one for label, one in each.items() if label not in numbered and label not in arabic}
    numbers = _numbered(numbered, metric)
    together = [
        _joined(parts)
        for parts in product(numbers, _worded(arabic, metric, heading, top), _worded(other, metric, heading, top))
        if len({part.of for part in parts if part.of}) <= 1
    ]
    return sorted(together, key=lambda one: one.missing) or [replace(numbers[0], unknown=(*arabic, *other))]


def _joined(parts: tuple[Reading, ...]) -> Reading:
    return Reading(
        scores={label: score for part in parts for label, score in part.scores.items()},
        unknown=tuple(label for part in parts for label in part.unknown),
        of=next((part.of for part in parts if part.of), None),
        missing=sum(part.missing for part in parts),
        metrics=next((part.metrics for part in parts if part.metrics), ()),
        asks=any(part.asks for part in parts),
    )


def _worded(labels: Mapping[str, Label], metric: str, heading: str, top: float = 0) -> list[Reading]:
    """Return the scales on which all known ones of the labels stand, that with the fewest steps missing first."""
    if not labels:
        return [Reading()]
    known = {label: one.steps for label, one in labels.items() if one.steps}
    unknown = tuple(label for label in labels if label not in known)
    found: list[Reading] = []
    for scale in scales() if known else ():
        if (metric and metric not in scale.metrics) or (scale.asks and not metric) or scale.of < top:
            continue
        chosen = {label: [step for step in steps if step in scale.steps] for label, steps in known.items()}
        steps = {step for one in chosen.values() for step in one}
        taken = {scale.steps[step] for step in steps}
        if not all(chosen.values()) or len(taken) < len(steps):
            continue
        scores = {label: scale.steps[one[0]] for label, one in chosen.items()}
        missing = len(set(scale.steps.values()) - taken)
        one = Reading(
            scores=scores, unknown=unknown, of=scale.of, missing=missing, metrics=scale.metrics, asks=scale.asks
        )
        found.append(one)
        if scale.statement and is_against(heading):
            found.append(replace(one, scores={label: scale.of + 1 - score for label, score in scores.items()}))
    return sorted(found, key=lambda one: one.missing) or [Reading(unknown=tuple(labels))]


def _numbered(labels: Mapping[str, Label], metric: str) -> list[Reading]:
    """Return the numbers of the labels; where they run against their words first the other way round."""
    numbers = {label: one.number for label, one in labels.items() if one.number is not None}
    outs = {one.out_of for one in labels.values() if one.out_of}
    straight = Reading(scores=numbers, of=max(outs, default=None))
    worded = {label: one for label, one in labels.items() if one.steps and one.out_of is None}
    words = _worded(worded, "", "")[0].scores
    pairs = [(numbers[a] - numbers[b], (words[a] or 0) - (words[b] or 0)) for a, b in combinations(words, 2)]
    if not pairs or any(by_number * by_words >= 0 for by_number, by_words in pairs):
        return [straight]
    low, high = next(
        (ends for ends in SCALES[metric or "csat"] if all(ends[0] <= n <= ends[1] for n in numbers.values())),
        (min(numbers.values()), max(numbers.values())),
    )
    return [replace(straight, scores={label: low + high - number for label, number in numbers.items()}), straight]


def counts_high(metric: str, reading: Reading) -> list[str]:
    """Return the labels that are good answers: a promoter's, satisfied or easy."""
    of = reading.of or max((score for score in reading.scores.values() if score is not None), default=0)
    high = next((top for _, top in SCALES[metric] if of <= top), of)
    return [label for label, score in reading.scores.items() if score is not None and is_high(metric, score, high)]
