"""The Pilots page in words: where a test is worth most, a design in figures, and two groups as drawn."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.drawing import Column
from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.verdict import Call
from cxroi.model.pilots.assignment import Balance
from cxroi.model.pilots.pilot import PilotOutcome
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.pilot_groups import DrawnGroups, TestWorth
from cxroi.questions.pilots import PilotPlan
from cxroi.text import Text
from cxroi.view.figure import deserved_step, money, probability, segment_name, signed_money
from cxroi.view.prove.figures import ShownFigures, table_lines
from cxroi.view.prove.pilots import design_words
from cxroi.view.ranged import RangedFigure
from cxroi.view.table import words_column

ALIKE = 0.1  # standard deviations: groups nearer than this count as alike (Austin 2009)


@dataclass(frozen=True, kw_only=True)
class WhereView:
    """Where a test is worth most: the answer with its figures, and every verdict's own best test."""

    kicker: str
    finding: str
    lead: tuple[str, ...]
    figures: tuple[RangedFigure, ...]
    table: ShownFigures


def where_to_test(found: tuple[TestWorth, ...], currency: str, text: Text) -> WhereView:
    """Return the answer: the test that is worth most beyond its cost, or that none is worth it."""
    best = found[0]
    pilot = best.pilot
    worth_it = pilot is not None and pilot.is_worth_its_cost
    kind = "nothing" if pilot is None else "best" if worth_it else "none"
    where = "" if pilot is None else _place(pilot.segment, text)
    lead, figures = [], []
    if pilot is not None:
        lead.append(
            text(
                "pilots.where.lead",
                customers=text("pilot.proposal.customers", count=pilot.customers_per_group),
                months=text.months(pilot.months),
                level=text.percent(pilot.level_percent / 100, 0),
            )
        )
        lead.append(
            text(
                f"pilots.where.{'open' if best.call is Call.NOT_ENOUGH_EVIDENCE else 'called'}",
                verdict=segment_name(best.segment, text),
                settles=probability(pilot.probability_it_settles, text),
            )
        )
        figures = [
            RangedFigure(label=text("pilots.where.worth"), value=money(pilot.worth, currency, text), range=""),
            RangedFigure(label=text("pilots.where.cost"), value=money(pilot.cost, currency, text), range=""),
            RangedFigure(label=text("pilots.where.net"), value=_signed(best.net, currency, text), range=""),
        ]
    return WhereView(
        kicker=text("pilots.where.kicker"),
        finding=text(f"pilots.where.{kind}", segment=where),
        lead=tuple(lead),
        figures=tuple(figures),
        table=_where_table(found, currency, text),
    )


def _place(segment: str, text: Text) -> str:
    return text("decide.whole") if segment == WHOLE else text.name(segment)


def _signed(amount: float, currency: str, text: Text) -> str:
    return signed_money(amount, currency, deserved_step(Interval.known(amount)), text)


def _where_table(found: tuple[TestWorth, ...], currency: str, text: Text) -> ShownFigures:
    none = text("lines.none")
    pilots = [one.pilot for one in found]
    words = {
        "verdict": [segment_name(one.segment, text) for one in found],
        "call": [text(f"verdict.word.{one.call}") for one in found],
        "place": [none if one is None else _place(one.segment, text) for one in pilots],
        "groups": [none if one is None else text.number(one.customers_per_group, 0) for one in pilots],
        "months": [none if one is None else text.months(one.months) for one in pilots],
        "level": [none if one is None else text.percent(one.level_percent / 100, 0) for one in pilots],
        "settles": [_settles(one, text) for one in found],
    }
    amounts = {
        "cost": [None if one is None else one.cost for one in pilots],
        "worth": [None if one is None else one.worth for one in pilots],
        "net": [None if one.pilot is None else one.net for one in found],
    }
    worthwhile = sum(one is not None and one.is_worth_its_cost for one in pilots)
    return ShownFigures(
        section=text("pilots.where.section"),
        title=text("pilots.where.table", worth=worthwhile, count=len(found)),
        table=(
            *(words_column(text(f"pilots.where.{name}"), column) for name, column in words.items()),
            *(
                Column(
                    heading=text(f"pilots.where.{name}"),
                    figures=tuple(float("nan") if one is None else one for one in column),
                    words=tuple(
                        none if one is None else (_signed if name == "net" else money)(one, currency, text)
                        for one in column
                    ),
                )
                for name, column in amounts.items()
            ),
        ),
        caption=text("pilots.where.caption"),
    )


def _settles(one: TestWorth, text: Text) -> str:
    """Return how likely a test closes an open verdict; one that is made needs no closing."""
    if one.pilot is None or one.call is not Call.NOT_ENOUGH_EVIDENCE:
        return text("lines.none")
    return probability(one.pilot.probability_it_settles, text)


@dataclass(frozen=True, kw_only=True)
class DesignView:
    """A design: its finding, what it asks for in sentences, its figures, and every length that was looked at."""

    finding: str
    lines: tuple[str, ...]
    figures: tuple[RangedFigure, ...]
    table: ShownFigures


