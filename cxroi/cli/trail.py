"""The command that shows the audit trail: who changed what, and whether the lines are still as they were written."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, workspace_of
from cxroi.errors import StoreError
from cxroi.export.trail_file import trail_csv, trail_json
from cxroi.store.state.records import AuditTrail
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.view.data.trail import change_words
from cxroi.view.table import columns


def audit(choices: Namespace, text: Text) -> int:
    """List every change, oldest first; refused where a line was changed, removed or slipped in, after it was written to a file that was asked for."""
    trail = State.open(workspace_of(choices).folder).trail()
    if choices.trail_out:
        _write(Path(choices.trail_out), trail, text)
    if trail.changed_from is not None:
        raise StoreError("store.audit_changed", line=trail.changed_from)
    heading = [text(f"heading.{name}") for name in ("when", "who", "what", "version")]
    rows = [
        [one.at.isoformat(), one.who or "-", change_words(one.what, text), str(one.facts.get("version") or "-")]
        for one in trail.lines
    ]
    facts = {"lines": [line.plain() for line in trail.lines], "last_hash": trail.last_hash}
    answer(choices, facts, columns(heading, rows) if rows else [text("trail.empty")])
    return 0


def _write(file: Path, trail: AuditTrail, text: Text) -> None:
    lines = [line.plain() for line in trail.lines]
    if file.suffix.lower() == ".csv":
        file.write_bytes(trail_csv(lines, text))
    elif file.suffix.lower() == ".json":
        file.write_bytes(trail_json(lines, changed_from=trail.changed_from, last_hash=trail.last_hash))
    else:
        wrong_use("trail_format", format=file.suffix or "-")
