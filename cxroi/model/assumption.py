"""An assumption: a value with unit, range, meaning, source, year and grade; without a source it does not load."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How far a link or an input can be trusted, best first."""

    RANDOMISED_PILOT = "A"
    MATCHED_COMPARISON = "B"
    OWN_HISTORY = "C"
    SURVEY_LINKAGE = "D"
    BENCHMARK = "E"
    TYPED_IN = "F"


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One input of a scenario as the register shows it; its label and meaning are worded under `assumption.<name>`."""

    name: str
    value: float | str | None
    low: float | None
    high: float | None
    unit: str
    grade: Grade
    source: str
    year: int | None
