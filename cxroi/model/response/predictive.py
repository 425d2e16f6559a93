"""Are the months such as the model would make? A posterior predictive check (Gelman, Meng & Stern 1996).

From draws of what was learned the same months are made again. Of a draw the level, trend, season and level shifts of each segment are drawn
given the months (Matheron's rule: a draw from before the data, moved by what it lacks); months in common, drift and chance are made anew
with their learned spread. Figures are taken of what real and made months have beside that draw's level, trend, season and spend (realised
discrepancies): of the months as they are, what was fitted to them would count twice, and every model would look too wild.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from cxroi.model.response.channel import ChannelPosterior
from cxroi.model.response.fitted import FittedMonths
from cxroi.model.response.likelihood import Noise
from cxroi.model.response.shape import carry_over
from cxroi.model.statistics.uncertainty import Draws, Interval

REPLICATES = 256
STATISTICS = ("swing", "highest", "lowest", "memory", "dear_months", "apart")
_FEWEST_MONTHS = 6


@dataclass(frozen=True, kw_only=True)
class PredictiveCheck:
    """One figure of what the months have beside level, trend, season and spend: as it was, and as the model would have it (90 %).

    `share_above` of the made months have more of it than the real ones.
    """

    statistic: str
    observed: float
    predicted: Interval
    share_above: float

    @property
    def fits(self) -> bool:
        """Return whether nine in ten of the made months are no further off."""
        return 0.05 <= self.share_above <= 0.95


def predictive_checks(found: FittedMonths, seed: int = 0) -> tuple[PredictiveCheck, ...]:
    """Return the check of each figure that these months have; none of months that are too few."""
    if found.seen.any(axis=0).sum() < _FEWEST_MONTHS:
        return ()
    pairs = [(_statistics(found, real), _statistics(found, made)) for real, made in _replicates(found, seed)]
    checks = []
    for name in STATISTICS:
        real, made = (np.array([pair[which][name] for pair in pairs]) for which in (0, 1))
        if np.isfinite(real).all() and np.isfinite(made).all():
            share = float((made > real).mean() + 0.5 * (made == real).mean())
            observed, predicted = float(real.mean()), Interval.of_draws(made)
            checks.append(PredictiveCheck(statistic=name, observed=observed, predicted=predicted, share_above=share))
    return tuple(checks)


@dataclass(frozen=True, eq=False)
class _Beside:
    """What cells (S, T) have beside what is expected of them, as a ratio to it, and how much each weighs in the company's month."""

    ratio: Draws
    size: Draws


def _is_churn(found: FittedMonths) -> bool:
    return not isinstance(found.curves, ChannelPosterior)


def _replicates(found: FittedMonths, seed: int) -> list[tuple[_Beside, _Beside]]:
    """Return, draw by draw, the real cells and the same cells made again."""
    random = np.random.default_rng([seed, 17])
    step = max(1, found.curves.family.size // REPLICATES)
    curves = found.curves.take(slice(None, step * REPLICATES, step))
    carried = carry_over(found.history.spend_ratio[None], curves.carryover_rate[:, None])
    bought = curves.strength[:, :, None] * curves.gains(carried)
    roots = _Roots(_root(found.own), _root(found.together))
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
    """Roots of the covariances that no noise setting changes: of what a segment has of its own (S, T, T), of what all have alike (T, T)."""

    own: Draws
    season: Draws


def _root(covariance: Draws) -> Draws:
    """Return a root of a covariance (..., T, T) that may lack rank."""
    value, vector = np.linalg.eigh(covariance)
    return np.asarray(vector * np.sqrt(np.maximum(value, 0.0))[..., None, :])


def _made(
    found: FittedMonths, roots: _Roots, noise: Noise, bought: Draws, random: Generator
) -> tuple[_Beside, _Beside]:
    """Return the real cells and one making of them, both beside what this draw expects."""
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
    expected, meanwhile = own + season - bought, _meanwhile(found, noise, random)
    if _is_churn(found):
        customers = found.history.customers
        rate = np.minimum(np.exp(expected + meanwhile), 1.0)
        lost = random.binomial(np.round(customers).astype(np.int64), rate)
        size = np.maximum(customers * np.exp(expected), 1e-12)
        return _Beside(found.history.lost / size, size), _Beside(lost / size, size)
    sign = 1.0 if found.falls else -1.0
    left = sign * (found.expansion.response - expected)
    made = sign * (meanwhile + random.normal(size=weight.shape) / np.sqrt(weight))
    return _Beside(np.exp(left), found.expansion.weight), _Beside(np.exp(made), found.expansion.weight)


def _meanwhile(found: FittedMonths, noise: Noise, random: Generator) -> Draws:
    """Return new months in common and a new disturbance of each segment, an autoregression of the first order; (S, T)."""
    n_segments, n_months = found.seen.shape
    shock = random.normal(size=(n_segments, n_months)) * noise.drift_spread
    drift = shock.copy()
    for month in range(1, n_months):
        drift[:, month] = (
            noise.drift_memory * drift[:, month - 1] + (1 - noise.drift_memory**2) ** 0.5 * shock[:, month]
        )
    return np.asarray(drift + noise.month_spread * random.normal(size=n_months))


def _statistics(found: FittedMonths, cells: _Beside) -> dict[str, float]:
    """Return the figures of cells: of the company month by month, and of its segments against each other; percent but for the memory."""
    seen, size = found.seen, np.where(found.seen, cells.size, 0.0)
    months = np.flatnonzero(seen.any(axis=0))
    whole, spend = (
        ((one * size).sum(axis=0) / np.maximum(size.sum(axis=0), 1e-12))[months]
        for one in (cells.ratio, found.history.spend_ratio)
    )
    log = np.log(np.maximum(whole, 0.01))
    about = log - log.mean()
    spread = float((about**2).sum())
    third, dear = max(1, months.size // 3), np.argsort(spend, kind="stable")
    usable = seen.sum(axis=0) > 1
    apart = np.nanstd(np.where(seen, cells.ratio, np.nan)[:, usable], axis=0)
    return {
        "swing": float(100 * np.diff(log).std()),
        "highest": float(100 * (whole.max() - 1)),
        "lowest": float(100 * (whole.min() - 1)),
        "memory": float((about[1:] * about[:-1]).sum() / spread) if spread > 0 else float("nan"),
        "dear_months": float(100 * (log[dear[-third:]].mean() - log[dear[:third]].mean())),
        "apart": float(100 * apart.mean()) if apart.size else float("nan"),
    }
