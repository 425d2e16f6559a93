"""What the coming months bring without any plan, in words: what to expect, how far off it was, and how targets stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cxroi.chart import forecast_months
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.company.event import Event
from cxroi.model.forecast.backtest import WINDOWS, MeasureKind
from cxroi.model.forecast.forecast import Alert, Forecast, Tried, WindowForecast
from cxroi.model.forecast.outlook import KINDS, MONEY_MEASURES, Outlook
from cxroi.model.forecast.targets import AT_MOST, Standing, TargetStanding
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.forecast import HeldOutlook
from cxroi.questions.slice import add_months
from cxroi.text import Text
from cxroi.view.event_marking import event_marks, events_between, events_column, with_marked
from cxroi.view.figure import deserved_step, isolated, money, money_range, percent_range, segment_name
from cxroi.view.ranged import RangedFigure
from cxroi.view.table import columns, table_words, words_column

FORECAST_COLUMNS = ("measure", "month_1", "month_3", "month_12")
_LEADING = ("retention_rate", "revenue", "support_cost", ("nps", "csat", "ces"))
_PAST_SHOWN = 36  # months of the history in the picture


@dataclass(frozen=True, kw_only=True)
class AlertLine:
    """One thing that stands out, and whether somebody should act on it."""

    words: str
    is_alarm: bool


@dataclass(frozen=True, kw_only=True)
class ForecastView:
    """The page, in the order it is read."""

    kicker: str
    finding: str
    lead: tuple[str, ...]
    figures: tuple[RangedFigure, ...]
    alerts: tuple[AlertLine, ...]
    drawing: Drawing
    tried_title: str
    tried: Table
    everything: Table
    targets: Table | None
    notes: tuple[str, ...]
    source: str


def forecast_view(
    held: HeldOutlook,
    measure: str,
    months: int,
    currency: str,
    segment: str | None,
    text: Text,
    events: Sequence[Event] = (),
) -> ForecastView:
    """Return what the coming months bring: the figures of a window of so many months, and one measure drawn."""
    found = held.outlook
    one = next((each for each in found.forecasts if each.measure == measure), found.forecasts[0])
    return ForecastView(
        kicker=_kicker(found, segment, text),
        finding=_finding(found, months, currency, text),
        lead=(_lead(held, text),),
        figures=tuple(_figures(found, months, currency, text)),
        alerts=tuple(
            AlertLine(words=alert_words(alert, currency, text), is_alarm=alert.is_alarm) for alert in held.alerts
        ),
        drawing=_drawing(one, held, currency, segment, text, events),
        tried_title=_tried_title(one, text),
        tried=_tried_table(one, currency, text),
        everything=_everything(found, currency, text),
        targets=targets_table(held.targets, currency, text) if held.targets else None,
        notes=(*_refusals(found, text), text("forecast.note")),
        source=_source(found, segment, text),
    )


def measures_shown(found: Outlook) -> tuple[str, ...]:
    """Return the measures that can be drawn, those that lead the page first."""
    known = [one.measure for one in found.forecasts]
    return tuple(dict.fromkeys([*(name for name in _leading(found)), *known]))


def forecast_words(held: HeldOutlook, currency: str, text: Text) -> list[str]:
    """Return a line a measure, how far off it was, how targets stand, then what stands out and what could not be foreseen."""
    found = held.outlook
    rows = [
        [
            text(f"measure.{one.measure}"),
            *(_window_words(one, window, currency, text) for window in one.windows),
            *("–" for _ in one.refused),
        ]
        for one in found.forecasts
    ]
    words = [*columns([text(f"heading.{name}") for name in FORECAST_COLUMNS], rows), "", text("forecast.tried.title")]
    words += table_words(_errors(found, currency, text))
    if held.targets:
        words += ["", *table_words(targets_table(held.targets, currency, text))]
    words += ["", *(alert_words(alert, currency, text) for alert in held.alerts), *_refusals(found, text)]
    return [*words, text("forecast.note")]


def alert_words(alert: Alert, currency: str, text: Text) -> str:
    """Return what stands out: a month outside what was expected of it, a target missed or out of reach, a rise or a fall."""
    measure, change = titled(text(f"measure.{alert.measure}")), _change_words(alert, text)
    facts: dict[str, object] = {"measure": measure, "change": change}
    if alert.kind == "surprise":
        if alert.low is None or alert.high is None or alert.actual is None:
            return text("forecast.alert.surprise", measure=measure)
        expected = Interval(low=alert.low, mid=(alert.low + alert.high) / 2, high=alert.high)
        facts["actual"] = value_words(alert.measure, alert.actual, currency, text)
        return text(
            "forecast.alert.surprise_told", expected=range_words(alert.measure, expected, currency, text), **facts
        )
    if alert.target is not None:
        facts["target"] = value_words(alert.measure, alert.target, currency, text)
        facts["month"] = _month(alert.month, text)
        if alert.actual is not None:
            facts["actual"] = value_words(alert.measure, alert.actual, currency, text)
        elif alert.low is not None and alert.high is not None:
            expected = Interval(low=alert.low, mid=(alert.low + alert.high) / 2, high=alert.high)
            facts["expected"] = range_words(alert.measure, expected, currency, text)
    return text(f"forecast.alert.{alert.kind}", **facts)


def value_words(measure: str, value: float, currency: str, text: Text) -> str:
    """Return a figure of a measure with its unit."""
    if measure in MONEY_MEASURES:
        return money(value, currency, text)
    if KINDS[measure] is MeasureKind.RATE:
        return text.percent(value, 1)
    return text.number(value, 1 if measure == "ces" else 0)


def range_words(measure: str, of: Interval, currency: str, text: Text) -> str:
    """Return a range of a measure with its unit."""
    if measure in MONEY_MEASURES:
        return money_range(of, currency, text)
    if KINDS[measure] is MeasureKind.RATE:
        return percent_range(of, text, 1)
    places = 1 if measure == "ces" else 0
    return text.between(text.number(of.low, places), text.number(of.high, places))


def targets_table(held: Sequence[TargetStanding], currency: str, text: Text) -> Table:
    """Return every target with what came or is expected, and how it stands."""

    def against(one: TargetStanding) -> str:
        measure = one.target.measure
        if one.actual is not None:
            return value_words(measure, one.actual, currency, text)
        if one.low is None or one.mid is None or one.high is None:
            return "–"
        return range_words(measure, Interval(low=one.low, mid=one.mid, high=one.high), currency, text)

    return (
        words_column(text("heading.measure"), [titled(text(f"measure.{one.target.measure}")) for one in held]),
        Column(
            heading=text("forecast.targets.month"),
            figures=tuple(one.target.month for one in held),
            words=tuple(_month(one.target.month, text) for one in held),
        ),
        words_column(
            text("forecast.targets.target"),
            [
                text(
                    f"forecast.targets.at_{'most' if one.target.measure in AT_MOST else 'least'}",
                    value=value_words(one.target.measure, one.target.value, currency, text),
                )
                for one in held
            ],
        ),
        words_column(text("forecast.targets.against"), [against(one) for one in held]),
        words_column(text("forecast.targets.standing"), [text(f"forecast.standing.{one.standing}") for one in held]),
    )


def titled(words: str) -> str:
    """Return words as they begin a line.

    >>> titled("support cost"), titled("تكلفة الدعم")
    ('Support cost', 'تكلفة الدعم')
    """
    return words[:1].upper() + words[1:]


def _leading(found: Outlook) -> list[str]:
    """Return the measures that lead the page: of several scores the first that is known."""
    known = {one.measure for one in found.forecasts}
    names = [
        name if isinstance(name, str) else next((score for score in name if score in known), "") for name in _LEADING
    ]
    return [name for name in names if name in known]


def _kicker(found: Outlook, segment: str | None, text: Text) -> str:
    whole = segment_name(segment, text) if segment else titled(text("segments.whole"))
    return text("forecast.kicker", segment=whole, last=_month(found.last_month, text))


def _finding(found: Outlook, months: int, currency: str, text: Text) -> str:
    """Return what the window brings, of what leads the page: how many stay, and the revenue."""
    by_measure = {one.measure: _window(one, months) for one in found.forecasts}
    ahead = text(f"forecast.ahead.{months}")
    stay, revenue = by_measure.get("retention_rate"), by_measure.get("revenue")
    facts = {}
    if stay is not None:
        facts["stay"] = percent_range(stay.value, text, 1)
    if revenue is not None:
        facts["revenue"] = money_range(revenue.value, currency, text)
    kind = "_".join(facts)
    return (
        text(f"forecast.finding.{kind}", ahead=ahead, **facts) if kind else text("forecast.finding.none", ahead=ahead)
    )


def _lead(held: HeldOutlook, text: Text) -> str:
    alarms = len(held.alarms)
    return text("forecast.lead.alarms", count=alarms) if alarms else text("forecast.lead.calm")


def _window(one: Forecast, months: int) -> WindowForecast | None:
    return next((window for window in one.windows if window.months == months), None)


def _figures(found: Outlook, months: int, currency: str, text: Text) -> list[RangedFigure]:
    by_measure = {one.measure: one for one in found.forecasts}
    figures = []
    for name in _leading(found):
        window = _window(by_measure[name], months)
        if window is None:
            continue
        before = window.year_before
        note = "" if before is None else text("forecast.last_year", value=value_words(name, before, currency, text))
        figures.append(
            RangedFigure(
                label=titled(text(f"measure.{name}")),
                value=_mid_words(name, window.value, currency, text),
                range=range_words(name, window.value, currency, text),
                note=note,
            )
        )
    return figures


def _mid_words(measure: str, of: Interval, currency: str, text: Text) -> str:
    """Return the middle of a range, rounded to what the range deserves."""
    if measure in MONEY_MEASURES:
        return text.money(of.mid, currency, step=deserved_step(of))
    return value_words(measure, of.mid, currency, text)


def _drawing(
    one: Forecast, held: HeldOutlook, currency: str, segment: str | None, text: Text, events: Sequence[Event]
) -> Drawing:
    """Return the months of one measure with what was expected of each, and the year ahead."""
    measure, unit = one.measure, 100.0 if one.kind is MeasureKind.RATE else 1.0
    newest = add_months(_day(held.outlook.last_month), -one.behind)
    tried = {each.ends_ago: each for each in one.windows[0].tried} if one.windows and one.windows[0].months == 1 else {}
    history = one.history[-_PAST_SHOWN:]
    first = add_months(newest, 1 - history.size)
    past = [
        _past_month(
            measure, float(value), tried.get(history.size - 1 - place), add_months(first, place), unit, currency, text
        )
        for place, value in enumerate(history)
    ]
    ahead = [
        _month_ahead(measure, one, place, add_months(newest, place + 1), unit, currency, text)
        for place in range(one.mid.size)
    ]
    marks = [
        mark
        for each in held.targets
        if (mark := _mark(each, measure, first, len(past) + len(ahead), unit, currency, text))
    ]
    shown = [add_months(first, place) for place in range(len(past) + len(ahead))]
    events = events_between(events, first, shown[-1])
    labels = [isolated(text.month(month), text) for month in shown]
    unit_words = (
        text.currency(currency) if measure in MONEY_MEASURES else text("forecast.chart.percent") if unit > 1 else ""
    )
    caption = text("forecast.chart.caption", measure=titled(text(f"measure.{measure}")), unit=unit_words).rstrip(" ،,")
    last = one.windows[-1]
    return Drawing(
        name="forecast_months",
        title=_drawing_title(one, currency, text),
        subtitle=text("forecast.chart.subtitle"),
        alternative=with_marked(
            text(
                "forecast.chart.alternative",
                measure=text(f"measure.{measure}"),
                last=value_words(measure, one.last_value, currency, text),
                ahead=text(f"forecast.ahead.{last.months}"),
                range=range_words(measure, last.value, currency, text),
            ),
            events,
            text,
        ),
        footer=f"{text('forecast.chart.footer')} {_source(held.outlook, segment, text)}",
        currency=currency,
        window=forecast_months.window(past, ahead, marks),
        data=forecast_months.data(
            past,
            ahead,
            marks,
            labels=labels,
            caption=isolated(caption, text),
            events=event_marks(events, first, shown[-1], text),
        ),
        table=lambda: (
            *_months_table(one, first, tried, currency, text),
            *events_column(events, shown, text),
        ),
    )


def _past_month(
    measure: str, value: float, tried: Tried | None, month: date, unit: float, currency: str, text: Text
) -> forecast_months.Month:
    facts = {"month": text.month(month), "value": value_words(measure, value, currency, text)}
    if tried is None or tried.low is None or tried.high is None:
        told = text("forecast.chart.told", **facts)
        return forecast_months.Month(value=unit * value, low=None, high=None, told=isolated(told, text))
    expected = Interval(low=tried.low, mid=tried.mid, high=tried.high)
    told = text("forecast.chart.told_expected", expected=range_words(measure, expected, currency, text), **facts)
    return forecast_months.Month(
        value=unit * value, low=unit * tried.low, high=unit * tried.high, told=isolated(told, text)
    )


def _month_ahead(
    measure: str, one: Forecast, place: int, month: date, unit: float, currency: str, text: Text
) -> forecast_months.Month:
    low, mid, high = (float(path[place]) for path in (one.low, one.mid, one.high))
    words = range_words(measure, Interval(low=low, mid=mid, high=high), currency, text)
    return forecast_months.Month(
        value=unit * mid,
        low=unit * low,
        high=unit * high,
        told=isolated(text("forecast.chart.told_ahead", month=text.month(month), range=words), text),
    )


def _mark(
    each: TargetStanding, measure: str, first: date, months: int, unit: float, currency: str, text: Text
) -> forecast_months.Mark | None:
    month = _day(each.target.month)
    place = 12 * (month.year - first.year) + month.month - first.month
    if each.target.measure != measure or not 0 <= place < months:
        return None
    look = {Standing.MET: "reached", Standing.LIKELY: "reached"}.get(each.standing, "")
    if each.standing in (Standing.MISSED, Standing.OUT_OF_REACH):
        look = "missed"
    told = text(
        "forecast.chart.told_target",
        month=text.month(month),
        target=value_words(measure, each.target.value, currency, text),
        standing=text(f"forecast.standing.{each.standing}"),
    )
    return forecast_months.Mark(place=place, value=unit * each.target.value, look=look, told=isolated(told, text))


def _drawing_title(one: Forecast, currency: str, text: Text) -> str:
    """Return where the farthest window stands beside last year."""
    window = one.windows[-1]
    facts = {
        "measure": titled(text(f"measure.{one.measure}")),
        "ahead": text(f"forecast.ahead.{window.months}"),
        "range": range_words(one.measure, window.value, currency, text),
    }
    before = window.year_before
    if before is None:
        return text("forecast.chart.title", **facts)
    way = "above" if window.value.low > before else "below" if window.value.high < before else "around"
    return text(f"forecast.chart.title_{way}", before=value_words(one.measure, before, currency, text), **facts)


def _tried_title(one: Forecast, text: Text) -> str:
    """Return how the forecast of the next month did on the past beside the naive one."""
    window = one.windows[0]
    if window.error is None or not window.floor_error:
        return text("forecast.tried.title")
    better = 1 - window.error / window.floor_error
    if one.method is one.floor or abs(better) < 0.02:
        return text(f"forecast.tried.no_better_{one.floor}")
    way = "better" if better > 0 else "worse"
    return text(f"forecast.tried.{way}_{one.floor}", share=text.percent(abs(better), 0))


def _tried_table(one: Forecast, currency: str, text: Text) -> Table:
    """Return, by window, how far off forecasts were, how far the naive one was, and how often the range held."""
    return (
        words_column(
            text("forecast.tried.window"), [text(f"forecast.ahead.{window.months}") for window in one.windows]
        ),
        *_error_columns([(one, window) for window in one.windows], currency, text),
    )


def _errors(found: Outlook, currency: str, text: Text) -> Table:
    """Return the same of every measure and window."""
    rows = [(one, window) for one in found.forecasts for window in one.windows]
    return (
        words_column(text("heading.measure"), [titled(text(f"measure.{one.measure}")) for one, _ in rows]),
        words_column(text("forecast.tried.window"), [text(f"forecast.ahead.{window.months}") for _, window in rows]),
        *_error_columns(rows, currency, text),
    )


def _error_columns(rows: Sequence[tuple[Forecast, WindowForecast]], currency: str, text: Text) -> Table:
    def error(one: Forecast, value: float | None) -> str:
        if value is None:
            return "–"
        if one.kind is MeasureKind.RATE:
            return text("unit.points", value=text.number(100 * value, 2))
        if one.measure in MONEY_MEASURES:
            return money(value, currency, text)
        return text.number(value, {"ces": 2, "customers": 0}.get(one.measure, 1))

    def held(window: WindowForecast) -> str:
        if window.coverage is None:
            return "–"
        return text("forecast.tried.held", count=round(window.coverage * window.checked), of=window.checked)

    return (
        Column(
            heading=text("forecast.tried.times"),
            figures=tuple(len(window.tried) for _, window in rows),
            words=tuple(text.number(len(window.tried)) for _, window in rows),
        ),
        words_column(text("forecast.tried.error"), [error(one, window.error) for one, window in rows]),
        words_column(text("forecast.tried.naive"), [error(one, window.floor_error) for one, window in rows]),
        words_column(text("forecast.tried.inside"), [held(window) for _, window in rows]),
    )


def _everything(found: Outlook, currency: str, text: Text) -> Table:
    """Return every measure with its windows."""
    return (
        words_column(text("heading.measure"), [titled(text(f"measure.{one.measure}")) for one in found.forecasts]),
        words_column(
            text("forecast.last_month"),
            [value_words(one.measure, one.last_value, currency, text) for one in found.forecasts],
        ),
        *(
            words_column(
                text(f"heading.month_{months}"),
                [
                    "–" if (window := _window(one, months)) is None else _window_words(one, window, currency, text)
                    for one in found.forecasts
                ],
            )
            for months in WINDOWS
        ),
    )


def _months_table(one: Forecast, first: date, tried: dict[int, Tried], currency: str, text: Text) -> Table:
    """Return the figures behind the picture: every month with what was or is expected of it."""
    history = one.history[-_PAST_SHOWN:]
    known = [tried.get(history.size - 1 - place) for place in range(history.size)]
    months = [add_months(first, place) for place in range(history.size + one.mid.size)]
    none = float("nan")

    def column(heading: str, values: Sequence[float]) -> Column:
        words = tuple("–" if value != value else value_words(one.measure, value, currency, text) for value in values)
        return Column(heading=heading, figures=tuple(values), words=words)

    def expected(name: str, path: Iterable[float]) -> list[float]:
        told = [none if each is None or getattr(each, name) is None else float(getattr(each, name)) for each in known]
        return [*told, *map(float, path)]

    return (
        Column(
            heading=text("forecast.targets.month"),
            figures=tuple(month.isoformat()[:7] for month in months),
            words=tuple(text.month(month) for month in months),
        ),
        column(text("forecast.column.came"), [*map(float, history), *([none] * one.mid.size)]),
        column(text("forecast.column.low"), expected("low", one.low)),
        column(text("forecast.column.mid"), expected("mid", one.mid)),
        column(text("forecast.column.high"), expected("high", one.high)),
    )


def _refusals(found: Outlook, text: Text) -> list[str]:
    """Return a sentence a measure that has too few months or ends early, and one for those whose farthest windows nobody could check."""
    words = [
        text("forecast.measure_too_short", measure=titled(text(f"measure.{measure}")), months=months, needed=6)
        for measure, months in found.too_short
    ]
    words += [
        text(
            "forecast.behind",
            measure=text(f"measure.{one.measure}"),
            last=text.month(add_months(_day(found.last_month), -one.behind)),
        )
        for one in found.forecasts
        if one.behind
    ]
    ahead = {(months, needed, one.months_of_history) for one in found.forecasts for months, needed in one.refused}
    for months, needed, history in sorted(ahead):
        own = [one for one in found.forecasts if (months, needed) in one.refused and one.months_of_history == history]
        names = text("forecast.separator").join(text(f"measure.{one.measure}") for one in own)
        facts = {"ahead": text.months(months), "needed": text.months(needed), "history": text.months(history)}
        words.append(text("forecast.window_refused", measures=names, **facts))
    return words


def _window_words(one: Forecast, window: WindowForecast, currency: str, text: Text) -> str:
    return range_words(one.measure, window.value, currency, text)


def _change_words(alert: Alert, text: Text) -> str:
    if alert.measure == "retention_rate":
        return text.points(100 * alert.change)
    if KINDS[alert.measure] is MeasureKind.AMOUNT:
        return text.percent(alert.change)
    return text.number(alert.change, 1 if alert.measure == "ces" else 0)


def _source(found: Outlook, segment: str | None, text: Text) -> str:
    longest = max((one.months_of_history for one in found.forecasts), default=0)
    return text("forecast.source", months=text.months(longest), last=_month(found.last_month, text))


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _month(month: str, text: Text) -> str:
    return text.month(_day(month))
