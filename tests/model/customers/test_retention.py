"""Retention: published examples, identities, limits and directions."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.customers.hazard import Hazard, choose_hazard
from cxroi.model.customers.retention import (
    cohort_retention,
    fit_sbg_by_tenure,
    sbg_log_likelihood,
    sbg_survival,
)
from cxroi.model.statistics.proportion import jeffreys_interval

# Fader & Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1), table 1, High End.
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


def life_table(active):
    active = np.asarray(active, dtype=float)
    return -np.diff(active), active[:-1]


def test_sbg_fits_the_high_end_cohort_as_fader_and_hardie_2007_print_it():
    fit = fit_sbg_by_tenure(*life_table(HIGH_END[:8]))
    assert fit.alpha == pytest.approx(0.668, abs=0.001)
    assert fit.beta == pytest.approx(3.806, abs=0.001)
    assert fit.log_likelihood == pytest.approx(-1611.2, abs=0.05)
    assert fit.mean_churn_rate == pytest.approx(0.15, abs=0.005)


@pytest.mark.parametrize(("parameters", "printed"), [((1, 1), -2115.5), ((0.01, 0.01), -2741.7)])
def test_sbg_log_likelihood_at_given_parameters_as_fader_and_hardie_2007_print_it(parameters, printed):
    assert sbg_log_likelihood(*parameters, *life_table(HIGH_END[:8])) == pytest.approx(printed, abs=0.05)


def test_curves_fitted_to_survival_fail_in_year_twelve_where_sbg_holds_as_in_fader_and_hardie_2007():
    years, share = np.arange(8), np.array(HIGH_END[:8]) / 1000
    linear, quadratic = np.polyfit(years, share, 1), np.polyfit(years, share, 2)
    exponential = np.polyfit(years, np.log(share), 1)
    actual = 0.394
    assert np.polyval(linear, 12) / actual - 1 == pytest.approx(-0.81, abs=0.0051)
    assert np.polyval(quadratic, 12) / actual - 1 == pytest.approx(0.92, abs=0.0051)
    assert np.exp(np.polyval(exponential, 12)) / actual - 1 == pytest.approx(-0.30, abs=0.0051)
    assert abs(float(fit_sbg_by_tenure(*life_table(HIGH_END[:8])).survival(12)) / actual - 1) == pytest.approx(
        0.04, abs=0.0051
    )


def test_the_retention_rate_rises_with_tenure_and_multiplies_to_survival():
    fit = fit_sbg_by_tenure(*life_table(HIGH_END[:8]))
    rates = fit.retention_rate(np.arange(1, 13))
    assert (np.diff(rates) > 0).all()
    assert np.cumprod(rates) == pytest.approx(fit.survival(np.arange(1, 13)), rel=1e-12)
    assert fit.survival(5, tenure=3) == pytest.approx(fit.survival(8) / fit.survival(3), rel=1e-12)


def test_cohorts_of_unequal_age_enter_one_fit_and_twice_the_data_halve_the_variance():
    lost, at_risk = life_table(HIGH_END[:8])
    once, twice = fit_sbg_by_tenure(lost, at_risk), fit_sbg_by_tenure(2 * lost, 2 * at_risk)
    assert (twice.alpha, twice.beta) == pytest.approx((once.alpha, once.beta), rel=1e-4)
    assert twice.estimate.standard_errors == pytest.approx(once.estimate.standard_errors / np.sqrt(2), rel=1e-3)
    younger = np.arange(7) < 3
    mixed = fit_sbg_by_tenure(lost * (1 + younger), at_risk * (1 + younger))
    assert mixed.customers == 2000 and mixed.periods == 7


def test_customers_first_seen_at_a_later_tenure_do_not_bias_the_fit():
    survival = sbg_survival(0.7, 4.0, np.arange(25))
    full, truncated = 4000 * survival, 9000 * survival / survival[6]
    lost = np.concatenate([-np.diff(full[:9]), np.zeros(16)])
    at_risk = np.concatenate([full[:8], np.zeros(16)])
    lost, at_risk = lost[:24], at_risk[:24]
    lost[6:] -= np.diff(truncated[6:])
    at_risk[6:] += truncated[6:-1]
    fit = fit_sbg_by_tenure(lost, at_risk)
    assert (fit.alpha, fit.beta) == pytest.approx((0.7, 4.0), rel=1e-3)


def test_ninety_percent_intervals_of_sbg_cover_the_truth_about_ninety_percent_of_the_time():
    random = np.random.default_rng(7)
    covered = []
    for _ in range(100):
        churn = random.beta(0.8, 4.0, 1500)
        tenure = random.geometric(churn)
        fit = fit_sbg_by_tenure(*life_table([(tenure > t).sum() for t in range(11)]))
        covered.append(fit.alpha_interval.low < 0.8 < fit.alpha_interval.high)
    assert 0.82 <= np.mean(covered) <= 0.97


def test_survival_draws_are_centred_on_the_fit_and_as_wide_as_its_information():
    fit = fit_sbg_by_tenure(*life_table(HIGH_END[:8]))
    draws = fit.survival_draws([7, 12], draws=1024)
    assert draws.shape == (1024, 2)
    assert draws.mean(axis=0) == pytest.approx(fit.survival([7, 12]), abs=0.002)
    assert 0.01 < draws[:, 1].std() < 0.03
    assert np.array_equal(draws, fit.survival_draws([7, 12], draws=1024))


def test_a_tenure_hazard_is_chosen_when_the_risk_falls_and_predicts_the_period_beyond_better():
    choice = choose_hazard(*life_table(HIGH_END[:8]))
    assert choice.choice is Hazard.TENURE and choice.bic_gain > 6
    assert abs(choice.last_period_lost_tenure - 26) < abs(choice.last_period_lost_constant - 26)
    assert choice.survival([12])[0] == pytest.approx(float(choice.sbg.survival(12)))


def test_a_constant_hazard_is_kept_when_nothing_speaks_against_it():
    random = np.random.default_rng(3)
    kept = 0
    for _ in range(20):
        tenure = random.geometric(0.08, 800)
        choice = choose_hazard(*life_table([(tenure > t).sum() for t in range(13)]))
        kept += choice.choice is Hazard.CONSTANT
    assert kept >= 19
    assert choice.survival([2])[0] == pytest.approx((1 - choice.constant_churn_rate.mid) ** 2)


def test_a_month_in_which_nobody_left_still_has_a_choice():
    choice = choose_hazard([0, 0, 0], [50, 50, 50])
    assert (
        choice.choice is Hazard.CONSTANT and choice.constant_churn_rate.mid == 0 and choice.constant_churn_rate.high > 0
    )


@pytest.mark.parametrize("active", [[100], [100, 100, 100], [100, 0, 0], [0, 0, 0], [100, -5, -6]])
def test_a_cohort_that_tells_nothing_is_refused_by_name(active):
    with pytest.raises(ModelError) as refused:
        fit_sbg_by_tenure(*life_table(active))
    assert refused.value.id.startswith("retention.")


def test_cohort_shares_are_of_those_who_joined_and_unseen_periods_stay_unknown():
    nan = float("nan")
    table = cohort_retention([[200, 150, 120], [100, 80, nan], [50, nan, nan]])
    assert table.share[0].tolist() == [1, 0.75, 0.6]
    assert np.isnan(table.share[1, 2]) and np.isnan(table.low[2, 1])
    assert (table.low[0, 1:] < table.share[0, 1:]).all() and (table.share[0, 1:] < table.high[0, 1:]).all()
    assert table.at_risk.tolist() == [300, 150]
    assert table.by_tenure == pytest.approx([230 / 300, 120 / 150])


def test_orders_only_customers_may_return_without_a_rate_above_one():
    assert cohort_retention([[10, 4, 6]]).by_tenure.tolist() == [0.4, 1.0]


def test_jeffreys_ends_are_closed_where_all_or_none_succeed_and_narrow_with_n():
    low, high = jeffreys_interval([0, 10, 50, 500], [10, 10, 100, 1000])
    assert low[0] == 0 and high[1] == 1
    assert high[3] - low[3] < high[2] - low[2]
    assert np.isnan(jeffreys_interval(0, 0)[0])


def test_jeffreys_covers_close_to_its_name():
    truth, n = 0.03, 400
    low, high = jeffreys_interval(np.arange(n + 1), n)
    from scipy.stats import binom

    assert binom.pmf(np.arange(n + 1)[(low < truth) & (truth < high)], n, truth).sum() == pytest.approx(0.9, abs=0.03)


def test_churn_of_the_ibm_telco_customers_is_counted_as_their_reports_print_it():
    # IBM Telco customer churn (2018): 1,869 of 7,043 left; by contract 1,655 of 3,875, 166 of 1,473, 48 of 1,695.
    table = cohort_retention([[7043, 7043 - 1869], [3875, 3875 - 1655], [1473, 1473 - 166], [1695, 1695 - 48]])
    assert 1 - table.share[:, 1] == pytest.approx([0.2654, 0.4271, 0.1127, 0.0283], abs=5.1e-5)
    assert (table.low[:, 1] < table.share[:, 1]).all() and (table.share[:, 1] < table.high[:, 1]).all()
