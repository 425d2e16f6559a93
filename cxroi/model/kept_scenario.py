"""A scenario that somebody kept: its name, what it asks, what it said on which data, and its slides; each save is a revision.

Plain values, checked when they are made, and the same facts for the small state and for a file that is handed on.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar

from cxroi.errors import ScenarioError
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import Link, read_link, write_link
from cxroi.model.statistics.uncertainty import Interval

LONGEST_NAME, LONGEST_NOTE, LONGEST_COMMENT, LONGEST_CAPTION = 80, 1_000, 1_000, 300
MOST_SLIDES = 60
FILE_FORMAT = 1  # of a file with a kept scenario; a part is added without changing it
# Why a revision was made, and what is said of a scenario without changing it.
SAVED, RENAMED, NOTED, DUPLICATED = "saved", "renamed", "noted", "duplicated"
IMPORTED, RUN_AGAIN, RESTORED, SLIDES_CHOSEN = "imported", "run again", "restored", "slides chosen"
REASONS = (SAVED, RENAMED, NOTED, DUPLICATED, IMPORTED, RUN_AGAIN, RESTORED, SLIDES_CHOSEN)
LOCKED, APPROVED, UNLOCKED, DELETED = "locked", "approved", "unlocked", "deleted"
BROUGHT_BACK, COMMENTED = "brought back", "commented"
MARKS = (LOCKED, APPROVED, UNLOCKED, DELETED, BROUGHT_BACK, COMMENTED)
_SLIDE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_Made = TypeVar("_Made")


@dataclass(frozen=True, kw_only=True)
class KeptFigures:
    """What a scenario said when it was kept; money in `currency` and present value over the horizon, but spend, which is a month's.

    Probabilities of the sides are as they are stated. None where a figure does not exist.
    """

    call: str
    best_above: float
    best_below: float
    more_pays: float
    grade: str
    currency: str
    today_spend: float
    level_percent: float
    horizon_months: int
    cost: Interval
    benefit: Interval
    npv: Interval
    roi: Interval | None
    programme_roi: Interval | None
    marginal_roi: Interval | None
    payback_months: Interval | None
    probability_of_payback: float
    probability_of_loss: float
    plan_uplift_pp: Interval
    first_month: str
    last_month: str
    customers: float
    illustrative: bool

    @property
    def spend(self) -> float:
        """Return what the plan spends a month."""
        return self.today_spend * self.level_percent / 100


@dataclass(frozen=True, kw_only=True)
class SlideChoice:
    """One slide of a presentation: which, whether it is left out, and a caption of the presenter's own."""

    id: str
    hidden: bool = False
    caption: str = ""

    def __post_init__(self) -> None:
        caption = isinstance(self.caption, str) and len(self.caption) <= LONGEST_CAPTION
        if not (isinstance(self.id, str) and _SLIDE.fullmatch(self.id) and isinstance(self.hidden, bool) and caption):
            raise ScenarioError("scenarios.slides_invalid")


@dataclass(frozen=True, kw_only=True)
class SlideChoices:
    """The slides in their order, each at most once; those not named follow as they come. "" leaves language or theme to the reader."""

    slides: tuple[SlideChoice, ...] = ()
    language: str = ""
    theme: str = ""

    def __post_init__(self) -> None:
        ids = {slide.id for slide in self.slides}
        known = self.language in ("", "en", "ar") and self.theme in ("", "light", "dark")
        if not known or len(ids) < len(self.slides) or len(ids) > MOST_SLIDES:
            raise ScenarioError("scenarios.slides_invalid")


@dataclass(frozen=True, kw_only=True)
class KeptScenario:
    """What a revision holds. `rests_on` tells apart, by name, all that the figures rest on: the version of the data and the settings.

    Raises ScenarioError for a name or a note that cannot be kept.
    """

    name: str
    note: str = ""
    scenario: Scenario
    data_version: str
    rests_on: Mapping[str, str] = field(default_factory=dict)
    figures: KeptFigures | None = None  # None: nobody worked them out
    slides: SlideChoices = SlideChoices()

    def __post_init__(self) -> None:
        if self.name != clean_name(self.name):
            raise ScenarioError("scenarios.name_unclean")
        if len(self.note) > LONGEST_NOTE:
            raise ScenarioError("scenarios.note_long", count=len(self.note), most=LONGEST_NOTE)
        if read_link(write_link(self.scenario)) != Link(scenario=self.scenario):  # a currency that is none
            raise ScenarioError("scenarios.file_part", part="asked")


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One save: its number (from 1), who made it when, and why (one of REASONS)."""

    number: int
    at: datetime
    who: str
    why: str
    kept: KeptScenario


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What somebody said of a scenario as it stood at a revision: one of MARKS, and the words of a comment."""

    at: datetime
    who: str
    what: str
    revision: int
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class SavedScenario:
    """A scenario as it stands: its id, which never changes, the last revision, and all marks, oldest first."""

    id: str
    last: Revision
    marks: tuple[Mark, ...] = ()

    @property
    def kept(self) -> KeptScenario:
        """Return what the last revision holds."""
        return self.last.kept

    @property
    def lock(self) -> Mark | None:
        """Return the mark that keeps it as it is, an approval too; None where it may be changed."""
        return self._standing((LOCKED, APPROVED, UNLOCKED), (LOCKED, APPROVED))

    @property
    def approval(self) -> Mark | None:
        """Return who approved it and when; None where nobody has, or it was unlocked since."""
        return self._standing((APPROVED, UNLOCKED), (APPROVED,))

    @property
    def deletion(self) -> Mark | None:
        """Return who deleted it and when; None where it is there."""
        return self._standing((DELETED, BROUGHT_BACK), (DELETED,))

    @property
    def comments(self) -> tuple[Mark, ...]:
        """Return what was said of it, oldest first."""
        return tuple(mark for mark in self.marks if mark.what == COMMENTED)

    def _standing(self, among: tuple[str, ...], wanted: tuple[str, ...]) -> Mark | None:
        last = next((mark for mark in reversed(self.marks) if mark.what in among), None)
        return last if last is not None and last.what in wanted else None


