"""What-if: the plan's headline, what stands beside each slider, the plan beside today, and the charts behind it."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.drawing import Drawing
from cxroi.model.assumption import Grade
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.drawings import cash_flow_drawing, waterfall_drawing
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.verdict import Fact, direction_probability
from cxroi.view.figure import (
    deserved_step,
    in_a_hundred,
    money,
    money_range,
    payback,
    percent_range,
    points_range,
    probability,
    source_line,
)

LARGEST_LEVEL = 300.0  # percent of today's spend, the end of the slider


@dataclass(frozen=True, kw_only=True)
class Caution:
    """Something a reader must know before believing the headline."""

    word: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The plan in one glance; painted first after a slider moves."""

    plan: str
    value: str
    note: str
    facts: tuple[Fact, ...]
    call: str
    call_words: str
    warnings: tuple[Caution, ...]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What stands beside one slider: lines of words, and marks on a strip below it as shares 0..1 of its length."""

    lines: tuple[str, ...]
    seen: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class WhatIfView:
    """The charts behind a plan, and where its figures come from."""

    drawings: tuple[Drawing, ...]
    source: str


def what_if(case: BusinessCase, text: Text) -> WhatIfView:
    """Return the view of one scenario."""
    return WhatIfView(
        drawings=(cash_flow_drawing(case, text), waterfall_drawing(case, text)), source=source_line(case, text)
    )


def sides(case: BusinessCase, text: Text) -> dict[str, Beside]:
    """Return what stands beside each of the plain sliders."""
    return {"investment": _investment(case, text), "uplift": _uplift(case, text), "support": _support(case, text)}


def headline(case: BusinessCase, text: Text) -> Headline:
    """Return the plan's headline."""
    outcome, horizon = case.outcome, horizon_words(case.scenario, text)
    facts = (
        Fact(
            label=text("page.what_if.roi"),
            value=percent_range(outcome.roi, text) if outcome.roi else text("decide.no_figure"),
        ),
        Fact(label=text("page.what_if.payback"), value=payback(case, text)),
        Fact(label=text("page.what_if.loss"), value=probability(outcome.probability_of_loss, text)),
        Fact(label=text("page.what_if.stay"), value=points_range(outcome.plan_uplift_pp, text)),
    )
    chance = in_a_hundred(direction_probability(case.verdict), text)
    step = deserved_step(outcome.npv)
    middle = text.money(outcome.npv.mid, case.currency, step=step)
    return Headline(
        plan=text("page.what_if.plan", level=_percent(case.level_percent, text)),
        value=money_range(outcome.npv, case.currency, text),
        note=text("page.what_if.npv_middle", amount=middle, horizon=horizon),
        facts=facts,
        call=case.verdict.call.value,
        call_words=text(f"page.what_if.call.{case.verdict.call}", probability=chance),
        warnings=_warnings(case, text),
    )


def _warnings(case: BusinessCase, text: Text) -> tuple[Caution, ...]:
    warnings = []
    low, high = case.curve.observed_low_percent, case.curve.observed_high_percent
    if not low - 0.5 <= case.level_percent <= high + 0.5:
        seen = {"low": _percent(round(low), text), "high": _percent(round(high), text)}
        warnings.append(Caution(word=text("page.what_if.beyond"), note=text("page.what_if.beyond_note", **seen)))
    if uplift_is_typed(case):
        warnings.append(Caution(word=text("page.what_if.typed"), note=text("page.what_if.typed_note")))
    if after := case.scenario.residual_value_months:
        note = text("page.what_if.residual_note", months=text.months(after))
        warnings.append(Caution(word=text("page.what_if.residual"), note=note))
    return tuple(warnings)


def uplift_is_typed(case: BusinessCase) -> bool:
    """Return whether the uplift was typed in rather than taken from the evidence."""
    return any(each.name == "retention_uplift_pp" and each.grade is Grade.TYPED_IN for each in case.assumptions)


def _investment(case: BusinessCase, text: Text) -> Beside:
    low, high = case.curve.observed_low_percent, case.curve.observed_high_percent
    line = text("page.what_if.investment.seen", low=_percent(round(low), text), high=_percent(round(high), text))
    start, end = (min(max(level / LARGEST_LEVEL, 0.0), 1.0) for level in (low, high))
    return Beside(lines=(line,), seen=(start, end))


def _uplift(case: BusinessCase, text: Text) -> Beside:
    needed, observed = case.outcome.break_even_uplift_pp, case.outcome.observed_uplift_pp
    prefix, kind = "page.what_if.uplift.", "break_even" if case.level_percent >= 100 else "break_even_less"
    lines = (
        text(prefix + "no_break_even") if needed is None else text(prefix + kind, points=text.points(needed)),
        text(prefix + "no_observed") if observed is None else text(prefix + "observed", points=text.points(observed)),
    )
    return Beside(lines=lines)


def _support(case: BusinessCase, text: Text) -> Beside:
    cost = case.baseline.whole.support_cost_per_customer_month
    return Beside(lines=(text("page.what_if.support.now", amount=money(cost, case.currency, text)),))


def _percent(level: float, text: Text) -> str:
    return text.percent(level / 100, 0 if abs(level - round(level)) < 0.05 else 1)
