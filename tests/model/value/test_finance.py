"""Published finance examples to their printed digits, then identities, oracles and refusals."""

import math
from datetime import date

import numpy as np
import numpy_financial
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cxroi.errors import ModelError
from cxroi.model.value.finance import (
    all_irrs,
    annual_rate,
    discounted_payback,
    irr,
    mirr,
    monthly_rate,
    npv,
    payback,
    roi,
    xirr,
    xnpv,
)
from cxroi.model.value.tei import tei_summary

SHOP = [-70000, 12000, 15000, 18000, 21000, 26000]
MACHINE = [-120000, 39000, 30000, 21000, 37000, 46000]
DAYS = [date(2008, 1, 1), date(2008, 3, 1), date(2008, 10, 30), date(2009, 2, 15), date(2009, 4, 1)]
DATED = [-10000, 2750, 4250, 3250, 2750]

money = st.floats(-1e6, 1e6, allow_nan=False).map(lambda amount: round(amount, 2))
rates = st.floats(-0.5, 3)


# Microsoft, NPV documentation. Its first example discounts the outlay too, hence the division by 1.1.
@pytest.mark.parametrize(
    ("value", "published"),
    [
        (npv(0.10, [-10000, 3000, 4200, 6800]) / 1.1, 1188.44),
        (npv(0.08, [-40000, 8000, 9200, 10000, 12000, 14500]), 1922.06),
        (npv(0.08, [-40000, 8000, 9200, 10000, 12000, 14500, -9000]), -3749.47),
    ],
)
def test_npv_matches_the_spreadsheet_documentation(value, published):
    assert value == pytest.approx(published, abs=0.005)


# Microsoft, IRR documentation.
@pytest.mark.parametrize(("years", "published"), [(4, -0.0212448482734), (5, 0.0866309480365), (2, -0.443506941335)])
def test_irr_matches_the_spreadsheet_documentation(years, published):
    assert irr(SHOP[: years + 1]) == pytest.approx(published, abs=1e-11)


# Microsoft, MIRR documentation; numpy-financial test suite.
@pytest.mark.parametrize(
    ("flows", "finance_rate", "reinvest_rate", "published", "digits"),
    [
        (MACHINE, 0.10, 0.12, 0.126094, 1e-6),
        (MACHINE[:4], 0.10, 0.12, -0.048044655, 1e-9),
        (MACHINE, 0.10, 0.14, 0.134759111, 1e-8),
        ([-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000], 0.08, 0.055, 0.0666, 1e-4),
    ],
)
def test_mirr_matches_the_spreadsheet_documentation(flows, finance_rate, reinvest_rate, published, digits):
    assert mirr(flows, finance_rate, reinvest_rate) == pytest.approx(published, abs=digits)


def test_mirr_does_not_exist_without_money_out():
    assert mirr([39000, 30000, 21000], 0.10, 0.12) is None


# Microsoft, XNPV documentation; Knowledge Base Q116041 (sign corrected).
def test_dated_flows_match_the_spreadsheet_documentation():
    assert xnpv(0.09, DAYS, DATED) == pytest.approx(2086.6476, abs=1e-3)
    assert xirr(DAYS, DATED) == pytest.approx(0.373362535, abs=1e-7)
    assert xirr(DAYS, [abs(flow) for flow in DATED]) is None


# Rust, Lemon & Zeithaml 2004, American Airlines: 101.3 million gained on 70 million.
def test_roi_matches_the_customer_equity_illustration():
    assert roi(101.3e6, 70e6) == pytest.approx(0.447, abs=5e-4)


# Forrester, The Total Economic Impact of SalesLoft, cash flow table, page 20.
# To The Hilt Hotel, a return-on-quality exercise in managerial accounting (tutorsglobe.com 5707097; it prints no answer).
def test_return_on_quality_of_the_hotel_exercise():
    stay, guests = (0.8, 0.45, 0.2), 85_000
    margins = [
        guests * sum(share * chance for share, chance in zip(mix, stay, strict=True)) * 41 + joined * 39
        for mix, joined in (((0.30, 0.52, 0.18), 31_000), ((0.37, 0.60, 0.03), 34_000))
    ]
    assert margins == pytest.approx([2_986_350, 3_319_420])
    assert roi(margins[1] - margins[0], 145_000) == pytest.approx(1.297, abs=1e-4)


def test_tei_table_matches_salesloft():
    case = tei_summary(53150, [666715, 636772, 647783], [1606511, 3061331, 4229760], 0.10)
    assert case.total_costs == 2004420
    assert case.total_benefits == 8897602
    assert case.total_net == 6893182
    assert case.net_benefits == pytest.approx((-53150, 939796, 2424560, 3581976), abs=1.5)
    assert (case.pv_costs, case.pv_benefits, case.npv) == pytest.approx((1672201, 7168371, 5496170), abs=1.5)
    assert case.roi == pytest.approx(3.29, abs=0.005)
    assert case.payback_months < 6
    assert irr(case.net_benefits) == pytest.approx(19.1161906717, rel=1e-9)


# Forrester, Drive Business Success Through Customer Education (Intellum, 2024), appendix table A.
def test_tei_risk_adjustment_matches_intellum():
    case = tei_summary(0, [0, 0, 0], [0, 5280000, 10899360], 0.10, benefit_risk_adjustment_rate=0.2)
    assert case.benefits == pytest.approx((0, 0, 4224000, 8719488))
    assert case.total_benefits == pytest.approx(12943488)
    assert case.pv_benefits == pytest.approx(10041989, abs=1)
    assert case.roi is None


