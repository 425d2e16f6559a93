"""The map of segments in words: which is worth most for what serving it costs, and which least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cxroi.chart import segment_map
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.chart.frame import Window
from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.customers import CustomerWorth
from cxroi.text import Text
from cxroi.text.plain import short_name, shown
from cxroi.view.columns import money_column
from cxroi.view.figure import isolated, money, money_range

_LONGEST_NAME, _LINE_OF_WORDS = 20, 0.06  # letters of a name in the map; of its height
_GAP, _LETTER = 0.03, 0.0165  # between a point and its words, and a letter of these, as shares of the picture's width
_ALIKE = 1.25  # times: values for their cost nearer than this are told apart by nobody


def segment_drawing(baseline: Baseline, worth: CustomerWorth, source: str, text: Text) -> Drawing | str:
    """Return the map, or the sentence that says why there is none; `source` says where the figures come from."""
    values = _values(worth)
    known = [one for one in baseline.segments if one.segment in values and _cost(one) > 0]
    if len(baseline.segments) < 2:
        return text("where.map.one_segment")
    if len(known) < 2:
        return text("where.map.no_cost")
    if max(values[one.segment].mid for one in known) <= 0:
        return text("where.map.no_value")
    per_cost = {one.segment: values[one.segment].mid / _cost(one) for one in known}
    best, worst = max(per_cost, key=per_cost.__getitem__), min(per_cost, key=per_cost.__getitem__)
    alike = per_cost[worst] > 0 and per_cost[best] / per_cost[worst] < _ALIKE
    names = {"best": shown(text.name(best)), "worst": shown(text.name(worst))}
    by_size = sorted(known, key=lambda one: -one.customers)
    places = [_place(one, values[one.segment], worth.currency, text) for one in by_size]
    window = Window(
        x=(0.0, float(f"{1.15 * max(place.cost for place in places):.2g}")),
        y=(min(0.0, min(place.low for place in places)), float(f"{1.15 * max(place.high for place in places):.2g}")),
        unit=1.0,
    )
    horizon = text.months(worth.by_stay.horizon_months)
    return Drawing(
        name="segment_map",
        title=text("where.map.title_alike") if alike else text("where.map.title", **names),
        subtitle=text("where.map.subtitle", horizon=horizon),
        alternative=text("where.map.alternative", horizon=horizon, points=_listed((one.told for one in places), text)),
        footer=" ".join(
            (
                text("where.map.caption_orders" if worth.by_orders else "where.map.caption", horizon=horizon),
                source,
            )
        ),
        currency=worth.currency,
        window=window,
        data=segment_map.data(_apart(places, window), window, slope=_average(known, values)),
        table=lambda: _table(by_size, values, worth.currency, text),
    )


def _table(segments: list[SegmentBaseline], values: dict[str, Interval], currency: str, text: Text) -> Table:
    """Return every segment with what a customer is worth, what serving one costs a month, and how many there are."""
    names = tuple(shown(text.name(one.segment)) for one in segments)
    columns = {
        f"customer_{end}": [getattr(values[one.segment], end) for one in segments] for end in ("low", "mid", "high")
    }
    columns["support"] = [one.support_cost_per_customer_month for one in segments]
    columns["cx_spend"] = [one.cx_spend_per_customer_month for one in segments]
    return (
        Column(heading=text("chart.column.segment"), figures=names, words=names),
        *(money_column(name, amounts, currency, text) for name, amounts in columns.items()),
        Column(
            heading=text("chart.column.customers"),
            figures=tuple(one.customers for one in segments),
            words=tuple(text.number(one.customers, 0) for one in segments),
        ),
    )


def _apart(places: list[segment_map.Place], window: Window) -> list[segment_map.Place]:
    """Return the places, the largest first, each with its words on a side where they cover no point and no words of a larger segment;
    where there is no such side, without words."""
    (left, right), (bottom, top) = window.x, window.y
    high, kept = _LINE_OF_WORDS * (top - bottom), []
    taken = [(place.cost, place.cost, place.value) for place in places]  # from, to, how high
    for own, place in enumerate(places):
        far = (right - left) * (_GAP + _LETTER * len(place.label))
        sides = {"after": (place.cost, place.cost + far), "before": (place.cost - far, place.cost)}
        others = taken[:own] + taken[own + 1 :]
        free = [
            (side, ends)
            for side, ends in sides.items()
            if left <= ends[0]
            and ends[1] <= right
            and not any(
                ends[0] < until and start < ends[1] and abs(place.value - at) < high for start, until, at in others
            )
        ]
        if place.cost > (left + right) / 2:
            free.reverse()
        kept.append(replace(place, side=free[0][0]) if free else replace(place, label=""))
        taken += [(*free[0][1], place.value)] if free else []
    return kept


def _values(worth: CustomerWorth) -> dict[str, Interval]:
    """Return what a customer of today is worth by segment: by orders where these are all that is known."""
    if worth.by_orders is not None:
        return {one.segment: one.value for one in worth.by_orders.segments}
    return {one.segment: one.active.value for one in worth.by_stay.segments}


def _cost(one: SegmentBaseline) -> float:
    """Return what serving a customer costs a month: support and CX spend."""
    return one.support_cost_per_customer_month + one.cx_spend_per_customer_month


def _average(known: list[SegmentBaseline], values: dict[str, Interval]) -> float:
    value = sum(one.customers * values[one.segment].mid for one in known)
    cost = sum(one.customers * _cost(one) for one in known)
    return value / cost if cost else 0.0


def _place(one: SegmentBaseline, value: Interval, currency: str, text: Text) -> segment_map.Place:
    name = shown(text.name(one.segment))
    told = text(
        "where.map.told",
        name=name,
        value=money(value.mid, currency, text),
        range=money_range(value, currency, text),
        support=money(one.support_cost_per_customer_month, currency, text),
        spend=money(one.cx_spend_per_customer_month, currency, text),
        customers=text.number(one.customers, 0),
    )
    return segment_map.Place(
        cost=_cost(one),
        value=value.mid,
        low=value.low,
        high=value.high,
        label=isolated(
            text(
                "where.map.label",
                name=short_name(text.name(one.segment), _LONGEST_NAME),
                value=isolated(money(value.mid, "", text), text),
            ),
            text,
        ),
        told=isolated(told, text),
    )


def _listed(words: Iterable[str], text: Text) -> str:
    return text("chart.list_separator").join(words)
