"""An assumption is a value with a unit, a range, a meaning, a source, a year and a grade; without a source it does not load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cxroi.errors import ModelError


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
    """One input of a scenario as the register shows it; `name` is also the id of its label and meaning in the text catalogues."""

    name: str
    value: float | str | None
    low: float | None
    high: float | None
    unit: str
    grade: Grade
    source: str
    year: int | None


def parse_assumptions(tree: Mapping[str, Mapping[str, object]]) -> dict[str, Assumption]:
    """Return the assumptions of a parsed register by name; raises ModelError for an entry that says too little.

    Every entry states value, low, high, unit, source, year and grade. A value outside low..high does not load either.

    >>> parse_assumptions({"b": {"value": 1.0, "low": 0, "high": 2, "unit": "", "source": "", "year": 2026, "grade": "F"}})
    Traceback (most recent call last):
    ...
    cxroi.errors.ModelError: assumption.incomplete name='b', field='source'
    """
    register = {}
    for name, entry in tree.items():
        for field in ("low", "high", "unit", "source", "year", "grade"):
            if field not in entry or (field in ("source", "year") and not entry[field]):
                raise ModelError("assumption.incomplete", name=name, field=field)
        low, high, value = (_number(name, entry, field) for field in ("low", "high", "value"))
        if value is not None and low is not None and high is not None and not low <= value <= high:
            raise ModelError("assumption.outside", name=name, value=value, low=low, high=high)
        register[name] = Assumption(
            name=name,
            value=value,
            low=low,
            high=high,
            unit=str(entry["unit"]),
            grade=Grade(str(entry["grade"])),
            source=str(entry["source"]),
            year=int(str(entry["year"])),
        )
    return register


def _number(name: str, entry: Mapping[str, object], field: str) -> float | None:
    value = entry.get(field)
    if value is None or isinstance(value, int | float):
        return None if value is None else float(value)
    raise ModelError("assumption.incomplete", name=name, field=field)
