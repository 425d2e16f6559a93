"""What one label of an answer says: a number, words that are a step of a known scale, or that there is no answer."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cxroi.intake.letters import ARABIC_LETTERS

_CHOICE = re.compile(r"\(([^()]*)\)")
_BETWEEN = re.compile(r"[\s.,;:!?'\"“”‘’()\[\]{}_/\\|*·،؛؟+=<>~`#&@–—-]+")
_UNSEEN = re.compile("[\ufe0f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\U0001f3fb-\U0001f3ff]")
_SIGN = re.compile(r"[^\w\s%]")
_STAR, _EMPTY = "★⭐🌟", "☆✩"
_N = r"(\d+(?:[.,]\d+)?)"
_OUT_OF = re.compile(_N + r"\s*(?:/|out of|of|من(?: أصل)?)\s*(\d+)")
_STARRED = re.compile(_N + r"\s*-?\s*(?:stars?|نجوم|نجمات|نجمة|نجمه)")
_BEFORE = re.compile(r"[(\[]?\s*(\d{1,3})\s*(?:[)\]]|[-–—:.=,|]|\s(?=[^\W\d]))\s*(?=\D)(.+)")
_AFTER = re.compile(r"(.*[^\d\s(\[=:–—-])\s*(?:[(\[]\s*(\d{1,3})\s*[)\]]|[-–—:=]\s*(\d{1,3}))")
_PARTS = re.compile(r"\s*[/|\n]\s*|\s+[-–—]\s+")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Steps from the worst to the best, each with its score; where `metrics` has "" only what was asked tells the metric."""

    steps: Mapping[str, float]
    of: int
    metrics: tuple[str, ...]
    statement: bool = False  # whether it is good to say yes depends on what was asked
    asks: bool = False  # a person has to agree that it is this one


@dataclass(frozen=True)
class Label:
    """The number of a label where it has one, out of how many, and the steps that its words may be."""

    number: float | None = None
    out_of: int | None = None
    steps: frozenset[str] = frozenset()


@cache
def _known() -> Mapping[str, Any]:
    return tomllib.loads(files("cxroi.intake.columns").joinpath("answer_words.toml").read_text(encoding="utf-8"))


@cache
def scales() -> tuple[Scale, ...]:
    """Return every known scale."""
    return tuple(Scale(**{**one, "metrics": tuple(one["metrics"])}) for one in _known()["scale"])


@cache
def _steps() -> dict[str, frozenset[str]]:
    """Return the steps that each phrase may be."""
    found: dict[str, set[str]] = {}
    for step, phrases in _known()["words"].items():
        for phrase in phrases:
            for one in _written_out(phrase):
                found.setdefault(plain_label(one), set()).add(step)
    return {phrase: frozenset(steps) for phrase, steps in found.items()}


@cache
def _spelt() -> dict[str, float]:
    return {plain_label(o): float(n) for n, all_ in _known()["numbers"].items() for p in all_ for o in _written_out(p)}


def _written_out(phrase: str) -> Iterator[str]:
    """Return every phrase that a phrase with choices stands for.

    >>> list(_written_out("(very|so) good"))
    ['very good', 'so good']
    """
    inner = _CHOICE.search(phrase)
    if inner is None:
        yield phrase
        return
    for one in inner[1].split("|"):
        yield from _written_out(f"{phrase[: inner.start()]}{one}{phrase[inner.end() :]}")


def plain_label(label: str) -> str:
    """Return a label without case, vowel marks, variants of Arabic letters, punctuation and, beside words, signs.

    >>> plain_label("راضٍ للغاية"), plain_label(" Very  Satisfied!"), plain_label("😀 Good"), plain_label("👍🏽")
    ('راض للغايه', 'very satisfied', 'good', '👍')
    """
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", label)).lower().translate(ARABIC_LETTERS)
    text = " ".join(_BETWEEN.sub(" ", text).split())
    words = " ".join(_SIGN.sub(" ", text).split())
    return words or text[:1]


def is_answer(label: str) -> bool:
    """Return whether a cell is an answer in words, or says that there is none.

    >>> is_answer("Very satisfied"), is_answer("5 - Excellent"), is_answer("Riyadh")
    (True, True, False)
    """
    return bool(label_of(label).steps)


def is_no_answer(label: str) -> bool:
    """Return whether a label says that there is no answer.

    >>> is_no_answer("N/A"), is_no_answer("لا ينطبق"), is_no_answer("No")
    (True, True, False)
    """
    return "none" in _words(label)


def label_of(label: str) -> Label:
    """Return what a label says: "5 - Excellent", "Excellent (5)", "4 out of 5", "★★★★☆", "4 stars" or words alone."""
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", label)).strip().lower()
    full, empty = (sum(text.count(sign) for sign in signs) for signs in (_STAR, _EMPTY))
    if (full or empty) and not text.strip(_STAR + _EMPTY + " "):
        return Label(float(full), 5 if full + empty <= 5 else 10)
    if (spelt := _spelt().get(plain_label(text))) is not None:
        return Label(spelt, 5)
    if found := _OUT_OF.fullmatch(text):
        return Label(_number(found[1]), int(found[2]))
    if found := _STARRED.fullmatch(text):
        return Label(_number(found[1]), 5 if _number(found[1]) <= 5 else 10)
    if re.fullmatch(_N, text):
        return Label(_number(text))
    if found := _BEFORE.fullmatch(text):
        return Label(float(found[1]), steps=_words(found[2]))
    if found := _AFTER.fullmatch(text):
        return Label(float(found[2] or found[3]), steps=_words(found[1]))
    return Label(steps=_words(label))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _words(label: str) -> frozenset[str]:
    """Return the steps that the words of a label may be; of a label in two languages those that both may be."""
    if whole := _steps().get(plain_label(label)):
        return whole
    parts = [_steps().get(plain_label(part), frozenset()) for part in _PARTS.split(label) if plain_label(part)]
    return frozenset.intersection(*parts) if len(parts) > 1 else frozenset()


def is_against(heading: str) -> bool:
    """Return whether a heading asks for something bad, so that yes may be a complaint."""
    words = set(plain_label(heading).split())
    return bool(words & set(_known()["against"]["bad"])) and not words & set(_known()["against"]["good"])
