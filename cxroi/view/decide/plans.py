"""Plans side by side: today, those that were kept, and the one under the hand, on one line of money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.questions.sweep import Stop
from cxroi.text import Text
from cxroi.view.figure import deserved_step, money, months_range, probability, signed_money, signed_range
from cxroi.view.ranges import RangeBar, range_bar

_MOST_OF_IT, _SAFER = 0.5, 2 / 3  # a safer plan is told of that keeps so much of the worth at so much of the risk


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One plan in words; `chosen` is the one under the hand."""

    name: str
    spend: str
    worth: str
    range: str
    bar: RangeBar
    loss: str
    paid: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class PlanTable:
    """The plans, by what they spend; the finding first."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    caption: str


def plan_table(
    case: BusinessCase, plan: Stop, kept: Sequence[tuple[str, Stop]], safe: Stop | None, text: Text
) -> PlanTable:
    """Return the table of a case's plan beside today, the kept ones by letter, and the step that the data support best."""
    named = [(text("page.what_if.plans.saved", letter=letter), stop) for letter, stop in kept]
    if safe is not None:
        named.append((text("page.what_if.plans.safe"), safe))
    ends = _ends([plan.figures.npv, *(stop.figures.npv for _, stop in named)])
    rows = [(100.0, _today(case, ends, text)), (plan.level_percent, _row(case, _this(text), plan, ends, text, True))]
    rows += [(stop.level_percent, _row(case, name, stop, ends, text)) for name, stop in named]
    low, high = (signed_money(end, "", 0.0, text) for end in ends)
    names = ("plan", "spend", "worth", "range", "loss", "paid")
    return PlanTable(
        title=_title(plan, named, text),
        headings=tuple(text(f"page.what_if.plans.{name}", low=low, high=high) for name in names),
        rows=tuple(row for _, row in sorted(rows, key=lambda one: one[0])),
        caption="",
    )


def _this(text: Text) -> str:
    return text("page.what_if.plans.this")


def _ends(ranges: Sequence[Interval]) -> tuple[float, float]:
    """Return a line that holds every range, as far on either side of nothing."""
    most = max(max(abs(one.low), abs(one.high)) for one in ranges) or 1.0
    end = float(f"{1.1 * most:.2g}")
    return -end, end


def _today(case: BusinessCase, ends: tuple[float, float], text: Text) -> PlanRow:
    none, nothing = text("page.what_if.plans.none"), Interval.known(0.0)
    return PlanRow(
        name=text("page.what_if.plans.today"),
        spend=money(case.baseline.whole.cx_spend_per_month, case.currency, text),
        worth=text.money(0, case.currency, step=1),
        range="",
        bar=range_bar(nothing, ends),
        loss=none,
        paid=none,
    )


def _row(
    case: BusinessCase, name: str, stop: Stop, ends: tuple[float, float], text: Text, chosen: bool = False
) -> PlanRow:
    of = stop.figures
    return PlanRow(
        name=name,
        spend=money(case.baseline.whole.cx_spend_per_month * stop.level_percent / 100, case.currency, text),
        worth=signed_money(of.npv.mid, case.currency, deserved_step(of.npv), text),
        range=signed_range(of.npv, text),
        bar=range_bar(of.npv, ends),
        loss=probability(of.probability_of_loss, text),
        paid=_paid(stop, case.scenario.horizon_months, text),
        chosen=chosen,
    )


def _paid(stop: Stop, horizon_months: int, text: Text) -> str:
    of = stop.figures
    if of.cost.mid <= 0:
        return text("decide.no_cost")
    chance = probability(of.probability_of_payback, text)
    if of.payback_months is None or of.payback_months.mid > horizon_months:
        return text("page.what_if.plans.not_paid", months=text.months(horizon_months), chance=chance)
    return text("page.what_if.plans.only_if", months=months_range(of.payback_months, text), chance=chance)


def _title(plan: Stop, others: Sequence[tuple[str, Stop]], text: Text) -> str:
    """Return what the plans teach: that another earns most of the plan's worth at much less risk, where one does."""
    worth, loss = plan.figures.npv.mid, plan.figures.probability_of_loss
    if worth > 0 and loss >= 0.02:
        for name, other in others:
            share = other.figures.npv.mid / worth
            if _MOST_OF_IT <= share < 1 and other.figures.probability_of_loss <= _SAFER * loss:
                return text(
                    "page.what_if.plans.title_safer",
                    name=name,
                    share=text.percent(share, 0),
                    loss=probability(other.figures.probability_of_loss, text),
                    plan_loss=probability(loss, text),
                )
    return text("page.what_if.plans.title")
