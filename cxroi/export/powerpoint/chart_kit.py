"""What every native chart of a deck has in common: data that run nothing, words in our fonts, quiet axes, labels and marks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.chart.xlsx import CategoryWorkbookWriter, XyWorkbookWriter
from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt
from xlsxwriter import Workbook

from cxroi.chart.drawing import Drawing
from cxroi.chart.frame import Frame
from cxroi.chart.theme import palette
from cxroi.export.powerpoint.pen import COLOURS, Box, Look, Pen, colour
from cxroi.text import Text
from cxroi.text.plain import shown

AXIS, LABEL = Look(12, COLOURS.quiet), Look(13, COLOURS.text, weight=600)
SMALL_FIGURES = '0;"\u200e\u2212"0;0'
_UNITS = ((1e9, "billion", ",,,"), (1e6, "million", ",,"), (1e3, "thousand", ","))


class _Inert:
    """Writes the workbook inside a chart: whatever a name begins with, it is a text."""

    @contextmanager
    def _open_worksheet(self, file: io.BytesIO) -> Iterator[tuple[Workbook, Any]]:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(file, options) as workbook:
            yield workbook, workbook.add_worksheet()


class _InertCategories(_Inert, CategoryWorkbookWriter):  # type: ignore[misc]  # without types of its own
    pass


class _InertPoints(_Inert, XyWorkbookWriter):  # type: ignore[misc]  # without types of its own
    pass


class Categories(CategoryChartData):  # type: ignore[misc]  # without types of its own
    """Data by name."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.categories = names

    @property
    def _workbook_writer(self) -> CategoryWorkbookWriter:
        return _InertCategories(self)


class Points(XyChartData):  # type: ignore[misc]  # without types of its own
    """Data by two numbers."""

    @property
    def _workbook_writer(self) -> XyWorkbookWriter:
        return _InertPoints(self)


