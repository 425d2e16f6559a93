"""All initiatives together: what they have earned for what they cost, and each one measured alone, among the others, and as promised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from cxroi.chart import promises as picture
from cxroi.chart import ranges
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.response.shrinkage import Shrunk
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.promises import Programme, Promise
from cxroi.text import Text
from cxroi.text.plain import short_name
from cxroi.view.figure import (
    deserved_step,
    few_names,
    isolated,
    money,
    money_range,
    points_range,
    probability,
    signed_money,
    signed_range,
)
from cxroi.view.prove.figures import ShownFigures, table_lines
from cxroi.view.prove.promises import headline, promises_view, tag_columns
from cxroi.view.ranged import RangedFigure, range_bar
from cxroi.view.table import columns, words_column

_SURELY, _LIKELY = 0.9, 0.65  # a chance between that and its opposite leaves it open


@dataclass(frozen=True, kw_only=True, eq=False)
class ProgrammeView:
    """The page: its answer with the figures beside it, the picture (None where nothing could be measured), the table and what is to be known;
    and by level of experience, None where no initiative has one."""

    kicker: str
    finding: str
    lead: tuple[str, ...]
    caution: str
    figures: tuple[RangedFigure, ...]
    drawing: Drawing | None
    table: ShownFigures
    method: str
    source: str
    notes: tuple[tuple[str, str], ...]
    levels: ShownFigures | None


def programme_view(found: Programme, currency: str, source: str, text: Text) -> ProgrammeView:
    """Return the page; `source` is the line that says where the figures come from."""
    view = promises_view(found.promises, currency, text)
    return ProgrammeView(
        kicker=text("promises.kicker"),
        finding=finding(found, currency, text),
        lead=_lead(found, currency, text),
        caution=_caution(found, text),
        figures=_figures(found, currency, text),
        drawing=_drawing(found, currency, source, text),
        table=ShownFigures(
            section=text("promises.section"),
            title=headline(found.promises, text),
            table=_table(found, currency, text),
            caption=text("promises.caption"),
        ),
        method=text("promises.method"),
        source=source,
        notes=view.notes,
        levels=_levels(found, currency, text) if found.levels else None,
    )


def finding(found: Programme, currency: str, text: Text) -> str:
    """Return what all initiatives together have come to."""
    if not found.promises:
        return text("promises.nothing_loaded")
    if found.earned is None:
        return text("promises.nothing_measured")
    earned = money_range(found.earned, currency, text)
    if found.spent is None or found.probability_paid is None:
        return text("promises.earned", earned=earned)
    paid = found.probability_paid
    whole = "" if all(one.shrunk is not None for one in found.promises) else "_part"
    kinds = (("paid", _SURELY), ("likely", _LIKELY), ("even", 1 - _LIKELY), ("not_yet", 1 - _SURELY))
    kind = next((kind for kind, least in kinds if paid >= least), "lost")
    return text(f"promises.{kind}{whole}", earned=earned, spent=money(found.spent, currency, text))


def _lead(found: Programme, currency: str, text: Text) -> tuple[str, ...]:
    if found.earned is None:
        return (headline(found.promises, text),) if found.promises else ()
    told = [headline(found.promises, text)]
    if found.unmeasured_spent:
        told.append(text("promises.unmeasured", spent=money(found.unmeasured_spent, currency, text)))
    if found.promised is not None:
        told.append(text("promises.promised_in_all", promised=money(found.promised, currency, text)))
    return tuple(told)


def _caution(found: Programme, text: Text) -> str:
    told = [text("promises.counted_once", names=_names(group, text)) for group in found.counted_once]
    if found.earned is not None and found.spend_unknown:
        told.append(text("promises.spend_unknown", names=_names(found.spend_unknown, text)))
    return " ".join(told)


def _names(names: tuple[str, ...], text: Text) -> str:
    return text.listed(short_name(text.name(one), 40) for one in names)


def _figures(found: Programme, currency: str, text: Text) -> tuple[RangedFigure, ...]:
    if found.earned is None:
        return ()
    figures = [_money_figure("earned_so_far", found.earned, currency, text)]
    if found.net is not None and found.spent is not None and found.probability_paid is not None:
        label, chance = text("promises.figure.spent"), probability(found.probability_paid, text)
        figures.append(RangedFigure(label=label, value=money(found.spent, currency, text), range=""))
        figures.append(
            _money_figure("net", found.net, currency, text, note=text("promises.figure.paid", chance=chance))
        )
    return tuple(figures)


def _money_figure(name: str, of: Interval, currency: str, text: Text, note: str = "") -> RangedFigure:
    return RangedFigure(
        label=text(f"promises.figure.{name}"),
        value=signed_money(of.mid, currency, deserved_step(of), text),
        range=signed_range(of, text),
        note=note,
        bar=None if note else range_bar(of),
    )


def _measured(found: Programme) -> list[tuple[Promise, Shrunk]]:
    """Return the measured initiatives, those that earned or lost most first."""
    pairs = [(one, one.shrunk) for one in found.promises if one.shrunk is not None]
    return sorted(pairs, key=lambda pair: -abs(pair[1].value.mid))


def _drawing(found: Programme, currency: str, source: str, text: Text) -> Drawing | None:
    pairs = _measured(found)[: picture.MOST]
    if not pairs:
        return None
    rows, marks, told = [], [], []
    for one, shrunk in pairs:
        promise, alone = one.realised.initiative, one.realised.uplift_pp
        name = isolated(short_name(text.name(promise.name), 40), text)
        both = ((ranges.FIRST, "alone", alone), (ranges.SECOND, "among", shrunk.uplift_pp))
        for which, kind, uplift in both:
            if uplift is not None:
                words = text(
                    "promises.told", name=name, how=text(f"promises.{kind}"), points=points_range(uplift, text)
                )
                told.append(words)
                rows.append(
                    ranges.Row(
                        name=name,
                        which=which,
                        low=uplift.low,
                        mid=uplift.mid,
                        high=uplift.high,
                        told=isolated(words, text),
                    )
                )
        if promise.promised_uplift_pp is not None:
            words = text("promises.told_promise", name=name, points=text.points(promise.promised_uplift_pp))
            told.append(words)
            marks.append(ranges.Mark(name=name, value=promise.promised_uplift_pp, told=isolated(words, text)))
    left_out = len(_measured(found)) - len(pairs)
    more = [text("promises.more", count=left_out)] if left_out else []
    return Drawing(
        name="promises",
        title=_picture_title(pairs, text),
        subtitle=text("chart.promises.subtitle"),
        alternative=text("promises.alternative", rows=text("chart.list_separator").join(told)),
        footer=" ".join((text("promises.picture"), *more, source)),
        currency=currency,
        data=ranges.data(rows, marks),
        table=partial(_table, found, currency, text),
    )


def _picture_title(pairs: list[tuple[Promise, Shrunk]], text: Text) -> str:
    """Return which initiative has kept most customers among the others, by its range."""
    promise, best = max(pairs, key=lambda pair: pair[1].uplift_pp.mid)
    name = short_name(text.name(promise.realised.initiative.name), 40)
    return text("promises.picture_title", name=name, points=points_range(best.uplift_pp, text))


def _table(found: Programme, currency: str, text: Text) -> Table:
    """Return every initiative: promised, brought among the others and measured alone, and what would have been without it."""
    none = text("lines.none")
    view = promises_view(found.promises, currency, text)
    shrunk, alone = [one.shrunk for one in found.promises], [one.realised.uplift_pp for one in found.promises]
    return (
        words_column(text("promises.heading.name"), [row.name for row in view.rows]),
        words_column(text("promises.heading.finding"), [row.word for row in view.rows]),
        words_column(text("promises.heading.promised"), [row.promised for row in view.rows]),
        Column(
            heading=text("promises.heading.brought"),
            figures=tuple(one.uplift_pp.mid if one else float("nan") for one in shrunk),
            words=tuple(row.brought for row in view.rows),
        ),
        Column(
            heading=text("promises.alone"),
            figures=tuple(one.mid if one else float("nan") for one in alone),
            words=tuple(points_range(one, text) if one else none for one in alone),
        ),
        words_column(text("promises.heading.without"), [_without(one, text) or none for one in found.promises]),
        Column(
            heading=text("promises.heading.value"),
            figures=tuple(one.value.mid if one else float("nan") for one in shrunk),
            words=tuple(row.value for row in view.rows),
        ),
        Column(
            heading=text("promises.heading.spent"),
            figures=tuple(float("nan") if one.spent is None else one.spent for one in found.promises),
            words=tuple(row.spent for row in view.rows),
        ),
        words_column(text("promises.heading.grade"), [row.grade for row in view.rows]),
        *tag_columns(found.promises, text),
    )


def _levels(found: Programme, currency: str, text: Text) -> ShownFigures:
    """Return what went into each level of experience and what it has earned."""
    none, levels = text("lines.none"), found.levels

    def amounts(name: str, values: list[float | None]) -> Column:
        return Column(
            heading=text(f"promises.levels.{name}"),
            figures=tuple(float("nan") if value is None else value for value in values),
            words=tuple(none if value is None else money(value, currency, text) for value in values),
        )

    table = (
        words_column(text("column.cx_level"), [_level_name(one.level, text) for one in levels]),
        words_column(
            text("promises.levels.initiatives"),
            [few_names([text.name(name) for name in one.names], text) for one in levels],
        ),
        amounts("spent", [one.spent for one in levels]),
        Column(
            heading=text("promises.levels.measured"),
            figures=tuple(one.measured for one in levels),
            words=tuple(text("costs.months_of", count=one.measured, of=len(one.names)) for one in levels),
        ),
        amounts("measured_spent", [one.measured_spent for one in levels]),
        Column(
            heading=text("promises.levels.earned"),
            figures=tuple(one.earned.mid if one.earned else float("nan") for one in levels),
            words=tuple(money_range(one.earned, currency, text) if one.earned else none for one in levels),
        ),
    )
    return ShownFigures(
        section=text("promises.levels.section"),
        title=_levels_title(found, text),
        table=table,
        caption=text("promises.levels.caption"),
    )


def _level_name(level: str, text: Text) -> str:
    return text(f"level.{level}") if level else text("costs.unnamed.cx_level")


def _levels_title(found: Programme, text: Text) -> str:
    """Return into which level most went, and from which most came where any has surely earned something."""
    spent = max((one for one in found.levels if one.spent), key=lambda one: one.spent or 0.0, default=None)
    earned = max(
        (one for one in found.levels if one.earned), key=lambda one: one.earned.mid if one.earned else 0.0, default=None
    )
    if earned is not None and earned.earned is not None and earned.earned.low <= 0:
        earned = None
    if spent is None:
        return text("promises.levels.section")
    facts = {"spent": _level_name(spent.level, text), "earned": _level_name(earned.level, text) if earned else ""}
    return text(
        f"promises.levels.title_{'spent' if earned is None else 'same' if earned is spent else 'both'}", **facts
    )


def _without(one: Promise, text: Text) -> str:
    """Return how many customers stay a year since the start, and how many would have without the initiative."""
    stayed, shrunk = one.realised.annual_retention, one.shrunk
    if stayed is None or shrunk is None:
        return ""
    ends = (stayed - shrunk.uplift_pp.high / 100, stayed - shrunk.uplift_pp.low / 100)
    would = text.between(*(text.percent(max(0.0, end)) for end in ends))
    return text("promises.without", stayed=text.percent(stayed), would=would)


def programme_lines(found: Programme, currency: str, text: Text) -> list[str]:
    """Return what all initiatives have come to together and each measured alone, for a terminal; nothing where none is measured."""
    if found.earned is None:
        return []
    table = _table(found, currency, text)
    shown_columns = [table[place] for place in (0, 4, 5)]
    rows = list(zip(*(column.words for column in shown_columns), strict=True))
    caution = _caution(found, text)
    return [
        finding(found, currency, text),
        *_lead(found, currency, text)[1:],
        *([caution] if caution else []),
        "",
        *columns([column.heading for column in shown_columns], rows),
        *_level_lines(found, currency, text),
        "",
        text("promises.method"),
    ]


def _level_lines(found: Programme, currency: str, text: Text) -> list[str]:
    if not found.levels:
        return []
    levels = _levels(found, currency, text)
    return ["", levels.title, "", *table_lines(levels)]
