"""Figures with their ranges, and the first screen of a page that they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.model.statistics.uncertainty import Interval


@dataclass(frozen=True, kw_only=True)
class RangeBar:
    """A drawn range: places on a line from 0 to 1; `zero` is None where nothing lies on the other side of it."""

    low: float
    mid: float
    high: float
    zero: float | None
    has_middle: bool = True  # False: any place in it is as good as another


@dataclass(frozen=True, kw_only=True)
class RangedFigure:
    """A figure with its range, in words and (where it has one) drawn."""

    label: str
    value: str
    range: str
    note: str = ""
    bar: RangeBar | None = None
    share: float | None = None  # of a chance, 0 to 1: it may be drawn as so many dots of twenty


@dataclass(frozen=True, kw_only=True)
class PageAnswer:
    """The first screen of a page: its question, the finding as a sentence, what to know about it, and few figures."""

    question: str
    finding: str
    lead: tuple[str, ...] = ()
    caution: str = ""
    figures: tuple[RangedFigure, ...] = ()


def range_bar(of: Interval, within: tuple[float, float] | None = None, *, beside: Sequence[Interval] = ()) -> RangeBar:
    """Return where a range and nothing (0) lie on a line: that of `within`, at whose ends it is cut, or one that holds both, and the
    ranges `beside` that share it, with a margin on either side.

    >>> bar = range_bar(Interval(low=-1.0, mid=1.0, high=3.0))
    >>> round(bar.low, 2), round(bar.mid, 2), round(bar.high, 2), round(bar.zero or 0.0, 2)
    (0.08, 0.5, 0.92, 0.29)
    >>> range_bar(Interval(low=-1.0, mid=1.0, high=30.0), (-10.0, 10.0))
    RangeBar(low=0.45, mid=0.55, high=1.0, zero=0.5, has_middle=True)
    """
    low, high = min(0.0, *(one.low for one in (of, *beside))), max(0.0, *(one.high for one in (of, *beside)))
    room = 0.1 * (high - low) or 1.0
    start, end = within or (low - room, high + room)
    at = [min(max((value - start) / (end - start), 0.0), 1.0) for value in (of.low, of.mid, of.high, 0.0)]
    return RangeBar(low=at[0], mid=at[1], high=at[2], zero=at[3])
