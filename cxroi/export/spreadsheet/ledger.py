"""The cost ledger from its files to the panel: parts as values, every sum a formula, each held against what was loaded, to the cent."""

from __future__ import annotations

from decimal import Decimal

from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell, said, span
from cxroi.export.spreadsheet.records import write_table
from cxroi.questions.costs import CostBook
from cxroi.view.understand.cost_book import book_view

_AMOUNT, _CHECK = 5, 6


def ledger_sheet(book: Book, ledger: CostBook) -> None:
    """Write the reconciliation: the files, the steps to the verdict's spend, what counts by name, and what was divided."""
    view = book_view(ledger, book.text)
    sheet = book.sheet("ledger", (70, 18, 18, 18, 18, 20, 40), currency=book.currency)
    sheet.write(HEAD_ROWS, 0, view.finding, "strong")
    row = HEAD_ROWS + 2
    end = write_table(sheet, row, view.files, "cents")
    _total(sheet, end, span(row + 1, _AMOUNT, end - 1, _AMOUNT), ledger.loaded)
    row = _steps(sheet, ledger, end + 2)
    row = _by_name(sheet, ledger, row + 1)
    for told in view.rules:
        sheet.write(row, 0, told, "quiet")
        row += 1
    for table in (view.shared, view.converted):
        if table is not None:
            row = write_table(sheet, row + 1, table, "cents")
    if view.note:
        sheet.write(row + 1, 0, view.note, "quiet")


def _total(sheet: Sheet, row: int, parts: str, known: Decimal) -> None:
    """Write the sum of some parts and whether it is what is known of it."""
    sheet.write(row, 0, sheet.text("workbook.sum"), "total")
    sheet.formula(row, _AMOUNT, f"=SUM({parts})", known, "total", "cents")
    _check(sheet, row, f"{cell(row, _AMOUNT)}-{float(known)!r}")


def _check(sheet: Sheet, row: int, difference: str) -> None:
    yes, no = (sheet.text(f"workbook.ledger.{word}") for word in ("met", "missed"))
    sheet.formula(row, _CHECK, f"=IF(ABS({difference})<0.0005,{said(yes)},{said(no)})", yes, "strong")


def _steps(sheet: Sheet, ledger: CostBook, row: int) -> int:
    """Write the steps from the whole ledger to what the verdict uses; the sums are formulas over the steps above them."""
    text, account = sheet.text, ledger.account
    counted = {one.counts: one.amount for one in ledger.counted}
    converted = "_converted" if ledger.converted else ""
    first = row

    def step(id: str, amount: Decimal, **facts: object) -> None:
        nonlocal row
        sheet.write(row, 0, text(f"costs.step.{id}", **facts))
        sheet.write(row, _AMOUNT, amount, "app", "cents")
        row += 1

    def total(id: str, amount: Decimal, begin: int) -> None:
        nonlocal row
        _total(sheet, row, span(begin, _AMOUNT, row - 1, _AMOUNT), amount)
        sheet.write(row, 0, text(f"costs.step.{id}"), "total")
        row += 1

    step(f"ledger{converted}", ledger.ledger)
    step("not_cx", -counted["not_cx"])
    step("acquisition", -counted["acquisition"])
    total("cx", counted["cx"], first)
    if account is None or ledger.in_panel is None:
        return row
    begin = row - 1
    step("one_off", -account.one_off)
    if account.outside_capex:
        step("outside_capex", -account.outside_capex, months=text.months(account.capex_months))
    step("outside", -(account.outside_months - account.outside_capex))
    total("panel", ledger.in_panel, begin)
    sheet.write(row, 0, text("workbook.ledger.in_panel"))
    sheet.formula(row, _AMOUNT, "=SUM(panel_cx_spend)", ledger.in_panel, "plain", "cents")
    _check(sheet, row, f"{cell(row, _AMOUNT)}-{cell(row - 1, _AMOUNT)}")
    return row + 1


def _by_name(sheet: Sheet, ledger: CostBook, row: int) -> int:
    """Write what every kind of line adds up to, name by name."""
    text = sheet.text
    for one in (one for one in ledger.counted if one.names):
        sheet.write(row, 0, text(f"costs.counts.{one.counts}"), "group")
        first = row = row + 1
        for name, amount in one.names:
            sheet.write(row, 0, text.name(name) if name else text("costs.unnamed.initiative"))
            sheet.write(row, _AMOUNT, amount, "app", "cents")
            row += 1
        _total(sheet, row, span(first, _AMOUNT, row - 1, _AMOUNT), one.amount)
        row += 2
    return row
