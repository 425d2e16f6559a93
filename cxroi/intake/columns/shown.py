"""What a person sees of each column of a file: where it goes, how surely, and its first cells before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.intake.columns.casting import Reading
from cxroi.intake.columns.conventions import CALENDAR, shown
from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import SourceColumn
from cxroi.tables import TABLES

FIRST = 3  # cells shown of a column


def columns_of(
    headings: Sequence[str],
    samples: Sequence[Sequence[str]],
    found: Match,
    *,
    readings: Mapping[str, Reading] | None = None,
    after: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[SourceColumn, ...]:
    """Return the columns of a file in its order; `readings` and `after` are known of a file that could be read."""
    targets = {i: target for target, i in found.mapping.items()}
    return tuple(
        SourceColumn(
            heading=heading,
            target=targets.get(i),
            confidence=found.confidence.get(targets.get(i, ""), 0.0),
            before=tuple(samples[i][:FIRST]) if i < len(samples) else (),
            after=(after or {}).get(targets.get(i, ""), ())[:FIRST],
            convention=_convention(found.table, targets.get(i), readings or {}),
        )
        for i, heading in enumerate(headings)
    )


def _convention(table: str, target: str | None, readings: Mapping[str, Reading]) -> str:
    """Return how numbers or dates of a column are written, "" for text and where nothing is settled."""
    reading = readings.get(target or "")
    if target is None or reading is None or reading.style in ("text", "tight"):
        return ""
    kind = TABLES[table].column(target).kind
    return shown("plain" if kind in CALENDAR and not reading.decisive else reading.style, kind=kind)
