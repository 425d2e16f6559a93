"""Five points of retention: the published arithmetic, the closed form of a constant risk, limits and directions."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from cxroi.model.customers.clv import constant_survival
from cxroi.model.customers.retention_points import life_years, margin_multiple, raised_survival, worth_of_points
from tests.collection import SHARED

CASE = SHARED / "cases" / "retention-90-to-95.json"


def prospect(rate, customers=100.0, margin=10.0, support=2.0, name="a", months=120, spread=0.0):
    """Return a segment whose customers leave at a constant risk, `rate` staying a year."""
    rates = np.clip(rate + spread * np.linspace(-1, 1, 21), 0.001, 1.0)
    baseline = SimpleNamespace(
        segment=name,
        customers=customers,
        contribution_margin_per_customer_month=margin,
        support_cost_per_customer_month=support,
    )
    return SimpleNamespace(baseline=baseline, active=constant_survival(1 - rates ** (1 / 12), months))


@pytest.mark.skipif(not CASE.exists(), reason="the published cases are not here")
def test_from_90_to_95_a_lifetime_doubles_as_published():
    expected = json.loads(CASE.read_text(encoding="utf-8"))["expected"]
    before, after = life_years([0.90, 0.95])
    assert [before, after] == pytest.approx(expected["expected_life_years"])
    assert after / before == pytest.approx(expected["life_ratio"])
    found = worth_of_points([prospect(0.90)], horizon_months=36)
    assert found.for_life.mid == pytest.approx(1.0)


def test_the_margin_multiple_is_one_more_than_that_of_gupta_and_lehmann_and_without_discount_a_lifetime():
    assert (margin_multiple([0.90, 0.95], 0.10) - 1).round(2).tolist() == [4.5, 6.33]
    assert margin_multiple([0.3, 0.8], 0.0) == pytest.approx(life_years([0.3, 0.8]))


def test_under_a_constant_risk_the_gain_is_that_of_the_closed_form():
    found = worth_of_points([prospect(0.77)], horizon_months=24, annual_discount_rate=0.10)
    months = np.arange(1, 25)
    paid = 8.0 * (0.82 ** (months / 12) - 0.77 ** (months / 12)) / 1.1 ** (months / 12)
    assert found.gain.mid == pytest.approx(100 * paid.sum())
    worth = 800 * (0.77 ** (months / 12) / 1.1 ** (months / 12)).sum()
    assert found.share.mid == pytest.approx(found.gain.mid / worth)


def test_segments_add_up_and_no_points_are_worth_nothing():
    segments = [prospect(0.7, name="a"), prospect(0.9, customers=50, name="b")]
    found = worth_of_points(segments, horizon_months=36)
    assert found.gain.mid == pytest.approx(sum(one.gain.mid for one in found.segments))
    assert found.retention.mid == pytest.approx((100 * 0.7 + 50 * 0.9) / 150)
    none = worth_of_points(segments, horizon_months=36, points=0.0)
    assert none.gain.mid == pytest.approx(0.0) and none.for_life.mid == pytest.approx(0.0)


def test_the_famous_share_falls_with_how_many_leave_and_with_discounting():
    found = [worth_of_points([prospect(rate)], horizon_months=36) for rate in (0.5, 0.7, 0.9)]
    assert found[0].for_life.mid < found[1].for_life.mid < found[2].for_life.mid
    assert all(one.for_life_discounted.mid < one.for_life.mid for one in found)
    assert all(one.share.mid < one.for_life_discounted.mid for one in found[1:])


def test_nobody_stays_above_all_and_then_a_lifetime_has_no_end():
    found = worth_of_points([prospect(0.97)], horizon_months=36)
    assert found.raised.mid == 1.0 and found.for_life is None and found.raised_life_years is None
    everybody = 8.0 * 100 * ((1 - 0.97 ** (np.arange(1, 37) / 12)) / 1.1 ** (np.arange(1, 37) / 12)).sum()
    assert found.gain.mid == pytest.approx(everybody)


def test_what_the_year_leaves_open_is_in_the_ranges():
    sure, open_ = (worth_of_points([prospect(0.8, spread=s)], horizon_months=36) for s in (0.0, 0.05))
    assert sure.gain.low == pytest.approx(sure.gain.high)
    assert open_.for_life.low < sure.for_life.mid < open_.for_life.high


def test_a_survival_that_falls_unevenly_is_lifted_by_one_power_to_the_year_asked_for():
    stay = np.array([[0.9, 0.85, 0.82, 0.8, 0.79, 0.78, 0.775, 0.77, 0.765, 0.76, 0.755, 0.75, 0.74]])
    lifted = raised_survival(stay, [0.75], [0.80])
    assert lifted[0, 11] == pytest.approx(0.80)
    assert (np.log(lifted) / np.log(stay)).std() == pytest.approx(0.0, abs=1e-12)


def test_where_customers_cost_more_than_they_bring_more_of_them_are_worth_less():
    found = worth_of_points([prospect(0.8, margin=1.0)], horizon_months=36)
    assert found.gain.mid < 0 and found.share is None
