"""A pilot on a channel: it moves what is believed of it as far as its error allows, and drawn by lot it clears the doubt on its history."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from cxroi.model.assumption import Grade
from cxroi.model.pilots.pilot import PilotEvidence, PilotOutcome
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.posterior import fit_response
from cxroi.questions.gathering import channels_of
from cxroi.questions.pilot_evidence import fit_with_pilots
from tests.model.response.test_channels import BELIEVED, PRIORS, moved

QUIET = moved()  # nothing moves with spend
VAGUE = moved(noise=0.5)  # months that tell next to nothing
ADVERTISED = replace(  # joins that advertising brought, in step with spend
    QUIET, customers_joined=np.round(QUIET.customers_joined * (QUIET.cx_spend / QUIET.customers_at_start / 3.0) ** 0.6)
)


@cache
def churn(panel=QUIET):
    return fit_response(panel, priors=PRIORS, draws=512)


def pilot(gain, error, outcome=PilotOutcome.MARGIN, treated=1.5, grade=Grade.RANDOMISED_PILOT, **more):
    return PilotEvidence(
        spend_ratio_treated=treated,
        spend_ratio_control=1.0,
        log_gain=gain,
        standard_error=error,
        grade=grade,
        outcome=outcome,
        **more,
    )


def fitted(name=Channel.MARGIN, *pilots, panel=QUIET):
    cells = channel_cells(name, panel, churn(panel).history)
    return fit_channel(cells, BELIEVED[cells.channel], draws=1024, pilots=pilots)


def bought(one, level=1.5):
    """Return by how much the log of the outcome is better at a level in the end, averaged over customers as a pilot's is, by draw."""
    customers = QUIET.customers_at_start[:, -1]
    return one.strength @ (customers / customers.sum()) * (one.gains(level) - one.gains(1.0))


def test_a_huge_pilot_pins_what_its_level_buys_and_a_tiny_one_changes_next_to_nothing():
    sure, without, vague = (
        fitted(Channel.MARGIN, pilot(0.03, 0.001)),
        fitted(),
        fitted(Channel.MARGIN, pilot(0.03, 5.0)),
    )
    assert bought(sure).mean() == pytest.approx(0.03, abs=0.004) and sure.helps > 0.99
    assert vague.helps == pytest.approx(without.helps, abs=0.05)
    assert bought(vague).mean() == pytest.approx(bought(without).mean(), abs=0.002)


def test_a_pilot_with_no_difference_in_spend_changes_nothing():
    same = replace(pilot(0.2, 0.01), spend_ratio_treated=1.0)
    np.testing.assert_array_equal(fitted(Channel.MARGIN, same).strength, fitted().strength)


def test_a_pilot_of_another_outcome_says_nothing_about_a_channel_nor_about_churn():
    other = pilot(0.2, 0.01, PilotOutcome.SUPPORT)
    np.testing.assert_array_equal(fitted(Channel.MARGIN, other).strength, fitted().strength)
    with_it = fit_response(QUIET, priors=PRIORS, draws=512, pilots=(other,))
    np.testing.assert_array_equal(with_it.strength, churn().strength)
    assert with_it.grade is Grade.OWN_HISTORY


def test_a_pilot_that_shows_a_gain_makes_it_likelier_that_spend_helps_and_one_that_shows_harm_that_it_harms():
    good, bad = (fitted(Channel.SUPPORT, pilot(gain, 0.02, PilotOutcome.SUPPORT), panel=VAGUE) for gain in (0.1, -0.1))
    without = fitted(Channel.SUPPORT, panel=VAGUE)
    assert good.helps > 0.9 > without.helps and bad.harms > 0.9 > without.harms
    nothing = fitted(Channel.SUPPORT, pilot(0.0, 0.005, PilotOutcome.SUPPORT), panel=VAGUE)
    assert nothing.helps + nothing.harms <= without.helps + without.harms + 0.03


def test_a_short_pilot_tells_less_of_the_end_than_it_would_show_in_full():
    short, full = (fitted(Channel.MARGIN, pilot(0.03, 0.002, months=months)) for months in (2, 0))
    assert bought(short).mean() > bought(full).mean()


def test_pilots_recover_what_is_true_with_errors_that_hold():
    random, truth, error = np.random.default_rng(5), 0.05, 0.02
    inside = []
    for _ in range(12):
        pilots = (pilot(truth + error * random.normal(), error) for _ in range(3))
        draws = bought(fitted(Channel.MARGIN, *pilots, panel=VAGUE))
        low, high = np.quantile(draws, (0.02, 0.98))
        inside.append(low <= truth <= high)
    assert np.mean(inside) >= 0.8


def test_a_pilot_in_one_segment_is_that_segments_own_and_the_others_follow_in_part():
    one = fitted(Channel.MARGIN, pilot(0.04, 0.002, segment="s01"))
    gain = one.strength * (one.gains(1.5) - one.gains(1.0))[:, None]
    assert gain[:, 1].mean() == pytest.approx(0.04, abs=0.005)
    assert gain[:, [0, 2, 3]].std() > 1.5 * gain[:, 1].std() and gain[:, 0].mean() > 0.005


@pytest.mark.parametrize(("grade", "doubted"), [(Grade.RANDOMISED_PILOT, False), (Grade.MATCHED_COMPARISON, True)])
def test_groups_drawn_by_lot_clear_the_doubt_on_a_channel_and_matched_ones_do_not(grade, doubted):
    before = fitted(Channel.JOINS, panel=ADVERTISED)
    assert before.doubt == "acquisition" and before.grade is Grade.SURVEY_LINKAGE
    after = fitted(Channel.JOINS, pilot(0.1, 0.02, PilotOutcome.JOINS, grade=grade), panel=ADVERTISED)
    assert bool(after.doubt) is doubted and after.grade is grade


def test_where_history_is_in_doubt_a_pilot_by_lot_that_shows_nothing_has_the_last_word():
    """Joins that advertising brought look like an effect of spend; a pilot that shows none must not be outvoted by them."""
    none = pilot(0.0, 0.05, PilotOutcome.JOINS)
    found, _ = channels_of(ADVERTISED, churn(ADVERTISED), BELIEVED, 0, 512, (none,))
    joins = next(one for one in found if one.channel is Channel.JOINS)
    outvoted = fitted(Channel.JOINS, none, panel=ADVERTISED)
    assert outvoted.helps > 0.5 > joins.helps
    kept, _ = channels_of(QUIET, churn(), BELIEVED, 0, 512, (pilot(0.03, 0.02),))
    same = next(one for one in kept if one.channel is Channel.MARGIN)
    assert same.helps == pytest.approx(
        fitted(Channel.MARGIN, pilot(0.03, 0.02)).helps, abs=0.05
    )  # no doubt, both count


def test_without_a_pilot_of_its_own_a_channel_is_fitted_once():
    calls = []

    def fit(cells, pilots):
        calls.append(pilots)
        return fitted()

    fit_with_pilots(channel_cells(Channel.MARGIN, QUIET, churn().history), fit, (pilot(0.1, 0.1, PilotOutcome.JOINS),))
    assert calls == [()]
