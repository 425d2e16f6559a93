"""What came and what is coming: the months of one measure, beside what was expected of each, and the year ahead with its band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from cxroi.chart import months
from cxroi.chart.event_marks import EventMark, between_points, event_data, event_layers
from cxroi.chart.frame import Columns, Data, Frame, Window

HEIGHT = 330
_WHOLE = Window(x=(0.0, 48.0), y=(0.0, 1.0), unit=1.0)  # of a spec that is looked at without a forecast
_AIR = 0.08  # of the height of what is drawn, above and below it


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month: its figure (of a month to come the middle), the ends of what was or is expected of it, and its words."""

    value: float
    low: float | None
    high: float | None
    told: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A target: its month by place (the first drawn is 0), its figure, whether it is reached ("" where that is open), and its words."""

    place: int
    value: float
    look: str  # "reached", "missed" or ""
    told: str


def window(past: Sequence[Month], ahead: Sequence[Month], targets: Sequence[Mark]) -> Window:
    """Return the plane that holds everything, whole to three figures."""
    ends = [end for month in (*past, *ahead) for end in (month.value, month.low, month.high) if end is not None]
    ends += [mark.value for mark in targets]
    low, high = min(ends), max(ends)
    air = _AIR * (high - low) or 0.05 * abs(high) or 1.0
    bottom = max(low - air, 0.0) if low >= 0 else low - air
    return Window(
        x=(0.0, float(len(past) + len(ahead) - 1)), y=(float(f"{bottom:.4g}"), float(f"{high + air:.4g}")), unit=1.0
    )


def build(frame: Frame) -> alt.LayerChart:
    """Return the picture without data; its data sets are `past`, `expected`, `ahead`, `targets`, `caption` and `ticks`."""
    plane, colours = frame.window or _WHOLE, frame.palette
    x, y = _x(frame, plane, "at"), _y(frame, plane, "value")
    past, ahead = alt.Chart(alt.NamedData("past")), alt.Chart(alt.NamedData("ahead"))
    band = ahead.mark_area(color=colours.accent_soft, clip=True, aria=False).encode(
        x=x, y=_y(frame, plane, "low"), y2="high:Q"
    )
    expected = (
        alt.Chart(alt.NamedData("expected"))
        .mark_rule(color=colours.line, strokeWidth=6, clip=True, aria=False)
        .encode(x=x, y=_y(frame, plane, "low"), y2="high:Q")
    )
    line = past.mark_line(color=colours.text, strokeWidth=2, aria=False).encode(x=x, y=y)
    middle = ahead.mark_line(color=colours.accent, strokeWidth=2.5, aria=False).encode(x=x, y=y)
    outside = past.transform_filter("datum.outside").mark_point(
        shape="circle", size=70, filled=True, fill=colours.loss, stroke=colours.background, opacity=1, aria=False
    )
    look = {
        "condition": [
            {"test": "datum.look === 'missed'", "value": colours.loss},
            {"test": "datum.look === 'reached'", "value": colours.gain},
        ],
        "value": colours.text,
    }
    targets = (
        alt.Chart(alt.NamedData("targets"))
        .mark_tick(thickness=3, size=16, orient="horizontal", clip=True, aria=False)
        .encode(x=x, y=y, color=look, tooltip=frame.told)
    )
    caption = alt.Chart(alt.NamedData("caption"))
    now = caption.mark_rule(color=colours.line, strokeDash=[3, 3], aria=False).encode(x=_x(frame, plane, "now"))
    every = alt.Chart(alt.NamedData("touched"))
    layers = (
        frame.told_caption("caption"),
        *event_layers(frame),
        band,
        expected,
        now,
        line,
        middle,
        outside.encode(x=x, y=y),
        targets,
        months.named(frame, x),
        frame.touch(every, x),
    )
    return alt.layer(*layers).properties(height=HEIGHT + frame.strip, width="container", padding={"bottom": 28})


def _x(frame: Frame, plane: Window, field: str) -> alt.X:
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=list(plane.x), nice=False, reverse=frame.mirrored), axis=None)


def _y(frame: Frame, plane: Window, field: str) -> alt.Y:
    axis = frame.money_axis(None, orient="right" if frame.mirrored else "left", tickCount=5)
    return alt.Y(f"{field}:Q", scale=alt.Scale(domain=list(plane.y), nice=False), axis=axis)


def data(
    past: Sequence[Month],
    ahead: Sequence[Month],
    targets: Sequence[Mark],
    *,
    labels: Sequence[str],
    caption: str,
    events: Sequence[EventMark] = (),
) -> Data:
    """Return the rows of the picture; `labels` name every month, `caption` says what is measured."""
    last = len(past) - 1
    drawn = [(last, past[-1].value, past[-1].value, past[-1].value)]  # the band opens where the line ends
    drawn += [
        (last + place, _or(month.low, month.value), month.value, _or(month.high, month.value))
        for place, month in enumerate(ahead, 1)
    ]
    known = [(place, month.low, month.high) for place, month in enumerate(past) if month.low is not None]
    return {
        "past": {
            "at": [float(place) for place in range(len(past))],
            "value": [month.value for month in past],
            "outside": [float(_is_outside(month)) for month in past],
        },
        "expected": {
            "at": [float(place) for place, _, _ in known],
            "low": [_or(low, 0.0) for _, low, _ in known],
            "high": [_or(high, 0.0) for _, _, high in known],
        },
        "ahead": {
            "at": [float(place) for place, *_ in drawn],
            "low": [low for _, low, _, _ in drawn],
            "value": [mid for _, _, mid, _ in drawn],
            "high": [high for _, _, _, high in drawn],
        },
        "targets": _targets(targets),
        "touched": {
            "at": [float(place) for place in range(len(past) + len(ahead))],
            "told": [month.told for month in (*past, *ahead)],
        },
        "caption": {"label": [caption], "now": [float(last)]},
        "ticks": months.ticks(labels),
        **event_data(events, between_points(len(labels))),
    }


def _targets(targets: Sequence[Mark]) -> Columns:
    return {
        "at": [float(mark.place) for mark in targets],
        "value": [mark.value for mark in targets],
        "look": [mark.look for mark in targets],
        "told": [mark.told for mark in targets],
    }


def _is_outside(month: Month) -> bool:
    """Return whether a month came in outside what was expected of it."""
    return month.low is not None and month.high is not None and not month.low <= month.value <= month.high


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
