"""Which slides are shown in this tab: those kept with the scenario that is open, until somebody changes them here; the address holds the change."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from urllib.parse import unquote

import streamlit as st

from cxroi.chart.theme import THEMES
from cxroi.errors import ScenarioError
from cxroi.model.kept_scenario import MOST_SLIDES, SavedScenario, SlideChoice, SlideChoices
from cxroi.ui.app.choices import choices, choose

PARAMETER = "slides"
_LEFT_OUT, _CAPTION, _NEXT, _SETTING = "-", ":", ",", "@"


def settle_slides(saved: SavedScenario | None) -> SlideChoices:
    """Return the choice of slides, and put it into the address where it is another one than what is kept."""
    of, kept = _kept(saved)
    chosen = choices().slides
    if chosen is None and (written := st.query_params.get(PARAMETER)):
        chosen = (of, read_choice(written))
    now = kept if chosen is None or chosen[0] != of else chosen[1]
    choose(slides=(of, now))
    if now == kept:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != (written := write_choice(now)):
        st.query_params[PARAMETER] = written
    return now


def take_slides(saved: SavedScenario | None, chosen: SlideChoices) -> None:
    """Take a choice of slides for this tab."""
    choose(slides=(_kept(saved)[0], chosen))


def _kept(saved: SavedScenario | None) -> tuple[str, SlideChoices]:
    return ("", SlideChoices()) if saved is None else (saved.id, saved.kept.slides)


def write_choice(of: SlideChoices) -> str:
    """Return a choice of slides for an address; `read_choice` gives it back.

    >>> write_choice(SlideChoices(slides=(SlideChoice(id="why", caption="so, then"), SlideChoice(id="cash", hidden=True)), theme="dark"))
    'why:so%2C then,-cash,@dark'
    """
    slides = [
        (_LEFT_OUT if one.hidden else "")
        + one.id
        + (_CAPTION + one.caption.replace("%", "%25").replace(_NEXT, "%2C") if one.caption else "")
        for one in of.slides
    ]
    return _NEXT.join((*slides, *(_SETTING + one for one in (of.language, of.theme) if one)))


def read_choice(written: str) -> SlideChoices:
    """Return the choice of slides in an address; what cannot be one is passed over.

    >>> read_choice("why:so%2C then,-cash,why,<b>,@dark,@klingon").slides
    (SlideChoice(id='why', hidden=False, caption='so, then'), SlideChoice(id='cash', hidden=True, caption=''))
    """
    slides: dict[str, SlideChoice] = {}
    found = SlideChoices()
    for part in written.split(_NEXT):
        with suppress(ScenarioError):
            if part in (_SETTING + theme for theme in THEMES):
                found = replace(found, theme=part[1:])
            elif part.startswith(_SETTING):
                found = replace(found, language=part[1:])
            else:
                id, _, caption = part.partition(_CAPTION)
                hidden = id.startswith(_LEFT_OUT)
                one = SlideChoice(id=id.removeprefix(_LEFT_OUT), hidden=hidden, caption=unquote(caption))
                slides.setdefault(one.id, one)
    return replace(found, slides=tuple(slides.values())[:MOST_SLIDES])
