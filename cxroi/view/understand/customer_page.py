"""The page Customers in words: the answer first, then what customers are worth, bring and cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from cxroi.chart.drawing import Column, Table
from cxroi.model.company.segments import WHOLE
from cxroi.model.customers.cohorts import RevenueKept
from cxroi.model.customers.retention_points import RetentionPoints
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.customer_months import CustomerMonths
from cxroi.questions.customers import CustomerWorth
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.columns import count_column, money_column, share_column
from cxroi.view.figure import data_source, money, money_range, percent_range, segment_name
from cxroi.view.ranged import PageAnswer, RangedFigure
from cxroi.view.table import with_whole, words_column

_YEAR = 12
_PLACES = 2  # decimals of contacts and orders, which are few
_SMALL = 100  # below which decimals of money matter
_LONGEST_NAME = 40


@dataclass(frozen=True, kw_only=True)
class _Figure:
    """One figure of what customers bring and cost: money in a currency, or a number; and what it was counted from."""

    name: str
    interval: Interval
    counted: str
    is_money: bool = True


def customer_answer(
    found: CustomerMonths, worth: CustomerWorth | None, points: RetentionPoints | None, text: Text
) -> PageAnswer:
    """Return the first screen: how many stay a year and whether that moves, what one is worth, what winning and keeping one costs."""
    now, before = found.now.annual_retention_rate, found.before and found.before.annual_retention_rate
    kind = "alone"
    if before:
        kind = "longer" if now.low > before.high else "shorter" if now.high < before.low else "same"
    joined, lost = _sums(found)
    return PageAnswer(
        question=text("customers.question"),
        finding=_of_segment(
            text(
                f"customers.finding.{kind}",
                now=text.percent(now.mid),
                before=text.percent(before.mid) if before else "",
            ),
            found,
            text,
        ),
        lead=(
            text(
                "customers.lead.active" if joined == joined else "customers.lead.active_lost",
                customers=text.number(found.now.customers, 0),
                last=text.month(_day(found.last)),
                joined=text.number(joined, 0) if joined == joined else "–",
                lost=text.number(lost, 0),
                period=_period(found, text),
            ),
            *(
                [
                    text(
                        "customers.lead.points",
                        gain=money(points.gain.mid, found.currency, text),
                        horizon=text.months(points.horizon_months),
                    )
                ]
                if points and points.gain.mid > 0
                else []
            ),
        ),
        caution=" ".join(_cautions(found, text)),
        figures=tuple(
            one for one in (_stay(found, text), worth and _worth(worth, found, text), _win_or_keep(found, text)) if one
        ),
    )


def winning_sentence(found: CustomerMonths, text: Text) -> str:
    """Return what winning a customer costs against keeping one for a year, or which of the two is not known."""
    win, keep = found.winning.per_customer if found.winning else None, found.keeping
    if win is None or keep is None:
        one = "neither" if win is None and keep is None else "no_winning" if win is None else "no_keeping"
        known = win or keep
        return text(f"customers.winning.{one}", known=money(known.mid, found.currency, text) if known else "")
    times = win.mid / keep.mid if keep.mid > 0 else float("inf")
    kind = "more" if win.low > keep.high else "less" if win.high < keep.low else "alike"
    return text(
        f"customers.winning.{kind}",
        win=money(win.mid, found.currency, text),
        keep=money(keep.mid, found.currency, text),
        times=text.number(times if times >= 1 else 1 / times, 1),
    )


def serving_table(found: CustomerMonths, text: Text) -> Table:
    """Return what customers bring and cost, a row a figure with its 90 % interval and what it was counted from."""
    rows = _figures(found, text)
    coin = text.currency(found.currency)
    names = [
        text.listed([text(f"customers.serving.{one.name}"), *([coin] if one.is_money and coin else [])]) for one in rows
    ]
    ends = {
        end: (
            [getattr(one.interval, end) for one in rows],
            [_amount(getattr(one.interval, end), one.is_money, text) for one in rows],
        )
        for end in ("mid", "low", "high")
    }
    return (
        words_column(text("chart.column.figure"), names),
        *(
            Column(
                heading=text(f"chart.column.{end}"),
                figures=tuple(round(figure, 4) for figure in figures),
                words=tuple(words),
            )
            for end, (figures, words) in ends.items()
        ),
        words_column(text("chart.column.counted"), [one.counted for one in rows]),
    )


def worth_table(found: CustomerWorth, text: Text) -> Table:
    """Return every segment and the whole: how many stay a year, what a customer of today and a new one are worth, with 90 % intervals."""
    rows = with_whole(found.by_stay.segments, found.by_stay.whole)
    names = [shown(segment_name(one.segment, text)) for one in rows]
    if found.by_orders is not None:
        ordered = {one.segment: one for one in with_whole(found.by_orders.segments, found.by_orders.whole)}
        of = [ordered[one.segment] for one in rows if one.segment in ordered]
        return (
            words_column(text("chart.column.segment"), [shown(segment_name(one.segment, text)) for one in of]),
            count_column("customers", [one.customers for one in of], text),
            *_rates([one.alive_rate for one in of], "ordering", text),
            *_worths([one.value for one in of], found.currency, text),
        )
    measured = {one.segment: one.customers for one in (*found.baseline.segments, found.baseline.whole)}
    return (
        words_column(text("chart.column.segment"), names),
        count_column("customers", [measured[one.segment] for one in rows], text),
        *_rates([one.annual_retention_rate for one in rows], "stay", text),
        *_worths([one.active.value for one in rows], found.currency, text),
        money_column("new_customer", [one.new.value.mid for one in rows], found.currency, text),
    )


def worth_note(found: CustomerWorth, text: Text) -> str:
    """Return what the values hold, and what they rest on."""
    of = found.by_stay
    facts = {"horizon": text.months(of.horizon_months), "rate": text.percent(of.annual_discount_rate)}
    if found.by_orders is None:
        return text("customers.note", **facts)
    note = text("customers.orders_note", margin=text.percent(found.by_orders.margin_rate, 0), **facts)
    note = f"{note} {text('customers.orders_once')}"
    if not found.by_orders.doubt:
        return note
    stay = percent_range(of.whole.annual_retention_rate, text)
    return f"{note} {text(f'customers.orders_{found.by_orders.doubt}', stay=stay)}"


def revenue_kept_figures(found: RevenueKept, text: Text) -> tuple[RangedFigure, ...]:
    """Return gross and net revenue retention over a year with their ranges."""
    return tuple(
        RangedFigure(
            label=text(f"customers.revenue.{name}"),
            value=text.percent(of.mid),
            range=percent_range(of, text, 1),
            note=text(f"customers.revenue.{name}_means"),
        )
        for name, of in (("gross", found.gross), ("net", found.net))
    )


def revenue_kept_note(found: RevenueKept, currency: str, *, by_orders: bool, text: Text) -> str:
    """Return what gross and net revenue retention are counted from, and what to beware of where customers order now and then."""
    note = text(
        "customers.revenue.note",
        window=text.months(found.window_months),
        n=text.number(found.customers, 0),
        revenue=money(found.revenue_before, currency, text),
    )
    return f"{note} {text('customers.revenue.by_chance')}" if by_orders else note


def period_source(found: CustomerMonths, text: Text) -> str:
    """Return where the figures of the period come from."""
    months = np.array([found.first, found.last])
    return data_source(months, found.now, found.data_version, text, illustrative=found.illustrative)


def _of_segment(finding: str, found: CustomerMonths, text: Text) -> str:
    if found.segment == WHOLE:
        return finding
    return text("customers.finding.of_segment", segment=shown(text.name(found.segment), _LONGEST_NAME), finding=finding)


def _cautions(found: CustomerMonths, text: Text) -> list[str]:
    cautions = []
    if found.inactivity_window_months:
        cautions.append(text("customers.by_orders", window=text.months(found.inactivity_window_months)))
    if found.margin_is_revenue:
        cautions.append(text("health.margin_is_revenue.advice_review"))
    return cautions


def _stay(found: CustomerMonths, text: Text) -> RangedFigure:
    rate, before = found.now.annual_retention_rate, found.before
    return RangedFigure(
        label=text("customers.figure.stay", period=_period(found, text)),
        value=text.percent(rate.mid),
        range=percent_range(rate, text, 1),
        note=text("customers.figure.before", before=percent_range(before.annual_retention_rate, text, 1))
        if before
        else "",
    )


def _worth(worth: CustomerWorth, found: CustomerMonths, text: Text) -> RangedFigure | None:
    """Return what a customer of today is worth; of the segment that is looked at, where it is valued."""
    by = worth.by_orders or worth.by_stay
    known = {one.segment: one for one in (*by.segments, by.whole)}
    one = known.get(found.segment)
    if one is None:
        return None
    value = one.value if worth.by_orders else one.active.value
    return RangedFigure(
        label=text("customers.figure.worth", horizon=text.months(worth.by_stay.horizon_months)),
        value=money(value.mid, found.currency, text),
        range=money_range(value, found.currency, text),
        note=text("customers.figure.worth_note"),
    )


def _win_or_keep(found: CustomerMonths, text: Text) -> RangedFigure | None:
    win, keep = found.winning.per_customer if found.winning else None, found.keeping
    if win and keep:
        return RangedFigure(
            label=text("customers.figure.win_keep"),
            value=text(
                "customers.figure.against",
                win=money(win.mid, found.currency, text),
                keep=money(keep.mid, found.currency, text),
            ),
            range="",
            note=text("customers.figure.win_keep_note"),
        )
    if win:
        return RangedFigure(
            label=text("customers.figure.win"),
            value=money(win.mid, found.currency, text),
            range=money_range(win, found.currency, text),
        )
    if keep:
        return RangedFigure(
            label=text("customers.figure.keep"),
            value=money(keep.mid, found.currency, text),
            range=money_range(keep, found.currency, text),
            note=text("customers.figure.keep_note"),
        )
    if found.ordering:
        value = found.ordering.order_value
        return RangedFigure(
            label=text("customers.serving.order_value"),
            value=money(value.mid, found.currency, text),
            range=money_range(value, found.currency, text),
        )
    return None


def _figures(found: CustomerMonths, text: Text) -> list[_Figure]:
    of, months = found.serving, text.months(found.now.months)
    rows = [
        _Figure(name=name, interval=interval, counted=months)
        for name, interval in (("revenue", of.revenue), ("margin", of.margin))
        if interval
    ]
    if found.ordering:
        orders, customers = (text.number(n, 0) for n in (found.ordering.orders, found.ordering.customers))
        rows += [
            _Figure(
                name="order_value",
                interval=found.ordering.order_value,
                counted=text("customers.counted.orders", n=orders),
            ),
            _Figure(
                name="orders",
                interval=found.ordering.per_customer,
                counted=text("customers.counted.customers", n=customers),
                is_money=False,
            ),
        ]
    if of.contacts:
        rows.append(_Figure(name="contacts", interval=_yearly(of.contacts), counted=months, is_money=False))
    rows += [
        _Figure(name=name, interval=interval, counted=months)
        for name, interval in (("support", of.support), ("cx_spend", of.cx_spend), ("to_serve", of.to_serve))
        if interval
    ]
    if found.winning:
        joined = text.number(found.winning.customers, 0)
        rows.append(
            _Figure(
                name="winning",
                interval=found.winning.per_customer,
                counted=text(f"customers.counted.{found.winning.source}", n=joined),
            )
        )
    if found.keeping:
        rows.append(_Figure(name="keeping", interval=found.keeping, counted=months))
    return rows


def _amount(figure: float, is_money: bool, text: Text) -> str:
    if is_money and abs(figure) >= _SMALL:
        return money(figure, "", text)
    return text.number(figure, _PLACES)


def _sums(found: CustomerMonths) -> tuple[float, float]:
    """Return who joined (NaN where the data do not tell) and who left in the complete months of the period."""
    inside = (found.months >= found.first) & (found.months <= found.last)
    joined = found.joined[inside]
    return (float("nan") if np.isnan(joined).all() else float(np.nansum(joined))), float(found.lost[inside].sum())


def _period(found: CustomerMonths, text: Text) -> str:
    first, last = text.month(_day(found.first)), text.month(_day(found.last))
    return first if first == last else text("customers.period", first=first, last=last)


def _yearly(of: Interval) -> Interval:
    return Interval(low=_YEAR * of.low, mid=_YEAR * of.mid, high=_YEAR * of.high)


def _rates(rates: list[Interval], name: str, text: Text) -> Table:
    return tuple(
        share_column(f"{name}_{end}", [getattr(one, end) for one in rates], text) for end in ("mid", "low", "high")
    )


def _worths(values: list[Interval], currency: str, text: Text) -> Table:
    """Return three columns of money; only the first says its unit."""
    return tuple(
        money_column(
            f"worth_of_one_{end}", [getattr(one, end) for one in values], currency if end == "mid" else "", text
        )
        for end in ("mid", "low", "high")
    )


def _day(month: np.datetime64) -> date:
    day: date = month.astype("datetime64[D]").item()
    return day
