"""The audit trail of the small state: lines that are only ever added, each with the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cxroi.errors import StoreError
from cxroi.store.state.records import AuditEntry, AuditTrail
from cxroi.store.state.state_file import StateFile, now

_LINES = "SELECT id, at, who, what, facts, previous, hash FROM audit ORDER BY id"


@dataclass(frozen=True, kw_only=True)
class AuditState(StateFile):
    """The trail of one workspace."""

    def record(self, what: str, *, who: str = "", **facts: object) -> None:
        """Add a line to the audit trail: who did what to which version. Never a customer's id or name."""
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            last = connection.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
            previous = last[0] if last else ""
            line = (now(), who, what, json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str))
            connection.execute(
                "INSERT INTO audit (at, who, what, facts, previous, hash) VALUES (?, ?, ?, ?, ?, ?)",
                (*line, previous, _chained(previous, line)),
            )

    def trail(self) -> AuditTrail:
        """Return every line, oldest first, and which is the first that is not as it was written, if any is not."""
        with self.reading() as connection:
            rows = connection.execute(_LINES).fetchall()
        previous, changed_from = "", None
        for number, (id, *line, before, hash) in enumerate(rows, start=1):
            if changed_from is None and (id != number or before != previous or hash != _chained(previous, line)):
                changed_from = number
            previous = hash
        lines = []
        for id, at, who, what, facts, _, _ in rows:
            try:
                when, said = datetime.fromisoformat(at), json.loads(facts)
            except ValueError:  # only in a line that was changed
                continue
            lines.append(AuditEntry(id=id, at=when, who=who, what=what, facts=said))
        return AuditTrail(lines=tuple(lines), changed_from=changed_from, last_hash=previous)

    def audit(self) -> tuple[AuditEntry, ...]:
        """Return the audit trail, oldest first, or raise StoreError when a line was changed, removed or slipped in."""
        trail = self.trail()
        if trail.changed_from is not None:
            raise StoreError("store.audit_changed", line=trail.changed_from)
        return trail.lines


def _chained(previous: str, line: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([previous, *line], ensure_ascii=False).encode()).hexdigest()
