"""Pilots: published examples, identities, limits and directions, before and after a pilot."""

import numpy as np
import pytest

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.pilots.difference_in_differences import (
    churn_difference_in_differences,
    difference_in_differences,
    staggered_churn_difference,
)
from cxroi.model.pilots.lift import Sample, lift
from cxroi.model.pilots.pilot import PilotBeliefs, PilotOutcome, as_evidence, cuped, measure_randomised
from cxroi.model.pilots.pilot_design import Place, design, design_of_mean
from cxroi.model.pilots.power import (
    power_two_means,
    power_two_proportions,
    sample_size_two_means,
    sample_size_two_proportions,
)


@pytest.mark.parametrize(("effect", "n", "printed"), [(1, 30, 0.967708258243), (0.1, 20, 0.0609591246541)])
def test_power_of_two_means_as_r_pwr_t_test_gives_it(effect, n, printed):
    assert power_two_means(effect, n) == pytest.approx(printed, abs=1e-6)


def test_power_with_a_known_spread_and_of_two_proportions_as_r_pwr_gives_it():
    assert power_two_means(0.3, 80, known_spread=True) == pytest.approx(0.475100870573, abs=1e-6)
    assert power_two_proportions(0.5, 0.75, 76.70692) == pytest.approx(0.9, abs=1e-6)
    assert sample_size_two_proportions(0.5, 0.75, power=0.9) == pytest.approx(76.70692, abs=1e-4)


@pytest.mark.parametrize("power", [0.6, 0.8, 0.95])
def test_sample_size_is_the_inverse_of_power(power):
    assert power_two_proportions(0.8, 0.83, sample_size_two_proportions(0.8, 0.83, power=power)) == pytest.approx(power)
    assert power_two_means(0.02, sample_size_two_means(0.02, power=power)) == pytest.approx(power, abs=1e-4)


def test_the_power_stated_is_the_share_of_simulated_pilots_that_show_the_effect():
    random = np.random.default_rng(1)
    kept = random.binomial(900, [[0.88], [0.84]], (2, 2000))
    found = np.mean([measure_randomised(900, t, 900, c).p_value < 0.05 for t, c in kept.T])
    assert found == pytest.approx(power_two_proportions(0.84, 0.88, 900), abs=0.03)


def plan(**changes):
    where = {"customers": 20_000, "extra_spend_per_customer_month": 3.0}
    what = {"monthly_churn_rate": 0.02, "uplift_pp": 2.0}
    own = {name: value for name, value in changes.items() if name in Place.__dataclass_fields__}
    return design(Place(**(where | own)), **(what | {n: v for n, v in changes.items() if n not in own}))


def test_a_design_is_the_shortest_that_reaches_its_power_and_its_cost_adds_up():
    pilot = plan()
    assert pilot.reaches_power and pilot.power == pytest.approx(0.8, abs=0.001)
    assert pilot.months == min(option.months for option in pilot.options if option.fits)
    assert pilot.cost == pilot.customers_per_group * pilot.months * 3.0
    assert pilot.smallest_change == pytest.approx(2.0, abs=0.001)


def test_a_smaller_uplift_needs_more_customers_and_whole_branches_more_still():
    assert plan(uplift_pp=1.5).options[-1].customers_per_group > plan().options[-1].customers_per_group
    by_branch = plan(
        branches=200, beliefs=PilotBeliefs(intra_class_correlation=1 / 99)
    )  # of 100 customers: twice as many
    assert by_branch.options[0].customers_per_group == pytest.approx(2 * plan().options[0].customers_per_group, abs=100)
    assert by_branch.branches_per_group * 100 == by_branch.customers_per_group <= 10_000
    assert plan(branches=20_000).options == plan().options  # branches of one customer are customers
    assert plan(branches=6).branches_per_group == 3 and not plan(branches=6).reaches_power  # four at least


def test_what_arrives_by_and_by_asks_for_more_customers_and_most_of_all_in_a_short_pilot():
    at_once, later = (plan(carryover_rate=rate).options for rate in (0.0, 0.8))
    needed = [b.customers_per_group / a.customers_per_group for a, b in zip(at_once, later, strict=True)]
    assert needed == sorted(needed, reverse=True) and needed[-1] > 1
    gains = [one.treated for one in (plan(carryover_rate=rate, months=(6,)) for rate in (0.0, 0.5, 0.8))]
    assert gains == sorted(gains, reverse=True)


def test_the_months_of_a_ramp_lose_what_each_of_them_says():
    pilot = plan(carryover_rate=0.5, months=(3,), customers=1e6)
    ratio = np.log(0.98**12 + 0.02) / np.log(0.98**12)
    assert pilot.treated == pytest.approx(0.98 ** sum(ratio ** (1 - 0.5**t) for t in (1, 2, 3)))


