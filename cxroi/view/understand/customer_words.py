"""The page Customers for a terminal: the same figures as lines."""

from __future__ import annotations

from cxroi.chart.drawing import Table
from cxroi.model.customers.cohorts import MEASURES
from cxroi.model.customers.retention_points import RetentionPoints
from cxroi.questions.cohorts import Staying
from cxroi.questions.customer_months import CustomerMonths
from cxroi.text import Text
from cxroi.view.market_benchmarks import read_benchmarks
from cxroi.view.table import columns
from cxroi.view.understand.customer_drawings import cohort_drawing, cohort_grid, recorded_words, tenure_table
from cxroi.view.understand.customer_page import (
    customer_answer,
    revenue_kept_figures,
    revenue_kept_note,
    serving_table,
    winning_sentence,
)
from cxroi.view.understand.retention_points import FAMOUS, points_view


def customers_words(months: CustomerMonths, staying: Staying, points: RetentionPoints, text: Text) -> list[str]:
    """Return the answer, what customers bring and cost, who stays by cohort and by revenue, and what five points more are worth."""
    view = customer_answer(months, None, points, text)
    serving = serving_table(months, text)
    words = [view.finding, *view.lead, "", *_laid_out(serving), "", winning_sentence(months, text), ""]
    for measure in MEASURES:
        cohorts = staying.by_customers if measure == "customers" else staying.by_revenue
        drawing = cohort_drawing(cohorts, measure, "", text) if cohorts and measure in cohorts.measures else None
        if cohorts and drawing:
            words += [drawing.title, *_laid_out(cohort_grid(cohorts, measure, text)), drawing.subtitle, ""]
    if staying.source == "monthly":
        words += [text("customers.cohort.none_monthly"), ""]
    if staying.recorded_from:
        words += [recorded_words(staying.recorded_from, text), ""]
    if staying.year:
        words += [
            text("customers.revenue.line", label=one.label, value=one.value, range=one.range)
            for one in revenue_kept_figures(staying.year, text)
        ]
        by_orders = staying.source == "orders"
        words += [revenue_kept_note(staying.year, months.currency, by_orders=by_orders, text=text), ""]
    famous = next(one for one in read_benchmarks() if one.name == FAMOUS)
    worth = points_view(points, famous, months.currency, text)
    rows = [[one.label, one.value, one.range] for one in worth.rows]
    words += [worth.finding, *columns(["", "", ""], rows)[1:], worth.note, *worth.steps, worth.source]
    if staying.tenures:
        words += ["", *_laid_out(tenure_table(staying.tenures, text))]
    return words


def _laid_out(table: Table) -> list[str]:
    return columns([one.heading for one in table], list(zip(*(one.words for one in table), strict=True)))
