"""The response: what spend does to churn, as draws of curves that history and pilots leave standing.

Churn is h(r) = h_today exp(-[U(r) - U(1)]) with U(r) = b g(r): see `cxroi.model.shape` for g and `cxroi.model.evidence` for the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cxroi.model.assumption import Grade
from cxroi.model.baseline import measure_baseline, trailing_window
from cxroi.model.evidence import Expansion, History, expand, history_of, log_prior, noise_settings
from cxroi.model.panel import Panel
from cxroi.model.pilot import PilotEvidence
from cxroi.model.shape import Family, carry_over, gain, gains
from cxroi.model.uncertainty import Draws, effective_sample_size, resample, sobol

ENOUGH_DRAWS = 400
_ROUNDS = 10


@dataclass(frozen=True, kw_only=True)
class Priors:
    """What is believed before any data; the values in use stand in data/assumptions.toml with their sources."""

    strength_scale: float = 0.35  # half-normal, log hazard bought by today's spend
    strength_spread_scale: float = 0.15  # half-normal, between segments
    half_saturation_low: float = 0.25  # log-uniform, times today's spend
    half_saturation_high: float = 4.0
    steepness_high: float = 3.0  # uniform from 1
    carryover_high: float = 0.9  # uniform from 0, a month


@dataclass(frozen=True, kw_only=True)
class ResponseCurve:
    """One response curve: `shape` is "exponential", "hill" or "power"; `strength` is what today's spend buys."""

    shape: str
    strength: float
    half_saturation: float = 1.0
    steepness: float = 1.0
    carryover_rate: float = 0.0

    def log_hazard_gain(self, spend_ratio: ArrayLike) -> NDArray[np.float64]:
        """Return U(r) = b g(r), the log hazard that spend r (today = 1) takes off churn; U(0) = 0, U(1) = b.

        >>> ResponseCurve(shape="exponential", strength=0.3).log_hazard_gain([0, 1]).tolist()
        [0.0, 0.3]
        """
        return self.strength * gain(Family[self.shape.upper()], spend_ratio, self.half_saturation, self.steepness)


@dataclass(frozen=True, kw_only=True, eq=False)
class ResponsePosterior:
    """Equally likely response curves: shapes (n_draws,), strengths (n_draws, n_segments), with how they were learned."""

    segments: tuple[str, ...]
    family: NDArray[np.int64]
    half_saturation: Draws
    steepness: Draws
    carryover_rate: Draws
    strength: Draws
    month_spread: Draws
    drift_spread: Draws
    effective_sample_size: float
    dispersion: float
    observed_low: float  # lowest and highest monthly spend per customer, as a ratio of today's, over all segments
    observed_high: float
    history_months: int
    grade: Grade
    history: History
    prior: ResponsePosterior | None = field(default=None, repr=False)

    def gains(self, effective_spend: ArrayLike) -> Draws:
        """Return g(r) for every draw; `effective_spend` has draws first, or is the same for all draws."""
        r = np.asarray(effective_spend, dtype=float)
        if r.shape[:1] != self.family.shape:
            r = np.broadcast_to(r, (*self.family.shape, *r.shape))
        return gains(self.family, r, self.half_saturation, self.steepness)

    def slope_of_shape(self) -> Draws:
        """Return g'(1) per draw: how much of today's gain the next unit of spend adds, (n_draws,)."""
        step = 0.01
        return (self.gains(1 + step) - self.gains(1 - step)) / (2 * step)

    def slope(self) -> Draws:
        """Return b g'(1) per draw and segment: log hazard gained per doubling of today's spend, at the margin."""
        return self.strength * self.slope_of_shape()[:, None]

    def curve(self, draw: int, segment: str) -> ResponseCurve:
        """Return one draw of one segment's curve."""
        return ResponseCurve(
            shape=Family(int(self.family[draw])).name.lower(),
            strength=float(self.strength[draw, self.segments.index(segment)]),
            half_saturation=float(self.half_saturation[draw]),
            steepness=float(self.steepness[draw]),
            carryover_rate=float(self.carryover_rate[draw]),
        )

    def take(self, draws: NDArray[np.int64] | slice) -> ResponsePosterior:
        """Return the posterior made of some of the draws only."""
        arrays = (
            "family",
            "half_saturation",
            "steepness",
            "carryover_rate",
            "strength",
            "month_spread",
            "drift_spread",
        )
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return ResponsePosterior(**{**facts, **{name: facts[name][draws] for name in arrays}, "prior": None})


