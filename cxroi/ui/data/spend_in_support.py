"""The question that a load leaves open: is part of the CX spend also in support cost, where it would count twice?"""

from __future__ import annotations

import streamlit as st

from cxroi.access.roles import FINANCE
from cxroi.actions.in_support import say_in_support
from cxroi.actions.place import workspace_folder
from cxroi.store.panel.spend_in_support import ANSWERS, SpendInSupport, is_open
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.version import Version
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do


def spend_in_support_question() -> None:
    """Ask once, where the data in use have both CX spend and support cost and nobody has said how they meet."""
    if not may_do(FINANCE):
        return
    version = current_workspace().current()
    if version is None or not is_asked(version):
        return
    text = current_text()
    with st.container(border=True):
        st.markdown(f"**{text('page.upload.in_support.question')}**")
        spend_in_support_form("ask")


def is_asked(version: Version) -> bool:
    """Return whether a version has both CX spend and support cost, and nobody has said how they meet."""
    return is_open(version, state_in_force(version)[0].spend_in_support())


def spend_in_support_form(id: str) -> None:
    """Draw the answers, the one that was given chosen, and the figure that two of them need."""
    text, kept = current_text(), State.open(workspace_folder()).spend_in_support()
    keys = {name: f"in-support-{name}-{id}" for name in ("answer", "share", "amount")}
    st.caption(text("page.upload.in_support.lead"))
    given = ANSWERS[1:]
    chosen = st.radio(
        text("page.upload.in_support.question"),
        given,
        index=given.index(kept.answer) if kept.answer else None,
        format_func=lambda answer: text(f"page.upload.in_support.{answer}"),
        key=keys["answer"],
        label_visibility="collapsed",
    )
    if chosen == "share":
        value = 100 * kept.share or None
        st.number_input(
            text("page.upload.in_support.share_percent"),
            min_value=0.1,
            max_value=100.0,
            value=value,
            step=1.0,
            key=keys["share"],
        )
    if chosen == "amount":
        st.number_input(
            text("page.upload.in_support.amount_a_month"),
            min_value=1.0,
            value=kept.amount_a_month or None,
            key=keys["amount"],
        )

    def save() -> None:
        answer, typed = str(widgets()[keys["answer"]]), widgets().get(keys.get(str(chosen), ""))
        if answer in ("share", "amount") and not typed:
            return
        share, amount = (float(typed or 0) if answer == name else 0.0 for name in ("share", "amount"))
        _keep(SpendInSupport(answer=answer, share=share / 100, amount_a_month=amount))

    with st.container(horizontal=True):
        st.button(
            text("page.upload.in_support.save"), key=f"in-support-save-{id}", on_click=save, disabled=chosen is None
        )
        if kept.answer:
            st.button(
                text("page.upload.in_support.clear"),
                key=f"in-support-clear-{id}",
                on_click=_keep,
                args=(SpendInSupport(),),
                type="tertiary",
            )


def _keep(said: SpendInSupport) -> None:
    say_in_support(current_workspace(), said, who=current_person())
