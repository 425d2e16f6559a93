"""The fitted response beside the months it came from: each month with what is not spend taken off, and the curve with its band.

A month of a segment stands at its effective spend, and where the curve has it plus what is left of it once the segment's level and trend, level
shifts, the season and what all segments went through together are taken off (a partial residual, Larsen & McCleary 1972). Drift and chance stay:
they are what the curve has to be seen through.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells
from cxroi.model.response.channel_fit import cells_as_fitted, channel_settings
from cxroi.model.response.curves import Curves
from cxroi.model.response.level_shift import taken_out
from cxroi.model.response.likelihood import (
    Expansion,
    History,
    Noise,
    TakenOut,
    expand,
    noise_settings,
    nuisance_columns,
    season_covariance,
)
from cxroi.model.response.posterior import ResponsePosterior
from cxroi.model.response.shape import carry_over
from cxroi.model.statistics.uncertainty import Draws, row_quantiles

MOST_POINTS = 300  # of a picture; more months than that are drawn as means of neighbours in spend
_LEVELS = 41


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedMonths:
    """The cells (S, T) behind one fitted response: `response` = nuisances - b g + chance of variance 1 / `weight`, and the `noise` settings that
    hold any draw. `falls`: the outcome falls where spend helps."""

    curves: Curves
    history: History
    expansion: Expansion
    noise: tuple[Noise, ...]
    own: Draws  # (S, T, T), covariance of what a segment has of its own: level, trend, level shifts, its events
    together: (
        Draws  # (T, T), of what all have alike whatever the months' own spread: the season, events that met everybody
    )
    falls: bool

    @property
    def seen(self) -> np.ndarray:
        """Return which cells carry information."""
        return self.history.seen

    @cached_property
    def likeliest(self) -> Noise:
        """Return the noise setting that the months speak for most."""
        return max(self.noise, key=lambda one: one.log_evidence + one.log_prior)

    def shared(self, noise: Noise) -> tuple[Draws, Draws]:
        """Return the covariances (T, T) of what all segments share: season and events, and months; nothing where months have no effect."""
        n_months = self.seen.shape[1]
        if not noise.month_spread:
            return np.zeros((n_months, n_months)), np.zeros((n_months, n_months))
        return self.together, noise.month_spread**2 * np.eye(n_months)

    def weighed(self, noise: Noise, left: Draws) -> Draws:
        """Return V^-1 e (S, T) of what is `left` beside spend, V the covariance of all that is not spend."""
        alone = np.einsum("stu,su->st", noise.precision, left)
        together = np.einsum("stu,st->u", noise.month_root, left)
        return np.asarray(alone - np.einsum("stu,u->st", noise.month_root, together))


def months_of_churn(posterior: ResponsePosterior) -> FittedMonths:
    """Return the cells behind the response of churn."""
    history = posterior.history
    expansion = expand(history, -posterior.expected_gain())
    taken = taken_out(posterior.shifts, history.events, expansion.response.shape)
    noise = noise_settings(expansion, history.meanwhile, posterior.start.noise, taken)
    return _months(posterior, history, expansion, noise, taken, falls=True)


def months_of_channel(posterior: ChannelPosterior, cells: ChannelCells) -> FittedMonths:
    """Return the cells behind the response of another channel, as they were fitted."""
    cells = cells_as_fitted(cells, posterior.same_month)
    taken = taken_out(posterior.shifts, cells.history.events, cells.response.shape)
    noise = channel_settings(cells, taken, None if posterior.start is None else posterior.start.noise)
    expansion = Expansion(cells.response, cells.size, 1.0)
    falls = posterior.channel is Channel.SUPPORT
    return _months(posterior, cells.history, expansion, noise, taken, known=cells.known, falls=falls)


def _months(
    curves: Curves,
    history: History,
    expansion: Expansion,
    noise: list[Noise],
    taken: TakenOut | None,
    *,
    known: Draws | None = None,
    falls: bool,
) -> FittedMonths:
    n_segments, n_months = expansion.response.shape
    columns = nuisance_columns(n_segments, n_months)
    own = np.zeros((n_segments, n_months, n_months)) + (0.0 if known is None else known)
    together = season_covariance(n_months)
    if taken is not None:
        own, together = own + taken.own, together + (0.0 if taken.shared is None else taken.shared)
    return FittedMonths(
        curves=curves,
        history=history,
        expansion=expansion,
        noise=tuple(noise),
        own=own + columns @ columns.T,
        together=together,
        falls=falls,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedResponse:
    """A curve with its band on levels of effective spend (percent of today's), and the months beside it: changes of the outcome against today's
    spend, percent. `months_each` is how many segment-months one point stands for."""

    level_percent: Draws
    low: Draws
    mid: Draws
    high: Draws
    at_percent: Draws
    change_percent: Draws
    months: int
    months_each: float


def fitted_response(found: FittedMonths, weight: Draws) -> FittedResponse:
    """Return the curve of the segments averaged by `weight` (S,), over the spend that there was, with the months it came from."""
    curves, seen = found.curves, found.seen & (found.history.today_spend > 0)[:, None]
    at = _effective_spend(curves, found.history.spend_ratio)[seen]
    low_end, high_end = (float(at.min()), float(at.max())) if at.size else (1.0, 1.0)
    levels = np.linspace(min(low_end, 1.0), max(high_end, 1.0), _LEVELS)
    gain = (curves.gains(levels[None, :].repeat(curves.family.size, 0)) - curves.gain_today[:, None]) * (
        curves.strength @ (weight / max(float(weight.sum()), 1e-12))
    )[:, None]
    low, mid, high = row_quantiles(gain.T, (0.05, 0.5, 0.95))
    residual = _left_over(found)[seen]
    points = np.interp(at, levels, mid) - residual
    at, points, each = _thinned(at, points, found.expansion.weight[seen])
    return FittedResponse(
        level_percent=100 * levels,
        low=np.minimum(_percent(low, found.falls), _percent(high, found.falls)),
        mid=_percent(mid, found.falls),
        high=np.maximum(_percent(low, found.falls), _percent(high, found.falls)),
        at_percent=100 * at,
        change_percent=_percent(points, found.falls),
        months=int(seen.sum()),
        months_each=each,
    )


def _percent(gain: Draws, falls: bool) -> Draws:
    """Return the change of the outcome, percent, that a log gain for the good stands for."""
    return np.asarray(100 * np.expm1(-gain if falls else gain))


def _effective_spend(curves: Curves, spend_ratio: Draws) -> Draws:
    """Return the effective spend that is expected of each cell, (S, T), from a hundred draws or so."""
    thin = curves.take(slice(None, None, max(1, curves.family.size // 128)))
    return np.asarray(carry_over(spend_ratio[None], thin.carryover_rate[:, None]).mean(axis=0))


def _left_over(found: FittedMonths) -> Draws:
    """Return what is left of each cell (S, T) beside spend and the nuisances that are expected there, in the direction of `response`."""
    noise = found.likeliest
    left = found.expansion.response + found.curves.expected_gain_of(found.history.spend_ratio)
    weighed = found.weighed(noise, left)
    season, months = found.shared(noise)
    together = (season + months) @ weighed.sum(axis=0)
    return np.asarray(left - np.einsum("stu,su->st", found.own, weighed) - together)


def _thinned(at: Draws, points: Draws, weight: Draws) -> tuple[Draws, Draws, float]:
    """Return points in the order of spend, neighbours averaged by weight where there are too many, and how many each stands for."""
    order = np.argsort(at, kind="stable")
    at, points, weight = at[order], points[order], weight[order]
    if at.size <= MOST_POINTS:
        return at, points, 1.0
    groups = np.array_split(np.arange(at.size), MOST_POINTS // 5)
    mean = [[np.average(one[group], weights=weight[group]) for group in groups] for one in (at, points)]
    return np.array(mean[0]), np.array(mean[1]), at.size / len(groups)