@dataclass(eq=False)
class _Cloud:
    """Draws before resampling: standard-normal coordinates z (n, 5), family and noise setting, and what they imply."""

    z: Draws
    family: NDArray[np.int64]
    noise: NDArray[np.int64]
    strength: Draws
    log_target: Draws  # log prior(z, family, noise) + log likelihood, up to a constant

    def joined(self, other: _Cloud) -> _Cloud:
        pairs = ((getattr(self, n), getattr(other, n)) for n in ("z", "family", "noise", "strength", "log_target"))
        return _Cloud(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True, eq=False)
class _Proposal:
    """Where a round draws from: families and noise settings by mass, z normal within a family, a part from the prior."""

    family_mass: Draws
    noise_mass: Draws
    mean: Draws  # (3, 5)
    root: Draws  # (3, 5, 5)
    from_prior: float

    def draw(self, count: int, seed: int) -> tuple[Draws, NDArray[np.int64], NDArray[np.int64]]:
        from scipy.special import ndtri

        u = sobol(count, 8, seed)
        family = np.minimum(np.searchsorted(np.cumsum(self.family_mass), u[:, 0]), len(Family) - 1)
        noise = np.minimum(np.searchsorted(np.cumsum(self.noise_mass), u[:, 1]), self.noise_mass.size - 1)
        z = ndtri(u[:, 2:7])
        moved = self.mean[family] + np.einsum("nij,nj->ni", self.root[family], z)
        return np.where((u[:, 7] < self.from_prior)[:, None], z, moved), family, noise

    def log_density(self, z: Draws, family: NDArray[np.int64], noise: NDArray[np.int64]) -> Draws:
        own = np.empty(len(z))
        for one in range(len(Family)):
            mine = family == one
            white = np.linalg.solve(self.root[one], (z[mine] - self.mean[one]).T)
            own[mine] = -0.5 * (white**2).sum(axis=0) - np.log(np.abs(np.diag(self.root[one]))).sum()
        base = -0.5 * (z**2).sum(axis=1)
        mixed = np.logaddexp(np.log(1 - self.from_prior + 1e-300) + own, np.log(self.from_prior) + base)
        return mixed + np.log(self.family_mass[family]) + np.log(self.noise_mass[noise])


def fit_response(
    panel: Panel,
    *,
    pilots: tuple[PilotEvidence, ...] = (),
    priors: Priors | None = None,
    seed: int = 0,
    draws: int = 2048,
    without: int | None = None,
) -> ResponsePosterior:
    """Return the posterior of the response given the panel's history and any pilots.

    Adaptive importance sampling (Cornuet and others 2012): Sobol draws of shape, carryover, pooled strength and nuisance spreads; given
    these the strengths of all segments are a truncated normal, drawn one after another (Geweke 1991) with their exact
    weight. Rounds of `draws` (the first of twice as many) follow until the effective sample size passes 400. `without` leaves one segment's months out.
    """
    priors = priors or Priors()
    baseline = measure_baseline(panel)
    segments = tuple(s.segment for s in baseline.segments)
    history = history_of(panel, segments, trailing_window(panel))
    history = history if without is None else history.without(without)
    sampler = _Sampler(history, pilots, priors, seed, draws)
    cloud, log_weight = sampler.run()
    chosen = resample(log_weight, draws, seed)
    chosen = np.random.default_rng(seed).permutation(chosen)
    prior = _as_posterior(*_prior_cloud(history, priors, draws, seed), history, priors)
    settings = sampler.settings
    return _as_posterior(
        cloud,
        chosen,
        history,
        priors,
        month_spread=np.array([s.month_spread for s in settings])[cloud.noise[chosen]],
        drift_spread=np.array([s.drift_spread for s in settings])[cloud.noise[chosen]],
        effective_sample_size=effective_sample_size(log_weight),
        dispersion=sampler.expansion.dispersion,
        grade=min([pilot.grade for pilot in pilots], default=_history_grade(history)),
        prior=prior,
    )


