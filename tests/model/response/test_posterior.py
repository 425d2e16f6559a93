"""The response is learned from history: known truths come back, and what the data do not say stays open."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.assumption import Grade
from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.likelihood import History, expand
from cxroi.model.response.posterior import ResponseCurve, fit_response
from cxroi.model.response.prior import draw_strengths
from cxroi.model.response.shape import Family, carry_over, gain, gains
from cxroi.model.statistics.uncertainty import effective_sample_size, sobol

CLEAR = Company(customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.mark.parametrize("family", [Family.EXPONENTIAL, Family.HILL, Family.POWER])
def test_every_smooth_family_buys_nothing_for_nothing_and_one_for_todays_spend(family):
    assert gain(family, [0.0, 1.0], 0.7, 0.8) == pytest.approx([0, 1])
    assert (np.diff(gain(family, np.linspace(0, 3, 50), 0.7, 0.8)) > 0).all()


def test_a_threshold_buys_nothing_below_it_half_of_its_step_at_it_and_all_of_it_above():
    assert gain(Family.THRESHOLD, [0.0, 1.0, 1.5, 3.0], 1.5, 20.0) == pytest.approx([0, 0, 0.5, 1], abs=1e-3)


def test_a_past_in_which_spend_did_nothing_does_not_rule_out_a_step_beyond_it():
    posterior = fit_response(simulate(replace(CLEAR, strength=(0.0,), spend_variation=0.15)).panel)
    beyond = (posterior.family == Family.THRESHOLD) & (posterior.half_saturation > posterior.observed_high)
    assert beyond.mean() > 0.1


def test_large_counts_are_read_by_their_logarithm_and_small_ones_by_their_mean():
    """Lognormal noise, standard deviation 0.4: the logarithm is unbiased, y / mean - 1 is not."""
    rng = np.random.default_rng(1)
    customers = np.full((1, 400), 1e6)
    rate = 0.02 * np.exp(rng.normal(0, 0.4, customers.shape))
    history = History(("all",), customers, np.round(customers * rate), np.ones_like(customers), np.ones(1))
    assert expand(history, np.zeros_like(customers)).response == pytest.approx(
        np.log(history.lost / customers), abs=0.01
    )
    few = replace(history, customers=customers / 1e6 * 60, lost=rng.poisson(1.2, customers.shape).astype(float))
    expansion = expand(few, np.zeros_like(customers))
    assert expansion.weight == pytest.approx(np.full_like(customers, few.lost.mean()), rel=0.4)


def test_a_steep_hill_curve_is_s_shaped_and_the_others_are_concave():
    r = np.linspace(0, 3, 60)
    assert (np.diff(gain(Family.HILL, r, 1.0, 3.0), 2) > 0).any()
    assert (np.diff(gain(Family.EXPONENTIAL, r, 1.0, 3.0), 2) < 0).all()
    assert (np.diff(gain(Family.POWER, r, 1.0, 0.5), 2) < 0).all()


def test_carryover_approaches_the_level_that_is_held():
    r = carry_over(np.full(200, 1.5), 0.9, start=1.0)
    assert r[0] == pytest.approx(1.05) and r[-1] == pytest.approx(1.5)


def test_draws_of_each_family_are_the_familys_own_curve():
    family = np.array([0, 1, 2])
    r = np.full((3, 2), 0.5)
    together = gains(family, r, np.full(3, 0.7), np.full(3, 0.9))
    assert together[1, 0] == pytest.approx(gain(Family.HILL, 0.5, 0.7, 0.9))
    assert together[0, 0] == pytest.approx(gain(Family.EXPONENTIAL, 0.5, 0.7, 0.9))


def test_sobol_points_agree_with_scipys_up_to_the_random_shift():
    from scipy.stats import qmc

    ours, theirs = sobol(64, 10), qmc.Sobol(10, scramble=False).random(64)
    shift = (ours[0] * 2**30).astype(np.int64)
    unshifted = ((ours * 2**30).astype(np.int64) ^ shift) / 2**30
    np.testing.assert_allclose(unshifted, theirs, atol=1e-8)


def test_strengths_given_a_shape_have_the_exact_truncated_normal_law():
    """One segment: weight and mean against numerical integration."""
    from scipy.integrate import quad
    from scipy.stats import norm

    information, pull, middle, spread = 30.0, 2.0, 0.2, 0.1
    n = 40_000
    draws, log_weight = draw_strengths(
        np.full((n, 1, 1), information), np.full((n, 1), pull), np.full(n, middle), np.full(n, spread), 0
    )

    def density(b):
        return np.exp(pull * b - information * b**2 / 2) * norm.pdf(b, middle, spread) / norm.cdf(middle / spread)

    mass = quad(density, 0, 2)[0]
    assert np.exp(log_weight[0]) == pytest.approx(mass, rel=1e-6)
    assert draws.mean() == pytest.approx(quad(lambda b: b * density(b), 0, 2)[0] / mass, rel=0.01)


def test_the_true_slope_of_a_clear_company_is_inside_the_interval_and_well_learned():
    company = simulate(CLEAR)
    posterior = fit_response(company.panel)
    true = 0.3 * np.log(2) / (2 - 1) * np.mean(company.today_ratio * 2.0 ** (1 - company.today_ratio))
    slope = posterior.slope().mean(axis=1)
    low, high = np.quantile(slope, [0.02, 0.98])
    assert low < true < high
    assert slope.std() < 0.35 * posterior.prior.slope().mean(axis=1).std()
    assert posterior.effective_sample_size > 400 and posterior.grade is Grade.OWN_HISTORY


def test_the_same_data_and_seed_give_the_same_draws_and_another_seed_nearly_the_same_mean():
    panel = simulate(CLEAR).panel
    one, same, other = (fit_response(panel, seed=s).slope() for s in (1, 1, 2))
    assert (one == same).all()
    assert other.mean() == pytest.approx(one.mean(), abs=0.2 * one.std())


def test_spend_that_never_varies_leaves_the_prior_as_it_was():
    company = simulate(replace(CLEAR, spend_variation=0.0))
    posterior = fit_response(company.panel)
    assert posterior.slope().std() > 0.8 * posterior.prior.slope().std()


def test_spend_that_moves_in_all_segments_at_once_teaches_less_than_staggered_spend():
    company = simulate(CLEAR)
    shared = replace(
        company.panel,
        cx_spend=company.panel.customers_at_start * company.panel.cx_spend[0] / company.panel.customers_at_start[0],
    )
    own, common = fit_response(company.panel), fit_response(shared)
    assert common.slope().mean(axis=1).std() > 1.3 * own.slope().mean(axis=1).std()


def test_one_segment_is_graded_below_a_comparison_of_segments():
    posterior = fit_response(simulate(replace(CLEAR, n_segments=1)).panel)
    assert posterior.grade is Grade.SURVEY_LINKAGE


def test_a_pilot_narrows_the_response_and_brings_its_grade():
    panel = simulate(replace(CLEAR, spend_variation=0.02)).panel
    pilot = PilotEvidence(
        spend_ratio_treated=1.5,
        spend_ratio_control=1.0,
        log_gain=0.02,
        standard_error=0.01,
        grade=Grade.RANDOMISED_PILOT,
    )
    before, after = fit_response(panel), fit_response(panel, pilots=(pilot,))
    assert after.grade is Grade.RANDOMISED_PILOT
    without, bought = (p.strength.mean(axis=1) * (p.gains(1.5) - p.gains(1.0)) for p in (before, after))
    assert bought.mean() == pytest.approx(0.02, abs=0.015)
    assert bought.std() < 0.2 * without.std()


def test_many_segments_still_give_enough_draws():
    posterior = fit_response(simulate(replace(CLEAR, n_segments=20, strength=(0.3,))).panel)
    assert posterior.effective_sample_size > 400


def test_a_curve_of_one_draw_says_what_the_draws_say():
    posterior = fit_response(simulate(replace(CLEAR, n_months=12)).panel)
    curve = posterior.curve(5, "s01")
    assert isinstance(curve, ResponseCurve)
    assert curve.log_hazard_gain(1.3) == pytest.approx(posterior.strength[5, 1] * posterior.gains(1.3)[5])


def test_effective_sample_size_counts_equal_weights_fully():
    assert effective_sample_size(np.zeros(50)) == pytest.approx(50)
