"""Promises in words: one row an initiative, what it promised beside what it has brought."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.chart.drawing import Table
from cxroi.model.response.realised import PromiseStatus
from cxroi.model.response.realised_channels import RealisedChannel
from cxroi.questions.promises import Promise
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.decide.channels import signed_percents
from cxroi.view.decide.lines import notes_by_name, why_not_measured
from cxroi.view.figure import money, money_range, points_range, probability
from cxroi.view.table import words_column

MEASURED = (PromiseStatus.KEPT, PromiseStatus.MISSED, PromiseStatus.OPEN, PromiseStatus.NOT_STATED)


@dataclass(frozen=True, kw_only=True)
class PromiseRow:
    """One initiative; `name` and `note` may hold what the data say and are to be escaped."""

    name: str
    word: str
    promised: str
    brought: str
    value: str
    spent: str
    grade: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PromisesView:
    """Every initiative; `headline` counts them by finding."""

    headline: str
    headings: tuple[str, ...]
    rows: tuple[PromiseRow, ...]
    notes: tuple[tuple[str, str], ...]  # what is to be known, and the initiatives that it is true of
    caption: str


def promises_view(promises: tuple[Promise, ...], currency: str, text: Text) -> PromisesView:
    """Return the table of promises."""
    names = ("name", "finding", "promised", "brought", "value", "spent", "grade")
    return PromisesView(
        headline=headline(promises, text),
        headings=tuple(text(f"promises.heading.{name}") for name in names),
        rows=(rows := tuple(_row(one, currency, text) for one in promises)),
        notes=notes_by_name(rows, text),
        caption=text("promises.caption"),
    )


def tag_columns(promises: tuple[Promise, ...], text: Text) -> Table:
    """Return whose each initiative is and how it is said to stand, in one column; none where nobody says."""
    told = [text.listed(shown(text.name(tag), 40) for tag in (one.owner, one.status) if tag) for one in promises]
    if not any(told):
        return ()
    return (words_column(text("promises.heading.owner"), [words or text("lines.none") for words in told]),)


def headline(promises: tuple[Promise, ...], text: Text) -> str:
    """Return how many initiatives can be measured, and how many kept what they promised."""
    if not promises:
        return text("promises.none")
    found = [one.finding for one in promises]
    judged = (PromiseStatus.KEPT, PromiseStatus.MISSED, PromiseStatus.OPEN)
    measured = sum(each in MEASURED for each in found)
    if not measured:
        return text("promises.headline_nothing", count=len(found))
    return text(
        "promises.headline",
        count=len(found),
        measured=measured,
        **{name.value: sum(each is name for each in found) for name in judged},
    )


def promise_note(one: Promise, currency: str, text: Text) -> str:
    """Return how the figure was got and what stands against it, or why there is none."""
    found = one.realised
    if one.shrunk is None:
        return why_not_measured(found, text)
    chance = probability(one.shrunk.probability_any, text)
    note = text(
        f"promises.compared.{found.compared_with}",
        after=text.months(found.months_after),
        before=text.months(found.months_before),
        chance=chance,
    )
    told = [note, *(_channel(each, currency, text) for each in found.channels if each.moves)]
    if one.shrunk.probability_kept is not None:
        told.append(text("promises.chance_kept", chance=probability(one.shrunk.probability_kept, text)))
    if one.finding is not found.finding:
        told.append(text("promises.told_alone", word=text(f"promises.word.{found.finding}")))
    if found.beside:
        told.append(text("promises.beside", names=text.listed(shown(text.name(each)) for each in found.beside)))
    return " ".join(told)


def _channel(one: RealisedChannel, currency: str, text: Text) -> str:
    """Return what an initiative did beside retention, and what that has earned or why it is not counted."""
    facts = {
        "name": text(f"channel.{one.channel}"),
        "change": signed_percents(one.change_percent, text),
        "value": money_range(one.value, currency, text),
    }
    if one.doubt is None:
        return text("promises.channel", **facts)
    return text("promises.channel_in_doubt", reason=text(f"channel.doubt.{one.doubt}"), **facts)


def _row(one: Promise, currency: str, text: Text) -> PromiseRow:
    found, promise, shrunk, missing = one.realised, one.realised.initiative, one.shrunk, text("lines.none")
    uplift, value = promise.promised_uplift_pp, promise.promised_value
    promised = [text.points(uplift)] if uplift is not None else []
    promised += [money(value, currency, text)] if value is not None else []
    spent = missing if one.spent is None else money(one.spent, currency, text)
    if one.spent is not None and one.budget:
        spent = text("promises.of_budget", spent=spent, budget=money(one.budget, currency, text))
    return PromiseRow(
        name=text.name(promise.name),
        word=text(f"promises.word.{one.finding}"),
        promised=text.listed(promised) or missing,
        brought=points_range(shrunk.uplift_pp, text) if shrunk else missing,
        value=money_range(shrunk.value, currency, text) if shrunk else missing,
        spent=spent,
        grade=found.grade.value if found.grade else missing,
        note=promise_note(one, currency, text),
    )
