"""The pictures of the page Customers: who came and went, how much of each cohort is left, how long customers have been there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cxroi.chart import active_customers, cohort_map, customer_flow, tenure_bars
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.chart.frame import Window
from cxroi.model.company.event import Event
from cxroi.model.customers.cohorts import Cohorts, column_near, newer_against_older, pooled_share
from cxroi.model.customers.tenure import TenureBand
from cxroi.questions.customer_months import CustomerMonths
from cxroi.text import Text
from cxroi.view.columns import count_column, month_column, share_column
from cxroi.view.event_marking import event_marks, events_between, events_column, with_marked
from cxroi.view.figure import data_source, isolated
from cxroi.view.table import words_column

_YEAR = 12
_FEW = 0.1  # share below which decimals matter
_LONG = 24  # months: who has been there so long is a customer of long standing


def flow_drawing(found: CustomerMonths, text: Text, events: Sequence[Event] = ()) -> Drawing:
    """Return who joined and who left in each month."""
    months, labels = _months(found, text)
    events = events_between(events, months[0], months[-1])
    joined, lost = found.joined.tolist(), found.lost.tolist()
    net = [came - gone for came, gone in zip(np.nan_to_num(found.joined).tolist(), lost, strict=True)]
    settled = [one for one, whole in zip(net, found.complete, strict=True) if whole]
    more = sum(one > 0 for one in settled)
    told = [
        text(
            "chart.customer_flow.told" if whole else "chart.customer_flow.told_open",
            month=month,
            joined=_count(came, text),
            lost=_count(gone, text),
        )
        for month, came, gone, whole in zip(labels, joined, lost, found.complete, strict=True)
    ]
    known = not np.isnan(found.joined).all()
    return Drawing(
        name="customer_flow",
        title=text("chart.customer_flow.title", more=text.number(more, 0), all=text("unit.months", count=len(settled)))
        if known
        else text("chart.customer_flow.title_lost"),
        subtitle=text("chart.customer_flow.subtitle", first=labels[0], last=labels[-1]),
        alternative=with_marked(
            text(
                "chart.customer_flow.alternative",
                first=labels[0],
                last=labels[-1],
                joined=_count(float(np.nansum(found.joined)), text) if known else "–",
                lost=_count(float(np.nansum(found.lost)), text),
            ),
            events,
            text,
        ),
        footer=" ".join((*open_months(found, text), shown_source(found, text))),
        currency="",
        data=customer_flow.data(
            _wrapped(labels, text),
            joined=joined,
            lost=lost,
            complete=[bool(one) for one in found.complete],
            told=_wrapped(told, text),
            events=event_marks(events, months[0], months[-1], text),
        ),
        table=lambda: months_table(found, text, events),
    )


def active_drawing(found: CustomerMonths, text: Text, events: Sequence[Event] = ()) -> Drawing:
    """Return how many were active at the end of each month."""
    months, labels = _months(found, text)
    events = events_between(events, months[0], months[-1])
    active = found.at_end.tolist()
    settled = np.flatnonzero(found.complete)
    start, end = (active[settled[0]], active[settled[-1]]) if settled.size else (active[0], active[-1])
    change = end / start - 1 if start else 0.0
    kind = "same" if abs(change) < 0.005 else "more" if change > 0 else "fewer"
    counts = [_count(one, text) for one in active]
    told = [
        text("chart.active_customers.told", month=month, customers=count)
        for month, count in zip(labels, counts, strict=True)
    ]
    ends = {"first": labels[0], "last": labels[-1], "before": counts[0], "now": counts[-1]}
    return Drawing(
        name="active_customers",
        title=text(
            f"chart.active_customers.title_{kind}",
            change=text.percent(abs(change), 0 if abs(change) >= 1 else 1),
            now=_count(end, text),
        ),
        subtitle=text("chart.active_customers.subtitle", first=labels[0], last=labels[-1]),
        alternative=with_marked(text("chart.active_customers.alternative", **ends), events, text),
        footer=shown_source(found, text),
        currency="",
        data=active_customers.data(
            _wrapped(labels, text),
            active,
            _wrapped(counts, text),
            _wrapped(told, text),
            event_marks(events, months[0], months[-1], text),
        ),
        table=lambda: months_table(found, text, events),
    )


def months_table(found: CustomerMonths, text: Text, events: Sequence[Event] = ()) -> Table:
    """Return every month with who was active at its start, joined, left, and was active at its end."""
    months, _ = _months(found, text)
    return (
        month_column(months, text),
        count_column("at_start", found.at_start.tolist(), text),
        count_column("joined", found.joined.tolist(), text),
        count_column("lost", found.lost.tolist(), text),
        count_column("at_end", found.at_end.tolist(), text),
        *events_column(events, months, text),
    )


def cohort_drawing(cohorts: Cohorts, measure: str, source: str, text: Text) -> Drawing | None:
    """Return how much of each cohort is left, by customers, or by revenue net or gross; None before any has gone one period on."""
    column = column_near(cohorts, measure, _YEAR)
    if column is None:
        return None
    pooled = pooled_share(cohorts, measure, column)
    places = 0 if pooled >= _FEW else 1
    cells = _cells(cohorts, measure, places, text)
    rows = len({cell.cohort for cell in cells})
    kind = _kind(cohorts, measure)
    title = text(
        f"customers.cohort.title_{kind}",
        share=text.percent(pooled, places),
        months=_span_words(cohorts, measure, column, text),
    )
    if measure == "customers" and (trend := _trend(cohorts, column)):
        title = text(f"customers.cohort.{trend}", finding=title)
    return Drawing(
        name="cohort_map",
        title=title,
        subtitle=text(f"customers.cohort.definition_{kind}"),
        alternative=text("customers.cohort.alternative", finding=title, cohorts=text.number(rows, 0)),
        footer=source,
        currency="",
        window=Window(x=(0.0, 1.0), y=(0.0, float(rows)), unit=1.0),
        data=cohort_map.data(cells),
        table=lambda: cohort_table(cohorts, measure, text),
    )


def _cells(cohorts: Cohorts, measure: str, places: int, text: Text) -> list[cohort_map.Cell]:
    """Return every cohort and period of the map; the start, at which all are there, is none."""
    shares, kind = cohorts.measures[measure], _kind(cohorts, measure)
    cells = []
    for row, name in enumerate(cohort_names(cohorts, text)):
        n = _count(float(cohorts.customers[row]), text)
        counted = isolated(text("customers.cohort.row", cohort=name, customers=n), text)
        for period in np.flatnonzero(np.isfinite(shares.share[row, 1:])) + 1:
            share, *ends = (float(of[row, period]) for of in (shares.share, shares.low, shares.high))
            told = text(
                f"customers.cohort.told_{kind}",
                cohort=name,
                months=_span_words(cohorts, measure, int(period), text),
                share=text.percent(share),
                range=text.between(*map(text.percent, ends)),
                n=n,
            )
            cells.append(
                cohort_map.Cell(
                    cohort=counted,
                    period=isolated(period_name(cohorts, measure, int(period), text), text),
                    share=share,
                    label=isolated(text.percent(share, places), text),
                    told=isolated(told, text),
                )
            )
    return cells


def cohort_table(cohorts: Cohorts, measure: str, text: Text) -> Table:
    """Return every cohort and period with the share left and the ends of its interval."""
    shares, names = cohorts.measures[measure], cohort_names(cohorts, text)
    places = [(row, period) for row, period in np.argwhere(np.isfinite(shares.share)).tolist() if period]
    return (
        words_column(text("chart.column.cohort"), [names[row] for row, _ in places]),
        count_column("customers", [float(cohorts.customers[row]) for row, _ in places], text),
        words_column(
            text("chart.column.since_joining"), [period_name(cohorts, measure, period, text) for _, period in places]
        ),
        *(
            share_column(f"left_{end}", [float(of[place]) for place in map(tuple, places)], text)
            for end, of in (("low", shares.low), ("mid", shares.share), ("high", shares.high))
        ),
    )


def tenure_drawing(bands: Sequence[TenureBand], source: str, text: Text) -> Drawing:
    """Return how long the customers of today have been there."""
    names = [band_name(one, text) for one in bands]
    shares = [text.percent(one.share, 0) for one in bands]
    told = [
        text("chart.tenure_bars.told", band=name, share=share, customers=_count(one.customers, text))
        for one, name, share in zip(bands, names, shares, strict=True)
    ]
    long = sum(one.share for one in bands if one.first >= _LONG)
    return Drawing(
        name="tenure_bars",
        title=text("chart.tenure_bars.title", share=text.percent(long, 0)),
        subtitle=text("chart.tenure_bars.subtitle"),
        alternative=text("chart.tenure_bars.alternative", bands=text("chart.list_separator").join(told)),
        footer=source,
        currency="",
        data=tenure_bars.data(
            _wrapped(names, text), [one.share for one in bands], _wrapped(shares, text), _wrapped(told, text)
        ),
        table=lambda: tenure_table(bands, text),
    )


def tenure_table(bands: Sequence[TenureBand], text: Text) -> Table:
    """Return every band of tenure with its customers and their share."""
    return (
        words_column(text("chart.column.tenure"), [band_name(one, text) for one in bands]),
        count_column("customers", [one.customers for one in bands], text),
        share_column("share", [one.share for one in bands], text),
    )


def cohort_grid(cohorts: Cohorts, measure: str, text: Text) -> Table:
    """Return a cohort a row and a period a column, as the map is seen."""
    shares = cohorts.measures[measure].share
    places = 0 if np.nanmax(shares[:, 1:], initial=0.0) >= _FEW else 1
    periods = [period for period in range(1, shares.shape[1]) if np.isfinite(shares[:, period]).any()]
    return (
        words_column(text("chart.column.cohort"), cohort_names(cohorts, text)),
        count_column("customers", cohorts.customers.tolist(), text),
        *(
            Column(
                heading=period_name(cohorts, measure, period, text),
                figures=tuple(shares[:, period].tolist()),
                words=tuple(text.percent(one, places) if one == one else "" for one in shares[:, period].tolist()),
            )
            for period in periods
        ),
    )


def recorded_words(recorded_from: str, text: Text) -> str:
    """Return which cohorts are shown, where those who left before a month (YYYY-MM) are not in the data."""
    return text("customers.cohort.recorded", month=text.month(date.fromisoformat(f"{recorded_from}-01")))


def band_name(band: TenureBand, text: Text) -> str:
    """Return a band of tenure in words: in months below a year, in years from then on."""
    if band.first == 0:
        return text("customers.tenure.below", months=text.months(band.last or 0))
    size, unit = (_YEAR, "years") if band.first >= _YEAR else (1, "months")
    first = text.number(band.first / size, 0)
    if band.last is None:
        return text("customers.tenure.from_years", first=first)
    last = band.last // size
    return text(f"customers.tenure.{unit}", first=first, last=text.number(last, 0), count=last)


def cohort_names(cohorts: Cohorts, text: Text) -> list[str]:
    """Return when the customers of each cohort joined: a month, a quarter or a year."""
    days = [date.fromisoformat(f"{month}-01") for month in cohorts.months]
    if cohorts.period_months == 1:
        return [text.month(day) for day in days]
    if cohorts.period_months == _YEAR:
        return [text.year(day) for day in days]
    return [
        text("customers.cohort.quarter", quarter=text.number(day.month // 3 + 1, 0), year=text.year(day))
        for day in days
    ]


def period_name(cohorts: Cohorts, measure: str, period: int, text: Text) -> str:
    """Return a period of membership in months: how many have passed, or from which to which it reaches."""
    size = cohorts.period_months
    if _kind(cohorts, measure) == "customers":
        return text.number(period * size, 0)
    first, last = (text.number(end, 0) for end in (period * size + 1, (period + 1) * size))
    return first if size == 1 else text("customers.cohort.span", first=first, last=last)


def open_months(found: CustomerMonths, text: Text) -> list[str]:
    """Return what is said of months that cannot be relied on yet, where any is shown."""
    if found.complete.all():
        return []
    if found.inactivity_window_months is None:
        return [text("customers.open_months")]
    return [text("customers.open_months_orders", window=text.months(found.inactivity_window_months))]


def shown_source(found: CustomerMonths, text: Text) -> str:
    """Return where the months that are shown come from."""
    return data_source(found.months, found.now, found.data_version, text, illustrative=found.illustrative)


def _kind(cohorts: Cohorts, measure: str) -> str:
    """Return how a share is worded: customers under contract, customers who order again, revenue net or gross."""
    return "orders" if measure == "customers" and cohorts.of_orders else measure


def _span_words(cohorts: Cohorts, measure: str, period: int, text: Text) -> str:
    size = cohorts.period_months
    if _kind(cohorts, measure) == "customers":
        return text.months(period * size)
    return text(
        "customers.cohort.month" if size == 1 else "customers.cohort.months",
        months=period_name(cohorts, measure, period, text),
    )


def _trend(cohorts: Cohorts, column: int) -> str:
    """Return how newer cohorts compare with older ones, "" where there are too few to tell."""
    change = newer_against_older(cohorts, column)
    if change is None:
        return ""
    return "trend_up" if change.low > 0 else "trend_down" if change.high < 0 else "trend_same"


def _months(found: CustomerMonths, text: Text) -> tuple[list[date], list[str]]:
    days = [month.astype("datetime64[D]").item() for month in found.months]
    return days, [text.month(day) for day in days]


def _count(customers: float, text: Text) -> str:
    return "–" if customers != customers else text.number(customers, 0)


def _wrapped(words: Sequence[str], text: Text) -> list[str]:
    return [isolated(one, text) for one in words]
