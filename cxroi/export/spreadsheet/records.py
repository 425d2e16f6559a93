"""What stands in the workbook as the app worked it out: segments, lines, the curve, what moves the result, the panel; and the ledger."""

from __future__ import annotations

from cxroi.chart.drawing import Table
from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell, span
from cxroi.model.company.panel import MEASURES, OPTIONAL
from cxroi.questions.lines import LineReport
from cxroi.questions.workbook import WorkbookFacts
from cxroi.view.decide.figures_behind import curve_table, steps_table
from cxroi.view.decide.lines import line_name, lines_view
from cxroi.view.figure import input_name

_FIRST = HEAD_ROWS + 1


def segments_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write every segment's call and the plan there, and their sums held against the whole."""
    text, case = book.text, facts.case
    ids = ("call", "above", "today", "best_low", "best_high", "gain", "benefit", "cost", "npv", "low", "high")
    sheet = book.sheet("segments", (26, 24, 12, *[15] * (len(ids) - 2)), currency=book.currency)
    sheet.head(
        HEAD_ROWS, [text("column.segment"), *(text(f"workbook.segments.{id}") for id in ids)], height=46, words=(0, 1)
    )
    for row, one in enumerate(case.segments, _FIRST):
        verdict, of = one.verdict, one.outcome
        sheet.write(row, 0, text.name(one.segment))
        sheet.write(row, 1, text(f"verdict.word.{verdict.call}"), "app")
        sheet.write(row, 2, verdict.stated.best_above, "app", "percent")
        amounts = [
            *(verdict.today_spend, verdict.optimum_spend.low, verdict.optimum_spend.high, verdict.gain_from_acting_now),
            *(of.benefit.mid, of.cost.mid, of.npv.mid, of.npv.low, of.npv.high),
        ]
        for col, amount in enumerate(amounts, 3):
            sheet.write(row, col, amount, "app", "money")
    last = _FIRST + len(case.segments)
    whole = {
        3: case.verdict.today_spend,
        7: case.outcome.benefit.mid,
        8: case.outcome.cost.mid,
        9: case.outcome.npv.mid,
    }
    for col in range(len(ids) + 1):
        for row, label in ((last, "sum"), (last + 1, "segments.whole"), (last + 2, "segments.difference")):
            sheet.write(row, col, text(f"workbook.{label}") if col == 0 else None, "total" if row == last else "plain")
    for col, amount in whole.items():
        sheet.formula(last, col, f"=SUM({span(_FIRST, col, last - 1, col)})", amount, "total", "money")
        sheet.write(last + 1, col, amount, "app", "money")
        sheet.formula(last + 2, col, f"=ROUND({cell(last, col)}-{cell(last + 1, col)},2)", 0.0, "plain", "cents")
    sheet.freeze(_FIRST, 1)


def lines_sheet(book: Book, report: LineReport) -> None:
    """Write every investment line's call."""
    text, view = book.text, lines_view(report, book.text)
    ids = ("line", "today", "share", "call", "next_low", "next_high", "note")
    sheet = book.sheet("lines", (34, 15, 10, 24, 14, 14, 80), currency=book.currency)
    sheet.head(HEAD_ROWS, [text(f"workbook.lines.{id}") for id in ids], height=46, words=(0, 3, 6))
    for row, (one, shown_row) in enumerate(zip(report.lines, view.rows, strict=True), _FIRST):
        sheet.write(row, 0, line_name(one.line, text))
        sheet.write(row, 1, one.today_spend, "app", "money")
        sheet.write(row, 2, one.share, "app", "percent")
        sheet.write(row, 3, shown_row.word, "app")
        known = one.marginal_roi if shown_row.next_unit != text("lines.none") else None
        for col, end in ((4, "low"), (5, "high")):
            sheet.write(row, col, getattr(known, end) if known else None, "app", "percent")
        sheet.write(row, 6, shown_row.note, "wrap_quiet")
    last = _FIRST + len(report.lines)
    sheet.write(last, 0, text("workbook.sum"), "total")
    spent = float(sum(one.today_spend for one in report.lines))
    sheet.formula(last, 1, f"=SUM({span(_FIRST, 1, last - 1, 1)})", spent, "total", "money")
    sheet.write(last + 2, 0, view.caption, "quiet")
    sheet.freeze(_FIRST, 1)


