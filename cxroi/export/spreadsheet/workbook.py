"""The whole workbook of a business case as bytes."""

from __future__ import annotations

from cxroi.export.spreadsheet.book import Book
from cxroi.export.spreadsheet.cash import cash_sheet
from cxroi.export.spreadsheet.customers import customers_sheet, response_sheets, run_off_sheet
from cxroi.export.spreadsheet.inputs import assumptions_sheet, units_sheet
from cxroi.export.spreadsheet.ledger import ledger_sheet
from cxroi.export.spreadsheet.records import curve_sheet, lines_sheet, panel_sheet, segments_sheet, sensitivity_sheet
from cxroi.export.spreadsheet.returns import returns_sheet, tei_sheet
from cxroi.export.spreadsheet.summary import notes_sheet, summary_sheet
from cxroi.questions.workbook import WorkbookFacts
from cxroi.text import Text
from cxroi.view.share.story import Provenance


def workbook(facts: WorkbookFacts, text: Text, provenance: Provenance) -> bytes:
    """Return an xlsx whose formulas come to the app's own figures and follow the inputs; `provenance` stands on every sheet."""
    case = facts.case
    text = text.counting(case.currency)
    book = Book(
        text,
        title=text("workbook.title"),
        currency=case.currency,
        provenance=provenance,
    )
    summary_sheet(book, facts, text("workbook.sheet.cash")[:31])
    assumptions_sheet(book, facts)
    units_sheet(book, facts)
    cash_sheet(book, facts)
    returns_sheet(book, facts)
    tei_sheet(book, facts)
    customers_sheet(book, facts)
    run_off_sheet(book, facts)
    segments_sheet(book, facts)
    if facts.lines is not None:
        lines_sheet(book, facts.lines)
    curve_sheet(book, facts)
    sensitivity_sheet(book, facts)
    panel_sheet(book, facts)
    if facts.book is not None:
        ledger_sheet(book, facts.book)
    notes_sheet(book, facts)
    response_sheets(book, facts)
    return book.close()
