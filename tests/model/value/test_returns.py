"""Rates of return and payback of many draws at once agree with the one-at-a-time functions."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.appraisal import worth_beside
from cxroi.model.value.finance import discounted_payback, irr, payback
from cxroi.model.value.returns import annual_irr, payback_periods
from cxroi.model.value.tei import tei_summary

money = st.floats(-1e6, 1e6, allow_nan=False).map(lambda amount: round(amount, 2))


def column(flows):
    return np.array(flows, dtype=float)[:, None]


def test_the_present_value_at_the_rate_of_return_is_zero():
    flows = np.vstack([-np.linspace(50, 400, 40), np.full((36, 40), 10.0)])
    monthly = (1 + annual_irr(flows)) ** (1 / 12)
    value = (flows / monthly ** np.arange(37)[:, None]).sum(axis=0)
    assert np.abs(value).max() < 1e-7
    assert monthly[7] - 1 == pytest.approx(irr(flows[:, 7].tolist()), rel=1e-9)


def test_no_sign_change_means_no_rate_and_no_payback_is_infinite():
    flows = np.array([[-1.0, 1.0], [-1.0, 1.0]])
    assert np.isnan(annual_irr(flows)).all()
    assert payback_periods(flows).tolist() == [np.inf, 0.0]


@pytest.mark.parametrize(
    ("flows", "periods"),
    [
        ([-10, 20, -20, 20], 2.5),  # the first return, after 0.5, is spent again
        ([-100, 150, -100, 100], 2.5),
        ([0, 0, -100, 50, 50], 4.0),
        ([50, -100, 100], 1.5),
        ([10, 20], 0.0),
        ([-0.3, 0.1, 0.1, 0.1], 3.0),  # cents that miss zero by binary dust
    ],
)
def test_payback_is_the_last_return_to_zero(flows, periods):
    assert payback_periods(column(flows)).tolist() == pytest.approx([periods])
    assert payback(flows) == pytest.approx(periods)


def test_the_table_by_year_and_the_plan_pay_back_by_one_rule():
    table = tei_summary(10, [0, 20, 0], [20, 0, 20], 0.1)
    assert (
        table.payback_months == pytest.approx(12 * payback_periods(column(table.net_benefits))[0]) == pytest.approx(30)
    )


# Textbook answers in the style of Ross et al.; two of them used rounded discount factors, hence 0.006 of a year.
@pytest.mark.parametrize(
    ("cost", "flows", "rate", "published"),
    [
        (5200, [2800, 3700, 5100, 4300], 0.14, 1.96),
        (5400, [2800, 3700, 5100, 4300], 0.14, 2.03),
        (10400, [2800, 3700, 5100, 4300], 0.14, 3.65),
        (48000, [6000] * 12, 0.06, 11.23),
        (20000, [6000, 12000, 9000, 14000], 0.10, 2.68),
        (5500, [4606, 3114, 4568, 3821], 0.14, 1.61),
        (23327, [10533] * 6, 0.05, 2.41),
        (750000, [250000, 300000, 300000, 300000, 100000], 0.10, 3.241),
    ],
)
def test_discounted_payback_matches_the_worked_answers(cost, flows, rate, published):
    assert discounted_payback(rate, [-cost, *flows]) == pytest.approx(published, abs=0.006)


@given(st.lists(money, min_size=1, max_size=24), st.floats(0.01, 100))
def test_a_change_of_currency_changes_no_payback(flows, factor):
    assume(all(flow == 0 or abs(flow) > 1 for flow in flows))
    before, after = payback(flows), payback([flow * factor for flow in flows])
    assert after == before if before is None else after == pytest.approx(before, rel=1e-6)


@given(st.floats(0.01, 0.5), st.lists(st.floats(1, 1e3), min_size=1, max_size=24), st.floats(1, 1e4))
def test_discounting_never_pays_back_sooner(rate, inflows, outlay):
    flows = [-outlay, *inflows]
    simple, discounted = payback(flows), discounted_payback(rate, flows)
    assert discounted is None or simple <= discounted + 1e-9


def test_a_plan_is_worth_nothing_more_than_itself_and_the_difference_turns_with_the_plans():
    rng = np.random.default_rng(3)
    common = rng.normal(0, 100, 500)
    first, second = common + rng.normal(5, 1, 500), common + rng.normal(0, 1, 500)
    same, chance = worth_beside(first, first)
    assert (same, chance) == (Interval.known(0.0), 0.0)
    more, likely = worth_beside(first, second)
    less, unlikely = worth_beside(second, first)
    assert less.mid == pytest.approx(-more.mid) and less.low == pytest.approx(-more.high) and likely + unlikely == 1
    assert more.mid == pytest.approx(first.mean() - second.mean())
    assert more.high - more.low < 10, "what both share falls out; the range of either alone is over 300"