def test_a_cut_is_planned_like_a_raise_and_saves_money():
    cut = plan(uplift_pp=-2.0, extra_spend_per_customer_month=-1.5)
    assert cut.treated < cut.control and cut.cost < 0 and cut.smallest_change == pytest.approx(-2.0, abs=0.001)


def mean(change=-10.0, outcome=PilotOutcome.SUPPORT, **place):
    return design_of_mean(
        Place(**({"customers": 50_000, "extra_spend_per_customer_month": 3.0} | place)), outcome, change_percent=change
    )


def test_a_pilot_on_a_mean_has_the_size_of_a_test_of_two_means_and_shows_what_it_looks_for():
    pilot = mean()
    assert pilot.customers_per_group == np.ceil(sample_size_two_means(np.log(1 / 0.9) / 2.0, alpha=0.1))
    assert pilot.smallest_change == pytest.approx(-10.0, abs=0.01) and pilot.treated == pytest.approx(0.9)
    steadier = mean(beliefs=PilotBeliefs(support_spread=1.0))
    assert steadier.customers_per_group == pytest.approx(pilot.customers_per_group / 4, rel=0.01)
    assert mean(carryover_rate=0.7).customers_per_group > pilot.customers_per_group
    for outcome, change in ((PilotOutcome.CHURN, 5.0), (PilotOutcome.MARGIN, 0.0), (PilotOutcome.MARGIN, -100.0)):
        with pytest.raises(ModelError):
            mean(change, outcome)


def test_too_few_customers_get_the_strongest_pilot_with_its_true_power():
    pilot = plan(customers=1000)
    assert not pilot.reaches_power and pilot.customers_per_group == 500
    assert pilot.power < 0.3 and pilot.smallest_change > 5
    assert np.isnan(plan(customers=6).smallest_change)


def test_a_randomised_pilot_has_the_newcombe_interval_of_fagerland_et_al_2015_inside_its_ninety_percent():
    result = measure_randomised(34, 7, 34, 1)
    assert result.difference.mid == pytest.approx(6 / 34)
    assert 0.019 < result.difference.low < result.difference.mid < result.difference.high < 0.34
    assert result.p_value == pytest.approx(0.0243, abs=0.001)


def test_the_log_hazard_gain_does_not_depend_on_the_length_of_the_pilot():
    three = measure_randomised(10**9, 10**9 * 0.98**3, 10**9, 10**9 * 0.97**3)
    twelve = measure_randomised(10**9, 10**9 * 0.98**12, 10**9, 10**9 * 0.97**12)
    assert three.log_hazard_gain == pytest.approx(twelve.log_hazard_gain, abs=1e-4)
    assert three.log_hazard_gain == pytest.approx(np.log(np.log(0.97) / np.log(0.98)), abs=1e-4)


def test_ninety_percent_of_log_hazard_intervals_hold_the_truth():
    random = np.random.default_rng(5)
    truth = np.log(np.log(0.85) / np.log(0.88))
    held = []
    for treated, control in zip(random.binomial(800, 0.88, 800), random.binomial(800, 0.85, 800), strict=True):
        result = measure_randomised(800, treated, 800, control)
        held.append(abs(result.log_hazard_gain - truth) < 1.645 * result.log_hazard_error)
    assert np.mean(held) == pytest.approx(0.9, abs=0.03)


def test_a_pilot_that_lost_nobody_stays_finite_and_unsure():
    result = measure_randomised(40, 40, 40, 38)
    assert np.isfinite(result.log_hazard_gain) and result.log_hazard_error > 1


def test_evidence_carries_spend_gain_error_and_grade_and_needs_two_levels_of_spend():
    result = measure_randomised(1000, 930, 1000, 900)
    evidence = as_evidence(result, spend_ratio_treated=1.5)
    assert (evidence.spend_ratio_treated, evidence.spend_ratio_control) == (1.5, 1.0)
    assert evidence.log_gain == result.log_hazard_gain > 0
    assert evidence.grade is Grade.RANDOMISED_PILOT
    with pytest.raises(ModelError):
        as_evidence(result, spend_ratio_treated=1.0)


def test_lifts_absolute_and_relative_as_the_growthbook_gbstats_tests_print_them():
    treated = Sample(total=2422.7, total_of_squares=134698.29, n=3461)
    control = Sample(total=1396.87, total_of_squares=52377.9767, n=3407)
    absolute = lift(treated, control, confidence=0.95)
    relative = lift(treated, control, relative=True, confidence=0.95)
    shares = lift(
        Sample(total=16, total_of_squares=16, n=30),
        Sample(total=14, total_of_squares=14, n=28),
        relative=True,
        confidence=0.95,
    )

    def row(found):
        return [found.estimate, found.standard_error, found.low, found.high, found.p_value]

    assert row(absolute) == pytest.approx([0.29, 0.12478, 0.04538, 0.53462, 0.02016], abs=6e-6)
    assert row(relative) == pytest.approx([0.70732, 0.37879, -0.03526, 1.44989, 0.06191], abs=6e-6)
    assert row(shares) == pytest.approx([0.06667, 0.2717, -0.47767, 0.61101, 0.80707], abs=6e-5)


