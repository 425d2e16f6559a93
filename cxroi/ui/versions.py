"""Every version of the data: use one again, compare it with the one in use, delete it, or fetch what it put aside."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.store.snapshots import TableDifference
from cxroi.store.version import Version
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.ui.account import grouped, moment, table_name, target_name
from cxroi.ui.choices import choices, choose
from cxroi.ui.current import current_text, current_workspace
from cxroi.ui.tables import words_table
from cxroi.upload import rejects_csv

_SHOWN = 8


def versions_list() -> None:
    """Draw the latest versions, the one in use first."""
    text, workspace = current_text(), current_workspace()
    current = workspace.current()
    st.header(text("page.upload.versions.title"))
    st.markdown(text("page.upload.versions.lead"))
    for version in workspace.versions()[:_SHOWN]:
        with st.container(border=True):
            _line(version, text, in_use=version == current)
    if choices().compared is not None and current is not None:
        _differences(workspace.version(choices().compared or ""), current, text)


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
        when=moment(version.created_at, text),
        tables=" · ".join(tables),
    )
    words.markdown(" &ensp; ".join([line, *marks]))
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        if not in_use:
            _buttons(version, text)
    for name, table in version.tables.items():
        if table.rejects:
            st.download_button(
                text("page.upload.versions.rejects", table=table_name(name, text)),
                lambda path=table.rejects[-1]: rejects_csv(path, lambda id, facts: _reason(id, facts, text)),
                file_name=f"rejected-{name}-{version.number}.csv",
                mime="text/csv",
                on_click="ignore",
                key=f"rejects-{version.id}-{name}",
            )


def _buttons(version: Version, text: Text) -> None:
    id = version.id
    st.button(text("page.upload.versions.compare"), key=f"compare-{id}", on_click=choose, kwargs={"compared": id})
    st.button(text("page.upload.versions.restore"), key=f"restore-{id}", on_click=_restore, args=(id,))
    with st.popover(text("page.upload.versions.delete"), key=f"doomed-{id}"):
        st.markdown(text("page.upload.versions.sure", number=version.number))
        st.button(text("page.upload.versions.yes"), key=f"delete-{id}", on_click=_delete, args=(id,))


def _restore(id: str) -> None:
    try:
        current_workspace().restore(id)
        choose(scenario=None, earlier=(), compared=None, dismissed=True)
    except CxroiError as error:
        st.error(current_text().error(error))


def _delete(id: str) -> None:
    try:
        current_workspace().delete(id)
        choose(compared=None)
    except CxroiError as error:
        st.error(current_text().error(error))


def _reason(id: str, facts: Mapping[str, str], text: Text) -> str:
    return text(id, **{name: shown(fact) for name, fact in facts.items()})


def _differences(before: Version, after: Version, text: Text) -> None:
    st.subheader(text("page.upload.versions.differences", before=before.number, after=after.number))
    names = ("table", "rows_heading", "sums_heading")
    rows = tuple(_difference(found, text) for found in current_workspace().compare(before.id, after.id))
    words_table(tuple(text(f"page.upload.versions.{name}") for name in names), rows)


def _difference(found: TableDifference, text: Text) -> tuple[str, ...]:
    if found.same_bytes:
        return table_name(found.table, text), text("page.upload.versions.same"), ""
    rows = _change(_number(found.rows_before, text), _number(found.rows_after, text), text)
    sums = (
        f"{target_name(name, text)}: {_change(_sum(found.sums_before, name), _sum(found.sums_after, name), text)}"
        for name in sorted({*found.sums_before, *found.sums_after})
    )
    return table_name(found.table, text), rows, " · ".join(sums)


def _sum(sums: Mapping[str, str], name: str) -> str:
    return grouped(sums[name]) if name in sums else "–"


def _number(rows: int | None, text: Text) -> str:
    return "–" if rows is None else text.number(rows)


def _change(before: str, after: str, text: Text) -> str:
    return before if before == after else text("page.upload.versions.change", before=before, after=after)
