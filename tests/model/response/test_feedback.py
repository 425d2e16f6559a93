"""Spend that answers to churn is found out, and does not pass for spend that works."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.company.baseline import trailing_window
from cxroi.model.response.feedback import answer_of_spend, feedback_of
from cxroi.model.response.likelihood import Expansion, History, expand, history_of, noise_settings
from cxroi.model.response.shape import carry_over

STEADY = Company(customers=40_000, drift_spread=0.1, seed=5)


def answer(company):
    panel = simulate(company).panel
    history = history_of(panel, panel.segments, trailing_window(panel))
    return answer_of_spend(history, expand(history, np.zeros(history.customers.shape)))


def test_spend_that_is_raised_after_churn_rose_is_found_out():
    assert answer(replace(STEADY, chases=1.0)) == pytest.approx(1.0, abs=0.25)


def test_spend_that_goes_its_own_way_is_not():
    assert abs(answer(STEADY)) < 0.1


def test_without_months_enough_no_answer_is_claimed():
    assert answer(replace(STEADY, n_months=3, chases=1.0, n_segments=1)) == 0


def test_what_is_taken_off_is_what_an_answering_spend_adds_on_average():
    """Identity, by simulation: spend that buys nothing, g(r) = r, disturbances of one noise setting, elasticity 0.2."""
    months, elasticity, carryover = 10, 0.2, 0.5
    rng = np.random.default_rng(0)
    one = np.ones((1, months))
    expansion = Expansion(0 * one, 400 * one, 1.0)
    settings = noise_settings(expansion)
    k = next(i for i, s in enumerate(settings) if s.drift_spread == 0.08 and s.drift_memory == 0.6)
    correlation = 0.6 ** np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    e = rng.multivariate_normal(np.zeros(months), 0.08**2 * correlation + np.eye(months) / 400, 60_000)
    spend = np.exp(elasticity * np.pad(e[:, :-1], ((0, 0), (1, 0))))
    pull = -np.einsum("nt,tu,nu->n", carry_over(spend, carryover), settings[k].precision[0], e)
    found = feedback_of(History(("all",), 1e6 * one, one, one, np.ones(1)), settings, elasticity)
    added = found.added_pull(np.ones((1, 1, months)), np.array([carryover]), k)[0, 0]
    assert added == pytest.approx(pull.mean(), abs=3 * pull.std() / np.sqrt(len(pull)))
    assert pull.mean() > 10 * pull.std() / np.sqrt(len(pull))
