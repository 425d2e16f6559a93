"""Published survey statistics to their printed digits, then identities, limits and refusals."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cxroi.errors import ModelError
from cxroi.model.satisfaction.answers import effective_n
from cxroi.model.satisfaction.net_promoter import nps, nps_difference, promoter_value
from cxroi.model.satisfaction.scores import ces, csat
from cxroi.model.satisfaction.survey import AnswerCounts, SurvivorCheck, score_changes, score_lines
from cxroi.model.statistics.proportion import difference_interval, proportion_interval
from tests.collection import SHARED

FAGERLAND = (7, 34, 1, 34)
counts = st.tuples(*[st.integers(0, 500)] * 3).filter(lambda groups: sum(groups) > 0)


# B. Rocks, R package NPS, test_01_basics.R.
@pytest.mark.parametrize(
    ("groups", "score", "variance", "standard_error"),
    [
        ((1, 2, 3), 0.333333333333, 0.555555555556, 0.304),
        ((1, 0, 0), -1, 0, 0),
        ((0, 0, 1), 1, 0, 0),
        ((0, 1, 0), 0, 0, 0),
        ((1, 0, 1), 0, 1, 0.707),
        ((0, 1, 1), 0.5, 0.25, 0.354),
        ((1, 1, 1), 0, 0.666666666667, 0.471),
    ],
)
def test_nps_and_its_variance_match_the_r_package(groups, score, variance, standard_error):
    result = nps(counts=groups)
    assert (result.nps, result.variance) == pytest.approx((score, variance), abs=1e-9)
    assert result.standard_error == pytest.approx(standard_error, abs=1e-3)


def test_nps_of_answers_matches_the_r_package():
    assert nps([0, 7, 7, 9, 9, 9]).nps == pytest.approx(0.333333333333)


# B. Rocks, nps_tests.R (formulae), on the groups of a public script: 2/0/9 and 10/20/70.
def test_nps_difference_matches_the_published_formulae():
    first, second = nps(counts=(2, 0, 9)), nps(counts=(10, 20, 70))
    change = nps_difference(first, second)
    assert (first.nps, second.nps) == pytest.approx((0.636364, 0.6), abs=2e-6)
    assert change.difference == pytest.approx(-0.036364, abs=2e-6)
    assert change.standard_error == pytest.approx(0.241857, abs=2e-6)
    assert change.p_value == pytest.approx(0.880487, abs=2e-6)
    wald = nps(counts=(2, 0, 9), method="wald")
    assert (wald.low, wald.high) == pytest.approx((0.180502, 1), abs=1e-5)  # printed with z = 1.96
    assert (first.low, first.high) == pytest.approx((0.080008, 0.919992), abs=1e-5)


# R package binom, binom.confint, as pinned by statsmodels; Wald there is not cut at 0 and 1, ours is.
@pytest.mark.parametrize(
    ("method", "published"),
    [
        (
            "wilson",
            [
                (0.698966354772, 0.972133518786),
                (0.0806576625798, 0.416017432252),
                (0.00780442641635, 0.0502870869058),
                (0.910421851861, 0.972617354399),
            ],
        ),
        (
            "wald",
            [
                (0.768521618914, 1.0),
                (0.0246954918847, 0.375304508115),
                (0.000597346459105, 0.0394026535409),
                (0.919794926421, 0.980205073579),
            ],
        ),
        (
            "agresti_coull",
            [
                (0.68675611256, 0.984343760998),
                (0.0749115102767, 0.421763584555),
                (0.00599195454822, 0.052099558774),
                (0.909307307912, 0.973731898349),
            ],
        ),
        (
            "exact",
            [
                (0.683017285981, 0.98765147283),
                (0.05733399705, 0.436614002997),
                (0.00547556587956, 0.0504136090899),
                (0.909972462299, 0.975765834528),
            ],
        ),
    ],
)
def test_intervals_of_a_share_match_r(method, published):
    for (successes, n), bounds in zip([(18, 20), (4, 20), (4, 200), (190, 200)], published, strict=True):
        assert proportion_interval(successes, n, method=method) == pytest.approx(bounds, abs=1e-6)


# R. G. Newcombe, Statistics in Medicine 17, 1998, 857-872.
@pytest.mark.parametrize(
    ("successes", "n", "published"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_wilson_matches_newcombes_table(successes, n, published):
    assert proportion_interval(successes, n) == pytest.approx(published, abs=5.1e-5)
    assert successes > 0 or proportion_interval(successes, n)[0] == 0


# Sauro & Lewis, Quantifying the User Experience, 2012, chapter 3: 7 of 10.
def test_adjusted_wald_matches_the_usability_example():
    assert proportion_interval(7, 10, method="agresti_coull") == pytest.approx((0.392, 0.897), abs=6e-4)


# Fagerland, Lydersen & Laake, Statistical Methods in Medical Research 24, 2015, and R PropCIs: 7/34 against 1/34.
def test_two_groups_match_fagerland():
    assert difference_interval(*FAGERLAND) == pytest.approx((0.019, 0.34), abs=1e-3)
    assert difference_interval(*FAGERLAND, method="wald") == pytest.approx((0.02916942, 0.32377176), abs=6e-7)
    assert difference_interval(*FAGERLAND, method="agresti_caffo") == pytest.approx((0.01161167, 0.32172166), abs=6e-7)


@given(st.integers(1, 500), st.data())
def test_wilson_and_jeffreys_agree_with_statsmodels_and_hold_the_share(n, data):
    successes = data.draw(st.integers(0, n))
    for method in ("wilson", "jeffreys"):
        low, high = proportion_interval(successes, n, method=method)
        if method == "wilson" or 0 < successes < n:  # with none or all, ours is closed at the end of the scale
            assert (low, high) == pytest.approx(proportion_confint(successes, n, method=method), abs=1e-9)
        assert 0 <= low <= successes / n <= high <= 1


@given(counts)
def test_nps_stays_inside_its_interval_and_its_scale(groups):
    score = nps(counts=groups)
    assert -1 <= score.low <= score.high <= 1
    assert 0 <= score.variance <= 1
    assert score.detractors + score.passives + score.promoters == pytest.approx(1)


def test_nps_stays_open_when_everyone_answers_alike():
    score = nps([10] * 5)
    assert score.standard_error == 0
    assert score.low < 0.9 and score.high <= 1


@given(st.lists(st.integers(0, 10), min_size=1, max_size=50))
def test_equal_weights_change_nothing(scores):
    assert nps(scores, weights=[2.5] * len(scores)).nps == pytest.approx(nps(scores).nps)
    assert nps(scores, weights=[2.5] * len(scores)).low == pytest.approx(nps(scores).low)


def test_unequal_weights_widen_the_interval():
    scores, weights = [10, 9, 8, 3] * 10, [5, 1, 1, 1] * 10
    assert effective_n(weights) < 40
    weighted = csat([5, 4, 3, 1] * 10, weights=weights)
    assert weighted.high - weighted.low > csat([5, 4, 3, 1] * 10).high - csat([5, 4, 3, 1] * 10).low
    assert nps(scores, weights=weights).effective_n == pytest.approx(effective_n(weights))


@pytest.mark.parametrize(
    ("scale", "answers", "rate"),
    [
        ((1, 5), [3, 4, 5], 2 / 3),
        ((1, 7), [5, 6, 7], 2 / 3),
        ((1, 10), [8, 9, 10], 2 / 3),
        ((0, 100), [79, 80, 100], 2 / 3),
    ],
)
def test_csat_counts_the_top_two_boxes_of_its_scale(scale, answers, rate):
    assert csat(answers, scale=scale).rate == pytest.approx(rate)


def test_ces_counts_what_was_somewhat_easy_or_better():
    assert ces([4, 5, 6, 7]).rate == 0.75
    assert ces([3, 4, 5], scale=(1, 5)).rate == pytest.approx(2 / 3)


@given(st.tuples(*[st.floats(-1, 1)] * 3))
def test_the_survivor_check_adds_up_to_the_change(means):
    before, stayed, after = means
    check = SurvivorCheck.of_means(before, stayed, after, 0.1)
    assert check.leaving_effect + check.remaining_effect == pytest.approx(after - before, abs=1e-12)


def test_a_score_rises_by_people_leaving_or_because_people_got_happier():
    assert SurvivorCheck.of_means(0.0, 0.3, 0.3, 0.05).is_survivor_effect
    assert not SurvivorCheck.of_means(0.0, 0.0, 0.3, 0.05).is_survivor_effect
    assert not SurvivorCheck.of_means(0.0, 0.3, 0.3, 0.5).is_survivor_effect, "not beyond chance"


def counted(scores, weights):
    values = promoter_value(scores)
    weight = np.asarray(weights, dtype=float)
    return AnswerCounts(
        metric="nps",
        dimension="all",
        value="",
        answers=len(scores),
        weight=weight.sum(),
        weight_squared=(weight**2).sum(),
        low=weight[values < 0].sum(),
        high=weight[values > 0].sum(),
    )


@given(st.lists(st.tuples(st.integers(0, 10), st.floats(0.1, 5)), min_size=1, max_size=40))
def test_answers_added_up_score_as_answers_one_by_one(answers):
    scores, weights = zip(*answers, strict=True)
    one_by_one, added_up = nps(scores, weights=weights, confidence=0.90), score_lines([counted(scores, weights)])[0]
    assert (added_up.score, added_up.low, added_up.high) == pytest.approx(
        (one_by_one.nps, one_by_one.low, one_by_one.high)
    )
    assert added_up.effective_n == pytest.approx(one_by_one.effective_n)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: nps([-1]),
        lambda: nps([11]),
        lambda: nps([7.5]),
        lambda: nps([]),
        lambda: nps([math.nan]),
        lambda: nps(counts=(1, 2)),
        lambda: nps(counts=(0, 0, 0)),
        lambda: nps(counts=(1, -1, 3)),
        lambda: nps([9], method="guess"),
        lambda: nps([9, 10], weights=[1]),
        lambda: nps([9, 10], weights=[0, 0]),
        lambda: nps([9, 10], weights=[-1, 2]),
        lambda: nps_difference(nps([9]), nps([8]), method="guess"),
        lambda: csat([6]),
        lambda: csat([3], scale=(1, 6)),
        lambda: proportion_interval(5, 4),
        lambda: proportion_interval(0, 0),
        lambda: proportion_interval(1, 2, method="guess"),
        lambda: proportion_interval(1, 2, confidence=1.0),
        lambda: difference_interval(1, 2, 1, 2, method="guess"),
    ],
)
def test_answers_that_cannot_be_scored_are_refused_by_name(refused):
    with pytest.raises(ModelError) as refusal:
        refused()
    assert refusal.value.id.startswith("scores."), "an error of a survey does not speak of cash flows"


def by_month(metric, month, answers, low, high, weight=1.0):
    sizes = {"answers": answers, "weight": weight * answers, "weight_squared": weight**2 * answers}
    good = {"low": weight * low, "high": weight * high}
    return AnswerCounts(metric=metric, dimension="month", value=month, **sizes, **good)


def test_a_share_is_compared_with_the_year_before_by_newcombes_interval_whatever_the_unit_of_its_weights():
    months = [("2024-06", 40, 26), ("2024-01", 16, 8), ("2025-02", 30, 27), ("2025-06", 50, 40), ("2022-01", 99, 0)]
    change, same = (
        score_changes([by_month("csat", month, n, 0, good, weight) for month, n, good in months])[0]
        for weight in (1, 2.5)
    )
    assert (change.low, change.high) == pytest.approx(difference_interval(67, 80, 34, 56, confidence=0.9))
    assert (change.answers_before, change.answers_after) == (56, 80)
    assert (same.low, same.high) == pytest.approx((change.low, change.high))


def test_a_net_promoter_score_is_compared_with_the_year_before_as_published_for_two_groups():
    counts = [by_month("nps", "2023-12", 11, 2, 9), by_month("nps", "2025-01", 100, 10, 70)]
    (change,) = score_changes(counts)
    expected = nps_difference(nps(counts=(2, 0, 9)), nps(counts=(10, 20, 70)), method="adjusted_wald", confidence=0.9)
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))
    assert change.after - change.before == pytest.approx(-0.036364, abs=2e-6)
    assert score_changes(counts[:1]) == () and score_changes([]) == ()


# San Francisco airport's passenger survey 2017 (City of San Francisco, open data): 2,746 answers to NETPRO.
def test_weights_move_the_net_promoter_score_of_the_san_francisco_airport_survey_of_2017():
    path = SHARED / "data" / "survey" / "sfo_customer_survey_2017.csv.gz"
    if not path.exists():
        pytest.skip("the airport survey is not here")
    told = pd.read_csv(path, dtype=str)
    score = pd.to_numeric(told["NETPRO"], errors="coerce")
    told = told[score.between(0, 10)]
    plain = nps(score[told.index].to_numpy())
    weighted = nps(score[told.index].to_numpy(), weights=pd.to_numeric(told["WEIGHT"]).to_numpy())
    assert plain.n == 2746 and 100 * plain.nps == pytest.approx(39.84, abs=0.005)
    assert 100 * weighted.nps == pytest.approx(40.40, abs=0.005) and weighted.effective_n < 2746
