"""The parts of the page Customers, from the answer down to what stands behind it; a part that the data cannot tell says what would."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from cxroi.errors import CxroiError
from cxroi.model.customers.cohorts import MEASURES
from cxroi.model.scenario import Scenario
from cxroi.questions.cohorts import Staying, ask_staying
from cxroi.questions.customer_months import CustomerMonths, ask_customer_months
from cxroi.questions.customers import CustomerWorth, ask_customer_worth, ask_retention_points
from cxroi.questions.events import ask_events
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.ui import markup
from cxroi.ui.app.asked import asked
from cxroi.ui.app.choices import choices
from cxroi.ui.app.empty import missing_part
from cxroi.ui.app.how import how_computed
from cxroi.ui.picture import show_drawing, show_table
from cxroi.view.market_benchmarks import read_benchmarks
from cxroi.view.understand.customer_drawings import (
    active_drawing,
    cohort_drawing,
    flow_drawing,
    recorded_words,
    shown_source,
    tenure_drawing,
)
from cxroi.view.understand.customer_page import (
    customer_answer,
    period_source,
    revenue_kept_figures,
    revenue_kept_note,
    serving_table,
    winning_sentence,
    worth_note,
    worth_table,
)
from cxroi.view.understand.customers import two_counts
from cxroi.view.understand.retention_points import FAMOUS, points_view
from cxroi.view.understand.segment_map import segment_drawing

_MEASURE = "cohort-measure"
_ANY_OF = ("customers", "orders", "monthly")


def months_of(of: Slice) -> CustomerMonths | None:
    """Return the customers of a slice by month; None where they cannot be told, which is said in their place."""
    try:
        return asked(ask_customer_months, of)
    except CxroiError as error:
        if error.id == "store.not_enough_tables":  # for a verdict; here less is enough
            missing_part("customers.none", *_ANY_OF)
        else:
            missing_part(error, *(() if error.id.startswith("customers.") else _ANY_OF))
        return None


def answer(of: Slice, found: CustomerMonths, text: Text) -> None:
    """Draw the answer, and below it who came and went."""
    points = None
    with suppress(CxroiError):  # the part below says why
        points = asked(ask_retention_points, of.segment, *_horizon())
    st.html(markup.page_answer(customer_answer(found, _worth(), points, text)))
    how_computed("customers", text)


def came_and_went(of: Slice, found: CustomerMonths, text: Text, theme: str) -> None:
    """Draw active customers and who joined and left by month."""
    events = asked(ask_events, of.segment)
    active, flow = st.columns(2, gap="large")
    with active:
        show_drawing(active_drawing(found, text, events), text, theme)
    with flow:
        drawing = flow_drawing(found, text, events)
        show_drawing(drawing, text, theme)
    st.html(markup.source(drawing.footer))


def who_stays(of: Slice, found: CustomerMonths, text: Text, theme: str) -> None:
    """Draw how much of each cohort is left by customers and by revenue, and gross and net revenue retention over a year."""
    st.html(markup.section(text("customers.cohort.section")))
    staying: Staying = asked(ask_staying, of.segment)
    if staying.source == "monthly":
        missing_part("customers.cohort.none_monthly", "customers", "orders")
        return
    st.fragment(_cohort_map)(staying, found, text, theme)
    if staying.year is None:
        st.html(markup.line(text("customers.revenue.none_year")))
        return
    st.html(markup.ranged_row(revenue_kept_figures(staying.year, text)))
    by_orders = staying.source == "orders"
    st.html(markup.source(revenue_kept_note(staying.year, found.currency, by_orders=by_orders, text=text)))
    how_computed("revenue-kept", text)


def _cohort_map(staying: Staying, found: CustomerMonths, text: Text, theme: str) -> None:
    known = {
        name: of
        for name in MEASURES
        if (of := staying.by_customers if name == "customers" else staying.by_revenue) and name in of.measures
    }
    if not known:
        st.html(markup.line(text("customers.cohort.none_yet")))
        return
    names = {name: "orders" if name == "customers" and of.of_orders else name for name, of in known.items()}
    measure = st.segmented_control(
        text("customers.cohort.by"),
        list(known),
        default=next(iter(known)),
        format_func=lambda name: text(f"customers.cohort.measure_{names[name]}"),
        key=_MEASURE,
        required=True,
    )
    drawing = cohort_drawing(known[measure], measure, shown_source(found, text), text)
    if drawing is None:
        st.html(markup.line(text("customers.cohort.none_yet")))
        return
    show_drawing(drawing, text, theme)
    footer = f"{drawing.subtitle} {drawing.footer}"
    if staying.recorded_from and measure == "customers":
        footer = f"{recorded_words(staying.recorded_from, text)} {footer}"
    st.html(markup.source(footer))
    if staying.by_revenue is None:
        missing_part("customers.cohort.none_revenue", "orders")


def five_points(of: Slice, found: CustomerMonths, text: Text) -> None:
    """Draw what five points of retention are worth beside the famous figure, and how that is worked out."""
    try:
        points = asked(ask_retention_points, of.segment, *_horizon())
    except CxroiError as error:
        missing_part(error)
        return
    famous = next(one for one in read_benchmarks() if one.name == FAMOUS)
    view = points_view(points, famous, found.currency, text)
    st.html(markup.section(view.finding))
    st.html(markup.ranged_lines(view.rows))
    st.html(markup.source(view.note))
    if found.inactivity_window_months is not None:
        st.html(markup.line(text("customers.points.by_orders", window=text.months(found.inactivity_window_months))))
    how_computed("retention-points", text)
    with st.expander(view.steps_title):
        st.html(markup.steps(view.steps))
        st.html(markup.source(view.source))


def worth_by_segment(found: CustomerMonths, text: Text, theme: str) -> None:
    """Draw what a customer is worth by segment, in a map against what serving one costs and in a table."""
    st.html(markup.section(text("customers.worth.section")))
    worth = _worth()
    if worth is None:
        st.html(markup.line(text("customers.worth.none")))
        return
    drawing = segment_drawing(worth.baseline, worth, shown_source(found, text), text)
    if isinstance(drawing, str):
        st.html(markup.line(drawing))
    else:
        show_drawing(drawing, text, theme)
        st.html(markup.source(drawing.footer))
    show_table("customer-worth", worth_table(worth, text), text, caption=text("customers.worth.caption"))
    if why := two_counts(worth, text):
        st.html(markup.line(why))
    st.html(markup.source(worth_note(worth, text)))


def bring_and_cost(found: CustomerMonths, text: Text) -> None:
    """Draw what customers bring and cost, and what winning one costs against keeping one."""
    st.html(markup.section(text("customers.winning.title")))
    st.html(markup.finding_line(winning_sentence(found, text)))
    show_table("customer-serving", serving_table(found, text), text, caption=text("customers.winning.title"))
    st.html(markup.source(f"{text('customers.winning.note')} {period_source(found, text)}"))
    if found.winning is None:
        missing_part("customers.winning.missing", "costs", "customers")
    if found.keeping is None:
        missing_part("customers.winning.missing_spend", "costs")


def how_long(of: Slice, found: CustomerMonths, text: Text, theme: str) -> None:
    """Draw how long the customers of today have been there."""
    staying: Staying = asked(ask_staying, of.segment)
    if not staying.tenures:
        missing_part("customers.tenure.none", "customers")
        return
    drawing = tenure_drawing(staying.tenures, shown_source(found, text), text)
    show_drawing(drawing, text, theme, is_section=True)
    st.html(markup.source(drawing.footer))


def _worth() -> CustomerWorth | None:
    """Return what customers are worth over the reader's horizon; None where these data cannot be valued."""
    try:
        return asked(ask_customer_worth, *_horizon())
    except CxroiError:
        return None


def _horizon() -> tuple[int, float]:
    scenario = choices().scenario or Scenario()
    return scenario.horizon_months, scenario.annual_discount_rate
