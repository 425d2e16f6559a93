"""What spend does beside churn: found where it is, not where it is not, and not mistaken for what a budget follows."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.response.channel import MOST, Channel
from cxroi.model.response.posterior import fit_response
from cxroi.model.response.shape import Family
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.gathering import channels_of
from cxroi.questions.register import read_channel_priors, read_register

PLAIN = Company(spend_variation=0.35, strength=(0.0,) * 4, seed=3)
PRIORS, BELIEVED = read_register()[0], read_channel_priors()


def moved(margin=lambda ratio, t, s: 1.0, support=lambda ratio: 1.0, noise=0.01, spend=lambda up: 1.0):
    """Return a panel of a company whose churn does not answer, with margin and support cost moved by spend a customer."""
    panel = simulate(PLAIN).panel
    ratio = panel.cx_spend / panel.customers_at_start
    ratio = ratio / ratio[:, -12:].mean(axis=1, keepdims=True)
    random = np.random.default_rng(1)
    segment, month = np.indices(ratio.shape)
    up = np.exp(random.normal(0, noise, ratio.shape)) * margin(ratio, month, segment)
    return replace(
        panel,
        contribution_margin=panel.contribution_margin * up,
        support_cost=panel.support_cost * support(ratio) * np.exp(random.normal(0, noise, ratio.shape)),
        cx_spend=panel.cx_spend * spend(up),
    )


def channel(panel, name):
    posterior = fit_response(panel, priors=PRIORS, draws=512)
    fitted, _ = channels_of(panel, posterior, BELIEVED, 0, 512)
    return next(one for one in fitted if one.channel is name)


def test_what_spend_does_to_margin_and_support_is_found_and_what_it_does_not_do_is_not():
    panel = moved(margin=lambda r, t, s: r**0.12, support=lambda r: r**-0.3, noise=0.03)
    for name, elasticity in ((Channel.MARGIN, 0.12), (Channel.SUPPORT, 0.3)):
        one = channel(panel, name)
        low, high = np.quantile(one.slope().mean(axis=1), (0.05, 0.95))
        assert one.helps > 0.95 and low < elasticity < high
    for name in Channel:
        assert channel(moved(), name).helps + channel(moved(), name).harms < 0.5


def test_a_strong_effect_in_quiet_months_is_not_taken_for_drift():
    one = channel(moved(margin=lambda r, t, s: r**0.12), Channel.MARGIN)
    assert (one.drift_spread == 0).mean() > 0.9
    low, high = np.quantile(one.slope().mean(axis=1), (0.05, 0.95))
    assert high - low < 0.02


def test_a_budget_that_is_a_share_of_revenue_is_not_taken_for_its_cause():
    one = channel(moved(noise=0.08, spend=lambda up: up), Channel.MARGIN)
    assert one.same_month.t > 4 and one.same_month.elasticity == pytest.approx(1, abs=0.3)
    assert np.quantile(one.slope().mean(axis=1), 0.05) <= 0.01


def test_a_price_that_was_raised_for_good_is_seen_and_is_no_effect_of_spend():
    one = channel(moved(margin=lambda r, t, s: np.where((s == 1) & (t >= 20), 1.2, 1.0)), Channel.MARGIN)
    assert (1, 20) in [(shift.segment, shift.month) for shift in one.shifts] and one.helps < 0.5
    assert next(s for s in one.shifts if s.month == 20).size == pytest.approx(-np.log(1.2), abs=0.05)


def test_a_company_whose_spend_pays_by_the_basket_is_not_told_to_cut_it():
    evidence = evidence_from_panel(moved(margin=lambda r, t, s: r**0.12), data_version="v")
    case = build_business_case(evidence, replace(default_scenario(evidence), investment_level_percent=150.0))
    assert case.verdict.call == "under_invested"
    steps = {step.name: step.amount for step in case.waterfall}
    assert steps["more_per_customer"] > 0
    assert sum(s.amount for s in case.waterfall if not s.is_total) == pytest.approx(steps["npv"])


def test_a_flat_rate_does_not_move_whatever_its_rounding_does():
    """A rate of 40.37 a customer, in the file as whole cents: the last digit is no answer of the budget, and no effect of it."""
    panel = simulate(PLAIN).panel
    for digits in (0, 2, 12):
        flat = np.round(panel.customers_at_start * 40.371, digits)
        one = channel(replace(panel, contribution_margin=flat), Channel.MARGIN)
        assert one.helps + one.harms < 0.1 and one.effective_sample_size > 400


def climbing(posterior, strength):
    """Return a posterior all of whose curves climb steeply beyond the spend that was tried."""
    n = posterior.family.size
    return replace(
        posterior,
        family=np.full(n, Family.HILL),
        half_saturation=np.full(n, 4.0),
        steepness=np.full(n, 3.0),
        strength=np.full((n, posterior.strength.shape[1]), strength),
    )


@pytest.mark.parametrize("strength", [1.3, -1.3, 0.01])
def test_no_level_of_spend_is_taken_to_move_an_outcome_more_than_tenfold(strength):
    one = climbing(channel(moved(), Channel.MARGIN), strength)
    factor = one.moved(300.0, 24).factor(slice(None))
    assert factor.min() >= 1 / MOST - 1e-9 and factor.max() <= MOST + 1e-9
    small = np.exp(one.strength.T * one.path_gain(300.0, 24).T[:, None, :])
    free = (small > 1 / MOST) & (small < MOST)
    assert np.allclose(factor[free], small[free]) and free.any() and (free.all() == (abs(strength) < 0.1))
    change = one.change_percent(300.0, np.ones(one.strength.shape[1]))
    assert change.max() <= 100 * (MOST - 1) + 1e-6 and change.min() >= -100 * (1 - 1 / MOST) - 1e-6
