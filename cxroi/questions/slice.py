"""Which part of the data a page looks at: some months, one segment, touchpoint or channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from cxroi.questions.data import OpenVersion

DIMENSIONS = ("segment", "touchpoint", "channel")


@dataclass(frozen=True, kw_only=True)
class Slice:
    """The months from `first` to `last` (their first days, both counted; None: as far as the data go) and one value of each dimension, or all."""

    first: date | None = None
    last: date | None = None
    segment: str | None = None
    touchpoint: str | None = None
    channel: str | None = None

    @property
    def days(self) -> dict[str, date | None]:
        """Return the first and the last day, as queries take them."""
        return {"first_on": self.first, "last_on": add_months(self.last, 1) - timedelta(days=1) if self.last else None}

    @property
    def values(self) -> dict[str, str | None]:
        """Return the one value of each dimension, None where all are meant, as queries take them."""
        return {name: getattr(self, name) for name in DIMENSIONS}

    @property
    def months(self) -> int | None:
        """Return how many months are meant; None where all are."""
        return months_between(self.first, self.last) if self.first and self.last else None

    @property
    def before(self) -> Slice | None:
        """Return the same of as many months just before; None where all months are meant."""
        if self.first is None or self.last is None or self.months is None:
            return None
        return replace(self, first=add_months(self.first, -self.months), last=add_months(self.first, -1))


@dataclass(frozen=True, kw_only=True)
class Choosable:
    """What can be chosen in the data: the first and the last month (their first days), and the values of each dimension."""

    first: date
    last: date
    segments: tuple[str, ...]
    touchpoints: tuple[str, ...]
    channels: tuple[str, ...]

    def of(self, dimension: str) -> tuple[str, ...]:
        """Return the values of a dimension."""
        return {"segment": self.segments, "touchpoint": self.touchpoints, "channel": self.channels}[dimension]

    @property
    def months(self) -> tuple[date, ...]:
        """Return every month from the first to the last."""
        return tuple(add_months(self.first, place) for place in range(months_between(self.first, self.last)))


def ask_choosable(data: OpenVersion) -> Choosable | None:
    """Return what can be chosen in a version; None where no table has a date."""
    (known,) = data.kept("choosable", lambda: (_choosable(data),))  # in a row of one: None is an answer too
    return known


def _choosable(data: OpenVersion) -> Choosable | None:
    found = data.engine.query("slice_values")
    spans = data.engine.query("table_spans").dropna(subset=["first_on"])
    days = [day.date() for name in ("first_on", "last_on") for day in spans[name]]
    if not days:
        return None
    by = {name: tuple(found.loc[found["dimension"] == name, "value"]) for name in DIMENSIONS}
    return Choosable(
        first=min(days).replace(day=1),
        last=max(days).replace(day=1),
        segments=by["segment"],
        touchpoints=by["touchpoint"],
        channels=by["channel"],
    )


def months_between(first: date, last: date) -> int:
    """Return how many months two months span, both counted.

    >>> months_between(date(2025, 11, 1), date(2026, 2, 1))
    4
    """
    return 12 * (last.year - first.year) + last.month - first.month + 1


def add_months(month: date, months: int) -> date:
    """Return the month that is `months` later.

    >>> add_months(date(2025, 12, 1), 2), add_months(date(2026, 1, 1), -1)
    (datetime.date(2026, 2, 1), datetime.date(2025, 12, 1))
    """
    place = 12 * month.year + month.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)
