"""A drawing as an image: on a sheet with its finding and source, as PNG or SVG, or the picture alone; and what our fonts can write."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any
from unicodedata import category

from cxroi.chart.drawing import Drawing, standalone
from cxroi.chart.theme import FONT, Palette, palette
from cxroi.shipped import shipped
from cxroi.text import Text

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

WIDTH, SHARPNESS = 800, 2  # a PNG is 1,600 pixels wide: text of 13 is read from the back of a room
_MARGIN = 28
_VEGA_LITE = "6.4"
_LATIN, _ARABIC = "IBMPlexSans", "IBMPlexSansArabic"
# The converter looks for a sign in the first family only before it asks the machine's own fonts; the Arabic one has both scripts.
_FAMILIES = {"ltr": FONT, "rtl": "IBM Plex Sans Arabic, IBM Plex Sans, sans-serif"}
_WEIGHTS = {400: "Regular", 600: "SemiBold"}
_one_at_a_time = Lock()  # the converter is one engine for all threads


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """Words that are broken into lines: their size and weight, their colour, and the space above them."""

    words: str
    size: int
    weight: int
    colour: str
    above: int

    @property
    def height(self) -> int:
        return round(1.4 * self.size)


def png(drawing: Drawing, text: Text, theme: str) -> bytes:
    """Return a drawing as PNG, sharp enough for a slide."""
    sheet = _sheet(drawing, text, theme, style="")
    with _one_at_a_time:
        image: bytes = _converter().svg_to_png(sheet, scale=SHARPNESS)
    return image


def svg(drawing: Drawing, text: Text, theme: str) -> bytes:
    """Return a drawing as SVG with its fonts inside, so that it looks the same where they are not installed."""
    return _sheet(drawing, text, theme, style=f"<style>{font_faces(text.direction)}</style>").encode()


def bare_svg(drawing: Drawing, text: Text, width: int, height: int | None = None) -> str:
    """Return the picture alone, light, as an SVG for who has our fonts, so many pixels wide; `height` is that of its plot, if not its own."""
    return _picture(drawing, text, "light", width, height).svg


def bare_png(drawing: Drawing, text: Text, width: int, height: int) -> bytes:
    """Return the same as PNG, sharp enough for a slide."""
    drawn = bare_svg(drawing, text, width, height)
    with _one_at_a_time:
        image: bytes = _converter().svg_to_png(drawn, scale=SHARPNESS)
    return image


def picture(drawing: Drawing, text: Text, theme: str, name: str, *, width: int = WIDTH - 2 * _MARGIN) -> str:
    """Return the picture alone as SVG, for a page that has our fonts; `name` tells its parts from those of other pictures there.

    The narrower it is drawn, the larger its words on the same place.
    """
    parts: dict[str, int] = {}

    def renamed(part: re.Match[str]) -> str:  # the converter counts on from one picture to the next
        return f"{part[1]}{name}-{parts.setdefault(part[2], len(parts))}"

    drawn = re.sub(r'(\bid="|url\(#)(\w+)', renamed, _picture(drawing, text, theme, width).svg)
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", drawn)


def _sheet(drawing: Drawing, text: Text, theme: str, *, style: str) -> str:
    """Return the whole sheet: the words laid out in lines, and the picture between them."""
    colours = palette(theme)
    above, below = _words(drawing, colours)
    body, y = [], float(_MARGIN)
    for lines in above:
        drawn, y = _laid_out(lines, y, text)
        body += drawn
    y += 16
    picture = _picture(drawing, text, theme)
    body.append(picture.svg.replace("<svg", f'<svg x="{_MARGIN}" y="{y:g}" overflow="visible"', 1))
    y += picture.height
    for lines in below:
        drawn, y = _laid_out(lines, y, text)
        body += drawn
    height = round(y + _MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" lang="{text.language}" aria-label="{escape(drawing.alternative)}">{style}'
        f'<rect width="{WIDTH}" height="{height}" fill="{colours.background}"/>{"".join(body)}</svg>'
    )


def _words(drawing: Drawing, colours: Palette) -> tuple[list[_Lines], list[_Lines]]:
    above = [_Lines(words=drawing.title, size=22, weight=600, colour=colours.text, above=0)]
    if drawing.subtitle:
        above.append(_Lines(words=drawing.subtitle, size=14, weight=400, colour=colours.quiet, above=4))
    return above, [_Lines(words=drawing.footer, size=13, weight=400, colour=colours.quiet, above=16)]


def _laid_out(lines: _Lines, top: float, text: Text) -> tuple[list[str], float]:
    """Return words as elements that start where reading starts, and where the last line ends."""
    mirrored = text.direction == "rtl"
    x, anchor = (WIDTH - _MARGIN, "end") if mirrored else (_MARGIN, "start")
    drawn, y = [], top + lines.above
    for line in broken(lines.words, (WIDTH - 2 * _MARGIN) / lines.size, lines.weight):
        baseline = y + 0.3 * (lines.height - lines.size) + lines.size
        words = f"\u202b{line}\u202c" if mirrored else line  # an image has no direction of its own
        drawn.append(
            f'<text x="{x}" y="{baseline:g}" text-anchor="{anchor}" font-family="{_FAMILIES[text.direction]}" font-size="{lines.size}" '
            f'font-weight="{lines.weight}" fill="{lines.colour}">{escape(words)}</text>'
        )
        y += lines.height
    return drawn, y


def broken(words: str, room: float, weight: int = 400) -> list[str]:
    """Return words broken at spaces into lines that fit `room`, in sizes of their font."""
    found, line = [], ""
    for word in words.split(" "):
        longer = f"{line} {word}".strip()
        if line and text_width(longer, weight) > room:
            found.append(line)
            longer = word
        line = longer
    return [*found, line]


def text_width(words: str, weight: int = 400) -> float:
    """Return how wide words are, in sizes of their font; Arabic letters as if they stood alone, where they are widest."""
    latin, arabic = (_advances(family, weight) for family in (_LATIN, _ARABIC))
    return sum(latin.get(ord(sign), arabic.get(ord(sign), 0.0)) for sign in words)


def drawable(words: str) -> str:
    """Return words in which a sign that none of our fonts has stands as "\ufffd"; those that nobody sees stay.

    >>> drawable("\u5ba2\u6237 عملاء \U0001f600")
    '\ufffd\ufffd عملاء \ufffd'
    """
    return "".join(sign if _known(sign) else "\ufffd" for sign in words)


@cache
def _known(sign: str) -> bool:
    return any(ord(sign) in _advances(family, 400) for family in (_LATIN, _ARABIC)) or category(sign) in ("Cc", "Cf")


@dataclass(frozen=True, kw_only=True)
class _Picture:
    svg: str
    height: float


def _picture(
    drawing: Drawing, text: Text, theme: str, width: int = WIDTH - 2 * _MARGIN, height: int | None = None
) -> _Picture:
    spec: dict[str, Any] = standalone(
        drawing, text.language, theme, width=width, arabic_indic_digits=text.arabic_indic_digits
    )
    written = json.dumps(spec | ({} if height is None else {"height": height})).replace(FONT, _FAMILIES[text.direction])
    with _one_at_a_time:
        drawn = _converter().vegalite_to_svg(written, vl_version=_VEGA_LITE, allowed_base_urls=[])
    found = re.search(r'<svg[^>]* height="([\d.]+)"', drawn)
    assert found is not None
    return _Picture(svg=drawn, height=float(found[1]))


@cache
def _converter() -> Any:
    """Return the converter, which knows our fonts from now on; loaded only when somebody asks for an image."""
    import vl_convert

    vl_convert.register_font_directory(font_folder().name)
    return vl_convert


@cache
def font_folder() -> TemporaryDirectory[str]:
    """Return a folder of this process with our fonts in the form that drawers read; kept until the process ends."""
    folder = TemporaryDirectory(prefix="cxroi-fonts-")
    for family in (_LATIN, _ARABIC):
        for weight in _WEIGHTS:
            font = _font(family, weight)
            font.flavor = None
            font.save(Path(folder.name, f"{family}-{weight}.ttf"))
    return folder


@cache
def _advances(family: str, weight: int) -> dict[int, float]:
    font = _font(family, weight)
    widths, size = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: widths[name][0] / size for code, name in font.getBestCmap().items()}


def _font(family: str, weight: int) -> TTFont:
    from fontTools.ttLib import TTFont

    return TTFont(_file(family, weight))


def _file(family: str, weight: int) -> Path:
    return shipped("static", "fonts", f"{family}-{_WEIGHTS[weight]}.woff2")


@cache
def font_faces(direction: str) -> str:
    """Return the fonts of a language as rules of a style sheet, with the fonts inside."""
    families = ((_LATIN, "IBM Plex Sans"), *(((_ARABIC, "IBM Plex Sans Arabic"),) if direction == "rtl" else ()))
    return "".join(_faces(families))


def _faces(families: Iterable[tuple[str, str]]) -> Iterable[str]:
    for file, name in families:
        for weight in _WEIGHTS:
            data = base64.b64encode(_file(file, weight).read_bytes()).decode()
            yield (
                f"@font-face {{ font-family: '{name}'; font-weight: {weight}; "
                f"src: url(data:font/woff2;base64,{data}) format('woff2'); }}"
            )
