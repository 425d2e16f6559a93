"""Who is there: customers by month at every level that can be chosen, at the level in use, and after the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.expected import ExpectedMonths
from cxroi.questions.workbook import WorkbookFacts


def month_dates(facts: WorkbookFacts) -> list[date]:
    """Return the first days of the months of the plan: the first comes after the last month of the baseline."""
    last = np.datetime64(facts.case.baseline.last_month, "M")
    return [month.astype("datetime64[D]").item() for month in last + 1 + np.arange(len(facts.cash.months.today))]


def parts_of(facts: WorkbookFacts, months: ExpectedMonths) -> Iterator[tuple[str, Draws]]:
    """Yield the tables of a level (T, S) by the name they have in formulas; channels that the data do not tell are left out."""
    joins = Channel.JOINS in facts.known
    yield "plan", months.plan
    if joins:
        yield "brought", months.brought
    for channel in (Channel.MARGIN, Channel.SUPPORT):
        if channel in facts.known:
            nothing = np.zeros(months.plan.shape)
            own, theirs = months.more.get(channel, (nothing, nothing))
            yield f"more_{channel}", own
            if joins:
                yield f"more_{channel}_brought", theirs


def with_brought(facts: WorkbookFacts, part: str, brought: str, row: str) -> str:
    """Return the formula of a row of one of these tables, those who join because of the plan where they count."""
    own = f"INDEX({part},{row},0)"
    return f"({own}+joined_counts*INDEX({brought},{row},0))" if Channel.JOINS in facts.known else own


def customers_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write customers by month at the level in use: today's are the app's, the plan's come from the response by formula."""
    text, months = book.text, facts.cash.months
    names = [text.name(one.segment) for one in facts.case.baseline.segments]
    parts, count = [("today", months.today), *parts_of(facts, months)], len(names)
    sheet = book.sheet("customers", (8, 11, *[13] * count * len(parts)))
    _block_heads(sheet, [name for name, _ in parts], names, 2)
    first = HEAD_ROWS + 2
    length = len(months.today)
    for place, day in enumerate(month_dates(facts)):
        sheet.write(first + place, 0, place + 1, "plain", "count")
        sheet.write(first + place, 1, day, "plain", "month")
    for block, (name, values) in enumerate(parts):
        left = 2 + block * count
        for row, line in enumerate(values.tolist(), first):
            month = f"$A{row + 1}"
            for s, value in enumerate(line):
                if name == "today":
                    sheet.write(row, left + s, value, "app", "people")
                else:
                    low, high = (f"INDEX(response_{name},({at}-1)*{length}+{month},{s + 1})" for at in _ENDS)
                    sheet.formula(row, left + s, f"={low}+level_weight*({high}-{low})", value, "plain", "people")
        sheet.call(f"customers_{name}", first, left, first + length - 1, left + count - 1)
    sheet.freeze(first, 2)


_ENDS = ("level_at", "level_next")


def _block_heads(sheet: Sheet, parts: list[str], names: list[str], first: int) -> None:
    """Write two rows of headings: what each block of columns is, and the segments below it."""
    text = sheet.text
    for col in range(first):
        sheet.write(HEAD_ROWS, col, "", "head")
    sheet.head(HEAD_ROWS + 1, [text(f"workbook.column.{id}") for id in ("month", "date")[:first]])
    for block, name in enumerate(parts):
        left = first + block * len(names)
        told = text(f"workbook.block.{name}")
        if len(names) > 1:
            sheet.sheet.merge_range(HEAD_ROWS, left, HEAD_ROWS, left + len(names) - 1, "", sheet.book.format("head"))
        sheet.write(HEAD_ROWS, left, told, "head")
        sheet.head(HEAD_ROWS + 1, names, left)
    sheet.sheet.set_row(HEAD_ROWS, 46)


