"""What everything on a slide of PowerPoint is drawn with: words, lines, bars and dots, placed from the side where reading starts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from cxroi.chart.theme import palette
from cxroi.export.image import broken, text_width
from cxroi.text import Text
from cxroi.text.plain import shown

WIDTH, HEIGHT, MARGIN = 960.0, 540.0, 44.0  # points: 16:9
COLOURS = palette("light")
LATIN, ARABIC = "IBM Plex Sans", "IBM Plex Sans Arabic"
_LONGEST = 2_000  # signs of one piece of words
_LINE = 1.3  # of the size of words
_WIDER, _JOINED = 1.06, 0.92  # than our fonts: where others stand in for them; Arabic letters where they are joined
_LOCALE = {"en": "en-US", "ar": "ar-SA"}
_ISOLATED = (re.compile("\u2066([^\u2066-\u2069]*)\u2069"), re.compile("\u2068([^\u2066-\u2069]*)\u2069"))


@dataclass(frozen=True)
class Box:
    """A place on a slide in points; `left` is counted from the side where reading starts."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Look:
    """How words look: their size in points, their colour, their weight."""

    size: float
    colour: str = COLOURS.text
    weight: int = 400

    def at(self, scale: float) -> Look:
        """Return the same look, so much larger."""
        return replace(self, size=round(self.size * scale, 1))


KICKER, SMALL = Look(11.5, COLOURS.quiet), Look(9, COLOURS.quiet)


def height_of(lines: Iterable[str], look: Look, width: float, *, gap: float = 0.0) -> float:
    """Return how high words stand in points, each of `lines` broken where `width` ends, with a `gap` (of their size) between them."""
    heights = [lines_of(line, look, width) * _LINE * look.size for line in lines]
    return sum(heights) + gap * look.size * max(len(heights) - 1, 0)


def lines_of(words: str, look: Look, width: float) -> int:
    """Return in how many lines words stand within `width` points."""
    return len(broken(words, width / (look.size * _taken(words)), look.weight))


def width_of(words: str, look: Look) -> float:
    """Return how wide words are in points."""
    return text_width(words, look.weight) * look.size * _taken(words)


def _taken(words: str) -> float:
    return _JOINED if any(unicodedata.bidirectional(sign) == "AL" for sign in words) else _WIDER


def colour(code: str) -> Any:
    """Return a colour of the palette as PowerPoint has it."""
    return RGBColor.from_string(code.removeprefix("#"))


class Pen:
    """Draws on one slide in one language; nothing it writes is a link, a formula or markup."""

    def __init__(self, slide: Any, text: Text) -> None:
        self.shapes = slide.shapes
        self.text = text
        self.mirrored = text.direction == "rtl"

    def place(self, box: Box) -> tuple[Any, Any, Any, Any]:
        """Return a box as left, top, width and height on the slide."""
        left = WIDTH - box.left - box.width if self.mirrored else box.left
        return Pt(left), Pt(box.top), Pt(box.width), Pt(box.height)

    def words(
        self, lines: Sequence[str], box: Box, look: Look, *, far: bool = False, listed: bool = False, gap: float = 0.0
    ) -> None:
        """Write words one below the other, towards the `far` side or from where reading starts; `listed`: as points."""
        frame = bare(self.shapes.add_textbox(*self.place(box)).text_frame)
        for place, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            self.write(paragraph, [(line, look)], far=far)
            if place:
                paragraph.space_before = Pt(gap * look.size)
            if listed:
                _pointed(paragraph, look)

    def write(self, paragraph: Any, runs: Iterable[tuple[str, Look]], *, far: bool = False) -> None:
        """Write words of several looks into an empty paragraph, and turn it the way its language is read."""
        properties = paragraph._p.get_or_add_pPr()
        properties.set("algn", "r" if far != self.mirrored else "l")
        properties.set("rtl", str(int(self.mirrored)))
        for words, look in runs:
            run = paragraph.add_run()
            run.text = self.clean(words)
            self.set_font(run.font, look)
            run._r.get_or_add_rPr().set("lang", _LOCALE[self.text.language])
            paragraph.line_spacing = Pt(_LINE * look.size)

    def clean(self, words: str) -> str:
        """Return words that may come from data as they are written; a figure or name keeps its own order in programs too that know no isolates."""
        mark = "\u200f" if self.mirrored else "\u200e"

        def embedded(found: re.Match[str]) -> str:
            first = next((kind for kind in map(unicodedata.bidirectional, found[1]) if kind in ("L", "R", "AL")), "L")
            start = "\u202a" if first == "L" else "\u202b"
            return f"{mark}{start}{found[1]}\u202c{mark}"

        words = shown(words, _LONGEST)
        for isolated in _ISOLATED:
            words = isolated.sub(embedded, words)
        return words

    def set_font(self, font: Any, look: Look) -> None:
        """Give words their look, in our fonts for both scripts."""
        font.size, font.bold, font.name = Pt(look.size), look.weight > 400, LATIN
        font.color.rgb = colour(look.colour)
        arabic = OxmlElement("a:cs")
        arabic.set("typeface", ARABIC)
        font._element.append(arabic)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], shade: str, weight: float, shapes: Any = None
    ) -> None:
        """Draw a straight line between two places."""
        (left, top), (right, bottom) = ((WIDTH - x if self.mirrored else x, y) for x, y in (start, end))
        drawn = (shapes or self.shapes).add_connector(1, Pt(left), Pt(top), Pt(right), Pt(bottom))
        drawn.line.color.rgb, drawn.line.width = colour(shade), Pt(weight)
        drawn._element.remove(drawn._element.find("{*}style"))  # of PowerPoint's own, with a shadow

    def shape(self, box: Box, fill: str, kind: Any = MSO_SHAPE.OVAL, edge: str = "", shapes: Any = None) -> Any:
        """Draw a filled shape."""
        drawn = (shapes or self.shapes).add_shape(kind, *self.place(box))
        drawn.fill.solid()
        drawn.fill.fore_color.rgb = colour(fill)
        drawn.shadow.inherit = False
        if edge:
            drawn.line.color.rgb, drawn.line.width = colour(edge), Pt(1)
        else:
            drawn.line.fill.background()
        return drawn

    def group(self, told: str) -> Any:
        """Return a group of shapes that is one thing to who does not see it."""
        group = self.shapes.add_group_shape()
        tell(group._element.nvGrpSpPr.cNvPr, self.clean(told))
        return group.shapes


def tell(properties: Any, words: str) -> None:
    """Give a shape the words for those who do not see it."""
    properties.set("descr", words)


def bare(frame: Any) -> Any:
    """Return a frame for words without margins, in which they break and stand at the top."""
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _pointed(paragraph: Any, look: Look) -> None:
    properties, indent = paragraph._p.get_or_add_pPr(), int(Pt(1.1 * look.size))
    properties.set("marL", str(indent))  # in Arabic too it is the side where reading starts
    properties.set("indent", str(-indent))
    point = OxmlElement("a:buChar")
    point.set("char", "•")
    properties.append(point)
