"""What is coming without the plan: the next month, quarter and year, with intervals that were tested on the past.

Every candidate is fitted again at each month of the past that it could have been asked in (rolling origin). It must
beat the seasonal-naive floor there to be used, and its errors there are the width of its interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.forecast.backtest import (
    AHEAD,
    WINDOWS,
    ErrorScale,
    MeasureKind,
    Past,
    chance_of_error,
    half_width,
    mean_error,
    relative_error,
    was_inside,
)
from cxroi.model.forecast.smoothing import SEASON, SHORTEST, Method
from cxroi.model.statistics.uncertainty import Interval

Array = NDArray[np.float64]
ALARMS = frozenset({"surprise", "target_missed", "target_out_of_reach"})
_FALSE_ALARM = 0.10  # the chance of any surprise in a month in which nothing has changed, over all measures together
_MARGIN = 0.95  # a candidate replaces the floor when its error is below this share of the floor's
_MATERIAL = 0.02  # a smaller change against last year, however sure, is nothing to alert anybody about
_FEWEST_ORIGINS = 8  # months of the past a candidate must have been tried at, or luck would choose


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What would have been said of some months of the past, and what came: `ends_ago` months before the newest (0: with it).

    `low` and `high` are the 90 % interval known then; None where too little was known. `naive` is what the floor said, None
    where it could not be asked yet.
    """

    ends_ago: int
    low: float | None
    mid: float
    high: float | None
    naive: float | None
    actual: float