def test_cuped_keeps_the_effect_and_narrows_it_by_what_the_covariate_explains():
    random = np.random.default_rng(11)
    n = 20_000
    habit = random.normal(size=n)
    treated = random.integers(0, 2, n)
    kept = (0.9 * habit + 0.15 * treated + 0.5 * random.normal(size=n) > -1).astype(float)
    adjusted, plain = cuped(kept, treated, habit), cuped(kept, treated, np.zeros(n))
    assert adjusted.variance_reduction > 0.2 and plain.variance_reduction == 0
    assert adjusted.difference.mid == pytest.approx(plain.difference.mid, abs=0.01)
    assert adjusted.difference.high - adjusted.difference.low < 0.9 * (plain.difference.high - plain.difference.low)
    assert adjusted.log_hazard_error < plain.log_hazard_error
    counted = measure_randomised(
        (treated == 1).sum(), kept[treated == 1].sum(), (treated == 0).sum(), kept[treated == 0].sum()
    )
    assert plain.log_hazard_gain == pytest.approx(counted.log_hazard_gain, rel=1e-6)
    assert plain.log_hazard_error == pytest.approx(counted.log_hazard_error, rel=1e-3)


def with_moments(mean, spread, n, seed):
    z = np.random.default_rng(seed).normal(size=n)
    return mean + spread * (z - z.mean()) / z.std(ddof=1)


def test_difference_in_differences_of_all_stores_as_card_and_krueger_1994_table_3():
    cells = {
        (0, 0): (23.3311688312, 11.8562831415, 77),
        (0, 1): (21.1655844156, 8.27673204858, 77),
        (1, 0): (20.4394080997, 9.10623910218, 321),
        (1, 1): (21.0274294671, 9.29302377356, 319),
    }
    rows = [
        (v, g, t, 1000 * g + i) for (g, t), m in cells.items() for i, v in enumerate(with_moments(*m, seed=g + 2 * t))
    ]
    result = difference_in_differences(*np.array(rows).T)
    assert result.means == pytest.approx((20.44, 21.03, 23.33, 21.17), abs=0.0061)
    assert result.effect.mid == pytest.approx(2.76, abs=0.01)


def card_krueger_pairs():
    rows = []
    for group, (mean, spread, n) in {
        0: (-2.28333333333, 10.8536279068, 75),
        1: (0.466666666667, 8.45219495558, 309),
    }.items():
        before = with_moments(21, 9, n, seed=group)
        change = with_moments(mean, spread, n, seed=10 + group)
        rows += [(before[i] + t * change[i], group, t, 1000 * group + i) for i in range(n) for t in (0, 1)]
    return np.array(rows).T


def test_the_same_stores_followed_over_time_pair_their_errors_as_card_and_krueger_1994_print_it():
    value, group, after, store = card_krueger_pairs()
    paired = difference_in_differences(value, group, after, store)
    assert (paired.effect.mid, paired.standard_error) == pytest.approx((2.75, 1.34), abs=0.0061)
    assert (
        difference_in_differences(value, group, after, np.arange(value.size)).standard_error
        > 1.2 * paired.standard_error
    )