# Forrester, The Total Economic Impact of Chattermill: 2.26 million of benefit at 645 % make an NPV of 1.95 million.
def test_tei_headline_of_chattermill_is_consistent():
    benefit = 2.26e6
    cost = benefit / (1 + 6.45)
    assert roi(benefit, cost) == pytest.approx(6.45)
    assert (benefit - cost) // 10_000 * 10_000 == 1_950_000


def test_costs_go_up_by_their_risk_adjustment_initial_cost_included():
    case = tei_summary(100, [10], [200], 0.0, cost_risk_adjustment_rate=0.5)
    assert case.costs == pytest.approx((150, 15))
    assert case.npv == pytest.approx(35)


# Brealey, Myers & Allen (and many others): the oil pump with rates of 25 % and 400 %.
def test_the_oil_pump_has_both_its_rates():
    assert all_irrs([-1600, 10000, -10000]) == pytest.approx((0.25, 4.0))
    assert irr([-1600, 10000, -10000]) == pytest.approx(0.25)


def test_a_rate_that_only_touches_zero_is_found():
    assert all_irrs([-100, 220, -121]) == pytest.approx((0.10,), abs=1e-6)


def test_two_changes_of_sign_may_have_no_rate_at_all():
    assert all_irrs([100, -100, 100]) == ()
    assert irr([100, -100, 100]) is None


@pytest.mark.parametrize("flows", [[0], [0, 0], [5], [-5], [1, 2, 3], [-1, -2], [-100, 0, 0]])
def test_no_change_of_sign_means_no_rate(flows):
    assert irr(flows) is None
    assert all_irrs(flows) == ()


@pytest.mark.parametrize("flows", [[-1, 1e9], [-1e-3] + [1e6] * 120, [-1e9] + [1] * 400])
def test_extreme_rates_are_found(flows):
    rate = irr(flows)
    terms = np.array(flows) * (1 + rate) ** -np.arange(len(flows), dtype=float)
    assert abs(terms.sum()) <= 1e-9 * abs(terms).sum()


def test_a_loss_of_nearly_everything_is_a_rate_just_above_minus_one():
    assert irr([-1e9, 1]) == pytest.approx(-1 + 1e-9, abs=1e-15)


@given(st.lists(st.integers(-3, 12), min_size=1, max_size=5, unique=True))
def test_every_root_that_is_put_in_comes_out(tenths):
    growth = [1 + tenth / 10 for tenth in tenths]
    flows = np.poly(growth)
    assert all_irrs(flows.tolist()) == pytest.approx(sorted(g - 1 for g in growth), abs=1e-6)


@given(st.lists(money, min_size=2, max_size=60))
def test_present_value_at_every_rate_is_zero(flows):
    for rate in all_irrs(flows):
        terms = np.array(flows) * np.exp(-np.log1p(rate) * np.arange(len(flows)))
        assert abs(terms.sum()) <= 1e-7 * abs(terms).sum()


@given(st.lists(money, min_size=1, max_size=24), rates)
def test_npv_agrees_with_numpy_financial(flows, rate):
    scale = npv(rate, np.abs(flows).tolist())
    assert npv(rate, flows) == pytest.approx(numpy_financial.npv(rate, flows), rel=1e-9, abs=1e-9 * (1 + scale))


@given(st.floats(1, 1e6), st.lists(st.floats(1, 1e6), min_size=1, max_size=24))
def test_one_change_of_sign_means_one_rate_and_numpy_financial_agrees(outlay, inflows):
    rate = irr([-outlay, *inflows])
    assert all_irrs([-outlay, *inflows]) == pytest.approx((rate,), rel=1e-6, abs=1e-9)
    oracle = numpy_financial.irr([-outlay, *inflows])
    assume(math.isfinite(oracle))
    assert rate == pytest.approx(oracle, rel=1e-6, abs=1e-8)


def test_no_spending_has_no_roi():
    assert roi(100, 0) is None
    assert roi(100, -5) is None


@given(st.floats(-0.9, 10))
def test_monthly_and_annual_rates_undo_each_other(rate):
    assert annual_rate(monthly_rate(rate)) == pytest.approx(rate, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: npv(0.1, []),
        lambda: npv(0.1, [1.0, math.nan]),
        lambda: npv(0.1, [1.0, math.inf]),
        lambda: npv(-1.0, [1.0]),
        lambda: npv(math.nan, [1.0]),
        lambda: npv(-0.9999999999, [1.0] * 400),
        lambda: irr([]),
        lambda: irr([math.nan, 1.0]),
        lambda: all_irrs([[1.0], [2.0]]),
        lambda: payback([]),
        lambda: payback(["much"]),
        lambda: discounted_payback(-2, [1.0]),
        lambda: roi(math.nan, 1.0),
        lambda: tei_summary(1, [1, 2], [1], 0.1),
        lambda: tei_summary(1, [1], [1], 0.1, benefit_risk_adjustment_rate=1.5),
        lambda: xnpv(0.1, DAYS, [1.0]),
        lambda: xnpv(0.1, DAYS[::-1], DATED),
        lambda: xirr([], []),
        lambda: monthly_rate(-1.0),
    ],
)
def test_what_no_formula_can_take_is_refused_by_name(refused):
    with pytest.raises(ModelError) as refusal:
        refused()
    assert refusal.value.id.startswith("finance.")
