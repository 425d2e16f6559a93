"""The parts of the page "Present": the slides over the whole window, all of them in the browser at once, and what is chosen of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.actions.scenarios import save_scenario
from cxroi.chart.theme import THEMES
from cxroi.model.kept_scenario import LONGEST_CAPTION, SLIDES_CHOSEN, SavedScenario, SlideChoices
from cxroi.questions import BusinessCase, Evidence
from cxroi.questions.small_groups import SEES_SMALL_GROUPS
from cxroi.questions.story import StoryFacts
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.arrival import kept_name_and_id, opened_scenario
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_theme, current_workspace, may_do, text_in
from cxroi.ui.app.language import PARAMETER as LANGUAGE
from cxroi.ui.app.own_component import own_component
from cxroi.ui.app.theme import theme_variables
from cxroi.ui.decide.case import current_case, scenario_key
from cxroi.ui.decide.keep import attempt, remember_told, tell_kept
from cxroi.ui.decide.live_panel import draw_panel, tell_all_drawn
from cxroi.ui.share.report import current_facts
from cxroi.ui.share.slide_choice import settle_slides, take_slides
from cxroi.ui.share.slide_markup import slide_parts
from cxroi.ui.tables import words_table
from cxroi.view.share.deck import arranged, changed, deck, deck_words
from cxroi.view.share.slides import story
from cxroi.view.share.story import Provenance, Slide

_DECK = "present_deck"
_LIVE = "what_if"  # the slide that has the panel of What-if
_STORIES = 16
_KEYS = ("move", "ends", "full_screen", "theme", "language", "notes", "black", "leave")
_NOTES_LOOK = Path(__file__).with_name("notes.css").read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Told:
    """A story in one language; `parts` is what stands below the titles, as markup, of each slide that was shown so far."""

    slides: tuple[Slide, ...]
    parts: dict[str, str]
    provenance: Provenance


def stage(evidence: Evidence) -> None:
    """Draw what the browser shows over the whole window, and the live panel of one slide; what is let go there changes all slides."""
    st.html(f"<style>{''.join(theme_variables(theme, _while_shown(theme)) for theme in THEMES)}</style>")
    st.fragment(_draw_stage)(evidence)


def _while_shown(theme: str) -> str:
    return f':root.cx-presenting[data-theme="{theme}"]'


def _draw_stage(evidence: Evidence) -> None:
    text = current_text()
    case = current_case(evidence)
    with st.spinner(text("present.making")):
        told = {language: _story(evidence, case, language) for language in LANGUAGES}
    wanted = settle_slides(opened_scenario())
    data = _deck_data(told, wanted, text)
    own_component("present")(key=_DECK, data=data, on_told_change=_hear)
    if any(slide["id"] == _LIVE for slide in data["decks"][text.language]["slides"]):
        with st.container(key="present-live"):
            draw_panel(evidence, text)
        tell_all_drawn()


def _deck_data(told: dict[str, _Told], wanted: SlideChoices, text: Text) -> dict[str, Any]:
    return {
        "language": text.language,
        "theme": current_theme(),
        "first": {"language": wanted.language, "theme": wanted.theme},
        "live": _LIVE,
        "start": text("present.start"),
        "notes_look": _NOTES_LOOK,
        "decks": {
            language: _in_one_language(of, wanted, text_in(language), other)
            for (language, of), other in zip(told.items(), reversed(LANGUAGES), strict=True)
        },
    }


def _in_one_language(told: _Told, wanted: SlideChoices, text: Text, other: str) -> dict[str, Any]:
    return {
        "direction": text.direction,
        "words": deck_words(text, other),
        "digits": "arab" if text.arabic_indic_digits else "latn",
        "line": told.provenance.line,
        "slides": [
            {
                "id": one.slide.id,
                "title": one.slide.title,
                "html": markup.slide(
                    one.slide.name, one.slide.title, one.caption, _parts(told, one.slide, text), one.slide.source
                ),
                "position": one.position,
                "announced": one.announced,
                "notes": one.notes,
                "next": one.next_title,
            }
            for one in deck(told.slides, wanted, text)
        ],
    }


def _parts(told: _Told, slide: Slide, text: Text) -> str:
    if slide.id not in told.parts:
        told.parts[slide.id] = slide_parts(slide, text)
    return told.parts[slide.id]


def _hear() -> None:
    """Take the language that the slides were switched to: the live panel follows."""
    told = (widgets().get(_DECK) or {}).get("told")
    language = told.get("language") if isinstance(told, dict) else None
    if language in LANGUAGES:
        choose(language=language)
        st.query_params[LANGUAGE] = language


def _story(evidence: Evidence, case: BusinessCase, language: str) -> _Told:
    """Return the story of a case under the name that it is kept under, drawn once for everybody who may see the same."""
    (name, id), text = kept_name_and_id(case.asked), text_in(language)
    seen = (text.arabic_indic_digits, choices().on_sample, may_do(SEES_SMALL_GROUPS))
    key = repr((scenario_key(evidence, case.asked), language, *seen, name, id))
    return _kept_story(key, current_facts(evidence, case), text, name, id)


def _tell(key: str, _facts: StoryFacts, _text: Text, _name: str, _id: str) -> _Told:
    """Tell by one string, because Streamlit's cache can take two lists of arguments for one."""
    of = story(_facts, _text, made=datetime.now(UTC), name=_name, id=_id)
    slides = (*of.slides, *of.appendix)
    return _Told(slides=slides, parts={}, provenance=of.provenance)


