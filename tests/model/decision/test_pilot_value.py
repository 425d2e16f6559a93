"""What a pilot is expected to teach: the published closed form, its limits, and its directions."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from cxroi.model.decision.pilot_value import after_the_pilot, lesson_of, value_of_sample

N = 2048


def normal(mean=0.0, spread=1.0, seed=0):
    """Return draws of a normal in random order."""
    return np.random.default_rng(seed).permutation(mean + spread * ndtri((np.arange(N) + 0.5) / N))


def unit_normal_loss(distance):
    """Raiffa & Schlaifer (1961): what is expected above a bound that lies so many spreads from the mean."""
    return np.exp(-0.5 * distance**2) / np.sqrt(2 * np.pi) - distance * (1 - ndtr(distance))


def told(gain, value, *error):
    gain = gain if gain.ndim == 2 else gain[:, None]
    return value_of_sample(lesson_of(gain, np.stack(value)), np.array(error))


@pytest.mark.parametrize("break_even", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("error", [0.25, 0.5, 1.0, 2.0])
def test_two_actions_and_a_normal_gain_have_the_value_of_raiffa_and_schlaifer(error, break_even):
    gain = normal()
    before = 1 / np.sqrt(1 + error**2)  # spread of the mean that the pilot will leave
    expected = 40 * before * unit_normal_loss(break_even / before)
    assert told(gain, (0 * gain, 40 * (gain - break_even)), error) == pytest.approx(expected, rel=0.05, abs=0.4)


def test_a_pilot_without_error_is_worth_perfect_information_on_the_gain_and_one_of_nobody_nothing():
    gain = normal()
    value = (0 * gain, gain - 0.3)
    assert told(gain, value, 1e-4) == pytest.approx(unit_normal_loss(0.3), rel=0.01)
    assert told(gain, value, 1e6) == pytest.approx(0, abs=1e-6)


def test_without_error_it_still_does_not_know_what_it_did_not_measure():
    gain, other = normal(seed=1), normal(spread=2.0, seed=2)
    value = (0 * gain, gain + other)
    everything = np.maximum(gain + other, 0).mean()
    worth = told(gain, value, 1e-4)
    assert worth == pytest.approx(unit_normal_loss(0.0), rel=0.2) and worth < 0.6 * everything


def test_more_customers_never_teach_less():
    random = np.random.default_rng(4)
    for seed in range(20):
        gain = normal(seed=seed) * random.uniform(0.05, 0.4)
        levels = [random.normal(0, 1) * gain + random.normal(0, 0.2) - 0.1 * random.normal() for _ in range(6)]
        worth = [told(gain, [*levels, 0 * gain], error) for error in np.geomspace(1.0, 0.005, 12)]
        assert (np.diff(worth) >= -0.01 * max(worth)).all()


def test_what_does_not_decide_is_worth_nothing_and_what_always_pays_is_no_question():
    gain, other = normal(seed=1), normal(seed=2)
    assert told(gain, (0 * gain, other), 0.1) < 0.05 * told(other, (0 * gain, other), 0.1)
    assert told(gain, (0 * gain, gain + 20), 0.1) == pytest.approx(0, abs=1e-9)


def test_two_outcomes_teach_at_least_what_either_does_and_together_what_their_sum_would():
    first, second = normal(seed=1), normal(seed=2)
    value, both = (0 * first, first + second), np.stack([first, second], axis=1)
    joint = told(both, value, 0.5, 0.5)
    assert joint > 1.2 * max(told(first, value, 0.5), told(second, value, 0.5))
    before = np.sqrt(2 / (1 + 0.25))
    assert joint == pytest.approx(before * unit_normal_loss(0.0), rel=0.06)
    assert told(both, value, 0.5, 1e6) == pytest.approx(told(first, value, 0.5), rel=0.06)


def test_an_outcome_that_mostly_does_not_move_is_taken_as_it_is():
    spike = np.where(normal(seed=3) > 0.7, np.abs(normal(seed=4)), 0.0)
    value = (0 * spike, spike - 0.1)
    assert 0 < told(spike, value, 0.3) < np.maximum(spike - 0.1, 0).mean()


def test_after_the_pilot_the_draws_are_those_that_agree_with_it():
    gain, error = normal()[:, None], np.array([0.2])
    after = after_the_pilot(gain, error, 64, 512)
    spreads = [gain[draws, 0].std() for draws in after]
    assert np.mean(spreads) == pytest.approx(0.2 / np.sqrt(1.04), rel=0.1)
    assert np.mean([gain[draws, 0].mean() for draws in after]) == pytest.approx(0, abs=0.15)
    again = after_the_pilot(gain, error, 64, 512)
    assert all((a == b).all() for a, b in zip(after, again, strict=True))