def run_off_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write what the customers whom the plan adds by the horizon's end are worth after it, month by month."""
    text, cash = book.text, facts.cash
    sheet = book.sheet("run_off", (12, 14, 14, 18, 20, 14, 20), currency=book.currency)
    ids = ("after", "row", "row_next", "still_there", "worth", "discount", "present")
    sheet.head(HEAD_ROWS, [text(f"workbook.column.{id}") for id in ids])
    first, length, horizons = HEAD_ROWS + 1, len(cash.run_off), list(cash.months.run_off)
    own, theirs = cash.months.run_off[facts.case.scenario.horizon_months]
    joined = Channel.JOINS not in cash.money.without
    there = (own + theirs if joined else own).sum(axis=1)
    at = sorted(facts.levels).index(cash.money.plan_percent) * len(horizons)
    at += horizons.index(facts.case.scenario.horizon_months)
    present = cash.run_off * cash.run_off_discount
    for k in range(1, length + 1):
        row = first + k - 1
        here = f"A{row + 1}"
        sheet.write(row, 0, k, "plain", "count")
        for col, end in enumerate(_ENDS, 1):
            formula = f"=(({end}-1)*{len(horizons)}+horizon_at-1)*{length}+{here}"
            sheet.formula(row, col, formula, at * length + k, "quiet", "count")
        low, high = (with_brought(facts, "run_off_plan", "run_off_brought", f"{c}{row + 1}") for c in "BC")
        left = f"((1-level_weight)*{low}+level_weight*{high})"
        sheet.formula(row, 3, f"=SUMPRODUCT({left})", there[k - 1], "plain", "people")
        worth = f"=SUMPRODUCT(after_worth*(life_months>={here})*{left})"
        sheet.formula(row, 4, worth, cash.run_off[k - 1], "plain", "money")
        discount = f"=(1+annual_discount_rate)^(-(horizon_months+{here})/12)"
        sheet.formula(row, 5, discount, cash.run_off_discount[k - 1], "plain", "factor")
        sheet.formula(row, 6, f"={cell(row, 4)}*{cell(row, 5)}", present[k - 1], "plain", "money")
    last = first + length
    sheet.write(last, 0, text("workbook.sum"), "total")
    for col in range(1, 6):
        sheet.write(last, col, None, "total")
    sheet.formula(last, 6, f"=SUM({cell(first, 6)}:{cell(last - 1, 6)})", present.sum(), "total", "money")
    sheet.call("after_horizon", last, 6)
    sheet.freeze(first, 1)


def response_sheets(book: Book, facts: WorkbookFacts) -> None:
    """Write the app's tables behind these: customers by level and month, and who is left after each horizon, by level."""
    text, levels = book.text, sorted(facts.levels)
    names = [text.name(one.segment) for one in facts.case.baseline.segments]
    parts = [name for name, _ in parts_of(facts, facts.cash.months)]
    sheet = book.sheet("response", (12, 9, *[12] * len(parts) * len(names)))
    _block_heads(sheet, parts, names, 2)
    sheet.write(HEAD_ROWS + 1, 0, text("workbook.column.level"), "head")
    tables = [np.concatenate([dict(parts_of(facts, facts.levels[at]))[part] for at in levels]) for part in parts]
    length = len(facts.cash.months.today)
    keys = np.column_stack([np.repeat(levels, length), np.tile(np.arange(1, length + 1), len(levels))])
    _fill(sheet, HEAD_ROWS + 2, np.column_stack([keys, *tables]), 2)
    for block, part in enumerate(parts):
        left = 2 + block * len(names)
        sheet.call(f"response_{part}", HEAD_ROWS + 2, left, HEAD_ROWS + 1 + len(keys), left + len(names) - 1)
    _list(sheet, "level_list", levels, 3 + len(parts) * len(names), "workbook.column.level")
    sheet.freeze(HEAD_ROWS + 2, 2)
    _left_after(book, facts, names)


def _left_after(book: Book, facts: WorkbookFacts, names: list[str]) -> None:
    levels, horizons = sorted(facts.levels), list(facts.cash.months.run_off)
    length = len(facts.cash.run_off)
    joins = Channel.JOINS in facts.known
    parts = ["run_off_plan", *(["run_off_brought"] if joins else [])]
    sheet = book.sheet("left_after", (12, 12, 12, *[12] * len(parts) * len(names)))
    _block_heads(sheet, parts, names, 3)
    for col, id in enumerate(("level", "horizon", "after")):
        sheet.write(HEAD_ROWS + 1, col, book.text(f"workbook.column.{id}"), "head")
    rows = [
        np.column_stack([np.full(length, level), np.full(length, at), np.arange(1, length + 1), *both[: len(parts)]])
        for level in levels
        for at, both in facts.levels[level].run_off.items()
    ]
    whole = np.concatenate(rows)
    _fill(sheet, HEAD_ROWS + 2, whole, 3)
    for block, part in enumerate(parts):
        left = 3 + block * len(names)
        sheet.call(part, HEAD_ROWS + 2, left, HEAD_ROWS + 1 + len(whole), left + len(names) - 1)
    _list(sheet, "horizon_list", horizons, 4 + len(parts) * len(names), "workbook.column.horizon")
    sheet.freeze(HEAD_ROWS + 2, 3)


def _fill(sheet: Sheet, first: int, table: Draws, keys: int) -> None:
    people, key = sheet.book.format("app", "people"), sheet.book.format("plain", "number")
    for row, line in enumerate(table.tolist(), first):
        for col, value in enumerate(line):
            sheet.sheet.write_number(row, col, value, key if col < keys else people)


def _list(sheet: Sheet, name: str, values: list[float] | list[int], col: int, heading: str) -> None:
    """Write what can be chosen, in a column of its own."""
    first = HEAD_ROWS + 2
    sheet.write(first - 1, col, sheet.text(heading), "head")
    for row, value in enumerate(values, first):
        sheet.write(row, col, float(value), "app", "number")
    sheet.call(name, first, col, first + len(values) - 1)
