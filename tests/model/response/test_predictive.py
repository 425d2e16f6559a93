"""Would the model make such months? Of its own months it says yes; of months that are wilder or calmer than it learned, no."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.fitted import months_of_channel, months_of_churn
from cxroi.model.response.posterior import fit_response
from cxroi.model.response.predictive import STATISTICS, predictive_checks
from cxroi.questions.register import read_channel_priors, read_register

PRIORS = read_register()[0]


@pytest.fixture(scope="module")
def months():
    panel = simulate(Company(customers=30_000, spend_variation=0.3, seed=5)).panel
    return months_of_churn(fit_response(panel, priors=PRIORS, draws=512))


def checks_of(months):
    return {one.statistic: one for one in predictive_checks(months)}


def test_months_as_the_model_assumes_them_are_such_as_it_makes(months):
    found = checks_of(months)
    assert tuple(found) == STATISTICS
    assert sum(one.fits for one in found.values()) >= 5
    assert all(0.005 < one.share_above < 0.995 for one in found.values())


def test_of_many_companies_as_the_model_assumes_them_the_shares_lie_evenly():
    """Of a figure of the months themselves they do not: what is fitted to them counts twice, and the swing alone has a mean of 0.88."""
    shares = []
    for seed in range(5):
        panel = simulate(Company(customers=30_000, spend_variation=0.3, seed=seed)).panel
        found = predictive_checks(months_of_churn(fit_response(panel, priors=PRIORS, draws=256)))
        shares.append([one.share_above for one in found])
    assert np.mean(shares, axis=0) == pytest.approx(np.full(len(STATISTICS), 0.5), abs=0.3)
    assert 0.02 < np.mean((np.array(shares) < 0.25) | (np.array(shares) > 0.75)) < 0.75


def test_the_same_months_and_seed_give_the_same_checks(months):
    assert predictive_checks(months) == predictive_checks(months)


def test_months_that_jump_more_than_was_learned_are_found_wilder(months):
    random = np.random.default_rng(2)
    wild = np.round(months.history.lost * np.exp(random.normal(0, 0.5, months.history.lost.shape[1])))
    jumpy = replace(months, history=replace(months.history, lost=wild))
    swing = checks_of(jumpy)["swing"]
    assert swing.observed > swing.predicted.high and swing.share_above < 0.02


def test_segments_that_stay_where_they_are_expected_are_found_calmer_apart(months):
    from cxroi.model.response.fitted import _left_over

    rate = np.exp(months.expansion.response - _left_over(months))
    calm = replace(months, history=replace(months.history, lost=months.history.customers * rate))
    apart = checks_of(calm)["apart"]
    assert apart.observed < apart.predicted.low and apart.share_above > 0.98


def test_of_a_channel_the_error_of_its_cells_is_drawn_with_what_was_learned():
    panel = simulate(Company(spend_variation=0.3, seed=4)).panel
    noisy = panel.contribution_margin * np.exp(np.random.default_rng(1).normal(0, 0.05, panel.cx_spend.shape))
    panel = replace(panel, contribution_margin=noisy)
    posterior = fit_response(panel, priors=PRIORS, draws=512)
    cells = channel_cells(Channel.MARGIN, panel, posterior.history)
    found = fit_channel(cells, read_channel_priors()[Channel.MARGIN], draws=512)
    checks = checks_of(months_of_channel(found, cells))
    assert sum(one.fits for one in checks.values()) >= 5


def test_fewer_than_six_months_are_not_asked(months):
    few = np.zeros_like(months.history.customers)
    few[:, :5] = months.history.customers[:, :5]
    assert predictive_checks(replace(months, history=replace(months.history, customers=few))) == ()
