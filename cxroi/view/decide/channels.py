"""Every way in which spend may pay, in words: what counts, what moves little, what was not counted and why; and a row for each."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.questions.channels import CHURN, ChannelFact
from cxroi.text import Text
from cxroi.view.figure import money, money_range, probability


@dataclass(frozen=True, kw_only=True)
class ChannelRow:
    """One way in which spend may pay; `bar` is how likely it helps, 0..1, None where it was not looked at."""

    name: str
    bar: float | None
    helps: str
    change: str
    worth: str
    grade: str
    guard: str  # one sentence on why it is in doubt or was left out, or nothing


@dataclass(frozen=True, kw_only=True)
class ChannelPanel:
    """The rows with their headings, and the line that says what the verdict counts."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[ChannelRow, ...]
    line: str
    caption: str


def channel_panel(case: BusinessCase, text: Text) -> ChannelPanel:
    """Return the panel of a case; without rows where nothing is known of its channels."""
    names = ("name", "helps", "change", "worth", "grade")
    return ChannelPanel(
        title=text("channels.title"),
        headings=tuple(text(f"channels.heading.{name}") for name in names),
        rows=tuple(_row(one, case.currency, text) for one in case.channels),
        line=channels_line(case, text),
        caption=text("channels.caption", horizon=text.months(case.scenario.horizon_months)),
    )


def channels_line(case: BusinessCase, text: Text) -> str:
    """Return which channels count, which move little or nothing, and which are not counted and why, as up to three sentences."""
    little = [
        text("channels.little_part", name=_name(one, text), probability=probability(one.probability_helps or 0.0, text))
        for one in case.channels
        if one.counted and not one.moves
    ]
    sentences = {"counts": counted_names(case, text), "little": little}
    told = [text(f"channels.{id}", names=text.listed(names)) for id, names in sentences.items() if names]
    return " ".join(filter(None, (*told, not_counted_sentence(case, text))))


def counted_names(case: BusinessCase, text: Text) -> list[str]:
    """Return the channels that spend moves and the verdict counts."""
    return [_name(one, text) for one in case.channels if one.counted and one.moves]


def not_counted_sentence(case: BusinessCase, text: Text) -> str:
    """Return which channels are not counted and why, and what those would add that may hold all the same; nothing where all count."""
    without = [
        text("channels.without_part", name=_name(one, text), reason=_reason(one, text))
        for one in case.channels
        if not one.counted
    ]
    told = [text("channels.without", names=text.listed(without))] if without else []
    return " ".join((*told, *(_held(one, case, text) for one in case.channels if one.if_it_holds is not None)))


def _held(one: ChannelFact, case: BusinessCase, text: Text) -> str:
    """Return what a channel that is not counted would add to the plan, or take off it."""
    worth = (one.if_it_holds or Interval.known(0.0)).mid
    kind = "if_it_holds" if worth >= 0 else "if_it_holds_less"
    return text(f"channels.{kind}", name=_name(one, text), amount=money(abs(worth), case.currency, text))


def _row(one: ChannelFact, currency: str, text: Text) -> ChannelRow:
    nothing, helps = text("decide.no_figure"), one.probability_helps
    looked_at = one.left_out is None
    return ChannelRow(
        name=_name(one, text),
        bar=helps,
        helps=nothing if helps is None else probability(helps, text),
        change=nothing if one.change_percent is None else _change(one, one.change_percent, text),
        worth=nothing if one.worth is None else money_range(one.worth, currency, text, least=1.0),
        grade=one.grade.value if one.grade and looked_at else nothing,
        guard=_reason(one, text) if one.left_out or one.doubt else "",
    )


def _change(one: ChannelFact, change: Interval, text: Text) -> str:
    """Return what more spend does, with its sign; beside retention, which rises, that of those who leave, which is what was fitted."""
    told = signed_percents(change, text)
    return text("channels.change_churn", change=told) if one.id == CHURN else told


def signed_percents(interval: Interval, text: Text) -> str:
    """Return a range of changes in percent, each with its sign."""
    places = 0 if interval.high - interval.low >= 5 else 1
    low, high = (text.signed_percent(end / 100, places) for end in (interval.low, interval.high))
    return low if low == high else text.between(low, high)


def _name(one: ChannelFact, text: Text) -> str:
    return text(f"channel.{one.id}")


def _reason(one: ChannelFact, text: Text) -> str:
    return text(f"channel.left_out.{one.left_out}" if one.left_out else f"channel.doubt.{one.doubt}")