def curve_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write what every level of spend is worth, and the steps from revenue kept to net value."""
    sheet = book.sheet("curve", (34, 18, 18, 18, 18), currency=book.currency)
    end = write_table(sheet, HEAD_ROWS, curve_table(facts.case, book.text), "money")
    sheet.write(end + 1, 0, book.text("workbook.curve.steps"), "group")
    write_table(sheet, end + 2, steps_table(facts.case, book.text), "money")
    sheet.freeze(_FIRST, 1)


def sensitivity_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write what the plan's value is where each input is low and high, and what it is worth to know each."""
    text, found = book.text, facts.sensitivity
    sheet = book.sheet("sensitivity", (44, 18, 18, 18), currency=book.currency)
    sheet.head(HEAD_ROWS, [text(f"workbook.sensitivity.{id}") for id in ("input", "low", "high", "swing")])
    for row, bar in enumerate(found.tornado, _FIRST):
        sheet.write(row, 0, input_name(bar.name, text))
        for col, amount in enumerate((bar.npv_low, bar.npv_high, bar.swing), 1):
            sheet.write(row, col, amount, "app", "money")
    row = _FIRST + len(found.tornado) + 1
    sheet.head(row, [text(f"workbook.sensitivity.{id}") for id in ("knowing", "worth")])
    for place, one in enumerate(found.information, row + 1):
        sheet.write(place, 0, input_name(one.name, text))
        sheet.write(place, 1, one.value, "app", "money")
    sheet.freeze(_FIRST, 1)


def panel_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write the panel that everything rests on: a row a month and segment."""
    text, panel = book.text, facts.case.panel
    names = [*MEASURES, *(name for name in OPTIONAL if getattr(panel, name) is not None)]
    sheet = book.sheet("panel", (10, 24, *[16] * len(names)), currency=book.currency)
    sheet.head(HEAD_ROWS, [text(f"column.{name}") for name in ("month", "segment", *names)], words=(0, 1))
    months = [month.astype("datetime64[D]").item() for month in panel.months]
    values = [(getattr(panel, name).tolist(), _kind(name)) for name in names]
    row = _FIRST
    for s, segment in enumerate(panel.segments):
        for t, month in enumerate(months):
            sheet.write(row, 0, month, "plain", "month")
            sheet.write(row, 1, text.name(segment))
            for col, (measure, kind) in enumerate(values, 2):
                sheet.write(row, col, measure[s][t], "app", kind)
            row += 1
    spend = 2 + names.index("cx_spend")
    sheet.call("panel_cx_spend", _FIRST, spend, row - 1)
    sheet.sheet.autofilter(HEAD_ROWS, 0, row - 1, len(names) + 1)
    sheet.freeze(_FIRST, 2)


_SCORES, _MONEY = (
    ("nps", "csat", "ces"),
    ("revenue", "contribution_margin", "support_cost", "cx_spend", "acquisition_spend"),
)


def _kind(measure: str) -> str:
    return "cents" if measure in _MONEY else "people" if measure in _SCORES else "count"


def write_table(sheet: Sheet, row: int, table: Table, kind: str) -> int:
    """Write a table as a picture has it behind it, its figures whole; returns the row after it."""
    told = [place for place, column in enumerate(table) if any(isinstance(figure, str) for figure in column.figures)]
    sheet.head(row, [column.heading for column in table], height=46, words=told)
    for col, column in enumerate(table):
        for place, figure in enumerate(column.figures, row + 1):
            own = "" if col in told else "count" if isinstance(figure, int) else kind if col else "number"
            sheet.write(place, col, figure, "plain" if col in told else "app", own)
    return row + 1 + len(table[0].figures)