def simulated_churn(*, gain, drift=0.0, units=16, months=18, seed=0, spread=0.25):
    random = np.random.default_rng(seed)
    unit, month = np.meshgrid(np.arange(units), np.arange(months), indexing="ij")
    treated, after = (unit < units // 2).astype(float), (month >= months - 6).astype(float)
    level = random.normal(np.log(0.03), spread, units)[:, None] + 0.1 * np.sin(month / 2)
    hazard = np.exp(level - gain * treated * after + drift * treated * month)
    customers = np.full(unit.shape, 1500)
    columns = (random.poisson(customers * hazard), customers, treated, after, unit)
    return [column.ravel() for column in columns], month.ravel()


def test_a_matched_pilot_recovers_the_log_hazard_it_bought_with_honest_intervals():
    held = []
    for seed in range(60):
        columns, month = simulated_churn(gain=0.2, seed=seed)
        result = churn_difference_in_differences(*columns, period=month)
        held.append(abs(result.log_hazard_gain - 0.2) < 1.645 * result.log_hazard_error)
    assert 0.8 <= np.mean(held) <= 0.98
    assert result.effect.mid < 0 and result.units == 16


def test_groups_that_drifted_apart_before_the_change_fail_the_trend_check_and_lose_their_grade():
    columns, month = simulated_churn(gain=0.2, seed=3, spread=0.1)
    calm = churn_difference_in_differences(*columns, period=month)
    columns, month = simulated_churn(gain=0.0, drift=-0.04, seed=3, spread=0.1)
    drifting = churn_difference_in_differences(*columns, period=month)
    assert calm.pre_trend.passes and calm.placebo.passes and calm.grade is Grade.MATCHED_COMPARISON
    assert not drifting.pre_trend.passes and drifting.pre_trend.estimate == pytest.approx(-0.04, abs=0.02)
    assert drifting.grade is Grade.OWN_HISTORY
    assert drifting.log_hazard_gain > 0.2  # what the drift would have passed off as an effect


def test_without_enough_time_before_there_is_no_trend_check():
    columns, month = simulated_churn(gain=0.2, months=8)
    assert churn_difference_in_differences(*columns, period=month).pre_trend is None


@pytest.mark.parametrize("treated", [2, 3])
def test_a_few_treated_units_do_not_look_surer_than_they_are(treated):
    held = []
    for seed in range(100):
        random = np.random.default_rng(seed)
        unit, month = np.meshgrid(np.arange(20), np.arange(12), indexing="ij")
        group, after = (unit < treated).astype(float), (month >= 6).astype(float)
        shift = random.normal(0, 0.2, 20)[:, None] * after  # units move by themselves, treated or not
        lost = random.poisson(1500 * np.exp(-3.5 + shift - 0.2 * group * after))
        columns = (lost, np.full(unit.shape, 1500), group, after, unit)
        result = churn_difference_in_differences(*(column.ravel() for column in columns))
        held.append(abs(result.log_hazard_gain - 0.2) < 1.645 * result.log_hazard_error)
    assert np.mean(held) >= 0.82


def staggered(gain=0.2, seed=0, units=18, months=24):
    random = np.random.default_rng(seed)
    unit, month = np.meshgrid(np.arange(units), np.arange(months), indexing="ij")
    start = np.where(unit < 6, 8.0, np.where(unit < 12, 15.0, np.nan))
    level = random.normal(np.log(0.03), 0.2, units)[:, None] + 0.02 * np.cumsum(random.normal(size=months))
    hazard = np.exp(level - gain * (month >= start) * (1 + 0.5 * (unit < 6)))  # the first to start gain more
    lost = random.poisson(1500 * hazard)
    return [column.ravel() for column in (lost, np.full(unit.shape, 1500), unit, month, start)]


def test_units_that_start_at_different_times_are_compared_with_those_not_started_yet():
    found = [staggered_churn_difference(*staggered(seed=seed)) for seed in range(30)]
    assert np.mean([one.log_hazard_gain for one in found]) == pytest.approx(0.25, abs=0.02)
    held = [abs(one.log_hazard_gain - 0.25) < 1.645 * one.log_hazard_error for one in found]
    assert np.mean(held) >= 0.8
    assert found[0].pre_trend is not None and found[0].units == 18


def test_starts_without_anybody_left_to_compare_with_are_refused():
    lost, customers, unit, month, start = staggered()
    started = np.isfinite(start) & (start == 8)
    with pytest.raises(ModelError) as refused:
        staggered_churn_difference(*(column[started] for column in (lost, customers, unit, month, start)))
    assert refused.value.id == "pilot.comparison_incomplete"


@pytest.mark.parametrize(
    ("call", "id"),
    [
        (lambda: power_two_proportions(1.2, 0.5, 10), "pilot.rate_out_of_range"),
        (lambda: sample_size_two_proportions(0.5, 0.5), "pilot.no_difference"),
        (lambda: sample_size_two_means(0.5, power=0.2), "pilot.power_out_of_range"),
        (lambda: power_two_means(0.5, 1), "pilot.group_too_small"),
        (lambda: plan(uplift_pp=40), "pilot.uplift_out_of_range"),
        (lambda: plan(customers=1), "pilot.group_too_small"),
        (lambda: measure_randomised(10, 12, 10, 5), "pilot.counts_unreadable"),
        (lambda: measure_randomised(0, 0, 10, 5), "pilot.counts_unreadable"),
        (lambda: cuped([1, 0], [1, 0], [1, 2]), "pilot.covariate_unreadable"),
        (lambda: difference_in_differences([1, 2], [1, 1], [0, 1], [1, 2]), "pilot.comparison_incomplete"),
        (
            lambda: difference_in_differences([1, 2, 3, 4], [1, 1, 0, 0], [0, 1, 0, 1], [1, 1, 2, 2]),
            "pilot.too_few_units",
        ),
    ],
)
def test_what_has_no_answer_is_refused_by_name(call, id):
    with pytest.raises(ModelError) as refused:
        call()
    assert refused.value.id == id
