"""The parts of the Evidence page: the fitted responses first, then whether to believe them, and the verdicts there have been."""

from __future__ import annotations

import streamlit as st

from cxroi.questions import BusinessCase
from cxroi.questions.shown_evidence import ShownEvidence, ask_shown_evidence
from cxroi.questions.verdict_history import ask_verdict_history
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import widgets
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.decide.overview import health_summary
from cxroi.view.prove.events import events_view
from cxroi.view.prove.evidence import (
    evidence_view,
    health_figures,
    link_figures,
    predictive_figures,
    survival_figures,
)
from cxroi.view.prove.evidence_drawings import beliefs_drawing, fitted_drawing
from cxroi.view.prove.figures import ShownFigures
from cxroi.view.prove.verdict_history import history_figures, not_told
from cxroi.view.table import words_column

_CHANNEL, _FILLED = "evidence-channel", "evidence-history-filled"


def current_shown() -> ShownEvidence:
    """Return what stands behind the evidence of the data in use."""
    return asked(ask_shown_evidence)


def fitted_responses(case: BusinessCase, shown: ShownEvidence, text: Text, theme: str) -> str:
    """Draw the finding, and the curve of the outcome that is chosen beside its months; return that outcome."""
    view = evidence_view(case, shown, text)
    st.title(view.title, anchor=False)
    st.html(markup.finding_line(view.lead))
    ids = [one.id for one in shown.channels]
    chosen = st.segmented_control(
        text("evidence.channel"),
        ids,
        default=ids[0],
        format_func=lambda id: text(f"channel.{id}"),
        key=_CHANNEL,
        required=True,
        label_visibility="collapsed",
    )
    one = next((one for one in shown.channels if one.id == chosen), shown.channels[0])
    drawing = fitted_drawing(case, one, text)
    show_drawing(drawing, text, theme)
    st.html(markup.source(drawing.footer))
    if view.left_out:
        st.html(markup.line(view.left_out))
    return one.id


def before_and_after(case: BusinessCase, shown: ShownEvidence, text: Text, theme: str) -> None:
    """Draw what was believed before any data beside what is left after them."""
    st.html(markup.section(text("evidence.beliefs.section")))
    drawing = beliefs_drawing(case, shown, text)
    show_drawing(drawing, text, theme)
    st.html(markup.source(drawing.footer))


def taken_out(case: BusinessCase, text: Text) -> None:
    """Draw what each named event took away from what spend is credited with, and which events were not taken out."""
    view = events_view(case.events, text)
    st.html(markup.section(text("events.section")))
    if view.rows:
        columns = zip(*((row.name, *row.changes) for row in view.rows), strict=True)
        table = tuple(map(words_column, view.headings, map(list, columns)))
        st.html(markup.finding(view.headline))
        show_table("events", table, text, caption=view.headline)
        markup.draw(*(markup.line(row.sentence) for row in view.rows), markup.source(view.caption))
    else:
        st.html(markup.line(view.headline))
    for words in view.unused:
        st.html(markup.line(words))


def figures_of(name: str, found: ShownFigures | None, text: Text) -> None:
    """Draw a part that is a table with its finding; nothing where there is none."""
    if found is None:
        return
    st.html(markup.section(found.section))
    _table(name, found, text)


def _table(name: str, found: ShownFigures, text: Text) -> None:
    st.html(markup.finding(found.title))
    show_table(name, found.table, text, caption=found.title)
    st.html(markup.source(found.caption))


def model_and_months(shown: ShownEvidence, chosen: str, text: Text) -> None:
    """Draw the posterior predictive check of the outcome that is chosen."""
    figures_of(f"predictive-{chosen}", predictive_figures(shown, text, chosen), text)


def verdict_tested(case: BusinessCase, text: Text) -> None:
    """Draw what the verdict survives; the months are fitted again for it, so only when somebody looks."""
    st.html(markup.section(text("evidence.survival.section")))
    fold = st.expander(text("evidence.survival.fold"), key="survival", on_change="rerun")
    if not fold.open:
        return
    with fold, st.spinner(text("evidence.survival.working")):
        _table("survival", survival_figures(case, text), text)


def health_and_links(case: BusinessCase, text: Text) -> None:
    """Draw every health check with its threshold, then every link with its grade."""
    figures_of("health", health_figures(case, health_summary(case, text).summary, text), text)
    figures_of("links", link_figures(case, text), text)


def verdicts_so_far(text: Text) -> None:
    """Draw the verdict with each version of the data, and offer to work out those that nobody was told."""
    found = asked(ask_verdict_history, bool(widgets().get(_FILLED)))
    figures_of("verdicts", history_figures(found, text), text)
    if missing := not_told(found, text):
        st.html(markup.line(missing))
        if not widgets().get(_FILLED):
            st.button(text("evidence.history.work_out"), key="evidence-work-out", on_click=_fill)


def _fill() -> None:
    widgets()[_FILLED] = True
