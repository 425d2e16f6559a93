"""The controls of a scenario: three leading sliders that can also be typed, further assumptions, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from cxroi.errors import ScenarioError
from cxroi.model.scenario import MAY_BE_NONE, WHOLE_MONTHS, Scenario
from cxroi.questions import BusinessCase, Evidence, default_scenario
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.text.typed import plain_digits, typed_number
from cxroi.ui import markup
from cxroi.ui.app.choices import choices, widgets
from cxroi.ui.app.link import change_scenario, undo, whole_link
from cxroi.ui.decide.case import try_scenario
from cxroi.view.decide.what_if import WhatIfView

_DRAWN = "drawn "  # and the name of a widget: how often it was made anew, and the value it was last drawn at
_REFUSED = "refused"  # the last change that was not possible: (assumption, error)


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control: which assumption, the ends and step of its slider, its decimals, and by how much a rate is multiplied."""

    name: str
    low: float
    high: float
    step: float
    places: int = 0
    scale: float = 1.0  # 100 shows a rate of 0.1 as 10


LEADING = {
    "investment": Control(name="investment_level_percent", low=0, high=300, step=5, places=1),
    "uplift": Control(name="retention_uplift_pp", low=-10, high=10, step=0.1, places=1),
    "support": Control(name="support_cost_change_percent", low=-50, high=50, step=1),
}
FURTHER = (
    Control(name="horizon_months", low=1, high=120, step=6),
    Control(name="annual_discount_rate", low=0, high=100, step=1, places=1, scale=100),
    Control(name="hurdle_net_return", low=0, high=500, step=5, places=1, scale=100),
    Control(name="contribution_margin_rate", low=0, high=100, step=1, places=1, scale=100),
    Control(name="one_off_cost", low=0, high=1e12, step=10_000),
    Control(name="spend_uplift_percent", low=-50, high=100, step=1, places=1),
    Control(name="referral_share_of_benefit", low=0, high=7, step=1, places=1, scale=100),
    Control(name="staff_attrition_saving_per_year", low=0, high=1e12, step=10_000),
    Control(name="new_customers_per_month", low=0, high=1e9, step=10),
    Control(name="benefit_risk_adjustment_rate", low=0, high=100, step=5, places=1, scale=100),
    Control(name="cost_risk_adjustment_rate", low=0, high=100, step=5, places=1, scale=100),
    Control(name="residual_value_months", low=0, high=120, step=12),
    Control(name="materiality_rate", low=0, high=100, step=0.5, places=1, scale=100),
)


def scenario_panel(evidence: Evidence, case: BusinessCase, view: WhatIfView, text: Text) -> None:
    """Draw every control at its value in the scenario; a change goes through a callback before the next drawing."""
    sides = {"investment": view.investment, "uplift": view.uplift, "support": view.support}
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
        _further(evidence, case, text)


def _shown_uplift(case: BusinessCase) -> float:
    chosen = choices().scenario
    uplift = chosen.retention_uplift_pp if chosen is not None else None
    return case.outcome.plan_uplift_pp.mid if uplift is None else uplift


def _slider(evidence: Evidence, part: str, control: Control, value: float, text: Text) -> None:
    """Draw one assumption as a slider and a box beside it that always hold the same value."""
    label, value = text(f"page.what_if.{part}.label"), float(round(value, control.places))
    slider, box = _key_of(f"slider_{control.name}", value), _key_of(f"box_{control.name}", _written(value, control))
    with st.container(key=f"row_{part}", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(
            label,
            key=slider,
            min_value=float(min(control.low, math.floor(value))),
            max_value=float(max(control.high, math.ceil(value))),
            step=float(control.step),
            format="%g" if control.step >= 1 else f"%.{control.places}f",
            help=text(f"page.what_if.{part}.help"),
            on_change=_change,
            args=(evidence, control, slider),
        )
        typed = f"{label}: {text('page.what_if.number')}"
        st.text_input(
            typed, key=box, on_change=_change, args=(evidence, control, box), label_visibility="collapsed", width=112
        )


def _further(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw the assumptions below the fold; closed, they cost nothing."""
    fold = st.expander(text("page.what_if.more"), key="more", on_change="rerun")
    if not fold.open:
        return
    columns = fold.columns(2)
    for place, control in enumerate(FURTHER):
        with columns[place % 2]:
            value = getattr(choices().scenario or case.scenario, control.name)
            key = _key_of(f"box_{control.name}", "" if value is None else _written(value * control.scale, control))
            st.text_input(
                text(f"page.what_if.assumption.{control.name}", currency=text.currency(case.currency)),
                key=key,
                placeholder=text("page.what_if.assumption.from_data"),
                on_change=_change,
                args=(evidence, control, key),
            )
            _show_refusal(control.name, text)


def _written(value: float, control: Control) -> str:
    """Return a value as it stands in its box, without decimals that say nothing.

    >>> _written(130.0, LEADING["investment"]), _written(1.5, LEADING["uplift"])
    ('130', '1.5')
    """
    return (
        f"{value:.{control.places}f}" if control.places and control.step < 1 else f"{round(value, control.places):.12g}"
    )


def _read(said: str | float, control: Control) -> float | None:
    """Return what a slider or a box says; raises ScenarioError where it is no number, and None stands for what the data say."""
    if isinstance(said, float):
        return said
    if not said.strip() and control.name in MAY_BE_NONE and control not in LEADING.values():
        return None
    try:
        number = typed_number(plain_digits(said).removesuffix("%"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ScenarioError("scenario.not_a_number", given=said)
    return number


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
        read = _read(value, control)
        number = None if read is None else round(round(read, control.places) / control.scale, 10)
        changed: dict[str, Any] = {control.name: number}
        if control.name in WHOLE_MONTHS and number is not None:
            changed = {control.name: int(number)}
        try_scenario(evidence, replace(choices().scenario or Scenario(), **changed))
    except ScenarioError as error:
        widgets()[_REFUSED] = (control.name, error)


def _show_refusal(name: str, text: Text) -> None:
    refused = widgets().get(_REFUSED)
    if refused and refused[0] == name:
        named = ScenarioError(refused[1].id, **{**refused[1].facts, "name": text(f"assumption.{name}.label")})
        st.warning(text("page.what_if.rejected", reason=text.error(named, plain)))
