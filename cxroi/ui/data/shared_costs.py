"""How cost lines that belong to no segment are divided: by customers, by revenue, or by shares that a person gives."""

from __future__ import annotations

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.actions.shares import set_shares, share_out
from cxroi.errors import CxroiError
from cxroi.model.company.sharing import (
    BY_SHARES,
    EVERY_LINE,
    RULES,
    Sharing,
)
from cxroi.questions import open_version
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.text.plain import plain, shown
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_evidence, current_person, current_text, current_workspace, version_in_use
from cxroi.ui.tables import words_table

_KEY = "shared-rule"
_ACROSS = 4


def shared_costs_form() -> None:
    """Draw the rule, and where shares are given, what they are and the fields that change them."""
    text, kept = current_text(), State.open(workspace_folder()).allocation()
    st.caption(text("page.upload.shared.lead"))
    st.radio(
        text("page.upload.shared.rule"),
        RULES,
        index=RULES.index(kept.rule),
        format_func=lambda rule: text(f"page.upload.shared.{rule}"),
        key=_KEY,
        on_change=lambda: _share_out(str(widgets()[_KEY])),
    )
    if kept.rule == BY_SHARES:
        _given(kept, text)
        _fields(kept, text)


def _given(kept: Sharing, text: Text) -> None:
    if not kept.shares:
        st.markdown(text("page.upload.shared.none"))
        return
    rows = tuple(
        (
            _line(initiative, text),
            " · ".join(f"{shown(s, 60)} {text.percent(v / sum(own.values()))}" for s, v in own.items()),
        )
        for initiative, own in kept.shares.items()
    )
    names = (text("page.upload.shared.lines"), text("page.upload.shared.parts"))
    words_table(names, rows, caption=text("page.upload.shared.title"))


def _fields(kept: Sharing, text: Text) -> None:
    """Draw one field a segment for the lines that are chosen."""
    segments, initiatives = _names(kept)
    if not segments:
        st.caption(text("page.upload.shared.no_segments"))
        return
    line = st.selectbox(
        text("page.upload.shared.lines"), initiatives, format_func=lambda name: _line(name, text), key="shared-line"
    )
    own = {segment.casefold(): share for segment, share in kept.shares.get(line, {}).items()}
    keys = {segment: f"share-{line}-{segment}" for segment in segments}

    def save() -> None:
        _set(line, {segment: float(widgets()[key] or 0.0) for segment, key in keys.items()})

    with st.form(f"shares-{line}", border=False):
        for place, segment in enumerate(segments):
            if place % _ACROSS == 0:
                columns = st.columns(_ACROSS)
            columns[place % _ACROSS].number_input(
                plain(segment, 60), min_value=0.0, value=own.get(segment.casefold(), 0.0), key=keys[segment], step=1.0
            )
        with st.container(horizontal=True):
            st.form_submit_button(text("page.upload.shared.save"), type="primary", on_click=save)
            if line in kept.shares:
                st.form_submit_button(text("page.upload.shared.clear"), on_click=_set, args=(line, {}))


def _names(kept: Sharing) -> tuple[list[str], list[str]]:
    """Return the segments of the panel, and the initiatives of the ledger after what stands for every other line."""
    given = {segment for own in kept.shares.values() for segment in own}
    try:
        segments = [segment for segment in current_evidence().panel.segments]
    except CxroiError:  # no verdict yet: what was given before can still be changed
        segments = []
    named: list[str] = []
    if version := version_in_use():
        with open_version(workspace_folder(), version.id) as data:
            named = data.engine.query("cost_months")["initiative"].dropna().unique().tolist()
    held = {segment.casefold() for segment in segments}
    segments += sorted(segment for segment in given if segment.casefold() not in held)
    return segments, [EVERY_LINE, *sorted({*named, *kept.shares} - {EVERY_LINE})]


def _line(initiative: str, text: Text) -> str:
    return shown(initiative, 80) if initiative else text("shares.every")


def _share_out(rule: str) -> None:
    share_out(current_workspace(), rule, who=current_person())


def _set(initiative: str, shares: dict[str, float]) -> None:
    try:
        set_shares(current_workspace(), initiative, shares, who=current_person())
    except CxroiError as error:
        st.error(plain(current_text().error(error)))