def clean_name(words: str) -> str:
    """Return a name as it is kept, in one line; raises ScenarioError where nothing of it can be seen or it is too long.

    >>> clean_name("  Board\\n plan\\x00 ")
    'Board plan'
    """
    name = _in_one_line(words)
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in name):
        raise ScenarioError("scenarios.name_empty")
    if len(name) > LONGEST_NAME:
        raise ScenarioError("scenarios.name_long", count=len(name), most=LONGEST_NAME)
    return name


def same_name(one: str, other: str) -> bool:
    """Return whether two names are one to a reader, however they were typed.

    >>> same_name("Board Plan", " board  plan")
    True
    """
    return _in_one_line(one).casefold() == _in_one_line(other).casefold()


def _in_one_line(words: str) -> str:
    normal = unicodedata.normalize("NFC", words)
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in normal).split())


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name itself or, where it is taken, with the first number that makes it another one.

    >>> free_name("Plan", ["plan", "Plan (2)"])
    'Plan (3)'
    """
    used, number, found = {one.casefold() for one in taken}, 1, name
    while found.casefold() in used:
        number += 1
        end = f" ({number})"
        found = name[: LONGEST_NAME - len(end)].rstrip() + end
    return found


def changed_assumptions(base: Scenario, other: Scenario) -> tuple[str, ...]:
    """Return the names of what `other` assumes otherwise than `base`, in the order of the fields."""
    return tuple(one.name for one in fields(Scenario) if getattr(base, one.name) != getattr(other, one.name))


def figures_facts(figures: KeptFigures | None) -> dict[str, Any] | None:
    """Return figures as plain values; `read_figures` gives the same figures back."""
    return None if figures is None else asdict(figures)


def read_figures(facts: object) -> KeptFigures | None:
    """Return the figures in plain values; raises ScenarioError where they cannot be figures."""
    return None if facts is None else _made(KeptFigures, facts, "figures", _figure)


def slides_facts(slides: SlideChoices) -> dict[str, Any]:
    """Return a choice of slides as plain values; `read_slides` gives the same choice back."""
    return {**asdict(slides), "slides": [asdict(slide) for slide in slides.slides]}


def read_slides(facts: object) -> SlideChoices:
    """Return the choice of slides in plain values; raises ScenarioError where they cannot be one."""

    def part(kind: str, value: object) -> object:
        if kind.startswith("tuple") and isinstance(value, list):
            return tuple(_made(SlideChoice, slide, "slides", lambda _, inner: inner) for slide in value)
        if kind == "str" and isinstance(value, str):
            return value
        raise ValueError(kind)

    return _made(SlideChoices, facts, "slides", part)


def _made(kind: type[_Made], facts: object, name: str, part: Any) -> _Made:
    """Return a value of `kind` made of plain facts, each read by `part(its type, the fact)`."""
    try:
        if not isinstance(facts, Mapping):
            raise TypeError(name)
        wanted = {one.name: str(one.type) for one in fields(kind)}  # type: ignore[arg-type]
        return kind(**{one: part(wanted[one], value) for one, value in facts.items() if one in wanted})
    except (TypeError, ValueError, OverflowError) as error:
        raise ScenarioError("scenarios.file_part", part=name) from error


def _figure(kind: str, value: object) -> object:
    if kind.startswith("Interval"):
        if value is None and "None" in kind:
            return None
        if not isinstance(value, Mapping):
            raise TypeError(kind)
        low, mid, high = (_number(value.get(end)) for end in ("low", "mid", "high"))
        if not low <= mid <= high:
            raise ValueError(kind)
        return Interval(low=low, mid=mid, high=high)
    if kind in ("float", "int"):
        return _number(value) if kind == "float" else int(_number(value))
    if type(value).__name__ != kind or (isinstance(value, str) and len(value) > LONGEST_NAME):
        raise TypeError(kind)
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)
