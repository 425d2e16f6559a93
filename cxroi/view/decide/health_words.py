"""What a health check advises, with what it found, in words: one place for page, terminal and JSON."""

from __future__ import annotations

import math
from datetime import date

from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.health import HealthCheck
from cxroi.model.decision.verdict import Call
from cxroi.text import Text

Facts = tuple[tuple[str, object], ...]


def advice(check: HealthCheck, text: Text) -> str:
    """Return what to do about a check that did not pass."""
    facts: dict[str, object] = dict(check.facts)
    if check.check.startswith("survives_"):
        facts |= worded(check.facts, text)
    if isinstance(cells := facts.get("cells"), tuple):
        facts["cells"] = "; ".join(_cell(cell, text) for cell in cells)
        if more := facts.pop("more", 0):
            facts["cells"] = text("health.more_cells", cells=facts["cells"], more=more)
    return text(f"health.{check.check}.advice_{check.status}", **facts)


def check_name(check: str, facts: Facts, text: Text) -> str:
    """Return what a check is called or, where it failed on something that can be named, what the verdict hangs on."""
    if "became" not in dict(facts) or not text.has(f"health.{check}.failed"):
        return text(f"health.{check}.name")
    kind = "failed_open" if ("became", Call.NOT_ENOUGH_EVIDENCE.value) in facts else "failed"
    return text(f"health.{check}.{kind}", **worded(facts, text))


def worded(facts: Facts, text: Text) -> dict[str, str]:
    """Return the facts of a change as a reader writes them: months, segments and calls by their names."""
    return {name: _worded(name, str(value), text) for name, value in facts}


def _worded(name: str, value: str, text: Text) -> str:
    if name in ("first", "last"):
        return text.month(date.fromisoformat(f"{value}-01"))
    if name == "became":
        return text(f"verdict.word.{value}")
    if name == "segment":
        return text("decide.whole") if value == WHOLE else value
    if name in ("probability", "needed"):
        return text.percent(float(value), 0)
    if name == "percent":
        return text.percent(float(value) / 100, 0)
    return value


def _cell(cell: tuple[str, str, str, float], text: Text) -> str:
    column, segment, month, times = cell
    place = [text(f"column.{column}"), "" if segment == WHOLE else segment]
    when = text.month(date(int(month[:4]), int(month[5:7]), 1))
    named = text("health.cell_separator").join(part for part in (*place, when) if part)
    return text("health.cell_only" if math.isinf(times) else "health.cell", cell=named, times=text.number(times, 1))
