"""The page of kept scenarios: the finding, ways to keep one more, the list with the details of one, and what was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.actions.place import workspace_folder
from cxroi.actions.scenario_file import read_kept_scenario
from cxroi.actions.scenarios import mark_scenario, save_scenario
from cxroi.model.kept_scenario import BROUGHT_BACK, IMPORTED, SavedScenario, free_name
from cxroi.questions import BusinessCase, Evidence
from cxroi.questions.scenarios import ask_basis, moved_since, saved_scenarios
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do
from cxroi.ui.app.how import how_computed
from cxroi.ui.decide.keep import attempt, basis_in_use, keep_form, remember_told, tell_kept
from cxroi.ui.decide.scenario_beside import chosen_beside, side_by_side
from cxroi.ui.decide.scenario_detail import scenario_detail
from cxroi.view.decide.kept_scenarios import kept_answer, kept_row, line_of_worth, plan_line

_FILE = "scenario-file"
_SHOWN = 30


def kept_scenarios(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw the page: `case` is that of the plan under the hand, which can be kept here too."""
    known, basis = saved_scenarios(workspace_folder()), asked(ask_basis)
    there, gone = ([one for one in known if (one.deletion is None) is alive] for alive in (True, False))
    in_use = basis_in_use()
    moved = {one.id: moved_since(one, in_use) for one in there}
    st.html(markup.page_answer(kept_answer(there, moved, text)))
    how_computed("scenarios", text)
    tell_kept()
    if may_do(EDITOR):
        _undo_line(gone, text)
    with st.container(key="keep-more", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(plan_line(case, text), width="content")
        keep_form(evidence, basis, text)
        if may_do(EDITOR):
            _import_form(there, text)
    if there:
        st.html(markup.section(text("scenarios.list.title")))
        beside, ends = chosen_beside(there), line_of_worth(there)
        for one in there[:_SHOWN]:
            _row(one, there, evidence, moved, ends, beside, text)
        if len(there) > _SHOWN:
            with st.expander(text("scenarios.list.older", count=len(there) - _SHOWN)):
                for one in there[_SHOWN:]:
                    _row(one, there, evidence, moved, ends, beside, text)
        side_by_side([one for one in there if one.id in beside], evidence, text)
    if gone and may_do(EDITOR):
        with st.expander(text("scenarios.list.deleted", count=len(gone)), key="scenarios-gone"):
            for one in gone:
                label = text("scenarios.list.bring_back", name=plain(one.kept.name))
                st.button(label, key=f"bring-back-{one.id}", on_click=_bring_back, args=(one,))


def _row(
    saved: SavedScenario,
    there: Sequence[SavedScenario],
    evidence: Evidence,
    moved: dict[str, tuple[str, ...]],
    ends: tuple[float, float],
    beside: Sequence[str],
    text: Text,
) -> None:
    """Draw one scenario, whether it stands beside others, and its details where they were asked for."""
    id, name, is_open = saved.id, plain(saved.kept.name), (choices().detailed or choices().opened) == saved.id
    with st.container(key=f"kept-row-{id}"):
        words, acts = st.columns([7, 2], vertical_alignment="top")
        words.html(markup.kept_row(kept_row(saved, moved, ends, text)))
        with acts.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
            st.checkbox(
                text("scenarios.list.compare"),
                value=id in beside,
                key=f"compare-{id}",
                on_change=_compare,
                args=(id, tuple(beside)),
            )
            st.button(
                text("scenarios.list.close" if is_open else "scenarios.list.details"),
                key=f"details-{id}",
                help=text("scenarios.list.details_of", name=name),
                on_click=choose,
                kwargs={"detailed": "" if is_open else id},
            )
        if is_open:
            with st.container(border=True, key=f"detail-{id}"):
                scenario_detail(saved, there, evidence, moved[id], text)


def _compare(id: str, beside: tuple[str, ...]) -> None:
    rest = tuple(one for one in beside if one != id)
    choose(beside=(*rest, id) if widgets()[f"compare-{id}"] else rest)


def _undo_line(gone: Sequence[SavedScenario], text: Text) -> None:
    deleted = next((one for one in gone if one.id == choices().gone), None)
    if deleted is None:
        return
    with st.container(key="scenario-gone", border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(text("scenarios.list.gone", name=plain(deleted.kept.name)), width="stretch")
        st.button(text("scenarios.list.undo"), key="undo-delete", on_click=_bring_back, args=(deleted,), type="primary")


def _bring_back(saved: SavedScenario) -> None:
    seen = saved.last.number
    attempt(lambda: mark_scenario(current_workspace(), saved.id, BROUGHT_BACK, seen=seen, who=current_person()))
    choose(gone=None)


def _import_form(there: Sequence[SavedScenario], text: Text) -> None:
    with (
        st.popover(text("scenarios.act.import"), key="import-scenario"),
        st.form("import-form", border=False, clear_on_submit=True),
    ):
        st.file_uploader(text("scenarios.act.import_label"), type=["json"], key=_FILE)
        taken = tuple(one.kept.name for one in there)
        st.form_submit_button(text("scenarios.act.import_button"), on_click=_import, args=(taken,), type="primary")


def _import(taken: tuple[str, ...]) -> None:
    file = widgets().get(_FILE)
    if file is None:
        return

    def brought() -> None:
        kept = read_kept_scenario(file.getvalue(), file.name)
        kept = replace(kept, name=free_name(kept.name, taken))
        saved = save_scenario(current_workspace(), kept, why=IMPORTED, who=current_person())
        remember_told(current_text()("scenarios.done.import", name=plain(saved.kept.name), id=saved.id))

    attempt(brought)
