"""Named events from the table that holds them, as the model takes them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from cxroi.model.company.event import Event, EventKind, event_of
from cxroi.model.company.segments import WHOLE
from cxroi.store.engine.engine import Engine

_ALL = frozenset(
    {WHOLE, "all segments", "all customers", "everyone", "الكل", "الجميع", "كل الشرائح", "كل العملاء", "جميع العملاء"}
)


def read_events(engine: Engine) -> tuple[Event, ...]:
    """Return the events of a version by the day that they began; none where none are loaded."""
    rows = engine.query("event_rows").to_dict("records")
    found = (
        event_of(
            str(row["what"]),
            EventKind(row["kind"]) if isinstance(row["kind"], str) else None,
            happened_on=_day(row["happened_on"]),
            starts_on=_day(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            segment="" if str(row["segment"]).casefold() in _ALL else str(row["segment"]),
        )
        for row in rows
    )
    return tuple(one for one in found if one is not None)


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()
