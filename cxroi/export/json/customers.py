"""What customers are worth, as a JSON object."""

from __future__ import annotations

from cxroi.export.json.values import Json, exact_money, money_interval, rate_interval
from cxroi.model.customers.contract_clv import CustomerValue, SegmentValue
from cxroi.model.customers.order_clv import OrderSegmentValue, OrderValue
from cxroi.questions.customers import CustomerWorth


def worth_json(found: CustomerWorth) -> Json:
    """Return what a customer is worth, by segment and (last) for the whole company, with the cohorts."""
    by_stay = found.by_stay
    return {
        "currency": by_stay.currency,
        "horizon_months": by_stay.horizon_months,
        "annual_discount_rate": by_stay.annual_discount_rate,
        "segments": [_segment_value(one) for one in (*by_stay.segments, by_stay.whole)],
        "cohorts": _cohorts(by_stay),
        "orders": None if found.by_orders is None else _orders_json(found.by_orders),
    }


def _segment_value(one: SegmentValue) -> Json:
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


def _cohorts(found: CustomerValue) -> list[Json]:
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


def _orders_json(found: OrderValue) -> Json:
    return {
        "margin_rate": found.margin_rate,
        "doubt": found.doubt,
        "segments": [_order_segment(one) for one in (*found.segments, found.whole)],
        "bgnbd": {name: rate_interval(one) for name, one in found.orders.intervals.items()},
        "frequency_amount_correlation": found.spend.frequency_amount_correlation,
    }


def _order_segment(one: OrderSegmentValue) -> Json:
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
