"""The audit trail in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cxroi.text import Text

THROUGH = ("terminal", "app", "network", "sign-in")


def change_words(what: str, text: Text) -> str:
    """Return what a line of the trail says was done; a change that no sentence is known for is told by its own name."""
    id = f"trail.{what.replace(' ', '_')}"
    return text(id) if text.has(id) else what


def person_words(line: Mapping[str, Any], text: Text) -> str:
    """Return who made a change, without the mark of the way it came by; whoever gave no name is told as that."""
    name = str(line["who"]).removesuffix(f"({line['facts'].get('through')})").strip()
    return name or text("trail.nobody")


def through_words(line: Mapping[str, Any], text: Text) -> str:
    """Return by which way a change came, "" where its line does not say."""
    through = line["facts"].get("through")
    return text(f"trail.through.{through}") if through in THROUGH else str(through or "")


def version_number(line: Mapping[str, Any]) -> str:
    """Return the number of the version that a line is about, "" where there was none.

    >>> version_number({"facts": {"version": "000012-0123456789abcdef"}})
    '12'
    """
    number = str(line["facts"].get("version") or "").partition("-")[0]
    return str(int(number)) if number.isdecimal() else ""


def trail_row(line: Mapping[str, Any], text: Text) -> tuple[str, str, str, str, str]:
    """Return when, who, what, which version and by which way, as a page shows a line."""
    when = text.moment(datetime.fromisoformat(line["at"]))
    about = change_words(line["what"], text), version_number(line)
    return (when, person_words(line, text), *about, through_words(line, text))
