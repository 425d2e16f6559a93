"""The Upload page's second step: replace or add, load beside the pages, and say what came of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import streamlit as st

from cxroi.actions.connections import keep_answers
from cxroi.actions.load import load_many
from cxroi.actions.place import workspace_folder
from cxroi.export.template import table_template
from cxroi.intake.report import IntakeReport, LoadOutcome
from cxroi.questions.standing import ask_standing
from cxroi.store.files.waiting import Waiting, WaitingFile
from cxroi.store.versions.workspace import Mode
from cxroi.tables import TABLES
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_person, current_text, current_workspace, id_in_use
from cxroi.ui.app.link import PARAMETER
from cxroi.ui.app.progress import progress
from cxroi.ui.app.work import Cancelled, Progress, Work, begin_alone, find
from cxroi.ui.data.dropped import request_of
from cxroi.view.data import upload as account

_SEEN = "upload-onto"  # the version that was in use when the form was drawn
_GO = "upload-go"  # the same, where Load was pressed and nothing stands against it
_AGAIN = "upload-again"  # pressed: the files that are there already are to be loaded all the same
_THERE = ("upload.rows_there", "upload.same_file")  # refused only because they are loaded already
_TOLD_SECONDS = 15 * 60  # so long after its end a load is told to whoever opens the page


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What one load did: the account of each table, and the number of the version it made, None where it made none.

    `there` are the ids of the files that still wait because what they hold is loaded already; `mode` is how it loaded.
    """

    reports: tuple[IntakeReport, ...]
    number: int | None
    there: tuple[str, ...] = ()
    mode: Mode = "replace"


def templates() -> None:
    """Offer a workbook to fill in for each table; each is made when it is asked for."""
    text = current_text()
    with st.expander(text("page.upload.templates")):
        st.caption(text("page.upload.templates_lead"))
        with st.container(horizontal=True):
            for table in TABLES:
                st.download_button(
                    account.table_name(table, text),
                    lambda table=table: table_template(table, text.language, text),
                    file_name=f"{table}-{text.language}.xlsx",
                    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    on_click="ignore",
                    key=f"template-{table}",
                )


def load_form(files: Sequence[tuple[WaitingFile, tuple[IntakeReport, ...]]], *, running: bool) -> None:
    """Draw the second step: replace or add, and the one button that changes anything; or the load that `running` says."""
    text = current_text()
    go, again = widgets().pop(_GO, None), widgets().pop(_AGAIN, None)
    if running:
        _progress()
        return
    if why := choices().turned_away:
        st.warning(text("page.upload.turned_away_ended" if why == "running" else "store.changed_meanwhile"))
    ready = [(file, found) for file, found in files if any(r.outcome is not LoadOutcome.REFUSED for r in found)]
    if files and not ready:
        st.caption(text("page.upload.nothing_ready"))
    if not ready:
        return
    mode = st.radio(
        text("page.upload.mode"),
        ("replace", "append"),
        format_func=lambda way: text(f"page.upload.{way}"),
        horizontal=True,
        key="upload-mode",
    )
    widgets()[_SEEN] = id_in_use()
    st.button(text("page.upload.load"), type="primary", key="upload-load", on_click=_press)
    there = _there(find(_key()))
    if there is not None and any(file.id in there.there for file, _ in ready):
        st.button(text("page.upload.load_again"), key="upload-load-again", on_click=_press, args=(there,))
    if go and again is not None:
        _begin([one for one in ready if one[0].id in again.there], again.mode, onto=go, again=True)
        st.rerun()
    if go:
        _begin(ready, "append" if mode == "append" else "replace", onto=go)
        st.rerun()


def _there(work: Work | None) -> Loaded | None:
    """Return what this tab's own load did, where it left files waiting because what they hold is loaded already."""
    if work is None or work.running or work.error is not None or work.id != choices().own_load:
        return None
    return work.result if work.result.there else None


def _press(again: Loaded | None = None) -> None:
    """Take the press of Load before anything is drawn: the form may look otherwise by now, and a press is never lost."""
    work, seen = find(_key()), str(widgets()[_SEEN])
    if work is not None and work.running:
        choose(turned_away="running")
    elif id_in_use() != seen:
        choose(turned_away="changed")
    else:
        widgets()[_GO], widgets()[_AGAIN] = seen, again


