"""A company drawn at random from what is thought possible, before a regime makes it a special one."""

from __future__ import annotations

import numpy as np

from benchmarks.simulation.company import CHANNELS, STRENGTH_SCALE, Budget, Company, Disturbance, Link, stream
from benchmarks.simulation.curves import draw_curve

N_SEGMENTS = 4
HELPS, HARMS = (
    0.22,
    0.03,
)  # of margin, support and joins where they are drawn from the prior; else spend leaves them alone


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a log-uniform number."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def draw_company(channels: str, *purpose: str, seed: int) -> Company:
    """Return a company whose spend acts on `channels`: names joined by +, "all", "none", or "prior" (churn, and others by chance)."""
    active = _signs(channels, stream(seed, *purpose, "channels"))
    links = {name: _link(name, active[name], stream(seed, *purpose, name)) for name in CHANNELS}
    rng = stream(seed, *purpose, "company")
    return Company(
        seed=int(rng.integers(2**31)),
        links=links,
        n_segments=N_SEGMENTS,
        customers=between(rng, 2_000, 40_000),
        churn=float(rng.uniform(0.008, 0.04)),
        spend=between(rng, 0.7, 12),
        support=between(rng, 2, 12),
        n_months=int(rng.choice([24, 36, 48])),
        disturbances={name: _disturbance(name, rng) for name in CHANNELS},
        budget=Budget(variation=float(rng.uniform(0.1, 0.4))),
    )


def _signs(channels: str, rng: np.random.Generator) -> dict[str, float]:
    if channels == "prior":
        drawn = rng.choice([1.0, -1.0, 0.0], len(CHANNELS), p=(HELPS, HARMS, 1 - HELPS - HARMS))
        return {**dict(zip(CHANNELS, drawn.tolist(), strict=True)), "churn": 1.0}
    named = CHANNELS if channels == "all" else channels.split("+")
    return {name: float(name in named) for name in CHANNELS}


def _link(channel: str, sign: float, rng: np.random.Generator) -> Link:
    """Return a link with its own shape, carryover and strengths: one sign, pooled around a middle, in every segment."""
    scale, spread = STRENGTH_SCALE[channel]
    curve, carryover = draw_curve(rng), float(rng.uniform(0, 0.9))
    middle, apart = abs(rng.normal(0, scale)), 0.01 * scale / 0.35 + abs(rng.normal(0, spread))
    drawn = rng.normal(middle, apart, 200 * N_SEGMENTS)
    return Link(tuple((sign * drawn[drawn >= 0][:N_SEGMENTS]).tolist()), curve, carryover)


def _disturbance(channel: str, rng: np.random.Generator) -> Disturbance:
    month, drift, cell = {
        "churn": ((0.01, 0.15), (0.01, 0.15), None),
        "margin": ((0.005, 0.06), (0.004, 0.04), (0.004, 0.03)),
        "support": ((0.01, 0.10), (0.01, 0.10), (0.01, 0.06)),
        "joins": ((0.01, 0.15), (0.01, 0.10), None),
    }[channel]
    memory = float(rng.choice([0.0, 0.6, 0.9]))
    own = 0.0 if cell is None else between(rng, *cell)
    return Disturbance(between(rng, *month), between(rng, *drift), memory, own)
