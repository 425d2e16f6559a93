"""What is coming without the plan: the next month, quarter and year, with intervals that were tested on the past.

Every candidate is fitted again at each month of the past that it could have been asked in (rolling origin). It must
beat the seasonal-naive floor there to be used, and its errors there are the width of its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.smoothing import SEASON, SHORTEST, Method, paths_ahead
from cxroi.model.uncertainty import Interval

Array = NDArray[np.float64]
WINDOWS = (1, 3, 12)
_AHEAD = 12
_MOST_ORIGINS = 24
_MARGIN = 0.95  # a candidate replaces the floor when its error is below this share of the floor's
_TRUST = 1.0  # independent errors that the random-walk width counts for beside those measured
_FEWEST_ORIGINS = 8  # months of the past a candidate must have been tried at, or luck would choose


class Kind(StrEnum):
    """How a measure behaves: it fixes the scale on which errors are symmetric, and how months add up."""

    AMOUNT = "amount"  # money, counts: logarithm, months add up
    RATE = "rate"  # between 0 and 1: log odds, months average
    SCORE = "score"  # any number: as it is, months average


@dataclass(frozen=True, kw_only=True)
class WindowForecast:
    """The next `months` together: their sum (amounts) or mean (rates, scores), with a 90 % interval.

    `error` is the mean absolute rolling-origin error in the unit of the value, `floor_error` that of the floor. Of
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """A forecast of one measure; `low`, `mid`, `high` are the next 12 single months."""

    measure: str
    kind: Kind
    method: Method
    floor: Method
    relative_error: dict[Method, float]  # of each candidate to the floor, over all windows
    months_of_history: int
    last_value: float
    windows: tuple[WindowForecast, ...]
    low: Array
    mid: Array
    high: Array
    last_month_was_inside: bool | None  # of the interval that was known one month before


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something to look at; worded under `forecast.alert.<kind>` in the text catalogues.

    `change` is the forecast against the same months a year before: a share of it for amounts, a difference otherwise.
    """

    kind: str  # "rising", "falling", "surprise"
    measure: str
    months: int
    change: float


def forecast(series: ArrayLike, *, measure: str = "", kind: Kind = Kind.AMOUNT) -> Forecast:
    """Return the forecast of a monthly series (oldest first, at least 6 months after its last gap).

    Raises ModelError when the history is shorter than that.
    """
    history = _after_the_last_gap(series)
    if history.size < 6:
        raise ModelError("forecast.too_short", months=int(history.size), needed=6)
    scale = _Scale(history, kind)
    y = scale.there(history)
    methods = [one for one in Method if one is Method.NAIVE or y.size >= SHORTEST[one] + _FEWEST_ORIGINS]
    past = {method: _Past(y, method) for method in methods}
    floor = methods[0]
    relative = {method: _relative_error(past[method], past[floor], scale) for method in methods}
    best = min(relative, key=lambda method: relative[method])
    method = best if relative[best] < _MARGIN else floor
    chosen = past[method]
    path = paths_ahead(y, method, _AHEAD, [y.size])[y.size]
    half = np.array([_half_width(chosen, h, h, scale) for h in range(1, _AHEAD + 1)])
    one_before = _inside(chosen, y.size - 1, 1, 1, scale)
    return Forecast(
        measure=measure,
        kind=kind,
        method=method,
        floor=floor,
        relative_error=relative,
        months_of_history=int(history.size),
        last_value=float(history[-1]),
        windows=tuple(_window(chosen, past[floor], path, months, history, scale) for months in WINDOWS),
        low=scale.back(path - half),
        mid=scale.back(path),
        high=scale.back(path + half),
        last_month_was_inside=one_before,
    )


def alerts(forecasts: list[Forecast] | tuple[Forecast, ...]) -> tuple[Alert, ...]:
    """Return what deserves a look: a window clear of last year's, or a last month outside its own interval.

    One alert a measure and kind, for the nearest window.
    """
    found: list[Alert] = []
    for one in forecasts:
        if one.last_month_was_inside is False:
            found.append(Alert(kind="surprise", measure=one.measure, months=1, change=_change(one, one.windows[0])))
        for window in one.windows:
            before = window.year_before
            if before is None or np.isclose(window.value.mid, before):  # a flat series has no width
                continue
            if not window.value.low <= before <= window.value.high:
                kind = "rising" if window.value.low > before else "falling"
                found.append(Alert(kind=kind, measure=one.measure, months=window.months, change=_change(one, window)))
                break
    return tuple(found)


def _change(one: Forecast, window: WindowForecast) -> float:
    before = one.last_value if window.year_before is None else window.year_before
    difference = window.value.mid - before
    return difference / before if one.kind is Kind.AMOUNT and before else difference


class _Scale:
    """The scale on which errors are symmetric, there and back, and how months of it add up."""

    def __init__(self, history: Array, kind: Kind) -> None:
        self.adds_up = kind is Kind.AMOUNT
        self.is_log = kind is Kind.AMOUNT and bool((history > 0).all())
        self.is_logit = kind is Kind.RATE
        if self.is_logit and ((history < 0) | (history > 1)).any():
            raise ModelError("forecast.not_a_rate", low=float(history.min()), high=float(history.max()))

    def there(self, values: Array) -> Array:
        if self.is_logit:
            inside = np.clip(values, 1e-4, 1 - 1e-4)
            return np.asarray(np.log(inside / (1 - inside)))
        return np.log(values) if self.is_log else np.asarray(values, dtype=float)

    def back(self, values: Array) -> Array:
        if self.is_logit:
            return np.asarray(1 / (1 + np.exp(-values)))
        return np.exp(values) if self.is_log else values

    def together(self, path: Array) -> float:
        """Return the mean over months of a path on this scale, on this scale."""
        return float(self.there(self.back(path).mean(keepdims=True))[0])


class _Past:
    """What a method would have forecast at each month of the past, on the scale of the errors."""

    def __init__(self, y: Array, method: Method) -> None:
        self.y, self.method = y, method
        first = max(SHORTEST[method], y.size - _MOST_ORIGINS)
        self.paths = paths_ahead(y, method, _AHEAD, range(first, y.size))
        self._errors: dict[tuple[int, int], dict[int, float]] = {}

    def errors(self, first: int, last: int, scale: _Scale, known_at: int | None = None) -> dict[int, float]:
        """Return actual less forecast of months `first`..`last` ahead together, by origin, known at a month."""
        if (first, last) not in self._errors:
            self._errors[first, last] = {
                o: scale.together(self.y[o + first - 1 : o + last]) - scale.together(path[first - 1 : last])
                for o, path in self.paths.items()
                if o + last <= self.y.size
            }
        found = self._errors[first, last]
        return found if known_at is None else {o: e for o, e in found.items() if o + last <= known_at}


def _relative_error(candidate: _Past, floor: _Past, scale: _Scale) -> float:
    """Return the mean over windows of the ratio of mean absolute errors, on the origins that both were asked at."""
    ratios = []
    for months in WINDOWS:
        own, other = candidate.errors(1, months, scale), floor.errors(1, months, scale)
        shared = own.keys() & other.keys()
        if len(shared) < 3:
            continue
        below = np.mean([abs(other[origin]) for origin in shared])
        above = np.mean([abs(own[origin]) for origin in shared])
        ratios.append(1.0 if below == 0 else float(above / below))
    return float(np.mean(ratios)) if ratios else 1.0


def _half_width(past: _Past, first: int, last: int, scale: _Scale, known_at: int | None = None) -> float:
    """Return half the 90 % interval: Student's t times the error measured, blended with that of a random walk.

    Errors of overlapping windows count as one for every `last` months. Of a random walk with step s, the mean of months
    first..last ahead has variance s^2 (first - 1 + (n + 1)(2 n + 1) / (6 n)), n = last - first + 1; repeating last year
    is as wrong in one month as in another.
    """
    from scipy.special import stdtrit

    steps = list(past.errors(1, 1, scale, known_at).values())
    own = list(past.errors(first, last, scale, known_at).values())
    if not steps:
        return float("nan")
    n = last - first + 1
    growth = 1.0 if past.method is Method.SEASONAL_NAIVE else first - 1 + (n + 1) * (2 * n + 1) / (6 * n)
    walk = float(np.mean(np.square(steps))) * growth
    independent = len(own) / last
    measured = float(np.mean(np.square(own))) if own else 0.0
    variance = (independent * measured + _TRUST * walk) / (independent + _TRUST)
    freedom = max(independent, min(len(steps), 12))
    return float(stdtrit(freedom, 0.95)) * float(np.sqrt(variance))


def _inside(past: _Past, origin: int, first: int, last: int, scale: _Scale) -> bool | None:
    """Return whether the forecast made at `origin` held, with the interval known then; None when it had too little past."""
    errors = past.errors(first, last, scale)
    if origin not in errors or len(past.errors(1, 1, scale, known_at=origin)) < 4:
        return None
    return abs(errors[origin]) <= _half_width(past, first, last, scale, known_at=origin)


def _window(chosen: _Past, floor: _Past, path: Array, months: int, history: Array, scale: _Scale) -> WindowForecast:
    factor = months if scale.adds_up else 1
    middle, half = scale.together(path[:months]), _half_width(chosen, 1, months, scale)
    low, mid, high = (float(factor * scale.back(np.array([middle + s * half]))[0]) for s in (-1, 0, 1))
    checked = [_inside(chosen, origin, 1, months, scale) for origin in chosen.paths]
    known = [held for held in checked if held is not None]
    year = history[-SEASON : history.size - SEASON + months] if history.size >= SEASON else None
    return WindowForecast(
        months=months,
        value=Interval(low=low, mid=mid, high=high),
        error=_mean_error(chosen, months, factor, scale),
        floor_error=_mean_error(floor, months, factor, scale),
        coverage=float(np.mean(known)) if known else None,
        checked=len(known),
        year_before=None if year is None else float(year.mean() * factor),
    )


def _mean_error(past: _Past, months: int, factor: int, scale: _Scale) -> float | None:
    missed = [
        abs(scale.back(past.y[origin : origin + months]).mean() - scale.back(path[:months]).mean())
        for origin, path in past.paths.items()
        if origin + months <= past.y.size
    ]
    return float(np.mean(missed)) * factor if missed else None


def _after_the_last_gap(series: ArrayLike) -> Array:
    y = np.asarray(series, dtype=float)
    if y.ndim != 1 or np.isinf(y).any():
        raise ModelError("forecast.series_unreadable")
    gaps = np.flatnonzero(np.isnan(y))
    # A month that is still to come (NaN at the end) is no gap in the history.
    y = y[: y.size - next((i for i, v in enumerate(y[::-1]) if not np.isnan(v)), y.size)] if gaps.size else y
    gaps = np.flatnonzero(np.isnan(y))
    return y[gaps[-1] + 1 :] if gaps.size else y
