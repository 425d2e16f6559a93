"""The panel of What-if on the page: a picture and sliders that follow the hand, and the steps that they are moved through.

What is told of a slider that was let go is answered by the panel alone; the browser then asks for what stands below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from typing import Any

import streamlit as st

from cxroi.errors import ScenarioError
from cxroi.model.scenario import Scenario
from cxroi.questions import BusinessCase, Evidence, default_scenario
from cxroi.questions.sweep import LEADING, Stop, stop_of_case, sweep, uplift_reach
from cxroi.text import Text
from cxroi.ui.app.choices import choices, widgets
from cxroi.ui.app.link import LETTERS, change_scenario, save_plan, saved_plans, undo
from cxroi.ui.app.own_component import own_component
from cxroi.ui.decide import live_markup
from cxroi.ui.decide.case import case_of_evidence, chosen_case, data_key, try_changes
from cxroi.ui.decide.controls import LEADING as CONTROLS
from cxroi.ui.decide.controls import refusal_words, typed_change
from cxroi.ui.decide.plans import kept_stops
from cxroi.view.decide.board_drawing import window_of
from cxroi.view.decide.live_panel import LivePanel, live_panel
from cxroi.view.decide.live_plan import Terms, live_plan

_PANEL, _STOPS, _BELOW = "live_panel", "live_stops", "live_below"
_SEQ, _ASKED, _REFUSED, _DRAWN = "live_seq", "live_asked", "live_refused", "live_drawn"
_PARTS = (12, 36, None)  # how many stops travel at once, the nearest first
_MOST_AT_ONCE = 200  # messages of the browser
_ACTS = ("save", "copy", "undo", "reset")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Held:
    """What a panel was drawn from, and all that its stops need."""

    evidence: Evidence
    case: BusinessCase
    terms: Terms
    panel: LivePanel
    base: str
    text: Text
    answered: int  # the last of the browser's messages that it answers


@dataclass(frozen=True, kw_only=True, eq=False)
class _Drawn:
    """A panel as it was sent last: what it says, and what that rests on beside the evidence. What stands below it is asked for right
    after, in a run that draws the panel again."""

    held: _Held
    data: dict[str, Any]
    rests_on: tuple[object, ...]


def draw_panel(evidence: Evidence, text: Text) -> None:
    """Draw the panel of the scenario that stands, and what answers when a slider is taken hold of; a message of the browser draws it
    again and nothing else."""
    st.fragment(_draw_panel)(evidence, text)


def tell_all_drawn() -> None:
    """Tell the browser that everything below the panel is of what the panel says; what draws it is drawn anew where the browser asks."""
    own_component("what_if")(key=_BELOW, data={"kind": "below", "seq": _answered()}, on_follow_change=lambda: None)


def _draw_panel(evidence: Evidence, text: Text) -> None:
    drawn = _drawn(evidence, text)
    own_component("what_if")(key=_PANEL, data=drawn.data, on_told_change=_told("told", _hear, evidence))
    st.fragment(_draw_stops)(drawn.held)


def _drawn(evidence: Evidence, text: Text) -> _Drawn:
    """Return the panel of the scenario that stands, worked out anew where anything in it has changed."""
    case = chosen_case(evidence)
    reader = (text.language, text.arabic_indic_digits, saved_plans(), bool(choices().earlier), widgets().get(_REFUSED))
    rests_on = (case.asked, _answered(), *reader)
    last: _Drawn | None = widgets().get(_DRAWN)
    if last is None or last.rests_on != rests_on or last.held.evidence is not evidence:
        held = _panel_of(evidence, case, text)
        last = widgets()[_DRAWN] = _Drawn(held=held, data=_panel_data(held), rests_on=rests_on)
    return last


def _panel_of(evidence: Evidence, case: BusinessCase, text: Text) -> _Held:
    bare = case_of_evidence(evidence, case)
    window = window_of(bare, case.level_percent)
    panel, terms = live_panel(
        case,
        bare,
        stop_of_case(case),
        tuple(kept_stops(evidence)),
        text,
        window=window,
        uplift_reach=uplift_reach(evidence, window.x),
    )
    return _Held(
        evidence=evidence,
        case=case,
        terms=terms,
        panel=panel,
        base=_base(evidence, case, terms, text),
        text=text,
        answered=_answered(),
    )


def _draw_stops(held: _Held) -> None:
    """Send the steps of the slider that somebody takes hold of, the nearest first, in parts that a newer wish may cut short."""
    if _answered() != held.answered:
        # a message came in one packet with the wish, and only this part was asked to run again
        st.rerun()
    asked = widgets().get(_ASKED)
    widgets()[_ASKED] = None
    knob = next((one for one in held.panel.knobs if one.slide.name == asked), None)
    if knob is None:
        own_component("what_if")(key=_STOPS, data={"kind": "stops"}, on_ask_change=_told("ask", _ask, held.evidence))
        return
    stops = sweep(held.evidence, held.case.asked, knob.slide, knob.value)
    facts = {"kind": "stops", "base": held.base, "name": asked, "state": _state(held.case.asked)}
    for place, count in enumerate(_PARTS):
        told = [(stop.value, _payload(stop, held)) for stop in islice(stops, count)]
        key = _STOPS if place == 0 else f"{_STOPS}_{place}"
        data = {**facts, "stops": told, "complete": count is None}
        own_component("what_if")(key=key, data=data, on_ask_change=_told("ask", _ask, held.evidence))


def _payload(stop: Stop, held: _Held) -> dict[str, Any]:
    return live_markup.plan_data(live_plan(stop, held.terms, held.text))


def _panel_data(held: _Held) -> dict[str, Any]:
    text, case = held.text, held.case
    refused = widgets().get(_REFUSED)
    cannot = [] if choices().earlier else ["undo"]
    cannot += ["save"] if len(saved_plans()) >= len(LETTERS) else []
    return {
        "kind": "panel",
        "base": held.base,
        "seq": held.answered,
        "state": _state(case.asked),
        "plan": live_markup.plan_data(held.panel.plan),
        "html": live_markup.stage(held.panel),
        "window": held.panel.levels_shown,
        "knobs": [live_markup.knob_data(knob, text) for knob in held.panel.knobs],
        "refused": {"name": refused[0], "words": refusal_words(refused[0], refused[1], text)} if refused else None,
        "words": {name: text(f"page.what_if.live.{name}") for name in (*_ACTS, "copied")}
        | {"evidence": text("page.what_if.live.use_evidence")},
        "cannot": cannot,
    }


def _answered() -> int:
    """Return the number of the last message of the browser that was done."""
    return int(widgets().get(_SEQ, 0))


def _state(scenario: Scenario) -> dict[str, float | None]:
    return {name: getattr(scenario, name) for name in LEADING}


def _base(evidence: Evidence, case: BusinessCase, terms: Terms, text: Text) -> str:
    """Return what every stop depends on beside the three sliders: the data, the other assumptions, the picture, the words."""
    nothing_moved: dict[str, Any] = dict.fromkeys(LEADING)
    others = replace(case.asked, **nothing_moved)
    written = f"{data_key(evidence)} {others} {terms.window} {text.language} {text.arabic_indic_digits}"
    return blake2b(written.encode(), digest_size=12).hexdigest()


def _told(event: str, act: Callable[[Evidence, dict[str, Any]], None], evidence: Evidence) -> Callable[[], None]:
    """Return what to call when the browser tells of an event; what it tells is read and not believed."""

    def called() -> None:
        for key in (_PANEL, _STOPS, *(f"{_STOPS}_{place}" for place in range(1, len(_PARTS)))):
            told = (widgets().get(key) or {}).get(event)
            if isinstance(told, dict):
                act(evidence, told)

    return called


def _hear(evidence: Evidence, told: dict[str, Any]) -> None:
    """Do what the browser tells, in its order and each message once: one that was not answered comes again with the next.

    The number of the last one is kept, so that the browser knows what has been answered.
    """
    messages = told.get("messages")
    for message in messages[:_MOST_AT_ONCE] if isinstance(messages, list) else []:
        seq = message.get("seq") if isinstance(message, dict) else None
        if isinstance(seq, int) and seq > _answered():
            widgets()[_SEQ] = seq
            act = _KINDS.get(str(message.get("kind")))
            if act is not None:
                act(evidence, message)


def _release(evidence: Evidence, told: dict[str, Any]) -> None:
    """Take where sliders were let go into the scenario, together."""
    moved = told.get("moved")
    values = {name: moved[name] for name in LEADING if name in moved} if isinstance(moved, dict) else {}
    if all(value is None or isinstance(value, int | float) for value in values.values()):
        changes = {name: None if value is None else float(value) for name, value in values.items()}
        _try(evidence, lambda: changes, next(iter(_moved(changes)), "investment_level_percent"))


def _moved(changes: dict[str, float | None]) -> Iterator[str]:
    now = choices().scenario or Scenario()
    return (name for name, value in changes.items() if getattr(now, name) != value)


def _typed(evidence: Evidence, told: dict[str, Any]) -> None:
    """Take what was typed beside a slider; what is no number stays what it was, with a sentence."""
    control = next((one for one in CONTROLS.values() if one.name == told.get("name")), None)
    if control is not None:
        words = str(told.get("words", ""))[:40]
        _try(evidence, lambda: typed_change(words, control), control.name)


def _try(evidence: Evidence, changes: Callable[[], dict[str, Any]], name: str) -> None:
    widgets()[_REFUSED] = None
    try:
        try_changes(evidence, changes())
    except ScenarioError as error:
        widgets()[_REFUSED] = (name, error)


def _act(evidence: Evidence, told: dict[str, Any]) -> None:
    widgets()[_REFUSED] = None
    if told.get("name") == "undo":
        undo()
    elif told.get("name") == "reset":
        change_scenario(default_scenario(evidence))
    elif told.get("name") == "save":
        save_plan(choices().scenario or default_scenario(evidence))


def _ask(evidence: Evidence, told: dict[str, Any]) -> None:
    if told.get("name") in LEADING:
        widgets()[_ASKED] = told["name"]


_KINDS = {"release": _release, "typed": _typed, "act": _act}
