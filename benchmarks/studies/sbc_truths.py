"""Truths drawn from the priors of a channel, and months drawn from its likelihood, for `benchmarks.studies.sbc`."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation.companies import Company, Inside, _spend_plan, simulate
from cxroi.model.company.panel import Panel
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import ChannelCells
from cxroi.model.response.likelihood import History, Spreads, nuisance_columns, season_covariance
from cxroi.model.response.prior import Priors, coordinates, draw_strengths
from cxroi.model.response.shape import Family, carry_over

Array = NDArray[np.float64]
SEGMENTS = 4


@dataclass(frozen=True)
class Truth:
    """What one history was made from: the unknowns of one posterior draw, noise as in the sampler's grid."""

    family: int
    half: float
    steep: float
    carry: float
    strength: Array  # (S,), signed
    month: float
    drift: float
    memory: float
    cell: float = 0.0

    @property
    def response(self) -> Inside:
        return Inside(self.family, self.half, self.steep)

    def quantities(self, weight: Array) -> dict[str, float]:
        """Return what is placed among the draws; segments count by `weight`."""
        mean = float(self.strength @ weight)
        up, down = (float(self.response(np.array(r))) for r in (1.01, 0.99))
        return {
            "slope": mean * (up - down) / 0.02,
            "strength": mean,
            "carryover": self.carry,
            "month_spread": self.month,
            "drift_spread": self.drift,
        }


def draw_truth(
    rng: np.random.Generator,
    priors: Priors,
    spreads: Spreads,
    cells: tuple[float, ...] = (0.0,),
    *,
    between: bool = False,
) -> Truth:
    """Return unknowns drawn from the priors, the noise from the grid of spreads that the sampler knows, or anywhere `between` them."""
    family = np.array([rng.choice(len(Family), p=priors.family_weight)])
    half, steep, carry, middle, spread = coordinates(rng.normal(size=(1, 5)), family, priors)
    nothing = np.zeros((1, SEGMENTS, SEGMENTS)), np.zeros((1, SEGMENTS))
    size = draw_strengths(*nothing, middle, spread, int(rng.integers(1 << 31)))[0][0]
    sign = rng.choice([0.0, 1.0, -1.0], p=[priors.nothing, priors.helps, priors.harms])
    month, drift, cell = (_one_of(rng, grid, between) for grid in (spreads.months, spreads.drift, cells))
    return Truth(
        family=int(family[0]),
        half=float(half[0]),
        steep=float(steep[0]),
        carry=float(carry[0]),
        strength=sign * size,
        month=month,
        drift=drift,
        memory=float(rng.choice(spreads.memory)) if drift else 0.0,
        cell=cell,
    )


def _one_of(rng: np.random.Generator, grid: tuple[float, ...], between: bool) -> float:
    """Return one of a grid, moved by up to half of its last step (in logs) where it may lie between."""
    value = float(rng.choice(grid))
    return value * float((grid[-1] / grid[-2]) ** rng.uniform(-0.5, 0.5)) if between and len(grid) > 1 else value


def draw_months(rng: np.random.Generator, truth: Truth, months: int) -> tuple[Array, Array]:
    """Return spend as a ratio of today's in staggered steps, and the log outcome without its error about its level; (S, T) each."""
    plan = _spend_plan(rng, (SEGMENTS, months), float(rng.uniform(0.1, 0.4)))
    ratio = plan / plan[:, -12:].mean(axis=1, keepdims=True)
    effective = carry_over(ratio, np.full(SEGMENTS, truth.carry))
    lag = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    drift = truth.drift**2 * (truth.memory**lag if truth.memory else np.eye(months))
    trend = nuisance_columns(SEGMENTS, months)[:, 1]
    own = [_normal(rng, drift) + trend * rng.normal() for _ in range(SEGMENTS)]
    together = _normal(rng, truth.month**2 * np.eye(months) + season_covariance(months))
    return ratio, np.stack(own) + together - truth.strength[:, None] * truth.response(effective)


def draw_cells(rng: np.random.Generator, channel: Channel, truth: Truth, months: int) -> ChannelCells:
    """Return cells drawn from a channel's own likelihood."""
    ratio, log = draw_months(rng, truth, months)
    size = np.repeat(np.exp(rng.normal(0, 0.4, (SEGMENTS, 1))), months, axis=1)
    size = size / size.mean()
    response = log + truth.cell / np.sqrt(size) * rng.normal(size=log.shape)
    history = History(
        segments=tuple(f"s{s}" for s in range(SEGMENTS)),
        customers=1000 * size,
        lost=np.zeros(log.shape),
        spend_ratio=ratio,
        today_spend=np.ones(SEGMENTS),
    )
    about = response - response.mean(axis=1, keepdims=True)
    return ChannelCells(channel=channel, history=history, response=about, size=size)


def draw_losses(rng: np.random.Generator, truth: Truth, months: int) -> Panel:
    """Return a panel whose losses are drawn from churn's own likelihood, the customers lost replaced in the same month."""
    ratio, log = draw_months(rng, truth, months)
    customers = np.exp(rng.uniform(np.log(2_000), np.log(40_000)) + rng.normal(0, 0.4, (SEGMENTS, 1)))
    start = np.repeat(np.round(customers), months, axis=1)
    level = np.log(rng.uniform(0.008, 0.04) * np.exp(rng.normal(0, 0.25, (SEGMENTS, 1))))
    today = log.mean(axis=1, keepdims=True)
    lost = np.minimum(rng.poisson(start * np.exp(level + log - today)), start).astype(float)
    plain = simulate(Company(n_segments=SEGMENTS, n_months=months)).panel
    return replace(
        plain, customers_at_start=start, customers_lost=lost, customers_joined=lost, cx_spend=3 * ratio * start
    )


def _normal(rng: np.random.Generator, covariance: Array) -> Array:
    value, vector = np.linalg.eigh(covariance)
    return vector @ (np.sqrt(np.maximum(value, 0)) * rng.normal(size=value.size))


def company_of(rng: np.random.Generator, truth: Truth, months: int, seed: int) -> Company:
    """Return a whole company whose churn answers to spend as the truth says."""
    return Company(
        seed=seed,
        n_months=months,
        customers=float(np.exp(rng.uniform(np.log(2_000), np.log(40_000)))),
        churn=float(rng.uniform(0.008, 0.04)),
        strength=tuple(truth.strength.tolist()),
        response=truth.response,
        carryover_rate=truth.carry,
        spend_variation=float(rng.uniform(0.1, 0.4)),
        month_spread=truth.month,
        drift_spread=truth.drift,
        drift_memory=truth.memory,
        own_unit=True,
    )
