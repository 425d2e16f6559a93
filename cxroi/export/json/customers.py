"""Who comes, stays and goes, and what customers are worth, as JSON objects."""

from __future__ import annotations

from cxroi.export.json.values import Json, exact_money, money_interval, rate, rate_interval
from cxroi.model.customers.cohorts import Cohorts
from cxroi.model.customers.contract_clv import CustomerValue, SegmentValue
from cxroi.model.customers.order_clv import OrderSegmentValue, OrderValue
from cxroi.model.customers.retention_points import RetentionPoints
from cxroi.questions.cohorts import Staying
from cxroi.questions.customer_months import CustomerMonths
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
        "none_within_a_year": found.none_within_a_year,
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


def customers_json(months: CustomerMonths, staying: Staying, points: RetentionPoints) -> Json:
    """Return customers by month, the figures of the period, cohorts, revenue retention, tenure, and what more who stay would be worth."""
    return {
        "currency": months.currency,
        "segment": months.segment,
        "source": months.source,
        "months": _months_json(months),
        "period": _period_json(months),
        "cohorts": {
            name: None if cohorts is None else _cohorts_json(cohorts)
            for name, cohorts in (("by_customers", staying.by_customers), ("by_revenue", staying.by_revenue))
        },
        "leaving_recorded_from": staying.recorded_from,
        "revenue_kept_over_a_year": _year_json(staying),
        "tenure": [
            {"from_months": one.first, "below_months": one.last, "customers": one.customers, "share": one.share}
            for one in staying.tenures
        ],
        "more_retention": _points_json(points),
    }


def _months_json(found: CustomerMonths) -> list[Json]:
    return [
        {
            "month": str(month),
            "active_at_start": rate(found.at_start[place]),
            "joined": rate(found.joined[place]),
            "lost": rate(found.lost[place]),
            "active_at_end": rate(found.at_end[place]),
            "complete": bool(found.complete[place]),
        }
        for place, month in enumerate(found.months)
    ]


def _period_json(found: CustomerMonths) -> Json:
    of, ordering = found.serving, found.ordering
    money = {
        "revenue": of.revenue,
        "contribution_margin": of.margin,
        "support_cost": of.support,
        "cx_spend": of.cx_spend,
        "cost_to_serve": of.to_serve,
    }
    return {
        "first_month": str(found.first),
        "last_month": str(found.last),
        "customers": found.now.customers,
        "customer_months": found.now.customer_months,
        "customers_lost": found.now.customers_lost,
        "monthly_churn_rate": rate_interval(found.now.monthly_churn_rate),
        "annual_retention_rate": rate_interval(found.now.annual_retention_rate),
        "annual_retention_rate_before": rate_interval(found.before.annual_retention_rate) if found.before else None,
        **{f"{name}_per_customer_month": money_interval(interval) for name, interval in money.items()},
        "support_contacts_per_customer_month": rate_interval(of.contacts),
        "average_order_value": money_interval(ordering.order_value) if ordering else None,
        "average_order_value_before_discounts": money_interval(ordering.gross_value) if ordering else None,
        "discount_share": rate_interval(ordering.discount_share) if ordering else None,
        "orders_per_customer": rate_interval(ordering.per_customer) if ordering else None,
        "cost_to_win_a_customer": money_interval(found.winning.per_customer) if found.winning else None,
        "cost_to_keep_a_customer_a_year": money_interval(found.keeping),
    }


def _cohorts_json(found: Cohorts) -> Json:
    return {
        "period_months": found.period_months,
        "of_orders": found.of_orders,
        "cohorts": [
            {
                "first_month": month,
                "customers": float(found.customers[row]),
                **{
                    name: [
                        {
                            "period": period,
                            "share": rate(of.share[row, period]),
                            "low": rate(of.low[row, period]),
                            "high": rate(of.high[row, period]),
                        }
                        for period in range(of.share.shape[1])
                        if of.share[row, period] == of.share[row, period]
                    ]
                    for name, of in found.measures.items()
                },
            }
            for row, month in enumerate(found.months)
        ],
    }


def _year_json(staying: Staying) -> Json | None:
    found = staying.year
    if found is None:
        return None
    return {
        "window_months": found.window_months,
        "customers": found.customers,
        "revenue_before": exact_money(found.revenue_before),
        "customers_still": rate_interval(found.still),
        "gross": rate_interval(found.gross),
        "net": rate_interval(found.net),
    }


def _points_json(found: RetentionPoints) -> Json:
    return {
        "points": found.points,
        "horizon_months": found.horizon_months,
        "annual_discount_rate": found.annual_discount_rate,
        "annual_retention_rate": rate_interval(found.retention),
        "raised": rate_interval(found.raised),
        "life_years": rate_interval(found.life_years),
        "raised_life_years": rate_interval(found.raised_life_years),
        "gain_for_life_rate": rate_interval(found.for_life),
        "gain_for_life_discounted_rate": rate_interval(found.for_life_discounted),
        "gain_rate": rate_interval(found.share),
        "gain": money_interval(found.gain),
        "segments": [
            {
                "segment": one.segment,
                "customers": one.customers,
                "annual_retention_rate": rate_interval(one.retention),
                "raised": rate_interval(one.raised),
                "gain_per_customer": money_interval(one.per_customer),
                "gain": money_interval(one.gain),
            }
            for one in found.segments
        ],
    }
