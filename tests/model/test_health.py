"""Every health check is passed by a clean company and failed, or sent to review, by one that has what it looks for."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.companies import Company, simulate
from cxroi.model.health import Status, evidence_checks, first_failed, placebo, scenario_checks
from cxroi.model.response import fit_response

CLEAN = Company(customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)
SCENARIO = {
    "benefit": 1.0,
    "revenue": 100.0,
    "levers": {"retention": 1.0, "spend_uplift": 0.0},
    "uplift_pp": 1.0,
    "observed_uplift_pp": 2.0,
    "typed": False,
}


@pytest.fixture(scope="module")
def clean():
    panel = simulate(CLEAN).panel
    return panel, fit_response(panel)


def checks(panel, posterior, marginal=None, without=()):
    sure = np.ones(len(posterior.family))
    weight = np.full(len(posterior.segments), 1 / len(posterior.segments))
    marginal = sure if marginal is None else marginal
    return {
        c.check: c
        for c in evidence_checks(panel, posterior, marginal=marginal, marginal_without=without, weight=weight)
    }


def status(panel, posterior, **facts):
    return {name: check.status for name, check in checks(panel, posterior, **facts).items()}


def test_a_clean_company_passes_all(clean):
    assert set(status(*clean).values()) == {Status.PASS}


@pytest.mark.parametrize(("months", "expected"), [(5, Status.FAIL), (8, Status.REVIEW), (12, Status.PASS)])
def test_history(months, expected):
    panel = simulate(replace(CLEAN, n_months=months)).panel
    assert status(panel, fit_response(panel, draws=512))["history"] is expected


def test_spend_variation():
    panel = simulate(replace(CLEAN, spend_variation=0.0)).panel
    assert status(panel, fit_response(panel, draws=512))["spend_variation"] is Status.FAIL


def test_effective_sample_size(clean):
    panel, posterior = clean
    assert status(panel, replace(posterior, effective_sample_size=50.0))["effective_sample_size"] is Status.FAIL
    assert status(panel, replace(posterior, effective_sample_size=200.0))["effective_sample_size"] is Status.REVIEW


def test_dispersion():
    wild = simulate(replace(CLEAN, drift_spread=0.5, drift_memory=0.0)).panel
    got = checks(wild, fit_response(wild, draws=512))["dispersion"]
    assert got.status is Status.FAIL and got.measure > got.threshold


def test_placebo_fails_where_spend_follows_churn_and_stays_quiet_where_it_does_not():
    chasing = replace(CLEAN, chases=2.0, drift_spread=0.1, drift_memory=0.0, spend_variation=0.1)
    scores = [abs(placebo(fit_response(simulate(replace(chasing, seed=s)).panel, draws=512))) for s in range(4)]
    quiet = [abs(placebo(fit_response(simulate(replace(CLEAN, seed=s)).panel, draws=512))) for s in range(4)]
    assert min(scores) > 3 and max(quiet) < 3


def test_families_agree(clean):
    panel, posterior = clean
    torn = np.where(posterior.family == posterior.family[0], 1.0, -1.0)
    assert status(panel, posterior, marginal=torn)["families_agree"] is Status.FAIL


def test_leave_one_out(clean):
    sure = np.ones(len(clean[1].family))
    assert status(*clean, without=(sure, -sure))["leave_one_out"] is Status.FAIL
    assert status(*clean, without=(sure, sure))["leave_one_out"] is Status.PASS


def test_spend_range_edge(clean):
    panel, posterior = clean
    assert status(panel, replace(posterior, observed_high=1.01))["spend_range_edge"] is Status.REVIEW


@pytest.mark.parametrize(
    ("check", "flag"),
    [
        ("panel_adds_up", "joined_is_derived"),
        ("margin_is_revenue", "margin_is_revenue"),
        ("spend_is_shared", "spend_is_shared"),
    ],
)
def test_what_the_data_lack_is_sent_to_review(clean, check, flag):
    panel, posterior = clean
    assert status(replace(panel, **{flag: True}), posterior)[check] is Status.REVIEW


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("implausible_size", {"benefit": 6.0}),
        ("gain_beyond_history", {"uplift_pp": 3.0}),
        ("one_lever", {"levers": {"retention": 1.0, "spend_uplift": 9.0}}),
        ("one_lever", {"typed": True}),
    ],
)
def test_what_a_scenario_claims_is_sent_to_review(check, change):
    before = {c.check: c.status for c in scenario_checks(**SCENARIO)}
    after = {c.check: c.status for c in scenario_checks(**{**SCENARIO, **change})}
    assert (before[check], after[check]) == (Status.PASS, Status.REVIEW)


def test_the_first_failed_check_is_named(clean):
    panel, posterior = clean
    failing = tuple(checks(panel, replace(posterior, effective_sample_size=5.0)).values())
    assert first_failed(failing) == "effective_sample_size" and first_failed(()) is None
