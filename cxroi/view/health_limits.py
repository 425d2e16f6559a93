"""Where a health check passes and where it fails, in words: one place for the Method page and the Evidence page."""

from __future__ import annotations

from cxroi.model.decision.thresholds import AtLeast, Limit, Unit
from cxroi.text import Text


def limit_ends(limit: Limit, text: Text) -> tuple[str, str]:
    """Return where a measure passes and where it fails, in words."""
    enough, failing = (
        None if end is None else measured(end, limit.unit, text) for end in (limit.enough, limit.failing)
    )
    passes, fails = ("at_least", "below") if isinstance(limit, AtLeast) else ("at_most", "above")
    return (
        text(f"page.method.health.{passes}", limit=enough) if limit.enough else text("page.method.health.none"),
        text("page.method.health.never") if failing is None else text(f"page.method.health.{fails}", limit=failing),
    )


def measured(value: float, unit: Unit, text: Text) -> str:
    """Return a measure in the unit of its limit."""
    if unit is Unit.SHARE:
        return text.percent(value, 0)
    if unit is Unit.MONTHS:
        return text.months(int(value))
    number = text.number(value)
    return text("page.method.health.errors", number=number) if unit is Unit.ERRORS else number
