"""The parts of the page "Forecast": what is coming, one measure drawn, how such forecasts did on the past, and targets."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from cxroi.access.roles import FINANCE
from cxroi.actions.targets import COLUMNS, MEASURES, change_targets, read_targets
from cxroi.errors import CxroiError, StoreError
from cxroi.model.forecast.backtest import WINDOWS
from cxroi.model.forecast.targets import Target
from cxroi.questions.events import ask_events
from cxroi.questions.forecast import HeldOutlook, ask_currency, ask_outlook, held_against
from cxroi.store.state.records import KeptTarget
from cxroi.store.state.state import state_in_force
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.current import current_person, current_text, current_version, current_workspace, may_do
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.filters import filter_bar
from cxroi.ui.app.how import how_computed
from cxroi.ui.app.picks import picked
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.ranged import PageAnswer
from cxroi.view.understand.forecast import ForecastView, forecast_view, measures_shown, titled

_FILLED_BY = {"store.not_enough_tables": ("customers", "orders", "monthly"), "forecast.too_short": ("monthly",)}


def looked_at() -> str | None:
    """Draw what can be looked at, and return the segment, None for the whole company."""
    return filter_bar("segment").segment


def outlook(segment: str | None, text: Text) -> HeldOutlook | None:
    """Return what is coming with the targets held against it, or say why there is nothing."""
    try:
        with st.spinner(text("forecast.working")):
            found = asked(ask_outlook, segment)
    except CxroiError as error:
        st.title(text("forecast.title"), anchor=False)
        nobody_known = error.id == "store.not_enough_tables"  # for a verdict; here less is enough
        missing_part("customers.none" if nobody_known else error, *_FILLED_BY.get(error.id, ()))
        return None
    return held_against(found, tuple(_target(kept) for kept in _kept(segment) if kept.measure in MEASURES))


def what_is_coming(held: HeldOutlook, segment: str | None, text: Text, theme: str) -> None:
    """Draw the finding with its figures, what stands out, one measure with its past, and every measure in a table."""
    chosen = st.container(key="forecast-picks", horizontal=True, vertical_alignment="bottom", gap="medium")
    with chosen:
        ahead = picked(
            "ahead",
            [str(months) for months in WINDOWS],
            lambda months: titled(text(f"forecast.ahead.{months}")),
            text("forecast.ahead_label"),
            first="3",
        )
        measure = picked(
            "measure",
            measures_shown(held.outlook),
            lambda name: titled(text(f"measure.{name}")),
            text("forecast.measure_label"),
        )
    events = asked(ask_events, segment)
    view = forecast_view(held, measure, int(ahead), asked(ask_currency), segment, text, events)
    answer = PageAnswer(
        question=text("forecast.title"),
        finding=view.finding,
        lead=(view.kicker, *view.lead),
        figures=view.figures,
    )
    st.html(markup.page_answer(answer, below=markup.alerts(view.alerts)))
    how_computed("forecast", text)
    drawn, tried = st.columns([12, 8], gap="large")
    with drawn:
        show_drawing(view.drawing, text, theme)
        st.html(markup.source(view.drawing.footer))
    with tried:
        st.html(markup.finding(view.tried_title))
        show_table("forecast_tried", view.tried, text, caption=view.tried_title)
    _everything(view, text)


def _everything(view: ForecastView, text: Text) -> None:
    st.html(markup.section(text("forecast.everything")))
    show_table("forecast_everything", view.everything, text, caption=text("forecast.everything"))
    markup.draw(*map(markup.line, view.notes))
    st.html(markup.section(text("forecast.targets.title")))
    if view.targets is None:
        st.html(markup.line(text("forecast.targets.none")))
    else:
        show_table("forecast_targets", view.targets, text, caption=text("forecast.targets.title"))


def targets_form(segment: str | None, text: Text) -> None:
    """Draw the targets that are kept, to be changed in place, and the button that keeps the changes, for whoever may change them."""
    if not may_do(FINANCE):
        return
    known = _kept(segment)
    with st.expander(text("forecast.targets.change"), key="forecast-targets"):
        st.caption(text("forecast.targets.lead"))
        edited = st.data_editor(
            pd.DataFrame([_typed(kept) for kept in known], columns=list(COLUMNS), dtype=str),
            num_rows="dynamic",
            hide_index=True,
            width="stretch",
            column_order=COLUMNS if text.direction == "ltr" else COLUMNS[::-1],  # the grid itself does not turn
            column_config=_columns(text),
            key=f"targets-{segment}-{hash(known)}",  # what was edited belongs to the targets it was edited on
        )
        if st.button(text("forecast.targets.save"), key="targets-save"):
            rows = edited.astype(object).where(edited.notna(), "").to_dict("records")
            _keep(segment, known, rows, text)


def _keep(segment: str | None, known: tuple[KeptTarget, ...], rows: list[dict[str, Any]], text: Text) -> None:
    """Keep what is new or other, and forget what is gone."""
    try:
        wanted = read_targets(rows)
        stays = {(measure, month) for measure, month, _ in wanted}
        gone = [(kept.measure, kept.month) for kept in known if (kept.measure, kept.month) not in stays]
        change_targets(current_workspace(), segment or "", keep=wanted, drop=gone, who=current_person())
    except StoreError as error:
        st.error(text.error(error, plain))
    else:
        st.rerun()


def _kept(segment: str | None) -> tuple[KeptTarget, ...]:
    state, _ = state_in_force(current_version())
    return tuple(kept for kept in state.targets() if kept.segment == (segment or ""))


def _target(kept: KeptTarget) -> Target:
    return Target(measure=kept.measure, month=kept.month, value=kept.value)


def _typed(kept: KeptTarget) -> tuple[str, str, str]:
    """Return a target as it was typed: customers who stay in percent."""
    value = 100 * kept.value if kept.measure == "retention_rate" else kept.value
    return kept.measure, kept.month, f"{value:.12g}"


def _columns(text: Text) -> dict[str, Any]:
    return {
        "measure": st.column_config.SelectboxColumn(
            text("heading.measure"), options=list(MEASURES), format_func=_measure_words
        ),
        "month": st.column_config.TextColumn(text("forecast.targets.month"), max_chars=20, help="2026-03"),
        "value": st.column_config.TextColumn(text("forecast.targets.value"), max_chars=40),
    }


def _measure_words(measure: str) -> str:
    return current_text()(f"measure.{measure}")
