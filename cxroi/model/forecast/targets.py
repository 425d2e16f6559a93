"""Targets by month held against what was measured and what is forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cxroi.model.forecast.backtest import MeasureKind
from cxroi.model.forecast.forecast import Alert, Forecast
from cxroi.model.forecast.outlook import KINDS, Outlook

AT_MOST = frozenset({"support_cost"})  # measures of which less is better; of all others a target is the least


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a measure should reach in a month ("2026-03"), in the unit of the measure: money, a share, a number."""

    measure: str
    month: str
    value: float


class Standing(StrEnum):
    """How a target stands: measured already, or by the 90 % interval of its month."""

    MET = "met"
    MISSED = "missed"
    LIKELY = "likely"  # the whole interval reaches it
    OPEN = "open"  # a part of the interval does
    OUT_OF_REACH = "out_of_reach"  # none of it does
    TOO_FAR = "too_far"  # the month lies beyond what is forecast
    UNKNOWN = "unknown"  # the month was not measured, or nothing of the measure is known


@dataclass(frozen=True, kw_only=True)
class TargetStanding:
    """A target with how it stands: `actual` where its month was measured, `low`, `mid`, `high` where it is forecast."""

    target: Target
    standing: Standing
    actual: float | None = None
    low: float | None = None
    mid: float | None = None
    high: float | None = None
    is_newest: bool = False  # whether its month is the newest that was measured


def hold_targets(found: Outlook, targets: Iterable[Target]) -> tuple[TargetStanding, ...]:
    """Return how every target stands, by measure in the order of KINDS and by month."""
    by_measure = {one.measure: one for one in found.forecasts}
    order = list(KINDS)
    ordered = sorted(targets, key=lambda target: (order.index(target.measure), target.month))
    return tuple(_hold(target, by_measure.get(target.measure), found.last_month) for target in ordered)


def target_alerts(held: Iterable[TargetStanding], last_month: str) -> tuple[Alert, ...]:
    """Return what to act on: targets missed in the newest month measured, and of each measure the nearest out of reach."""
    found: list[Alert] = []
    out_of_reach: set[str] = set()
    for one in held:
        measure, value = one.target.measure, one.target.value
        if one.standing is Standing.MISSED and one.is_newest:
            found.append(_alert("target_missed", one, one.actual if one.actual is not None else value, 0))
        elif one.standing is Standing.OUT_OF_REACH and measure not in out_of_reach:
            out_of_reach.add(measure)
            ahead = months_apart(last_month, one.target.month)
            found.append(_alert("target_out_of_reach", one, one.mid if one.mid is not None else value, ahead))
    return tuple(found)


def months_apart(first: str, last: str) -> int:
    """Return how many months one lies after another.

    >>> months_apart("2025-11", "2026-02"), months_apart("2026-01", "2025-12")
    (3, -1)
    """
    (year, month), (other_year, other_month) = (map(int, one.split("-")) for one in (first, last))
    return 12 * (other_year - year) + other_month - month


def _alert(kind: str, one: TargetStanding, value: float, ahead: int) -> Alert:
    target = one.target
    difference = value - target.value
    is_amount = KINDS[target.measure] is MeasureKind.AMOUNT
    return Alert(
        kind=kind,
        measure=target.measure,
        months=ahead,
        change=difference / abs(target.value) if is_amount and target.value else difference,
        month=target.month,
        actual=one.actual,
        target=target.value,
        low=one.low,
        high=one.high,
    )


def _hold(target: Target, one: Forecast | None, last_month: str) -> TargetStanding:
    if one is None:
        return TargetStanding(target=target, standing=Standing.UNKNOWN)
    ahead = months_apart(last_month, target.month) + one.behind
    if ahead <= 0:
        place = one.history.size - 1 + ahead
        if place < 0:
            return TargetStanding(target=target, standing=Standing.UNKNOWN)
        actual = float(one.history[place])
        standing = Standing.MET if _reaches(target, actual) else Standing.MISSED
        return TargetStanding(target=target, standing=standing, actual=actual, is_newest=ahead == 0)
    if ahead > one.mid.size:
        return TargetStanding(target=target, standing=Standing.TOO_FAR)
    low, mid, high = (float(path[ahead - 1]) for path in (one.low, one.mid, one.high))
    ends = [_reaches(target, end) for end in (low, high)]
    standing = Standing.LIKELY if all(ends) else Standing.OPEN if any(ends) else Standing.OUT_OF_REACH
    return TargetStanding(target=target, standing=standing, low=low, mid=mid, high=high)


def _reaches(target: Target, value: float) -> bool:
    return value <= target.value if target.measure in AT_MOST else value >= target.value
