"""What each answer is followed by, in words: how many stay, for how long, what they pay, what serving them costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cxroi.chart import stay_curves
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.customers.after_answer import FEWEST, AfterAnswers, Band, band_difference
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import Text
from cxroi.view.figure import isolated, percent_range
from cxroi.view.table import columns

_ORDER = ("high", "middle", "low", "1", "2", "3", "unasked", "unheard")
_DRAWN = ("high", "middle", "low")
_ALWAYS = ("bad", "silent")  # shown beside whichever metric is looked at
_CHANCE = 0.10  # below which curves count as parted
_SMALL = 0.05  # a share below this has a decimal
METRICS = ("nps", "csat", "ces")


@dataclass(frozen=True, kw_only=True)
class AfterView:
    """What follows an answer: the finding, how many stay as a picture, all groups as a table, and what to know about both."""

    title: str
    drawing: Drawing | None
    table: Table
    caption: str
    notes: tuple[str, ...]


def after_view(found: AfterAnswers, metric: str, text: Text) -> AfterView:
    """Return what customers of each band of a metric did after their answer."""
    bands = _shown(found, metric)
    return AfterView(
        title=_title(found, metric, text),
        drawing=_drawing(found, metric, text),
        table=_table(found, bands, text),
        caption=text("satisfaction.after.caption"),
        notes=_notes(found, metric, text),
    )


def after_words(found: AfterAnswers, text: Text) -> list[str]:
    """Return a line a band of every metric, for the terminal."""
    metrics = [metric for metric in METRICS if found.of(metric)]
    bands = [band for metric in (*metrics, *_ALWAYS) for band in _in_order(found.of(metric))]
    table = _table(found, bands, text)
    rows = [[column.words[place] for column in table] for place in range(len(bands))]
    words = [_title(found, metric, text) for metric in metrics[:1]]
    notes = [note for metric in metrics[:1] for note in _notes(found, metric, text)]
    return [*words, "", *columns([column.heading for column in table], rows), "", *notes]


def band_name(band: Band, text: Text) -> str:
    """Return what the customers of a band are called."""
    return text(f"satisfaction.band.{band.metric}_{band.band}")


def _in_order(bands: Sequence[Band]) -> list[Band]:
    return sorted(bands, key=lambda band: _ORDER.index(band.band))


def _shown(found: AfterAnswers, metric: str) -> list[Band]:
    return [band for one in (metric, *_ALWAYS) for band in _in_order(found.of(one))]


def _title(found: AfterAnswers, metric: str, text: Text) -> str:
    """Return how far the happiest and the unhappiest are apart."""
    bands = {band.band: band for band in found.of(metric)}
    high, low = bands.get("high"), bands.get("low")
    apart = band_difference(high, low) if high and low else None
    if high is None or low is None or apart is None or high.share is None or low.share is None:
        return text("satisfaction.after.title_thin", fewest=FEWEST)
    kind = "apart" if apart.low > 0 else "against" if apart.high < 0 else "alike"
    return text(
        f"satisfaction.after.{found.outcome}_{kind}",
        high=_within(band_name(high, text), kind == "against"),
        low=_within(band_name(low, text), kind != "against"),
        high_share=text.percent(high.share.mid, 0),
        low_share=text.percent(low.share.mid, 0),
        months=text.months(found.within_months),
        apart=text.points_between(100 * apart.low, 100 * apart.high, 0),
    )


def _within(name: str, is_within: bool) -> str:
    """Return a name as it stands within a sentence, or at its beginning."""
    return name[:1].lower() + name[1:] if is_within else name


def _drawing(found: AfterAnswers, metric: str, text: Text) -> Drawing | None:
    bands = [band for band in _shown(found, metric) if band.curve and (band.metric == metric or band.band == "unasked")]
    if not any(band.metric == metric for band in bands):
        return None
    customers = sum(band.customers for band in bands)
    curves = [_course(band, found, text) for band in bands]
    return Drawing(
        name="stay_curves",
        title=text(f"satisfaction.after.curves_{found.outcome}", months=text.months(found.within_months)),
        alternative=text(
            "satisfaction.after.alternative", rows=text("chart.list_separator").join(one.told[-1] for one in curves)
        ),
        footer=text("satisfaction.after.footer", customers=customers),
        currency="",
        data=stay_curves.data(curves, caption=isolated(text(f"satisfaction.after.axis_{found.outcome}"), text)),
        table=lambda: _curve_table(bands, found, text),
    )


def _course(band: Band, found: AfterAnswers, text: Text) -> stay_curves.StayCurve:
    name = band_name(band, text)
    start = Interval.known(1.0 if found.outcome == "left" else 0.0)
    share = (start, *band.curve)
    return stay_curves.StayCurve(
        look=band.band if band.band in _DRAWN else "other",
        name=isolated(name, text),
        share=tuple(Interval(low=100 * one.low, mid=100 * one.mid, high=100 * one.high) for one in share),
        told=tuple(
            isolated(
                text(
                    f"satisfaction.after.told_{found.outcome}",
                    name=name,
                    months=text.months(month),
                    share=text.percent(one.mid, 0),
                    range=percent_range(one, text),
                ),
                text,
            )
            for month, one in enumerate(share)
        ),
    )


def _curve_table(bands: Sequence[Band], found: AfterAnswers, text: Text) -> Table:
    """Return the share of every band after each month, with the ends of its range."""
    months = range(1, found.within_months + 1)
    first = Column(
        heading=text("satisfaction.after.column_months"),
        figures=tuple(months),
        words=tuple(text.number(month, 0) for month in months),
    )
    return (
        first,
        *(
            Column(
                heading=text(f"satisfaction.after.column_{end}", name=band_name(band, text)),
                figures=tuple(100 * getattr(one, end) for one in band.curve),
                words=tuple(text.percent(getattr(one, end), 0) for one in band.curve),
            )
            for band in bands
            for end in ("low", "mid", "high")
        ),
    )


def _table(found: AfterAnswers, bands: Sequence[Band], text: Text) -> Table:
    """Return every band: customers, how many stayed or ordered again, for how long, what they pay and cost a month."""
    names = tuple(band_name(band, text) for band in bands)
    months = text.months(found.within_months)
    coin = text.currency(found.currency)

    def column(heading: str, of: Callable[[Band], Interval | None], words: Callable[[Interval], str]) -> Column:
        values = [of(band) for band in bands]
        return Column(
            heading=heading,
            figures=tuple(float("nan") if value is None else value.mid for value in values),
            words=tuple(
                _unknown(band, text) if value is None else words(value)
                for band, value in zip(bands, values, strict=True)
            ),
        )

    def amount(value: Interval) -> str:
        low, mid, high = (_amount(end, text) for end in (value.low, value.mid, value.high))
        return text("satisfaction.after.with_range", mid=mid, range=text.between(low, high))

    def share(value: Interval) -> str:
        places = 0 if value.mid >= _SMALL else 1
        ends = percent_range(value, text, places)
        return text("satisfaction.after.with_range", mid=text.percent(value.mid, places), range=ends)

    def length(value: Interval) -> str:
        ends = text.between(text.number(value.low, 1), text.number(value.high, 1))
        return text("satisfaction.after.with_range", mid=text.number(value.mid, 1), range=ends)

    found_columns = [
        Column(heading=text("satisfaction.after.column_group"), figures=names, words=names),
        Column(
            heading=text("satisfaction.after.column_customers"),
            figures=tuple(band.customers for band in bands),
            words=tuple(text.number(band.customers, 0) for band in bands),
        ),
        column(text(f"satisfaction.after.column_{found.outcome}", months=months), lambda band: band.share, share),
    ]
    if found.outcome == "left":
        found_columns.append(
            column(text("satisfaction.after.column_stay", months=months), lambda band: band.months, length)
        )
    if any(band.spend for band in bands):
        found_columns.append(
            column(text("satisfaction.after.column_spend", currency=coin), lambda band: band.spend, amount)
        )
    if any(band.cost for band in bands):
        found_columns.append(
            column(text("satisfaction.after.column_cost", currency=coin), lambda band: band.cost, amount)
        )
    return tuple(found_columns)


def _amount(amount: float, text: Text) -> str:
    """Return a small amount of money without its currency, whole from 50 on."""
    return text.number(amount, 0 if amount >= 50 else 1)


def _unknown(band: Band, text: Text) -> str:
    return text("satisfaction.after.too_few" if band.share is None else "report.none")


def _notes(found: AfterAnswers, metric: str, text: Text) -> tuple[str, ...]:
    bands = found.of(metric)
    late, recent = sum(band.already_left for band in bands), sum(band.too_recent for band in bands)
    notes = [text("satisfaction.after.guard", late=late, recent=recent)]
    if found.of("bad"):
        notes.append(text("satisfaction.after.bad"))
    if found.of("silent"):
        notes.append(text("satisfaction.after.silent"))
    course = dict(found.parted).get(metric)
    if course is not None:
        kind = "parted" if course.p_value < _CHANCE else "not_parted"
        names = {band.band: band_name(band, text) for band in bands}
        months = text.months(found.within_months)
        notes.append(text(f"satisfaction.after.{kind}", high=names["high"], low=names["low"], months=months))
    return (*notes, text("satisfaction.after.grade"))
