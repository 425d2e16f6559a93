"""Ten companies with the cells that the product fits and the draws that it makes of them, a file each, for `benchmarks.nuts.fit`.

`.venv/bin/python -m benchmarks.nuts.cases FOLDER` (the product's environment). Posteriors of each: as shipped, with its lump at no
effect; spend helps, with draws enough to look at each family; the same without what is taken off for spend that answers to the outcome;
and that at the most likely setting of the noise.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulation.companies import Company, simulate
from benchmarks.studies.calibration import company
from cxroi.model.company.baseline import measure_baseline, trailing_window
from cxroi.model.company.panel import Panel
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import channel_cells
from cxroi.model.response.channel_fit import ChannelSampler, fit_channel
from cxroi.model.response.feedback import answer_of_spend
from cxroi.model.response.level_shift import LevelShift
from cxroi.model.response.likelihood import SEASON_SD, Noise, history_of
from cxroi.model.response.posterior import fit_response
from cxroi.model.response.prior import Priors, coordinates
from cxroi.model.response.sampling import Sampler, Start
from cxroi.model.response.shape import gains
from cxroi.model.statistics.uncertainty import effective_sample_size, resample
from cxroi.questions.register import read_channel_priors, read_register

Array = NDArray[np.float64]
Facts = dict[str, Array]
SHIPPED, MANY, SEED = 2048, 8192, 0


@dataclass(frozen=True)
class Case:
    """One company: which channel is looked at, how it was made, and what spend truly does to it (elasticity at today's spend)."""

    name: str
    channel: str
    made: Company
    elasticity: float = 0.0
    noise: float = 0.0
    price_step: float = 0.0  # of the second segment, from month 15 on


def cases() -> tuple[Case, ...]:
    """Return the ten companies, the quickest to fit first."""
    plain = Company(spend_variation=0.35, strength=(0.0,) * 4, n_months=24)
    few = replace(plain, n_months=11)
    strong: dict[str, Any] = {"strength": (0.6, 0.5, 0.7, 0.6), "customers": 30_000.0, "spend_variation": 0.35}
    return (
        Case("support, few months", "support", replace(few, seed=11), 0.3, 0.03),
        Case("margin, helps", "margin", replace(plain, seed=3), 0.12, 0.01),
        Case("margin, harms", "margin", replace(plain, seed=4), -0.10, 0.02),
        Case("support, new contract", "support", replace(plain, seed=5), 0.15, 0.02, -0.4),
        Case("joins, weak", "joins", replace(plain, seed=6, customers=5_000), 0.25, 0.10),
        Case("joins, nothing", "joins", replace(plain, seed=7), 0.0, 0.06),
        Case("churn, few months", "churn", company("few_months", 1)),
        Case("churn, tiny", "churn", replace(company("tiny", 2), n_months=24)),
        Case("churn, threshold", "churn", replace(company("threshold", 3), n_months=24)),
        Case("churn, inside", "churn", replace(company("inside", 4), n_months=24, **strong)),
    )


def panel_of(case: Case) -> Panel:
    """Return the company's panel with the channel's money (or joins) moved by spend, noise and a step."""
    panel = simulate(case.made).panel
    if case.channel == "churn":
        return panel
    ratio = panel.cx_spend / panel.customers_at_start
    ratio = ratio / ratio[:, -12:].mean(axis=1, keepdims=True)
    rng = np.random.default_rng([case.made.seed, 1])
    segment, month = np.indices(ratio.shape)
    good = case.elasticity * np.log(ratio) + rng.normal(0, case.noise, ratio.shape)
    good += np.where((segment == 1) & (month >= 15), case.price_step, 0.0)
    if case.channel == "margin":
        return replace(panel, contribution_margin=panel.contribution_margin * np.exp(good))
    if case.channel == "support":
        return replace(panel, support_cost=panel.support_cost * np.exp(-good))
    return replace(panel, customers_joined=np.round(panel.customers_joined * np.exp(good)))


def write(case: Case, folder: Path) -> None:
    """Write one company's cells and draws as `folder`/name.npz."""
    panel = panel_of(case)
    facts = _churn(panel) if case.channel == "churn" else _channel(panel, Channel(case.channel))
    text = {"name": np.array(case.name), "channel": np.array(case.channel), "truth": np.array(case.elasticity)}
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / f"{case.name.replace(', ', '_').replace(' ', '_')}.npz", **text, **facts)


