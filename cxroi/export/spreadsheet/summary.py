"""The first and the last sheet: the verdict with the figures of workbook and app side by side, and how the workbook is to be read."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell
from cxroi.export.spreadsheet.cash import FIRST
from cxroi.export.spreadsheet.returns import paid_back
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.workbook import WorkbookFacts
from cxroi.text import Text
from cxroi.view.decide.verdict import verdict_card
from cxroi.view.figure import payback

NOTES = (
    "live",
    "values",
    "npv",
    "tei",
    "irr",
    "payback",
    "after",
    "level",
    "channels",
    "horizon",
    "chances",
    "sources",
)


def summary_sheet(book: Book, facts: WorkbookFacts, cash_name: str) -> None:
    """Write the verdict, what stands behind it, and every figure that the app shows beside what the formulas come to."""
    text, case = book.text, facts.case
    card = verdict_card(case, text)
    sheet = book.sheet("summary", (44, 26, 28, 18, 18, 18, 84))
    row = HEAD_ROWS
    sheet.write(row, 0, card.word, "verdict")
    sheet.sheet.set_row(row, 32)
    for told in (card.lead, card.counts, card.horizon):
        if told:
            row += 1
            _across(sheet, row, told, 0)
    row += 2
    for fact in card.facts:
        sheet.write(row, 0, fact.label, "strong")
        _across(sheet, row, " – ".join(part for part in (fact.value, fact.note) if part), 1)
        row += 1
    sheet.write(row, 0, card.change_label, "strong")
    _across(sheet, row, card.change, 1)
    row = _figures(sheet, facts, row + 2)
    row = _chances(sheet, facts, row + 1)
    _chart(sheet, facts, cash_name, row + 1)
    sheet.freeze(HEAD_ROWS)


def _across(sheet: Sheet, row: int, told: str, col: int) -> None:
    """Write a passage over the width of the sheet."""
    sheet.sheet.merge_range(row, col, row, 6, "", sheet.book.format("wrap"))
    sheet.write(row, col, told, "wrap")
    sheet.sheet.set_row(row, 15 * (1 + len(told) // 165))


def _figures(sheet: Sheet, facts: WorkbookFacts, row: int) -> int:
    text, of, cash = sheet.text, facts.case.outcome, facts.cash
    ids = ("figure", "workbook", "app", "low", "high", "difference", "about")
    sheet.head(row, [text(f"workbook.summary.{id}") for id in ids], words=(0, 6))
    benefit, cost = cash.present
    ratio = benefit / cost - 1 if cost > 0 else None
    rows: list[tuple[str, str, object, Interval | float | None, str]] = [
        ("npv", "plan_npv", benefit - cost, of.npv, "headline"),
        ("benefit", "pv_benefits", benefit, of.benefit, "headline"),
        ("cost", "pv_costs", cost, of.cost, "headline"),
        ("roi", "plan_roi", ratio, of.roi, "percent"),
        ("bcr", "benefit_cost_ratio", None if ratio is None else ratio + 1, of.benefit_cost_ratio, "ratio"),
        ("tei", "tei_npv", cash.tei.npv, facts.tei_npv, "headline"),
        ("irr", "plan_irr", cash.irr, of.annual_irr, "percent"),
        ("payback", "payback_months", paid_back(cash, cash.flows, text), of.payback_months, "ratio"),
        ("payback_discounted", "discounted_payback_months", paid_back(cash, cash.discounted, text), None, "ratio"),
    ]
    for id, name, value, app, kind in rows:
        row += 1
        here = cell(row, 1), cell(row, 2)
        ends = _ends(app, text, payback(facts.case, text) if id == "payback" else "")
        sheet.write(row, 0, text(f"workbook.returns.{id}"), "strong" if id == "npv" else "plain")
        sheet.formula(row, 1, f"={name}", value, "strong", kind)
        for col, amount in enumerate(ends, 2):
            sheet.write(row, col, amount, "app", kind)
        apart = round(value - ends[0], 6) if isinstance(value, float) and isinstance(ends[0], float) else ""
        formula = f'=IF(AND(ISNUMBER({here[0]}),ISNUMBER({here[1]})),ROUND({here[0]}-{here[1]},6),"")'
        sheet.formula(row, 5, formula, apart, "plain", kind)
        sheet.write(row, 6, text(f"workbook.summary.about_{id}"), "wrap_quiet")
    return row + 1


def _ends(figure: Interval | float | None, text: Text, otherwise: str = "") -> tuple[float | str | None, ...]:
    """Return the middle and the ends of a figure as the app has it; words in the middle's place where there is none."""
    if isinstance(figure, Interval):
        return figure.mid, figure.low, figure.high
    return (otherwise or text("workbook.summary.not_shown") if figure is None else figure), None, None


