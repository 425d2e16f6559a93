"""Which column of the file fills which column of ours: shown with samples, changed by select boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from cxroi.intake.report import IntakeReport, IntakeRequest
from cxroi.tables import Column
from cxroi.text.plain import plain, shown
from cxroi.ui import account
from cxroi.ui.choices import widgets
from cxroi.ui.current import current_text


def mapping_form(
    report: IntakeReport, request: IntakeRequest, id: str, take: Callable[[str, Mapping[str, str]], None]
) -> None:
    """Draw the mapping, needed columns first; `take(table, mapping)` is called when one select box changes."""
    text, table = current_text(), report.table or request.table or ""
    headings = account.source_headings(report)
    mapping = dict(report.mapping) or {target: heading for target, heading in request.mapping if heading}
    samples = {column.heading: column for column in report.columns}
    missing = bool(report.table is None)
    with st.expander(text("page.upload.columns"), expanded=missing):
        st.caption(text("page.upload.columns_lead"))
        columns = account.columns_in_order(table)
        first = [c for c in columns if c.name in mapping or account.is_needed(table, c)]
        for column in first:
            choice, sample = st.columns([2, 3], vertical_alignment="bottom")
            _select(choice, column, headings, mapping, f"map-{id}-{table}-{column.name}", take, table)
            if mapping.get(column.name) in samples:
                found = samples[mapping[column.name]]
                sample.caption(_before_after(found.before, found.after))
        st.caption(text("page.upload.optional"))
        rest = [c for c in columns if c not in first]
        for place, column in enumerate(rest):
            if place % 3 == 0:
                boxes = st.columns(3)
            _select(boxes[place % 3], column, headings, mapping, f"map-{id}-{table}-{column.name}", take, table)
        unused = [heading for heading in headings if heading not in mapping.values()]
        if unused and not missing:
            st.caption(text("page.upload.not_used", columns=plain(", ".join(unused), 500)))


def _select(
    place: Any,
    column: Column,
    headings: tuple[str, ...],
    mapping: Mapping[str, str],
    key: str,
    take: Callable[[str, Mapping[str, str]], None],
    table: str,
) -> None:
    text, options, current = current_text(), ["", *headings], mapping.get(column.name, "")
    needed = f" ({text('page.upload.needed')})" if account.is_needed(table, column) else ""
    place.selectbox(
        account.target_name(column.name, text) + needed,
        options,
        index=options.index(current) if current in options else 0,
        format_func=lambda heading: shown(heading, 60) if heading else text("page.upload.left_out"),
        key=key,
        help=text(f"table.{table}.{column.name}"),
        on_change=lambda: take(table, {**mapping, column.name: widgets()[key] or ""}),
    )


def _before_after(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    text = current_text()
    was, became = ("  ·  ".join(shown(value, 30) for value in values[:2]) for values in (before, after))
    return text("page.upload.before_after", before=plain(was), after=plain(became)) if became else plain(was)
