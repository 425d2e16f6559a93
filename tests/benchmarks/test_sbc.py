"""Simulation-based calibration accepts the sampler that ships, and finds out one that is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.studies.sbc import REGIMES, place, quantities_of, study_one
from benchmarks.studies.sbc_report import report, stated_and_so, uniformity
from benchmarks.studies.sbc_truths import draw_cells, draw_truth
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_fit import CELL_SPREADS, CHANNEL_SPREADS, fit_channel
from cxroi.questions.register import read_channel_priors

SEED = 900_001  # none of the study's own
HISTORIES = 100


@pytest.fixture(scope="module")
def fits():
    """Return (draws, truth) of the mean strength of histories in which spend helps, short ones that are quick to fit."""
    priors = replace(read_channel_priors()[Channel.SUPPORT], nothing=0.0, harms=0.0)
    rng, out = np.random.default_rng(SEED), []
    for seed in range(HISTORIES):
        truth = draw_truth(rng, priors, CHANNEL_SPREADS, CELL_SPREADS)
        cells = draw_cells(rng, Channel.SUPPORT, truth, months=11)
        found = fit_channel(cells, priors, seed=seed, draws=128)
        weight = cells.size.sum(axis=1) / cells.size.sum()
        out.append((quantities_of(found, weight)["strength"], truth.quantities(weight)["strength"]))
    return out


def chance_of(fits, spoil=lambda draws: draws):
    rng = np.random.default_rng(1)
    return uniformity([place(spoil(draws), truth, rng) for draws, truth in fits])[2]


@pytest.mark.study
def test_the_sampler_that_ships_is_accepted(fits):
    assert chance_of(fits) > 0.01


@pytest.mark.study
def test_a_posterior_half_as_wide_as_it_should_be_is_found_out(fits):
    assert chance_of(fits, lambda draws: np.median(draws) + (draws - np.median(draws)) / 2) < 1e-4


@pytest.mark.study
def test_a_posterior_twice_as_wide_or_pushed_to_one_side_is_found_out(fits):
    assert chance_of(fits, lambda draws: np.median(draws) + 2.5 * (draws - np.median(draws))) < 1e-3
    assert chance_of(fits, lambda draws: draws + 0.7 * draws.std()) < 1e-3


def test_at_the_spike_where_every_draw_ties_with_the_truth_the_place_is_even():
    rng = np.random.default_rng(SEED)
    assert uniformity([place(np.zeros(512), 0.0, rng) for _ in range(2000)])[2] > 0.01
    half = np.r_[np.zeros(256), np.ones(256)]
    found = [place(half, float(rng.uniform() < 0.5), rng) for _ in range(2000)]
    assert uniformity(found)[2] > 0.01
    assert uniformity([place(half, float(rng.uniform() < 0.8), rng) for _ in range(2000)])[2] < 1e-6


def test_a_probability_of_help_that_is_too_sure_is_told_by_its_z():
    rng = np.random.default_rng(SEED)
    so = rng.uniform(0.02, 0.98, 400)
    helped = rng.uniform(size=400) < so
    assert stated_and_so(so, helped)[1] > 0.01
    surer = 1 / (1 + (1 / so - 1) ** 2)
    assert stated_and_so(surer, helped)[1] < 1e-4


@pytest.mark.parametrize("regime", REGIMES)
def test_every_regime_can_be_drawn_fitted_and_placed_and_the_same_again(regime):
    found = study_one(regime, SEED)
    assert all(0 < one < 1 for one in found["places"].values())
    assert study_one(regime, SEED)["places"] == found["places"]


def test_the_report_says_which_places_pile_up_and_that_none_do():
    even = [{"places": {"slope": (i + 0.5) / 100}} for i in range(100)]
    assert "Nothing in this run." in report({"margin": even}, REGIMES)
    piled = [{"places": {"slope": 0.02}}] * 100
    assert "*margin*, slope: chi-square 900.0" in report({"margin": piled}, REGIMES)
