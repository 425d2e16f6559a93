"""What happened to the company beside its spend: a price change, an outage, a promotion, a competitor, by the day that it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class EventKind(StrEnum):
    """What sort of thing happened."""

    PRICE = "price"
    OUTAGE = "outage"
    PROMOTION = "promotion"
    COMPETITOR = "competitor"
    OTHER = "other"


LASTING = frozenset(
    {EventKind.PRICE, EventKind.COMPETITOR}
)  # these change the level where nothing says when they ended


@dataclass(frozen=True, kw_only=True)
class Event:
    """One named event: from `first_on` until `last_on`, or for good (None); `segment` is "" where it met all customers."""

    what: str
    kind: EventKind
    first_on: date
    last_on: date | None
    segment: str = ""

    @property
    def lasts(self) -> bool:
        """Return whether it changed the level for good."""
        return self.last_on is None


def event_of(
    what: str,
    kind: EventKind | None,
    *,
    happened_on: date | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    segment: str = "",
) -> Event | None:
    """Return the event of a row; None where it names no day, or an end before its start.

    With an end it is a spell. A start without an end lasts. A bare `happened_on` is decided by its kind: a price or a competitor lasts,
    anything else is over with its month.

    >>> event_of("Fibre cut", EventKind.OUTAGE, happened_on=date(2025, 3, 9)).last_on
    datetime.date(2025, 3, 9)
    >>> event_of("New tariff", EventKind.PRICE, happened_on=date(2025, 3, 9)).lasts
    True
    """
    first, kind = starts_on or happened_on, kind or EventKind.OTHER
    if first is None or (ends_on is not None and ends_on < first):
        return None
    bare = starts_on is None and kind not in LASTING
    return Event(what=what, kind=kind, first_on=first, last_on=ends_on or (first if bare else None), segment=segment)
