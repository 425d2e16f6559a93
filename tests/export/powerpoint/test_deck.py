"""The deck, opened again: the story's words on every slide, charts that can be edited, notes, and nothing that a name could do."""

import io
import re
import unicodedata
from dataclasses import replace
from functools import cache
from zipfile import ZipFile

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Pt

from cxroi.chart import score_ranges
from cxroi.chart.drawing import Drawing
from cxroi.chart.event_marks import EventMark, event_data
from cxroi.chart.score_ranges import ScoreRange
from cxroi.export.powerpoint.deck import deck
from cxroi.export.powerpoint.native import draw_native, has_native
from cxroi.export.powerpoint.parts import _value_look
from cxroi.export.powerpoint.pen import Box, Pen, width_of
from cxroi.questions import SegmentCase
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import shown
from cxroi.view.ranged import RangedFigure
from cxroi.view.share.story import StoryTable
from tests.export.html.test_html_report import HOSTILE
from tests.export.test_report import made
from tests.made_case import capped_case, made_case, made_outcome, made_verdict
from tests.view.share.test_story import every_word

CHARTS = ("waterfall", "board_curve", "cash_flow")  # of the made story, in their order


@pytest.mark.parametrize("value", ["after 36 months", "76.7% → 79.4%", "−SAR 1,234,567,890", "8+ مليون ريال"])
@pytest.mark.parametrize("scale", [0.7, 1.0, 1.6])
def test_a_value_goes_on_over_nothing_that_stands_below_it(value, scale):
    figure = RangedFigure(label="Paid back", value=value, range="")
    assert width_of(value, _value_look(figure, 170.0, scale)) <= 170.0


def written(report):
    content = deck(report.story, report.text)
    return Presentation(io.BytesIO(content)), content


@cache
def whole(language):
    """Return the story and the deck of a made case."""
    report = made(language)
    return report.story, *written(report)


def plain(words):
    """Return words without the signs that only turn them, in one line."""
    return re.sub(r"\s+", " ", "".join(sign for sign in words if unicodedata.category(sign) != "Cf")).strip()


def shapes_of(shapes):
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from shapes_of(shape.shapes)


def said(slide):
    """Return every word on a slide, those inside its tables and charts too."""
    found = []
    for shape in shapes_of(slide.shapes):
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        elif shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
        elif shape.has_chart:
            found += [node.text or "" for node in shape.chart._chartSpace.iter("{*}t", "{*}v")]
    return plain(" ".join(found))


def charts_of(show):
    return [shape.chart for slide in show.slides for shape in slide.shapes if shape.has_chart]


def cells_of(chart):
    blob = chart.part.chart_workbook.xlsx_part.blob
    return list(openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("capped", [False, True])
def test_every_slide_has_the_words_of_the_story_and_says_where_it_comes_from(language, capped):
    if capped:
        report = made(language, capped_case("history"))
        story, (show, _) = report.story, written(report)
    else:
        story, show, _ = whole(language)
    first, *others = show.slides
    assert plain(story.title) in said(first) and all(
        plain(words) in said(first) for fact in story.provenance.facts for words in fact
    )
    for slide, of in zip(others, (*story.slides, *story.appendix), strict=True):
        words = said(slide)
        missing = [word for word in re.findall(r"\w+", plain(every_word(replace(of, notes=())))) if word not in words]
        assert not missing, (of.id, missing)
        assert plain(slide.shapes.title.text_frame.text) == plain(of.title)
        assert plain(story.provenance.line) in words and plain(of.source) in words
        notes = slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""
        assert plain(notes) == plain(" ".join(of.notes))


def test_an_arabic_deck_runs_from_right_to_left_and_its_tables_too():
    story, show, content = whole("ar")
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"ppt/(slides|charts)/\w+\.xml", name):
                xml = archive.read(name).decode()
                written_into = re.findall(r"<a:p>(?:<a:pPr([^>]*)>)?(?=(?:(?!</a:p>).)*<a:t>)", xml, re.DOTALL)
                assert written_into and all('rtl="1"' in properties for properties in written_into), name
    (table,) = (shape.table for shape in show.slides[3].shapes if shape.has_table)
    heading = next(part for part in story.slides[2].parts if isinstance(part, StoryTable)).headings
    assert [plain(cell.text) for cell in table.rows[0].cells] == [plain(words) for words in reversed(heading)]
    assert all(chart.category_axis.reverse_order or chart.value_axis.reverse_order for chart in charts_of(show))


def test_charts_are_native_and_their_workbooks_hold_the_numbers_of_the_drawings():
    story, show, _ = whole("en")
    drawn = {
        part.name: part
        for slide in (*story.slides, *story.appendix)
        for part in slide.parts
        if isinstance(part, Drawing)
    }
    assert tuple(drawn) == CHARTS and len(charts_of(show)) == 3
    rows = {
        name: [[cell.value for cell in row] for row in cells_of(chart)][1:]
        for name, chart in zip(CHARTS, charts_of(show), strict=True)
    }
    steps = drawn["waterfall"].data["steps"]
    for row, start, end in zip(rows["waterfall"], steps["start"], steps["end"], strict=True):
        foot, above, below = row[1:4]
        assert sorted((foot + below, foot + above)) == pytest.approx(sorted((start, end)))
    flow = drawn["cash_flow"].data["flow"]
    for row, low, mid, high in zip(rows["cash_flow"], flow["low"], flow["mid"], flow["high"], strict=True):
        assert (row[1], row[1] + row[2], row[3]) == pytest.approx((low, high, mid))
    curve, levels = drawn["board_curve"].data["curve"], {row[0]: row for row in rows["board_curve"]}
    whole_levels = [place for place, level in enumerate(curve["level"]) if level == round(level)]
    for place in whole_levels:
        row = levels[f"{curve['level'][place]:.0f}%"]
        mid = row[3] if row[3] is not None else row[4]
        assert (row[1], row[1] + row[2], mid) == pytest.approx(
            tuple(curve[end][place] for end in ("low", "high", "mid"))
        )
    assert len(whole_levels) > 20


