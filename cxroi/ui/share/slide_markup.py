"""A slide as HTML for the browser: its parts in the pages' own look, its charts as pictures in either theme."""

from __future__ import annotations

from collections.abc import Iterator

from cxroi.chart.drawing import Drawing
from cxroi.chart.theme import THEMES
from cxroi.export.image import picture
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.tables import table_markup
from cxroi.view.share.story import Figures, Part, Sentences, Slide, StoryTable

_WIDTH = 400  # a chart is drawn as on a phone and shown larger: its words are read from the back of a room


def slide_parts(slide: Slide, text: Text) -> str:
    """Return what stands below the title: figures and sentences over the whole width, what is larger side by side where there are two."""
    blocks = [part for part in slide.parts if _is_block(part)]
    kind = " cx-two" if len(blocks) > 1 else ""
    return f'<div class="cx-slide-parts{kind}">{"".join(_parts(slide, text))}</div>'


def _is_block(part: Part) -> bool:
    return isinstance(part, Drawing | StoryTable) or (isinstance(part, Sentences) and part.listed)


def _parts(slide: Slide, text: Text) -> Iterator[str]:
    for place, part in enumerate(slide.parts):
        if isinstance(part, Figures):
            yield markup.slide_figures(part.figures, part.caption)
        elif isinstance(part, Sentences):
            yield markup.slide_sentences(part.sentences, listed=part.listed)
        else:
            heading = markup.finding(part.title) if part.title != slide.title else ""
            body = _table(part) if isinstance(part, StoryTable) else _drawing(part, f"{slide.id}-{place}", slide, text)
            yield f'<div class="cx-block">{heading}{body}</div>'


def _table(table: StoryTable) -> str:
    drawn = table_markup(table.headings, table.first_rows, caption=table.title, figures=table.figures)
    return drawn + "".join(markup.source(words) for words in (table.more, table.note) if words)


def _drawing(drawing: Drawing, name: str, slide: Slide, text: Text) -> str:
    pictures = "".join(
        f'<div class="cx-in-{theme}" aria-hidden="true">{picture(drawing, text, theme, f"{name}-{theme}", width=_WIDTH)}</div>'
        for theme in THEMES
    )
    above = markup.source(drawing.subtitle) if drawing.subtitle else ""
    below = markup.source(drawing.footer) if drawing.footer != slide.source else ""
    return f"{above}{markup.unseen(drawing.alternative)}{pictures}{below}"
