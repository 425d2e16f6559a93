"""Simulation-based calibration: truths drawn from the priors, months from the likelihood, and where the truth falls among what is fitted.

If sampler, likelihood and priors are one model, the truth is one more draw of its own posterior and its place is uniform (Talts and
others 2018); at the spike, where draws tie with the truth, the place among the ties is drawn (Modrak and others 2023).
`python -m benchmarks.sbc [--companies 400] [--regimes margin,churn] [--processes 1]` writes docs/sbc.md and takes up where it was
stopped: a history is a line in --folder.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one history a core

import numpy as np
from numpy.typing import NDArray

from benchmarks import made_companies
from benchmarks.calibration import Inside
from benchmarks.companies import Company, _spend_plan, simulate
from benchmarks.sbc_report import report
from cxroi.business_case.evidence import read_register
from cxroi.model.channels import (
    CELL_SPREADS,
    CHANNEL_PRIORS,
    DRIFT_MEMORY,
    DRIFT_SPREADS,
    MONTH_SPREADS,
    SEASON_SPREAD,
    Channel,
    ChannelHistory,
    ChannelPrior,
    fit_channel,
)
from cxroi.model.evidence import DRIFT_MEMORY as CHURN_MEMORY
from cxroi.model.evidence import DRIFT_SPREADS as CHURN_DRIFT
from cxroi.model.evidence import MONTH_SPREADS as CHURN_MONTHS
from cxroi.model.evidence import History, nuisance_columns, season_covariance
from cxroi.model.prior import Priors, coordinates, draw_strengths
from cxroi.model.response import fit_response
from cxroi.model.shape import Family, carry_over

Array = NDArray[np.float64]
Quantities = dict[str, Array]  # of draws, (n,) each; of a truth, (1,)
DRAWS = 512
ENOUGH_ALIKE = 50  # draws in which spend helps, to place a truth among them

REGIMES = {
    "churn": "whole companies, as for the calibration study, noise from the grid of the churn likelihood",
    "margin": "cells of margin per customer, the prior as it is: no effect 0.75, helps 0.22, harms 0.03",
    "support": "the same for support cost per customer",
    "joins": "the same for customers who join",
    "margin_slab": "margin, spend always helps: the test of shape and strength with the most to say",
    "support_slab": "the same for support cost",
    "joins_slab": "the same for customers who join",
}


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

    def quantities(self, weight: Array) -> Quantities:
        """Return what is placed among the draws; segments count by `weight`."""
        up, down = (self.response(np.array([r])) for r in (1.01, 0.99))
        mean = float(self.strength @ weight)
        one = {"carryover": self.carry, "month_spread": self.month, "drift_spread": self.drift, "strength": mean}
        return {"slope": mean * (up - down) / 0.02, **{name: np.array([value]) for name, value in one.items()}}


def draw_truth(
    rng: np.random.Generator, priors: Priors, belief: ChannelPrior, grid: tuple[tuple[float, ...], ...], segments: int
) -> Truth:
    """Return unknowns drawn from the priors; `grid` are the spreads of month, drift, its memory and a cell."""
    own = replace(priors, strength_scale=belief.scale, strength_spread_scale=belief.spread_scale)
    family = np.array([rng.choice(len(Family), p=own.family_weight)])
    half, steep, carry, middle, spread = coordinates(rng.normal(size=(1, 5)), family, own)
    nothing = np.zeros((1, segments, segments)), np.zeros((1, segments))
    size = draw_strengths(*nothing, middle, spread, int(rng.integers(1 << 31)))[0][0]
    sign = rng.choice([0.0, 1.0, -1.0], p=[belief.nothing, belief.helps, belief.harms])
    months, drifts, memories, cells = grid
    drift = float(rng.choice(drifts))
    return Truth(
        family=int(family[0]),
        half=float(half[0]),
        steep=float(steep[0]),
        carry=float(carry[0]),
        strength=sign * size,
        month=float(rng.choice(months)),
        drift=drift,
        memory=float(rng.choice(memories)) if drift else 0.0,
        cell=float(rng.choice(cells)),
    )


def draw_cells(rng: np.random.Generator, channel: Channel, truth: Truth, months: int) -> ChannelHistory:
    """Return cells drawn from the channel's own likelihood on a plan of staggered steps of spend."""
    segments = truth.strength.size
    plan = _spend_plan(rng, (segments, months), float(rng.uniform(0.1, 0.4)))
    ratio = plan / plan[:, -12:].mean(axis=1, keepdims=True)
    size = np.repeat(np.exp(rng.normal(0, 0.4, (segments, 1))), months, axis=1)
    size = size / size.mean()
    effective = carry_over(ratio, np.full(segments, truth.carry))
    lag = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    drift = truth.drift**2 * (truth.memory**lag if truth.memory else np.eye(months))
    nuisance = nuisance_columns(segments, months)
    own = [_normal(rng, drift) + nuisance[:, 1] * rng.normal() for _ in range(segments)]
    together = _normal(rng, truth.month**2 * np.eye(months) + season_covariance(months, SEASON_SPREAD))
    error = truth.cell / np.sqrt(size) * rng.normal(size=(segments, months))
    response = np.stack(own) + together + error - truth.strength[:, None] * truth.response(effective)
    history = History(
        segments=tuple(f"s{s}" for s in range(segments)),
        customers=1000 * size,
        lost=np.zeros((segments, months)),
        spend_ratio=ratio,
        today_spend=np.ones(segments),
    )
    level = response.mean(axis=1, keepdims=True)
    return ChannelHistory(channel=channel, history=history, response=response - level, size=size)


