"""Answers in words: how they were read, as a table, and the form in which a person says what each of them counts as."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cxroi.intake.report import Finding, IntakeRequest
from cxroi.text.plain import plain, shown
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text
from cxroi.ui.tables import words_table
from cxroi.view.data.answers import NO_ANSWER, answer_rows, answers_in, scores_of


def answers_table(finding: Finding) -> None:
    """Draw the table of a reading: each answer with its score."""
    text = current_text()
    names = tuple(text(f"page.upload.answers.{name}") for name in ("answer", "score", "rows", "counts_as"))
    title = text("page.upload.answers.title", column=shown(finding.facts["column"], 80))
    st.markdown(f"**{text('page.upload.answers.title', column=plain(finding.facts['column'], 80))}**")
    words_table(names, answer_rows(finding, text), caption=title, figures=(1, 2))


def answers_form(finding: Finding, request: IntakeRequest, id: str, take: Callable[..., None]) -> None:
    """Draw a box for the score of each answer; all of them are taken at once, so that the file is read anew once."""
    text, options = current_text(), [*scores_of(finding), NO_ANSWER]
    rows = answers_in(finding)
    keys = {label: f"answer-{id}-{place}" for place, (label, _, _) in enumerate(rows)}

    def said() -> None:
        chosen = {label: str(widgets()[key]) for label, key in keys.items() if widgets()[key] is not None}
        take(answers=tuple({**dict(request.answers), **chosen}.items()))

    with st.form(f"answers-{id}", border=False):
        st.caption(text(f"page.upload.answers.lead_{finding.facts['metric']}"))
        for place, (label, score, _) in enumerate(rows):
            if place % 3 == 0:
                boxes = st.columns(3)
            boxes[place % 3].selectbox(
                plain(label, 60),
                options,
                index=options.index(score) if score in options else None,
                format_func=lambda one: text("page.upload.answers.none") if one == NO_ANSWER else one,
                placeholder=text("page.upload.choose"),
                key=keys[label],
            )
        st.form_submit_button(text("page.upload.answers.take"), on_click=said)
