"""The audit trail in words."""

from __future__ import annotations

from cxroi.text import Text


def change_words(what: str, text: Text) -> str:
    """Return what a line of the trail says was done; a change that no sentence is known for is told by its own name."""
    id = f"trail.{what.replace(' ', '_')}"
    return text(id) if text.has(id) else what
