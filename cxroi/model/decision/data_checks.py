"""What the data themselves must be before any verdict: today is a usual year, and customers can be seen to leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.baseline import Baseline, trailing_window
from cxroi.model.company.panel import Panel
from cxroi.model.decision.health import THRESHOLDS, HealthCheck, Status

_LOOKED_AT = ("cx_spend", "revenue", "contribution_margin", "support_cost", "customers_lost")
_MONTHS_NEEDED = 6
_MOST = 99.0  # a mean that one month makes out of nothing
_SHOWN = 3


def data_checks(panel: Panel, baseline: Baseline) -> tuple[HealthCheck, ...]:
    """Return the checks of the figures themselves; they need no fit."""
    return today_is_typical(panel, baseline), somebody_leaves(panel)


@dataclass(frozen=True, kw_only=True)
class _Unusual:
    """A cell far from its segment's usual month: `moves` the year's mean by a share, of a segment or company that `counts`."""

    column: str
    segment: str
    month: str
    times: float
    moves: float
    counts: bool


def today_is_typical(panel: Panel, baseline: Baseline) -> HealthCheck:
    """Return whether the trailing year, whose mean is "today", has a month that is none of its usual ones.

    A month counts when its money or losses per customer are above 4 times the median of the segment's trailing year or below a quarter
    of it, and the same month a year earlier was not. It fails where such a month alone moves the year's mean by more than
    a quarter, of a segment with a tenth of the company or of the company itself; otherwise it is to be looked at. Losses are only ever to be looked at, and only
    beyond chance: contracts that end in one month are usual where they are.
    `measure` is the largest such move; `facts` has `cells`: (column, segment, YYYY-MM, times the usual), worst first.
    """
    unusual = sorted(_unusual(panel, baseline), key=lambda one: (not one.counts, -one.moves))
    failing = any(one.counts and one.moves > THRESHOLDS.year_moved_by_one_month for one in unusual)
    return HealthCheck(
        check="today_is_typical",
        status=Status.FAIL if failing else Status.REVIEW if unusual else Status.PASS,
        measure=max((one.moves for one in unusual), default=0.0),
        threshold=THRESHOLDS.year_moved_by_one_month,
        facts=(
            ("cells", tuple((one.column, one.segment, one.month, one.times) for one in unusual[:_SHOWN])),
            ("more", max(len(unusual) - _SHOWN, 0)),
        ),
    )


def somebody_leaves(panel: Panel) -> HealthCheck:
    """Return whether any customer is on record as lost in the complete months; without one nothing says what spend keeps."""
    lost = float(np.nansum(panel.customers_lost[:, panel.complete_months]))
    status = Status.PASS if lost > 0 else Status.FAIL
    facts = (("months", int(panel.complete_months.sum())),)
    return HealthCheck(check="somebody_leaves", status=status, measure=lost, threshold=1.0, facts=facts)


def _unusual(panel: Panel, baseline: Baseline) -> Iterator[_Unusual]:
    window = trailing_window(panel)
    customers = panel.customers_at_start
    if window.stop - window.start < _MONTHS_NEEDED:
        return
    for column in _LOOKED_AT:
        losses = column == "customers_lost"
        money = getattr(panel, column)
        if column == "contribution_margin" and np.array_equal(money, panel.revenue, equal_nan=True):
            continue
        company = float(np.nansum(money[:, window]))
        for row in (panel.segments.index(one.segment) for one in baseline.segments):
            each = np.divide(
                money[row], customers[row], out=np.full(money[row].shape, np.nan), where=customers[row] > 0
            )
            usual = _median(each[window])
            for t in _far_months(each, window, usual):
                if losses and not _beyond_chance(money[row, t], usual * customers[row, t]):
                    continue
                without = company - money[row, t] + usual * customers[row, t]
                own = usual * float(np.nansum(customers[row, window])) or float(np.nansum(money[row, window]))
                moves = _moves(money[row], customers[row], window, t)
                yield _Unusual(
                    column=column,
                    segment=panel.segments[row],
                    month=str(panel.months[t]),
                    times=float(each[t] / usual) if usual else np.inf,
                    moves=moves,
                    counts=not losses and _is_material(own, company, without),
                )


def _is_material(own: float, company: float, without: float) -> bool:
    """Return whether a segment's money is a part of the company's, or one month of it moves the company's."""
    moved = _change(company, without) > THRESHOLDS.year_moved_by_one_month
    return own >= THRESHOLDS.material_segment * abs(company) or moved


def _far_months(each: NDArray[np.float64], window: slice, usual: float) -> list[int]:
    """Return the months of the window far from the usual one, unless the same month was far from its own year's a year before."""
    found = []
    for t in range(window.start, window.stop):
        side = _side(each[t], usual)
        year_before = each[max(t - 23, 0) : max(t - 11, 0)]
        again = year_before.size >= _MONTHS_NEEDED and _side(each[t - 12], _median(year_before)) == side
        if side and not again:
            found.append(t)
    return found


def _beyond_chance(lost: float, expected: float) -> bool:
    return bool(abs(lost - expected) > THRESHOLDS.unusual_losses * np.sqrt(max(lost, expected)))


def _median(each: NDArray[np.float64]) -> float:
    seen = each[~np.isnan(each)]
    return float(np.median(seen)) if seen.size else -1.0  # a negative one is usual to nobody


def _side(each: float, usual: float) -> int:
    """Return 1 for a month above four times the usual one, -1 for one below a quarter of it, 0 for a usual one."""
    if usual < 0 or np.isnan(each):
        return 0
    return int(each > THRESHOLDS.unusual_times * usual) - int(each < usual / THRESHOLDS.unusual_times)


def _moves(money: NDArray[np.float64], customers: NDArray[np.float64], window: slice, t: int) -> float:
    """Return by how much a month moves the year's mean per customer, as a share of the mean without it."""
    mean = np.nansum(money[window]) / np.nansum(customers[window])
    others = np.nansum(customers[window]) - customers[t]
    return _change(mean, (np.nansum(money[window]) - money[t]) / others if others > 0 else 0.0)


def _change(now: float, without: float) -> float:
    return min(abs(now / without - 1), _MOST) if without else _MOST
