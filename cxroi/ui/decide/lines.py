"""Investment lines and promises on a page: slow questions, asked for only when somebody looks, and answered once for everybody."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError
from cxroi.model.decision.allocation import Allocation
from cxroi.questions import BusinessCase, Evidence, ask_where_to_spend, open_version
from cxroi.questions.line_evidence import LineEvidence, gather_lines
from cxroi.questions.lines import LineReport, ask_where_between_lines, judge_lines
from cxroi.questions.promises import Promise, gather_promises
from cxroi.ui import markup
from cxroi.ui.app.current import current_text
from cxroi.ui.decide.case import data_key, last_kept
from cxroi.view.decide.allocation import allocation_table
from cxroi.view.decide.lines import lines_view
from cxroi.view.prove.promises import promises_view

_REPORTS = 64


def lines_fold(evidence: Evidence, case: BusinessCase) -> None:
    """Draw the verdict on every line, folded away."""
    text = current_text()
    fold = st.expander(text("lines.title"), key="lines", on_change="rerun")
    if not fold.open:
        return
    with fold, st.spinner(text("lines.working")):
        try:
            st.html(markup.lines(lines_view(_report(evidence, case), text.counting(case.currency))))
        except CxroiError as error:
            st.html(markup.line(text.error(error)))


def promises_fold(evidence: Evidence, case: BusinessCase) -> None:
    """Draw what every initiative promised and brought, folded away."""
    text = current_text()
    fold = st.expander(text("promises.title"), key="promises", on_change="rerun")
    if fold.open:
        with fold, st.spinner(text("lines.working")):
            promises = _kept_promises(data_key(evidence), evidence)
            st.html(markup.promises(promises_view(promises, case.currency, text)))


def allocation_fold(evidence: Evidence, case: BusinessCase) -> None:
    """Draw today's budget divided better, between segments or between lines, folded away."""
    text = current_text()
    fold = st.expander(text("lines.allocation.title"), key="allocation", on_change="rerun")
    if not fold.open:
        return
    with fold, st.spinner(text("lines.working")):
        names = {part: text(f"lines.allocation.by_{part}") for part in ("segment", "line")}
        part = st.segmented_control(
            text("lines.allocation.by"),
            list(names),
            default="segment",
            format_func=names.__getitem__,
            key="allocation-by",
        )
        try:
            found = _line_allocation(evidence, case) if part == "line" else ask_where_to_spend(evidence, case.asked)
        except CxroiError as error:
            st.html(markup.line(text.error(error)))
            return
        st.html(markup.allocation(allocation_table(found, part or "segment", case.currency, text)))


def _report(evidence: Evidence, case: BusinessCase) -> LineReport:
    lines = _kept_lines(data_key(evidence), evidence)
    return last_kept(lines.reports, case.asked, lambda: judge_lines(evidence, lines, case.asked), most=_REPORTS)


def _line_allocation(evidence: Evidence, case: BusinessCase) -> Allocation:
    return ask_where_between_lines(evidence, _kept_lines(data_key(evidence), evidence), case.asked)


def _gather(key: str, _evidence: Evidence) -> LineEvidence:
    """Gather by one string, because Streamlit's cache can take two lists of arguments for one."""
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return gather_lines(data, _evidence)


def _promise(key: str, _evidence: Evidence) -> tuple[Promise, ...]:
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return gather_promises(data, _evidence)


_kept_lines: Callable[[str, Evidence], LineEvidence]
_kept_lines = st.cache_resource(max_entries=4, show_spinner=False)(_gather)
_kept_promises: Callable[[str, Evidence], tuple[Promise, ...]]
_kept_promises = st.cache_resource(max_entries=4, show_spinner=False)(_promise)
