"""Ledgers laid out the way finance people do, made by a seeded generator: exactly the true lines come back."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.intake.reading import Read, Reading
from tests.intake.workbooks import ods, xls, xlsb, xlsx

WORDS = {
    "en": {
        "head": ["Month", "Category", "Item", "Amount", "Budget"],
        "titles": [
            ["Customer experience costs"],
            ["Company: Ours Ltd"],
            ["Prepared by", "Finance"],
            ["All figures in SAR"],
        ],
        "categories": ["People", "Technology", "Training", "Research"],
        "sub": "Subtotal",
        "total": "Grand total",
        "notes": [["* before tax"], ["Source: ERP export of 5 January"], ["Note: figures are not audited"]],
    },
    "ar": {
        "head": ["الشهر", "الفئة", "البند", "المبلغ", "الميزانية"],
        "titles": [["تكاليف تجربة العملاء"], ["الشركة: شركتنا"], ["إعداد", "المالية"], ["جميع الأرقام بالريال"]],
        "categories": ["رواتب", "تقنية", "تدريب", "أبحاث"],
        "sub": "المجموع الفرعي",
        "total": "الإجمالي الكلي",
        "notes": [["* قبل الضريبة"], ["المصدر: نظام الموارد"], ["ملاحظة: الأرقام غير مدققة"]],
    },
}


@dataclass
class Ledger:
    """Rows as laid out, and the lines that are true."""

    rows: list[list[Any]] = field(default_factory=list)
    lines: list[tuple[str, str, str, Decimal, Decimal]] = field(default_factory=list)
    skipped: int = 0
    header_row: int = 0


def made(seed: int) -> Ledger:
    """Return a ledger with titles, sections, subtotals, totals, blanks and notes by chance."""
    chance = random.Random(seed)
    words: dict[str, Any] = WORDS[chance.choice(["en", "ar"])]
    ledger = Ledger()
    margin = [None] * chance.randint(0, 2)
    gap = chance.random() < 0.3  # an empty column between item and amount

    def put(cells: list[Any]) -> None:
        ledger.rows.append([*margin, *cells[:3], *([None] if gap else []), *cells[3:]])

    for title in chance.sample(words["titles"], chance.randint(0, 4)):
        put(title)
    for _ in range(chance.randint(0, 2) if ledger.rows else 0):
        ledger.rows.append([])
    put(words["head"])
    ledger.header_row = len(ledger.rows)
    sections, subtotals, repeats = chance.random() < 0.4, chance.random() < 0.5, chance.random() < 0.2
    for number, category in enumerate(chance.sample(words["categories"], chance.randint(2, 4))):
        if number and chance.random() < 0.4:
            ledger.rows.append([])
            ledger.skipped += 1
        if number and repeats:
            put(words["head"])
            ledger.skipped += 1
        if sections:
            put([category])
            ledger.skipped += 1
        block = []
        for _ in range(chance.randint(2, 9)):
            month = f"2025-{chance.randint(1, 12):02d}"
            item = f"{category} {chance.randint(1, 99)}"
            amount, budget = (Decimal(chance.randint(-20_000, 9_000_000)) / 100 for _ in range(2))
            block.append((month, category, item, amount, budget))
            put([month, category, item, float(amount), float(budget)])
        ledger.lines += block
        if subtotals:
            put([words["sub"], None, None, *(float(sum(line[k] for line in block)) for k in (3, 4))])  # type: ignore[misc]
            ledger.skipped += 1
    if chance.random() < 0.7:
        put([words["total"], None, None, *(float(sum(line[k] for line in ledger.lines)) for k in (3, 4))])  # type: ignore[misc]
        ledger.skipped += 1
    notes = chance.sample(words["notes"], chance.randint(0, 3))
    if notes:
        ledger.rows.append([])
    for note in notes:
        put(note)
    ledger.skipped += len(notes) + bool(notes)
    return ledger


def check(table: Read, ledger: Ledger) -> None:
    assert table.source.header_row == ledger.header_row
    found = [(r[0], r[1], r[2], Decimal(r[3]), Decimal(r[4])) for r in table.rows]
    assert found == ledger.lines
    assert len(table.source.skipped) == ledger.skipped and table.source.rejected == ()
    assert not {id for id in table.finding_ids() if "disagree" in id}


@pytest.mark.parametrize("seed", range(60))
def test_exactly_the_true_lines_of_a_workbook_come_back(seed: int, read: Reading) -> None:
    ledger = made(seed)
    kind = (xlsx, xlsx, ods, xlsb, xls)[seed % 5]
    rows = [[None if cell is None else cell for cell in row] for row in ledger.rows]
    if kind is not xlsx:
        rows = [["" if cell is None else cell for cell in row] for row in rows]
    check(read(kind(rows), f"ledger.{kind.__name__}"), ledger)


@pytest.mark.parametrize("seed", range(60, 120))
def test_exactly_the_true_lines_of_a_text_file_come_back(seed: int, read: Reading) -> None:
    ledger = made(seed)
    width = max(map(len, ledger.rows))
    out = io.StringIO()
    for row in ledger.rows:
        cells = [
            "" if cell is None else f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else cell for cell in row
        ]
        out.write(";".join([*cells, *[""] * (width - len(cells))]) + "\r\n" if cells else ";" * (width - 1) + "\r\n")
    table = read(out.getvalue().encode("utf-16" if seed % 2 else "utf-8-sig"))
    comma = Read(table.source, table.numbers, [[*r[:3], *(c.replace(",", ".") for c in r[3:])] for r in table.rows])
    check(comma, ledger)


MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
}


def made_wide(seed: int) -> tuple[list[list[Any]], list[tuple[str, str, str, Decimal]]]:
    """Return a sheet with months across the columns, and the true (category, item, month, amount) of each filled cell."""
    chance = random.Random(seed)
    language = chance.choice(["en", "ar"])
    words: dict[str, Any] = WORDS[language]
    first, count, year = chance.randint(0, 11), chance.randint(3, 12), 2024
    places = [divmod(first + k, 12) for k in range(count)]
    style = chance.choice(["bare", "year", "iso", "date"])
    names = {
        "bare": [MONTHS[language][m] for _, m in places],
        "year": [f"{MONTHS[language][m]} {year + y}" for y, m in places],
        "iso": [f"{year + y}-{m + 1:02d}" for y, m in places],
        "date": [f"{year + y}-{m + 1:02d}-01" for y, m in places],
    }[style]
    with_totals, with_subtotals = chance.random() < 0.6, chance.random() < 0.5
    title = f"FY {year}/{year + 1}" if places[-1][0] else f"Budget {year}"
    rows: list[list[Any]] = [[title], []]
    rows.append([*words["head"][1:3], *names, *([words["total"]] if with_totals else [])])
    lines: list[tuple[str, str, str, Decimal]] = []
    sums = [Decimal(0)] * count

    def put(label: list[Any], amounts: list[Decimal | None]) -> None:
        cells = [None if amount is None else float(amount) for amount in amounts]
        whole = float(sum(amount or 0 for amount in amounts))
        rows.append([*label, *cells, *([whole] if with_totals else [])])

    for category in chance.sample(words["categories"], chance.randint(2, 4)):
        block = [Decimal(0)] * count
        for number in range(chance.randint(2, 4)):
            amounts = [None if chance.random() < 0.1 else Decimal(chance.randint(1, 10**7)) / 100 for _ in range(count)]
            put([category, f"{category} {number}"], amounts)
            for (y, m), amount in zip(places, amounts, strict=True):
                if amount is not None:
                    lines.append((category, f"{category} {number}", f"{year + y}-{m + 1:02d}", amount))
            block = [whole + (amount or 0) for whole, amount in zip(block, amounts, strict=True)]
        sums = [whole + part for whole, part in zip(sums, block, strict=True)]
        if with_subtotals:
            put([words["sub"], None], list(block))
    put([words["total"], None], list(sums))
    return rows, lines


@pytest.mark.parametrize("seed", range(60))
def test_exactly_the_true_amounts_of_a_wide_sheet_come_back(seed: int, read: Reading) -> None:
    rows, lines = made_wide(seed)
    table = read(xlsx(rows), "wide.xlsx")
    assert [(r[0], r[1], r[2], Decimal(r[3])) for r in table.rows] == lines
    assert not {id for id in table.finding_ids() if "disagree" in id or "unknown" in id}
    assert Decimal(table.source.control_totals["amount"]) == sum(line[3] for line in lines)