def _chances(sheet: Sheet, facts: WorkbookFacts, row: int) -> int:
    """Write what no formula here can follow: chances, and returns that rest on other levels of spend."""
    text, of = sheet.text, facts.case.outcome
    sheet.write(row, 0, text("workbook.summary.app_only"), "group")
    shown: Sequence[tuple[str, Interval | float | None, str]] = (
        ("loss", of.probability_of_loss, "percent"),
        ("paid_back", of.probability_of_payback, "percent"),
        ("programme_roi", of.programme_roi, "percent"),
        ("marginal_roi", of.marginal_roi, "percent"),
        ("uplift", of.plan_uplift_pp, "number"),
        ("break_even", of.break_even_uplift_pp, "number"),
    )
    for id, figure, kind in shown:
        row += 1
        sheet.write(row, 0, text(f"workbook.summary.{id}"))
        for col, amount in enumerate(_ends(figure, text), 2):
            sheet.write(row, col, amount, "app", kind)
    return row + 1


def _chart(sheet: Sheet, facts: WorkbookFacts, cash_name: str, row: int) -> None:
    """Draw the running totals of cash, which follow every input."""
    text, last = sheet.text, FIRST + len(facts.cash.month)
    chart = sheet.book.book.add_chart({"type": "line"})
    columns = {"total": "#22475C", "total_discounted": "#C77B0A"}
    places = {"total": _TOTAL, "total_discounted": _TOTAL + 2}
    for id, colour in columns.items():
        chart.add_series(
            {
                "name": text(f"workbook.column.{id}"),
                "categories": [cash_name, FIRST, 0, last, 0],
                "values": [cash_name, FIRST, places[id], last, places[id]],
                "line": {"color": colour, "width": 2.25},
            }
        )
    font = {"name": "Arial", "size": 9, "color": "#51626D"}
    chart.set_title({"name": text("workbook.summary.chart"), "name_font": {**font, "size": 11}, "overlay": False})
    axis = {"num_font": font, "name_font": font, "line": {"color": "#B9C6CE"}}
    rtl = text.direction == "rtl"
    chart.set_x_axis(
        {**axis, "name": text("workbook.column.month"), "interval_unit": 12, "label_position": "low", "reverse": rtl}
    )
    chart.set_y_axis(
        {
            **axis,
            "name": sheet.book.currency,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": "#E3E9ED"}},
        }
    )
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_size({"width": 1000, "height": 320})
    sheet.sheet.insert_chart(row, 0, chart, {"description": text("workbook.summary.chart")})


_TOTAL = 3 + 19  # the column of the running total


def notes_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write how the workbook is made, what follows an input and what does not, and what stands on which sheet."""
    text = book.text
    sheet = book.sheet("notes", (34, 130))
    levels = text.listed(text.percent(level / 100, 0) for level in sorted(facts.levels))
    horizons = text.listed(text.number(months) for months in facts.cash.months.run_off)
    for row, id in enumerate(NOTES, HEAD_ROWS):
        told = text(f"workbook.note.{id}", levels=levels, horizons=horizons)
        sheet.write(row, 0, text(f"workbook.note_title.{id}"), "strong")
        sheet.write(row, 1, told, "wrap")
        sheet.sheet.set_row(row, 15 * (1 + len(told) // 125) + 4)
