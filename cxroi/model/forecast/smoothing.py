"""Exponential smoothing: level, damped trend and season, each as a path of future values."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError

Array = NDArray[np.float64]
SEASON = 12


class Method(StrEnum):
    """The candidates; the first that the history is long enough for is the floor that the others must beat."""

    SEASONAL_NAIVE = "seasonal_naive"  # the same month of last year
    NAIVE = "naive"  # the last month
    SIMPLE = "simple"  # a level that moves
    DAMPED_TREND = "damped_trend"  # a level and a trend that fades (Gardner & McKenzie 1985)
    SEASONAL = "seasonal"  # a level that moves and a yearly season (Winters 1960, additive, without trend)


SHORTEST = {
    Method.SEASONAL_NAIVE: SEASON,
    Method.NAIVE: 1,
    Method.SIMPLE: 6,
    Method.DAMPED_TREND: 10,
    Method.SEASONAL: 2 * SEASON,
}


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Smoothing weights and starting states; the trend weight is the share of the change in level (b below)."""

    level: float
    initial_level: float
    trend: float = 0.0
    damping: float = 1.0
    initial_trend: float = 0.0
    season: float = 0.0
    initial_season: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Smoothed:
    """States after each observation, (n,); `season` holds the twelve that apply next, (n, 12) or (n, 0)."""

    level: Array
    trend: Array
    season: Array
    damping: float
    mean_squared_error: float  # of one step

    def ahead(self, periods: int, *, origin: int | None = None) -> Array:
        """Return the path after the first `origin` observations, all of them by default."""
        last = (self.level.size if origin is None else origin) - 1
        path = self.level[last] + self.trend[last] * np.cumsum(self.damping ** np.arange(1, periods + 1))
        season = self.season[last]
        return path + np.resize(season, periods) if season.size else path


def smooth(series: ArrayLike, parameters: Parameters) -> Smoothed:
    """Return additive exponential smoothing with given parameters.

    level_t = a (y_t - s_{t-12}) + (1 - a) (level_{t-1} + phi trend_{t-1})
    trend_t = b (level_t - level_{t-1}) + (1 - b) phi trend_{t-1}
    s_t = g (y_t - level_{t-1} - phi trend_{t-1}) + (1 - g) s_{t-12}
    Source: Hyndman & Athanasopoulos (2018), chapter 7.

    >>> smooth([10.0, 12.0], Parameters(level=0.5, initial_level=10.0)).ahead(2).tolist()
    [11.0, 11.0]
    """
    y = _readable(series)
    seasons = list(parameters.initial_season)
    level, trend = parameters.initial_level, parameters.initial_trend
    states: list[tuple[float, float]] = []
    season_states: list[list[float]] = []
    squared = 0.0
    for value in y:
        expected = level + parameters.damping * trend
        season = seasons.pop(0) if seasons else 0.0
        squared += (value - expected - season) ** 2
        before, level = level, parameters.level * (value - season) + (1 - parameters.level) * expected
        trend = parameters.trend * (level - before) + (1 - parameters.trend) * parameters.damping * trend
        if parameters.initial_season:
            seasons.append(parameters.season * (value - expected) + (1 - parameters.season) * season)
        states.append((level, trend))
        season_states.append(list(seasons))
    levels, trends = np.array(states).T
    return Smoothed(
        level=levels,
        trend=trends,
        season=np.array(season_states),
        damping=parameters.damping,
        mean_squared_error=squared / y.size,
    )


def estimate(series: ArrayLike, method: Method) -> Parameters:
    """Return the parameters of SIMPLE, DAMPED_TREND or SEASONAL smoothing with the least squared one-step error."""
    from statsmodels.tsa.holtwinters import ExponentialSmoothing, Holt, SimpleExpSmoothing

    y = _readable(series)
    if np.ptp(y) == 0:  # nothing to estimate, and the optimiser would divide by zero
        return Parameters(level=0.5, initial_level=float(y[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an optimum that is only nearly reached is judged by its rolling-origin error
        if method is Method.SIMPLE:
            found = SimpleExpSmoothing(y, initialization_method="estimated").fit().params
        elif method is Method.DAMPED_TREND:
            found = Holt(y, damped_trend=True, initialization_method="estimated").fit(method="SLSQP").params
        elif method is Method.SEASONAL:
            model = ExponentialSmoothing(y, seasonal="add", seasonal_periods=SEASON, initialization_method="heuristic")
            found = model.fit().params
        else:
            raise ModelError("forecast.unknown_method", method=str(method))

    def value(name: str, otherwise: float) -> float:
        number = float(found.get(name, otherwise))
        return number if np.isfinite(number) else otherwise

    return Parameters(
        level=value("smoothing_level", 0.5),
        initial_level=value("initial_level", float(y[0])),
        trend=value("smoothing_trend", 0.0),
        damping=value("damping_trend", 1.0),
        initial_trend=value("initial_trend", 0.0),
        season=value("smoothing_seasonal", 0.0),
        initial_season=tuple(float(s) for s in found["initial_seasons"]) if method is Method.SEASONAL else (),
    )


def paths_ahead(
    series: Array, method: Method, ahead: int, origins: Iterable[int], *, refit_every: int = 6
) -> dict[int, Array]:
    """Return, for each origin, the next `ahead` values as the method would have told from the first `origin` months alone.

    The naive ones repeat the last month or the last year. The others estimate their parameters again every
    `refit_every` origins, always from earlier months only.

    >>> paths_ahead(np.array([1.0, 3.0]), Method.NAIVE, 2, [1, 2])[2].tolist()
    [3.0, 3.0]
    """
    asked = sorted(origins)
    if asked and asked[0] < SHORTEST[method]:
        raise ModelError("forecast.too_short", months=asked[0], needed=SHORTEST[method])
    if method is Method.NAIVE:
        return {origin: np.full(ahead, series[origin - 1]) for origin in asked}
    if method is Method.SEASONAL_NAIVE:
        return {origin: np.resize(series[origin - SEASON : origin], ahead) for origin in asked}
    paths: dict[int, Array] = {}
    for place in range(0, len(asked), refit_every):
        block = asked[place : place + refit_every]
        states = smooth(series[: block[-1]], estimate(series[: block[0]], method))
        paths |= {origin: states.ahead(ahead, origin=origin) for origin in block}
    return paths


def _readable(series: ArrayLike) -> Array:
    y = np.asarray(series, dtype=float)
    if y.size < 2 or not np.isfinite(y).all():
        raise ModelError("forecast.series_unreadable")
    return y
