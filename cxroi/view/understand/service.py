"""How support contacts went, in words: days to close, minutes, cost, resolved the first time, and satisfaction beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cxroi.chart.drawing import Column, Table
from cxroi.model.satisfaction.service import Service
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import money, money_range, percent_range
from cxroi.view.table import columns
from cxroi.view.understand.satisfaction import score_figure, score_range

FEWEST = 10  # contacts: fewer are not shown by themselves
_MOST_TOPICS = 20  # the most frequent: topics are often written as each agent likes


@dataclass(frozen=True, kw_only=True)
class ServiceView:
    """The finding, and contacts by channel, touchpoint and topic as one table."""

    title: str
    table: Table
    caption: str
    notes: tuple[str, ...]


def service_view(found: Sequence[Service], scores: Sequence[ScoreLine], currency: str, text: Text) -> ServiceView:
    """Return how contacts went, with what surveys say of the same channel or touchpoint beside it; costs are in `currency`."""
    whole = next(one for one in found if one.dimension == "all")
    often = sorted((one.contacts for one in found if one.dimension == "topic"), reverse=True)[:_MOST_TOPICS]
    lines = [
        one
        for one in found
        if one is whole or (one.contacts >= FEWEST and (one.dimension != "topic" or one.contacts >= often[-1]))
    ]
    return ServiceView(
        title=_title(whole, lines, text),
        table=_table(lines, scores, currency, text),
        caption=text("satisfaction.service.caption"),
        notes=(
            *_dearest(lines, currency, text),
            text("satisfaction.service.note", contacts=whole.contacts),
            *_missing(whole, text),
        ),
    )


def service_words(found: Sequence[Service], scores: Sequence[ScoreLine], currency: str, text: Text) -> list[str]:
    """Return the same for the terminal."""
    view = service_view(found, scores, currency, text)
    rows = [[column.words[place] for column in view.table] for place in range(len(view.table[0].words))]
    return [view.title, "", *columns([column.heading for column in view.table], rows), "", *view.notes]


def _title(whole: Service, lines: Sequence[Service], text: Text) -> str:
    """Return what stands out: the channel or touchpoint where most is resolved the first time, or how fast contacts are closed."""
    for dimension in ("touchpoint", "channel"):
        told = sorted(
            (one for one in lines if one.dimension == dimension and one.resolved),
            key=lambda one: one.resolved.mid if one.resolved else 0.0,
        )
        if len(told) > 1 and told[0].resolved and told[-1].resolved and told[0].resolved.high < told[-1].resolved.low:
            return text(
                "satisfaction.service.title_apart",
                best=shown(text.name(told[-1].value)),
                worst=shown(text.name(told[0].value)),
                high=text.percent(told[-1].resolved.mid, 0),
                low=text.percent(told[0].resolved.mid, 0),
            )
    if whole.resolved is not None:
        return text("satisfaction.service.title_resolved", share=text.percent(whole.resolved.mid, 0))
    if whole.days is not None:
        return text("satisfaction.service.title_days", days=text.number(whole.days.mid, 0))
    return text("satisfaction.service.title_count", contacts=whole.contacts)


def _dearest(lines: Sequence[Service], currency: str, text: Text) -> tuple[str, ...]:
    """Return which topic most of the cost of contacts goes into; nothing where topics or costs are not known."""
    topics = [one for one in lines if one.dimension == "topic" and one.cost and one.cost_share]
    if len(topics) < 2:
        return ()
    dearest = max(topics, key=lambda one: one.cost_share or 0.0)
    facts = {"topic": shown(text.name(dearest.value), 60), "share": text.percent(dearest.cost_share or 0.0, 0)}
    facts["each"] = money(dearest.cost.mid if dearest.cost else 0.0, currency, text)
    if dearest.resolved is None:
        return (text("satisfaction.service.dearest", **facts),)
    return (text("satisfaction.service.dearest_resolved", resolved=text.percent(dearest.resolved.mid, 0), **facts),)


def _missing(whole: Service, text: Text) -> tuple[str, ...]:
    """Return which columns would say more."""
    asked = {"days": whole.days, "minutes": whole.minutes, "resolved": whole.resolved}
    missing = [text(f"satisfaction.service.missing_{name}") for name, value in asked.items() if value is None]
    return (text("satisfaction.service.missing", columns=text.listed(missing)),) if missing else ()


def _table(lines: Sequence[Service], scores: Sequence[ScoreLine], currency: str, text: Text) -> Table:
    names = tuple(_name(one, text) for one in lines)
    found = [
        Column(heading=text("satisfaction.service.column_name"), figures=names, words=names),
        Column(
            heading=text("satisfaction.service.column_contacts"),
            figures=tuple(one.contacts for one in lines),
            words=tuple(text.number(one.contacts, 0) for one in lines),
        ),
        *_figures("days", lines, lambda one: one.days, lambda value: _numbers(value, 0, text), text),
        *_figures("minutes", lines, lambda one: one.minutes, lambda value: _numbers(value, 1, text), text),
        *_figures("resolved", lines, lambda one: one.resolved, lambda value: _share(value, text), text),
        *_figures("change", lines, lambda one: one.resolved_change, lambda value: _points(value, text), text),
        *_figures("rating", lines, lambda one: one.rating, lambda value: _numbers(value, 1, text), text),
        *_figures("cost", lines, lambda one: one.cost, lambda value: _money(value, currency, text), text),
        *_cost_shares(lines, text),
        *_beside(lines, scores, text),
    ]
    return tuple(found)


def _figures(
    name: str,
    lines: Sequence[Service],
    of: Callable[[Service], Interval | None],
    words: Callable[[Interval], str],
    text: Text,
) -> tuple[Column, ...]:
    """Return a column of figures with their ranges; none where no line has one."""
    values = [of(one) for one in lines]
    if not any(values):
        return ()
    return (
        Column(
            heading=text(f"satisfaction.service.column_{name}"),
            figures=tuple(float("nan") if value is None else value.mid for value in values),
            words=tuple(text("report.none") if value is None else words(value) for value in values),
        ),
    )


def _cost_shares(lines: Sequence[Service], text: Text) -> tuple[Column, ...]:
    shares = [one.cost_share for one in lines]
    if not any(shares):
        return ()
    return (
        Column(
            heading=text("satisfaction.service.column_cost_share"),
            figures=tuple(float("nan") if share is None else share for share in shares),
            words=tuple(text("report.none") if share is None else text.percent(share, 0) for share in shares),
        ),
    )


def _beside(lines: Sequence[Service], scores: Sequence[ScoreLine], text: Text) -> tuple[Column, ...]:
    """Return the scores of surveys about the same, of each metric that has any."""
    known = {(line.metric, line.dimension, line.value): line for line in scores}
    found = []
    for metric in ("nps", "csat", "ces"):
        own = [known.get((metric, one.dimension, one.value)) for one in lines]
        if any(own):
            found.append(
                Column(
                    heading=text(f"satisfaction.figure.{metric}"),
                    figures=tuple(float("nan") if line is None else 100 * line.score for line in own),
                    words=tuple(
                        text("report.none")
                        if line is None
                        else text(
                            "satisfaction.after.with_range",
                            mid=score_figure(metric, line.score, text),
                            range=score_range(line, text),
                        )
                        for line in own
                    ),
                )
            )
    return tuple(found)


def _name(one: Service, text: Text) -> str:
    if one.dimension == "all":
        return text("satisfaction.service.all")
    return text(f"satisfaction.service.{one.dimension}", name=shown(text.name(one.value)))


def _numbers(value: Interval, places: int, text: Text) -> str:
    low, mid, high = (text.number(end, places) for end in (value.low, value.mid, value.high))
    return text("satisfaction.after.with_range", mid=mid, range=low if low == high else text.between(low, high))


def _share(value: Interval, text: Text) -> str:
    return text("satisfaction.after.with_range", mid=text.percent(value.mid, 0), range=percent_range(value, text))


def _money(value: Interval, currency: str, text: Text) -> str:
    mid, range = money(value.mid, currency, text), money_range(value, "", text)
    return text("satisfaction.after.with_range", mid=mid, range=range)


def _points(value: Interval, text: Text) -> str:
    return text.points_between(100 * value.low, 100 * value.high, 0)
