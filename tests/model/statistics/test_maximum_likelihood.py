"""Draws and intervals from a fit: normal in logs, the same every time, as published propagation examples need them."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.statistics.maximum_likelihood import MaximumLikelihood, maximise
from cxroi.model.statistics.uncertainty import Interval


def normals(size):
    """Return a fit whose logs are `size` independent standard normals."""
    return MaximumLikelihood(parameters=np.ones(size), log_likelihood=0.0, log_covariance=np.eye(size))


def test_four_standard_normals_add_up_as_in_jcgm_101_2008_clause_9_2_2():
    total = np.log(normals(4).draws(2**16)).sum(axis=1)
    assert total.std() == pytest.approx(2.0, abs=0.02)
    assert np.quantile(total, [0.025, 0.975]) == pytest.approx([-3.92, 3.92], abs=0.02)


def test_four_rectangular_inputs_add_up_as_in_jcgm_101_2008_clause_9_2_3():
    from scipy.special import ndtr

    total = ((2 * ndtr(np.log(normals(4).draws(2**16))) - 1) * np.sqrt(3)).sum(axis=1)
    assert total.std() == pytest.approx(2.0, abs=0.02)
    assert np.quantile(total, [0.025, 0.975]) == pytest.approx([-3.88, 3.88], abs=0.02)


def test_a_dominant_rectangular_input_needs_the_simulation_as_in_jcgm_101_2008_clause_9_2_4():
    """The first-order normal interval, +-19.9, would be 17 % too wide."""
    from scipy.special import ndtr

    z = np.log(normals(4).draws(2**16))
    total = z[:, :3].sum(axis=1) + 10 * np.sqrt(3) * (2 * ndtr(z[:, 3]) - 1)
    assert total.std() == pytest.approx(10.1, abs=0.06)
    assert np.quantile(total, [0.025, 0.975]) == pytest.approx([-17.0, 17.0], abs=0.06)
    assert 1.959964 * total.std() == pytest.approx(19.9, abs=0.06)


def test_the_chance_that_a_machine_lease_loses_money_as_in_hubbard_2014():
    ranges = np.array([[10, 20], [-2, 8], [3, 9], [15_000, 35_000]], dtype=float)
    z = np.log(normals(4).draws(2**15))
    maintenance, labour, materials, units = (ranges.mean(axis=1) + z * np.ptp(ranges, axis=1) / 3.29).T
    saving = (maintenance + labour + materials) * units
    assert saving.mean() == pytest.approx(600_000, rel=0.002)
    assert (saving < 400_000).mean() == pytest.approx(0.14, abs=0.005)
    assert Interval.of_draws(saving).low < 400_000 < Interval.of_draws(saving).mid


def test_draws_have_the_covariance_of_the_fit_and_repeat():
    covariance = np.array([[0.04, 0.03], [0.03, 0.09]])
    fit = MaximumLikelihood(parameters=np.array([2.0, 5.0]), log_likelihood=0.0, log_covariance=covariance)
    drawn = fit.draws(4096)
    assert np.cov(np.log(drawn).T) == pytest.approx(covariance, abs=0.003)
    assert np.median(drawn, axis=0) == pytest.approx([2.0, 5.0], rel=0.01)
    assert np.array_equal(drawn, fit.draws(4096))


def test_a_poisson_rate_has_its_textbook_error():
    fit = maximise(lambda logs: 40 * float(logs[0]) - 10 * float(np.exp(logs[0])), [[0.0]])
    assert fit.parameters[0] == pytest.approx(4.0, rel=1e-4)
    assert fit.standard_errors[0] == pytest.approx(np.sqrt(4.0 / 10), rel=1e-3)


def test_a_likelihood_without_a_maximum_is_refused_and_a_flat_direction_stays_wide():
    with pytest.raises(ModelError):
        maximise(lambda logs: float("nan"), [[0.0]])
    flat = maximise(lambda logs: -float(logs[0] ** 2), [[1.0, 0.0]])
    assert flat.interval(1).high > 50 and np.isfinite(flat.log_covariance).all()