def _normal(rng: np.random.Generator, covariance: Array) -> Array:
    value, vector = np.linalg.eigh(covariance)
    return vector @ (np.sqrt(np.maximum(value, 0)) * rng.normal(size=value.size))


def place(draws: Array, truth: float, rng: np.random.Generator) -> float:
    """Return where a truth falls among draws, in (0, 1): uniform if it is one more of them; among ties it is drawn."""
    below, ties = int((draws < truth).sum()), int((draws == truth).sum())
    return (below + rng.uniform() * (ties + 1)) / (draws.size + 1)


def places(
    draws: Quantities, truth: Quantities, rng: np.random.Generator, spoil: Callable[[Array], Array] | None = None
) -> dict[str, float]:
    """Return the place of each quantity of the truth; `spoil` changes the draws first, to see that a wrong sampler is found out."""
    return {name: place(spoil(draws[name]) if spoil else draws[name], float(truth[name][0]), rng) for name in truth}


def study_one(regime: str, seed: int) -> dict[str, object]:
    """Return the places of one history's truth among the draws of its fit, and what was stated of its sign."""
    rng = np.random.default_rng([seed, zlib.crc32(regime.encode())])
    if regime == "churn":
        return {"regime": regime, "seed": seed, **_churn(rng, seed)}
    name, _, slab = regime.partition("_")
    belief = CHANNEL_PRIORS[Channel(name)]
    belief = replace(belief, nothing=0.0, harms=0.0) if slab else belief
    months, segments = int(rng.choice([24, 36, 48])), 4
    return {"regime": regime, "seed": seed, **fitted(rng, Channel(name), belief, months, segments, seed)}


def fitted(
    rng: np.random.Generator,
    channel: Channel,
    belief: ChannelPrior,
    months: int,
    segments: int,
    seed: int,
    draws: int = DRAWS,
    spoil: Callable[[Array], Array] | None = None,
) -> dict[str, object]:
    """Return what `study_one` says of one history of a channel."""
    priors = read_register()[0]
    truth = draw_truth(rng, priors, belief, (MONTH_SPREADS, DRIFT_SPREADS, DRIFT_MEMORY, CELL_SPREADS), segments)
    cells = draw_cells(rng, channel, truth, months)
    found = fit_channel(cells, priors, belief, seed=seed, draws=draws, same_month=channel is Channel.MARGIN)
    weight = cells.size.sum(axis=1) / cells.size.sum()
    quantities = {
        "slope": found.slope() @ weight,
        "carryover": found.carryover_rate,
        "month_spread": found.month_spread,
        "drift_spread": found.drift_spread,
        "strength": found.strength @ weight,
    }
    true = truth.quantities(weight)
    helps = (found.strength > 0).any(axis=1)
    alike = bool((truth.strength > 0).any()) and int(helps.sum()) >= ENOUGH_ALIKE
    kept = {name: value[helps] for name, value in quantities.items()}
    return {
        "places": places(quantities, true, rng, spoil),
        "places_if_it_helps": places(kept, true, rng, spoil) if alike and belief.nothing else {},
        "moves": bool((truth.strength != 0).any()),
        "p_moves": float(found.moves.mean()),
        "helped": bool((truth.strength > 0).any()),
        "p_helps": found.helps,
        "place_of_moving": place(found.moves.astype(float), float((truth.strength != 0).any()), rng),
        "shifts": len(found.shifts),
        "answer": found.answer,
        "same_month": bool(cells.channel is Channel.MARGIN and found.same_month.t > 4),
        "effective": found.effective_sample_size,
        "months": months,
        "family": truth.family,
        "noise": [truth.month, truth.drift, truth.memory, truth.cell],
    }


def _churn(rng: np.random.Generator, seed: int) -> dict[str, object]:
    priors = read_register()[0]
    belief = ChannelPrior(
        scale=priors.strength_scale, spread_scale=priors.strength_spread_scale, nothing=0.0, harms=0.0
    )
    truth = draw_truth(rng, priors, belief, (CHURN_MONTHS, CHURN_DRIFT, CHURN_MEMORY, (0.0,)), 4)
    company = Company(
        seed=seed,
        n_months=int(rng.choice([24, 36, 48])),
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
    panel = simulate(company).panel
    found = fit_response(panel, priors=priors, seed=seed, draws=DRAWS)
    weight = panel.customers_at_start[:, -1] / panel.customers_at_start[:, -1].sum()
    quantities = {
        "slope": found.slope() @ weight,
        "carryover": found.carryover_rate,
        "month_spread": found.month_spread,
        "drift_spread": found.drift_spread,
        "strength": found.strength @ weight,
    }
    return {
        "places": places(quantities, truth.quantities(weight), rng),
        "effective": found.effective_sample_size,
        "months": company.n_months,
        "family": truth.family,
        "noise": [truth.month, truth.drift, truth.memory, company.customers * company.churn],
    }


def main() -> None:
    """Run what is missing and write the report."""
    options = made_companies.asked(__doc__, "sbc", tuple(REGIMES), companies=400, processes=1)
    results = made_companies.run(study_one, options)
    text = report(results, REGIMES)
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
