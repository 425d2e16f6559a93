"""Figures as people read them: rounded to what their interval deserves, the range first and decimals last."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.company.segments import WHOLE
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.questions.cx_part import CxPart
from cxroi.text import Text
from cxroi.text.plain import short_name, shown

_ARABIC = re.compile("[\u0620-\u064a]")
# The unit of a range, by its larger end: from where on, what it stands for, its name.
_SIZES = ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand"))


def deserved_step(interval: Interval) -> float:
    """Return the power of ten nearest to what an interval deserves, a twentieth of its width; never beyond 3 figures.

    Other draws of the same evidence move its ends by about that much, and its middle by less.

    >>> deserved_step(Interval(low=0.6e6, mid=2.3e6, high=4.1e6))
    100000.0
    >>> deserved_step(Interval.known(275_300.0))
    1000.0
    """
    width = interval.high - interval.low
    largest = max(abs(interval.low), abs(interval.high))
    figures = math.floor(math.log10(largest / 100)) if largest > 0 else 0
    return 10.0 ** (max(figures, round(math.log10(width / 20))) if 0 < width < math.inf else figures)


def input_name(name: str, text: Text) -> str:
    """Return the name of an input: a drawn quantity, or an assumption."""
    return text(f"sensitivity.{name}") if text.has(f"sensitivity.{name}") else text(f"assumption.{name}.label")


def isolated(words: str, text: Text) -> str:
    """Bracket words inside a picture, where nothing else says in which direction they are read."""
    return f"\u202b{words}\u202c" if text.direction == "rtl" else words


def money(amount: float, currency: str, text: Text) -> str:
    """Return an amount to three figures at most, and to whole units from 50 on."""
    step = deserved_step(Interval.known(amount))
    nothing_or_much = abs(amount) < 0.005 or abs(amount) >= 50
    return text.money(amount, currency, step=max(step, 1.0) if nothing_or_much else step)


def money_range(interval: Interval, currency: str, text: Text, *, least: float = 0.0) -> str:
    """Return the range of an amount, no finer than `least`, or the amount alone where it is known."""
    step = max(deserved_step(interval), least)
    low, high = (text.money(end, currency, step=step) for end in (interval.low, interval.high))
    return low if low == high else text.between(low, high)


def signed_money(amount: float, currency: str, step: float, text: Text) -> str:
    """Return what something is worth, with its sign; rounded to `step`, or (0) to three figures.

    >>> signed_money(571_000.0, "USD", 1e5, Text("en"))
    '+$600K'
    """
    rounded = round(amount / step) * step if step > 0 else amount
    shown = text.money(amount, currency, step=step) if step > 0 else money(amount, currency, text)
    return text.raised(shown) if rounded > 0 else shown


def signed_range(interval: Interval, text: Text) -> str:
    """Return a range of money with its signs, its unit said once and its currency not at all.

    >>> signed_range(Interval(low=-0.6e6, mid=0.6e6, high=1.6e6), Text("en"))
    '−0.6 to +1.6M'
    >>> signed_range(Interval(low=-0.5e6, mid=0.3e6, high=0.97e6), Text("en"))
    '−0.5 to +1.0M'
    """
    step = deserved_step(interval)
    ends = [round(end / step) * step + 0.0 for end in (interval.low, interval.high)]
    largest = max(map(abs, ends))
    size, unit = next(((size, unit) for least, size, unit in _SIZES if largest >= least), (1.0, ""))
    places = max(0, math.ceil(math.log10(size / step) - 1e-9))
    low, high = (text.number(end / size, places if end else 0) for end in ends)
    low, high = (text.raised(shown) if end > 0 else shown for shown, end in zip((low, high), ends, strict=True))
    return (low if low == high else text.between(low, high)) + (text(f"chart.unit.{unit}") if unit else "")


def percent_range(interval: Interval, text: Text, places: int = 0) -> str:
    """Return the range of a rate as percent."""
    low, high = text.percent(interval.low, places), text.percent(interval.high, places)
    return low if low == high else text.between(low, high)


def points_range(interval: Interval, text: Text) -> str:
    """Return the range of percentage points."""
    return text.points_between(interval.low, interval.high)


def probability(value: float, text: Text) -> str:
    """Return a probability in whole percent; nothing is ever quite certain.

    >>> probability(0.9999, Text("en"))
    'more than 99%'
    """
    if value > 0.99:
        return text("verdict.more_than_99")
    return text("verdict.less_than_1") if value < 0.01 else text.percent(value, 0)


def in_a_hundred(value: float, text: Text) -> str:
    """Return a probability as so many cases in a hundred; nothing is ever quite certain.

    >>> in_a_hundred(0.851, Text("en")), in_a_hundred(0.0, Text("en"))
    ('85 in 100', 'less than 1 in 100')
    """
    if value > 0.99:
        return text("verdict.chance.more_than_99")
    return text(
        "verdict.chance.less_than_1" if value < 0.01 else "verdict.chance.of_100", n=text.number(100 * value, 0)
    )


def months_range(interval: Interval, text: Text) -> str:
    """Return a range of months, whole."""
    low, high = round(interval.low), round(interval.high)
    if low == high:
        return text.months(high)
    return text.between(text.number(low, 0), text.months(high))


def payback(case: BusinessCase, text: Text) -> str:
    """Return when the plan is paid back, in words where there is no month."""
    paid, horizon = case.outcome.payback_months, case.scenario.horizon_months
    if paid is not None and paid.mid <= horizon:
        if paid.high <= horizon:
            return months_range(paid, text)
        return text("verdict.at_least", low=text.months(round(paid.low)))
    if case.outcome.cost.mid <= 0:
        return text("decide.no_cost")
    return text("decide.not_within", horizon=text.months(horizon))


def source_line(case: BusinessCase, text: Text) -> str:
    """Return where the figures of a case come from: version, months, n."""
    said = data_source(case.panel.months, case.baseline.whole, case.data_version, text, illustrative=case.illustrative)
    return " ".join([said, *cx_part_words(case.cx_part, text)])


def cx_part_words(part: CxPart | None, text: Text) -> list[str]:
    """Return which part of a ledger counts as customer experience, by what, and who said so and when; nothing where none is used."""
    if part is None:
        return []
    words = []
    if part.of_lines:
        exact = {
            name: text.money(float(value), part.currency) for name, value in (("amount", part.amount), ("of", part.of))
        }
        amounts = text("cx_part.amount", share=text.percent(part.share), **exact)
        lines = text("cx_part.lines", lines=part.lines, of=text.number(part.of_lines))
        words.append(text("cx_part.counts", part=amounts if part.of > 0 else lines))
        if part.itself:
            words.append(text("cx_part.itself"))
        elif part.at:
            words.append(
                text("cx_part.said", who=shown(part.who, 60) or "-", when=text.moment(datetime.fromisoformat(part.at)))
            )
    return [*words, *([text("cx_part.unsaid", lines=part.unsaid)] if part.unsaid else [])]


def data_source(
    months: NDArray[np.datetime64], whole: SegmentBaseline, data_version: str, text: Text, *, illustrative: bool
) -> str:
    """Return where figures come from: version, first and last of the months, customers and customer-months."""
    return text(
        "decide.source_sample" if illustrative else "decide.source",
        version=version_number(data_version, text),
        first=text.month(months[0].astype("datetime64[D]").item()),
        last=text.month(months[-1].astype("datetime64[D]").item()),
        customers=text.number(whole.customers, 0),
        customer_months=text.number(whole.customer_months, 0),
    )


def version_number(data_version: str, text: Text) -> str:
    """Return the number of a version of the data; what has none stands as it is.

    >>> version_number("000007-1f0c", Text("en")), version_number("made", Text("en"))
    ('7', 'made')
    """
    number = data_version.partition("-")[0]
    return text.number(int(number)) if number.isdigit() else data_version


def in_points(share: Interval) -> Interval:
    """Return an interval of a share in percentage points.

    >>> in_points(Interval.known(0.5)).mid
    50.0
    """
    return Interval(low=100 * share.low, mid=100 * share.mid, high=100 * share.high)


_MOST_NAMES, _LONGEST_NAME = 4, 40


def few_names(names: Sequence[str], text: Text) -> str:
    """Return names, which may come from data, in a list that can be read: of many the first, and how many more there are.

    >>> few_names(["Homes", "Offices"], Text("en")), few_names(list("abcdef"), Text("en"))
    ('Homes, Offices', 'a, b, c and 3 more')
    """
    first = names if len(names) <= _MOST_NAMES else names[: _MOST_NAMES - 1]
    apart = (
        "{}" if text.language == "en" else "\u200f{}\u200f"
    )  # so that names in Latin letters stand in the sentence's own order; a mark, for a bracket would be shown as one of the data's
    listed = text.listed(apart.format(short_name(name, _LONGEST_NAME)) for name in first)
    more = len(names) - len(first)
    return text("unit.and_more", names=listed, count=text.number(more, 0)) if more else listed


def own_way(name: str) -> str:
    """Bracket a name from the data inside a picture, so that an Arabic one is read, and cut, from its own side in either language."""
    return f"\u202b{name}\u202c" if _ARABIC.search(name) else name


def segment_name(segment: str, text: Text) -> str:
    """Return a segment as it is written, the whole company in words."""
    return text("segments.whole") if segment == WHOLE else text.name(segment)
