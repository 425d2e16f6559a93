"""Several initiatives at once: the eight schools as they were published, both limits, and the winner's curse taken off."""

from dataclasses import replace

import numpy as np
import pytest

from cxroi.model.response.shrinkage import EffectDraws, hierarchy, programme_earned

# Rubin (1981); Gelman and others (2013), table 5.2: coaching effects with standard errors, and the medians of table 5.3.
EFFECT = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
ERROR = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
MEDIAN = np.array([10.0, 8, 7, 8, 5, 6, 10, 8])


def drawn(mean, sd, believed=0.5, seed=0):
    """Return an initiative of which a likelihood N(mean, sd^2) is known, under what is believed of one alone; its money goes with its effect."""
    precision = 1 / sd**2 + 1 / believed**2
    normal = np.random.default_rng([seed, 9]).normal(size=1024)
    effect = mean / sd**2 / precision + normal / np.sqrt(precision)
    return EffectDraws(effect=effect, uplift_pp=20 * effect, value=1000 * effect, believed_sd=believed)


def test_the_eight_schools_have_their_published_medians():
    mu, tau = hierarchy(EFFECT, ERROR, count=40_000)
    variance = 1 / (1 / ERROR**2 + 1 / tau[:, None] ** 2)
    theta = variance * (EFFECT / ERROR**2 + mu[:, None] / tau[:, None] ** 2)
    theta = theta + np.sqrt(variance) * np.random.default_rng(1).normal(size=theta.shape)
    assert np.median(theta, axis=0) == pytest.approx(MEDIAN, abs=1.1)
    assert np.quantile(theta[:, 0], (0.025, 0.975)) == pytest.approx((-2, 31), abs=2.5)


def test_without_a_spread_all_schools_are_pooled_as_published():
    mu, _ = hierarchy(EFFECT, ERROR, spread_scale=1e-6, count=40_000)
    assert mu.mean() == pytest.approx(7.7, abs=0.1) and mu.std() == pytest.approx(4.1, abs=0.1)


def test_one_initiative_alone_stays_nearly_as_it_was_measured():
    one = drawn(0.3, 0.1)
    (found,) = programme_earned([one], [[0]]).shrunk
    assert found.value.mid == pytest.approx(float(np.median(one.value)), rel=0.1)


def test_what_is_known_exactly_is_not_shrunk_and_what_is_hardly_known_goes_to_the_others():
    sure, unsure = drawn(0.3, 0.005, seed=1), drawn(0.9, 0.6, seed=2)
    others = [drawn(0.05, 0.03, seed=seed) for seed in range(3, 9)]
    found = programme_earned([sure, unsure, *others], [[place] for place in range(8)]).shrunk
    assert found[0].value.mid == pytest.approx(300, abs=10)
    assert found[1].value.mid < 0.6 * float(np.median(unsure.value)) and found[1].kept_share < 0.6


def test_the_best_of_several_that_do_nothing_alike_is_too_high_alone_and_not_among_the_others():
    """True effects ~ N(0.05, 0.05^2), each measured with an error of 0.15: the winner alone is too high by far more than shrunk."""
    random, alone, among = np.random.default_rng(4), [], []
    for trial in range(10):
        truth = random.normal(0.05, 0.05, 8)
        made = [drawn(mean, 0.15, seed=10 * trial + n) for n, mean in enumerate(random.normal(truth, 0.15))]
        best = int(np.argmax([one.effect.mean() for one in made]))
        found = programme_earned(made, [[place] for place in range(8)], seed=trial).shrunk[best]
        alone.append(float(np.median(made[best].value)) - 1000 * truth[best])
        among.append(found.value.mid - 1000 * truth[best])
    assert np.mean(alone) > 100 and np.mean(among) < 0.55 * np.mean(alone)


def test_a_promise_is_as_likely_kept_as_what_is_left_among_the_others_says():
    lucky = replace(drawn(0.4, 0.15, seed=1), promised_uplift_pp=5.0)
    others = [drawn(0.05, 0.05, seed=seed) for seed in range(3, 9)]
    by_itself = float((lucky.uplift_pp >= 5.0).mean())
    (alone,) = programme_earned([lucky], [[0]]).shrunk
    among, *rest = programme_earned([lucky, *others], [[place] for place in range(7)]).shrunk
    assert alone.probability_kept == pytest.approx(by_itself, abs=0.1) and by_itself > 0.7
    assert among.probability_kept < 0.5 and among.uplift_pp.mid < 5.0
    assert all(one.probability_kept is None for one in rest)


def test_the_total_is_the_sum_and_those_that_began_together_count_once():
    made = [drawn(0.2, 0.02, seed=seed) for seed in range(3)]
    apart = programme_earned(made, [[0], [1], [2]]).value
    once = programme_earned(made, [[0, 1], [2]]).value
    assert apart.mid == pytest.approx(600, rel=0.05) and once.mid == pytest.approx(400, rel=0.05)
    assert apart.high - apart.low > once.high - once.low > 0


def test_parts_of_a_programme_add_up_to_it_and_share_what_counts_once():
    made = [drawn(0.2, 0.0005, seed=seed) for seed in range(3)]
    found = programme_earned(made, [[0, 1], [2]], [[0], [1, 2], []])
    assert [one.mid for one in found.parts] == pytest.approx([100, 300, 0], rel=0.02)
    assert sum(one.mid for one in found.parts) == pytest.approx(found.value.mid, rel=0.01)
