"""What is believed before any data, and strengths drawn given a shape.

Unknowns are standard normals z turned into what they stand for, so that a sampler need not know the priors' own laws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cxroi.model.response.shape import Family
from cxroi.model.statistics.uncertainty import Draws


@dataclass(frozen=True, kw_only=True)
class Priors:
    """What is believed before any data; the values in use stand in data/assumptions.toml with their sources."""

    strength_scale: float = 0.35  # half-normal, log of the outcome bought by today's spend
    strength_spread_scale: float = 0.15  # half-normal, between segments
    half_saturation_low: float = 0.25  # log-uniform, times today's spend
    half_saturation_high: float = 4.0
    steepness_high: float = 3.0  # uniform from 1
    threshold_steepness_high: float = 20.0  # log-uniform from steepness_high
    threshold_weight: float = 0.4  # of the family; the others share the rest equally
    carryover_high: float = 0.9  # uniform from 0, a month
    nothing: float = 0.2  # probability that spend leaves the outcome alone
    harms: float = 0.05  # and that it makes it worse
    share: float = 1.0  # of the spend: less for one line of several
    lines: float = 1.0  # among how many lines the strength is split

    @property
    def helps(self) -> float:
        """Return the probability that spend makes the outcome better."""
        return 1 - self.nothing - self.harms

    @property
    def family_weight(self) -> Draws:
        """Return the prior weight of each family, (families,)."""
        others = (1 - self.threshold_weight) / (len(Family) - 1)
        return np.array([self.threshold_weight if one == Family.THRESHOLD else others for one in Family])


def coordinates(z: Draws, family: NDArray[np.int64], priors: Priors) -> tuple[Draws, ...]:
    """Return half-saturation, steepness, carryover, pooled strength and its spread for standard-normal `z` (n, 5)."""
    from scipy.special import ndtr, ndtri

    u = ndtr(z)
    low, high = np.log(priors.half_saturation_low), np.log(priors.half_saturation_high)
    half = np.exp(low + (high - low) * u[:, 0])
    steep = np.where(family == Family.POWER, 0.1 + 0.9 * u[:, 0], 1 + (priors.steepness_high - 1) * u[:, 1])
    sharper = (priors.threshold_steepness_high / priors.steepness_high) ** u[:, 1]
    steep = np.where(family == Family.THRESHOLD, priors.steepness_high * sharper, steep)
    upper = ndtri(np.minimum(0.5 + 0.5 * u[:, 3:], 1 - 1e-12))
    middle = priors.strength_scale * upper[:, 0]
    spread = 0.01 + priors.strength_spread_scale * upper[:, 1]
    if priors.share < 1:
        typical = priors.strength_scale * np.sqrt(2 / np.pi)
        middle = priors.strength_scale * np.interp(u[:, 3], *_split_strength(priors.share, priors.lines))
        spread *= np.maximum(middle, 1e-4) / typical
    return half, steep, priors.carryover_high * u[:, 2], middle, spread


@lru_cache(maxsize=64)
def _split_strength(share: float, lines: float) -> tuple[Draws, Draws]:
    """Return (probability, quantile) of |N(0, 1)| w, w ~ Beta(L s, L (1 - s)): what one line of L has of a half-normal strength."""
    from scipy.special import betaincinv, ndtr

    middles = (np.arange(400) + 0.5) / 400
    weight = np.maximum(betaincinv(lines * share, lines * (1 - share), middles), 1e-12)
    quantile = np.concatenate([[0.0], np.geomspace(1e-7, 6.0, 600)])
    probability = (2 * ndtr(quantile[:, None] / weight) - 1).mean(axis=1)
    return probability, quantile


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
