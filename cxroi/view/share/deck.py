"""A story as slides in the browser: which in which order, and all that is said around them; every word of it comes from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cxroi.model.kept_scenario import SlideChoice, SlideChoices
from cxroi.text import Text
from cxroi.view.share.story import APPENDIX, Slide

ACTS = ("back", "next", "notes", "full_screen", "theme", "language", "leave")  # of the bar below the slides
_SAID = ("offline", "now", "notes_title", "next_title", "since_start")


@dataclass(frozen=True, kw_only=True, eq=False)
class DeckSlide:
    """A slide in its place: `position` is read, `announced` is heard; `notes` are what the presenter says, the caption first."""

    slide: Slide
    caption: str
    position: str
    announced: str
    notes: tuple[str, ...]
    next_title: str


def arranged(slides: Sequence[Slide], wanted: SlideChoices) -> tuple[tuple[Slide, SlideChoice], ...]:
    """Return every slide with what is chosen of it, in the chosen order; those not named follow, of which what stands behind is left out."""
    there = {slide.id: slide for slide in slides}
    named = [choice for choice in wanted.slides if choice.id in there]
    known = {choice.id for choice in named}
    rest = [SlideChoice(id=id, hidden=id in APPENDIX) for id in there if id not in known]
    return tuple((there[choice.id], choice) for choice in (*named, *rest))


def changed(slides: Sequence[Slide], wanted: SlideChoices, id: str, *, move: int = 0, **change: Any) -> SlideChoices:
    """Return the choice with one slide changed, or moved by so many places; what is chosen of slides that these data lack stays, last."""
    order = [choice for _, choice in arranged(slides, wanted)]
    at = next(place for place, choice in enumerate(order) if choice.id == id)
    one = replace(order.pop(at), **change)
    order.insert(min(max(at + move, 0), len(order)), one)
    known = {choice.id for choice in order}
    return replace(wanted, slides=(*order, *(choice for choice in wanted.slides if choice.id not in known)))


def deck(slides: Sequence[Slide], wanted: SlideChoices, text: Text) -> tuple[DeckSlide, ...]:
    """Return the slides that are shown, in their order."""
    shown = [(slide, choice.caption) for slide, choice in arranged(slides, wanted) if not choice.hidden]
    count = text.number(len(shown), 0)
    titles = [slide.title for slide, _ in shown[1:]]
    return tuple(
        DeckSlide(
            slide=slide,
            caption=caption,
            position=text("present.position", number=text.number(place, 0), count=count),
            announced=text("present.announced", number=text.number(place, 0), count=count, title=slide.title),
            notes=tuple(filter(None, (caption, *slide.notes))),
            next_title=titles[place - 1] if place <= len(titles) else text("present.last"),
        )
        for place, (slide, caption) in enumerate(shown, 1)
    )


def deck_words(text: Text, other: str) -> dict[str, str]:
    """Return what the bar and the window of notes say; the act "language" names the language `other`."""
    acts = {act: text(f"present.act.{act}") for act in ACTS if act != "language"}
    return acts | {"language": text(f"ui.language.{other}")} | {name: text(f"present.{name}") for name in _SAID}
