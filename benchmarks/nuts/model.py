"""The model of docs/channels.md 1.2 and of churn, written anew for the no-U-turn sampler: nothing of the product is imported.

Every unknown is a standard normal a priori, z: shape and carryover (3), pooled strength and its spread between segments (2), strengths
(S, signed as the case says), then the spreads of the noise, continuous: cell, month, drift, and one less the drift's memory. The disturbances (level,
trend, steps, months, season, drift) are columns F v with v ~ N(0, I): integrated exactly where the likelihood is normal, sampled
with the rest where it is Poisson, there in coordinates in which they are nearly white (an exact change of variables).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.linalg import solve_triangular
from jax.scipy.special import ndtr, ndtri

jax.config.update("jax_enable_x64", True)
jax.config.update(
    "jax_cpu_enable_async_dispatch", False
)  # two chains under way at once wait for each other on one thread

EXPONENTIAL, HILL, POWER, THRESHOLD = range(4)
# Spreads are log-uniform half a step of the product's grid beyond its ends; a drift of 0 there is the smallest tenth of a percent here.
CHANNEL_RANGES = {"cell": (0.0016, 0.53), "month": (0.0025, 0.67), "drift": (0.0026, 0.27), "forgets": (0.02, 1.0)}
CHURN_RANGES = {"month": (0.0025, 0.67), "drift": (0.0072, 0.80), "forgets": (0.02, 1.0)}


Facts = dict[str, Any]  # arrays of one company, "family" (its number) and "sign" of what spend does among them


def shape_of(z: jax.Array, facts: Facts) -> tuple[jax.Array, ...]:
    """Return half-saturation, steepness and carryover of z[:3]."""
    low, high, top = (
        facts[f"prior_{name}"] for name in ("half_saturation_low", "half_saturation_high", "steepness_high")
    )
    u, family = ndtr(z), facts["family"]
    steep = jnp.where(family == POWER, 0.1 + 0.9 * u[0], 1 + (top - 1) * u[1])
    sharp = top * (facts["prior_threshold_steepness_high"] / top) ** u[1]
    return (
        low * (high / low) ** u[0],
        jnp.where(family == THRESHOLD, sharp, steep),
        facts["prior_carryover_high"] * u[2],
    )


def gain(r: jax.Array, half: jax.Array, steep: jax.Array, family: jax.Array) -> jax.Array:
    """Return g(r): exponential, Hill, power (each 1 at today's spend) or threshold (which goes to 1)."""
    exponential = (1 - 2 ** (-r / half)) / (1 - 2 ** (-1 / half))
    raised, middle = jnp.exp(steep * jnp.log(jnp.maximum(r, 1e-12))), half**steep
    step = raised / (middle + raised)
    smooth = jnp.where(family == EXPONENTIAL, exponential, step * (1 + middle))
    return jnp.where(family == THRESHOLD, step, jnp.where(family == POWER, raised, smooth))


def carried(ratio: jax.Array, carry: jax.Array) -> jax.Array:
    """Return effective spend r_t = a r_(t-1) + (1 - a) x_t along the months, begun at the first month's own."""

    def month(before: jax.Array, x: jax.Array) -> tuple[jax.Array, jax.Array]:
        now = carry * before + (1 - carry) * x
        return now, now

    return jax.lax.scan(month, ratio[:, 0], ratio.T)[1].T


def strengths(z: jax.Array, facts: Facts) -> jax.Array:
    """Return b_s ~ N(middle, spread^2) above 0, middle and spread half-normal, of z = (middle, spread, one a segment)."""
    above = ndtri(0.5 + 0.5 * ndtr(z[:2]))
    middle = facts["prior_strength_scale"] * above[0]
    spread = 0.01 + facts["prior_strength_spread_scale"] * above[1]
    beyond = ndtr(middle / spread) * ndtr(-z[2:])  # 1 - F, so that the upper tail keeps its digits
    return middle - spread * ndtri(beyond)


@dataclass(frozen=True)
class Model:
    """What is the same for many fits, so that one compilation serves them: whose likelihood, is spend in it, are the spreads given."""

    segments: int
    months: int
    poisson: bool
    responds: bool
    given: bool

    @property
    def response_size(self) -> int:
        return 5 + self.segments if self.responds else 0

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        return CHURN_RANGES if self.poisson else CHANNEL_RANGES

    @property
    def size(self) -> int:
        """Return how many z there are."""
        return self.response_size + (0 if self.given else len(self.ranges))

    @property
    def latent_size(self) -> int:
        """Return how many disturbances are sampled, columns of `columns` all told: none where they are integrated out."""
        return self.segments * (3 + self.months) + self.months if self.poisson else 0

    def slope(self, z: jax.Array, facts: Facts) -> jax.Array:
        """Return b g'(1), segments by weight, by the product's own difference."""
        if not self.responds:
            return jnp.zeros(())
        half, steep, _ = shape_of(z[:3], facts)
        up, down = (gain(jnp.array(r), half, steep, facts["family"]) for r in (1.01, 0.99))
        mean = strengths(z[3 : self.response_size], facts) @ facts["weight"]
        return facts["sign"] * mean * (up - down) / 0.02

    def bought(self, z: jax.Array, facts: Facts) -> jax.Array:
        """Return b g(r), (S, T)."""
        if not self.responds:
            return jnp.zeros((self.segments, self.months))
        half, steep, carry = shape_of(z[:3], facts)
        b = facts["sign"] * strengths(z[3 : self.response_size], facts)
        return b[:, None] * gain(carried(facts["spend_ratio"], carry), half, steep, facts["family"])

    def spreads(self, z: jax.Array, facts: Facts) -> dict[str, Any]:
        if self.given:
            month, drift, memory, cell = facts["setting"]
            return {"month": month, "drift": drift, "forgets": 1 - memory, "cell": cell}
        u = ndtr(z[self.response_size :])
        pairs = zip(self.ranges.items(), u, strict=True)
        return {name: low * (high / low) ** one for (name, (low, high)), one in pairs}

    def columns(self, spread: dict[str, Any], facts: Facts) -> tuple[jax.Array, jax.Array]:
        """Return what disturbs a segment alone, (S, T, p), and what disturbs all alike, (T, T): the cells are their sum times N(0, 1)s."""
        month = np.arange(self.months)
        level, trend = np.full(self.months, 10.0), 0.2 * np.linspace(-0.5, 0.5, self.months)
        fixed = jnp.asarray(np.tile(np.stack([level, trend], axis=1), (self.segments, 1, 1)))
        memory = jnp.maximum(1 - spread["forgets"], 1e-9)
        lag = np.maximum(month[:, None] - month[None, :], 0)
        new = jnp.where(month[None, :] == 0, 1.0, jnp.sqrt(1 - memory**2))
        root = spread["drift"] * jnp.where(month[:, None] >= month[None, :], memory**lag * new, 0.0)
        step = 0.3 * facts["step"][:, :, None]
        own = jnp.concatenate([fixed, step, jnp.tile(root, (self.segments, 1, 1))], axis=2)
        calendar = (month[:, None] % 12 == month[None, :] % 12).astype(float)
        together = spread["month"] ** 2 * jnp.eye(self.months) + facts["season_spread"] ** 2 * calendar
        return own, jnp.linalg.cholesky(together)

    def log_density(self, z: jax.Array, e: jax.Array, facts: Facts) -> jax.Array:
        """Return the log density of the unknowns and the data, with its constants: evidences can be compared."""
        prior = -0.5 * (z**2).sum() - 0.5 * z.size * jnp.log(2 * jnp.pi)
        return prior + (self._poisson(z, e, facts) if self.poisson else self._normal(z, facts))

    def _normal(self, z: jax.Array, facts: Facts) -> jax.Array:
        spread = self.spreads(z, facts)
        weight = facts["size"] / spread["cell"] ** 2
        left = facts["response"] + self.bought(z, facts)
        root = Root.of(*self.columns(spread, facts), weight)
        explained = sum((part**2).sum() for part in root.forward(weight * left))
        constant = 0.5 * jnp.log(weight / (2 * jnp.pi)).sum()
        return constant - 0.5 * (weight * left**2).sum() + 0.5 * explained - root.log_determinant

    def _poisson(self, z: jax.Array, e: jax.Array, facts: Facts) -> jax.Array:
        exposure, lost = jnp.log(facts["customers"]), facts["lost"]
        mean = jnp.log(lost.sum() / facts["customers"].sum()) - self.bought(z, facts)
        near, weight = jnp.log(lost + 0.5) - exposure, lost + 0.5  # where to look, not what is believed
        root = Root.of(*self.columns(self.spreads(z, facts), facts), weight)
        own, shared = root.forward(weight * (near - mean))
        cut = own.size
        v, disturbed = root.backward(own + e[:cut].reshape(own.shape), shared + e[cut:])
        log_mean = exposure + mean + disturbed
        likelihood = (lost * log_mean - jnp.exp(log_mean) - jax.scipy.special.gammaln(lost + 1)).sum()
        return likelihood - 0.5 * v - 0.5 * e.size * jnp.log(2 * jnp.pi) - root.log_determinant


@dataclass(frozen=True)
class Root:
    """The Cholesky root of I + F'WF, F the disturbances' columns: a block a segment, and below them one row of blocks for what all share."""

    own: jax.Array  # columns (S, T, p)
    shared: jax.Array  # columns (T, q)
    block: jax.Array  # (S, p, p)
    border: jax.Array  # (S, p, q)
    corner: jax.Array  # (q, q)

    @classmethod
    def of(cls, own: jax.Array, shared: jax.Array, weight: jax.Array) -> Root:
        weighed = own * weight[:, :, None]
        block = jnp.linalg.cholesky(jnp.eye(own.shape[2]) + jnp.einsum("stp,stq->spq", weighed, own))
        border = solve_triangular(block, jnp.einsum("stp,tq->spq", weighed, shared), lower=True)
        corner = jnp.eye(shared.shape[1]) + (shared.T * weight.sum(axis=0)) @ shared
        return cls(own, shared, block, border, jnp.linalg.cholesky(corner - jnp.einsum("spq,spr->qr", border, border)))

    @property
    def log_determinant(self) -> jax.Array:
        """Return the log determinant of the root, half that of the matrix."""
        return jnp.log(jnp.diagonal(self.block, axis1=1, axis2=2)).sum() + jnp.log(jnp.diag(self.corner)).sum()

    def forward(self, cells: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Return root^-1 F'cells for cells (S, T): a part a segment and the shared part."""
        own = solve_triangular(self.block, jnp.einsum("stp,st->sp", self.own, cells)[:, :, None], lower=True)[:, :, 0]
        left = self.shared.T @ cells.sum(axis=0) - jnp.einsum("spq,sp->q", self.border, own)
        return own, solve_triangular(self.corner, left, lower=True)

    def backward(self, own: jax.Array, shared: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Return |v|^2 and F v (S, T) of v = root'^-1 (own, shared)."""
        v_shared = solve_triangular(self.corner.T, shared, lower=False)
        left = own - self.border @ v_shared
        v_own = solve_triangular(self.block.transpose(0, 2, 1), left[:, :, None], lower=False)[:, :, 0]
        disturbed = jnp.einsum("stp,sp->st", self.own, v_own) + self.shared @ v_shared
        return (v_own**2).sum() + (v_shared**2).sum(), disturbed
