"""The question which lines of a ledger are customer experience: its names with their sums, what looks like it ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.intake.report import IntakeReport, LedgerName, of_column
from cxroi.intake.rows.cx_lines import names_in
from cxroi.questions.cx_part import part_that_is_cx
from cxroi.store.state.state import State
from cxroi.tables import LEDGER_NAMES, LedgerRule
from cxroi.text import Text
from cxroi.text.plain import plain
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import current_text, version_in_use
from cxroi.ui.data.ledger_rules import said_otherwise
from cxroi.view.data.cx_lines import answered, columns_of_names, name_words, open_names, shown_name, why_words
from cxroi.view.data.upload import target_name
from cxroi.view.figure import cx_part_words

_SHOWN = 15  # the largest; smaller ones are folded away
Take = Callable[..., None]


def cx_lines_question(report: IntakeReport, id: str, take: Take) -> None:
    """Draw the names of the lines that are open, each to be ticked, and the two answers; `take` is called with what is said."""
    text = current_text()
    columns = [column for column in columns_of_names(report) if open_names(report, column)]
    by = columns[0]
    if len(columns) > 1:
        by = str(
            st.segmented_control(
                text("cx_lines.by"),
                columns,
                default=columns[0],
                format_func=lambda column: target_name(column, text),
                key=f"cx-by-{id}",
                required=True,
            )
        )
    if by in LEDGER_NAMES:
        among = of_column(report.ledger_names, by)
        keep = partial(_answer, take)
        _ticks(among, open_names(report, by), report.currency or "", f"{id}-{by}", keep, text)
        st.caption(text("cx_lines.search"))
    else:
        st.caption(text("cx_lines.search"))
        st.button(text("cx_lines.all"), key=f"cx-all-{id}", on_click=take, kwargs={"other_lines": "cx"})


def _answer(take: Take, rules: Sequence[LedgerRule]) -> None:
    take(ledger_rules=rules, other_lines=None)


def ledger_in_use() -> None:
    """Draw the names of the ledger in use, those that count as customer experience ticked; another answer counts at once."""
    text, version = current_text(), version_in_use()
    if version is None or version.illustrative or "costs" not in version.tables:
        return
    table = version.tables["costs"]
    names = _names_of(tuple(map(str, table.files)))
    for said in cx_part_words(part_that_is_cx(version), text):
        st.markdown(plain(said, 500))
    if names[0].column not in LEDGER_NAMES:
        return
    currencies = {str(source.get("currency") or "") for source in table.sources}
    currency = currencies.pop() if len(currencies) == 1 else ""
    with st.expander(text("cx_lines.change", names=plain(target_name(names[0].column, text))), key="cx-in-use"):
        listed = of_column(names, names[0].column)
        _ticks(listed, listed, currency, f"use-{version.number}", _say, text)


def _read_names(files: tuple[str, ...]) -> tuple[LedgerName, ...]:
    return names_in([Path(file) for file in files])


# the files of a version never change
_names_of: Callable[[tuple[str, ...]], tuple[LedgerName, ...]] = st.cache_resource(max_entries=4, show_spinner=False)(
    _read_names
)


def _say(rules: Sequence[LedgerRule]) -> None:
    """Keep what is said of the names, in place of what was said of them before."""
    now = {rule[:2] for rule in rules}
    before = [rule for rule in State.open(workspace_folder()).ledger_rules() if rule[:2] in now]
    said_otherwise(add=rules, remove=before)


def _ticks(
    among: Sequence[LedgerName],
    names: Sequence[LedgerName],
    currency: str,
    id: str,
    keep: Callable[[Sequence[LedgerRule]], None],
    text: Text,
) -> None:
    """Draw a box for each of `names`, whose shares are of all `among` which they stand; `keep` is called with what is said of them."""
    keys = {one.name: f"cx-{id}-{place}" for place, one in enumerate(names)}

    def take() -> None:
        keep(answered(names, {name for name, key in keys.items() if widgets()[key]}))

    def tick(one: LedgerName) -> None:
        why = f" &ensp; :green[{plain(why_words(one, text))}]" if one.word else ""
        label = f"**{plain(shown_name(one, text))}** &ensp; {plain(name_words(one, among, currency, text))}{why}"
        st.checkbox(label, value=one.cx_lines > 0 if not one.open_lines else bool(one.word), key=keys[one.name])

    with st.form(f"cx-lines-{id}", border=False):
        for one in names[:_SHOWN]:
            tick(one)
        if rest := names[_SHOWN:]:
            with st.expander(text("cx_lines.more", count=len(rest))):
                for one in rest:
                    tick(one)
        with st.container(horizontal=True):
            st.form_submit_button(text("cx_lines.keep"), type="primary", on_click=take, key=f"cx-keep-{id}")
            st.form_submit_button(
                text("cx_lines.all"),
                on_click=lambda: keep(answered(names, set(keys))),
                key=f"cx-all-{id}",
            )
