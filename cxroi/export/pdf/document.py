"""A story as PDF: its words and pictures go to the typesetter as data, never as markup; what it looks like stands in the .typ files beside."""

from __future__ import annotations

import io
import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from cxroi.chart.drawing import Drawing
from cxroi.chart.theme import palette
from cxroi.export.arrangement import rows_of
from cxroi.export.image import bare_svg, drawable, font_folder
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.share.board_summary import BoardSummary
from cxroi.view.share.story import Figures, Part, Sentences, Slide, Story, StoryTable

Kind = Literal["report", "summary", "slides"]
_LONGEST = 2_000  # signs of one piece of words
# The size of a picture in pixels, and of its plot: on A4, beside a table on a slide, alone on its row, and alone on the slide.
_ON_PAPER, _BESIDE, _ON_A_ROW, _ALONE = (700, None), (530, 225), (920, 185), (920, 290)
_HEAVY = re.compile(r'<text[^>]* font-weight="(?:600|bold)"[^>]*>')


def pdf(kind: Kind, story: Story, summary: BoardSummary, text: Text) -> bytes:
    """Return a story in the language of `text`: the whole report, the one page of its summary, or slides."""
    import typst

    told = _told(kind, story, summary, text)
    return typst.compile(
        Path(__file__).with_name(f"{kind}.typ"),
        root=Path(__file__).parent,
        font_paths=[Path(font_folder().name)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_safe(told), ensure_ascii=False)},
        format="pdf",
        pdf_standards="ua-1",
    )


def locked(content: bytes, password: str) -> bytes:
    """Return a PDF that opens for who has the password alone (AES, 256 bits)."""
    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(content))), io.BytesIO()
    writer.encrypt(password, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def _told(kind: Kind, story: Story, summary: BoardSummary, text: Text) -> dict[str, Any]:
    """Return everything that a document says."""
    slides = story.slides[:1] if kind == "summary" else story.slides
    return {
        "language": text.language,
        "direction": text.direction,
        "colours": {**asdict(palette("light")), "verdict": palette("light").verdicts[story.call].colour},
        "app": text("app.name"),
        "title": story.title,
        "contents": text("share.contents"),
        "summary": {"title": text("summary.title"), "sentences": summary.sentences},
        "line": story.provenance.line,
        "illustrative": story.provenance.illustrative,
        "facts": story.provenance.facts,
        "slides": [_slide(slide, kind, text) for slide in slides],
        "appendix": [] if kind == "summary" else [_slide(slide, kind, text) for slide in story.appendix],
    }


def _slide(slide: Slide, kind: Kind, text: Text) -> dict[str, Any]:
    rows = rows_of(slide) if kind == "slides" else [(part,) for part in slide.parts]
    return {
        "name": slide.name,
        "title": slide.title,
        "pieces": slide.pieces,
        "rows": [[_part(part, slide, kind, len(row) > 1, text) for part in row] for row in rows],
        "source": slide.source,
    }


def _part(part: Part, slide: Slide, kind: Kind, beside: bool, text: Text) -> dict[str, Any]:
    if isinstance(part, Figures):
        return {"kind": "figures", **asdict(part)}
    if isinstance(part, Sentences):
        return {"kind": "sentences", **asdict(part)}
    title = part.title if part.title != slide.title else ""
    if isinstance(part, StoryTable):
        return {
            "kind": "table",
            **asdict(replace(part, title=title)),
            "figures": sorted(part.figures),
            "first": len(part.first_rows),
        }
    return {"kind": "drawing", "title": title, **_drawing(part, slide, kind, beside, text)}


def _drawing(drawing: Drawing, slide: Slide, kind: Kind, beside: bool, text: Text) -> dict[str, Any]:
    alone = _ALONE if len(slide.parts) == 1 else _ON_A_ROW
    size = _ON_PAPER if kind != "slides" else _BESIDE if beside else alone
    return {
        "subtitle": drawing.subtitle,
        "footer": drawing.footer if drawing.footer != slide.source else "",
        "alternative": drawing.alternative,
        "picture": _HEAVY.sub(_half_bold, bare_svg(drawing, text, *size)),
    }


def _half_bold(tag: re.Match[str]) -> str:
    """Return an element of words with the family that the typesetter knows our half-bold faces by."""
    return re.sub(r"IBM Plex Sans( Arabic)?(?=,)", r"\g<0> SmBld", tag[0])


def _safe(told: Any, name: str = "") -> Any:
    """Return what a document says with every word made clean; of a sign that our fonts lack stands that it is missing."""
    if isinstance(told, dict):
        return {key: _safe(value, key) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [_safe(value) for value in told]
    if isinstance(told, str):
        return drawable(told if name == "picture" else shown(told, _LONGEST))
    return told
