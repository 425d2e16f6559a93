"""One kept scenario: what can be done with it, what was said of it, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.actions.place import workspace_folder
from cxroi.actions.scenarios import comment_on_scenario, mark_scenario, save_scenario
from cxroi.export.scenario_file import scenario_file
from cxroi.model.kept_scenario import (
    APPROVED,
    DELETED,
    DUPLICATED,
    LOCKED,
    LONGEST_COMMENT,
    LONGEST_NAME,
    LONGEST_NOTE,
    NOTED,
    RENAMED,
    RESTORED,
    RUN_AGAIN,
    UNLOCKED,
    KeptScenario,
    Revision,
    SavedScenario,
    clean_name,
    free_name,
)
from cxroi.questions import Evidence
from cxroi.questions.scenarios import ask_basis, kept_of, revisions_of
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.link import change_scenario, short_link
from cxroi.ui.decide.case import kept_case
from cxroi.ui.decide.keep import attempt, remember_told
from cxroi.ui.tables import words_table
from cxroi.view.decide.kept_scenarios import comment_line, history_rows, ran_sentence, worth_then


def scenario_detail(
    saved: SavedScenario, there: Sequence[SavedScenario], evidence: Evidence, moved: Sequence[str], text: Text
) -> None:
    """Draw one scenario whole."""
    id, changes = saved.id, may_do(EDITOR)
    if saved.kept.note:
        st.markdown(plain(saved.kept.note, LONGEST_NOTE))
    with st.container(key=f"acts-{id}", horizontal=True, gap="small"):
        if st.button(text("scenarios.act.open"), key=f"open-{id}", type="primary"):
            choose(opened=id)
            change_scenario(saved.kept.scenario)
            st.switch_page(page_path("what_if"))
        if moved and saved.lock is None and changes:
            looking = choices().looked_at is not None
            st.button(
                text("scenarios.act.run"),
                key=f"run-{id}",
                on_click=_run_again,
                args=(saved, evidence),
                disabled=looking,
                help=text("scenarios.act.run_looking") if looking else None,
            )
        if changes:
            _rename_form(saved, text)
            names = tuple(one.kept.name for one in there)
            st.button(text("scenarios.act.duplicate"), key=f"duplicate-{id}", on_click=_duplicate, args=(saved, names))
            _lock_buttons(saved, text)
        st.download_button(
            text("scenarios.act.export"),
            data=partial(scenario_file, saved),
            file_name=f"cx-roi-scenario-{id}.json",
            mime="application/json",
            key=f"export-{id}",
            on_click="ignore",
        )
        with st.popover(text("scenarios.act.link"), key=f"link-{id}"):
            st.caption(text("scenarios.act.link_help"))
            st.code(short_link(id), language=None, wrap_lines=True)
        if saved.lock is None and changes:
            st.button(text("scenarios.act.delete"), key=f"delete-{id}", on_click=_delete, args=(saved,))
    _comments(saved, text)
    _history(saved, text)


def _rename_form(saved: SavedScenario, text: Text) -> None:
    if saved.lock is not None:
        return
    each = f"{saved.id}-{saved.last.number}"
    name, note = f"name-{each}", f"note-{each}"
    with st.popover(text("scenarios.act.rename"), key=f"rename-{each}"), st.form(f"rename-form-{each}", border=False):
        st.text_input(text("scenarios.keep.name"), value=saved.kept.name, key=name, max_chars=LONGEST_NAME)
        st.text_area(text("scenarios.keep.note"), value=saved.kept.note, key=note, max_chars=LONGEST_NOTE, height=96)
        save = text("scenarios.keep.save")
        st.form_submit_button(save, on_click=_reword, args=(saved, (name, note)), type="primary")


def _lock_buttons(saved: SavedScenario, text: Text) -> None:
    marks = {"approve": APPROVED, "lock": LOCKED, "unlock": UNLOCKED}
    shown = [] if saved.approval else ["approve"]
    shown += ["lock"] if saved.lock is None else ["unlock"]
    for act in shown:
        label, key = text(f"scenarios.act.{act}"), f"{act}-{saved.id}"
        st.button(label, key=key, on_click=_mark, args=(saved, marks[act]))


def _comments(saved: SavedScenario, text: Text) -> None:
    st.html(markup.finding(text("scenarios.comment.title")))
    if saved.comments:
        markup.draw(markup.quotes((comment_line(one, text), one.words) for one in saved.comments))
    key = f"comment-{saved.id}"
    if not may_do(EDITOR):
        return
    with st.form(f"{key}-form", border=False, clear_on_submit=True):
        st.text_area(text("scenarios.comment.label"), key=key, max_chars=LONGEST_COMMENT, height=80)
        st.form_submit_button(text("scenarios.comment.add"), on_click=_comment, args=(saved, key))


def _history(saved: SavedScenario, text: Text) -> None:
    """Draw every save and mark, and the way back to an earlier revision."""
    history = revisions_of(workspace_folder(), saved.id)
    headings = [text(f"scenarios.history.{name}") for name in ("when", "who", "what", "said")]
    st.html(markup.finding(text("scenarios.history.title")))
    words_table(headings, history_rows(history, saved, text), caption=text("scenarios.history.lead"))
    earlier = {one.number: one for one in history[1:]}
    if saved.lock is not None or not earlier or not may_do(EDITOR):
        return
    with st.container(key=f"restore-{saved.id}", horizontal=True, vertical_alignment="bottom", gap="small"):
        number = st.selectbox(
            text("scenarios.history.choose"),
            list(earlier),
            format_func=lambda one: f"{one}: {worth_then(earlier[one], text)}",
            key=f"revision-{saved.id}-{saved.last.number}",
            width=420,
        )
        label = text("scenarios.history.restore", number=number)
        st.button(label, key=f"go-back-{saved.id}", on_click=_restore, args=(saved, earlier[number]))


def _run_again(saved: SavedScenario, evidence: Evidence) -> None:
    """Work the scenario out on the data in use, keep what it says now, and tell both."""

    def ran() -> None:
        text, old = current_text(), saved.kept
        kept = kept_of(
            kept_case(evidence, old.scenario), asked(ask_basis), name=old.name, note=old.note, slides=old.slides
        )
        _save(saved, kept, RUN_AGAIN)
        remember_told(f"{plain(old.name)}: {ran_sentence(old.figures, kept.figures, text)}")

    attempt(ran)


def _reword(saved: SavedScenario, keys: tuple[str, str]) -> None:
    name, note = (str(widgets()[key]) for key in keys)

    def reworded() -> None:
        kept = replace(saved.kept, name=clean_name(name), note=note.strip())
        _save(saved, kept, RENAMED if kept.name != saved.kept.name else NOTED)

    attempt(reworded)


def _duplicate(saved: SavedScenario, taken: tuple[str, ...]) -> None:
    kept = replace(saved.kept, name=free_name(saved.kept.name, taken))
    attempt(lambda: save_scenario(current_workspace(), kept, why=DUPLICATED, who=current_person()))


def _restore(saved: SavedScenario, earlier: Revision) -> None:
    attempt(lambda: _save(saved, earlier.kept, RESTORED))


def _mark(saved: SavedScenario, what: str) -> None:
    seen = saved.last.number
    attempt(lambda: mark_scenario(current_workspace(), saved.id, what, seen=seen, who=current_person()))


def _delete(saved: SavedScenario) -> None:
    def deleted() -> None:
        seen = saved.last.number
        mark_scenario(current_workspace(), saved.id, DELETED, seen=seen, who=current_person())
        choose(gone=saved.id, opened=None if choices().opened == saved.id else choices().opened)

    attempt(deleted)


def _comment(saved: SavedScenario, key: str) -> None:
    words = str(widgets()[key])
    attempt(lambda: comment_on_scenario(current_workspace(), saved.id, words, who=current_person()))


def _save(saved: SavedScenario, kept: KeptScenario, why: str) -> None:
    """Save over the revision that this person saw."""
    save_scenario(current_workspace(), kept, id=saved.id, seen=saved.last.number, why=why, who=current_person())
