"""Simulation-based calibration: truths drawn from the priors, months from the likelihood, and where the truth falls among what is fitted.

If sampler, likelihood and priors are one model, the truth is one more draw of its own posterior and its place is uniform (Talts and
others 2018); at the spike, where draws tie with the truth, the place among the ties is drawn (Modrak and others 2023).
`python -m benchmarks.studies.sbc [--companies 400] [--regimes margin,churn] [--processes 1]` writes docs/sbc.md and takes up where it was
stopped: a history is a line in --folder.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one history a core

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation.companies import simulate
from benchmarks.studies import made_companies
from benchmarks.studies.sbc_report import report
from benchmarks.studies.sbc_truths import Truth, company_of, draw_cells, draw_losses, draw_truth
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_fit import CELL_SPREADS, CHANNEL_SPREADS, fit_channel
from cxroi.model.response.curves import Curves
from cxroi.model.response.likelihood import CHURN_SPREADS
from cxroi.model.response.posterior import fit_response
from cxroi.model.response.prior import Priors
from cxroi.questions.register import read_channel_priors, read_register

Array = NDArray[np.float64]
DRAWS = 512
ENOUGH_ALIKE = 50  # draws in which spend helps, to place a truth among them

REGIMES = {
    "churn": "losses from the churn likelihood: trend, season, months and drift, counts of Poisson",
    "company": "churn of whole companies as for the calibration study (no trend, no season), spreads from the churn grid",
    "margin": "margin per customer, the prior as it is: no effect 0.75, helps 0.22, harms 0.03",
    "support": "the same for support cost per customer",
    "joins": "the same for customers who join",
    "margin_slab": "margin, spend always helps: the test of shape and strength with the most to say",
    "support_slab": "the same for support cost",
    "joins_slab": "the same for customers who join",
    "churn_between": "churn, its spreads anywhere between those of the grid: what the grid costs",
    "support_between": "support cost, spend always helps, spreads anywhere between those of the grid",
}


def place(draws: Array, truth: float, rng: np.random.Generator) -> float:
    """Return where a truth falls among draws, in (0, 1): uniform if it is one more of them; among ties it is drawn."""
    below, ties = int((draws < truth).sum()), int((draws == truth).sum())
    return (below + rng.uniform() * (ties + 1)) / (draws.size + 1)


def study_one(regime: str, seed: int) -> dict[str, object]:
    """Return the places of one history's truth among the draws of its fit, and what was stated of its sign."""
    rng = np.random.default_rng([seed, zlib.crc32(regime.encode())])
    months = int(rng.choice([24, 36, 48]))
    name, _, variant = regime.partition("_")
    between = variant == "between"
    if name in ("churn", "company"):
        found = study_churn(rng, months, seed, whole=name == "company", between=between)
    else:
        priors = read_channel_priors()[Channel(name)]
        priors = replace(priors, nothing=0.0, harms=0.0) if variant else priors
        found = study_channel(rng, Channel(name), priors, months, seed, between=between)
    return {"regime": regime, "seed": seed, "months": months, **found}


def study_channel(
    rng: np.random.Generator, channel: Channel, priors: Priors, months: int, seed: int, *, between: bool = False
) -> dict[str, object]:
    """Return what `study_one` says of one history of a channel."""
    truth = draw_truth(rng, priors, CHANNEL_SPREADS, CELL_SPREADS, between=between)
    cells = draw_cells(rng, channel, truth, months)
    found = fit_channel(cells, priors, seed=seed, draws=DRAWS)
    weight = cells.size.sum(axis=1) / cells.size.sum()
    helps = (found.strength > 0).any(axis=1)
    helped, moved = bool((truth.strength > 0).any()), bool(truth.strength.any())
    alike = helped and priors.nothing > 0 and int(helps.sum()) >= ENOUGH_ALIKE
    return {
        "places": _places(found, truth, weight, rng),
        "places_if_it_helps": _places(found.take(np.flatnonzero(helps)), truth, weight, rng) if alike else {},
        "moves": moved,
        "p_moves": float(found.moves.mean()),
        "helped": helped,
        "p_helps": found.helps,
        "place_of_moving": place(found.moves.astype(float), float(moved), rng),
        "shifts": len(found.shifts),
        "followed": found.follows_revenue,
        "effective": found.effective_sample_size,
        "family": truth.family,
        "noise": [truth.month, truth.drift, truth.memory, truth.cell],
    }


def study_churn(
    rng: np.random.Generator, months: int, seed: int, *, whole: bool, between: bool = False
) -> dict[str, object]:
    """Return what `study_one` says of one history of churn: of a `whole` simulated company, or from the likelihood."""
    priors = read_register()[0]
    truth = draw_truth(rng, priors, CHURN_SPREADS, between=between)
    panel = simulate(company_of(rng, truth, months, seed)).panel if whole else draw_losses(rng, truth, months)
    found = fit_response(panel, priors=priors, seed=seed, draws=DRAWS)
    customers = panel.customers_at_start[:, -1]
    return {
        "places": _places(found, truth, customers / customers.sum(), rng),
        "effective": found.effective_sample_size,
        "family": truth.family,
        "noise": [truth.month, truth.drift, truth.memory, float(panel.customers_lost.mean())],
    }


def quantities_of(found: Curves, weight: Array) -> dict[str, Array]:
    """Return the draws of what `Truth.quantities` has, (n,) each."""
    return {
        "slope": found.slope() @ weight,
        "strength": found.strength @ weight,
        "carryover": found.carryover_rate,
        "month_spread": found.month_spread,
        "drift_spread": found.drift_spread,
    }


def _places(found: Curves, truth: Truth, weight: Array, rng: np.random.Generator) -> dict[str, float]:
    true = truth.quantities(weight)
    return {name: place(draws, true[name], rng) for name, draws in quantities_of(found, weight).items()}


def main() -> None:
    """Run what is missing and write the report."""
    options = made_companies.asked(__doc__, "sbc", tuple(REGIMES), companies=400, processes=1)
    results = made_companies.run(study_one, options)
    text = report(results, REGIMES)
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
