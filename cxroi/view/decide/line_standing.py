"""Lines and promises in one table: what each has brought, what more of it would bring, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.questions import BusinessCase
from cxroi.questions.line_standing import Advice, Brought, LineStanding, More
from cxroi.text import Text
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.lines import line_name, why_not_called, why_not_measured
from cxroi.view.figure import few_names, money, money_range, percent_range, points_range, probability
from cxroi.view.table import columns

_LOOKS = {  # a sign and colour that the same act has everywhere
    Advice.GROW: "under_invested",
    Advice.KEEP: "about_right",
    Advice.CUT: "over_invested",
    Advice.TEST: "not_enough_evidence",
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding: a word, and what stands behind it."""

    word: str
    note: str


@dataclass(frozen=True, kw_only=True)
class StandingRow:
    """One line; `name` may come from data and is to be escaped. `look` is "" where there is nothing to decide."""

    name: str
    spend: str
    brought: Told
    more: Told
    look: str
    advice: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StandingTable:
    """Every line, with the finding first; without rows the finding says what is missing."""

    title: str
    finding: str
    headings: tuple[str, ...]
    rows: tuple[StandingRow, ...]
    caption: str


def standing_table(found: Sequence[LineStanding], case: BusinessCase, text: Text) -> StandingTable:
    """Return the table of lines and promises."""
    return StandingTable(
        title=text("where.lines.title"),
        finding=standing_finding(found, text),
        headings=tuple(text(f"where.lines.heading_{name}") for name in ("name", "brought", "more", "advice")),
        rows=tuple(_row(one, case.currency, text) for one in found),
        caption=text("where.lines.caption", horizon=horizon_words(case.scenario, text)),
    )


def standing_finding(found: Sequence[LineStanding], text: Text) -> str:
    """Return the advice in one sentence, or what is missing for any."""
    if not found:
        return text("where.lines.none")
    told = []
    for advice in (Advice.GROW, Advice.CUT, Advice.TEST, Advice.KEEP):
        names = [line_name(one.name, text) for one in found if one.advice is advice]
        if names:
            told.append(text("where.lines.group", advice=text(f"where.advice.{advice}"), names=few_names(names, text)))
    return " ".join(told)


def _row(one: LineStanding, currency: str, text: Text) -> StandingRow:
    spend = one.line.today_spend if one.line else None
    return StandingRow(
        name=line_name(one.name, text),
        spend="" if spend is None else text("where.lines.a_month", spend=money(spend, currency, text)),
        brought=Told(word=text(f"where.brought.{one.brought}"), note=_brought(one, currency, text)),
        more=Told(word=text(f"where.more.{one.more}"), note=_more(one, text)),
        look=_LOOKS[one.advice] if one.advice else "",
        advice=text(f"where.advice.{one.advice}") if one.advice else text("lines.none"),
        reason=text(f"where.reason.{one.reason}") if one.reason else "",
    )


def _brought(one: LineStanding, currency: str, text: Text) -> str:
    if one.promise is None:
        return text("where.brought.no_initiative")
    found, shrunk = one.promise.realised, one.promise.shrunk
    if one.brought is Brought.UNKNOWN or shrunk is None:
        return why_not_measured(found, text)
    spent = one.promise.spent
    return text(
        "where.brought.earned_alone" if spent is None else "where.brought.earned",
        value=money_range(shrunk.value, currency, text),
        spent="" if spent is None else money(spent, currency, text),
        uplift=points_range(shrunk.uplift_pp, text),
        grade=found.grade.value if found.grade else "",
    )


def _more(one: LineStanding, text: Text) -> str:
    line = one.line
    if line is None:
        return text("where.more.no_line")
    if one.more is More.UNKNOWN or line.verdict is None or line.marginal_roi is None:
        return why_not_called(line, text)
    if one.more is More.PAYS:
        return text("where.more.next", range=percent_range(line.marginal_roi, text))
    return text("where.more.chance", chance=probability(line.verdict.stated.best_above, text))


def standing_words(found: Sequence[LineStanding], case_currency: str, text: Text) -> list[str]:
    """Return the table in columns and then the reasons, for a reader of plain text."""
    rows = [_row(one, case_currency, text) for one in found]
    headings = [text(f"where.lines.heading_{name}") for name in ("name", "brought", "more", "advice")]
    cells = [[row.name, row.brought.word, row.more.word, row.advice] for row in rows]
    reasons = [f"{row.name}: {row.reason}" for row in rows if row.reason]
    return [text("where.lines.title"), standing_finding(found, text), "", *columns(headings, cells), "", *reasons]