def design_view(plan: PilotPlan, text: Text) -> DesignView:
    """Return a planned pilot."""
    found, enough = plan.design, plan.design.reaches_power
    lines = design_words(plan, text)
    if plan.customers_at_risk >= 1:
        lines.append(
            text(
                "pilots.at_risk",
                customers=text("pilot.proposal.customers", count=round(plan.customers_at_risk)),
                margin=money(plan.margin_at_risk, plan.currency, text),
            )
        )
    if plan.wish.level_percent == 0:
        lines.append(text("pilots.dark"))
    branches = found.branches_per_group
    group = text("pilots.figure.branches", count=branches) if branches else text.number(found.customers_per_group, 0)
    smallest = (
        text.points(found.smallest_change)
        if found.outcome is PilotOutcome.CHURN
        else text.signed_percent(found.smallest_change / 100)
    )
    return DesignView(
        finding=text(
            f"pilots.design_{'enough' if enough else 'short'}",
            months=text.months(found.months),
            power=text.percent(found.power, 0),
        ),
        lines=tuple(lines),
        figures=(
            RangedFigure(label=text("pilots.figure.group"), value=group, range=text.months(found.months)),
            RangedFigure(
                label=text("pilots.figure.power"),
                value=text.percent(found.power, 0),
                range="",
                note=text("pilots.figure.smallest", change=smallest),
            ),
            RangedFigure(label=text("pilots.figure.cost"), value=money(found.cost, plan.currency, text), range=""),
        ),
        table=ShownFigures(
            section="",
            title=text("pilots.options"),
            table=(
                Column(
                    heading=text("pilots.where.months"),
                    figures=tuple(float(one.months) for one in found.options),
                    words=tuple(text.months(one.months) for one in found.options),
                ),
                Column(
                    heading=text("pilots.where.groups"),
                    figures=tuple(float(one.customers_per_group) for one in found.options),
                    words=tuple(text.number(one.customers_per_group, 0) for one in found.options),
                ),
                Column(
                    heading=text("pilots.where.cost"),
                    figures=tuple(one.cost for one in found.options),
                    words=tuple(money(one.cost, plan.currency, text) for one in found.options),
                ),
                words_column(
                    text("pilots.fits"),
                    [text(f"pilots.{'there' if one.fits else 'not_there'}") for one in found.options],
                ),
            ),
            caption=text("pilots.options_caption", alpha=text.percent(1 - found.alpha, 0)),
        ),
    )


def groups_figures(drawn: DrawnGroups, currency: str, text: Text) -> ShownFigures:
    """Return how alike two groups are as drawn."""
    most = max((abs(one.difference) for one in drawn.alike if one.difference == one.difference), default=0.0)
    kind = "alike" if most < ALIKE else "apart"
    counts = {name: text.number(len(drawn.named(name)), 0) for name in ("treated", "control")}
    return ShownFigures(
        section="",
        title=text(f"pilots.groups.{kind}", most=text.number(most, 2), **counts),
        table=(
            words_column(
                text("pilots.groups.what"), [_what(place, one, text) for place, one in enumerate(drawn.alike)]
            ),
            *(
                Column(
                    heading=text(f"pilots.groups.{name}"),
                    figures=tuple(getattr(one, name) for one in drawn.alike),
                    words=tuple(
                        _mean(place, getattr(one, name), currency, text) for place, one in enumerate(drawn.alike)
                    ),
                )
                for name in ("treated", "control")
            ),
            Column(
                heading=text("pilots.groups.difference"),
                figures=tuple(one.difference for one in drawn.alike),
                words=tuple(text.number(round(one.difference, 2) + 0.0, 2) for one in drawn.alike),
            ),
        ),
        caption=text(
            f"pilots.groups.caption{'_regions' if drawn.wish.by_region else ''}",
            seed=f"{drawn.wish.seed}",
            strata=drawn.strata,
            day=f"{drawn.as_of:%Y-%m-%d}",
        ),
    )


_MONTHS, _REVENUE = 0, 1  # places in `DrawnGroups.alike`


def _what(place: int, one: Balance, text: Text) -> str:
    if place in (_MONTHS, _REVENUE):
        return text(f"pilots.groups.{one.name}")
    return text("pilots.groups.share", segment=text.name(one.name))


def _mean(place: int, value: float, currency: str, text: Text) -> str:
    if value != value:
        return text("lines.none")
    if place == _MONTHS:
        return text.number(value, 1)
    return money(value, currency, text) if place == _REVENUE else text.percent(value)


def where_lines(found: tuple[TestWorth, ...], currency: str, text: Text) -> list[str]:
    """Return where a test is worth most, for a terminal."""
    view = where_to_test(found, currency, text)
    return [view.finding, *view.lead, "", *table_lines(view.table)]


def groups_lines(drawn: DrawnGroups, currency: str, text: Text) -> list[str]:
    """Return two groups as drawn, for a terminal."""
    view = groups_figures(drawn, currency, text)
    return [view.title, "", *table_lines(view)]
