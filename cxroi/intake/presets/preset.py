"""A preset: how to know an export by its headings, which heading fills which column, which rows count. It is data only."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from cxroi.errors import UploadError
from cxroi.intake.layout.header import plainly
from cxroi.intake.letters import ARABIC_LETTERS
from cxroi.tables import METRICS, TABLES

NONE = "none"  # what a person says who wants no preset
FOLDER = "presets"  # of a workspace: what an administrator adds
_LANGUAGES = ("en", "ar")
_ANSWERS = (*METRICS, "comment", "never")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Which rows count by what stands in one column: `only` those with one of these words, or all `but` those.

    A word that ends with * stands for all that begin so. With a `target` the rows stay, and only that column of ours is empty in them.
    """

    column: tuple[str, ...]
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    target: str = ""
    optional: bool = False  # nothing is lost where the file has no such column


@dataclass(frozen=True, kw_only=True)
class Scale:
    """What an amount is multiplied by where it is read from one of the headings `of`: a column's number, or over months that a word stands for."""

    target: str
    of: tuple[str, ...]
    column: tuple[str, ...]
    over: bool = False  # divided by the number instead
    months: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Columns that are kept out on purpose, and why in each language."""

    columns: tuple[str, ...]
    why: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One kind of export. Of several headings for one thing the first that a file has is meant."""

    id: str
    name: Mapping[str, str]  # by language
    table: str
    all_of: tuple[tuple[str, ...], ...]  # of each group one heading must be there
    some_of: tuple[str, ...] = ()  # and of these at least `fewest`
    fewest: int = 0
    none_of: tuple[str, ...] = ()
    asked: bool = False  # followed where a person names it or its table alone: the same export is mostly something else
    heading_rows: int = 1
    more: str = ""  # below these, rows with this text in a cell head the table too
    text_row: int = 1  # of the heading rows, counted from 1: the one that says in words what a question is
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # target -> headings; () is left out for good
    constants: Mapping[str, str] = field(default_factory=dict)
    plain: tuple[str, ...] = ()  # words in the row of words that say nothing: "Response"
    scales: tuple[Scale, ...] = ()
    gather: str = ""  # the column of ours by which several rows are one: subscriptions of one customer
    rows: tuple[Rows, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # metric -> words in the heading of its question
    left_out: tuple[LeftOut, ...] = ()

    @property
    def headings(self) -> frozenset[str]:
        """Return every heading that the preset names, as `told` compares them."""
        return self.settled | frozenset(map(told, (*self.some_of, *(h for group in self.all_of for h in group))))

    @property
    def settled(self) -> frozenset[str]:
        """Return the headings that have their place, so that none of them is a question of a survey."""
        named = [h for headings in self.columns.values() for h in headings]
        named += [h for rule in self.rows for h in rule.column] + [h for out in self.left_out for h in out.columns]
        return frozenset(map(told, named))


@lru_cache(maxsize=20_000)
def told(heading: str) -> str:
    """Return a heading as presets compare it: without case, signs and variants of Arabic letters, units in brackets kept.

    >>> told("customers.id"), told("Canceled At (UTC)"), told("تاريخ الإنشاء")
    ('customers id', 'canceled at utc', 'تاريخ الانشاء')
    """
    return plainly(heading.replace("(", " ").replace(")", " ").translate(ARABIC_LETTERS))


def place_of(headings: Sequence[str], named: Sequence[str]) -> int | None:
    """Return where the first of the headings `named` stands that is there at all."""
    plain = [told(heading) for heading in headings]
    return next((plain.index(told(name)) for name in named if told(name) in plain), None)


@cache
def shipped_presets() -> tuple[Preset, ...]:
    """Return the presets that come with the product, by name."""
    found = files("cxroi").joinpath("presets").iterdir()
    texts = {
        one.name.removesuffix(".toml"): one.read_text(encoding="utf-8") for one in found if one.name.endswith(".toml")
    }
    return tuple(preset_of(id, texts[id]) for id in sorted(texts))


def presets_of(folder: Path | str | None) -> tuple[Preset, ...]:
    """Return the presets of a workspace's folder and the shipped ones; a file there with the name of a shipped one stands for it."""
    own = sorted(Path(folder).glob("*.toml")) if folder else []
    added = tuple(preset_of(path.stem, path.read_text(encoding="utf-8")) for path in own)
    ids = {preset.id for preset in added}
    return (*added, *(preset for preset in shipped_presets() if preset.id not in ids))


def preset_of(id: str, text: str) -> Preset:
    """Return the preset that a file holds.

    Raises UploadError that names the file and what in it is wrong.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(id, "toml", str(error)) from error
    known = {
        *("name", "table", "known_by", "headings", "columns", "constants", "rows", "cells", "scales", "gather"),
        *("answers", "left_out", "asked"),
    }
    if unknown := sorted(said.keys() - known):
        raise _wrong(id, "unknown", ", ".join(unknown))
    by, shape = said.get("known_by", {}), said.get("headings", {})
    try:
        preset = Preset(
            id=id,
            name={language: str(said["name"][language]) for language in _LANGUAGES},
            table=said["table"],
            all_of=tuple(map(_words, by["all"])),
            some_of=_words(by.get("some", ())),
            fewest=int(by.get("fewest", 0)),
            none_of=_words(by.get("none", ())),
            asked=bool(said.get("asked", False)),
            heading_rows=int(shape.get("rows", 1)),
            text_row=int(shape.get("text_row", 1)),
            columns={target: _words(headings) for target, headings in said.get("columns", {}).items()},
            constants={target: str(value) for target, value in said.get("constants", {}).items()},
            more=str(shape.get("more", "")),
            plain=_words(shape.get("plain", ())),
            scales=tuple(_scale(rule) for rule in said.get("scales", ())),
            gather=str(said.get("gather", "")),
            rows=(
                *(_rows(rule) for rule in said.get("rows", ())),
                *(_rows(rule, target=str(rule["target"])) for rule in said.get("cells", ())),
            ),
            answers={kind: _words(words) for kind, words in said.get("answers", {}).items()},
            left_out=tuple(
                LeftOut(columns=_words(one["columns"]), why={language: str(one[language]) for language in _LANGUAGES})
                for one in said.get("left_out", ())
            ),
        )
    except KeyError as error:
        raise _wrong(id, "missing", str(error.args[0])) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise _wrong(id, "shape", str(error)) from error
    _ensure_sound(preset)
    return preset


def _words(said: Any, *, blank: bool = False) -> tuple[str, ...]:
    if isinstance(said, str) or not all(isinstance(word, str) and (blank or word.strip()) for word in said):
        raise ValueError(f"{said!r}")
    return tuple(said)


def _rows(rule: Mapping[str, Any], target: str = "") -> Rows:
    made = Rows(
        column=_words(rule["column"]),
        only=_words(rule.get("only", ()), blank=True),
        but=_words(rule.get("but", ()), blank=True),
        target=target,
        optional=bool(rule.get("optional", False)),
    )
    if bool(made.only) == bool(made.but) or rule.keys() - {"column", "only", "but", "optional", "target"}:
        raise ValueError(f"{dict(rule)!r}")
    return made


def _scale(rule: Mapping[str, Any]) -> Scale:
    months = {told(word): float(number) for word, number in rule.get("months", {}).items()}
    if rule.keys() - {"target", "of", "column", "over", "months"} or any(number <= 0 for number in months.values()):
        raise ValueError(f"{dict(rule)!r}")
    over = bool(rule.get("over", False))
    of, column = _words(rule["of"]), _words(rule["column"])
    return Scale(target=str(rule["target"]), of=of, column=column, over=over, months=months)


def _ensure_sound(preset: Preset) -> None:
    """Raise UploadError for what a preset may not say: a table or column that does not exist, one that it cannot do without."""
    if preset.table not in TABLES:
        raise _wrong(preset.id, "table", preset.table)
    table = TABLES[preset.table]
    names = {column.name for column in table.columns}
    used = {rule.target for rule in preset.rows} | {rule.target for rule in preset.scales} | {preset.gather}
    if strange := sorted((preset.columns.keys() | preset.constants.keys() | used - {""}) - names):
        raise _wrong(preset.id, "column", ", ".join(strange))
    if preset.answers and (preset.table != "surveys" or preset.answers.keys() - set(_ANSWERS)):
        raise _wrong(preset.id, "answers", ", ".join(preset.answers))
    if not preset.all_of or not 0 <= preset.fewest <= len(preset.some_of):
        raise _wrong(preset.id, "known_by", f"all, fewest = {preset.fewest}")
    if not 1 <= preset.text_row <= preset.heading_rows <= 5:
        raise _wrong(preset.id, "headings", f"rows = {preset.heading_rows}, text_row = {preset.text_row}")
    filled = {target for target, headings in preset.columns.items() if headings} | preset.constants.keys()
    filled |= {"score", "metric"} if preset.answers else set()
    lacking = [c.name for c in table.columns if c.required and c.name not in filled and not _computed(preset, c.name)]
    lacking += [" / ".join(group) for group in table.one_of if not filled & set(group)]
    if lacking:
        raise _wrong(preset.id, "lacking", ", ".join(lacking))


def _computed(preset: Preset, name: str) -> bool:
    return preset.table == "orders" and name == "amount" and {"quantity", "unit_price"} <= preset.columns.keys()


def _wrong(id: str, what: str, found: str) -> UploadError:
    return UploadError(f"upload.preset_wrong_{what}", preset=f"{id}.toml", found=found[:200])
