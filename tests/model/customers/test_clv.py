"""Customer value and repeat buying: published examples, identities, limits and directions."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.customers.clv import ValuedGroup, churn_rate_draws, clv_of_mix, constant_survival
from cxroi.model.customers.order_amounts import GammaGammaFit, expected_amount, fit_gamma_gamma
from cxroi.model.customers.repeat_buying import (
    BgnbdFit,
    bgnbd_log_likelihood,
    expected_orders,
    fit_bgnbd,
    order_probability,
    probability_alive,
)
from cxroi.model.customers.retention import fit_sbg_by_tenure
from tests.by_hand import discounted_value

WEEKS = 365 / 84
# Fader, Hardie & Lee (2005) and the BTYD walkthrough: parameters of CDNOW to seven digits, in weeks.
CDNOW = BgnbdFit(r=0.2425967, alpha=4.413659, a=0.7929869, b=2.426164, periods_per_month=WEEKS)
FITTED = {"r": 0.24259291039, "alpha": 4.41353150109, "a": 0.792886060073, "b": 2.42575337705}
SPEND = GammaGammaFit(p=6.24880185687, q=3.74458839889, v=15.4477492257)
# lifetimes Quickstart (Davidson-Pilon 2020): frequency, recency, age in weeks and mean spend of ten customers.
TEN = np.array(
    [
        [2, 30.43, 38.86, 22.35],
        [1, 1.71, 38.86, 11.77],
        [0, 0, 38.86, 0],
        [0, 0, 38.86, 0],
        [0, 0, 38.86, 0],
        [7, 29.43, 38.86, 73.74],
        [1, 5, 38.86, 11.77],
        [0, 0, 38.86, 0],
        [2, 35.71, 38.86, 25.55],
        [0, 0, 38.86, 0],
    ]
).T


@pytest.fixture(scope="module")
def cdnow():
    datasets = pytest.importorskip("lifetimes.datasets")
    return datasets.load_cdnow_summary_data_with_monetary_value()


def clv(margin, support, survival, **more):
    return clv_of_mix([ValuedGroup(share=1.0, margin=margin, support=support, survival=survival)], **more)


def test_halving_retention_spend_destroys_value_in_the_subscription_of_farris_et_al_2006():
    def multiple(churn):  # of the margin, today's with it, at 1 % a month for as long as anybody stays
        return 1 + clv(1.0, 0.0, constant_survival(churn, 9000), annual_discount_rate=1.01**12 - 1).value.mid

    today, halved = (19.95 - 1.50 - 6 / 12) * multiple(0.005), (19.95 - 1.50 - 3 / 12) * multiple(0.01)
    assert multiple(0.005) == pytest.approx(67.33, abs=0.005)
    assert today == pytest.approx(1209, abs=0.5)
    assert halved == pytest.approx(919.1, abs=0.01)
    assert halved < today


def test_credit_card_present_value_of_reichheld_and_sasser_1990_at_fifteen_percent():
    profits = np.array([30, 42, 44, 49, 55])
    factors = np.array([0.870, 0.756, 0.658, 0.572, 0.497])
    assert (1.15 ** -np.arange(1.0, 6)).round(3) == pytest.approx(factors)
    assert profits * factors == pytest.approx([26.1, 31.75, 28.95, 28.03, 27.34], abs=0.006)
    assert -51 + (profits * factors).sum() == pytest.approx(91.17, abs=0.006)


def test_clv_over_a_long_horizon_is_the_margin_multiple_of_gupta_and_lehmann_2003():
    monthly_discount = 1.1 ** (1 / 12) - 1
    value = clv(50.0, 10.0, constant_survival(0.03, 2000), annual_discount_rate=0.1).value
    assert value.mid == pytest.approx(40 * 0.97 / (1 + monthly_discount - 0.97), rel=1e-9)
    assert value.low == value.mid == value.high


def test_clv_adds_up_to_months_times_margin_without_discounting():
    worth = clv(50.0, 10.0, constant_survival(0.03, 36), annual_discount_rate=0.0)
    assert worth.value.mid == pytest.approx(40 * worth.months_active.mid)
    assert worth.undiscounted.mid == pytest.approx(worth.value.mid)


def test_clv_falls_with_churn_support_cost_and_the_discount_rate():
    def worth(margin=50.0, support=10.0, churn=0.03, rate=0.1):
        return clv(margin, support, constant_survival(churn, 36), annual_discount_rate=rate).value.mid

    assert worth(churn=0.04) < worth() < worth(churn=0.02)
    assert worth(support=12.0) < worth() < worth(margin=51.0)
    assert worth(rate=0.2) < worth()


def test_clv_interval_narrows_with_customer_months_and_is_the_same_every_time():
    few = clv(50.0, 10.0, constant_survival(churn_rate_draws(6, 200), 36)).value
    many = clv(50.0, 10.0, constant_survival(churn_rate_draws(600, 20000), 36)).value
    assert few.low < many.low < many.mid < many.high < few.high
    assert few == clv(50.0, 10.0, constant_survival(churn_rate_draws(6, 200), 36)).value


def test_clv_under_a_tenure_hazard_takes_the_uncertainty_of_its_fit():
    active = np.array([1000, 869, 743, 653, 593, 551, 517, 491])
    fit = fit_sbg_by_tenure(-np.diff(active), active[:-1])
    months = np.arange(1, 37)
    new = clv(50.0, 10.0, fit.survival_draws(months)).value
    seasoned = clv(50.0, 10.0, fit.survival_draws(months, tenure=12)).value
    assert new.low < new.mid < new.high
    assert seasoned.mid > new.mid


def test_bgnbd_functions_at_the_parameters_of_fader_hardie_and_lee_2005():
    assert float(expected_orders(CDNOW, 52)) == pytest.approx(1.444004, rel=1e-5)
    assert float(expected_orders(CDNOW, 52, frequency=26, recency=30.85714, age=31)) == pytest.approx(
        25.75659, rel=1e-5
    )
    assert float(probability_alive(CDNOW, 26, 30.85714, 31)) == pytest.approx(0.9688523, rel=1e-5)
    assert float(expected_orders(CDNOW, 39, frequency=2, recency=30.43, age=38.86)) == pytest.approx(1.226, abs=0.001)


def test_more_orders_long_ago_promise_fewer_as_in_the_btyd_walkthrough():
    promised = expected_orders(CDNOW, 52, frequency=[10, 15, 20, 25], recency=20, age=39)
    assert promised == pytest.approx([0.3474606, 0.04283391, 0.004158973, 0.0003583685], rel=1e-4)


def test_expected_repeat_orders_by_week_as_the_lifetimes_tests_pin_them():
    weeks = [0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0]
    printed = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
    assert expected_orders(CDNOW, weeks) == pytest.approx(printed, abs=0.001)


def test_bgnbd_order_probabilities_as_the_lifetimes_and_clvtools_tests_pin_them():
    rounded = BgnbdFit(r=0.243, alpha=4.414, a=0.793, b=2.426, periods_per_month=WEEKS)
    assert float(order_probability(rounded, 10, 2)) == pytest.approx(1.07869e-07, rel=1e-5)
    assert float(order_probability(rounded, 0, 39)) == pytest.approx(0.5737864, rel=1e-5)
    printed = [
        0.0019995214, 0.0015170236, 0.0011633150, 0.0009003148, 0.0007023638,
        0.0005517902, 0.0004361913, 0.0003467171, 0.0002769613, 0.0002222260,
    ]  # fmt: skip
    assert order_probability(rounded, np.arange(11, 21), 30) == pytest.approx(printed, rel=1e-5)


def test_order_probabilities_sum_to_one_and_average_to_the_expected_orders():
    counts = np.arange(3000)
    chance = order_probability(CDNOW, counts, 30)
    assert chance.sum() == pytest.approx(1, abs=1e-9)
    assert (counts * chance).sum() == pytest.approx(float(expected_orders(CDNOW, 30)), rel=1e-6)


def test_bgnbd_fits_cdnow_as_fader_hardie_and_lee_2005_print_it(cdnow):
    fit = fit_bgnbd(cdnow["frequency"], cdnow["recency"], cdnow["T"], unit="week")
    assert (fit.r, fit.alpha, fit.a, fit.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.001)
    assert fit.log_likelihood == pytest.approx(-9582.429, abs=0.01)
    assert all(interval.low < interval.mid < interval.high for interval in fit.intervals.values())
    assert fit.log_likelihood == pytest.approx(
        bgnbd_log_likelihood(fit.r, fit.alpha, fit.a, fit.b, cdnow["frequency"], cdnow["recency"], cdnow["T"]).sum()
    )


def test_bgnbd_fit_does_not_depend_on_the_time_unit_nor_on_how_customers_are_counted(cdnow):
    weeks = fit_bgnbd(cdnow["frequency"], cdnow["recency"], cdnow["T"], unit="week")
    days = fit_bgnbd(cdnow["frequency"], cdnow["recency"] * 7, cdnow["T"] * 7, unit="day")
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-4)
    assert float(expected_orders(days, 364)) == pytest.approx(float(expected_orders(weeks, 52)), rel=1e-5)
    counted = cdnow.groupby(["frequency", "recency", "T"]).size().reset_index(name="n")
    grouped = fit_bgnbd(counted["frequency"], counted["recency"], counted["T"], weights=counted["n"], unit="week")
    assert (grouped.r, grouped.b) == pytest.approx((weeks.r, weeks.b), rel=1e-6)
    assert grouped.customers == 2357


def test_gamma_gamma_fits_cdnow_as_the_lifetimes_quickstart_prints_it(cdnow):
    fit = fit_gamma_gamma(cdnow["frequency"], cdnow["monetary_value"])
    assert (fit.p, fit.q, fit.v) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    assert fit.log_likelihood == pytest.approx(-4055.9177, abs=0.01)
    assert fit.frequency_amount_correlation == pytest.approx(0.113884, abs=1e-6)
    assert fit.customers == 946
    expected = expected_amount(fit, cdnow["frequency"], cdnow["monetary_value"])
    printed = [
        24.658619,
        18.911489,
        35.170981,
        35.170981,
        35.170981,
        71.462843,
        18.911489,
        35.170981,
        27.282408,
        35.170981,
    ]
    assert expected[:10] == pytest.approx(printed, abs=0.001)
    assert expected.mean() == pytest.approx(35.2529588256, abs=0.001)


def test_discounted_value_in_weeks_and_the_time_unit_trap_of_the_lifetimes_quickstart():
    rate = 1.01**12 - 1
    weeks = BgnbdFit(**FITTED, periods_per_month=WEEKS)
    trapped = BgnbdFit(**FITTED, periods_per_month=30)
    honest = discounted_value(weeks, SPEND, *TEN, horizon_months=12, annual_discount_rate=rate)
    published = discounted_value(trapped, SPEND, *TEN, horizon_months=12, annual_discount_rate=rate)
    assert honest == pytest.approx(
        [36.2785, 4.6375, 8.3441, 8.3441, 8.3441, 283.5236, 6.8814, 8.3441, 43.3536, 8.3441], rel=1e-4
    )
    printed = [
        140.096211,
        18.943467,
        38.180574,
        38.180574,
        38.180574,
        1003.868107,
        28.109683,
        38.180574,
        167.418216,
        38.180574,
    ]
    assert published == pytest.approx(printed, rel=2e-5)
    assert (published / honest > 3.5).all()


def test_alive_is_certain_without_a_repeat_order_and_fades_with_silence():
    assert float(probability_alive(CDNOW, 0, 0, 38)) == 1.0
    assert (np.diff(probability_alive(CDNOW, 5, 20, [21, 30, 50, 100])) < 0).all()


def test_expected_orders_stay_finite_for_hundreds_of_orders_and_where_the_formula_is_zero_by_zero():
    many = expected_orders(CDNOW, 52, frequency=[300, 900], recency=[38.9, 38.9], age=39)
    assert np.isfinite(many).all() and (np.diff(many) > 0).all()
    near = [BgnbdFit(r=0.3, alpha=4.0, a=a, b=2.0, periods_per_month=1) for a in (1 - 1e-4, 1.0, 1 + 1e-4)]
    below, at, above = (float(expected_orders(fit, 20)) for fit in near)
    assert below > at > above and at == pytest.approx((below + above) / 2, rel=1e-6)


def test_customers_who_hardly_differ_are_expected_to_order_at_their_common_rate():
    alike = BgnbdFit(r=1e5, alpha=6e5, a=2e-4, b=8e3, periods_per_month=1)
    assert float(expected_orders(alike, 30)) == pytest.approx(5.0, rel=0.001)
    assert expected_orders(alike, 30, frequency=[0, 40], recency=[0, 200], age=210) == pytest.approx([5, 5], rel=0.01)


def test_both_ways_to_expected_orders_agree():
    from cxroi.model.customers.repeat_buying import _orders_while_alive

    x, t = np.array([0.0, 2.0, 20.0]), np.array([10.0, 30.0, 39.0])
    integrated = _orders_while_alive(CDNOW, np.array(26.0), x, t) * probability_alive(CDNOW, x, t * (x > 0), t)
    assert integrated == pytest.approx(expected_orders(CDNOW, 26, frequency=x, recency=t * (x > 0), age=t), rel=0.005)


def test_an_expected_amount_lies_between_the_customers_own_and_everybodys():
    amounts = expected_amount(SPEND, [1, 5, 100], 60.0)
    assert (np.diff(amounts) > 0).all()
    assert (amounts > SPEND.population_mean).all() and (amounts < 60).all()


@pytest.mark.parametrize(
    ("call", "id"),
    [
        (lambda: churn_rate_draws(5, 3), "clv.counts_out_of_range"),
        (lambda: clv(1.0, 0.0, [1.0, 1.2]), "clv.survival_unreadable"),
        (lambda: fit_bgnbd([0, 0], [0, 0], [5, 6]), "clv.no_repeat_orders"),
        (lambda: fit_bgnbd([1, 2], [9, 2], [5, 6]), "clv.history_unreadable"),
        (lambda: fit_bgnbd([1, 2], [3, 2], [5, 6], unit="fortnight"), "clv.unknown_unit"),
        (lambda: fit_gamma_gamma([0, 0], [0, 0]), "clv.too_few_amounts"),
    ],
)
def test_what_has_no_answer_is_refused_by_name(call, id):
    with pytest.raises(ModelError) as refused:
        call()
    assert refused.value.id == id
