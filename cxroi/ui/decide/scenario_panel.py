"""The controls of a scenario: three leading sliders that can also be typed, further assumptions, and the way back."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from cxroi.errors import ScenarioError
from cxroi.questions import BusinessCase, Evidence, default_scenario
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.choices import choices, widgets
from cxroi.ui.app.link import change_scenario, undo, whole_link
from cxroi.ui.decide.case import try_changes
from cxroi.ui.decide.controls import FURTHER, LEADING, Control, refusal_words, stops, typed_change, written
from cxroi.view.decide.what_if import Beside

_DRAWN = "drawn "  # and the name of a widget: how often it was made anew, and the value it was last drawn at
_REFUSED = "refused"  # the last change that was not possible: (assumption, error)


def scenario_panel(evidence: Evidence, case: BusinessCase, sides: Mapping[str, Beside], text: Text) -> None:
    """Draw the leading controls at their values in the scenario, with what stands beside each; a change goes through a callback
    before the next drawing."""
    shown = {
        "investment": case.level_percent,
        "uplift": _shown_uplift(case),
        "support": case.scenario.support_cost_change_percent or 0.0,
    }
    with st.container(key="sliders"):
        for part, control in LEADING.items():
            _slider(evidence, part, control, shown[part], text)
            st.html(markup.beside(sides[part]))
            _show_refusal(control.name, text)
        with st.container(horizontal=True, gap="small"):
            st.button(
                text("page.what_if.back"), key="back", on_click=change_scenario, args=(default_scenario(evidence),)
            )
            st.button(text("page.what_if.undo"), key="undo", on_click=undo, disabled=not choices().earlier)
            with st.popover(text("page.what_if.link")):
                st.caption(text("page.what_if.link_help"))
                st.code(whole_link(), language=None, wrap_lines=True)


def _shown_uplift(case: BusinessCase) -> float:
    chosen = choices().scenario
    uplift = chosen.retention_uplift_pp if chosen is not None else None
    return case.outcome.plan_uplift_pp.mid if uplift is None else uplift


def _slider(evidence: Evidence, part: str, control: Control, value: float, text: Text) -> None:
    """Draw one assumption as a slider and a box beside it that always hold the same value."""
    label, value = text(f"page.what_if.{part}.label"), float(round(value, control.places))
    slider, box = _key_of(f"slider_{control.name}", value), _key_of(f"box_{control.name}", written(value, control))
    with st.container(key=f"row_{part}", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.select_slider(  # whose labels are words of ours, with the minus and the digits of every other figure
            label,
            stops(control, value),
            key=slider,
            format_func=lambda stop: text.number(stop, control.places if stop % 1 or control.step < 1 else 0),
            help=text(f"page.what_if.{part}.help"),
            on_change=_change,
            args=(evidence, control, slider),
        )
        typed = f"{label}: {text('page.what_if.number')}"
        st.text_input(
            typed, key=box, on_change=_change, args=(evidence, control, box), label_visibility="collapsed", width=112
        )


def further_assumptions(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw the assumptions below the fold; closed, they cost nothing."""
    fold = st.expander(text("page.what_if.more"), key="more", on_change="rerun")
    if not fold.open:
        return
    columns = fold.columns(2)
    for place, control in enumerate(FURTHER):
        with columns[place % 2]:
            value = getattr(choices().scenario or case.scenario, control.name)
            key = _key_of(f"box_{control.name}", "" if value is None else _in_box(value, control))
            st.text_input(
                text.counting(case.currency)(
                    f"page.what_if.assumption.{control.name}", currency=text.currency(case.currency)
                ),
                key=key,
                placeholder=text("page.what_if.assumption.from_data"),
                on_change=_change,
                args=(evidence, control, key),
            )
            _show_refusal(control.name, text)


def _in_box(value: float | tuple[float, ...], control: Control) -> str:
    return written(value if isinstance(value, tuple) else value * control.scale, control)


def _key_of(name: str, value: float | str) -> str:
    """Return the key of a widget that shows `value`: the one there is, or a new one where that shows something else.

    Nothing is ever written into a widget that a browser holds. Of keys pressed fast only some are answered in time, and what the
    browser then says of the others, which it has not seen change, would count as typed by the reader.
    """
    turn, _ = _drawn(name)
    key = f"{name}_{turn}"
    if key not in widgets() or widgets()[key] != value:
        turn += key in widgets()
        key = f"{name}_{turn}"
        widgets()[key] = value
    widgets()[_DRAWN + name] = (turn, value)
    return key


def _drawn(name: str) -> tuple[int, float | str | None]:
    """Return how often a widget was made anew, and what it was last drawn at or taken from."""
    drawn: tuple[int, float | str | None] = widgets().get(_DRAWN + name, (0, None))
    return drawn


def _change(evidence: Evidence, control: Control, key: str) -> None:
    """Take what a widget says into the scenario; a change that is not possible is kept as a sentence beside it.

    A widget that was made anew since, or says what it was drawn at, has not been touched: the browser only answers late.
    """
    name, _, made = key.rpartition("_")
    turn, known = _drawn(name)
    value = widgets()[key]
    if int(made) != turn or value == known:
        return
    widgets()[_DRAWN + name] = (turn, value)
    widgets()[_REFUSED] = None
    try:
        try_changes(evidence, typed_change(value, control))
    except ScenarioError as error:
        widgets()[_REFUSED] = (control.name, error)


def _show_refusal(name: str, text: Text) -> None:
    refused = widgets().get(_REFUSED)
    if refused and refused[0] == name:
        st.warning(refusal_words(name, refused[1], text, plain))
