"""The map of segments in words: which is worth most for what serving it costs, and which least."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cxroi.chart import segment_map
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.chart.frame import Window
from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.questions.customers import CustomerWorth
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.decide.figures_behind import money_column
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.figure import isolated, money, money_range, source_line

_LONGEST_NAME, _LINE_OF_WORDS = 20, 0.06  # letters of a name in the map; of its height
_ALIKE = 1.25  # times: values for their cost nearer than this are told apart by nobody


def segment_drawing(case: BusinessCase, worth: CustomerWorth, text: Text) -> Drawing | str:
    """Return the map, or the sentence that says why there is none."""
    values = _values(worth)
    known = [one for one in case.baseline.segments if one.segment in values and _cost(one) > 0]
    if len(case.baseline.segments) < 2:
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
    places = _apart([_place(one, values[one.segment], case.currency, text) for one in by_size])
    window = Window(
        x=(0.0, float(f"{1.15 * max(place.cost for place in places):.2g}")),
        y=(min(0.0, min(place.low for place in places)), float(f"{1.15 * max(place.high for place in places):.2g}")),
        unit=1.0,
    )
    horizon = horizon_words(case.scenario, text)
    return Drawing(
        name="segment_map",
        title=text("where.map.title_alike") if alike else text("where.map.title", **names),
        subtitle=text("where.map.subtitle", horizon=horizon),
        alternative=text("where.map.alternative", horizon=horizon, points=_listed((one.told for one in places), text)),
        footer=" ".join(
            (
                text("where.map.caption_orders" if worth.by_orders else "where.map.caption", horizon=horizon),
                source_line(case, text),
            )
        ),
        currency=case.currency,
        window=window,
        data=segment_map.data(places, window, slope=_average(known, values)),
        table=lambda: _table(by_size, values, case.currency, text),
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


def _apart(places: list[segment_map.Place]) -> list[segment_map.Place]:
    """Return the places, the largest first, without the words that would lie over those of a larger segment."""
    top, kept = max(place.high for place in places), []
    told: list[float] = []
    for place in places:
        free = all(abs(place.value - other) > _LINE_OF_WORDS * top for other in told)
        kept.append(place if free else replace(place, label=""))
        told += [place.value] if free else []
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
                name=shown(text.name(one.segment), _LONGEST_NAME),
                value=isolated(money(value.mid, "", text), text),
            ),
            text,
        ),
        told=isolated(told, text),
    )


def _listed(words: Iterable[str], text: Text) -> str:
    return text("chart.list_separator").join(words)
