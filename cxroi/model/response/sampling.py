"""Draws of everything that is not known about the response, by adaptive importance sampling.

Shape, carryover, the pooled strength and its spread are drawn as standard normals z, family and noise setting as themselves; given
these the segments' strengths are a truncated normal, drawn exactly. Rounds follow one another, each proposing near what
the last found likely (Cornuet, Marin, Mira & Robert 2012), all rounds weighted as one mixture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.event_size import EventSize, event_sizes, thinned
from cxroi.model.response.feedback import answer_of_spend, feedback_of
from cxroi.model.response.level_shift import FEWEST_MONTHS, LevelShift, find_level_shifts, taken_out
from cxroi.model.response.likelihood import Expansion, History, Noise, TakenOut, expand, noise_settings
from cxroi.model.response.prior import Priors, coordinates, draw_strengths
from cxroi.model.response.shape import Family, carry_over, gains
from cxroi.model.statistics.uncertainty import Draws, effective_sample_size, resample, sobol

ENOUGH_DRAWS = 400
_ROUNDS = 10
_TAILS = 5.0  # degrees of freedom
_SHIFT_ROUNDS = 2
_WIDER = 1.3  # than where a fit of nearly the same data ended
_TRIED = 8  # draws at which every noise setting is tried again
_HOPELESS = 60.0  # log likelihood below the best, spend explaining what it can, at which a noise setting is dropped


@dataclass(eq=False)
class Cloud:
    """Draws before resampling: standard-normal coordinates z (n, 5), family and noise setting, and what they imply."""

    z: Draws
    family: NDArray[np.int64]
    noise: NDArray[np.int64]
    strength: Draws
    log_target: Draws  # log prior(z, family, noise) + log likelihood, up to a constant

    def joined(self, other: Cloud) -> Cloud:
        pairs = ((getattr(self, n), getattr(other, n)) for n in ("z", "family", "noise", "strength", "log_target"))
        return Cloud(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True, eq=False)
class Proposal:
    """Where a round draws from: families and noise settings by mass, z by a t within a family, a part from the prior.

    The t has tails for what the last round has not seen yet: the ridge along which a threshold's posterior lies is bent.
    """

    family_mass: Draws
    noise_mass: Draws
    mean: Draws  # (families, 5)
    root: Draws  # (families, 5, 5)
    from_prior: float

    def draw(self, count: int, seed: int) -> tuple[Draws, NDArray[np.int64], NDArray[np.int64]]:
        from scipy.special import gammaincinv, ndtri

        u = sobol(count, 9, seed)
        family = np.minimum(np.searchsorted(np.cumsum(self.family_mass), u[:, 0]), len(Family) - 1)
        noise = np.minimum(np.searchsorted(np.cumsum(self.noise_mass), u[:, 1]), self.noise_mass.size - 1)
        z = ndtri(u[:, 2:7])
        stretch = np.sqrt(0.5 * _TAILS / gammaincinv(0.5 * _TAILS, u[:, 8]))
        moved = self.mean[family] + stretch[:, None] * np.einsum("nij,nj->ni", self.root[family], z)
        return np.where((u[:, 7] < self.from_prior)[:, None], z, moved), family, noise

    def log_density(self, z: Draws, family: NDArray[np.int64], noise: NDArray[np.int64]) -> Draws:
        from scipy.special import gammaln

        power = 0.5 * (_TAILS + z.shape[1])
        constant = gammaln(power) - gammaln(0.5 * _TAILS) - 0.5 * z.shape[1] * np.log(0.5 * _TAILS)
        own = np.empty(len(z))
        for one in range(len(Family)):
            mine = family == one
            white = np.linalg.solve(self.root[one], (z[mine] - self.mean[one]).T)
            own[mine] = -power * np.log1p((white**2).sum(axis=0) / _TAILS) - np.log(np.diag(self.root[one])).sum()
        base = -0.5 * (z**2).sum(axis=1)
        mixed = np.logaddexp(np.log(1 - self.from_prior) + own + constant, np.log(self.from_prior) + base)
        return mixed + np.log(self.family_mass[family]) + np.log(self.noise_mass[noise])


@dataclass(frozen=True, eq=False)
class Start:
    """Where a fit of nearly the same data ended: expected gain per cell (S, T), noise settings that hold any of its draws, and what its
    last round drew from."""

    gain: Draws
    noise: frozenset[tuple[float, ...]]
    shifts: tuple[LevelShift, ...] = ()
    proposal: Proposal | None = None


class Sampler:
    """Adaptive importance sampling of one history."""

    def __init__(
        self,
        history: History,
        pilots: tuple[PilotEvidence, ...],
        priors: Priors,
        seed: int,
        draws: int,
        start: Start | None = None,
    ) -> None:
        self.draws = draws
        self.history, self.pilots, self.priors, self.seed = history, pilots, priors, seed
        self.start = start
        self._expand(expand(history, np.zeros(history.customers.shape) if start is None else -start.gain))

    def _expand(self, expansion: Expansion) -> None:
        self.expansion = expansion
        meanwhile = self.history.meanwhile  # it was part of the noise of the fit that is started from
        among = self.start.noise if self.start and meanwhile is None else None

        def settings(taken: TakenOut | None) -> list[Noise]:
            return noise_settings(expansion, meanwhile, among, taken)

        self._set_noise(settings, None if self.start is None else self.start.shifts)
        self.feedback = feedback_of(self.history, self.settings, answer_of_spend(self.history, expansion))

    def _set_noise(
        self, settings_with: Callable[[TakenOut | None], list[Noise]], known: tuple[LevelShift, ...] | None = None
    ) -> None:
        """Settle the nuisance settings, named events and level shifts found beside them included; `known` spares the search."""
        shape, events = self.expansion.response.shape, self.history.events
        self._settings_with = settings_with
        self.shifts = known or ()
        self.settings = settings_with(taken_out(self.shifts, events, shape))
        for _ in range(_SHIFT_ROUNDS if known is None and shape[1] >= FEWEST_MONTHS else 0):
            likeliest = max(self.settings, key=lambda one: one.log_evidence)
            found = find_level_shifts(self.expansion.response, likeliest, self.history.spend_ratio, events)
            places = {(one.segment, one.month) for one in self.shifts}
            new = tuple(one for one in found if (one.segment, one.month) not in places)
            if not new:
                break
            self.shifts += new
            self.settings = settings_with(taken_out(self.shifts, events, shape))
        self.log_noise = np.array([one.log_evidence + one.log_prior for one in self.settings])

    def _within_reach(self) -> NDArray[np.int64]:
        """Return the noise settings that may be so, given what spend may explain: at no effect, a strong one passes for drift."""
        gain = self._gain(*_plain_shapes())
        loose = np.eye(gain.shape[1]) / (2 * self.priors.strength_scale) ** 2
        reach = self.log_noise.copy()
        for k, one in enumerate(self.settings):
            information, pull = one.quadratic(gain)
            strength = np.linalg.solve(information + loose, pull[:, :, None])[:, :, 0]
            reach[k] += 0.5 * float((pull * strength).sum(axis=1).max())
        return np.flatnonzero(reach > reach.max() - _HOPELESS)

    def run(self) -> tuple[Cloud, Draws]:
        """Return the draws of all rounds with their log weights."""
        if self.start is None:
            self._approach()
        enough = 2 * ENOUGH_DRAWS if self.start is None else ENOUGH_DRAWS
        at_first = enough if self._near else max(enough, self.draws)
        proposals, counts = [self._first_proposal()], [2 * self.draws]
        cloud = self._evaluate(*proposals[0].draw(2 * self.draws, self.seed))
        for turn in range(_ROUNDS):
            densities = [
                np.log(n / sum(counts)) + p.log_density(cloud.z, cloud.family, cloud.noise)
                for p, n in zip(proposals, counts, strict=True)
            ]
            log_weight = cloud.log_target - np.logaddexp.reduce(densities, axis=0)
            found = effective_sample_size(log_weight)
            if turn == _ROUNDS - 1 or found > (enough if turn else at_first):
                break  # after a first round from the prior only where half of what was drawn counts: nothing can be missing then
            proposals.append(self._adapted(cloud, log_weight))
            counts.append(self.draws)
            cloud = cloud.joined(self._evaluate(*proposals[-1].draw(self.draws, self.seed + turn + 1)))
        self.last = proposals[-1]
        return cloud, log_weight

    def event_sizes(self, cloud: Cloud, chosen: NDArray[np.int64], *, sign: float) -> tuple[EventSize, ...]:
        """Return what each named event did to the outcome whose log is `sign` times the response, from some of the `chosen` draws.

        Nothing of a fit that began near another one: that has told them.
        """
        events = self.history.events
        if not events or self.start is not None:
            return ()
        without = {
            _spreads(one): one for one in self._settings_with(taken_out(self.shifts, (), self.expansion.response.shape))
        }
        some = chosen[thinned(chosen.size)]
        explained = cloud.strength[some][:, :, None] * self._gain(cloud.z[some], cloud.family[some])
        settings = [without[_spreads(one)] for one in self.settings]
        return event_sizes(events, settings, cloud.noise[some], explained, sign=sign, seed=self.seed)

    @property
    def _near(self) -> Proposal | None:
        """Return what a fit of nearly the same data drew from last."""
        return self.start.proposal if self.start is not None and self.history.meanwhile is None else None

    def _approach(self) -> None:
        """Expand the likelihood again, near what a small first round finds."""
        first = self._first_proposal()
        found = self._evaluate(*first.draw(self.draws // 2, self.seed))
        weight = found.log_target - first.log_density(found.z, found.family, found.noise)
        self._expand(expand(self.history, -self._mean_gain(found, weight)))

    def _first_proposal(self) -> Proposal:
        """Draw shapes from the prior, and noise settings by how well they explain the months at a few plain shapes.

        Near a fit of nearly the same data draw shapes from where it ended, wider, and a quarter from the prior.
        """
        near = self._near
        if near is not None:
            noise_mass = self._noise_mass(near.mean, np.arange(len(Family)))
            return replace(near, noise_mass=noise_mass, root=_WIDER * near.root, from_prior=0.25)
        eye = np.tile(np.eye(5), (len(Family), 1, 1))
        noise_mass = self._noise_mass(*_plain_shapes())
        return Proposal(self.priors.family_weight, noise_mass, np.zeros((len(Family), 5)), eye, 0.5)

    def _noise_mass(self, z: Draws, family: NDArray[np.int64]) -> Draws:
        """Return how likely the noise settings are at some shapes, flattened, (settings,): also of those that no draw has."""
        count = len(self.settings)
        tried = self._evaluate(np.tile(z, (count, 1)), np.tile(family, count), np.repeat(np.arange(count), len(z)))
        score = np.logaddexp.reduce(tried.log_target.reshape(count, len(z)), axis=1)
        mass = np.exp(0.7 * (score - score.max()))
        mass = np.where(mass > 1e-5, mass, 0.0) + 1e-12
        out: Draws = mass / mass.sum()
        return out

    def _adapted(self, cloud: Cloud, log_weight: Draws) -> Proposal:
        """Fit the next proposal to the draws, their weights flattened as far as it takes to keep enough of them alive."""
        weight = _tempered(log_weight, 120.0)
        family_mass = np.bincount(cloud.family, weight, len(Family)) + 0.03
        seen = np.bincount(cloud.noise, weight, len(self.settings)) + 1e-3 / len(self.settings)
        tried = resample(np.log(np.maximum(weight, 1e-300)), _TRIED, self.seed)
        noise_mass = seen / seen.sum() + self._noise_mass(cloud.z[tried], cloud.family[tried])
        mean, root = np.zeros((len(Family), 5)), np.tile(np.eye(5), (len(Family), 1, 1))
        for one in Family:
            mine = cloud.family == one
            if mine.sum() > 100:
                w, z = _tempered(log_weight[mine], 60.0), cloud.z[mine]
                mean[one] = w @ z
                centred = z - mean[one]
                root[one] = np.linalg.cholesky((centred * w[:, None]).T @ centred + 1e-5 * np.eye(5))
        return Proposal(family_mass / family_mass.sum(), noise_mass / noise_mass.sum(), mean, root, 0.1)

    def _mean_gain(self, cloud: Cloud, log_weight: Draws) -> Draws:
        chosen = resample(log_weight, 256, self.seed)
        return (cloud.strength[chosen][:, :, None] * self._gain(cloud.z[chosen], cloud.family[chosen])).mean(axis=0)

    def _gain(self, z: Draws, family: NDArray[np.int64]) -> Draws:
        return self._gain_and_slope(z, family)[0]

    def _gain_and_slope(self, z: Draws, family: NDArray[np.int64]) -> tuple[Draws, Draws | None]:
        """Return g(r) for every cell, (n, S, T), and g'(r) where spend answers to churn."""
        half, steep, carry, _, _ = coordinates(z, family, self.priors)
        r = carry_over(self.history.spend_ratio[None], carry[:, None])
        gain = gains(family, r, half, steep)
        if self.feedback is None:
            return gain, None
        step = 0.02 * np.maximum(r, 1e-3)
        return gain, (gains(family, r + step, half, steep) - gain) / step

    def _evaluate(self, z: Draws, family: NDArray[np.int64], noise: NDArray[np.int64]) -> Cloud:
        half, steep, carry, middle, spread = coordinates(z, family, self.priors)
        n_segments = len(self.history.segments)
        gain_by_draw, slope = self._gain_and_slope(z, family)
        information, pull = np.empty((len(z), n_segments, n_segments)), np.empty((len(z), n_segments))
        for k in np.unique(noise):
            mine = noise == k
            information[mine], pull[mine] = self.settings[k].quadratic(gain_by_draw[mine])
            if self.feedback is not None and slope is not None:
                pull[mine] -= self.feedback.added_pull(slope[mine], carry[mine], k)
        for pilot in self.pilots:
            bought = gains(family, _spend_in_pilot(pilot, carry), half, steep)
            self._add_pilot(pilot, bought[:, 1:].mean(axis=1) - bought[:, 0], information, pull)
        strength, log_likelihood = self._strengths(information, pull, middle, spread)
        log_prior_mass = self.log_noise[noise] + np.log(self.priors.family_weight)[family] - 0.5 * (z**2).sum(axis=1)
        return Cloud(z, family, noise, strength, log_likelihood + log_prior_mass)

    def _strengths(self, information: Draws, pull: Draws, middle: Draws, spread: Draws) -> tuple[Draws, Draws]:
        """Return strengths (n, S) given each shape, and the log likelihood with them integrated out.

        Spend does nothing, helps or harms (spike and slab: Mitchell & Beauchamp 1988); given a shape the three are weighed
        exactly, and one of them is drawn by its share.
        """
        priors = self.priors
        good, log_good = draw_strengths(information, pull, middle, spread, self.seed)
        if priors.helps == 1:
            return good, log_good
        bad, log_bad = draw_strengths(information, -pull, middle, spread, self.seed + 1)
        cases = np.array([[priors.nothing], [priors.helps], [priors.harms]])
        with np.errstate(divide="ignore"):
            log_mass = np.log(cases) + np.stack([np.zeros(len(good)), log_good, log_bad])
        together = np.logaddexp.reduce(log_mass, axis=0)
        edges = np.cumsum(np.exp(log_mass - together), axis=0)
        chosen = (np.random.default_rng([self.seed, len(good), 5]).uniform(size=len(good)) > edges[:-1]).sum(axis=0)
        return np.stack([np.zeros_like(good), good, -bad])[chosen, np.arange(len(good))], together

    def _add_pilot(self, pilot: PilotEvidence, bought: Draws, information: Draws, pull: Draws) -> None:
        """Add a pilot's normal likelihood in place; `bought` (n,) is g(treated) - g(control), the gain per unit of strength."""
        customers = self.history.customers[:, -1]
        share = customers / max(customers.sum(), 1e-9)
        if pilot.segment is not None:
            share = np.array([float(name == pilot.segment) for name in self.history.segments])
        row = bought[:, None] * share
        information += row[:, :, None] * row[:, None, :] / pilot.standard_error**2
        pull += row * pilot.log_gain / pilot.standard_error**2


