"""Two groups by lot: the same for the same seed whatever the order, as many from every stratum, and alike."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.pilots.assignment import CONTROL, NEITHER, TREATED, balance_of, draw_groups, draw_regions
from cxroi.model.pilots.power import branches_needed, design_effect

NAMES = [f"C-{n:05d}" for n in range(4000)]
STRATA = np.random.default_rng(1).integers(0, 7, len(NAMES))


def test_the_order_of_rows_decides_nothing_and_the_seed_everything():
    first = dict(zip(NAMES, draw_groups(NAMES, STRATA, 900, 5).tolist(), strict=True))
    order = np.random.default_rng(2).permutation(len(NAMES))
    again = draw_groups([NAMES[one] for one in order], STRATA[order], 900, 5)
    assert {NAMES[one]: group for one, group in zip(order, again.tolist(), strict=True)} == first
    other = draw_groups(NAMES, STRATA, 900, 6)
    assert 0.3 < np.mean(other == np.array(list(first.values()))) < 0.6


def test_every_stratum_gives_both_groups_as_many_in_proportion_to_its_size():
    groups = draw_groups(NAMES, STRATA, 901, 5)
    assert (groups == TREATED).sum() == (groups == CONTROL).sum() == 901
    for stratum in range(7):
        own = groups[stratum == STRATA]
        assert (own == TREATED).sum() == (own == CONTROL).sum()
        assert abs((own == TREATED).sum() - 901 * own.size / len(NAMES)) <= 1


def test_nobody_is_likelier_to_be_treated_than_another():
    share = np.mean([draw_groups(NAMES[:40], np.zeros(40, int), 10, seed) == TREATED for seed in range(400)], axis=0)
    assert share.mean() == pytest.approx(0.25) and np.abs(share - 0.25).max() < 4.5 * np.sqrt(0.25 * 0.75 / 400)


def test_all_can_be_drawn_and_more_than_there_are_cannot():
    assert (draw_groups(NAMES[:10], np.zeros(10, int), 5, 1) != NEITHER).all()
    for few in (6, 0):
        with pytest.raises(ModelError):
            draw_groups(NAMES[:10], np.zeros(10, int), few, 1)
    with pytest.raises(ModelError):  # three strata of three hold three pairs
        draw_groups(NAMES[:9], np.repeat([0, 1, 2], 3), 4, 1)


def test_regions_are_drawn_in_pairs_of_neighbours_in_size_and_fewer_than_four_pairs_are_refused():
    sizes = {f"r{n}": 1000 - 10 * n for n in range(10)}
    groups = draw_regions(sizes, 4, 3)
    for first in range(0, 8, 2):
        assert {groups[f"r{first}"], groups[f"r{first + 1}"]} == {TREATED, CONTROL}
    assert groups["r8"] == groups["r9"] == NEITHER and groups == draw_regions(dict(reversed(sizes.items())), 4, 3)
    with pytest.raises(ModelError):
        draw_regions(dict(list(sizes.items())[:7]), 3, 3)


def test_groups_are_alike_by_the_standardised_difference():
    groups = np.array([TREATED, TREATED, CONTROL, CONTROL, NEITHER], np.int8)
    found = balance_of("x", np.array([1.0, 3.0, 2.0, 4.0, 99.0]), groups)
    assert (found.treated, found.control, found.difference) == (2.0, 3.0, -1.0)
    assert balance_of("x", np.full(5, 2.0), groups).difference == 0.0
    assert np.isnan(balance_of("x", np.array([1.0, 3.0, np.nan, np.nan, 5.0]), groups).difference)


def test_the_design_effect_of_unequal_branches_is_that_of_their_very_sizes():
    """Kish's effect of clusters of sizes m_i is 1 + (sum m_i^2 / sum m_i - 1) rho, and that sum is (1 + cv^2) times the mean."""
    sizes = np.random.default_rng(3).gamma(2.0, 60.0, 50)
    exact = 1 + ((sizes**2).sum() / sizes.sum() - 1) * 0.02
    assert design_effect(sizes.mean(), 0.02, sizes.std() / sizes.mean()) == pytest.approx(exact, rel=1e-12)
    assert design_effect(100, 0.02, 0.0) == design_effect(100, 0.02)
    assert branches_needed(2000, 0.01, 100, 0.8) > branches_needed(2000, 0.01, 100)
