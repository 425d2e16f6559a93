"""How the data in use stand: what is in, whether it is whole, and what its loads noticed, as each of them wrote it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cxroi.store.panel.panel import PERMITTED
from cxroi.store.versions.version import Version

DOUBTS = (
    "finding.total_missed",
    "finding.total.disagrees",
    "finding.repeated_rows",
    "finding.level_",
)  # how they begin


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The data in use: rows by table, how many were set aside, months (YYYY-MM) without rows, how many things need a look, and
    whether a sum met a control total."""

    number: int
    at: datetime
    illustrative: bool
    rows: Mapping[str, int]
    set_aside: int
    gaps: tuple[str, ...]
    doubts: int
    total_met: bool

    @property
    def enough(self) -> bool:
        """Return whether the tables are enough for a verdict."""
        return any(set(tables) <= set(self.rows) for tables in PERMITTED.values())


def ask_standing(version: Version) -> Standing:
    """Return how a version stands."""
    sources = [source for table in version.tables.values() for source in table.sources]
    found: list[Mapping[str, Any]] = [one for source in sources for one in source.get("findings", ())]
    gaps = (str(one["facts"]["months"]) for one in found if one["id"] == "finding.months_missing")
    return Standing(
        number=version.number,
        at=version.created_at,
        illustrative=version.illustrative,
        rows={name: table.rows for name, table in version.tables.items()},
        set_aside=sum(int(source.get("rows_rejected", 0)) for source in sources),
        gaps=tuple(dict.fromkeys(month for months in gaps for month in months.split(", "))),
        doubts=sum(str(one["id"]).startswith(DOUBTS) for one in found),
        total_met=any(one["id"] == "finding.total_met" for one in found),
    )
