"""Customers month by month: identities and limits of the projection."""

import numpy as np
import pytest

from benchmarks.companies import Company, simulate
from cxroi.model.baseline import measure_baseline
from cxroi.model.projection import (
    customer_months,
    customers_by_month,
    cut_for_uplift,
    discount_factors,
    draw_future,
    retention_change,
    tabulate,
    tail_months,
)
from cxroi.model.response import fit_response


@pytest.fixture(scope="module")
def future():
    panel = simulate(Company(seed=1, n_segments=2)).panel
    return draw_future(fit_response(panel, draws=256), measure_baseline(panel))


def test_todays_spend_changes_nobodys_churn(future):
    assert np.abs(future.path_gain(100, 36)).max() < 1e-12
    assert np.abs(retention_change(future, np.array([1.0, 1.0]), 100)).max() < 1e-12


def test_more_spend_keeps_more_customers_in_every_draw(future):
    table = tabulate(future, 0.1, 24)
    assert (np.diff(table.headcount(np.ones(2), np.ones(2)).months, axis=0) >= -1e-9).all()


def test_discounted_customer_months_are_the_sum_over_the_months(future):
    customers, joins = np.array([100.0, 50.0]), np.array([3.0, 1.0])
    gain = future.path_gain(140, 30)
    by_month = customers_by_month(future, gain, customers, joins)
    factors = discount_factors(0.08, 30)
    stay, inflow = customer_months(future, gain, factors)
    total = customers[:, None] * stay + joins[:, None] * inflow
    np.testing.assert_allclose(total, np.einsum("tsn,t->sn", by_month, factors))


@pytest.mark.parametrize("churn", [0.0, 1e-13, 1e-9, 1e-4, 0.03, 0.9, 1.0])
@pytest.mark.parametrize("rate", [0.0, 1e-12, 0.1])
def test_the_tail_after_the_horizon_is_the_sum_of_its_months(churn, rate):
    months = np.arange(1, 61)
    by_hand = ((1 - churn) ** months * (1 + rate) ** (-(36 + months) / 12)).sum()
    assert tail_months(np.array([churn]), rate, 36, 60)[0] == pytest.approx(by_hand, rel=1e-9)
    assert tail_months(np.array([churn]), rate, 36, 0)[0] == 0


def test_without_churn_nobody_leaves_and_survival_never_passes_its_bounds(future):
    none = type(future)(response=future.response, churn=0 * future.churn, strength=future.strength)
    everyone = type(future)(response=future.response, churn=0 * future.churn + 1, strength=future.strength * 10)
    start = np.array([10.0, 10.0])
    assert (customers_by_month(none, none.path_gain(0, 12), start, np.zeros(2)) == 10).all()
    assert (customers_by_month(everyone, everyone.path_gain(0, 12), start, np.zeros(2)) >= 0).all()


def test_a_cut_for_an_uplift_gives_that_uplift(future):
    customers = np.array([300.0, 100.0])
    cut = cut_for_uplift(future, customers, 2.5)
    same = np.broadcast_to(cut[:, None], future.churn.shape)
    kept = (1 - future.churn * np.exp(-same)) ** 12
    change = (kept - (1 - future.churn) ** 12) @ (customers / 400)
    np.testing.assert_allclose(100 * change, 2.5, atol=1e-9)
    assert np.isnan(cut_for_uplift(future, customers, 49)).all()


def test_churn_draws_have_the_jeffreys_law(future):
    panel = simulate(Company(seed=1, n_segments=2)).panel
    rate = measure_baseline(panel).segments[0].monthly_churn_rate
    assert np.quantile(future.churn[:, 0], 0.05) == pytest.approx(rate.low, rel=5e-3)