def _channel(panel: Panel, channel: Channel) -> Facts:
    priors = read_channel_priors()[channel]
    slab = replace(priors, nothing=0.0, harms=0.0)
    segments = tuple(one.segment for one in measure_baseline(panel).segments)
    cells = channel_cells(channel, panel, history_of(panel, segments, trailing_window(panel)))
    if isinstance(cells, str):
        raise ValueError(cells)
    weight = cells.history.customers[:, -1] / cells.history.customers[:, -1].sum()
    shipped = fit_channel(cells, priors, seed=SEED, draws=SHIPPED)
    if shipped.follows_revenue:
        raise ValueError("spend is read as a share of revenue here, and the other fits are not")
    helps = fit_channel(cells, slab, seed=SEED, draws=MANY)
    sampler = ChannelSampler(cells, slab, SEED, MANY)
    given, setting = _given(sampler, weight)
    return {
        "response": cells.response,
        "size": cells.size,
        "setting": _as_array(setting),
        "stated": np.array([1 - shipped.helps - shipped.harms, shipped.helps, shipped.harms]),
        "same_month": np.array(shipped.same_month.t),
        "effective": np.array([shipped.effective_sample_size, helps.effective_sample_size]),
        **_common(sampler, priors, weight),
        **_draws("shipped", shipped.slope() @ weight, shipped.family, (shipped.strength > 0).any(axis=1)),
        **_draws("helps", helps.slope() @ weight, helps.family),
        **given,
    }


def _churn(panel: Panel) -> Facts:
    priors = read_register()[0]
    slab = replace(priors, nothing=0.0, harms=0.0)
    shipped = fit_response(panel, priors=priors, seed=SEED, draws=SHIPPED)
    helped, harmed = ((side * shipped.strength > 0).any(axis=1) for side in (1, -1))
    many = fit_response(panel, priors=slab, seed=SEED, draws=MANY)
    history = shipped.history
    weight = history.customers[:, -1] / history.customers[:, -1].sum()
    sampler = Sampler(history, (), slab, SEED, MANY)
    given, setting = _given(sampler, weight)
    return {
        "customers": history.customers,
        "lost": history.lost,
        "setting": _as_array(setting),
        "stated": np.array([1 - helped.mean() - harmed.mean(), helped.mean(), harmed.mean()]),
        "effective": np.array([shipped.effective_sample_size, many.effective_sample_size]),
        **_common(sampler, priors, weight),
        **_draws("shipped", shipped.slope() @ weight, shipped.family, helped),
        **_draws("helps", many.slope() @ weight, many.family),
        **given,
    }


def _common(sampler: Sampler, priors: Priors, weight: Array) -> Facts:
    shape = sampler.history.spend_ratio.shape
    names = ("strength_scale", "strength_spread_scale", "half_saturation_low", "half_saturation_high", "steepness_high")
    names += ("threshold_steepness_high", "threshold_weight", "carryover_high")
    steps = [_step(one, shape) for one in sampler.shifts]
    return {
        "spend_ratio": sampler.history.spend_ratio,
        "weight": weight,
        "steps": np.stack(steps) if steps else np.zeros((0, *shape)),
        "season_spread": np.array(SEASON_SD),
        "belief": np.array([priors.nothing, priors.helps, priors.harms]),
        "answer": np.array(answer_of_spend(sampler.history, sampler.expansion)),
        **{f"prior_{name}": np.array(getattr(priors, name)) for name in names},
    }


def _step(shift: LevelShift, shape: tuple[int, ...]) -> Array:
    segment, month = np.indices(shape)
    return ((segment == shift.segment) & (month >= shift.month)).astype(float)


def _as_array(setting: Noise) -> Array:
    return np.array([setting.month_spread, setting.drift_spread, setting.drift_memory, setting.cell_spread])


def _given(sampler: Sampler, weight: Array) -> tuple[Facts, Noise]:
    """Return draws with spend's answer to the outcome left alone: as they are, and at the setting of the noise that most have."""
    sampler.run()
    sampler.feedback = None
    sampler.start = Start(np.zeros(sampler.history.spend_ratio.shape), frozenset())  # it is expanded where it should be
    plain, noise, _ = _run(sampler, weight, "plain")
    setting = sampler.settings[int(np.bincount(noise).argmax())]
    sampler.settings, sampler.log_noise = [setting], np.zeros(1)
    given, _, effective = _run(sampler, weight, "given")
    return {**plain, **given, "effective_given": np.array(effective)}, setting


def _run(sampler: Sampler, weight: Array, name: str) -> tuple[Facts, NDArray[np.int64], float]:
    cloud, log_weight = sampler.run()
    chosen = resample(log_weight, MANY, SEED)
    half, steep, _, _, _ = coordinates(cloud.z[chosen], cloud.family[chosen], sampler.priors)
    family = cloud.family[chosen].astype(np.int64)
    up, down = (gains(family, np.full((MANY, 1), r), half, steep)[:, 0] for r in (1.01, 0.99))
    slope = (up - down) / 0.02 * (cloud.strength[chosen] @ weight)
    return _draws(name, slope, family), cloud.noise[chosen], effective_sample_size(log_weight)


def _draws(name: str, slope: Array, family: NDArray[np.int64], helps: NDArray[np.bool_] | None = None) -> Facts:
    keep = np.ones(slope.size, bool) if helps is None else helps
    return {f"{name}_slope": slope[keep], f"{name}_family": family[keep]}


def main() -> None:
    """Write every company that is not there yet."""
    ChannelSampler.most_a_round = MANY  # every round as large as it takes to look at each family
    for case in cases():
        write(case, Path(sys.argv[1]))
        print(case.name, flush=True)


if __name__ == "__main__":
    main()
