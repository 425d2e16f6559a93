"""Drawings as native charts, which stay editable: a rule for each kind of drawing that a story has, from the numbers of the drawing itself."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any

import numpy as np
from pptx.enum.chart import XL_AXIS_CROSSES, XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml.xmlchemy import OxmlElement

from cxroi.chart.drawing import Drawing
from cxroi.chart.frame import Columns
from cxroi.export.powerpoint.chart_kit import (
    AXIS,
    LABEL,
    SMALL_FIGURES,
    Categories,
    Points,
    add_chart,
    as_band,
    draw_line,
    draw_marks,
    inner,
    label,
    mirror,
    money_format,
    name_every,
    quiet_axis,
    title_axis,
    unbracketed,
    unseen,
    words_of,
)
from cxroi.export.powerpoint.pen import COLOURS, Box, Look, Pen, colour

_PLAN, _WORDS = Look(13, COLOURS.accent, weight=600), Look(12, COLOURS.quiet)
_YEAR, _HALF = 12, 6


def has_native(drawing: Drawing) -> bool:
    """Return whether a drawing can be a native chart; one that names events cannot, which PowerPoint has no mark for."""
    return drawing.name in _RULES and not any(drawing.data.get("events", {}).get("told", ()))


def draw_native(pen: Pen, drawing: Drawing, box: Box) -> None:
    """Draw a native chart."""
    _RULES[drawing.name](pen, drawing, box)


def _numbers(columns: Columns, name: str) -> list[float]:
    return [float(value) for value in columns[name]]


def _words(columns: Columns, name: str) -> list[str]:
    return [unbracketed(str(value)) for value in columns[name]]


def _waterfall(pen: Pen, drawing: Drawing, box: Box) -> None:
    """Draw bars that hang where the ones above them end: of each the part above zero and the part below, on an unseen foot."""
    steps, text = drawing.data["steps"], pen.text
    ends = list(zip(_numbers(steps, "start"), _numbers(steps, "end"), strict=True))
    low, high = ([pick(each) for each in ends] for pick in (min, max))
    most, least = max(_numbers(steps, "room")), min(_numbers(steps, "room_below"))
    data = Categories([pen.clean(name) for name in _words(steps, "name")])
    data.add_series(
        text("share.chart.foot"), [max(bottom, 0.0) + min(top, 0.0) for bottom, top in zip(low, high, strict=True)]
    )
    data.add_series(
        text("share.chart.above"), [max(top, 0.0) - max(bottom, 0.0) for bottom, top in zip(low, high, strict=True)]
    )
    data.add_series(
        text("share.chart.below"), [min(bottom, 0.0) - min(top, 0.0) for bottom, top in zip(low, high, strict=True)]
    )
    below = [side == "below" for side in steps["side"]]
    reach = _numbers(steps, "reach")
    room = [(least if under else most) - at for at, under in zip(reach, below, strict=True)]
    data.add_series(text("share.chart.words"), room)
    chart = add_chart(pen, XL_CHART_TYPE.BAR_STACKED, box, data, drawing)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, 100
    foot, *bars, words = plot.series
    unseen(foot)
    unseen(words)
    shades = {"loss": COLOURS.loss, "total": COLOURS.accent, "gain": COLOURS.gain}
    for place, kind in enumerate(steps["kind"]):
        for series in bars:
            fill = series.points[place].format.fill
            fill.solid()
            fill.fore_color.rgb = colour(shades[str(kind)])
        label(pen, words.points[place], _words(steps, "amount")[place], LABEL, "base")
    names, amounts = chart.category_axis, chart.value_axis
    quiet_axis(names)
    names.reverse_order = True
    names.crosses = XL_AXIS_CROSSES.MAXIMUM
    quiet_axis(amounts, line=False)
    amounts.minimum_scale, amounts.maximum_scale = least, most
    amounts.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    mirror(amounts, pen)
    title_axis(amounts, words_of(drawing, "chart.waterfall.x", text), pen)


def _cash_flow(pen: Pen, drawing: Drawing, box: Box) -> None:
    """Draw the sum by month on its band, the months in which it is paid back, and the last sum in words."""
    flow, back, text = drawing.data["flow"], drawing.data["payback"], pen.text
    months = _numbers(flow, "month")
    first, middle, last = (round(_numbers(back, name)[0]) for name in ("low", "month", "high"))
    paid = _words(back, "label")[0]
    data = Categories([pen.clean(text.number(month, 0)) for month in months])
    low, mid, high = (_numbers(flow, name) for name in ("low", "mid", "high"))
    _add_band(data, low, mid, high, words_of(drawing, "chart.cash_flow.y", text), pen)
    data.add_series(text("share.chart.paid"), [0.0 if paid and first <= month <= last else None for month in months])
    every = _YEAR if len(months) > 4 * _YEAR else _HALF
    chart = _banded(pen, drawing, box, data, every=every, plot=(0.09, 0.04, 0.8, 0.78))
    line, span = list(chart.plots)[-1].series
    draw_line(line, COLOURS.accent, 2.5)
    draw_line(span, COLOURS.gain, 5)
    side = "above" if drawing.data["end"]["side"][0] == "above" else "below"
    label(pen, line.points[len(months) - 1], _words(drawing.data["end"], "label")[0], _PLAN, side)
    if paid:
        place = months.index(middle)
        draw_marks(span.points[place], COLOURS.accent, COLOURS.background, 11, XL_MARKER_STYLE.DIAMOND)
        label(
            pen,
            span.points[place],
            paid,
            Look(12, COLOURS.gain, weight=600),
            "below" if back["side"][0] == "after" else "above",
        )
    title_axis(chart.category_axis, words_of(drawing, "chart.cash_flow.x", text), pen)
    chart.value_axis.tick_labels.number_format = money_format(low + high, text)


def _board_curve(pen: Pen, drawing: Drawing, box: Box) -> None:
    """Draw what each level of spend is worth on its band, with today, the plan and a word for each stretch."""
    curve, zones, text, window = drawing.data["curve"], drawing.data["zones"], pen.text, drawing.window
    assert window is not None
    levels = np.arange(
        round(window.x[0]), round(window.x[1]) + 1
    )  # each percent: its lines are straight between its own
    data = Categories([pen.clean(text.percent(level / 100, 0)) for level in levels.tolist()])
    at = np.array(_numbers(curve, "level"))
    low, mid, high = (np.interp(levels, at, _numbers(curve, name)).tolist() for name in ("low", "mid", "high"))
    tried = at[[part == "seen" for part in curve["part"]]]
    seen = np.flatnonzero((levels >= tried.min(initial=np.inf)) & (levels <= tried.max(initial=-np.inf))).tolist()
    beyond = {place for place in range(len(levels)) if place not in seen[1:-1]}  # its dashes begin where the line ends
    _add_band(data, low, _only(mid, seen), high, text("share.chart.worth"), pen)
    data.add_series(text("share.chart.beyond"), _only(mid, beyond))
    marks = list(_rows(drawing.data["points"], ("level", "value", "label")))
    places = [int(np.abs(levels - float(level)).argmin()) for level, *_ in marks]
    for place, (_, value, words) in zip(places, marks, strict=True):
        data.add_series(pen.clean(words), _only([float(value)] * len(levels), [place]))
    spots = [int(np.abs(levels - spot).argmin()) for spot in _numbers(zones, "at")]
    data.add_series(text("share.chart.words"), _only([window.y[1]] * len(levels), spots))
    chart = _banded(pen, drawing, box, data, every=_every(levels), plot=(0.09, 0.1, 0.82, 0.7))
    line, beyond, today, plan, words = list(chart.plots)[-1].series
    draw_line(line, COLOURS.accent, 3)
    draw_line(beyond, COLOURS.accent, 3, dashed=True)
    for series in (today, plan, words):
        unseen(series)
    draw_marks(today, COLOURS.today, COLOURS.background, 11)
    draw_marks(plan, COLOURS.accent, COLOURS.background, 14, XL_MARKER_STYLE.DIAMOND)
    title_axis(chart.category_axis, words_of(drawing, "chart.column.level", text), pen)
    label(pen, today.points[places[0]], marks[0][2], LABEL, "below")
    if places[1] != places[0]:
        label(pen, plan.points[places[1]], marks[1][2], _PLAN, "above")
    for spot, said in zip(spots, _words(zones, "label"), strict=True):
        label(pen, words.points[spot], said, _WORDS, "above")
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = window.y
    chart.value_axis.tick_labels.number_format = money_format(window.y, text)


def _every(levels: Any) -> int:
    """Return the distance of the levels that are named: today's is one of them, and there are nine at most."""
    before = int(100 - levels[0])
    return next(step for step in range(1, before + 1) if before % step == 0 and len(levels) <= 8 * step)


