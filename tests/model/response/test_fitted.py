"""The fitted response beside its months: points that lie where the truth is, and a curve that goes through today."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.fitted import MOST_POINTS, fitted_response, months_of_channel, months_of_churn
from cxroi.model.response.posterior import fit_response
from cxroi.questions.register import read_channel_priors, read_register

PRIORS = read_register()[0]
WEIGHT = np.ones(4)


@pytest.fixture(scope="module")
def churn():
    company = Company(customers=200_000, spend_variation=0.4, drift_spread=0.0, strength=(0.35,) * 4, seed=3)
    return fit_response(simulate(company).panel, priors=PRIORS, draws=512)


def test_the_curve_goes_through_nothing_at_todays_spend_and_falls_where_spend_keeps_customers(churn):
    found = fitted_response(months_of_churn(churn), WEIGHT)
    assert np.interp(100, found.level_percent, found.mid) == pytest.approx(0, abs=0.3)
    assert (np.diff(found.mid) < 0).all() and (found.low <= found.mid).all() and (found.mid <= found.high).all()
    assert found.mid[0] > 0 > found.mid[-1]


def test_points_stray_from_the_curve_by_what_chance_leaves(churn):
    months = months_of_churn(churn)
    found = fitted_response(months, WEIGHT)
    left = np.log1p(found.change_percent / 100) - np.log1p(
        np.interp(found.at_percent, found.level_percent, found.mid) / 100
    )
    chance = np.sqrt(1 / months.expansion.weight[months.seen]).mean()
    assert left.std() == pytest.approx(chance, rel=0.35) and abs(left.mean()) < chance / 3


def test_the_months_of_a_margin_without_noise_lie_on_the_true_curve():
    panel = simulate(Company(spend_variation=0.35, strength=(0.0,) * 4, seed=3)).panel
    ratio = panel.cx_spend / panel.customers_at_start
    ratio = ratio / ratio[:, -12:].mean(axis=1, keepdims=True)
    panel = replace(panel, contribution_margin=panel.customers_at_start * 50 * ratio**0.12)
    posterior = fit_response(panel, priors=PRIORS, draws=512)
    cells = channel_cells(Channel.MARGIN, panel, posterior.history)
    found = fit_channel(cells, read_channel_priors()[Channel.MARGIN], draws=512)
    shown = fitted_response(months_of_channel(found, cells), WEIGHT)
    truth = 100 * np.expm1(0.12 * np.log(shown.at_percent / 100))
    assert np.abs(shown.change_percent - truth).max() < 2.0
    assert np.corrcoef(shown.change_percent, truth)[0, 1] > 0.98


def test_too_many_months_are_drawn_as_means_that_keep_their_weighted_mean(churn):
    from cxroi.model.response.fitted import _thinned

    random = np.random.default_rng(1)
    at, points, weight = random.uniform(size=(3, 4 * MOST_POINTS)) + 0.1
    few_at, few_points, each = _thinned(at, points, np.ones(at.size))
    assert few_at.size < at.size and each == at.size / few_at.size
    assert few_points.mean() == pytest.approx(points.mean()) and (np.diff(few_at) > 0).all()
    assert _thinned(at[:9], points[:9], weight[:9])[2] == 1.0
