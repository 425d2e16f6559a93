"""Which column of the file fills which column of ours: shown with samples, changed by select boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from cxroi.intake.report import IntakeReport, IntakeRequest, SourceColumn
from cxroi.tables import Column, Kind
from cxroi.text import Text
from cxroi.text.plain import plain, shown
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text
from cxroi.ui.tables import words_table
from cxroi.view.data import upload as account

_CERTAIN, _LIKELY = 0.75, 0.58  # of the confidence with which a heading was recognised
_SAMPLES = 2


def mapping_form(
    report: IntakeReport, request: IntakeRequest, id: str, take: Callable[[str, Mapping[str, str]], None]
) -> None:
    """Draw the mapping, needed columns first; `take(table, mapping)` is called when one select box changes."""
    text, table = current_text(), report.table or request.table or ""
    headings = account.source_headings(report)
    mapping = dict(report.mapping) or {target: heading for target, heading in request.mapping if heading}
    missing = report.table is None or not report.mapping
    columns = account.columns_in_order(table)
    first = [c for c in columns if c.name in mapping or account.is_needed(table, c)]
    rest = [c for c in columns if c not in first]
    found = {column.heading: column for column in report.columns}
    with st.expander(text("page.upload.columns"), expanded=missing):
        st.caption(text("page.upload.columns_lead"))
        for column in first:
            choice, sample = st.columns([2, 3], vertical_alignment="bottom")
            _select(choice, column, headings, mapping, f"map-{id}-{table}-{column.name}", take, table)
            source = found.get(mapping.get(column.name, ""))
            if source is not None:
                sample.caption(sample_words(source, column, text))
        if rest:
            st.caption(text("page.upload.optional"))
        for place, column in enumerate(rest):
            if place % 3 == 0:
                boxes = st.columns(3)
            _select(boxes[place % 3], column, headings, mapping, f"map-{id}-{table}-{column.name}", take, table)
        unused = [heading for heading in headings if heading not in mapping.values()]
        if unused and mapping:
            words_table(
                (text("page.upload.unused"), text("page.upload.unused_values")),
                tuple(
                    (shown(name, 80), " · ".join(_few(found[name].before)) if name in found else "") for name in unused
                ),
                caption=" · ".join(filter(None, (text("page.upload.unused"), report.file, report.sheet))),
            )


def sample_words(source: SourceColumn, column: Column, text: Text) -> str:
    """Return how surely a column of the file was taken for one of ours, and its first values before and after."""
    sure = "certain" if source.confidence >= _CERTAIN else "likely" if source.confidence >= _LIKELY else "guess"
    money = column.kind is Kind.MONEY
    became = [account.grouped(value) if money and value else value for value in source.after]
    pairs = dict.fromkeys(zip(source.before, became or source.before, strict=False))
    changed = [pair for pair in pairs if pair[0].strip() != pair[1]][:_SAMPLES]
    if not source.after or not changed:
        shown_values = plain(" · ".join(_few(source.before)))
    else:
        shown_values = " · ".join(
            text("page.upload.before_after", before=plain(before, 30), after=plain(after or "–", 30))
            for before, after in changed
        )
    return f"{text(f'page.upload.sure.{sure}')}  \n{shown_values}"


def _few(values: Sequence[str]) -> list[str]:
    return [shown(value, 30) for value in dict.fromkeys(value for value in values if value.strip())][:_SAMPLES]


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
