"""What was read from a dropped file: its account, and everything in it that a person can correct."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxroi.intake.report import IntakeReport
from cxroi.tables import TABLES
from cxroi.text.plain import shown
from cxroi.ui import account
from cxroi.ui.choices import widgets
from cxroi.ui.current import current_text
from cxroi.ui.mapping import mapping_form
from cxroi.ui.questions import question
from cxroi.ui.tables import words_table
from cxroi.ui.upload import answer, request_of

_COLOUR = {"good": "green", "partly": "orange", "asks": "blue", "refused": "red"}
_MARK = {"good": "✓", "partly": "✓", "asks": "?", "refused": "✕"}


def file_account(file: UploadedFile, reports: Sequence[IntakeReport]) -> None:
    """Draw what was read from one file, with everything that can be corrected."""
    for place, report in enumerate(reports):
        with st.container(border=True):
            _head(file.file_id, report, place)
            _findings(file.file_id, report, place)
            if report.table or request_of(file.file_id).table:
                mapping_form(report, request_of(file.file_id), f"{file.file_id}-{place}", _mapped(file.file_id))
            _rejects(file.file_id, report, place)
            if place == 0:
                _more(file.file_id)


def _head(file_id: str, report: IntakeReport, place: int) -> None:
    text, how = current_text(), account.status(report)
    st.markdown(f"**{account.heading(report)}** &ensp; :{_COLOUR[how]}[{_MARK[how]} {text(f'page.upload.{how}')}]")
    table, sheet, currency = st.columns([2, 2, 1])
    key = f"table-{file_id}-{place}"
    options = [None, *TABLES]
    table.selectbox(
        text("page.upload.recognised"),
        options,
        index=options.index(report.table or request_of(file_id).table),
        format_func=lambda name: account.table_name(name, text) if name else text("page.upload.choose"),
        key=key,
        on_change=lambda: answer(file_id, table=widgets()[key], mapping=()),
    )
    if len(report.sheets) > 1:
        _sheet(file_id, report, sheet, place)
    if account.holds_money(report):
        _currency(file_id, report, currency, place)
    st.markdown(account.preview(report, text))
    if report.rows_read:
        st.caption(account.counts(report, text) + "  \n" + account.sums(report, text))


def _sheet(file_id: str, report: IntakeReport, column: Any, place: int) -> None:
    text, key = current_text(), f"sheet-{file_id}-{place}"
    options = [None, *report.sheets]
    asked = request_of(file_id).sheet
    column.selectbox(
        text("page.upload.sheet"),
        options,
        index=options.index(asked) if asked in options else 0,
        format_func=lambda name: shown(name) if name else text("page.upload.all_sheets"),
        key=key,
        on_change=lambda: answer(file_id, sheet=widgets()[key], mapping=(), table=None),
    )


def _currency(file_id: str, report: IntakeReport, column: Any, place: int) -> None:
    """Ask for the currency where money has none, because a figure without a unit is none."""
    key = f"currency-{file_id}-{place}"
    column.text_input(
        current_text()("page.upload.currency"),
        value=report.currency or "",
        max_chars=3,
        placeholder="SAR",
        key=key,
        on_change=lambda: answer(file_id, currency=widgets()[key].strip().upper() or None),
    )


def _findings(file_id: str, report: IntakeReport, place: int) -> None:
    text = current_text()
    for number, finding in enumerate(account.questions(report)):
        st.info(account.sentence(finding.id, finding.facts, text), title=text("page.upload.questions"))
        question(finding, request_of(file_id), f"{file_id}-{place}-{number}", lambda **said: answer(file_id, **said))
    if found := account.flags(report):
        st.markdown(f"**{text('page.upload.flags')}**")
        st.markdown("\n".join(f"- {account.sentence(f.id, f.facts, text)}" for f in found))
    if found := account.notes(report):
        with st.expander(text("page.upload.notes")):
            st.markdown("\n".join(f"- {account.sentence(f.id, f.facts, text)}" for f in found))


def _rejects(file_id: str, report: IntakeReport, place: int) -> None:
    if not report.rejects:
        return
    text, key = current_text(), f"allow-{file_id}-{place}"
    if report.message == "upload.too_many_rejects" or request_of(file_id).rejects_allowed_rate == 1.0:
        st.checkbox(
            text("page.upload.allow"),
            value=request_of(file_id).rejects_allowed_rate == 1.0,
            key=key,
            on_change=lambda: answer(file_id, rejects_allowed_rate=1.0 if widgets()[key] else 0.05),
        )
    with st.expander(text("page.upload.rejected", count=report.rows_rejected)):
        names = tuple(text(f"page.upload.{name}") for name in ("row", "column", "value", "reason"))
        few = report.rejects[:50]
        if len(few) < report.rows_rejected:
            st.caption(text("page.upload.first_shown", count=len(few)))
        words_table(names, account.reject_rows(few, text), caption=text("page.upload.rejected", count=len(few)))
        st.download_button(
            text("page.upload.download"),
            lambda: account.rejects_as_csv(report.rejects, text),
            file_name="rejected-rows.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"rejects-{file_id}-{place}",
        )


def _more(file_id: str) -> None:
    text, request = current_text(), request_of(file_id)
    with st.expander(text("page.upload.more")):
        first, second = st.columns(2)
        keys = {name: f"{name}-{file_id}" for name in ("header_row", "control_total", "difference_explained")}

        def take(name: str) -> None:
            value = widgets()[keys[name]]
            answer(file_id, **{name: (value.strip() if isinstance(value, str) else value) or None})

        first.number_input(
            text("page.upload.header_row"),
            min_value=0,
            max_value=10_000,
            value=request.header_row or 0,
            key=keys["header_row"],
            on_change=take,
            args=("header_row",),
        )
        for column, name, label in (
            (second, "control_total", "control_total"),
            (st, "difference_explained", "explained"),
        ):
            column.text_input(
                text(f"page.upload.{label}"),
                value=getattr(request, name) or "",
                max_chars=300 if name == "difference_explained" else 30,
                key=keys[name],
                on_change=take,
                args=(name,),
            )


def _mapped(file_id: str) -> Any:
    return lambda table, mapping: answer(file_id, table=table, mapping=tuple(mapping.items()))
