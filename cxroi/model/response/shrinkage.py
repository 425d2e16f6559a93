"""Several initiatives at once: each effect drawn towards what the programme's others have shown, and what all of them have earned together.

The one that looks best of several is partly lucky (the winner's curse): its own estimate is too high on average, the more so the less is known of
it. A normal hierarchy over the initiatives' log effects takes that off: b_i ~ N(mu, tau^2), what was measured ~ N(b_i, s_i^2), mu and tau unknown
(Rubin 1981; Gelman, Carlin, Stern, Dunson, Vehtari & Rubin 2013, section 5.4, whose eight schools are in the tests). tau is integrated out over a
grid and never set to one estimate, which with a few initiatives would often be 0. What is believed before: half of the spread that a single
initiative was given is common to all (mu), half its own (tau), so that one initiative alone stays nearly as it was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxroi.model.statistics.uncertainty import Draws, Interval

_GRID, _DRAWS = 400, 1024
_LEAST_SPREAD = 1e-3  # log hazard


@dataclass(frozen=True, kw_only=True, eq=False)
class EffectDraws:
    """An initiative as it was measured alone: its log effect (n,), drawn under N(0, `believed_sd`^2), and what goes with each draw of it:
    points of annual retention and money earned. `promised_uplift_pp` is what was promised of the points, None where nothing was."""

    effect: Draws
    uplift_pp: Draws
    value: Draws
    believed_sd: float
    promised_uplift_pp: float | None = None


@dataclass(frozen=True, kw_only=True)
class Shrunk:
    """An initiative among the others of its programme; `kept_share` is how much of its own measured effect is left."""

    uplift_pp: Interval
    value: Interval
    probability_any: float
    kept_share: float | None  # None where nothing was measured to be left
    probability_kept: float | None = None  # that the uplift is at least what was promised; None where nothing was


@dataclass(frozen=True, kw_only=True)
class ProgrammeEarned:
    """Every initiative shrunk, in the order given, and what they have earned together: those that began beside each other count once, with
    the mean of theirs. `spread` is that of the log effects between initiatives, tau; `parts` what some of them have earned of the value together."""

    shrunk: tuple[Shrunk, ...]
    value: Interval
    draws: tuple[float, ...]  # of the value together
    spread: Interval
    parts: tuple[Interval, ...] = ()


def hierarchy(
    estimate: Draws,
    error: Draws,
    *,
    mean_sd: float | None = None,
    spread_scale: float | None = None,
    count: int = _DRAWS,
    seed: int = 0,
) -> tuple[Draws, Draws]:
    """Return draws (n,) of mu and of tau given estimates (I,) with their standard errors, in their unit.

    mu ~ N(0, mean_sd^2) and tau half-normal with `spread_scale`, each flat where it is None (that takes three estimates or more).
    """
    top = 10 * max(float(np.abs(estimate).max()), float(error.max()), spread_scale or 0.0)
    edge = 5 * spread_scale if spread_scale else top
    tau = np.linspace(0.0, edge, _GRID + 1)[1:] - edge / _GRID / 2
    variance = error[None] ** 2 + tau[:, None] ** 2
    precision = (1 / variance).sum(axis=1) + (0.0 if mean_sd is None else 1 / mean_sd**2)
    centre = (estimate / variance).sum(axis=1) / precision
    log = 0.5 * (centre**2 * precision - (estimate**2 / variance).sum(axis=1))
    log -= 0.5 * (np.log(variance).sum(axis=1) + np.log(precision))
    if spread_scale:
        log -= 0.5 * (tau / spread_scale) ** 2
    share = np.cumsum(np.exp(log - log.max()))
    random = np.random.default_rng([seed, 21])
    place = np.minimum(np.searchsorted(share / share[-1], random.uniform(size=count)), _GRID - 1)
    mu = centre[place] + random.normal(size=count) / np.sqrt(precision[place])
    return mu, tau[place]


def programme_earned(
    measured: Sequence[EffectDraws],
    together: Sequence[Sequence[int]],
    parts: Sequence[Sequence[int]] = (),
    seed: int = 0,
) -> ProgrammeEarned:
    """Return what some measured initiatives have done, seen together; `together` groups those that began beside each other.

    `parts` are some of them each, by place: in every draw disjoint parts of all of them add up to the value together.
    """
    found = [_as_measured(one) for one in measured]
    believed = max(one.believed_sd for one in measured)
    half = believed / np.sqrt(2)
    mu, tau = hierarchy(
        np.array([estimate for estimate, _ in found]),
        np.array([error for _, error in found]),
        mean_sd=half,
        spread_scale=half,
        seed=seed,
    )
    chosen = [_chosen(one, mu, tau, seed + place) for place, one in enumerate(measured)]
    values = np.array([one.value[draws] for one, draws in zip(measured, chosen, strict=True)])
    counted = (
        values
        / np.array([next(len(group) for group in together if place in group) for place in range(len(values))])[:, None]
    )
    total = counted.sum(axis=0)
    return ProgrammeEarned(
        shrunk=tuple(_shrunk(one, draws) for one, draws in zip(measured, chosen, strict=True)),
        value=Interval.of_draws(total),
        draws=tuple(np.sort(total)[:: max(1, mu.size // 256)].tolist()),
        spread=Interval.of_draws(tau),
        parts=tuple(Interval.of_draws(counted[list(part)].sum(axis=0)) for part in parts),
    )


def _as_measured(one: EffectDraws) -> tuple[float, float]:
    """Return the estimate and the standard error of an effect with what was believed of it alone taken out again."""
    mean, variance = float(one.effect.mean()), max(float(one.effect.var()), 1e-12)
    precision = max(1 / variance - 1 / one.believed_sd**2, 1e-3 / one.believed_sd**2)
    return mean / variance / precision, precision**-0.5


def _chosen(one: EffectDraws, mu: Draws, tau: Draws, seed: int) -> NDArray[np.int64]:
    """Return for each (mu, tau) one of the draws of an effect, weighed by what it is believed to be there against what it was alone."""
    spread = np.maximum(tau, _LEAST_SPREAD)[:, None]
    log = 0.5 * ((one.effect / one.believed_sd) ** 2 - ((one.effect - mu[:, None]) / spread) ** 2)
    weight = np.cumsum(np.exp(log - log.max(axis=1, keepdims=True)), axis=1)
    at = np.random.default_rng([seed, 22]).uniform(size=(mu.size, 1)) * weight[:, -1:]
    return np.asarray(np.minimum((weight < at).sum(axis=1), one.effect.size - 1), dtype=np.int64)


def _shrunk(one: EffectDraws, draws: NDArray[np.int64]) -> Shrunk:
    effect, before = one.effect[draws], float(one.effect.mean())
    uplift, promised = one.uplift_pp[draws], one.promised_uplift_pp
    return Shrunk(
        uplift_pp=Interval.of_draws(uplift),
        value=Interval.of_draws(one.value[draws]),
        probability_any=float((effect > 0).mean()),
        kept_share=float(effect.mean()) / before if abs(before) > one.effect.std() / 4 else None,
        probability_kept=None if promised is None else float((uplift >= promised).mean()),
    )
