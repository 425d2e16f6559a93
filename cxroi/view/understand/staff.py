"""A company's own people beside what customers say, in words: an association with its lag and range, and what replacing them costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxroi.chart import month_rows, staff_months
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.company.event import Event
from cxroi.model.satisfaction.staff_link import FEW_MONTHS, FEWEST_MONTHS, GRADE, LagLink, StaffLink
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.staff import Replacement, Staff
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.event_marking import event_marks, events_between, events_column, with_marked
from cxroi.view.figure import isolated, money
from cxroi.view.table import table_words, words_column
from cxroi.view.understand.satisfaction import score_figure, score_range

_AS_AMOUNT = ("turnover", "leavers")  # drawn from nothing
_PLACES = {"turnover": 1, "leavers": 0, "engagement": 1, "headcount": 0}


@dataclass(frozen=True, kw_only=True)
class StaffView:
    """A measure of the staff beside a score: the finding, both by month, every lag, and what is to be known."""

    title: str
    slope: str  # "" where nothing can be said
    drawing: Drawing
    table: Table | None
    caption: str
    notes: tuple[str, ...]


def staff_view(found: Staff, measure: str, text: Text, events: Sequence[Event] = ()) -> StaffView:
    """Return what is found of one measure."""
    link = found.links[measure]
    return StaffView(
        title=_title(found, measure, text),
        slope=_slope(found, measure, text),
        drawing=_drawing(found, measure, text, events),
        table=_table(link, text) if link.lags else None,
        caption=text("satisfaction.staff.caption", **_names(found, measure, text)),
        notes=tuple(_notes(found, link, text)),
    )


def replacement_words(found: Replacement, typed: float, text: Text) -> str:
    """Return what replacing those who left costs, beside what a plan counts of it (`typed`, money a year)."""
    return text(
        "satisfaction.staff.replacement",
        months=text.months(found.months),
        leavers=text.number(found.leavers, 0),
        each=money(found.each, found.currency, text),
        cost=money(found.cost, found.currency, text),
        tenth=money(found.cost / 10, found.currency, text),
        typed=money(typed, found.currency, text),
    )


def staff_words(found: Staff, text: Text) -> list[str]:
    """Return every measure of the staff beside the score, for the terminal."""
    words = []
    for measure in found.measures:
        view = staff_view(found, measure, text)
        table = ["", *table_words(view.table), view.slope] if view.table else []
        words += [view.title, *table, *view.notes, ""]
    replaced = [replacement_words(found.replacement, 0.0, text)] if found.replacement else []
    return [*words, *replaced, grade_words(text)]


def measure_name(measure: str, text: Text) -> str:
    """Return what a measure is called, as a heading."""
    name = text(f"satisfaction.staff.measure.{measure}")
    return name[:1].upper() + name[1:]


def grade_words(text: Text) -> str:
    """Return how far such a link can be trusted, and what it is not used for."""
    return text("satisfaction.staff.grade", grade=GRADE.value)


def _names(found: Staff, measure: str, text: Text) -> dict[str, str]:
    return {
        "metric": text(f"satisfaction.short.{found.metric}"),
        "measure": text(f"satisfaction.staff.measure.{measure}"),
    }


def _when(lag: int, text: Text) -> str:
    return text("satisfaction.staff.later", months=text.months(lag)) if lag else text("satisfaction.staff.same_month")


def _title(found: Staff, measure: str, text: Text) -> str:
    link, names = found.links[measure], _names(found, measure, text)
    if link.refused:
        return text(
            f"satisfaction.staff.{link.refused}", months=text.months(link.months), fewest=FEWEST_MONTHS, **names
        )
    if link.course == "open" or link.best is None:
        return text("satisfaction.staff.open", **names)
    return text(f"satisfaction.staff.{measure}_{link.course}", when=_when(link.best.lag, text), **names)


def _slope(found: Staff, measure: str, text: Text) -> str:
    best = found.links[measure].best
    if best is None:
        return ""
    return text(
        "satisfaction.staff.slope",
        one_more=text(f"satisfaction.staff.one_more.{measure}"),
        slope=text.points_between(best.slope.low, best.slope.high),
        when=_when(best.lag, text),
        metric=text(f"satisfaction.short.{found.metric}"),
    )


def _notes(found: Staff, link: StaffLink, text: Text) -> list[str]:
    notes = [text("satisfaction.staff.team", team=shown(text.name(found.team), 40))] if found.team else []
    if not link.refused and link.months < FEW_MONTHS:
        notes.append(text("satisfaction.staff.short", months=text.months(link.months)))
    return notes


def _table(link: StaffLink, text: Text) -> Table:
    def column(heading: str, figures: Sequence[float], words: Sequence[str]) -> Column:
        return Column(heading=text(f"satisfaction.staff.column_{heading}"), figures=tuple(figures), words=tuple(words))

    lags = link.lags
    return (
        words_column(text("satisfaction.staff.column_lag"), [_when(one.lag, text) for one in lags]),
        column("months", [one.months for one in lags], [text.number(one.months, 0) for one in lags]),
        column(
            "effective",
            [one.effective_months for one in lags],
            [text.number(one.effective_months, 0) for one in lags],
        ),
        column(
            "slope",
            [one.slope.mid for one in lags],
            [text.points_between(one.slope.low, one.slope.high) for one in lags],
        ),
        column("correlation", [one.correlation.mid for one in lags], [_range(one.correlation, text) for one in lags]),
        words_column(text("satisfaction.staff.column_so"), [_so(one, text) for one in lags]),
    )


def _so(one: LagLink, text: Text) -> str:
    return text(f"satisfaction.staff.{'clear' if one.is_clear else 'unclear'}")


def _range(of: Interval, text: Text) -> str:
    low, high = (text.number(end, 2) for end in (of.low, of.high))
    return text("satisfaction.after.with_range", mid=text.number(of.mid, 2), range=text.between(low, high))


def _drawing(found: Staff, measure: str, text: Text, events: Sequence[Event]) -> Drawing:
    months = [text.month(month) for month in found.months]
    values = found.measures[measure]
    names = _names(found, measure, text)
    scores = [_score_words(line, text) for line in found.scores]
    told = ["–" if value is None else text.number(value, _PLACES[measure]) for value in values]
    rows = (
        staff_months.Row(
            name=isolated(text(f"satisfaction.metric.{found.metric}"), text),
            total=isolated(_course(months, scores, text), text),
            values=[
                None if line is None else (100 * line.low, 100 * line.score, 100 * line.high) for line in found.scores
            ],
            told=_told(names["metric"], months, scores, text),
            is_amount=False,
        ),
        staff_months.Row(
            name=isolated(measure_name(measure, text), text),
            total=isolated(_course(months, told, text), text),
            values=[None if value is None else (value, value, value) for value in values],
            told=_told(measure_name(measure, text), months, told, text),
            is_amount=measure in _AS_AMOUNT,
        ),
    )
    events = events_between(events, found.months[0], found.months[-1])
    marks = event_marks(events, found.months[0], found.months[-1], text)
    answers = sum(line.answers for line in found.scores if line is not None)
    return Drawing(
        name="staff_months",
        title=_title(found, measure, text),
        subtitle=text("satisfaction.staff.picture", **names),
        alternative=with_marked(
            text("satisfaction.staff.alternative", score=rows[0].total, staff=rows[1].total, **names), events, text
        ),
        footer=text("satisfaction.staff.footer", first=months[0], last=months[-1], answers=answers),
        currency="",
        window=month_rows.window(len(rows), len(months)),
        data=staff_months.data(rows, [isolated(month, text) for month in months], marks),
        table=lambda: (
            words_column(text("costs.by.month"), months),
            Column(
                heading=names["metric"],
                figures=tuple(float("nan") if line is None else 100 * line.score for line in found.scores),
                words=tuple(scores),
            ),
            Column(
                heading=measure_name(measure, text),
                figures=tuple(float("nan") if value is None else value for value in values),
                words=tuple(told),
            ),
            *events_column(events, found.months, text),
        ),
    )


def _score_words(line: ScoreLine | None, text: Text) -> str:
    if line is None:
        return "–"
    score = score_figure(line.metric, line.score, text)
    return text("satisfaction.after.with_range", mid=score, range=score_range(line, text))


def _course(months: Sequence[str], words: Sequence[str], text: Text) -> str:
    """Return the first and the last month in which something is known."""
    known = [place for place, one in enumerate(words) if one != "–"]
    first, last = known[0], known[-1]
    return text(
        "satisfaction.staff.course", first=months[first], before=words[first], last=months[last], after=words[last]
    )


def _told(name: str, months: Sequence[str], words: Sequence[str], text: Text) -> list[str]:
    return [
        isolated(text("satisfaction.staff.told", name=name, month=month, value=value), text)
        for month, value in zip(months, words, strict=True)
    ]