def _spend_in_pilot(pilot: PilotEvidence, carryover_rate: Draws) -> Draws:
    """Return the effective spend of the control, then of the treated in each month of the pilot; (n, 1 + months)."""
    low, high = pilot.spend_ratio_control, pilot.spend_ratio_treated
    carried = (
        carryover_rate[:, None] ** np.arange(1, pilot.months + 1)
        if pilot.months
        else np.zeros((len(carryover_rate), 1))
    )
    return np.column_stack([np.full(len(carryover_rate), low), high + (low - high) * carried])


def _spreads(one: Noise) -> tuple[float, ...]:
    return one.cell_spread, one.month_spread, one.drift_spread, one.drift_memory


def _plain_shapes() -> tuple[Draws, NDArray[np.int64]]:
    """Return the middle of every family at three carryovers, as coordinates z (n, 5) and family."""
    z = np.array([[0.0, 0, zc, 0, 0] for zc in (-0.8, 0.0, 0.8) for _ in Family])
    return z, np.tile(np.arange(len(Family)), 3)


def _tempered(log_weight: Draws, enough: float) -> Draws:
    """Return weights that sum to 1, raised to the highest power up to 1 that leaves an effective sample of `enough`."""
    power = 1.0
    while effective_sample_size(power * log_weight) < enough and power > 1e-3:
        power *= 0.8
    weight = np.exp(power * (log_weight - log_weight.max()))
    return weight / weight.sum()


def prior_cloud(history: History, priors: Priors, count: int, seed: int) -> tuple[Cloud, NDArray[np.int64]]:
    """Return draws of what is believed before any data, each as likely as the others; strengths are 0 or below it where nothing or
    harm is believed possible."""
    from scipy.special import ndtri

    u = sobol(count, 6, seed + 101)
    z, family = ndtri(u[:, :5]), np.searchsorted(np.cumsum(priors.family_weight)[:-1], u[:, 5])
    _, _, _, middle, spread = coordinates(z, family, priors)
    n_segments = len(history.segments)
    nothing = np.zeros((count, n_segments, n_segments)), np.zeros((count, n_segments))
    strength, _ = draw_strengths(*nothing, middle, spread, seed)
    if priors.helps < 1:
        case = np.random.default_rng([seed, count, 6]).uniform(size=count)
        strength *= np.where(case < priors.helps, 1.0, np.where(case < priors.helps + priors.harms, -1.0, 0.0))[:, None]
    return Cloud(z, family, np.zeros(count, np.int64), strength, np.zeros(count)), np.arange(count)
