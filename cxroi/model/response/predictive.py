"""Are the months such as the model would make? A posterior predictive check (Gelman, Meng & Stern 1996).

From draws of what was learned the same months are made again, and some figures of theirs are set beside those of the real ones. Of a draw the
level, trend, season and level shifts of each segment are drawn given the months (Matheron's rule: a draw from before the data, moved by
what it lacks); months in common, drift and chance are made anew with their learned spread, so that a wrong spread shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from cxroi.model.response.channel import ChannelPosterior
from cxroi.model.response.fitted import FittedMonths
from cxroi.model.response.likelihood import Noise, season_covariance
from cxroi.model.response.shape import carry_over
from cxroi.model.statistics.uncertainty import Draws, Interval

REPLICATES = 256
STATISTICS = ("swing", "highest", "lowest", "memory", "dear_months", "apart")
_FEWEST_MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class PredictiveCheck:
    """One figure of the months: as it was, and as the model would have it (90 %); `share_above` of the made months have more of it."""

    statistic: str
    observed: float
    predicted: Interval
    share_above: float

    @property
    def fits(self) -> bool:
        """Return whether the real months lie within the range."""
        return self.predicted.low <= self.observed <= self.predicted.high


def predictive_checks(found: FittedMonths, seed: int = 0) -> tuple[PredictiveCheck, ...]:
    """Return the check of each figure that these months have; none of months that are too few."""
    if found.seen.any(axis=0).sum() < _FEWEST_MONTHS:
        return ()
    real = _statistics(found, _observed(found))
    made = [_statistics(found, one) for one in _replicates(found, seed)]
    checks = []
    for name in STATISTICS:
        draws = np.array([one[name] for one in made])
        if np.isfinite(real[name]) and np.isfinite(draws).all():
            share = float((draws > real[name]).mean() + 0.5 * (draws == real[name]).mean())
            checks.append(
                PredictiveCheck(
                    statistic=name, observed=real[name], predicted=Interval.of_draws(draws), share_above=share
                )
            )
    return tuple(checks)


def _is_churn(found: FittedMonths) -> bool:
    return not isinstance(found.curves, ChannelPosterior)


def _observed(found: FittedMonths) -> Draws:
    """Return the outcome of each cell, (S, T): churn, or an index about its mean."""
    history = found.history
    if _is_churn(found):
        return np.asarray(history.lost / np.maximum(history.customers, 1.0))
    return np.asarray(np.exp(found.expansion.response if found.falls else -found.expansion.response))


def _replicates(found: FittedMonths, seed: int) -> list[Draws]:
    """Return the same cells made again, each (S, T)."""
    random = np.random.default_rng([seed, 17])
    step = max(1, found.curves.family.size // REPLICATES)
    curves = found.curves.take(slice(None, step * REPLICATES, step))
    carried = carry_over(found.history.spend_ratio[None], curves.carryover_rate[:, None])
    bought = curves.strength[:, :, None] * curves.gains(carried)
    roots = _Roots(_root(found.own), _root(season_covariance(found.seen.shape[1])))
    spreads = zip(curves.month_spread.tolist(), curves.drift_spread.tolist(), curves.drift_memory.tolist(), strict=True)
    return [
        _made(found, roots, _setting(found, spread, bought[draw], random), bought[draw], random)
        for draw, spread in enumerate(spreads)
    ]


def _setting(found: FittedMonths, spreads: tuple[float, float, float], bought: Draws, random: Generator) -> Noise:
    """Return a noise setting with the spreads of a draw: of several (of the cells' own) one by how likely the months are under it."""
    same = [one for one in found.noise if (one.month_spread, one.drift_spread, one.drift_memory) == spreads]
    same = same or [found.likeliest]
    if len(same) == 1:
        return same[0]
    log = np.array([one.log_evidence + _log_likelihood(one, bought) for one in same])
    return same[int(random.choice(len(same), p=np.exp(log - np.logaddexp.reduce(log))))]


def _log_likelihood(noise: Noise, bought: Draws) -> float:
    """Return what a gain (S, T) adds to the log evidence of a setting."""
    information, pull = noise.quadratic(bought[None])
    return float(pull.sum() - 0.5 * information.sum())


@dataclass(frozen=True, eq=False)
class _Roots:
    """Roots of the covariances that no noise setting changes: of what a segment has of its own (S, T, T), of the season (T, T)."""

    own: Draws
    season: Draws


def _root(covariance: Draws) -> Draws:
    """Return a root of a covariance (..., T, T) that may lack rank."""
    value, vector = np.linalg.eigh(covariance)
    return np.asarray(vector * np.sqrt(np.maximum(value, 0.0))[..., None, :])


def _made(found: FittedMonths, roots: _Roots, noise: Noise, bought: Draws, random: Generator) -> Draws:
    """Return one making of the cells, (S, T)."""
    weight = found.expansion.weight / noise.cell_spread**2 if noise.cell_spread else found.expansion.weight
    weight = np.maximum(weight, 1e-6)
    n_months, season_of = weight.shape[1], found.shared(noise)[0]
    own = np.einsum("stu,su->st", roots.own, random.normal(size=weight.shape))
    season = roots.season @ random.normal(size=n_months) * bool(noise.month_spread)
    pretended = own + season + _meanwhile(found, noise, random)
    pretended = pretended + random.normal(size=weight.shape) / np.sqrt(weight)
    weighed = found.weighed(noise, found.expansion.response + bought - pretended)
    own = own + np.einsum("stu,su->st", found.own, weighed)
    season = season + season_of @ weighed.sum(axis=0)
    mean = own + season + _meanwhile(found, noise, random) - bought
    if _is_churn(found):
        customers = np.round(found.history.customers).astype(np.int64)
        lost = random.binomial(customers, np.minimum(np.exp(mean), 1.0))
        return np.asarray(lost / np.maximum(found.history.customers, 1.0))
    log = mean + random.normal(size=weight.shape) / np.sqrt(weight)
    return np.asarray(np.exp(log if found.falls else -log))


def _meanwhile(found: FittedMonths, noise: Noise, random: Generator) -> Draws:
    """Return new months in common and a new disturbance of each segment, an autoregression of the first order; (S, T)."""
    n_segments, n_months = found.seen.shape
    shock = random.normal(size=(n_segments, n_months)) * noise.drift_spread
    drift = shock.copy()
    for month in range(1, n_months):
        drift[:, month] = noise.drift_memory * drift[:, month - 1] + (1 - noise.drift_memory**2) ** 0.5 * shock[:, month]
    return np.asarray(drift + noise.month_spread * random.normal(size=n_months))


def _statistics(found: FittedMonths, outcome: Draws) -> dict[str, float]:
    """Return the figures of cells (S, T): of the company month by month, and of its segments against each other."""
    seen = found.seen
    size = np.where(seen, found.history.customers if _is_churn(found) else found.expansion.weight, 0.0)
    months = np.flatnonzero(seen.any(axis=0))
    whole = ((outcome * size).sum(axis=0) / np.maximum(size.sum(axis=0), 1e-12))[months]
    log = np.log(np.maximum(whole, 0.01 * max(float(whole.mean()), 1e-9)))
    about = log - log.mean()
    spread = float((about**2).sum())
    spend = ((found.history.spend_ratio * size).sum(axis=0) / np.maximum(size.sum(axis=0), 1e-12))[months]
    third = max(1, months.size // 3)
    dear = np.argsort(spend, kind="stable")
    return {
        "swing": float(100 * np.diff(log).std()),
        "highest": float(100 * (whole.max() / whole.mean() - 1)),
        "lowest": float(100 * (whole.min() / whole.mean() - 1)),
        "memory": float((about[1:] * about[:-1]).sum() / spread) if spread > 0 else float("nan"),
        "dear_months": float(100 * (whole[dear[-third:]].mean() / whole[dear[:third]].mean() - 1)),
        "apart": _apart(outcome, seen),
    }


def _apart(outcome: Draws, seen: NDArray[np.bool_]) -> float:
    """Return how far segments, each about its own mean, stray from each other within a month, percent; not a number where there is one."""
    if len(outcome) < 2:
        return float("nan")
    share = seen.sum(axis=1, keepdims=True)
    mean = np.where(seen, outcome, 0.0).sum(axis=1, keepdims=True) / np.maximum(share, 1)
    about = np.where(seen, outcome / np.maximum(mean, 1e-12) - 1, np.nan)
    usable = seen.sum(axis=0) > 1
    return float(100 * np.nanstd(about[:, usable], axis=0).mean()) if usable.any() else float("nan")
