"""The parts of the page "Satisfaction", from the scores down to what stands behind them; a part that cannot be told says why."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.errors import CxroiError
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.questions.events import ask_events
from cxroi.questions.forecast import ask_currency
from cxroi.questions.satisfaction import (
    Scores,
    ask_after_answers,
    ask_comment_languages,
    ask_drivers,
    ask_quotes,
    ask_scores,
    ask_service,
    ask_themes,
)
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.current import may_do
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.how import how_computed
from cxroi.ui.app.picks import picked
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.decide.touchpoints import touchpoint_view
from cxroi.view.understand.after_answers import after_view
from cxroi.view.understand.comments import comment_view
from cxroi.view.understand.scores import by_drawing, dimensions_of, metrics_of, months_drawing, score_view
from cxroi.view.understand.service import service_view

_EVERY = "every"  # the choice of comments in every language


def what_they_say(of: Slice, text: Text, theme: str) -> str:
    """Draw the scores: the finding, each with its range and change, then by month and by what was asked about. Return the metric chosen."""
    try:
        found = asked(ask_scores, of)
    except CxroiError as error:
        st.title(text("satisfaction.title"), anchor=False)
        missing_part("satisfaction.none" if error.id == "scores.none" else error, "surveys")
        return ""
    st.html(markup.scores(score_view(found, of, text)))
    how_computed("scores", text)
    return _in_detail(found, of, text, theme)


def what_follows(of: Slice, metric: str, text: Text, theme: str) -> None:
    """Draw what customers of each band did after their answer."""
    st.html(markup.section(text("satisfaction.after.section")))
    try:
        found = asked(ask_after_answers, of)
    except CxroiError as error:
        nobody_known = error.id == "store.not_enough_tables"
        missing_part("satisfaction.after.missing" if nobody_known else error, "customers", "orders")
        return
    if not found.of(metric):
        missing_part("satisfaction.after.missing", "customers", "orders")
        return
    view = after_view(found, metric, text)
    st.html(markup.finding_line(view.title))
    left, right = st.columns([7, 5], gap="large")
    if view.drawing is not None:
        with left:
            show_drawing(view.drawing, text, theme)
            st.html(markup.source(view.drawing.footer))
    with right:
        st.html(markup.heading(text("satisfaction.after.how")))
        markup.draw(markup.paragraphs(view.notes))
    show_table("after-answers", view.table, text, caption=view.caption)


def what_goes_with_leaving(of: Slice, text: Text) -> None:
    """Draw each touchpoint's share of spend beside its share of the impact on leaving or ordering again; slow, so only when somebody looks."""
    fold = st.expander(text("satisfaction.drivers"), key="drivers", on_change="rerun")
    if not fold.open:
        return
    with fold:
        try:
            view = touchpoint_view(asked(ask_drivers, of), text, of)
        except CxroiError as error:
            missing_part(error, "surveys")
            return
        st.html(markup.finding_line(view.title))
        st.html(markup.touchpoints(view))
        how_computed("touchpoints", text)


def how_support_went(of: Slice, text: Text) -> None:
    """Draw how fast contacts were closed, what they cost and how many were resolved the first time."""
    st.html(markup.section(text("satisfaction.service.section")))
    try:
        found = asked(ask_service, of)
    except CxroiError as error:
        missing_part(error, "contacts")
        return
    view = service_view(found, _said(of), _currency(), text)
    st.html(markup.finding_line(view.title))
    show_table("service", view.table, text, caption=view.caption)
    markup.draw(markup.paragraphs(view.notes))


def what_they_write(of: Slice, text: Text) -> None:
    """Draw the themes of comments; slow on many of them, so only when somebody looks."""
    fold = st.expander(text("satisfaction.comments.fold"), key="comments", on_change="rerun")
    if not fold.open:
        return
    with fold:
        try:
            language = _language(text)
            found = asked(ask_themes, of, language)
            quotes = asked(ask_quotes, of, found, language) if may_do(EDITOR) else {}
            view = comment_view(found, quotes, text)
        except CxroiError as error:
            missing_part(error, "surveys")
            return
        st.html(markup.finding_line(view.title))
        show_table("themes", view.table, text, caption=view.caption)
        for place, (heading, told) in zip(st.columns(2, gap="large"), view.quotes, strict=False):
            with place:
                st.html(markup.heading(heading))
                markup.draw(markup.quotes(told))
        markup.draw(markup.paragraphs(view.notes))


def _said(of: Slice) -> tuple[ScoreLine, ...]:
    """Return what surveys say of the same, nothing where there are none."""
    try:
        return asked(ask_scores, of).lines
    except CxroiError:
        return ()


def _language(text: Text) -> str | None:
    """Return the language of the comments to be read, None for all; where answers name fewer than two, it is not asked about."""
    languages = asked(ask_comment_languages)
    if len(languages) < 2:
        return None

    def words(one: str) -> str:
        return text("satisfaction.comments.every_language") if one == _EVERY else shown(text.language_name(one))

    chosen = _chosen("language", (_EVERY, *languages), words, text)
    return None if chosen == _EVERY else chosen


def _currency() -> str:
    """Return the currency of amounts, "" where the data do not know it."""
    try:
        return asked(ask_currency)
    except CxroiError:
        return ""


def _in_detail(found: Scores, of: Slice, text: Text, theme: str) -> str:
    metrics = metrics_of(found)
    with st.container(horizontal=True, gap="large", key="satisfaction-choice"):
        metric = _chosen("metric", metrics, lambda one: text(f"satisfaction.short.{one}"), text)
        by = _chosen("by", dimensions_of(found, metric), lambda one: text(f"satisfaction.by.{one}"), text)
    left, right = st.columns(2, gap="large")
    events = asked(ask_events, of.segment)
    drawings = (
        months_drawing(found, metric, of, text, events),
        by_drawing(found, metric, by, of, text) if by else None,
    )
    for place, drawing in zip((left, right), drawings, strict=True):
        with place:
            if drawing is not None:
                show_drawing(drawing, text, theme)
                st.html(markup.source(drawing.footer))
    return metric


def _chosen(name: str, options: tuple[str, ...], words: Callable[[str], str], text: Text) -> str:
    """Return what is chosen of some options; one alone, or none, is not asked about."""
    if len(options) < 2:
        return options[0] if options else ""
    return picked(name, options, words, text(f"satisfaction.{name}_label"))
