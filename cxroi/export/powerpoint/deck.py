"""The deck: a title slide, a slide for each of the story's, and the appendix with its tables whole."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from lxml import etree
from pptx import Presentation
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from cxroi.chart.drawing import Drawing
from cxroi.export.arrangement import rows_of
from cxroi.export.image import bare_png
from cxroi.export.powerpoint.native import draw_native, has_native
from cxroi.export.powerpoint.parts import (
    HEADING,
    draw_figures,
    draw_sentences,
    draw_table,
    figures_height,
    sentences_height,
    table_height,
)
from cxroi.export.powerpoint.pen import (
    ARABIC,
    COLOURS,
    HEIGHT,
    KICKER,
    LATIN,
    MARGIN,
    SMALL,
    WIDTH,
    Box,
    Look,
    Pen,
    bare,
    colour,
    height_of,
    lines_of,
)
from cxroi.text import Text
from cxroi.view.share.story import Figures, Part, Provenance, Sentences, Slide, Story, StoryTable

_TITLES = (Look(30, weight=600), Look(26, weight=600), Look(22, weight=600))
_ROOM = Box(MARGIN, 0.0, WIDTH - 2 * MARGIN, 484.0)  # of the parts: down to where the source stands
_SOURCE, _FOOT = 488.0, 505.0
_LONGEST = 255  # signs that PowerPoint takes of what a file is about
_LARGEST, _WITHOUT_TABLE, _SMALLEST = 1.25, 1.6, 0.6  # times the usual size of words
_GAP, _BESIDE = 16.0, 26.0  # points between two rows, and between two parts of one
_PICTURE = 0.54  # of a row, for a picture beside a table
_PAGE = 330.0  # points of a table that goes on on the next slide
_LEAST = {1: 230.0, 2: 165.0}  # points that a picture needs alone on its row and beside a table
_THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def deck(story: Story, text: Text) -> bytes:
    """Return a story as a file of PowerPoint in the language of `text`."""
    show = _empty(story, text)
    _first(_added(show), story, text)
    for slide in story.slides:
        _drawn(show, _short(slide), story, text, largest=_largest(slide))
    for slide in story.appendix:
        pages = list(_pages(slide))
        for page in pages:
            _drawn(show, page, story, text, largest=_largest(slide) if len(pages) == 1 else 1.0)
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def _empty(story: Story, text: Text) -> Any:
    """Return a file without slides, 16:9 and in our colours and fonts, those that are added by hand later too."""
    show = Presentation()
    wider = WIDTH * 12_700 / show.slide_width
    show.slide_width, show.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for sheet in (show.slide_master, *show.slide_layouts):
        for shape in sheet.placeholders:
            shape.left, shape.top, shape.width, shape.height = (
                int(shape.left * wider),
                shape.top,
                int(shape.width * wider),
                shape.height,
            )
    show.slide_master.background.fill.solid()
    show.slide_master.background.fill.fore_color.rgb = colour(COLOURS.background)
    _paint(show)
    facts = show.core_properties
    facts.author = facts.last_modified_by = text("app.name")
    facts.title, facts.subject, facts.language = story.title, story.provenance.line[:_LONGEST], text.language
    facts.created = facts.modified = datetime.now(UTC).replace(tzinfo=None)
    return show


def _paint(show: Any) -> None:
    """Put our colours and fonts into the theme."""
    (part,) = (one.target_part for one in show.slide_master.part.rels.values() if one.reltype.endswith("/theme"))
    theme = etree.fromstring(part.blob)
    shades = {
        **{
            "dk1": COLOURS.text,
            "lt1": COLOURS.surface,
            "dk2": COLOURS.quiet,
            "lt2": COLOURS.panel,
            "hlink": COLOURS.accent,
        },
        **{"accent1": COLOURS.accent, "accent2": COLOURS.gain, "accent3": COLOURS.loss, "accent4": COLOURS.accent_soft},
    }
    for name, shade in shades.items():
        (place,) = theme.iter(f"{_THEME}{name}")
        place[:] = [etree.Element(f"{_THEME}srgbClr", val=shade.removeprefix("#"))]
    for family in ("majorFont", "minorFont"):
        (place,) = theme.iter(f"{_THEME}{family}")
        place.find(f"{_THEME}latin").set("typeface", LATIN)
        place.find(f"{_THEME}cs").set("typeface", ARABIC)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _added(show: Any) -> Any:
    return show.slides.add_slide(show.slide_layouts[5])  # a title and nothing else


def _first(slide: Any, story: Story, text: Text) -> None:
    """Draw the title slide: the question, and where all figures come from."""
    pen, of = Pen(slide, text), story.provenance
    pen.words([text("app.name")], Box(MARGIN, 96, 600, 24), Look(18, COLOURS.accent, weight=600))
    _titled(slide, pen, [(story.title, Look(44, weight=600))], Box(MARGIN, 128, 760, 130))
    if of.illustrative:
        pen.words([of.illustrative], Box(MARGIN, 264, 760, 24), Look(16, COLOURS.quiet))
    columns, width = 5, (WIDTH - 2 * MARGIN) / 5
    pen.line((MARGIN, 352), (WIDTH - MARGIN, 352), COLOURS.line, 1.5)
    for place, fact in enumerate(of.facts):
        row, column = divmod(place, columns)
        box = Box(MARGIN + column * width, 366 + 66 * row, width - 16, 60)
        pen.words([fact[0]], box, KICKER)
        pen.words([fact[1]], replace(box, top=box.top + 15), Look(13.5))


def _titled(slide: Any, pen: Pen, runs: Sequence[tuple[str, Look]], box: Box) -> None:
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = pen.place(box)
    pen.write(bare(title.text_frame).paragraphs[0], runs)


def _drawn(show: Any, slide: Slide, story: Story, text: Text, *, largest: float) -> None:
    """Add a slide: its name, its finding, its parts, its source, where it comes from, and what is said to it."""
    added = _added(show)
    pen = Pen(added, text)
    pen.words([slide.name], Box(MARGIN, 26, 600, 16), KICKER)
    fitting = ((one, most) for most in (1, 2) for one in _TITLES[: most + 1])
    look = next((one for one, most in fitting if lines_of(slide.title, one, _ROOM.width) <= most), _TITLES[-1])
    high = height_of([slide.title], look, _ROOM.width)
    _titled(added, pen, _marked(slide, story, look), Box(MARGIN, 44, _ROOM.width, high))
    top = 44 + high + 18
    _lay_out(pen, slide, replace(_ROOM, top=top, height=_ROOM.height - top), largest)
    pen.words([slide.source], Box(MARGIN, _SOURCE, _ROOM.width, 14), SMALL)
    _foot(pen, story.provenance, len(show.slides))
    if slide.notes:
        frame = added.notes_slide.notes_text_frame
        for place, note in enumerate(slide.notes):
            pen.write(frame.paragraphs[0] if place == 0 else frame.add_paragraph(), [(note, Look(12))])


def _marked(slide: Slide, story: Story, look: Look) -> list[tuple[str, Look]]:
    """Return the title in its pieces: the words of the verdict in its colour."""
    shade = replace(look, colour=COLOURS.verdicts[story.call].colour)
    return [(words, one) for words, one in zip(slide.pieces, (look, shade, look), strict=True) if words]


def _foot(pen: Pen, of: Provenance, number: int) -> None:
    pen.line((MARGIN, _FOOT - 2), (WIDTH - MARGIN, _FOOT - 2), COLOURS.line, 0.75)
    pen.words([of.line], Box(MARGIN, _FOOT + 2, _ROOM.width - 60, 24), Look(8.5, COLOURS.quiet))
    box = pen.shapes.add_textbox(*pen.place(Box(WIDTH - MARGIN - 40, _FOOT + 2, 40, 12)))
    paragraph = bare(box.text_frame).paragraphs[0]
    pen.write(paragraph, [(str(number), SMALL)], far=True)
    run = paragraph._p.find("{*}r")
    field = OxmlElement("a:fld")
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    field.set("type", "slidenum")
    field.extend(list(run))
    paragraph._p.replace(run, field)


def _largest(slide: Slide) -> float:
    """Return how large the parts of a slide may get: a table not so much as a few words and figures."""
    return _LARGEST if any(isinstance(part, StoryTable) for part in slide.parts) else _WITHOUT_TABLE


def _short(slide: Slide) -> Slide:
    """Return a slide whose tables have as many rows as a slide has room for."""
    parts = (replace(part, rows=part.first_rows) if isinstance(part, StoryTable) else part for part in slide.parts)
    return replace(slide, parts=tuple(parts))


def _pages(slide: Slide) -> Iterator[Slide]:
    """Yield a slide of the appendix, one with a long table as several that hold all of its rows."""
    table = slide.parts[0]
    if not isinstance(table, StoryTable):
        yield slide
        return
    table = replace(table, more="")
    first = 0
    for last in range(1, len(table.rows) + 1):
        is_last = last == len(table.rows)
        page = replace(table, rows=table.rows[first:last], note=table.note if is_last else "")
        longer = replace(page, rows=table.rows[first : last + 1])
        if is_last or table_height(longer, _ROOM.width, 1.0, title=False) > _PAGE:
            yield replace(slide, parts=(page,))
            first = last


def _lay_out(pen: Pen, slide: Slide, box: Box, largest: float) -> None:
    """Draw the parts as large as they have room for; a picture takes what the others leave."""
    rows = rows_of(slide)
    for scale in np.arange(largest, _SMALLEST, -0.05).tolist():
        heights = [_row_height(row, slide, box.width, scale) for row in rows]
        left = box.height - sum(heights) - _GAP * (len(rows) - 1)
        if left >= 0:
            break
    drawings = [any(isinstance(part, Drawing) for part in row) for row in rows]
    spare = max(left, 0.0) / sum(drawings) if any(drawings) else 0.0
    top = box.top
    for row, height, has_drawing in zip(rows, heights, drawings, strict=True):
        high = height + spare * has_drawing
        for part, at in zip(row, _places(row, replace(box, top=top, height=high)), strict=True):
            _draw(pen, part, slide, at, scale)
        top += high + _GAP


def _places(row: Sequence[Part], box: Box) -> list[Box]:
    if len(row) == 1:
        return [box]
    first = _PICTURE * (box.width - _BESIDE)
    return [replace(box, width=first), replace(box, left=box.left + first + _BESIDE, width=box.width - first - _BESIDE)]


def _row_height(row: Sequence[Part], slide: Slide, width: float, scale: float) -> float:
    places = _places(row, Box(0.0, 0.0, width, 0.0))
    return max(_height(part, slide, at.width, scale, len(row)) for part, at in zip(row, places, strict=True))


def _height(part: Part, slide: Slide, width: float, scale: float, beside: int) -> float:
    if isinstance(part, Figures):
        return figures_height(part, width, scale)
    if isinstance(part, Sentences):
        return sentences_height(part, width, scale)
    if isinstance(part, StoryTable):
        return table_height(part, width, scale, title=part.title != slide.title)
    return _above(part, slide, width)[1] + _LEAST[beside]


def _above(drawing: Drawing, slide: Slide, width: float) -> tuple[list[tuple[str, Look]], float]:
    """Return the words above a picture that the slide does not say yet, and how high they stand."""
    words = [(drawing.title, HEADING)] if drawing.title != slide.title else []
    words += [(drawing.subtitle, KICKER)] if drawing.subtitle else []
    return words, sum(height_of([line], look, width) for line, look in words) + 4 * bool(words)


def _draw(pen: Pen, part: Part, slide: Slide, box: Box, scale: float) -> None:
    if isinstance(part, Figures):
        draw_figures(pen, part, box, scale)
    elif isinstance(part, Sentences):
        draw_sentences(pen, part, box, scale)
    elif isinstance(part, StoryTable):
        draw_table(pen, part, box, scale, title=part.title != slide.title)
    else:
        _draw_picture(pen, part, slide, box)


def _draw_picture(pen: Pen, drawing: Drawing, slide: Slide, box: Box) -> None:
    top = box.top
    for line, look in _above(drawing, slide, box.width)[0]:
        high = height_of([line], look, box.width)
        pen.words([line], Box(box.left, top, box.width, high), look)
        top += high
    below = [drawing.footer] if drawing.footer != slide.source else []
    high = height_of(below, SMALL, box.width)
    at = replace(box, top=top + 4, height=box.top + box.height - top - 4 - high)
    if has_native(drawing):
        draw_native(pen, drawing, at)
    else:
        _picture(pen, drawing, at)
    if below:
        pen.words(below, replace(box, top=box.top + box.height - high, height=high), SMALL)


def _picture(pen: Pen, drawing: Drawing, box: Box) -> None:
    """Draw what PowerPoint has no chart for as a picture, as large as fits."""
    image = io.BytesIO(bare_png(drawing, pen.text, round(box.width), round(box.height) - 60))
    left, top, width, height = pen.place(box)
    added = pen.shapes.add_picture(image, left, top, height=height)
    if added.width > width:
        added.width, added.height = width, round(added.height * width / added.width)
    if pen.mirrored:
        added.left = left + width - added.width
    added._element.nvPicPr.cNvPr.set("descr", pen.clean(drawing.alternative))
