"""Tell the rows of a table from what stands between and below them: blanks, sections, notes, repeated headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from cxroi.intake.layout.accounts import Accounts, named_above
from cxroi.intake.layout.figures import value_columns
from cxroi.intake.layout.grid import Grid, fill_merged, is_blank, kind_of, padded, tidy
from cxroi.intake.layout.header import Header, known_headings, plainly
from cxroi.intake.layout.hierarchy import parents
from cxroi.intake.layout.ledgers import LedgerColumns, balance_words, ledger_columns, of_income, statement_columns
from cxroi.intake.layout.sections import figure_columns, notes_from, section, spread
from cxroi.intake.layout.skipped import about_skipped, only_zeros
from cxroi.intake.layout.totals import Totals, find_totals, total_word
from cxroi.intake.report import Finding, Reject, Severity

_OF_WHICH = re.compile(r"\s*[-–•*]?\s*(?:of which|thereof|davon|w tym|(?:و?منها|من ضمنها|بما في ذلك)\b)", re.IGNORECASE)
_INSIDE = ("note", "zeros", "of_which", "balance", "computed")  # no block of rows ends there


@dataclass(kw_only=True)
class Body:
    """The data rows of a table by the row number a person sees, and what was left out with why."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)  # the account that stands above each row of a ledger
    sections: list[str] = field(default_factory=list)  # the section each row stands in
    closing: set[int] = field(default_factory=set)  # numbers of rows that only close the accounts of a year
    ledger: LedgerColumns | None = None
    is_statement: bool = False
    skipped: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    headings: tuple[str, ...] = ()
    total_rows: list[tuple[int, list[str]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def apart(self, rows: Collection[int], why: str) -> None:
        """Take rows out that the totals count: what these say is then no total of the data."""
        if rows:
            self.leave(rows, why)
            self.totals.control = {}

    def leave(self, rows: Collection[int], why: str) -> None:
        """Take rows (by position) out of the data, and keep their numbers with the reason."""
        if not rows:
            return
        self.skipped = sorted([*self.skipped, *((self.numbers[i], why) for i in rows)])
        keep = [i for i in range(len(self.rows)) if i not in rows]
        for name in ("numbers", "rows", "accounts", "sections"):
            kept = getattr(self, name)
            setattr(self, name, [kept[i] for i in keep])


def read_body(grid: Grid, header: Header) -> Body:
    """Return the rows below `header`, each one accounted for: data, skipped with a reason, or rejected."""
    start = header.last + 1
    rows = fill_merged(grid, start, len(grid.rows) - 1, across=False)
    while rows and is_blank(rows[-1]):
        rows.pop()
    sorter = _Sorter(grid, header, rows)
    body, breaks = Body(ledger=sorter.ledger, is_statement=sorter.is_statement), []
    expected, width = header.columns[-1] + 1, grid.width
    for i, row in enumerate(rows):
        number = start + i + 1
        why = sorter.why_not(i, row, body)
        if why == "other_table":
            body.skipped += [(start + k + 1, why) for k in range(i, len(rows))]
            body.findings.append(
                Finding(id="finding.sheet.second_table", severity=Severity.FLAG, facts={"row": str(number)})
            )
            break
        if why:
            body.skipped.append((number, why))
            if why not in _INSIDE:
                breaks.append(len(body.rows))
        elif grid.ragged_matters and _is_ragged(row, expected):
            body.rejected.append(_ragged(number, row, expected))
        else:
            cells = padded(row, width)
            body.numbers.append(number)
            body.rows.append([cells[j] for j in header.columns])
            account, section = sorter.above(cells)
            if sorter.said == "closing":
                body.closing.add(number)
            body.accounts.append(account)
            body.sections.append(section)
    _take_totals(body, header, breaks)
    words = {number: " ".join(rows[number - start - 1]) for number, why in body.skipped if why == "note"}
    body.headings, body.rows, column = named_above(header, body.rows, body.accounts, body.sections, body.is_statement)
    body.findings += about_skipped(body.skipped, words, column)
    return body


class _Sorter:
    """Says of each row below the header why it is no data, if so."""

    def __init__(self, grid: Grid, header: Header, rows: list[list[str]]) -> None:
        self._grid, self._header, self._rows = grid, header, rows
        self._start = header.last + 1
        self._heads = _heading_rows(grid, header)
        # the first cell spares most rows the comparison with the headings
        self._firsts = {row[0] for row in grid.rows[header.first : header.last + 1] if row}
        self.ledger = ledger_columns(header.headings, header.columns, rows)
        statement = None if self.ledger else statement_columns(header.headings, header.columns, rows)
        self.is_statement, self.ledger = statement is not None, self.ledger or statement
        self._accounts = Accounts()
        self.said = ""  # by the words of the row looked at last, in a ledger
        for row in grid.rows[: header.first]:
            self._accounts.titled([tidy(cell) for cell in row if cell.strip()])
        self._spread, self._figures = spread(grid), figure_columns(rows, header)
        self._notes_from = notes_from(grid, rows, self._start, header, self._spread)
        self._parts_below = False  # under a row "of which" without an amount
        self._words = ""  # of the last section where accounts are not told apart

    def why_not(self, i: int, row: list[str], body: Body) -> str:
        """Return blank, zeros, note, repeated_heading, other_table, balance, section, or "" for a row that is data or broken data."""
        if is_blank(row):
            return "blank"
        if self._grid.ragged_matters and only_zeros(row):
            return "zeros"
        if i >= self._notes_from:
            return "note"
        if row[0] in self._firsts and tuple(plainly(cell) for cell in row if cell.strip()) in self._heads:
            return "repeated_heading"
        if i and is_blank(self._rows[i - 1]) and _heads_another(row, body, self._header):
            return "other_table"
        if self.ledger and (why := self._no_posting(self.ledger, row)):
            return why
        if not self.ledger and any(balance_words(row[j]) for j in self._figures if j < len(row)):
            return "balance"
        if self._is_part(row):
            return "of_which"
        words = section(self._grid, row, self._start + i, self._header, self._spread, self._figures)
        self._words = words or self._words
        return "section" if words else ""

    def _no_posting(self, ledger: LedgerColumns, row: list[str]) -> str:
        """Return why a row of a ledger is no posting, "" where it is one."""
        self.said = ledger.said(row)
        if self.said == "balance":
            return "balance"
        if ledger.computed(row):
            return "computed"
        found = ledger.group(row)
        if found is None:
            return ""
        column, words = found
        self._accounts.named(column, words, row[column])
        return "section"

    def above(self, row: Sequence[str]) -> tuple[str, str]:
        """Return the account and the section that a row of data stands in; a total ends the account that it names."""
        if self.ledger is None:
            return "", self._words
        if self.said == "total":
            self._accounts.totalled([row[j] for j in self.ledger.told if row[j]])
            return "", ""
        account, around = self._accounts.line()
        if self.is_statement:  # its lines are accounts themselves
            return "", " : ".join(filter(None, (around, account)))
        return account, around or self._words

    def _is_part(self, row: list[str]) -> bool:
        """Return whether a row tells a part of the row above it once more: "of which training", or what is indented below."""
        label = next((row[j] for j in self._header.columns if j < len(row) and kind_of(row[j]) == "t"), "")
        if _OF_WHICH.match(label):
            amounts = any(kind_of(row[j]) == "n" for j in self._figures if j < len(row))
            self._parts_below = not amounts
            return True
        self._parts_below &= label[:1] in (" ", "\u00a0", "\t")
        return self._parts_below


def _heads_another(row: list[str], body: Body, header: Header) -> bool:
    """Return whether a row after a gap is the heading of another table: different words over columns of numbers."""
    if len(body.rows) < 2 or sum(bool(cell.strip()) for cell in row) < 2:
        return False
    if any(kind_of(cell) in "nd" for cell in row if cell.strip()):
        return False
    values = value_columns(body.rows[:200], len(header.columns))
    cells = [row[header.columns[k]].strip() for k in values if header.columns[k] < len(row)]
    words = [cell for cell in cells if cell]
    if not words or len(set(words)) < len(words):
        return False
    known = sum(plainly(cell) in known_headings() for cell in row if cell.strip())
    return known >= 2 or (len(words) >= 2 and len(words) == len(values))


def _take_totals(body: Body, header: Header, breaks: list[int]) -> None:
    apart = set()
    if body.ledger is not None:
        breaks = _take_parents(body, header, body.ledger, breaks)
        # codes are no sums; nor is the last figure of a balance that runs on from date to date
        summed = {*body.ledger.money, *(() if body.ledger.dates else body.ledger.balances)}
        apart = {k for k, j in enumerate(header.columns) if j not in summed}
    body.totals = find_totals(body.rows, body.numbers, header.headings, breaks, apart)
    out = body.totals.rows
    body.total_rows = [(body.numbers[i], body.rows[i]) for i in sorted(out)]
    if out:
        facts = {"count": str(len(out))}
        body.findings += [
            Finding(id="finding.total.skipped", severity=Severity.NOTE, facts=facts),
            *body.totals.findings,
        ]
    body.leave(out, "total")
    body.apart({i for i, number in enumerate(body.numbers) if number in body.closing}, "closing")
    if body.is_statement:
        body.apart({i for i, path in enumerate(body.sections) if any(map(of_income, path.split(" : ")))}, "income")


def _take_parents(body: Body, header: Header, ledger: LedgerColumns, breaks: list[int]) -> list[int]:
    """Leave out the accounts that repeat those below them, and return where blocks begin among the rest."""
    if ledger.dates or not body.rows:
        return breaks
    lines = [i for i, row in enumerate(body.rows) if not any(total_word(cell) for cell in row)]
    money = [header.columns.index(j) for j in (*ledger.money, *ledger.balances)]
    rows, numbers = [body.rows[i] for i in lines], [body.numbers[i] for i in lines]
    above, found = parents(rows, numbers, header.headings, money)
    out = {lines[i] for i in above}
    body.findings += found
    body.leave(out, "parent")
    return [at - sum(i < at for i in out) for at in breaks]


def _heading_rows(grid: Grid, header: Header) -> set[tuple[str, ...]]:
    rows = grid.rows[header.first : header.last + 1]
    heads = {tuple(plainly(cell) for cell in row if cell.strip()) for row in rows}
    return {head for head in heads if len(head) > 1 or len(header.columns) == 1}


def _is_ragged(row: list[str], expected: int) -> bool:
    return len(row) < expected or any(cell.strip() for cell in row[expected:])


def _ragged(number: int, row: list[str], expected: int) -> Reject:
    facts = {"found": str(len(row)), "expected": str(expected)}
    value = " | ".join(cell for cell in row if cell.strip())[:40]
    return Reject(row=number, column="", value=value, reason="reject.ragged", facts=facts)
