"""Two counts of the same customers: why they differ is said where they do, and nowhere else."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from cxroi.model.customers.order_clv import OrderSegmentValue, OrderValue
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.customers import CustomerWorth
from cxroi.text import LANGUAGES, Text
from cxroi.view.understand.customers import orders_note, two_counts


def known_by_orders(stay, alive, doubt=""):
    known = Interval.known
    whole = OrderSegmentValue(
        segment="all",
        customers=100,
        alive_rate=known(alive),
        expected_orders=known(2.4),
        amount=known(30),
        value=known(9),
    )
    orders = OrderValue(
        orders=None, spend=None, segments=(), whole=whole, horizon_months=36, annual_discount_rate=0.1, margin_rate=1.0,
        none_within_a_year=0.55, doubt=doubt,
    )  # fmt: skip
    by_stay = SimpleNamespace(whole=SimpleNamespace(annual_retention_rate=known(stay)))
    return CustomerWorth(by_stay=by_stay, by_orders=orders, inactivity_window_months=9, currency="USD", baseline=None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_the_window_and_the_orders_count_differently_is_said_with_both_figures_and_how_seldom_they_order(language):
    text = Text(language)
    said = two_counts(known_by_orders(stay=0.09, alive=0.8), text)
    for figure in (text.percent(0.09), text.percent(0.8, 0), text.months(9), text.months(12), text.percent(0.55, 0)):
        assert figure in said


def test_nothing_is_explained_where_they_agree_are_in_doubt_or_have_no_window():
    text = Text("en")
    apart = known_by_orders(stay=0.09, alive=0.8)
    assert two_counts(apart, text)
    assert not two_counts(known_by_orders(stay=0.78, alive=0.8), text)
    assert not two_counts(known_by_orders(stay=0.09, alive=0.8, doubt="contradicted"), text)
    assert not two_counts(replace(apart, inactivity_window_months=None), text)
    assert orders_note(known_by_orders(stay=0.09, alive=0.8, doubt="contradicted"), text) != orders_note(apart, text)