def _only(values: Sequence[float], places: Container[int]) -> list[float | None]:
    """Return values at the places asked for, and nothing elsewhere."""
    return [value if place in places else None for place, value in enumerate(values)]


def _rows(columns: Columns, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a data set as words."""
    yield from zip(*(_words(columns, name) for name in names), strict=True)


def _add_band(
    data: Categories, low: Sequence[float], mid: Sequence[float | None], high: Sequence[float], name: str, pen: Pen
) -> None:
    """Add the lower end of a range, its width and the line within it."""
    data.add_series(pen.text("share.chart.low"), low)
    data.add_series(pen.text("share.chart.width"), [top - bottom for bottom, top in zip(low, high, strict=True)])
    data.add_series(name, mid)


def _banded(
    pen: Pen, drawing: Drawing, box: Box, data: Categories, *, every: int, plot: tuple[float, float, float, float]
) -> Any:
    """Return a chart of lines whose first two series are a band; every so many of its names are said, and its `plot` stands within it so."""
    chart = add_chart(pen, XL_CHART_TYPE.LINE, box, data, drawing)
    low, width, *_ = chart.plots[0].series
    as_band(chart, low, width)
    names, amounts = chart.category_axis, chart.value_axis
    quiet_axis(names)
    mirror(names, pen)
    name_every(names, every)
    quiet_axis(amounts, grid=True, line=False)
    between = OxmlElement("c:crossBetween")
    between.set("val", "midCat")
    amounts._element.find("{*}crosses").addnext(between)
    amounts.tick_labels.number_format_is_linked = False
    inner(chart, plot, pen)
    return chart


def _score_ranges(pen: Pen, drawing: Drawing, box: Box) -> None:
    """Draw each score as a dot on its range, and the whole as a dashed line through all."""
    scores, whole, text, window = (
        drawing.data["scores"],
        _numbers(drawing.data["whole"], "mid"),
        pen.text,
        drawing.window,
    )
    assert window is not None
    names, said = _words(scores, "name"), _words(scores, "label")
    rows = [float(len(names) - place) for place in range(len(names))]
    ends = {name: _numbers(scores, name) for name in ("low", "mid", "high")}
    data = Points()
    beside = data.add_series(
        text("share.chart.words")
    )  # first, as it may be the longest: some programs lose one that is shorter than the next
    for row in rows:
        beside.add_data_point(window.x[0], row)
    for place, name in enumerate(names):
        score = data.add_series(pen.clean(name))
        for end in ("low", "mid", "high"):
            score.add_data_point(ends[end][place], rows[place])
    line = data.add_series(text("share.chart.whole"))
    for at in whole:
        for row in (0.4, 1.0, len(names) + 0.6):
            line.add_data_point(at, row)
    chart = add_chart(pen, XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, box, data, drawing)
    labels, *ranges, through = chart.plots[0].series
    for place, series in enumerate(ranges):
        draw_line(series, COLOURS.accent_soft, 7)
        draw_marks(series.points[1], COLOURS.accent, COLOURS.background, 10)
        label(pen, series.points[2], said[place], AXIS, "after")
        label(pen, labels.points[place], names[place], Look(12), "before")
    draw_line(through, COLOURS.quiet, 1.5, dashed=True)
    unseen(labels)
    across, up = chart.category_axis, chart.value_axis
    quiet_axis(across, grid=True, line=False)
    across.minimum_scale, across.maximum_scale = window.x
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = SMALL_FIGURES, False
    mirror(across, pen)
    up.minimum_scale, up.maximum_scale, up.visible, up.has_major_gridlines = 0.4, len(names) + 0.6, False, False
    inner(chart, (0.3, 0.02, 0.68, 0.84), pen)


_RULES: dict[str, Callable[[Pen, Drawing, Box], None]] = {
    "waterfall": _waterfall,
    "cash_flow": _cash_flow,
    "board_curve": _board_curve,
    "score_ranges": _score_ranges,
}