_kept_story: Callable[[str, StoryFacts, Text, str, str], _Told]
_kept_story = st.cache_resource(max_entries=_STORIES, show_spinner=False)(_tell)


def editor(evidence: Evidence, text: Text) -> None:
    """Draw every slide with whether it is shown, its place and its caption, and the way to keep the choice with the scenario."""
    saved, case = opened_scenario(), current_case(evidence)
    slides, wanted = _story(evidence, case, text.language).slides, settle_slides(saved)
    tell_kept()
    rows = arranged(slides, wanted)
    if all(choice.hidden for _, choice in rows):
        st.warning(text("present.none_shown"))
    for place, (slide, choice) in enumerate(rows):
        facts, label = (saved, slides, slide.id), plain(slide.name)
        show, caption = f"show-{slide.id}", f"caption-{slide.id}"
        widgets()[show], widgets()[caption] = not choice.hidden, choice.caption
        with st.container(key=f"slide-row-{slide.id}", horizontal=True, vertical_alignment="center", gap="small"):
            words = f"**{label}** · {plain(slide.title, 300)}"
            st.checkbox(words, key=show, on_change=_show, args=facts, width="stretch")
            st.text_input(
                text("present.caption", name=slide.name),
                key=caption,
                placeholder=text("present.caption_empty"),
                max_chars=LONGEST_CAPTION,
                label_visibility="collapsed",
                on_change=_caption,
                args=facts,
                width=320,
            )
            for way, by, end in (("up", -1, 0), ("down", 1, len(rows) - 1)):
                st.button(  # seen as an arrow, heard as its words
                    text(f"present.{way}", name=label),
                    key=f"{way}-{slide.id}",
                    on_click=_move,
                    args=(*facts, by),
                    disabled=place == end,
                )
    _settings(saved, wanted, text)


def _settings(saved: SavedScenario | None, wanted: SlideChoices, text: Text) -> None:
    """Draw in which language and theme to begin, and what keeps the choice."""
    with st.container(key="slide-settings", horizontal=True, vertical_alignment="bottom", gap="small"):
        for name, options in (("language", LANGUAGES), ("theme", THEMES)):
            key = f"slides-{name}"
            widgets()[key] = getattr(wanted, name)
            st.selectbox(
                text(f"present.first.{name}"),
                ("", *options),
                format_func=lambda one, name=name: text(
                    f"ui.language.{one}"
                    if one in LANGUAGES
                    else f"present.theme.{one}"
                    if one
                    else "present.first.page"
                ),
                key=key,
                on_change=_set,
                args=(saved, wanted, name),
                width=220,
            )
        if wanted != (saved.kept.slides if saved else SlideChoices()):
            if saved is not None and saved.lock is None and may_do(EDITOR):
                label = text("present.keep", name=plain(saved.kept.name))
                st.button(label, key="keep-slides", on_click=_keep, args=(saved, wanted), type="primary")
            back = saved.kept.slides if saved else SlideChoices()
            st.button(text("present.usual"), key="usual-slides", on_click=take_slides, args=(saved, back))


def _show(saved: SavedScenario | None, slides: tuple[Slide, ...], id: str) -> None:
    take_slides(saved, changed(slides, settle_slides(saved), id, hidden=not widgets()[f"show-{id}"]))


def _caption(saved: SavedScenario | None, slides: tuple[Slide, ...], id: str) -> None:
    take_slides(saved, changed(slides, settle_slides(saved), id, caption=str(widgets()[f"caption-{id}"]).strip()))


def _move(saved: SavedScenario | None, slides: tuple[Slide, ...], id: str, by: int) -> None:
    take_slides(saved, changed(slides, settle_slides(saved), id, move=by))


def _set(saved: SavedScenario | None, wanted: SlideChoices, name: str) -> None:
    take_slides(saved, replace(wanted, **{name: widgets()[f"slides-{name}"]}))


def _keep(saved: SavedScenario, wanted: SlideChoices) -> None:
    """Save over the revision that this person saw."""

    def kept() -> None:
        now, seen = replace(saved.kept, slides=wanted), saved.last.number
        save_scenario(current_workspace(), now, id=saved.id, seen=seen, why=SLIDES_CHOSEN, who=current_person())
        remember_told(current_text()("present.kept", name=plain(saved.kept.name)))

    attempt(kept)


def keys(text: Text) -> None:
    """Draw which key does what while the slides are shown."""
    st.html(markup.section(text("present.keys.title")))
    headings = (text("present.keys.key"), text("present.keys.what"))
    rows = [(text(f"present.keys.{name}.key"), text(f"present.keys.{name}.what")) for name in _KEYS]
    words_table(headings, rows, caption=text("present.keys.title"))
