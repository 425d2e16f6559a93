"""Keeping the plan under the hand: as a new scenario, or as the next revision of the one that was opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.actions.place import workspace_folder
from cxroi.actions.scenarios import save_scenario
from cxroi.errors import CxroiError
from cxroi.model.kept_scenario import LONGEST_NAME, LONGEST_NOTE, SAVED, SavedScenario, clean_name
from cxroi.questions import BusinessCase, Evidence, open_version
from cxroi.questions.scenarios import ask_basis, kept_of, moved_since
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.arrival import opened_scenario, remember_opened
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.link import change_scenario
from cxroi.ui.decide.case import chosen_case
from cxroi.view.decide.kept_scenarios import standing_signs

_TOLD = "keep_told"  # what came of the last press: (is it a refusal, sentence)
_MADE = "keep_made"  # how often a scenario was kept: each time the form is empty again


def keep_bar(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw which scenario is open and whether it was changed, and the ways to keep the plan."""
    saved, basis = opened_scenario(), asked(ask_basis)
    with st.container(key="keep-bar", horizontal=True, vertical_alignment="center", gap="small"):
        if saved is not None:
            _opened(saved, evidence, case, basis, text)
        keep_form(evidence, basis, text, is_new=saved is not None)
        st.page_link(page_path("scenarios"), label=text("scenarios.keep.see"), width="content")
    tell_kept()


def basis_in_use() -> Mapping[str, str]:
    """Return what figures rest on in the version in use, also for a reader who looks at another one."""
    if choices().looked_at is None:
        return asked(ask_basis)
    with open_version(workspace_folder()) as data:
        return ask_basis(data)


def keep_form(evidence: Evidence, basis: Mapping[str, str], text: Text, *, is_new: bool = False) -> None:
    """Draw the form in which the plan under the hand gets a name, for whoever may keep it."""
    if not may_do(EDITOR):
        return
    made = widgets().get(_MADE, 0)
    keys = (f"keep-name-{made}", f"keep-note-{made}")
    title = text("scenarios.keep.as_new" if is_new else "scenarios.keep.title")
    with st.popover(title, key=f"keep-{made}"), st.form(f"keep-form-{made}", border=False):
        st.text_input(text("scenarios.keep.name"), key=keys[0], max_chars=LONGEST_NAME)
        st.text_area(text("scenarios.keep.note"), key=keys[1], max_chars=LONGEST_NOTE, height=96)
        save = text("scenarios.keep.save")
        st.form_submit_button(save, on_click=_keep_new, args=(evidence, basis, *keys), type="primary")


def tell_kept() -> None:
    """Say what came of the last press, once."""
    refused, words = widgets().get(_TOLD) or (False, "")
    widgets()[_TOLD] = None
    if words:
        (st.warning if refused else st.success)(words)


def remember_told(words: str, *, refused: bool = False) -> None:
    """Keep a sentence for the next drawing."""
    widgets()[_TOLD] = (refused, words)


def attempt(job: Callable[[], object]) -> None:
    """Do what changes a scenario; a refusal is told with the next drawing."""
    try:
        job()
    except CxroiError as error:
        remember_told(current_text().error(error, plain), refused=True)


def _opened(saved: SavedScenario, evidence: Evidence, case: BusinessCase, basis: Mapping[str, str], text: Text) -> None:
    name, changed = plain(saved.kept.name), case.asked != saved.kept.scenario
    words = [text("scenarios.keep.opened", name=name, revision=saved.last.number)]
    words += [plain(sign, 300) for _, sign in standing_signs(saved, moved_since(saved, basis_in_use()), text)]
    words += [text("scenarios.keep.changed")] if changed else []
    st.markdown(" · ".join(words), width="content")
    if changed and saved.lock is None and may_do(EDITOR):
        label = text("scenarios.keep.save_on", revision=saved.last.number + 1)
        st.button(label, key="keep-on", on_click=_keep_on, args=(saved, evidence, basis), type="primary")
    if changed:
        label = text("scenarios.keep.back")
        st.button(label, key="keep-back", on_click=change_scenario, args=(saved.kept.scenario,))


def _keep_new(evidence: Evidence, basis: Mapping[str, str], name_key: str, note_key: str) -> None:
    """Keep what stands now, which may be newer than what the form was drawn beside."""
    name, note = (str(widgets()[key]) for key in (name_key, note_key))

    def kept_new() -> None:
        kept = kept_of(chosen_case(evidence), basis, name=clean_name(name), note=note.strip())
        saved = save_scenario(current_workspace(), kept, who=current_person())
        widgets()[_MADE] = widgets().get(_MADE, 0) + 1
        remember_opened(saved.id)
        remember_told(current_text()("scenarios.keep.told", name=plain(saved.kept.name)))

    attempt(kept_new)


def _keep_on(seen: SavedScenario, evidence: Evidence, basis: Mapping[str, str]) -> None:
    def kept_on() -> None:
        old, number = seen.kept, seen.last.number
        kept = kept_of(chosen_case(evidence), basis, name=old.name, note=old.note, slides=old.slides)
        save_scenario(current_workspace(), kept, id=seen.id, seen=number, why=SAVED, who=current_person())
        remember_told(current_text()("scenarios.keep.told", name=plain(old.name)))

    attempt(kept_on)
