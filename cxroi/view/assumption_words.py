"""The value of an assumption in words, with its unit."""

from __future__ import annotations

import re

from cxroi.model.assumption import Assumption
from cxroi.text import Text
from cxroi.text.plain import shown


def assumption_value(assumption: Assumption, value: float | str, text: Text) -> str:
    """Return a value in the unit of an assumption."""
    unit = unit_words(assumption.unit, text)
    if isinstance(value, str):
        return shown(value)
    if assumption.unit == "months":
        return text.months(value)
    if "share of" in assumption.unit or assumption.name.endswith("_rate"):
        return f"{text.percent(value, 1 if value and abs(value) < 0.1 else 0)} {unit}".strip()
    return f"{text.number(round(value, 2))}{'' if unit.startswith('%') else ' '}{unit}".strip()


def unit_words(unit: str, text: Text) -> str:
    """Return the unit of an assumption as the register names it, in words; nothing where it has none."""
    id = "_".join(re.findall(r"\w+", unit.replace("'", ""))) or "none"
    return text(f"page.method.unit.{id}")


def source_words(assumption: Assumption, text: Text) -> str:
    """Return where an assumption comes from, with its year."""
    return text(f"page.method.source_of.{assumption.name}") + (f" ({assumption.year})" if assumption.year else "")
