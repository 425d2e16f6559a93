"""What is said first of a plan, wherever a plan is shown: what it is worth, when it is paid back, how many customers stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import PlanFigures
from cxroi.text import Text
from cxroi.view.figure import deserved_step, months_range, points_range, probability, signed_money, signed_range


@dataclass(frozen=True, kw_only=True)
class RangeBar:
    """A drawn range: places on a line from 0 to 1; `zero` is None where nothing lies on the other side of it."""

    low: float
    mid: float
    high: float
    zero: float | None


@dataclass(frozen=True, kw_only=True)
class RangedFigure:
    """A figure with its range, in words and (where it has one) drawn."""

    label: str
    value: str
    range: str
    note: str = ""
    bar: RangeBar | None = None


def worth_figure(npv: Interval, currency: str, text: Text, within: tuple[float, float] | None = None) -> RangedFigure:
    """Return what a plan is worth; its range is drawn on the line `within`, or on one of its own."""
    return RangedFigure(
        label=text("board.figure.worth"),
        value=signed_money(npv.mid, currency, deserved_step(npv), text),
        range=signed_range(npv, text),
        bar=range_bar(npv, within),
    )


def paid_back_figure(of: PlanFigures, horizon_months: int, text: Text) -> RangedFigure:
    """Return when a plan is paid back, if it is, and how likely that is."""
    if of.cost.mid <= 0:
        return RangedFigure(label=text("board.figure.cash"), value=text("decide.no_cost"), range="")
    months = text.months(horizon_months)
    within = text("board.figure.within", chance=probability(of.probability_of_payback, text), months=months)
    if of.payback_months is None or of.payback_months.mid > horizon_months:
        never = text("board.figure.later", months=months)
        return RangedFigure(label=text("board.figure.cash"), value=never, range="", note=within)
    value = text.months(round(of.payback_months.mid))
    return RangedFigure(
        label=text("board.figure.paid_back"), value=value, range=months_range(of.payback_months, text), note=within
    )


def stay_figure(uplift_pp: Interval, today: float, text: Text) -> RangedFigure:
    """Return how many customers stay a year, `today` (a rate) and under a plan that lifts it by so many points."""
    before, after = text.percent(today), text.percent(today + uplift_pp.mid / 100)
    return RangedFigure(
        label=text("board.figure.stay"),
        value=before if before == after else text("board.figure.from_to", before=before, after=after),
        range=points_range(uplift_pp, text),
    )


def range_bar(of: Interval, within: tuple[float, float] | None = None, *, beside: Sequence[Interval] = ()) -> RangeBar:
    """Return where a range and nothing (0) lie on a line: that of `within`, at whose ends it is cut, or one that holds both, and the
    ranges `beside` that share it, with a margin on either side.

    >>> bar = range_bar(Interval(low=-1.0, mid=1.0, high=3.0))
    >>> round(bar.low, 2), round(bar.mid, 2), round(bar.high, 2), round(bar.zero or 0.0, 2)
    (0.08, 0.5, 0.92, 0.29)
    >>> range_bar(Interval(low=-1.0, mid=1.0, high=30.0), (-10.0, 10.0))
    RangeBar(low=0.45, mid=0.55, high=1.0, zero=0.5)
    """
    low, high = min(0.0, *(one.low for one in (of, *beside))), max(0.0, *(one.high for one in (of, *beside)))
    room = 0.1 * (high - low) or 1.0
    start, end = within or (low - room, high + room)
    at = [min(max((value - start) / (end - start), 0.0), 1.0) for value in (of.low, of.mid, of.high, 0.0)]
    return RangeBar(low=at[0], mid=at[1], high=at[2], zero=at[3])
