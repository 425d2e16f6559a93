"""What a health check advises, with what it found, in words: one place for page, terminal and JSON."""

from __future__ import annotations

import math
from datetime import date

from cxroi.model.health import HealthCheck
from cxroi.text import Text


def advice(check: HealthCheck, text: Text) -> str:
    """Return what to do about a check that did not pass."""
    facts = dict(check.facts)
    if isinstance(cells := facts.get("cells"), tuple):
        facts["cells"] = "; ".join(_cell(cell, text) for cell in cells)
        if more := facts.pop("more", 0):
            facts["cells"] = text("health.more_cells", cells=facts["cells"], more=more)
    return text(f"health.{check.check}.advice_{check.status}", **facts)


def _cell(cell: tuple[str, str, str, float], text: Text) -> str:
    column, segment, month, times = cell
    place = [text(f"column.{column}"), "" if segment == "all" else segment]
    when = text.month(date(int(month[:4]), int(month[5:7]), 1))
    named = text("health.cell_separator").join(part for part in (*place, when) if part)
    return text("health.cell_only" if math.isinf(times) else "health.cell", cell=named, times=text.number(times, 1))
