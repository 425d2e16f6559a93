"""What was read from a dropped file: its account, and everything in it that a person can correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.export.rejects import rejects_file
from cxroi.intake.readers.sheets import chosen
from cxroi.intake.report import Finding, IntakeReport
from cxroi.store.files.waiting import WaitingFile
from cxroi.tables import TABLES
from cxroi.text import Text
from cxroi.text.plain import plain, shown
from cxroi.text.typed import plain_digits
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text
from cxroi.ui.app.progress import progress
from cxroi.ui.data.answers import answers_form, answers_table
from cxroi.ui.data.cx_lines import cx_lines_question
from cxroi.ui.data.dropped import answer, read_again, reading_key, readings, rejects_of, request_of, take_away
from cxroi.ui.data.ledger_rules import is_figure, rules_form
from cxroi.ui.data.mapping import mapping_form
from cxroi.ui.data.presets import preset_choice
from cxroi.ui.data.questions import constant, question
from cxroi.ui.tables import words_table
from cxroi.view.data import upload as account
from cxroi.view.data.load_report import left_out, why_left_out
from cxroi.view.data.understood import understood

_COLOUR = {"good": "green", "partly": "orange", "asks": "blue", "refused": "red"}
_FLAGS_SHOWN = 4
_WORTH_ANOTHER_TRY = ("upload.child_cancelled", "upload.child_crash", "upload.child_time", "upload.no_room")
_MARK = {"good": "✓", "partly": "✓", "asks": "?", "refused": "✕"}


def files_account(files: Sequence[WaitingFile]) -> list[tuple[WaitingFile, tuple[IntakeReport, ...]]]:
    """Draw every file that waits: how far its reading is, or what was read. Return those that have been read."""
    text, read = current_text(), []
    for file, work in zip(files, readings(files), strict=True):
        if work.running:
            with st.container(border=True):
                progress(reading_key(file), "page.upload.reading")
        elif work.error is not None:
            with st.container(border=True):
                st.error(f"{plain(file.name)}: {text.error(work.error, plain)}")
                _leave(file, again=True)
        else:
            _file_account(file, work.result)
            read.append((file, work.result))
    return read


def _file_account(file: WaitingFile, reports: Sequence[IntakeReport]) -> None:
    """Draw what was read from one file, with everything that can be corrected: once for the sheets of one table."""
    asked: set[str] = set()
    for place, report in enumerate(reports):
        first = all(other.table != report.table or not other.table for other in reports[:place])
        with st.container(border=True):
            _head(file, report, place, first=first)
            _findings(file, report, place, asked)
            if first:
                _constants(file, report, place)
            if first and (report.table or request_of(file).table):
                mapping_form(report, request_of(file), f"{file.id}-{place}", _mapped(file))
            if first and report.table == "costs":
                with st.expander(current_text()("page.upload.rules.title")):
                    rules_form(f"{file.id}-{place}", filter(is_figure, report.findings), file=report.file)
            _rejects(file, report, place)
            if place == 0:
                _more(file)


def _leave(file: WaitingFile, *, again: bool) -> None:
    text = current_text()
    if again:
        st.button(text("page.upload.read_again"), key=f"again-{file.id}", on_click=read_again, args=(file,))
    st.button(text("page.upload.remove"), key=f"remove-{file.id}", on_click=take_away, args=(file.id,), type="tertiary")


def _head(file: WaitingFile, report: IntakeReport, place: int, *, first: bool) -> None:
    text, how = current_text(), account.status(report)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        name = f"**{account.heading(report)}** &ensp; :{_COLOUR[how]}[{_MARK[how]} {text(f'page.upload.{how}')}]"
        st.markdown(name, width="content")
        if place == 0:
            with st.container(horizontal=True, width="content"):
                _leave(file, again=report.message in _WORTH_ANOTHER_TRY)
    if first:
        _choices(file, report, place)
        preset_choice(report, request_of(file), f"{file.id}-{place}", lambda **said: answer(file, **said))
    if said := understood(report, text):
        st.markdown(f"**{plain(said)}**")
    if report.message != "upload.cx_lines":  # the question says it
        st.markdown(account.preview(report, text))
    if said := account.quality(report, text):
        st.markdown(said)
    if report.mapping and (unused := left_out(report)):
        names = text.listed(plain(name, 60) for name in unused)
        st.caption(
            "  \n".join(
                filter(None, [text("page.upload.unused_named", columns=names), plain(why_left_out(report, text))])
            )
        )
    if report.rows_read:
        st.caption(account.counts(report, text) + "  \n" + account.sums(report, text))


def _choices(file: WaitingFile, report: IntakeReport, place: int) -> None:
    """Draw what decides how the whole file is read: the table, the sheets, the currency."""
    text, key = current_text(), f"table-{file.id}-{place}"
    table, sheet, currency = st.columns([2, 2, 1])
    options = [None, *TABLES]
    table.selectbox(
        text("page.upload.recognised"),
        options,
        index=options.index(report.table or request_of(file).table),
        format_func=lambda name: account.table_name(name, text) if name else text("page.upload.choose"),
        key=key,
        on_change=lambda: answer(file, table=widgets()[key], mapping=(), constants=()),
    )
    if len(report.sheets) + len(report.hidden_sheets) > 1:
        _sheet(file, report, sheet, place)
    if account.holds_money(report):
        _currency(file, report, currency, place)


def _sheet(file: WaitingFile, report: IntakeReport, column: Any, place: int) -> None:
    """Ask which sheets are meant; several that hold the same table are put one below the other."""
    text, key = current_text(), f"sheet-{file.id}-{place}"
    asked = request_of(file).sheet
    try:
        named = chosen(asked, report.sheets, report.hidden_sheets) if asked else ()
    except CxroiError:
        named = ()

    def take() -> None:
        names = widgets()[key]
        answer(file, sheet=",".join(names) or None, mapping=(), constants=(), table=None)

    column.multiselect(
        text("page.upload.sheet"),
        (*report.sheets, *report.hidden_sheets),
        default=named,
        format_func=lambda name: (
            text("page.upload.hidden_sheet", sheet=shown(name, 50)) if name in report.hidden_sheets else shown(name, 60)
        ),
        placeholder=text("page.upload.all_sheets"),
        key=key,
        on_change=take,
    )


def _currency(file: WaitingFile, report: IntakeReport, column: Any, place: int) -> None:
    """Ask for the currency where money has none, because a figure without a unit is none."""
    key = f"currency-{file.id}-{place}"
    column.text_input(
        current_text()("page.upload.currency"),
        value=report.currency or "",
        max_chars=3,
        placeholder="SAR",
        key=key,
        on_change=lambda: answer(file, currency=widgets()[key].strip().upper() or None),
    )


def _findings(file: WaitingFile, report: IntakeReport, place: int, asked: set[str]) -> None:
    """Draw the questions, each once for the whole file, then what is worth a look and what was done."""
    text = current_text()
    for number, finding in enumerate(account.questions(report)):
        said = account.sentence(finding.sentence, finding.facts, text)
        if said in asked:
            continue
        asked.add(said)
        st.info(said, title=text("page.upload.questions"))
        if finding.id == "finding.cx_lines":
            cx_lines_question(report, f"{file.id}-{place}", lambda **said: answer(file, **said))
        else:
            question(finding, request_of(file), f"{file.id}-{place}-{number}", _taken(file, report))
    if found := account.flags(report):
        st.markdown(f"**{text('page.upload.flags')}**")
        st.markdown(_listed(found[:_FLAGS_SHOWN], text))
    if rest := found[_FLAGS_SHOWN:]:
        with st.expander(text("page.upload.more_flags", count=len(rest))):
            st.markdown(_listed(rest, text))
    _answers(file, report, place)
    if found := tuple(note for note in account.notes(report) if not (is_figure(note) or account.is_answers(note))):
        with st.expander(text("page.upload.notes")):
            st.markdown(_listed(found, text))
            read = [note for note in found if note.id == "finding.currency_read"]  # it can be corrected
            for number, note in enumerate(read):
                question(
                    note, request_of(file), f"{file.id}-{place}-note-{number}", lambda **said: answer(file, **said)
                )


def _taken(file: WaitingFile, report: IntakeReport) -> Callable[..., None]:
    """Return what takes an answer; that a heading is one of our columns becomes part of the mapping."""

    def take(left_on: str | None = None, **said: Any) -> None:
        if left_on is not None:
            _mapped(file)(str(report.table), {**report.mapping, "left_on": left_on})
        if said:
            answer(file, **said)

    return take


def _answers(file: WaitingFile, report: IntakeReport, place: int) -> None:
    """Draw how answers in words were read, and what changes it."""
    for number, note in enumerate(filter(account.is_answers, account.notes(report))):
        answers_table(note)
        with st.expander(current_text()("page.upload.answers.change")):
            answers_form(note, request_of(file), f"{file.id}-{place}-read-{number}", _taken(file, report))


def _constants(file: WaitingFile, report: IntakeReport, place: int) -> None:
    """Ask for what a column that the file lacks is in every row; what was said or read from a title can be changed."""
    text, request = current_text(), request_of(file)
    said, lacking = report.constants | dict(request.constants), account.lacking(report)
    if lacking:
        names = ", ".join(account.target_name(column.name, text) for column in lacking)
        st.info(text("page.upload.lacking", column=names), title=text("page.upload.questions"))
    table = report.table or request.table or report.facts.get("table", "")
    given = [column for column in account.columns_in_order(table) if column.name in said] if table in TABLES else []

    def take(**answers: str | None) -> None:
        constants = {**dict(request_of(file).constants), **answers}
        answer(file, table=table, constants=tuple((name, value) for name, value in constants.items() if value))

    for column in dict.fromkeys((*lacking, *given)):
        constant(column, said.get(column.name, ""), f"{file.id}-{place}", take)


def _listed(findings: Sequence[Finding], text: Text) -> str:
    return "\n".join(f"- {account.sentence(f.sentence, f.facts, text)}" for f in findings)


def _rejects(file: WaitingFile, report: IntakeReport, place: int) -> None:
    if not report.rejects:
        return
    text, key = current_text(), f"allow-{file.id}-{place}"
    if report.message == "upload.too_many_rejects" or request_of(file).rejects_allowed_rate == 1.0:
        st.checkbox(
            text("page.upload.allow"),
            value=request_of(file).rejects_allowed_rate == 1.0,
            key=key,
            on_change=lambda: answer(file, rejects_allowed_rate=1.0 if widgets()[key] else 0.05),
        )
    aside = rejects_of(file)
    with st.expander(text("page.upload.rejected", count=report.rows_rejected)):
        st.caption(text("page.upload.mend"))
        names = tuple(text(f"page.upload.{name}") for name in ("row", "column", "value", "reason"))
        few = report.rejects[:50]
        if len(few) < report.rows_rejected:
            st.caption(text("page.upload.first_shown", count=len(few)))
        words_table(
            names,
            account.reject_rows(few, text),
            caption=" · ".join(filter(None, (text("page.upload.rejected", count=len(few)), report.file, report.sheet))),
        )
        st.download_button(
            text("page.upload.download"),
            lambda: rejects_file(Path(f"{aside}-{place}"), report.rejects, text),
            file_name="rejected-rows.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"rejects-{file.id}-{place}",
        )


def _more(file: WaitingFile) -> None:
    text, request = current_text(), request_of(file)
    with st.expander(text("page.upload.more")):
        first, second = st.columns(2)
        keys = {name: f"{name}-{file.id}" for name in ("header_row", "control_total", "difference_explained")}

        def take(name: str) -> None:
            value = widgets()[keys[name]]
            value = plain_digits(value) if name == "control_total" else value
            answer(file, **{name: (value.strip() if isinstance(value, str) else value) or None})

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


def _mapped(file: WaitingFile) -> Any:
    def take(table: str, mapping: Mapping[str, str]) -> None:
        kept = tuple(pair for pair in request_of(file).constants if not mapping.get(pair[0]))
        answer(file, table=table, mapping=tuple(mapping.items()), constants=kept)

    return take
