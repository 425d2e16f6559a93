"""Every version of the data: use one again, compare it with the one in use, delete it, or fetch what it put aside."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from cxroi.access.roles import ADMINISTRATOR, FINANCE
from cxroi.actions.versions import as_receipt, delete_version, restore
from cxroi.errors import CxroiError
from cxroi.export.rejects import rejects_csv
from cxroi.store.versions.version import Version
from cxroi.text import Text
from cxroi.text.plain import plain, shown
from cxroi.ui.app.choices import choices, choose
from cxroi.ui.app.current import current_person, current_text, current_workspace, may_do
from cxroi.ui.data.forgetting import disclose_form, forget_form, receipts
from cxroi.ui.data.version_comparison import comparison
from cxroi.view.data.upload import table_name

_SHOWN = 5


def versions_list() -> None:
    """Draw the latest versions, the one in use first."""
    text, workspace = current_text(), current_workspace()
    current = workspace.current()
    st.header(text("page.upload.versions.title"))
    st.markdown(text("page.upload.versions.lead"))
    known = workspace.versions()
    for version in known[:_SHOWN]:
        with st.container(border=True):
            _line(version, text, in_use=version == current)
    if len(known) > _SHOWN:
        with st.expander(text("page.upload.versions.older", count=len(known) - _SHOWN)):
            for version in known[_SHOWN:]:
                _line(version, text, in_use=version == current)
    _check(text)
    if choices().compared is not None and current is not None:
        comparison(choices().compared or "", current)
    receipts()
    if may_do(ADMINISTRATOR):
        disclose_form()
        forget_form()


def _line(version: Version, text: Text, *, in_use: bool) -> None:
    words, buttons = st.columns([3, 2], vertical_alignment="center")
    marks = [":green[● " + text("page.upload.versions.current") + "]"] if in_use else []
    marks += [":violet[" + text("page.upload.versions.illustrative") + "]"] if version.illustrative else []
    tables = (
        text("page.upload.versions.rows", table=table_name(name, text), rows=table.rows)
        for name, table in version.tables.items()
    )
    line = text(
        "page.upload.versions.line",
        number=version.number,
        when=text.moment(version.created_at),
        tables=" · ".join(tables),
    )
    words.markdown(" &ensp; ".join([line, *marks]))
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        if not in_use:
            _buttons(version, text)
    for name, table in version.tables.items() if may_do(FINANCE) else ():  # rows of customers by name
        for place, kept_out in enumerate(table.kept_out(), 1):
            several = len(table.rejects) > 1
            words = text("page.upload.versions.rejects", table=table_name(name, text))
            st.download_button(
                f"{words} · {plain(kept_out.file, 60)}" if several else words,
                lambda path=kept_out.path: rejects_csv(path, lambda id, facts: _reason(id, facts, text)),
                file_name=f"rejected-{name}-{version.number}{f'-{place}' if several else ''}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"rejects-{version.id}-{name}-{place}",
            )


def _buttons(version: Version, text: Text) -> None:
    id = version.id
    st.button(text("page.upload.versions.compare"), key=f"compare-{id}", on_click=choose, kwargs={"compared": id})
    st.button(text("page.upload.versions.restore"), key=f"restore-{id}", on_click=_restore, args=(id,))
    if not may_do(ADMINISTRATOR):
        return
    with st.popover(text("page.upload.versions.delete"), key=f"doomed-{id}"):
        st.markdown(text("page.upload.versions.sure", number=version.number))
        st.button(text("page.upload.versions.yes"), key=f"delete-{id}", on_click=_delete, args=(id,))


def _check(text: Text) -> None:
    """Offer to read every byte of every version again and say what is damaged; the way back is to use another one."""
    if not st.button(text("page.upload.versions.check"), type="tertiary", key="check-versions"):
        return
    with st.spinner(text("page.upload.versions.checking")):
        found = current_workspace().check()
    for damage in found:
        st.error(text(damage.id, version=plain(damage.version), files=plain(damage.files)))
    if not found:
        st.success(text("page.upload.versions.whole"))


def _restore(id: str) -> None:
    try:
        restore(current_workspace(), id, who=current_person())
        choose(scenario=None, earlier=(), compared=None, dismissed=True)
    except CxroiError as error:
        st.error(current_text().error(error, plain))


def _delete(id: str) -> None:
    try:
        done = delete_version(current_workspace(), id, who=current_person())
        choose(compared=None, receipt=as_receipt(done))
    except CxroiError as error:
        st.error(current_text().error(error, plain))


def _reason(id: str, facts: Mapping[str, str], text: Text) -> str:
    return text(id, **{name: shown(fact) for name, fact in facts.items()})
