"""Two versions against each other: the figures a verdict rests on, then rows and sums table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.questions import VersionFigures, version_figures
from cxroi.store.state.state import state_in_force
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import TableDifference
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text, current_workspace
from cxroi.ui.tables import words_table
from cxroi.view.data.upload import grouped, table_name, target_name
from cxroi.view.data.versions import side_by_side

_KEY = "compared-with"


def comparison(before_id: str, current: Version) -> None:
    """Draw version `before_id` against the one in use, or against another that is chosen here."""
    text, workspace = current_text(), current_workspace()
    versions = {version.id: version for version in workspace.versions()}
    if before_id not in versions:
        return
    others = [id for id in versions if id != before_id]
    if widgets().get(_KEY) not in others:
        widgets()[_KEY] = current.id if current.id in others else others[0]
    heading, choice = st.columns([3, 1], vertical_alignment="bottom")
    after_id = choice.selectbox(
        text("page.upload.versions.against"),
        others,
        format_func=lambda id: text("page.upload.versions.numbered", number=versions[id].number),
        key=_KEY,
    )
    before, after = versions[before_id], versions[after_id]
    heading.subheader(text("page.upload.versions.differences", before=before.number, after=after.number))
    _figures(before, after, text)
    names = tuple(text(f"page.upload.versions.{name}") for name in ("table", "rows_heading", "sums_heading"))
    rows = tuple(_difference(found, text) for found in workspace.compare(before.id, after.id))
    words_table(names, rows, caption=text("page.upload.versions.by_table"))


def _figures(before: Version, after: Version, text: Text) -> None:
    with st.spinner(text("page.upload.versions.comparing")):
        first, second = _figures_of(before), _figures_of(after)
    for version, figures in ((before, first), (after, second)):
        if isinstance(figures, CxroiError):
            reason = text.error(figures, plain)
            st.caption(text("page.upload.versions.no_figures", number=version.number, reason=reason))
    if isinstance(first, VersionFigures) and isinstance(second, VersionFigures):
        numbered = (text("page.upload.versions.numbered", number=version.number) for version in (before, after))
        names = (text("page.upload.versions.figure"), *numbered, text("page.upload.versions.change_heading"))
        words_table(names, side_by_side(first, second, text), caption=text("page.upload.versions.in_figures"))


def _figures_of(version: Version) -> VersionFigures | CxroiError:
    state, _ = state_in_force(version)
    settings = f"{state.known_rates()} {state.allocation()}"
    return _kept(f"{workspace_folder()}\n{version.id}\n{settings}")


def _read(key: str) -> VersionFigures | CxroiError:
    """Read by one string, because Streamlit's cache can take two lists of arguments for one."""
    folder, version_id, _ = key.split("\n", 2)
    return version_figures(Path(folder), version_id)


_kept: Callable[[str], VersionFigures | CxroiError] = st.cache_resource(max_entries=16, show_spinner=False)(_read)


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