def _history_grade(history: History) -> Grade:
    """C needs segments to compare within a month; one segment is before against after, no better than a survey linkage."""
    return Grade.OWN_HISTORY if len(history.segments) > 1 else Grade.SURVEY_LINKAGE


class _Sampler:
    """Adaptive importance sampling of one history."""

    def __init__(
        self, history: History, pilots: tuple[PilotEvidence, ...], priors: Priors, seed: int, draws: int
    ) -> None:
        self.draws = draws
        self.history, self.pilots, self.priors, self.seed = history, pilots, priors, seed
        self._expand(expand(history, np.zeros(history.customers.shape)))

    def _expand(self, expansion: Expansion) -> None:
        self.expansion, self.settings = expansion, noise_settings(expansion)
        self.log_noise = np.array([s.log_evidence + log_prior(s) for s in self.settings])

    def run(self) -> tuple[_Cloud, Draws]:
        first = self._first_proposal()
        pilot_round = self._evaluate(*first.draw(self.draws // 2, self.seed))
        weight = pilot_round.log_target - first.log_density(pilot_round.z, pilot_round.family, pilot_round.noise)
        self._expand(expand(self.history, -self._mean_gain(pilot_round, weight)))
        proposals, counts = [self._first_proposal()], [2 * self.draws]
        cloud = self._evaluate(*proposals[0].draw(2 * self.draws, self.seed))
        for turn in range(_ROUNDS):
            densities = [
                np.log(n / sum(counts)) + p.log_density(cloud.z, cloud.family, cloud.noise)
                for p, n in zip(proposals, counts, strict=True)
            ]
            log_weight = cloud.log_target - np.logaddexp.reduce(densities, axis=0)
            if turn == _ROUNDS - 1 or (turn > 0 and effective_sample_size(log_weight) > 2 * ENOUGH_DRAWS):
                break
            proposals.append(self._adapted(cloud, log_weight))
            counts.append(self.draws)
            cloud = cloud.joined(self._evaluate(*proposals[-1].draw(self.draws, self.seed + turn + 1)))
        return cloud, log_weight

    def _first_proposal(self) -> _Proposal:
        """Draw shapes from the prior, and noise settings by how well they explain the months at a few plain shapes."""
        z = np.array([[0.0, 0, zc, 0, 0] for zc in (-0.8, 0.0, 0.8) for _ in Family])
        family, count = np.tile(np.arange(len(Family)), 3), len(self.settings)
        tried = self._evaluate(np.tile(z, (count, 1)), np.tile(family, count), np.repeat(np.arange(count), len(z)))
        log_mass = tried.log_target.reshape(count, len(z))
        score = np.logaddexp.reduce(log_mass, axis=1)
        mass = np.exp(0.7 * (score - score.max()))
        mass = np.where(mass > 1e-5, mass, 0.0) + 1e-12
        eye = np.tile(np.eye(5), (len(Family), 1, 1))
        return _Proposal(np.full(3, 1 / 3), mass / mass.sum(), np.zeros((3, 5)), eye, 0.5)

    def _adapted(self, cloud: _Cloud, log_weight: Draws) -> _Proposal:
        """Fit the next proposal to the draws, their weights flattened as far as it takes to keep enough of them alive."""
        weight = _tempered(log_weight, 120.0)
        family_mass = np.bincount(cloud.family, weight, len(Family)) + 0.03
        noise_mass = np.bincount(cloud.noise, weight, len(self.settings)) + 1e-3 / len(self.settings)
        mean, root = np.zeros((3, 5)), np.tile(np.eye(5), (3, 1, 1))
        for one in Family:
            mine = cloud.family == one
            if mine.sum() > 100:
                w, z = _tempered(log_weight[mine], 60.0), cloud.z[mine]
                mean[one] = w @ z
                centred = z - mean[one]
                root[one] = np.linalg.cholesky(1.4 * (centred * w[:, None]).T @ centred + 1e-5 * np.eye(5))
        return _Proposal(family_mass / family_mass.sum(), noise_mass / noise_mass.sum(), mean, root, 0.1)

    def _mean_gain(self, cloud: _Cloud, log_weight: Draws) -> Draws:
        chosen = resample(log_weight, 256, self.seed)
        return (cloud.strength[chosen][:, :, None] * self._gain(cloud.z[chosen], cloud.family[chosen])).mean(axis=0)

    def _gain(self, z: Draws, family: NDArray[np.int64]) -> Draws:
        half, steep, carry, _, _ = coordinates(z, family, self.priors)
        r = carry_over(self.history.spend_ratio[None], carry[:, None])
        return gains(family, r, half, steep)

    def _evaluate(self, z: Draws, family: NDArray[np.int64], noise: NDArray[np.int64]) -> _Cloud:
        half, steep, _, middle, spread = coordinates(z, family, self.priors)
        n_segments = len(self.history.segments)
        gain_by_draw = self._gain(z, family)
        information, pull = np.empty((len(z), n_segments, n_segments)), np.empty((len(z), n_segments))
        for k in np.unique(noise):
            mine = noise == k
            information[mine], pull[mine] = self.settings[k].quadratic(gain_by_draw[mine])
        for pilot in self.pilots:
            self._add_pilot(pilot, family, half, steep, information, pull)
        strength, log_likelihood = draw_strengths(information, pull, middle, spread, self.seed)
        log_target = log_likelihood + self.log_noise[noise] - 0.5 * (z**2).sum(axis=1)
        return _Cloud(z, family, noise, strength, log_target)

    def _add_pilot(self, pilot: PilotEvidence, family, half, steep, information, pull) -> None:  # type: ignore[no-untyped-def]
        ones = np.ones(len(family))
        difference = gains(family, pilot.spend_ratio_treated * ones, half, steep) - gains(
            family, pilot.spend_ratio_control * ones, half, steep
        )
        customers = self.history.customers[:, -1]
        share = customers / max(customers.sum(), 1e-9)
        if pilot.segment is not None:
            share = np.array([float(name == pilot.segment) for name in self.history.segments])
        row = difference[:, None] * share
        information += row[:, :, None] * row[:, None, :] / pilot.standard_error**2
        pull += row * pilot.log_hazard_gain / pilot.standard_error**2


def _tempered(log_weight: Draws, enough: float) -> Draws:
    """Return weights that sum to 1, raised to the highest power up to 1 that leaves an effective sample of `enough`."""
    power = 1.0
    while effective_sample_size(power * log_weight) < enough and power > 1e-3:
        power *= 0.8
    weight = np.exp(power * (log_weight - log_weight.max()))
    return weight / weight.sum()


def coordinates(z: Draws, family: NDArray[np.int64], priors: Priors) -> tuple[Draws, ...]:
    """Return half-saturation, steepness, carryover, pooled strength and its spread for standard-normal `z` (n, 5)."""
    from scipy.special import ndtr, ndtri

    u = ndtr(z)
    low, high = np.log(priors.half_saturation_low), np.log(priors.half_saturation_high)
    half = np.exp(low + (high - low) * u[:, 0])
    steep = np.where(family == Family.POWER, 0.1 + 0.9 * u[:, 0], 1 + (priors.steepness_high - 1) * u[:, 1])
    upper = ndtri(np.minimum(0.5 + 0.5 * u[:, 3:], 1 - 1e-12))
    middle = priors.strength_scale * upper[:, 0]
    spread = 0.01 + priors.strength_spread_scale * upper[:, 1]
    return half, steep, priors.carryover_high * u[:, 2], middle, spread


def draw_strengths(information: Draws, pull: Draws, middle: Draws, spread: Draws, seed: int) -> tuple[Draws, Draws]:
    """Return strengths b >= 0 (n, S) drawn given each shape, and the log likelihood with b integrated out.

    log L(b) = pull'b - b'information b / 2 and b_s ~ N(middle, spread^2) above 0. The truncated normal is drawn one segment after
    another (GHK: Geweke 1991, Hajivassiliou & McFadden 1998, Keane 1994); its factors are the unbiased weight.
    """
    from scipy.special import log_ndtr, ndtr, ndtri

    n, n_segments = pull.shape
    precision = 1 / spread**2
    scaled = information * (spread**2)[:, None, None] + np.eye(n_segments)
    covariance = np.linalg.inv(scaled) * (spread**2)[:, None, None]
    covariance = 0.5 * (covariance + covariance.transpose(0, 2, 1))
    force = pull + (middle * precision)[:, None]
    centre = np.einsum("nij,nj->ni", covariance, force)
    log_weight = 0.5 * (np.einsum("ni,ni->n", force, centre) - n_segments * middle**2 * precision)
    log_weight -= 0.5 * np.linalg.slogdet(scaled)[1] + n_segments * log_ndtr(middle / spread)
    root = np.linalg.cholesky(covariance)
    uniform = np.random.default_rng([seed, n]).uniform(size=(n, n_segments))
    white, strength = np.zeros((n, n_segments)), np.empty((n, n_segments))
    for s in range(n_segments):
        shift = centre[:, s] + np.einsum("nj,nj->n", root[:, s, :s], white[:, :s])
        floor = -shift / root[:, s, s]
        above = np.maximum(ndtr(-floor), 1e-300)
        log_weight += log_ndtr(-floor)
        white[:, s] = -ndtri(np.clip(uniform[:, s] * above, 1e-300, 1 - 1e-16))
        strength[:, s] = np.maximum(shift + root[:, s, s] * white[:, s], 0.0)
    return strength, log_weight


def _prior_cloud(history: History, priors: Priors, count: int, seed: int) -> tuple[_Cloud, NDArray[np.int64]]:
    from scipy.special import ndtri

    u = sobol(count, 6, seed + 101)
    z, family = ndtri(u[:, :5]), np.minimum((u[:, 5] * 3).astype(np.int64), 2)
    _, _, _, middle, spread = coordinates(z, family, priors)
    n_segments = len(history.segments)
    nothing = np.zeros((count, n_segments, n_segments)), np.zeros((count, n_segments))
    strength, _ = draw_strengths(*nothing, middle, spread, seed)
    return _Cloud(z, family, np.zeros(count, np.int64), strength, np.zeros(count)), np.arange(count)


def _as_posterior(
    cloud: _Cloud, chosen: NDArray[np.int64], history: History, priors: Priors, **facts: object
) -> ResponsePosterior:
    half, steep, carry, _, _ = coordinates(cloud.z[chosen], cloud.family[chosen], priors)
    ratio = history.spend_ratio[history.seen & (history.today_spend > 0)[:, None]]
    defaults: dict[str, object] = {
        "month_spread": np.zeros(chosen.size),
        "drift_spread": np.zeros(chosen.size),
        "effective_sample_size": float(chosen.size),
        "dispersion": 1.0,
        "grade": Grade.TYPED_IN,
    }
    return ResponsePosterior(
        segments=history.segments,
        family=cloud.family[chosen].astype(np.int64),
        half_saturation=half,
        steepness=steep,
        carryover_rate=carry,
        strength=cloud.strength[chosen],
        observed_low=float(ratio.min()) if ratio.size else 1.0,
        observed_high=float(ratio.max()) if ratio.size else 1.0,
        history_months=int(history.seen.any(axis=0).sum()),
        history=history,
        **{**defaults, **facts},  # type: ignore[arg-type]
    )
