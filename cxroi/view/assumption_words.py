"""The value of an assumption in words, with its unit."""

from __future__ import annotations

import re

from cxroi.model.assumption import Assumption
from cxroi.text import Text
from cxroi.text.plain import shown


def assumption_value(assumption: Assumption, value: float | str, text: Text) -> str:
    """Return a value in the unit of an assumption."""
    unit = text(f"page.method.unit.{_slug(assumption.unit)}")
    if isinstance(value, str):
        return shown(value)
    if assumption.unit == "months":
        return text.months(value)
    if "share of" in assumption.unit or assumption.name.endswith("_rate"):
        return f"{text.percent(value, 1 if value and abs(value) < 0.1 else 0)} {unit}".strip()
    return f"{text.number(round(value, 2))}{'' if unit.startswith('%') else ' '}{unit}".strip()


def _slug(unit: str) -> str:
    return "_".join(re.findall(r"\w+", unit.replace("'", ""))) or "none"
