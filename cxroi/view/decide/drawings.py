"""The charts of a business case: each with the finding as its title, a text alternative, and its source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from cxroi.chart import cash_flow, waterfall
from cxroi.chart.drawing import Drawing, Table
from cxroi.chart.event_marks import EventMark
from cxroi.chart.frame import Data
from cxroi.model.company.event import Event
from cxroi.model.decision.verdict import Call
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import WaterfallStep
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.figures_behind import at_level, cash_table, steps_table
from cxroi.view.decide.findings import cash_finding, net_money, shared_money, step_name, steps_finding
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.verdict import with_hurdle
from cxroi.view.event_marking import event_marks, events_between, with_marked
from cxroi.view.figure import (
    deserved_step,
    isolated,
    money,
    months_range,
    signed_money,
    signed_range,
    source_line,
)

_TITLE = {
    Call.UNDER_INVESTED: "title_more",
    Call.OVER_INVESTED: "title_less",
    Call.ABOUT_RIGHT: "title_right",
    Call.NOT_ENOUGH_EVIDENCE: "title_open",
}

_LEAST_STEP = 0.0005  # of the largest: a smaller bar of the waterfall is thinner than a line


def told_level(case: BusinessCase, level: float, text: Text) -> str:
    """Return what a level of spend is worth by a case's curve, for who points at it."""
    worth = at_level(case.curve, level)
    return text(
        "board.curve.told",
        spend=money(case.verdict.today_spend * level / 100, case.currency, text),
        level=_percent(level, text),
        worth=signed_money(worth.mid, case.currency, deserved_step(worth), text),
        range=signed_range(worth, text),
    )


def curve_title(case: BusinessCase, text: Text) -> str:
    """Return the finding of the curve: where the best spend lies against today's."""
    text = text.counting(case.currency)
    best = case.verdict.optimum_percent
    low, high = (_percent(end, text) for end in (best.low, best.high))
    facts = {"low": low, "high": high, "range": low if low == high else text.between(low, high)}
    title = text(f"chart.response_curve.{_TITLE[case.verdict.call]}", **facts)
    return with_hurdle(title, case.scenario.hurdle_net_return, text)


def cash_flow_drawing(case: BusinessCase, text: Text) -> Drawing:
    """Return the cumulative cash of the plan against today."""
    paid, flow = case.outcome.payback_months, case.cash_flow
    horizon = text.months(int(flow.month[-1]))
    last = Interval(low=float(flow.low[-1]), mid=float(flow.mid[-1]), high=float(flow.high[-1]))
    words = _wrapped(
        {
            "paid": text("chart.cash_flow.paid", months=months_range(paid, text)) if paid else "",
            "end": signed_money(last.mid, case.currency, deserved_step(last), text),
        },
        text,
    )
    told = [isolated(_told_month(case, place, text), text) for place in range(flow.month.size)]
    ahead, marked = _ahead(case, text)
    low, high = (money(end, case.currency, text) for end in (last.low, last.high))
    return _drawing(
        case,
        text,
        "cash_flow",
        title=cash_finding(case, text),
        subtitle=plan_subtitle("cash_flow", case, text),
        alternative=with_marked(text("chart.cash_flow.alternative", horizon=horizon, low=low, high=high), ahead, text),
        note=text("chart.cash_flow.residual") if case.scenario.residual_value_months != 0 else "",
        data=cash_flow.data(flow, payback=paid, told=told, events=marked, **words),
        table=lambda: cash_table(case, text),
    )


def _ahead(case: BusinessCase, text: Text) -> tuple[tuple[Event, ...], tuple[EventMark, ...]]:
    """Return the events that are named for the months of the picture, which none of its figures holds, and their marks."""
    today = case.panel.last_day.replace(day=1)
    place = today.year * 12 + today.month - 1 + int(case.cash_flow.month[-1])
    last = date(place // 12, place % 12 + 1, 1)
    ahead = events_between([one.event for one in case.events if one.unused == "after"], today, last)
    return ahead, event_marks(ahead, today, last, text)


def _told_month(case: BusinessCase, place: int, text: Text) -> str:
    """Return what a plan has cost or brought in by a month, for who points at it."""
    flow = case.cash_flow
    cash = Interval(low=float(flow.low[place]), mid=float(flow.mid[place]), high=float(flow.high[place]))
    return text(
        "chart.cash_flow.told",
        month=text.months(int(flow.month[place])),
        cash=signed_money(cash.mid, case.currency, deserved_step(cash), text),
        range=signed_range(cash, text),
    )


def waterfall_drawing(case: BusinessCase, text: Text) -> Drawing:
    """Return the steps from the revenue of a plan to its net value, without those too small to be seen."""
    largest = max((abs(step.amount) for step in case.waterfall), default=0.0)
    steps = [
        step for step in case.waterfall if step.is_total or largest == 0 or abs(step.amount) >= _LEAST_STEP * largest
    ]
    names = [step_name(step.name, step.amount, text) for step in steps]
    amounts = [_step_money(step, case, text) for step in steps]
    told = [text("chart.waterfall.told", name=name, amount=amount) for name, amount in zip(names, amounts, strict=True)]
    beside = [_step_money(step, case, text, currency=False) for step in steps]  # the axis names the currency
    return _drawing(
        case,
        text,
        "waterfall",
        title=steps_finding(case, text),
        subtitle=plan_subtitle("waterfall", case, text),
        alternative=text("chart.waterfall.alternative", steps=text("chart.list_separator").join(told)),
        data=waterfall.data(steps, *([isolated(words, text) for words in column] for column in (names, beside, told))),
        table=lambda: steps_table(case, text),
    )


def plan_subtitle(name: str, case: BusinessCase, text: Text) -> str:
    """Return what a picture shows and of which plan, for an image that stands alone."""
    horizon = horizon_words(case.scenario, text)
    return text(f"chart.{name}.subtitle", level=_percent(case.level_percent, text), horizon=horizon)


def _step_money(step: WaterfallStep, case: BusinessCase, text: Text, *, currency: bool = True) -> str:
    if step.name == "npv":
        return net_money(case, step.amount, text, currency=currency)
    return shared_money(step.amount, case, text, currency=currency)


def _drawing(
    case: BusinessCase,
    text: Text,
    name: str,
    *,
    title: str,
    subtitle: str,
    alternative: str,
    data: Data,
    table: Callable[[], Table],
    note: str = "",
) -> Drawing:
    return Drawing(
        name=name,
        title=title,
        subtitle=subtitle,
        alternative=alternative,
        footer=f"{note} {source_line(case, text)}".strip(),
        currency=case.currency,
        data=data,
        table=table,
    )


def _percent(level: float, text: Text) -> str:
    return text.percent(level / 100, 0)


def _wrapped(labels: dict[str, str], text: Text) -> dict[str, str]:
    return {name: isolated(words, text) for name, words in labels.items()}