def load_account(*, beside_form: bool) -> bool:
    """Show the load that runs, or say what the last one did; in any tab, also after a reload. Return whether one runs.

    Where the form is on the page, the load that runs is shown in its place: that is where the person has just pressed.
    """
    work = find(_key())
    if work is None:
        return False
    if work.owner and work.owner == choices().known_by:
        choose(own_load=work.id)
    if work.running:
        choose(watched=work.id, dismissed=False)
        if not beside_form:
            _progress()
        return True
    _end_of(work)
    return False


def _progress() -> None:
    """Draw the load that runs; to anybody but who began it as somebody else's, with a word on the files that wait here."""
    work, text = find(_key()), current_text()
    own = work is not None and work.id == choices().own_load
    if not own and choices().turned_away:
        st.warning(text("page.upload.turned_away"))
    progress(_key(), "page.upload.loading" if own else "page.upload.loading_elsewhere", own=own)


def _end_of(work: Work) -> None:
    """Say what a load did and where to look next, unless that has been read and left."""
    text = current_text()
    own = work.id == choices().own_load
    if choices().watched == work.id:  # the data have changed below this tab
        choose(watched=None, scenario=None, earlier=(), compared=None)
        st.query_params.pop(PARAMETER, None)
        if own and work.error is None and work.result.number is not None:
            st.toast(text("page.upload.done", number=work.result.number))
    elif choices().dismissed or work.seconds_since > _TOLD_SECONDS:
        return
    if not own:
        if work.error is None and work.result.number is not None:
            st.info(text("page.upload.done_elsewhere", number=work.result.number))
        return
    if work.error is not None:
        st.error(text.error(work.error, plain))
        return
    done: Loaded = work.result
    for report in done.reports:
        if report.outcome is LoadOutcome.REFUSED:
            st.error(f"{account.heading(report)}: {account.sentence(report.message, report.facts, text)}")
    if done.number is not None:
        st.success(text("page.upload.done", number=done.number))
        _see_the_verdict()


def _see_the_verdict() -> None:
    """Lead to the verdict as what is to be done next; where the data are not enough for one, the page says above what is missing."""
    version = current_workspace().current()
    if version is None or not ask_standing(version).enough:
        return
    if st.button(current_text()("page.upload.see"), type="primary", key="upload-see"):
        st.switch_page("pages/decide/overview.py")


def _key() -> Hashable:
    return "load", str(workspace_folder())


def _begin(
    files: Sequence[tuple[WaitingFile, tuple[IntakeReport, ...]]], mode: Mode, *, onto: str, again: bool = False
) -> None:
    """Load the files in one act, out of sight, onto the version they were looked at beside; what was loaded waits no longer.

    While somebody else loads nothing is begun, the files stay where they are, and the person is told.
    """
    workspace, waiting = current_workspace(), Waiting.open(workspace_folder(), choices().waiting)
    who = current_person()
    asked = [(waiting.path(file), file.name, request_of(file)) for file, _ in files]

    def load(cancelled: Cancelled, tell: Progress) -> Loaded:
        with waiting.being_loaded([file.id for file, _ in files]):
            found, version = load_many(
                workspace, asked, mode, who=who, cancelled=cancelled, progress=tell, onto=onto, again=again
            )
        taken = [
            file.id
            for (file, _), reports in zip(files, found, strict=True)
            if version is not None and any(report.outcome is not LoadOutcome.REFUSED for report in reports)
        ]
        waiting.remove(*taken)
        for (file, _), (_, _, request), reports in zip(files, asked, found, strict=True):
            keep_answers(workspace, file.connection, request, reports, version, who=who)
        return Loaded(
            reports=tuple(report for reports in found for report in reports),
            number=version.number if version else None,
            there=tuple(
                file.id
                for (file, _), reports in zip(files, found, strict=True)
                if file.id not in taken and any(report.message in _THERE for report in reports)
            ),
            mode=mode,
        )

    work = begin_alone(
        _key(),
        load,
        name=" · ".join(file.name for file, _ in files),
        size=sum(file.size for file, _ in files),
        rows=sum(report.rows_read for _, found in files for report in found),
        owner=waiting.token,
    )
    if work is None:
        choose(turned_away="running")
    else:  # to be told even where it has ended before the page is drawn again
        choose(own_load=work.id, turned_away="", watched=work.id, dismissed=False)
