"""The plan as it follows the hand: the scenario as a sentence, its figures and its place on the curve, at any step of a slider.

Whatever a browser shows while a slider is dragged was worded here, so that it cannot differ from what stands there once it is let go.
"""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.frame import Window
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.questions.sweep import Stop
from cxroi.text import Text
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.plan_figures import paid_back_figure, stay_figure, worth_figure
from cxroi.view.figure import deserved_step, money, probability
from cxroi.view.ranges import RangedFigure


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a plan is told in, and what no slider moves: today's figures, the horizon, the part of the curve that is shown."""

    currency: str
    today_spend: float  # money a month
    today_support: float  # money a customer and month
    today_retention: float  # annual rate
    horizon_months: int
    horizon: str  # in words
    seen_percent: tuple[float, float]
    window: Window
    first_quarters: int  # before the plan's level


@dataclass(frozen=True, kw_only=True)
class LivePlan:
    """One plan. `sentence` are words in turn with the three values that can be taken hold of and, last, what it comes to."""

    sentence: tuple[str, str, str, str, str, str, str, str, str]
    level: tuple[str, str]  # the value beside a slider, and a word on it
    uplift: tuple[str, str]
    support: tuple[str, str]
    read: tuple[str, str, str]  # where each slider stands, to be read aloud
    worth: RangedFigure
    loss: str
    loss_share: float
    loss_brief: str
    paid: RangedFigure
    stay: RangedFigure
    mark: str  # beside the mark on the curve
    caution: str  # "" where nothing is to be said
    announced: str  # the whole, for who does not see it
    at: tuple[float, float]  # where its mark stands in the window of the curve, shares 0..1 of its width and height
    level_percent: float
    uplift_pp: Interval
    support_change_percent: float


def terms_of(case: BusinessCase, window: Window, text: Text) -> Terms:
    """Return the terms of a case whose curve is shown in a window."""
    whole = case.baseline.whole
    return Terms(
        currency=case.currency,
        today_spend=whole.cx_spend_per_month,
        today_support=whole.support_cost_per_customer_month,
        today_retention=whole.annual_retention_rate.mid,
        horizon_months=case.scenario.horizon_months,
        horizon=horizon_words(case.scenario, text),
        seen_percent=(case.curve.observed_low_percent, case.curve.observed_high_percent),
        window=window,
        first_quarters=len(case.asked.first_quarters_percent),
    )


def live_plan(stop: Stop, terms: Terms, text: Text) -> LivePlan:
    """Return the words and the places of one plan."""
    of, level, window = stop.figures, stop.level_percent, terms.window
    uplift, support = of.plan_uplift_pp, stop.support_cost_change_percent
    spend = money(terms.today_spend * level / 100, terms.currency, text)
    worth = worth_figure(of.npv, terms.currency, text, window.y)
    loss, sentence = probability(of.probability_of_loss, text), _sentence(stop, spend, terms, text)
    each = (
        (spend, _level_word(level, text)),
        (_signed_points(uplift.mid, text), _source(stop.uplift_is_typed, text)),
        (
            money(terms.today_support * (1 + support / 100), terms.currency, text),
            text.signed_percent(support / 100, 0) if round(support) else text("page.what_if.live.no_change"),
        ),
    )
    return LivePlan(
        sentence=sentence,
        level=each[0],
        uplift=each[1],
        support=each[2],
        read=(text.listed(each[0]), " ".join(each[1]), text.listed(each[2])),
        worth=worth,
        loss=loss,
        loss_share=of.probability_of_loss,
        loss_brief=text("page.what_if.live.loss_brief", chance=loss),
        paid=paid_back_figure(of, terms.horizon_months, text),
        stay=stay_figure(uplift, terms.today_retention, text),
        mark=text("page.what_if.live.mark", spend=spend, worth=worth.value),
        caution=_caution(stop, terms, text),
        announced=f"{''.join(sentence)} {text('page.what_if.loss')}: {loss}.",
        at=(share_between(level, window.x), share_between(of.npv.mid, window.y)),
        level_percent=level,
        uplift_pp=uplift,
        support_change_percent=support,
    )


def _sentence(stop: Stop, spend: str, terms: Terms, text: Text) -> tuple[str, str, str, str, str, str, str, str, str]:
    """Return the scenario as one sentence: words, spend, words, uplift, words, support cost, words, worth, words."""
    npv, uplift, support = stop.figures.npv, stop.figures.plan_uplift_pp.mid, stop.support_cost_change_percent
    step = deserved_step(npv)
    points = round(uplift, 1)
    clauses = (
        ("spend_steps" if terms.first_quarters else "spend", spend),
        (
            _kind("kept", points),
            text("unit.points", value=text.number(abs(points), 1)) if points else text("page.what_if.live.as_many"),
        ),
        (
            _kind("support", round(support)),
            text.percent(abs(support) / 100, 0) if round(support) else text("page.what_if.live.the_same"),
        ),
        (_kind("worth", round(npv.mid / step)), text.money(abs(npv.mid), terms.currency, step=step)),
    )
    facts = {"horizon": terms.horizon, "quarters": text("unit.quarters", count=terms.first_quarters)}
    words, values = [""], []
    for id, value in clauses:
        before, _, after = text(f"page.what_if.sentence.{id}", value="\0", **facts).partition("\0")
        words[-1] += before
        words.append(after)
        values.append(value)
    (spent, kept, cost, worth), (first, *between, last) = values, words
    return (first, spent, between[0], kept, between[1], cost, between[2], worth, last)


def _kind(name: str, amount: float) -> str:
    return f"{name}_more" if amount > 0 else f"{name}_less" if amount < 0 else f"{name}_same"


def _level_word(level: float, text: Text) -> str:
    return text.percent(level / 100, 0 if abs(level - round(level)) < 0.05 else 1)


def _signed_points(points: float, text: Text) -> str:
    shown = text.number(round(points, 1) + 0.0, 1)
    return text.raised(shown) if round(points, 1) > 0 else shown


def _source(own: bool, text: Text) -> str:
    return text("page.what_if.live.own" if own else "page.what_if.live.evidence")


def _caution(stop: Stop, terms: Terms, text: Text) -> str:
    """Return what must be known before the figures are believed: that they lie outside the data, or rest on what was typed."""
    low, high = terms.seen_percent
    told = []
    if not low - 0.5 <= stop.level_percent <= high + 0.5:
        told.append(text("page.what_if.beyond"))
    if stop.uplift_is_typed or stop.support_is_typed:
        told.append(text("page.what_if.live.own_figures"))
    return " · ".join(told)


def share_between(value: float, ends: tuple[float, float]) -> float:
    """Return where a value lies between two ends, as a share; at an end where it lies beyond.

    >>> share_between(150.0, (100.0, 200.0)), share_between(250.0, (100.0, 200.0))
    (0.5, 1.0)
    """
    low, high = ends
    return min(max((value - low) / (high - low), 0.0), 1.0)