def test_a_bar_that_crosses_zero_and_one_below_it_hang_where_they_should():
    drawing = next(part for part in whole("en")[0].slides[1].parts if isinstance(part, Drawing))
    ends = {"start": [0.0, 3.0, -1.0, 0.0], "end": [3.0, -1.0, -4.0, -4.0]}
    steps = {
        **{"name": list("abcd"), "amount": list("abcd"), "kind": ["gain", "loss", "loss", "total"]},
        **{"side": ["above", "above", "below", "below"], "reach": [3.0, 3.0, -4.0, -4.0]},
        **{"room": [4.0] * 4, "room_below": [-6.0] * 4},
    }
    rows = cells_of(drawn_alone(replace(drawing, data={"steps": {**ends, **steps}})).chart)[1:]
    found = [sorted((row[1].value + row[3].value, row[1].value + row[2].value)) for row in rows]
    assert found == [sorted(pair) for pair in zip(*ends.values(), strict=True)]


def drawn_alone(drawing, language="en"):
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    draw_native(Pen(slide, Text(language)), drawing, Box(10, 10, 500, 300))
    return slide.shapes[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_scores_are_dots_on_their_ranges_under_names_that_run_nothing(language):
    names = ["=1+1", "http://a.example", "<script>", "\"'/\\", "x" * 300]
    rows = [
        ScoreRange(
            name=name, mid=10.0 * place, low=10.0 * place - 3, high=10.0 * place + 4, score="1", label=name, told=""
        )
        for place, name in enumerate(names)
    ]
    drawing = Drawing(
        name="score_ranges",
        title="t",
        alternative="told",
        footer="",
        currency="",
        window=score_ranges.window_of(rows),
        data=score_ranges.data(rows, whole=12.0),
    )
    shape = drawn_alone(drawing, language)
    cells = [cell for row in cells_of(shape.chart) for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert {"=1+1", "http://a.example"} <= {cell.value for cell in cells}
    _, *series, _ = shape.chart.plots[0].series
    assert [set(one.iter_values()) for one in series] == [{5.0}, {4.0}, {3.0}, {2.0}, {1.0}]
    ends = [[float(node.text) for node in one._element.find("{*}xVal").iter("{*}v")] for one in series]
    assert ends == [[row.low, row.mid, row.high] for row in rows]
    assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == "told"


def test_what_has_no_native_chart_is_a_picture_with_its_words():
    story, _, _ = whole("en")
    (cash,) = story.appendix[0].parts
    rise = EventMark(first=3, last=None, label="Rise", told="A price rise")
    named = replace(cash, data={**cash.data, **event_data([rise], lambda month: 0.5)})
    assert has_native(cash) and not has_native(named) and not has_native(replace(cash, name="tornado"))
    told = replace(story, slides=story.slides[:1], appendix=(replace(story.appendix[0], parts=(named,)),))
    (shape,) = (
        one for one in Presentation(io.BytesIO(deck(told, Text("en")))).slides[2].shapes if one.shape_type == 13
    )
    assert shape._element.nvPicPr.cNvPr.get("descr") == cash.alternative and shape.image.content_type == "image/png"


def test_names_are_words_and_nothing_else_and_forty_segments_are_all_there():
    case = made_case()
    one = SegmentCase(segment=HOSTILE, outcome=made_outcome(), verdict=made_verdict())
    report = made(case=replace(case, segments=(one,) * 40), name=HOSTILE)
    show, content = written(report)
    tables = [shape.table for slide in show.slides for shape in slide.shapes if shape.has_table]
    name = plain(shown(HOSTILE, 2_000))
    assert sum(plain(cell.text) == name for table in tables for row in table.rows for cell in [row.cells[0]]) == 40
    with ZipFile(io.BytesIO(content)) as archive:
        for file in archive.namelist():
            if re.match(r"ppt/(slides|notesSlides|charts)/", file):
                xml = archive.read(file).decode()
                assert "hlinkClick" not in xml and "\u202e" not in xml and "<script" not in xml
                assert 'TargetMode="External"' not in xml


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_stands_outside_a_slide(language):
    _, show, _ = whole(language)
    assert (show.slide_width, show.slide_height) == (Pt(960), Pt(540))
    for place, slide in enumerate(show.slides):
        for shape in slide.shapes:
            ends = (shape.left + shape.width, shape.top + shape.height)
            assert min(shape.left, shape.top) >= 0 and ends[0] <= show.slide_width and ends[1] <= show.slide_height, (
                place,
                shape.name,
            )


def test_the_verdict_alone_has_its_colour():
    story, show, _ = whole("en")
    runs = [
        run
        for shape in show.slides[1].shapes
        if shape.has_text_frame
        for p in shape.text_frame.paragraphs
        for run in p.runs
    ]
    coloured = [run.text for run in runs if str(run.font.color.rgb) == "1F5A9E"]
    assert coloured == [story.slides[0].marked]
