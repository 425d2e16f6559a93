"""A drawing as a file: a sheet that stands alone, in either script, made only when it is asked for."""

import csv
import io
import struct
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from cxroi.chart.theme import THEMES, palette
from cxroi.export import image
from cxroi.export.chart_table import table_csv
from cxroi.export.image import png, svg
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.board_drawing import board_drawing
from cxroi.view.decide.drawings import cash_flow_drawing, waterfall_drawing
from tests.made_case import made_case

CASE = made_case()
SVG = "{http://www.w3.org/2000/svg}"
MARKS = str.maketrans("", "", "\u202b\u202c\u200e\u200f\u2066\u2067\u2068\u2069")


def drawings(text):
    return (
        board_drawing(CASE, CASE, text),
        cash_flow_drawing(CASE, text),
        waterfall_drawing(CASE, text),
    )


def lines_of(sheet):
    return [element for element in ElementTree.fromstring(sheet) if element.tag == f"{SVG}text"]


def said(words):
    return " ".join(words.translate(MARKS).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_carries_the_finding_what_is_drawn_and_the_source(language):
    for drawing in drawings(Text(language)):
        words = said(" ".join(line.text or "" for line in lines_of(svg(drawing, Text(language), "light"))))
        assert words == said(f"{drawing.title} {drawing.subtitle} {drawing.footer}")
        assert drawing.subtitle


@pytest.mark.parametrize("theme", THEMES)
def test_a_sheet_has_the_background_of_its_theme_and_its_fonts_inside(theme):
    sheet = svg(cash_flow_drawing(CASE, Text("ar")), Text("ar"), theme)
    ground = ElementTree.fromstring(sheet).find(f"{SVG}rect")
    assert ground is not None and ground.get("fill") == palette(theme).background
    assert sheet.count(b"@font-face") == 4 and b"://" not in sheet.replace(b"http://www.w3.org", b"")


def test_no_line_of_words_is_wider_than_its_sheet():
    long = replace(cash_flow_drawing(CASE, Text("en")), title="Saves cash for about eleven months, " * 8)
    lines = [line for line in lines_of(svg(long, Text("en"), "light")) if line.get("font-weight") == "600"]
    assert len(lines) > 3
    assert all(22 * image.text_width(str(line.text), 600) <= image.WIDTH - 2 * image._MARGIN for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_png_is_as_wide_as_a_slide(language):
    made = png(waterfall_drawing(CASE, Text(language)), Text(language), "light")
    assert made.startswith(b"\x89PNG") and struct.unpack(">I", made[16:20]) == (1600,)


def test_words_from_data_stay_words():
    hostile = replace(cash_flow_drawing(CASE, Text("en")), title='</text><script>alert("x")</script>')
    sheet = svg(hostile, Text("en"), "light")
    assert b"<script" not in sheet and ElementTree.fromstring(sheet) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_as_csv_are_whole_and_plain_under_headings_in_words(language):
    text = Text(language)
    for drawing in drawings(text):
        rows = list(csv.reader(io.StringIO(table_csv(drawing.table()).decode("utf-8-sig"))))
        assert rows[0] == [column.heading for column in drawing.table()]
        assert len(rows) == len(drawing.table()[0].figures) + 1
        assert all(float(cell) is not None for row in rows[1:] for cell in row[1:])
    level, _, low, *_ = board_drawing(CASE, CASE, text).table()
    assert low.figures[level.figures.index(0.0)] == pytest.approx(float(CASE.curve.low[0]), abs=0.01)
