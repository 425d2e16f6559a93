"""What a forecasting method would have said at each month of the past, how wrong it was, and how wide that makes it now."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.forecast.smoothing import SHORTEST, Method, Parameters, estimate, paths_ahead, smooth

Array = NDArray[np.float64]
WINDOWS = (1, 3, 12)
AHEAD = 12
_MOST_ORIGINS = 24
_FEWEST_ERRORS = 4  # that must have been seen before an interval of the past can be said
_TRUST = 1.0  # independent errors that the width from the model counts for beside those measured


class MeasureKind(StrEnum):
    """How a measure behaves: it fixes the scale on which errors are symmetric, and how months add up."""

    AMOUNT = "amount"  # money, counts: logarithm, months add up
    RATE = "rate"  # between 0 and 1: log odds, months average
    SCORE = "score"  # any number: as it is, months average


class ErrorScale:
    """The scale on which errors are symmetric, there and back, and how months of it add up; `bounds` hold what can be at all."""

    def __init__(self, history: Array, kind: MeasureKind, bounds: tuple[float, float] = (-np.inf, np.inf)) -> None:
        self.bounds = bounds
        self.adds_up = kind is MeasureKind.AMOUNT
        self.is_log = kind is MeasureKind.AMOUNT and bool((history > 0).all())
        self.is_logit = kind is MeasureKind.RATE
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
        return np.exp(values) if self.is_log else np.clip(values, *self.bounds)

    def together(self, path: Array) -> float:
        """Return the mean over months of a path on this scale, on this scale."""
        return float(self.there(self.back(path).mean(keepdims=True))[0])


class Past:
    """What a method would have forecast at each month of the past, on the scale of the errors."""

    def __init__(self, y: Array, method: Method) -> None:
        self.y, self.method = y, method
        first = max(SHORTEST[method], y.size - _MOST_ORIGINS)
        self.paths = paths_ahead(y, method, AHEAD, range(first, y.size))
        self._errors: dict[tuple[int, int], dict[int, float]] = {}

    @cached_property
    def ahead(self) -> Array:
        """Return what the method tells of the months to come, on the scale of the errors, (AHEAD,)."""
        if self.method in (Method.NAIVE, Method.SEASONAL_NAIVE):
            return paths_ahead(self.y, self.method, AHEAD, [self.y.size])[self.y.size]
        return smooth(self.y, self._fitted).ahead(AHEAD)

    @cached_property
    def _fitted(self) -> Parameters:
        return estimate(self.y, self.method)

    @cached_property
    def level_weight(self) -> float:
        """Return how much of an error stays in the level, with what is not known of it: (a^2 + 2 / months) ** 0.5."""
        if self.method in (Method.SIMPLE, Method.SEASONAL):
            return float(min(1.0, (self._fitted.level**2 + 2 / self.y.size) ** 0.5))
        return 1.0  # the last month is the level, or a trend carries errors on as well

    def errors(self, first: int, last: int, scale: ErrorScale, known_at: int | None = None) -> dict[int, float]:
        """Return actual less forecast of months `first`..`last` ahead together, by origin, known at a month."""
        if (first, last) not in self._errors:
            self._errors[first, last] = {
                o: scale.together(self.y[o + first - 1 : o + last]) - scale.together(path[first - 1 : last])
                for o, path in self.paths.items()
                if o + last <= self.y.size
            }
        found = self._errors[first, last]
        return found if known_at is None else {o: e for o, e in found.items() if o + last <= known_at}


def relative_error(candidate: Past, floor: Past, scale: ErrorScale) -> float:
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


def half_width(past: Past, first: int, last: int, scale: ErrorScale, known_at: int | None = None) -> float:
    """Return half the 90 % interval: Student's t times the standard error of `spread`."""
    from scipy.special import stdtrit

    error, freedom = spread(past, first, last, scale, known_at)
    return float(stdtrit(freedom, 0.95)) * error


def spread(past: Past, first: int, last: int, scale: ErrorScale, known_at: int | None = None) -> tuple[float, float]:
    """Return the standard error of a forecast and its degrees of freedom: the error measured, blended with that of a random walk.

    Errors of overlapping windows count as one for every `last` months. Where each one-step error e moves the level by
    a e, the mean of months first..last ahead has variance e^2 (a^2 (first - 1) + sum over k < n of (1 + a k)^2 / n^2),
    n = last - first + 1 (Hyndman and others 2008, section 6.3); repeating last year is as wrong in one month as in another.
    """
    steps = list(past.errors(1, 1, scale, known_at).values())
    own = list(past.errors(first, last, scale, known_at).values())
    if not steps:
        return float("nan"), 1.0
    n = last - first + 1
    a = past.level_weight
    moved = a**2 * (first - 1) + float(((1 + a * np.arange(n)) ** 2).sum()) / n**2
    walk = float(np.mean(np.square(steps))) * (1.0 if past.method is Method.SEASONAL_NAIVE else moved)
    independent = len(own) / last
    measured = float(np.mean(np.square(own))) if own else 0.0
    variance = (independent * measured + _TRUST * walk) / (independent + _TRUST)
    freedom = max(independent, min(len(steps), 12))
    return float(np.sqrt(variance)), float(freedom)


def chance_of_error(past: Past, origin: int, first: int, last: int, scale: ErrorScale) -> float | None:
    """Return how likely an error at least as large as that made at `origin` was by what was known then; None with too little past.

    It is below one tenth exactly where the forecast did not hold (`was_inside`).
    """
    from scipy.special import stdtr

    errors = past.errors(first, last, scale)
    if origin not in errors or len(past.errors(1, 1, scale, known_at=origin)) < _FEWEST_ERRORS:
        return None
    error, freedom = spread(past, first, last, scale, known_at=origin)
    if not error > 0:
        return 0.0 if errors[origin] else 1.0
    return 2 * float(stdtr(freedom, -abs(errors[origin]) / error))


def was_inside(past: Past, origin: int, first: int, last: int, scale: ErrorScale) -> bool | None:
    """Return whether the forecast made at `origin` held, with the interval known then; None when it had too little past."""
    errors = past.errors(first, last, scale)
    if origin not in errors or len(past.errors(1, 1, scale, known_at=origin)) < _FEWEST_ERRORS:
        return None
    return abs(errors[origin]) <= half_width(past, first, last, scale, known_at=origin)


def mean_error(past: Past, months: int, factor: int, scale: ErrorScale, origins: Collection[int]) -> float | None:
    """Return the mean absolute error of the forecasts made at `origins`, in the unit of what is forecast; None for none."""
    missed = [
        abs(scale.back(past.y[origin : origin + months]).mean() - scale.back(path[:months]).mean())
        for origin, path in past.paths.items()
        if origin in origins
    ]
    return float(np.mean(missed)) * factor if missed else None
