"""The command about customers: how long they stay, and what one is worth over the years."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from cxroi.cli.layout import answer, columns, illustrative_lines, opened, segment_name, version_facts, with_whole
from cxroi.model.company.baseline import measure_baseline
from cxroi.model.company.panel import Panel
from cxroi.model.customers.contract_clv import CustomerValue, SegmentValue, value_of_contracts
from cxroi.model.customers.order_clv import OrderSegmentValue, OrderValue, value_of_orders
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import Text
from cxroi.view.data_notes import margin_notes
from cxroi.view.figure import money_range, percent_range
from cxroi.view.report_json import exact_money, money_interval, rate_interval

if TYPE_CHECKING:
    from cxroi.store.engine.engine import Engine

VALUE_COLUMNS = ("segment", "retention", "stays", "clv", "clv_new")
ORDER_COLUMNS = ("segment", "customers", "alive", "orders_ahead", "order_amount", "clv")


def value(choices: Namespace, text: Text) -> int:
    """Say how long customers stay and what one is worth over the horizon: discounted margin less support cost."""
    from cxroi.store.panel.panel import read_tenures

    with opened(choices) as data:
        panel = data.panel_without_costs
        tenures = read_tenures(data.engine, panel)
        ordered = _value_of_orders(choices, data.engine, panel) if panel.source == "orders" else None
    found = value_of_contracts(
        measure_baseline(panel),
        tenures,
        horizon_months=choices.horizon_months,
        annual_discount_rate=choices.annual_discount_rate,
    )
    facts = {
        **version_facts(data),
        "currency": found.currency,
        "horizon_months": found.horizon_months,
        "annual_discount_rate": found.annual_discount_rate,
        "segments": [_segment_value(one) for one in (*found.segments, found.whole)],
        "cohorts": _cohorts(found),
        "orders": None,
    }
    words = _value_words(found, text)
    if ordered is not None:
        facts |= {"orders": _orders_json(ordered)}
        words = _order_words(ordered, panel.currency, found.whole.annual_retention_rate, text)
    words += margin_notes(panel, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0


def _value_of_orders(choices: Namespace, engine: Engine, panel: Panel) -> OrderValue:
    """Return what customers known by their orders only are worth, at the margin of the trailing months."""
    as_of, baseline = panel.last_day, measure_baseline(panel)
    whole, revenue = baseline.whole, baseline.whole.revenue_per_customer_month
    return value_of_orders(
        engine.query("order_histories", as_of=as_of),
        engine.query("order_amounts", as_of=as_of),
        margin_rate=whole.contribution_margin_per_customer_month / revenue if revenue else 1.0,
        horizon_months=choices.horizon_months,
        annual_discount_rate=choices.annual_discount_rate,
        baseline=baseline,
    )


def _orders_json(found: OrderValue) -> dict[str, Any]:
    return {
        "margin_rate": found.margin_rate,
        "doubt": found.doubt,
        "segments": [_order_segment(one) for one in (*found.segments, found.whole)],
        "bgnbd": {name: rate_interval(one) for name, one in found.orders.intervals.items()},
        "frequency_amount_correlation": found.spend.frequency_amount_correlation,
    }


def _order_segment(one: OrderSegmentValue) -> dict[str, Any]:
    """Return the means as they are, and beside them their intervals."""
    return {
        "segment": one.segment,
        "customers": one.customers,
        "alive_rate": one.alive_rate.mid,
        "expected_orders": one.expected_orders.mid,
        "value": exact_money(one.value.mid),
        "alive": rate_interval(one.alive_rate),
        "orders": rate_interval(one.expected_orders),
        "order_amount": money_interval(one.amount),
        "clv": money_interval(one.value),
    }


def _order_words(found: OrderValue, currency: str, stay: Interval, text: Text) -> list[str]:
    rows = [
        [
            segment_name(one.segment, text),
            text.number(one.customers, 0),
            percent_range(one.alive_rate, text),
            _count_range(one.expected_orders, text),
            money_range(one.amount, currency, text),
            money_range(one.value, currency, text),
        ]
        for one in with_whole(found.segments, found.whole)
    ]
    horizon, rate = text.months(found.horizon_months), text.percent(found.annual_discount_rate)
    margin = text.percent(found.margin_rate, 0)
    return [
        *columns([text(f"cli.heading.{name}") for name in ORDER_COLUMNS], rows),
        "",
        text("cli.value.orders_note", horizon=horizon, rate=rate, margin=margin),
        *([text(f"cli.value.orders_{found.doubt}", stay=percent_range(stay, text))] if found.doubt else []),
    ]


def _count_range(count: Interval, text: Text) -> str:
    places = 1 if count.low >= 1 else 2
    return text.between(text.number(count.low, places), text.number(count.high, places))


def _segment_value(one: SegmentValue) -> dict[str, Any]:
    return {
        "segment": one.segment,
        "monthly_churn_rate": rate_interval(one.monthly_churn_rate),
        "annual_retention_rate": rate_interval(one.annual_retention_rate),
        "clv": money_interval(one.active.value),
        "clv_undiscounted": money_interval(one.active.undiscounted),
        "months_active": rate_interval(one.active.months_active),
        "clv_new_customer": money_interval(one.new.value),
        "hazard": None
        if one.hazard is None
        else {"choice": str(one.hazard.choice), "bic_gain": one.hazard.bic_gain, "p_value": one.hazard.p_value},
    }


def _cohorts(found: CustomerValue) -> list[dict[str, Any]]:
    """Return each cohort's share still active after 0, 1, 2, ... months, as far as it can have come."""
    table = found.cohorts
    if table is None:
        return []
    return [
        {
            "month": month,
            "customers": float(table.customers[row]),
            "share": [float(share) for share in table.share[row] if share == share],
            "low": [float(share) for share in table.low[row] if share == share],
            "high": [float(share) for share in table.high[row] if share == share],
        }
        for row, month in enumerate(found.cohort_months)
    ]


def _value_words(found: CustomerValue, text: Text) -> list[str]:
    rows = [
        [
            segment_name(one.segment, text),
            percent_range(one.annual_retention_rate, text, 1),
            text.number(one.active.months_active.mid, 1),
            money_range(one.active.value, found.currency, text),
            money_range(one.new.value, found.currency, text),
        ]
        for one in with_whole(found.segments, found.whole)
    ]
    # The whole mixes segments, and a mixture looks like a risk that falls with tenure; only segments can tell.
    chosen = {str(one.hazard.choice) for one in found.segments if one.hazard}
    hazard = "tenure" if "tenure" in chosen else next(iter(chosen), None)
    horizon, discount = text.months(found.horizon_months), text.percent(found.annual_discount_rate)
    return [
        *columns([text(f"cli.heading.{name}") for name in VALUE_COLUMNS], rows),
        "",
        *([text(f"retention.hazard.{hazard}")] if hazard else []),
        text("cli.value.note", horizon=horizon, rate=discount),
    ]