def add_chart(pen: Pen, kind: Any, box: Box, data: Any, drawing: Drawing) -> Any:
    """Return a native chart without its own title and legend; who does not see it has its words."""
    frame = pen.shapes.add_chart(kind, *pen.place(box), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", pen.clean(drawing.alternative))
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    set_words(chart.font, chart._chartSpace.txPr, AXIS, pen)
    return chart


def words_of(drawing: Drawing, id: str, text: Text) -> str:
    """Return what an axis of a drawing is called."""
    return unbracketed(Frame(text=text, palette=palette("light"), currency=drawing.currency).label(id))


def unbracketed(words: str) -> str:
    """Return words of a picture without the brackets that turn them there; a paragraph here has a direction of its own."""
    return words.removeprefix("\u202b").removesuffix("\u202c")


def set_words(font: Any, around: Any, look: Look, pen: Pen) -> None:
    """Give the words of a part of a chart their look and the direction of their language."""
    pen.set_font(font, look)
    for paragraph in around.findall("{*}p"):
        paragraph.get_or_add_pPr().set("rtl", str(int(pen.mirrored)))


def quiet_axis(axis: Any, *, grid: bool = False, line: bool = True) -> None:
    """Make an axis as quiet as in every picture."""
    axis.has_major_gridlines = grid
    if grid:
        axis.major_gridlines.format.line.color.rgb = colour(COLOURS.line)
        axis.major_gridlines.format.line.width = Pt(0.5)
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if line:
        axis.format.line.color.rgb = colour(COLOURS.quiet)
        axis.format.line.width = Pt(1)
    else:
        axis.format.line.fill.background()


def title_axis(axis: Any, words: str, pen: Pen) -> None:
    """Say below or beside an axis what it measures."""
    _write(axis.axis_title.text_frame, words, AXIS, pen)


def _write(frame: Any, words: str, look: Look, pen: Pen) -> None:
    """Write words of a chart; Arabic ones are bracketed, since not every program turns a chart's paragraphs; figures keep their isolates."""
    paragraph = frame.paragraphs[0]
    pen.write(paragraph, [(words, look)])
    del paragraph._p.pPr.attrib["algn"]
    if pen.mirrored:
        (run,) = paragraph.runs
        run.text = f"\u202b{shown(words)}\u202c"


def money_format(amounts: Sequence[float], text: Text) -> str:
    """Return how an axis writes amounts of this size: in thousands or millions, in the reader's words.

    >>> money_format([-2.5e6, 1e6], Text("en"))
    '0.0,,"M";"−"0.0,,"M";0'
    """
    start, stop, end = ("\u202b\u2066", "\u2069", "\u202c") if text.direction == "rtl" else ("", "", "")
    most = max((abs(amount) for amount in amounts), default=0.0)
    for least, unit, commas in _UNITS:
        if most >= least:
            digits, word = ("0.0" if most < 5 * least else "0") + commas, stop + text(f"chart.unit.{unit}") + end
            before = f'"{start}"' if start else ""
            return f'{before}{digits}"{word}";"{start}\u2212"{digits}"{word}";0'
    return SMALL_FIGURES


def mirror(axis: Any, pen: Pen) -> None:
    """Let an axis run from where reading starts."""
    axis.reverse_order = pen.mirrored


def label(pen: Pen, point: Any, words: str, look: Look, place: str) -> None:
    """Write words at a point: "above", "below", "after" or "before" it in the order of reading, or "base": from where its bar begins."""
    sides = {"after": XL_LABEL_POSITION.RIGHT, "before": XL_LABEL_POSITION.LEFT}
    if pen.mirrored:
        sides = dict(zip(sides, reversed(sides.values()), strict=True))
    others = {"above": XL_LABEL_POSITION.ABOVE, "below": XL_LABEL_POSITION.BELOW, "base": XL_LABEL_POSITION.INSIDE_BASE}
    frame = point.data_label.text_frame
    frame.word_wrap = False
    _write(frame, words, look, pen)
    point.data_label.position = (sides | others)[place]


def draw_line(series: Any, shade: str, weight: float, *, dashed: bool = False) -> None:
    """Give a series its line, straight from point to point and without marks."""
    series.smooth = False
    series.marker.style = XL_MARKER_STYLE.NONE
    series.format.line.color.rgb, series.format.line.width = colour(shade), Pt(weight)
    if dashed:
        dash = OxmlElement("a:prstDash")
        dash.set("val", "dash")
        series.format.line._ln.append(dash)


def draw_marks(marked: Any, fill: str, edge: str, size: int, style: Any = XL_MARKER_STYLE.CIRCLE) -> None:
    """Give the points of a series, or one point, their marks."""
    marker = marked.marker
    marker.style, marker.size = style, size
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = colour(fill)
    marker.format.line.color.rgb, marker.format.line.width = colour(edge), Pt(2)


def unseen(series: Any) -> None:
    """Take fill, line and marks from a series that only holds others or their words in place."""
    series.format.fill.background()
    series.format.line.fill.background()
    if hasattr(series, "marker"):
        series.marker.style = XL_MARKER_STYLE.NONE


def inner(chart: Any, box: tuple[float, float, float, float], pen: Pen) -> None:
    """Set where the plot stands within a chart: left (from where reading starts), top, width and height as shares of it."""
    left, top, width, height = box
    layout = OxmlElement("c:layout")
    manual = OxmlElement("c:manualLayout")
    at = 1 - left - width if pen.mirrored else left
    told = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge", "x": at, "y": top, "w": width, "h": height}
    for name, value in told.items():
        element = OxmlElement(f"c:{name}")
        element.set("val", str(value))
        manual.append(element)
    layout.append(manual)
    area = chart._chartSpace.chart.plotArea
    for old in area.findall("{*}layout"):
        area.remove(old)
    area.insert(0, layout)


def name_every(axis: Any, every: int) -> None:
    """Let an axis say every so many of its names."""
    for name in ("tickLblSkip", "tickMarkSkip"):
        skip = OxmlElement(f"c:{name}")
        skip.set("val", str(every))
        axis._element.find("{*}noMultiLvlLbl").addprevious(skip)


def as_band(chart: Any, low: Any, width: Any) -> None:
    """Turn two series of a line chart into a band: the lower unseen, the upper stacked upon it; behind all lines."""
    lines = chart._chartSpace.chart.plotArea.find("{*}lineChart")
    area = OxmlElement("c:areaChart")
    for name, value in (("grouping", "stacked"), ("varyColors", "0")):
        element = OxmlElement(f"c:{name}")
        element.set("val", value)
        area.append(element)
    unseen(low)
    width.format.fill.solid()
    width.format.fill.fore_color.rgb = colour(COLOURS.accent_soft)
    width.format.line.fill.background()
    for series in (low, width):
        for name in ("marker", "smooth"):
            for child in series._element.findall(f"{{*}}{name}"):
                series._element.remove(child)
        area.append(series._element)
    for axis in lines.findall("{*}axId"):
        twin = OxmlElement("c:axId")
        twin.set("val", axis.get("val"))
        area.append(twin)
    lines.addprevious(area)
