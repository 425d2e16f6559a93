"""What the small state keeps, as values: rates, targets, mappings, and the lines of the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

CUSTOMER_FORGOTTEN = "deleted customer"  # what the trail says of one
KINDS = ("", "average", "closing")  # of a rate
RATE_MONTH = re.compile(
    r"(?:(?:19|20)\d\d-(?:0[1-9]|1[0-2]))?", re.ASCII
)  # from which a rate holds; "": before all others


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What one unit of `currency` is worth in `reporting`, from a month on, and where that number comes from."""

    currency: str
    reporting: str
    worth: Decimal
    source: str
    saved_at: datetime
    from_month: str = ""  # "2025-03"; "" holds for every month before the first one that has its own
    kind: str = ""  # "average" of the month or "closing" at its end, where somebody said so


@dataclass(frozen=True, kw_only=True)
class KeptTarget:
    """What a measure of a forecast should reach in a month ("2026-03"), in its own unit; `segment` "" is the whole company."""

    segment: str
    measure: str
    month: str
    value: float
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeptMapping:
    """Which heading went to which column of `table` for files with one header; "" is a column that was left out."""

    fingerprint: str
    table: str
    columns: Mapping[str, str]
    saved_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConnectionMark:
    """What came of the last reading of a connection: outcome, the id of its sentence with facts, the tables and the version in use after it."""

    at: datetime
    outcome: str
    id: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptConnection:
    """A database or a published file that is read again and again; `credential` is the name of one, never the credential.

    `mode` is "replace" or "append"; `request` how what it gives is to be read, as plain values.
    """

    name: str
    address: str
    query: str = ""
    credential: str = ""
    mode: str = "replace"
    request: Mapping[str, Any] = field(default_factory=dict)
    last: ConnectionMark | None = None


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One line of the trail; `hash` covers the line and the hash before it."""

    id: int
    at: datetime
    who: str
    what: str
    facts: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """Return the line as plain values, as it is handed out."""
        return {
            "line": self.id,
            "at": self.at.isoformat(),
            "who": self.who,
            "what": self.what,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, kw_only=True)
class AuditTrail:
    """The lines of the trail, oldest first; `changed_from` is the first that is not as it was written, `last_hash` the end of the chain."""

    lines: tuple[AuditEntry, ...]
    changed_from: int | None
    last_hash: str