@dataclass(frozen=True, kw_only=True)
class WindowForecast:
    """The next `months` together: their sum (amounts) or mean (rates, scores), with a 90 % interval.

    `error` is the mean absolute rolling-origin error in the unit of the value, `floor_error` that of the floor at the same
    months of the past (`tried`). Of
    `checked` past forecasts, a share `coverage` fell inside the interval that was known at their time; None when none
    could be checked.
    """

    months: int
    value: Interval
    error: float | None
    floor_error: float | None
    coverage: float | None
    checked: int
    year_before: float | None  # the same months of last year
    tried: tuple[Tried, ...] = ()  # oldest first


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """A forecast of one measure; `low`, `mid`, `high` are the next 12 single months.

    A window of which `method` could not be tried on the past once is told by the best candidate that could; where there
    is none, the window is `refused`.
    """

    measure: str
    kind: MeasureKind
    method: Method
    floor: Method
    relative_error: dict[Method, float]  # of each candidate to the floor, over all windows
    months_of_history: int
    last_value: float
    windows: tuple[WindowForecast, ...]
    refused: tuple[tuple[int, int], ...]  # (months ahead, months of history needed) of windows that nobody could check
    low: Array
    mid: Array
    high: Array
    last_month_was_inside: bool | None  # of the interval that was known one month before
    history: Array  # the months it was made from, oldest first
    behind: int = 0  # months at the end of the series that were not observed: the forecast begins with them
    last_month_chance: float | None = None  # of a last month as far off as it was, had nothing changed


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something to look at; worded under `forecast.alert.<kind>` in the text catalogues.

    `change` is the forecast against the same months a year before: a share of it for amounts, a difference otherwise. Of a
    target it is what was measured or is forecast against that. An alarm asks for somebody to act: a month outside what was
    expected of it, or a target missed; that something rises or falls does not.
    """

    kind: str  # "rising", "falling"; ALARMS: "surprise", "target_missed", "target_out_of_reach"
    measure: str
    months: int
    change: float
    month: str = ""  # YYYY-MM, of what is about one month
    actual: float | None = None
    target: float | None = None
    low: float | None = None  # of what was expected, 90 %
    high: float | None = None

    @property
    def is_alarm(self) -> bool:
        """Return whether somebody should act."""
        return self.kind in ALARMS


def forecast(
    series: ArrayLike,
    *,
    measure: str = "",
    kind: MeasureKind = MeasureKind.AMOUNT,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Forecast:
    """Return the forecast of a monthly series (oldest first, at least 6 months after its last gap).

    `bounds` are the least and the most that it can be, where it is neither an amount above zero nor a rate.

    Raises ModelError when the history is shorter than that.
    """
    history, behind = _after_the_last_gap(series)
    if history.size < 6:
        raise ModelError("forecast.too_short", months=int(history.size), needed=6)
    scale = ErrorScale(history, kind, bounds)
    y = scale.there(history)
    methods = [one for one in Method if one is Method.NAIVE or y.size >= SHORTEST[one] + _FEWEST_ORIGINS]
    past = {method: Past(y, method) for method in methods}
    floor = methods[0]
    relative = {method: relative_error(past[method], past[floor], scale) for method in methods}
    best = min(relative, key=lambda method: relative[method])
    method = best if relative[best] < _MARGIN else floor
    chosen = past[method]
    best_first = (method, *sorted(relative, key=lambda one: relative[one]))
    told = {
        months: next(one for one in best_first if past[one].errors(1, months, scale))
        for months in WINDOWS
        if any(past[one].errors(1, months, scale) for one in best_first)
    }
    half = np.array([half_width(chosen, h, h, scale) for h in range(1, AHEAD + 1)])
    one_before = was_inside(chosen, y.size - 1, 1, 1, scale)
    return Forecast(
        measure=measure,
        kind=kind,
        method=method,
        floor=floor,
        relative_error=relative,
        months_of_history=int(history.size),
        last_value=float(history[-1]),
        windows=tuple(_window(past[one], past[floor], months, history, scale) for months, one in told.items()),
        refused=tuple((months, SHORTEST[Method.NAIVE] + months) for months in WINDOWS if months not in told),
        low=scale.back(chosen.ahead - half),
        mid=scale.back(chosen.ahead),
        high=scale.back(chosen.ahead + half),
        last_month_was_inside=one_before,
        history=history,
        behind=behind,
        last_month_chance=chance_of_error(chosen, y.size - 1, 1, 1, scale),
    )


def alerts(forecasts: list[Forecast] | tuple[Forecast, ...]) -> tuple[Alert, ...]:
    """Return what deserves a look: a window clear of last year's, or a last month too far from what was expected of it.

    Of eight measures one leaves its own 90 % interval in every second month by chance, so the more are looked at, the farther
    off a month must be: all together cry out in one calm month of ten (Bonferroni). One alert a measure and kind, for the
    nearest window. A change below 2 % of last year's figure (of what is left of 1
    where a rate is above one half: customers lost rather than kept) is none.
    """
    found: list[Alert] = []
    looked_at = sum(one.last_month_chance is not None for one in forecasts)
    for one in forecasts:
        if one.last_month_chance is not None and one.last_month_chance < _FALSE_ALARM / looked_at:
            found.append(_surprise(one))
        for window in one.windows:
            before = window.year_before
            if before is None or abs(window.value.mid - before) < _MATERIAL * _at_stake(one.kind, before):
                continue
            if not window.value.low <= before <= window.value.high:
                kind = "rising" if window.value.low > before else "falling"
                found.append(Alert(kind=kind, measure=one.measure, months=window.months, change=_change(one, window)))
                break
    return tuple(found)


def _surprise(one: Forecast) -> Alert:
    """Return the alert of a last month that was too far off, with what was expected of it where that is told."""
    newest = next((tried for tried in reversed(one.windows[0].tried) if tried.ends_ago == 0), None)
    return Alert(
        kind="surprise",
        measure=one.measure,
        months=1,
        change=_change(one, one.windows[0]),
        actual=one.last_value,
        low=newest.low if newest else None,
        high=newest.high if newest else None,
    )


def _at_stake(kind: MeasureKind, before: float) -> float:
    return max(min(before, 1 - before) if kind is MeasureKind.RATE else abs(before), 1e-6)  # a flat series has no width


def _change(one: Forecast, window: WindowForecast) -> float:
    before = one.last_value if window.year_before is None else window.year_before
    difference = window.value.mid - before
    return difference / before if one.kind is MeasureKind.AMOUNT and before else difference


def _window(chosen: Past, floor: Past, months: int, history: Array, scale: ErrorScale) -> WindowForecast:
    factor = months if scale.adds_up else 1
    middle, half = scale.together(chosen.ahead[:months]), half_width(chosen, 1, months, scale)
    low, mid, high = (float(factor * scale.back(np.array([middle + s * half]))[0]) for s in (-1, 0, 1))
    checked = [was_inside(chosen, origin, 1, months, scale) for origin in chosen.paths]
    known = [held for held in checked if held is not None]
    asked = _asked_at(chosen, floor, months)
    year = history[-SEASON : history.size - SEASON + months] if history.size >= SEASON else None
    return WindowForecast(
        months=months,
        value=Interval(low=low, mid=mid, high=high),
        error=mean_error(chosen, months, factor, scale, asked),
        floor_error=mean_error(floor, months, factor, scale, asked),
        coverage=float(np.mean(known)) if known else None,
        checked=len(known),
        year_before=None if year is None else float(year.mean() * factor),
        tried=tuple(_tried(chosen, floor, origin, months, factor, scale) for origin in asked),
    )


def _asked_at(chosen: Past, floor: Past, months: int) -> list[int]:
    """Return the months of the past at which both were asked, or where there are none the chosen one, and the answer is known by now."""
    answered = [origin for origin in sorted(chosen.paths) if origin + months <= chosen.y.size]
    return [origin for origin in answered if origin in floor.paths] or answered


def _tried(chosen: Past, floor: Past, origin: int, months: int, factor: int, scale: ErrorScale) -> Tried:
    def told(place: float) -> float:
        return float(factor * scale.back(np.array([place]))[0])

    middle = scale.together(chosen.paths[origin][:months])
    known = was_inside(chosen, origin, 1, months, scale) is not None
    half = half_width(chosen, 1, months, scale, known_at=origin) if known else 0.0
    return Tried(
        ends_ago=chosen.y.size - origin - months,
        low=told(middle - half) if known else None,
        mid=told(middle),
        high=told(middle + half) if known else None,
        naive=told(scale.together(floor.paths[origin][:months])) if origin in floor.paths else None,
        actual=told(scale.together(chosen.y[origin : origin + months])),
    )


def _after_the_last_gap(series: ArrayLike) -> tuple[Array, int]:
    """Return the months since the last gap, and how many at the end were not observed: those are no gap in the history."""
    y = np.asarray(series, dtype=float)
    if y.ndim != 1 or np.isinf(y).any():
        raise ModelError("forecast.series_unreadable")
    behind = next((months for months, value in enumerate(y[::-1]) if not np.isnan(value)), y.size)
    known = y[: y.size - behind]
    gaps = np.flatnonzero(np.isnan(known))
    return (known[gaps[-1] + 1 :] if gaps.size else known), behind
