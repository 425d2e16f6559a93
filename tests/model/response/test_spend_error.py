"""Spend booked with error: how much smaller that makes its effect look."""

import numpy as np
import pytest

from cxroi.model.response.likelihood import History
from cxroi.model.response.shape import carry_over
from cxroi.model.response.spend_error import reliability


def history(log_spend):
    shape = log_spend.shape
    names = tuple(f"s{s}" for s in range(shape[0]))
    return History(names, np.full(shape, 100.0), np.ones(shape), np.exp(log_spend), np.ones(shape[0]))


@pytest.mark.parametrize("carryover_rate", [0.0, 0.5])
def test_it_is_the_slope_that_is_left_when_spend_is_booked_with_error(carryover_rate):
    """Least squares on spend with error finds lambda times the true slope (Fuller 1987)."""
    random = np.random.default_rng(0)
    spent = np.repeat(random.normal(0, 0.5, (40, 60)), 5, axis=1)
    booked = spent + random.normal(0, 0.3, spent.shape)

    def effective(log_spend):
        return np.log(carry_over(np.exp(log_spend), carryover_rate))

    acted, seen = effective(spent), effective(booked)
    x = seen - seen.mean(axis=1, keepdims=True) - (seen - seen.mean(axis=1, keepdims=True)).mean(axis=0)
    slope = float((x * acted).sum() / (x * x).sum())
    assert reliability(history(booked), carryover_rate, 0.3) == pytest.approx(slope, abs=0.04)


def test_without_error_all_of_it_counts_and_never_less_than_half():
    log_spend = np.random.default_rng(1).normal(0, 0.2, (4, 36))
    assert reliability(history(log_spend), 0.3, 0.0) == 1.0
    assert reliability(history(0.1 * log_spend), 0.0, 0.3) == 0.5
    assert reliability(history(0 * log_spend), 0.0, 0.3) == 0.5
