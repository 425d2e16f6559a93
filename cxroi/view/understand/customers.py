"""How long customers stay and what one is worth, in words."""

from __future__ import annotations

from cxroi.model.customers.contract_clv import CustomerValue
from cxroi.model.customers.order_clv import OrderValue
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.customers import CustomerWorth
from cxroi.text import Text
from cxroi.view.figure import money_range, percent_range, segment_name
from cxroi.view.table import columns, with_whole

VALUE_COLUMNS = ("segment", "retention", "stays", "clv", "clv_new")
_APART = 0.05  # shares of customers further apart than this need a word
ORDER_COLUMNS = ("segment", "customers", "alive", "orders_ahead", "order_amount", "clv")


def orders_note(found: CustomerWorth, text: Text) -> str:
    """Return what the values of customers rest on who are known by their orders only."""
    orders = found.by_orders
    if orders is None:
        return ""
    note = text(
        "customers.orders_note",
        horizon=text.months(orders.horizon_months),
        rate=text.percent(orders.annual_discount_rate),
        margin=text.percent(orders.margin_rate, 0),
    )
    note = f"{note} {text('customers.orders_once')}"
    if not orders.doubt:
        return note
    stay = percent_range(found.by_stay.whole.annual_retention_rate, text)
    return f"{note} {text(f'customers.orders_{orders.doubt}', stay=stay)}"


def two_counts(found: CustomerWorth, text: Text) -> str:
    """Return why the window without an order leaves fewer customers than their orders do; "" where they agree or another word says it."""
    orders, stay, window = found.by_orders, found.by_stay.whole.annual_retention_rate, found.inactivity_window_months
    if orders is None or orders.doubt or window is None:
        return ""
    alive = orders.whole.alive_rate
    if alive.low - stay.high < _APART:
        return ""
    return text(
        "customers.two_counts",
        stay=text.percent(stay.mid),
        alive=text.percent(alive.mid, 0),
        window=text.months(window),
        gap=text.months(orders.horizon_months * alive.mid / orders.whole.expected_orders.mid),
        once=text.percent(orders.none_within_a_year, 0),
    )


def worth_words(found: CustomerWorth, text: Text) -> list[str]:
    """Return a line a segment: by orders where these are all that is known of customers, else by how long they stay."""
    if found.by_orders is None:
        return _value_words(found.by_stay, text)
    why = two_counts(found, text)
    return [*_order_words(found.by_orders, found.currency, text), "", *([why] if why else []), orders_note(found, text)]


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
        *columns([text(f"heading.{name}") for name in VALUE_COLUMNS], rows),
        "",
        *([text(f"retention.hazard.{hazard}")] if hazard else []),
        text("customers.note", horizon=horizon, rate=discount),
    ]


def _order_words(found: OrderValue, currency: str, text: Text) -> list[str]:
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
    return columns([text(f"heading.{name}") for name in ORDER_COLUMNS], rows)


def _count_range(count: Interval, text: Text) -> str:
    places = 1 if count.low >= 1 else 2
    return text.between(text.number(count.low, places), text.number(count.high, places))
