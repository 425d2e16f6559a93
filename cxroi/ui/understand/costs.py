"""The parts of the page "Costs": what is looked at, what was spent, the budget, and the way from the files to the verdict."""

from __future__ import annotations

import streamlit as st

from cxroi.chart.drawing import Table
from cxroi.errors import CxroiError
from cxroi.model.company.ledger import COUNTS, EVERYTHING, LABELS, CostCut
from cxroi.questions.costs import MOST_LINES, CostBook, ask_cost_book, ask_cost_lines, ask_costs, ask_cuts
from cxroi.questions.events import ask_events
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.current import current_text
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.filters import filter_bar
from cxroi.ui.app.how import how_computed
from cxroi.ui.app.picks import picked
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.ranged import PageAnswer
from cxroi.view.understand.cost_book import book_view
from cxroi.view.understand.costs import CostView, cost_view, lines_table, lines_title

_REASONS = {"costs.no_ledger": ("costs",), "store.currencies_mixed": (), "store.rate_begins_later": ()}


def looked_at(text: Text) -> tuple[Slice, str, str]:
    """Draw what can be looked at: months, segment and touchpoint; by what, and which lines."""
    about = filter_bar("period", "segment", "touchpoint")
    with st.container(key="costs-picks", horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = picked("by", _cuts(), lambda option: text(f"costs.by.{option}"), text("costs.cut_by"))
        counts = picked(
            "counts", (*COUNTS, EVERYTHING), lambda option: text(f"costs.counts.{option}"), text("costs.which")
        )
    return about, by, counts


def _cuts() -> tuple[str, ...]:
    try:
        return asked(ask_cuts)
    except CxroiError:
        return LABELS[:1]  # what is missing is said below


def ledger(about: Slice, by: str, counts: str) -> tuple[CostCut, CostBook] | None:
    """Return the ledger as it is looked at, or say what is missing."""
    try:
        return asked(ask_costs, by, counts, about), asked(ask_cost_book)
    except CxroiError as error:
        st.title(current_text()("costs.title"), anchor=False)
        missing_part(error, *_REASONS.get(error.id, ("costs",)))
        return None


def what_was_spent(found: tuple[CostCut, CostBook], about: Slice, text: Text, theme: str) -> None:
    """Draw the finding with its figures, the months, and the parts beside them."""
    view = cost_view(*found, about, text, asked(ask_events, about.segment))
    lead = (view.kicker, *view.lead)
    st.html(
        markup.page_answer(
            PageAnswer(question=text("costs.title"), finding=view.finding, lead=lead, figures=view.figures)
        )
    )
    how_computed("costs", text)
    if view.drawing is None:
        return
    months, parts = st.columns([11, 9], gap="large")
    with months:
        show_drawing(view.drawing, text, theme)
        st.html(markup.source(view.drawing.footer))
    with parts:
        st.html(markup.finding(view.parts_caption))
        show_table("cost_parts", view.parts, text, caption=view.parts_caption)
    _budget(view, text)


def _budget(view: CostView, text: Text) -> None:
    """Draw which parts passed their budget, with the money and the months."""
    st.html(markup.section(view.budget_finding if view.budgets else text("costs.budget.section")))
    if view.budgets is None:
        st.html(markup.line(view.budget_finding))
    else:
        show_table("cost_budgets", view.budgets, text, caption=text("costs.budget.section"))
    markup.draw(*map(markup.line, view.budget_notes))


def line_by_line(about: Slice, counts: str, text: Text) -> None:
    """Draw the largest single lines with invoice and note, when somebody looks."""
    fold = st.expander(text("costs.lines.fold"), key="fold-cost_lines", on_change="rerun")
    if not fold.open:
        return
    with fold:
        found = asked(ask_cost_lines, counts, about, MOST_LINES)
        if found.lines:
            title = lines_title(found, text)
            st.html(markup.line(title))
            show_table("cost_lines", lines_table(found, text), text, caption=title)
        else:
            st.html(markup.line(text("costs.finding.none")))


def from_files_to_verdict(book: CostBook, text: Text) -> None:
    """Draw the reconciliation of the whole ledger, what counts and why, and what stands behind both."""
    view = book_view(book, text)
    st.html(markup.section(text("costs.book.section")))
    st.html(markup.line(view.finding)) if view.is_whole else st.error(view.finding)
    steps, why = st.columns([11, 9], gap="large")
    with steps:
        st.html(markup.reconciliation(view.steps, view.note))
        how_computed("cost_book", text)
    with why:
        st.html(markup.finding(text("costs.why.section")))
        show_table("cost_counted", view.counted, text, caption=text("costs.why.section"))
        for words in view.rules:
            st.html(markup.line(words))
    _fold("cost_files", text("costs.files.section"), "", view.files, text)
    _fold("cost_shared", text("costs.shared.section"), view.shared_lead, view.shared, text)
    _fold("cost_converted", text("costs.converted.section"), "", view.converted, text)


def _fold(name: str, title: str, lead: str, table: Table | None, text: Text) -> None:
    if table is None:
        return
    with st.expander(title, key=f"fold-{name}"):
        if lead:
            st.html(markup.line(lead))
        show_table(name, table, text, caption=title)
