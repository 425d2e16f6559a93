"""Customers month by month: identities and limits of the projection."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.company.baseline import measure_baseline
from cxroi.model.discount import discount_factors
from cxroi.model.response.posterior import fit_response
from cxroi.model.response.shape import Family
from cxroi.model.value.customer_months import customers_by_month, sums_at, sums_of
from cxroi.model.value.future import cut_for_uplift, draw_future, luck_of_the_year, retention_change
from cxroi.model.value.projection import remaining_life_months, tabulate, tail_months


@pytest.fixture(scope="module")
def future():
    panel = simulate(Company(seed=1, n_segments=2)).panel
    return draw_future(fit_response(panel, draws=256), measure_baseline(panel))


def test_todays_spend_changes_nobodys_churn(future):
    assert np.abs(future.path_gain(100, 36)).max() < 1e-12
    assert np.abs(retention_change(future, np.array([1.0, 1.0]), 100)).max() < 1e-12


def test_more_spend_keeps_more_customers_in_every_draw_in_which_it_does_no_harm(future):
    helps = future.take(np.flatnonzero((future.strength >= 0).all(axis=1)))
    table = tabulate(helps, 0.1, 24)
    assert (np.diff(table.headcount(np.ones(2), np.ones(2)).months, axis=0) >= -1e-9).all()


def test_discounted_customer_months_are_the_sum_over_the_months(future):
    customers, joins = np.array([100.0, 50.0]), np.array([3.0, 1.0])
    path = future.path(140, 30)
    by_month = customers_by_month(future, path, customers, joins)
    factors = discount_factors(0.08, 30)
    sums = sums_of(future, path, 140, factors)
    total = customers[:, None] * sums.stay[0] + joins[:, None] * sums.inflow[0]
    np.testing.assert_allclose(total, np.einsum("tsn,t->sn", by_month, factors))
    end = customers[:, None] * sums.end_stay[0] + joins[:, None] * sums.end_inflow[0]
    np.testing.assert_allclose(end, by_month[-1])


def test_one_pass_gives_every_horizon_what_a_pass_of_its_own_gives(future):
    factors = discount_factors(0.1, 60)
    for horizon, found in zip(
        (12, 36, 60), sums_at(future, future.path(150, 60), 150, factors, (12, 36, 60)), strict=True
    ):
        own = sums_of(future, future.path(150, horizon), 150, factors[:horizon])
        np.testing.assert_allclose(found.stay, own.stay, rtol=1e-12)
        np.testing.assert_allclose(found.end_inflow, own.end_inflow, rtol=1e-12)


def test_the_remaining_life_ends_where_a_twentieth_of_the_value_is_left():
    churn = np.array([0.03, 0.08, 0.2])
    q = (1 - churn) * 1.1 ** (-1 / 12)
    for life, kept in zip(remaining_life_months(churn, 0.1), q, strict=True):
        assert life == 60 or kept ** (life + 0.5) <= 0.05 <= kept ** (life - 0.5)


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
    assert (customers_by_month(none, none.path(0, 12), start, np.zeros(2)) == 10).all()
    assert (customers_by_month(everyone, everyone.path(0, 12), start, np.zeros(2)) >= 0).all()


def test_a_cut_for_an_uplift_gives_that_uplift(future):
    customers = np.array([300.0, 100.0])
    cut = cut_for_uplift(future, customers, 2.5)
    same = np.broadcast_to(cut[:, None], future.churn.shape)
    kept = (1 - future.churn * np.exp(-same)) ** 12
    change = (kept - (1 - future.churn) ** 12) @ (customers / 400)
    np.testing.assert_allclose(100 * change, 2.5, atol=1e-9)
    assert np.isnan(cut_for_uplift(future, customers, 49)).all()


def with_spreads(response, **spreads):
    return replace(response, **{name: np.full(len(response.family), value) for name, value in spreads.items()})


def test_where_months_differ_by_chance_alone_churn_draws_have_the_jeffreys_law(future):
    baseline = measure_baseline(simulate(Company(seed=1, n_segments=2)).panel)
    quiet = draw_future(with_spreads(future.response, month_spread=0.0, drift_spread=0.0), baseline)
    rate = baseline.segments[0].monthly_churn_rate
    assert np.quantile(quiet.churn[:, 0], 0.05) == pytest.approx(rate.low, rel=5e-3)


def test_a_year_is_the_luckier_or_unluckier_the_more_months_differ_and_the_longer_they_stay_so():
    """Means of 12 simulated months against the variance in closed form."""
    response = fit_response(simulate(Company(seed=1, n_segments=2)).panel, draws=512)
    response = response.take(np.resize(np.arange(512), 20_000))
    response = with_spreads(response, month_spread=0.1, drift_spread=0.2, drift_memory=0.6)
    luck = luck_of_the_year(response, 12, 2, np.random.default_rng(0))
    rng = np.random.default_rng(1)
    months = rng.normal(0, 0.1, (20_000, 12))
    drift = rng.multivariate_normal(np.zeros(12), 0.04 * 0.6 ** np.abs(np.subtract.outer(range(12), range(12))), 20_000)
    assert luck.std(axis=0) == pytest.approx([(months + drift).mean(axis=1).std()] * 2, rel=0.03)
    assert np.corrcoef(luck.T)[0, 1] == pytest.approx(0.01 / 12 / luck.var(axis=0).mean(), abs=0.02)


def test_what_a_level_buys_arrives_as_fast_as_carryover_lets_it(future):
    arrival = future.arrival(150, 60)
    assert (arrival >= -1e-9).all() and (np.diff(arrival, axis=1) >= -1e-9).all()
    assert arrival[:, -1] == pytest.approx(np.ones(len(arrival)), abs=0.3)
    flat = type(future)(
        response=with_spreads(
            replace(future.response, family=np.full_like(future.response.family, Family.THRESHOLD)),
            half_saturation=0.01,
            steepness=20.0,
        ),
        churn=future.churn,
        strength=future.strength,
    )
    assert flat.arrival(150, 1)[:, 0] == pytest.approx(1 - future.response.carryover_rate)
