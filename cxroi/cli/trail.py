"""The command that shows the audit trail: who changed what, and whether the lines are still as they were written."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, workspace_of
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.view.data.trail import change_words
from cxroi.view.table import columns


def audit(choices: Namespace, text: Text) -> int:
    """List every change, oldest first; refused where a line was changed, removed or slipped in."""
    lines = State.open(workspace_of(choices).folder).audit()
    listed = [
        {"line": one.id, "at": one.at.isoformat(), "who": one.who, "what": one.what, "facts": dict(one.facts)}
        for one in lines
    ]
    heading = [text(f"heading.{name}") for name in ("when", "who", "what", "version")]
    rows = [
        [one.at.isoformat(), one.who or "-", change_words(one.what, text), str(one.facts.get("version") or "-")]
        for one in lines
    ]
    answer(choices, {"lines": listed}, columns(heading, rows) if rows else [text("trail.empty")])
    return 0
