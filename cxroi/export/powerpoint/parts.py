"""The parts of a slide but its charts: how high each stands at a scale, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from cxroi.export.powerpoint.pen import COLOURS, SMALL, Box, Look, Pen, bare, height_of, width_of
from cxroi.view.ranged import RangeBar, RangedFigure
from cxroi.view.share.story import Figures, Sentences, StoryTable

HEADING = Look(15, weight=600)
_PASSAGE, _POINT = Look(17), Look(15)
_LABEL, _VALUE, _CHANCE = Look(13, COLOURS.quiet), Look(28, weight=600), Look(24, weight=600)
_HEAD, _CELL, _NAME = Look(11, COLOURS.quiet), Look(12.5), Look(12.5, weight=600)
_BETWEEN, _CARDS = 28.0, 4  # points between two cards; cards in a row
_DOTS, _DOT = 20, 12.0  # of a chance; points from one to the next
_PAD, _GUTTER = 9.0, 14.0  # points of a table: above and below the words of a row, between its columns
_GAP = 0.45  # of their size, between two sentences


def sentences_height(part: Sentences, width: float, scale: float) -> float:
    """Return how high sentences stand."""
    look = _sentence(part, scale)
    return height_of(part.sentences, look, _room(part, look, width), gap=_GAP)


def draw_sentences(pen: Pen, part: Sentences, box: Box, scale: float) -> None:
    """Write sentences one below the other."""
    pen.words(part.sentences, box, _sentence(part, scale), listed=part.listed, gap=_GAP)


def _sentence(part: Sentences, scale: float) -> Look:
    return (_POINT if part.listed else _PASSAGE).at(scale)


def _room(part: Sentences, look: Look, width: float) -> float:
    return width - 1.1 * look.size if part.listed else width


def figures_height(part: Figures, width: float, scale: float) -> float:
    """Return how high a row of figures stands, or several rows."""
    caption = _caption_height(part, width, scale)
    return caption + sum(_row_height(row, width, scale) for row in _card_rows(part)) + 12 * (len(_card_rows(part)) - 1)


def draw_figures(pen: Pen, part: Figures, box: Box, scale: float) -> None:
    """Draw figures beside each other, each with its range."""
    top = box.top + _caption_height(part, box.width, scale)
    if part.caption:
        pen.words([part.caption], box, _LABEL.at(scale))
    for row in _card_rows(part):
        width, height = _card_width(row, box.width), _row_height(row, box.width, scale)
        value = min((_value_look(figure, width, scale) for figure in row), key=lambda look: look.size)
        for place, figure in enumerate(row):
            at = Box(box.left + place * (width + _BETWEEN), top, width, height)
            pen.line((at.left, top), (at.left + width, top), COLOURS.line, 1.5)
            at = replace(at, top=top + 8)
            if figure.share is None:
                _ranged(pen, figure, at, value, scale)
            else:
                _chance(pen, figure, at, scale)
        top += height + 12


def _caption_height(part: Figures, width: float, scale: float) -> float:
    return height_of([part.caption], _LABEL.at(scale), width) + 6 if part.caption else 0.0


def _card_rows(part: Figures) -> list[Sequence[RangedFigure]]:
    return [part.figures[start : start + _CARDS] for start in range(0, len(part.figures), _CARDS)]


def _card_width(row: Sequence[RangedFigure], width: float) -> float:
    return (width - _BETWEEN * (len(row) - 1)) / len(row)


def _row_height(row: Sequence[RangedFigure], width: float, scale: float) -> float:
    return max(_card_height(figure, _card_width(row, width), scale) for figure in row)


def _card_height(figure: RangedFigure, width: float, scale: float) -> float:
    told = [words for words in (figure.label, figure.range, figure.note) if words]
    if figure.share is not None:
        return (
            8
            + max(1.3 * _CHANCE.size * scale, height_of(told, _LABEL.at(scale), _beside(figure, width, scale)))
            + 4
            + _DOT
        )
    return 8 + height_of(told, _LABEL.at(scale), width) + 1.3 * _VALUE.size * scale


def _beside(figure: RangedFigure, width: float, scale: float) -> float:
    """Return the room for words beside the value of a chance."""
    return width - _value_width(figure, _CHANCE.at(scale)) - 10


def _value_width(figure: RangedFigure, look: Look) -> float:
    return 1.02 * width_of(figure.value, look)


def _value_look(figure: RangedFigure, width: float, scale: float) -> Look:
    """Return how a value fits into a card of `width`: never so large that it goes on below, over the words there."""
    look = _VALUE.at(scale)
    return look.at(min(1.0, width / _value_width(figure, look)))


def _chance(pen: Pen, figure: RangedFigure, box: Box, scale: float) -> None:
    value, look = _CHANCE.at(scale), _LABEL.at(scale)
    room = _beside(figure, box.width, scale)
    told = [words for words in (figure.label, figure.range, figure.note) if words]
    high = max(1.3 * value.size, height_of(told, look, room))
    pen.words([figure.value], replace(box, width=box.width - room - 10, height=1.3 * value.size), value)
    lower = max((1.3 * value.size - height_of(told, look, room)) / 2, 0.0) + 1
    pen.words(told, Box(box.left + box.width - room, box.top + lower, room, high), look)
    shapes, filled = pen.group(f"{figure.value} {figure.label}"), round((figure.share or 0.0) * _DOTS)
    for place in range(_DOTS):
        dot = Box(box.left + place * _DOT, box.top + high + 4, 0.72 * _DOT, 0.72 * _DOT)
        pen.shape(dot, COLOURS.accent if place < filled else COLOURS.background, edge=COLOURS.accent, shapes=shapes)


def _ranged(pen: Pen, figure: RangedFigure, box: Box, value: Look, scale: float) -> None:
    look = _LABEL.at(scale)
    label = height_of([figure.label], look, box.width)
    pen.words([figure.label], replace(box, height=label), look)
    high = 1.3 * _VALUE.size * scale
    pen.words(
        [figure.value], Box(box.left, box.top + label + high - 1.3 * value.size, box.width, 1.3 * value.size), value
    )
    taken = _value_width(figure, value) + 16
    if figure.bar is not None and box.width - taken > 45:
        width = min(box.width - taken, 130.0)
        at = Box(box.left + box.width - width, box.top + label + high / 2 - 7, width, 14)
        _bar(pen, figure.bar, at, f"{figure.label}: {figure.value} {figure.range}")
    told = [words for words in (figure.range, figure.note) if words]
    if told:
        pen.words(told, Box(box.left, box.top + label + high, box.width, 1.3 * look.size * len(told)), look)


def _bar(pen: Pen, bar: RangeBar, box: Box, told: str) -> None:
    shapes, middle = pen.group(told), box.top + box.height / 2
    pen.line((box.left, middle), (box.left + box.width, middle), COLOURS.line, 1, shapes)
    span = Box(box.left + bar.low * box.width, middle - 3.5, max((bar.high - bar.low) * box.width, 1.0), 7)
    pen.shape(span, COLOURS.accent_soft, MSO_SHAPE.ROUNDED_RECTANGLE, shapes=shapes).adjustments[0] = 0.5
    if bar.zero is not None:
        at = box.left + bar.zero * box.width
        pen.line((at, box.top), (at, box.top + box.height), COLOURS.text, 1.5, shapes)
    if bar.has_middle:
        pen.shape(Box(box.left + bar.mid * box.width - 4.5, middle - 4.5, 9, 9), COLOURS.accent, shapes=shapes)


def table_height(part: StoryTable, width: float, scale: float, *, title: bool) -> float:
    """Return how high a table stands; `title`: under its own title."""
    widths = _widths(part, width, scale)
    above, below = _words_around(part, title)
    high = sum(_row_height_of(row, widths, look, scale) for row, look in _lines(part))
    return (
        height_of(above, HEADING.at(scale), width) + high + height_of(below, SMALL.at(scale), width) + 6 * bool(below)
    )


def draw_table(pen: Pen, part: StoryTable, box: Box, scale: float, *, title: bool) -> None:
    """Draw a table that stays one: its columns in the order of reading, its head told as such."""
    widths, lines = _widths(part, box.width, scale), _lines(part)
    above, below = _words_around(part, title)
    top = box.top + height_of(above, HEADING.at(scale), box.width)
    if above:
        pen.words(above, box, HEADING.at(scale))
    heights = [_row_height_of(row, widths, look, scale) for row, look in lines]
    at = Box(box.left, top, sum(widths), sum(heights))
    frame = pen.shapes.add_table(len(lines), len(widths), *pen.place(at))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", pen.clean(part.title))
    order = list(range(len(widths)))[:: -1 if pen.mirrored else 1]
    _plain(frame.table)
    for place, column in enumerate(order):
        frame.table.columns[place].width = Pt(widths[column])
    for line, ((row, look), height) in enumerate(zip(lines, heights, strict=True)):
        frame.table.rows[line].height = Pt(height)
        for place, column in enumerate(order):
            own = _NAME if look is _CELL and column == 0 else look
            far, last = column in part.figures, column == len(widths) - 1
            _cell(pen, frame.table.cell(line, place), row[column], own.at(scale), far=far, last=last)
    if below:
        pen.words(below, Box(box.left, top + sum(heights) + 6, box.width, 12), SMALL.at(scale))


def _words_around(part: StoryTable, title: bool) -> tuple[list[str], list[str]]:
    return [part.title] if title else [], [words for words in (part.more, part.note) if words]


def _lines(part: StoryTable) -> list[tuple[Sequence[str], Look]]:
    return [(part.headings, _HEAD), *((row, _CELL) for row in part.rows)]


def _widths(part: StoryTable, width: float, scale: float) -> list[float]:
    """Return the widths of the columns: what each needs, those that need most sharing what the others leave, none below its longest word."""
    lines = [(part.headings, _HEAD), *((row, _NAME) for row in part.rows)]
    cells = [[(row[column], look.at(scale)) for row, look in lines] for column in range(len(part.headings))]
    needs = [_GUTTER + max(width_of(words, look) for words, look in column) for column in cells]
    least = [
        _GUTTER + max(width_of(word, look) for words, look in column for word in words.split(" ")) for column in cells
    ]
    found: dict[int, float] = {}
    while len(found) < len(cells):
        share = (width - sum(found.values())) / (len(cells) - len(found))
        open_ = [column for column in range(len(cells)) if column not in found]
        settled = {
            column: min(needs[column], max(least[column], share))
            for column in open_
            if not least[column] < share < needs[column]
        }
        if not settled:
            return [found.get(column, share) for column in range(len(cells))]
        found |= settled
    spare = max(width - sum(found.values()), 0.0) / len(cells)
    return [found[column] + spare for column in range(len(cells))]


def _row_height_of(row: Sequence[str], widths: Sequence[float], look: Look, scale: float) -> float:
    looks = [_NAME if look is _CELL and not column else look for column in range(len(row))]
    high = (
        height_of([words], own.at(scale), room - _GUTTER) for words, own, room in zip(row, looks, widths, strict=True)
    )
    return max(high) + _PAD * scale


def _plain(table: Any) -> None:
    """Take the colours of PowerPoint's own style from a table; its first row stays told as its head."""
    table.horz_banding = False
    table._tbl.tblPr.find("{*}tableStyleId").text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _cell(pen: Pen, cell: Any, words: str, look: Look, *, far: bool, last: bool) -> None:
    bare(cell.text_frame)
    cell.margin_top = cell.margin_bottom = Pt(3)
    pad = (0 if last else Pt(_GUTTER), 0)
    cell.margin_left, cell.margin_right = pad if pen.mirrored else pad[::-1]
    pen.write(cell.text_frame.paragraphs[0], [(words, look)], far=far)
    below = OxmlElement("a:lnB")
    below.set("w", "9525")
    fill = OxmlElement("a:solidFill")
    shade = OxmlElement("a:srgbClr")
    shade.set("val", COLOURS.line.removeprefix("#"))
    fill.append(shade)
    below.append(fill)
    cell._tc.get_or_add_tcPr().insert(0, below)
