"""Contacts and perception: figures with their ranges from counts, and what the data do not say stays unknown."""

import math

import pytest

from cxroi.model.satisfaction.perception import Estimate, perception_gaps, with_typed
from cxroi.model.satisfaction.service import ContactCounts, service_lines
from cxroi.model.satisfaction.survey import AnswerCounts, score_lines, score_moves
from cxroi.model.statistics.proportion import critical_value, difference_interval, proportion_interval


def counts(**known):
    nothing = dict.fromkeys(
        (
            "days_low",
            "days_mid",
            "days_high",
            "minutes",
            "minutes_error",
            "rating",
            "rating_error",
            "cost",
            "cost_error",
        ),
        math.nan,
    )
    whole = {"contacts": 100, "closed": 0, "timed": 0, "answered": 0, "resolved": 0, "rated": 0, "costed": 0}
    return ContactCounts(**{"dimension": "all", "value": "", **whole, **nothing, **known})


def test_what_contacts_do_not_say_is_unknown():
    (one,) = service_lines([counts()])
    assert (one.days, one.minutes, one.resolved, one.rating, one.resolved_change, one.cost, one.cost_share) == (
        None,
    ) * 7


def test_a_topics_share_of_cost_is_of_all_contacts_with_a_cost():
    late = counts(dimension="topic", value="Late", costed=30, cost=20.0, cost_error=1.0)
    bill = counts(dimension="topic", value="Bill", costed=10, cost=20.0, cost_error=math.nan)
    _, one, other = service_lines([counts(costed=50, cost=16.0, cost_error=1.0), late, bill])
    assert (one.cost_share, other.cost_share) == pytest.approx((0.75, 0.25))
    assert one.cost.mid == 20.0 and one.cost.low < 20.0 and other.cost is None


def test_first_contact_resolution_has_wilsons_range_and_its_change_newcombes():
    now, before = counts(answered=80, resolved=60), counts(answered=50, resolved=30)
    (one,) = service_lines([now], [before])
    assert (one.resolved.low, one.resolved.high) == pytest.approx(proportion_interval(60, 80, confidence=0.9))
    assert (one.resolved_change.low, one.resolved_change.high) == pytest.approx(
        difference_interval(60, 80, 30, 50, confidence=0.9)
    )
    assert one.resolved_change.mid == pytest.approx(0.15)


def test_minutes_have_the_range_of_a_mean():
    (one,) = service_lines([counts(timed=20, minutes=12.0, minutes_error=0.5)])
    assert one.minutes.high - one.minutes.mid == pytest.approx(0.5 * critical_value(0.9))


def answers(high, low, n, value="App", metric="nps"):
    size = {"answers": n, "weight": n, "weight_squared": n}
    return AnswerCounts(metric=metric, dimension="touchpoint", value=value, low=low, high=high, **size)


def test_managers_think_too_well_too_ill_or_within_the_range_and_the_widest_gap_comes_first():
    lines = score_lines([answers(60, 20, 100), answers(20, 60, 100, "Visit"), answers(40, 40, 100, "Shop")])
    gaps = perception_gaps(with_typed({}, {"App": 0.0, "Visit": 0.3, "Shop": 0.02, "Nowhere": 1.0}), lines)
    assert [(one.line.value, one.course) for one in gaps] == [("Visit", "high"), ("App", "low"), ("Shop", "within")]
    visit = gaps[0]
    assert visit.gap.low == pytest.approx(0.3 - visit.line.high) and visit.gap.mid == pytest.approx(0.7)


def test_what_is_typed_wins_over_what_was_uploaded_and_an_uploaded_one_finds_its_touchpoint_in_any_case():
    uploaded = {
        "app": Estimate(score=0.5, low=0.3, high=0.7, count=2),
        "visit": Estimate(score=0.1, low=0.1, high=0.1, count=1),
    }
    lines = score_lines([answers(60, 20, 100), answers(60, 20, 100, "Visit")])
    found = {one.line.value: one.estimate for one in perception_gaps(with_typed(uploaded, {"App": 0.2}), lines)}
    assert (found["App"].score, found["App"].instead_of, found["App"].count) == (0.2, 0.5, 0)
    assert found["Visit"] == uploaded["visit"]


def test_a_score_is_compared_with_the_same_of_the_period_before_and_few_answers_are_too_few_to_tell():
    before = [answers(400, 300, 1000), answers(5, 4, 12, "Visit"), answers(1, 1, 3, "Gone")]
    after = [answers(500, 200, 1000), answers(4, 5, 12, "Visit"), answers(9, 0, 9, "New")]
    moves = {one.value: one for one in score_moves(before, after)}
    assert set(moves) == {"App", "Visit"}
    assert (moves["App"].course, moves["Visit"].course) == ("rose", "thin")
    assert moves["App"].before == pytest.approx(0.1) and moves["App"].after == pytest.approx(0.3)
    (same,) = score_moves([answers(4000, 3000, 10000)], [answers(4000, 3000, 10000)])
    assert same.course == "unclear"
    (fell,) = score_moves([answers(90, 0, 100, metric="csat")], [answers(50, 0, 100, metric="csat")])
    assert fell.course == "fell"
