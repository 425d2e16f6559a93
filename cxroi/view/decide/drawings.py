"""The charts of a business case: each with the finding as its title, a text alternative, and its source."""

from __future__ import annotations

import numpy as np

from cxroi.chart import cash_flow, waterfall
from cxroi.chart.drawing import Drawing
from cxroi.chart.frame import Data
from cxroi.model.decision.verdict import Call
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.verdict import with_hurdle
from cxroi.view.figure import money, months_range, probability, source_line

_TITLE = {
    Call.UNDER_INVESTED: "title_more",
    Call.OVER_INVESTED: "title_less",
    Call.ABOUT_RIGHT: "title_right",
    Call.NOT_ENOUGH_EVIDENCE: "title_open",
}


def curve_title(case: BusinessCase, text: Text) -> str:
    """Return the finding of the curve: where the best spend lies against today's."""
    best = case.verdict.optimum_percent
    low, high = (_percent(end, text) for end in (best.low, best.high))
    title = text(f"chart.response_curve.{_TITLE[case.verdict.call]}", low=low, high=high)
    return with_hurdle(title, case.scenario.hurdle_net_return, text)


def cash_flow_drawing(case: BusinessCase, text: Text) -> Drawing:
    """Return the cumulative cash of the plan against today."""
    paid, flow = case.outcome.payback_months, case.cash_flow
    horizon = text.months(int(flow.month[-1]))
    last = Interval(low=float(flow.low[-1]), mid=float(flow.mid[-1]), high=float(flow.high[-1]))
    words = _wrapped(
        {
            "paid": text("chart.cash_flow.paid", months=months_range(paid, text)) if paid else "",
            "end": money(last.mid, case.currency, text),
        },
        text,
    )
    low, high = (money(end, case.currency, text) for end in (last.low, last.high))
    return _drawing(
        case,
        text,
        "cash_flow",
        title=_cash_title(case, text),
        alternative=text("chart.cash_flow.alternative", horizon=horizon, low=low, high=high),
        note=text("chart.cash_flow.residual") if case.scenario.residual_value_months else "",
        data=cash_flow.data(flow, payback=paid, **words),
    )


def waterfall_drawing(case: BusinessCase, text: Text) -> Drawing:
    """Return the steps from the gross claim to the net value."""
    steps = case.waterfall
    names = [text(f"waterfall.{step.name}") for step in steps]
    amounts = [money(step.amount, case.currency, text) for step in steps]
    told = text("chart.list_separator").join(f"{name} {amount}" for name, amount in zip(names, amounts, strict=True))
    title = _waterfall_title(case, text)
    beside = [isolated(money(step.amount, "", text), text) for step in steps]  # the axis names the currency
    data = waterfall.data(steps, [isolated(name, text) for name in names], beside)
    alternative = text("chart.waterfall.alternative", steps=told)
    return _drawing(case, text, "waterfall", title=title, alternative=alternative, data=data)


def _waterfall_title(case: BusinessCase, text: Text) -> str:
    amount = {step.name: step.amount for step in case.waterfall}
    gross, net, benefit, cost = (amount.get(name, 0.0) for name in ("gross_claim", "npv", "benefit", "plan_cost"))
    told = {"gross": gross, "net": net, "saved": cost, "given_up": abs(benefit)}
    facts = {name: money(value, case.currency, text) for name, value in told.items()}
    if not any(amount.values()):
        return text("chart.waterfall.title_none")
    if cost > 0 > benefit:
        return text("chart.waterfall.title_less", saved=facts["saved"], given_up=facts["given_up"], net=facts["net"])
    kind = "title" if net > 0 else "title_lost"
    return text(f"chart.waterfall.{kind}", gross=facts["gross"], net=facts["net"])


def _cash_title(case: BusinessCase, text: Text) -> str:
    paid, flow = case.outcome.payback_months, case.cash_flow
    if not np.any(flow.mid):
        return text("chart.cash_flow.title_today")
    if paid is not None and paid.mid <= flow.month[-1]:
        chance = probability(case.outcome.probability_of_payback, text)
        return text("chart.cash_flow.title_paid", months=months_range(paid, text), probability=chance)
    if case.outcome.cost.mid <= 0:
        return text("chart.cash_flow.title_saves")
    return text("chart.cash_flow.title_not_paid", horizon=text.months(int(flow.month[-1])))


def _drawing(
    case: BusinessCase, text: Text, name: str, *, title: str, alternative: str, data: Data, note: str = ""
) -> Drawing:
    footer = f"{note} {source_line(case, text)}".strip()
    return Drawing(name=name, title=title, alternative=alternative, footer=footer, currency=case.currency, data=data)


def _percent(level: float, text: Text) -> str:
    return text.percent(level / 100, 0)


def isolated(words: str, text: Text) -> str:
    """Bracket words inside a picture, where nothing else says in which direction they are read."""
    return f"\u202b{words}\u202c" if text.direction == "rtl" else words


def _wrapped(labels: dict[str, str], text: Text) -> dict[str, str]:
    return {name: isolated(words, text) for name, words in labels.items()}
