"""The account that a line of a ledger belongs to where its name stands above the lines: open until its total comes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cxroi.intake.layout.grid import tidy
from cxroi.intake.layout.header import Header, plainly
from cxroi.tables import TABLES

SECTION = "Section"
_OWN = {"en": "Account", "ar": "الحساب"}

_NAMES_ACCOUNT = re.compile(
    r"(?:g/?l |general ledger |ledger |natural |main )?account(?: (?:no|number|code|name)\.?)?|cost element|sachkonto|konto|kostenart|"
    r"(?:رقم |اسم |رمز )?(?:ال)?حساب(?: (?:ال)?[أا]ستاذ)?|عنصر التكلفة",
    re.IGNORECASE,
)
_NAMES_MORE = re.compile(
    r"company(?: code)?|ledger|business (?:area|unit)|subsidiary|entity|cost cent(?:er|re)|department|class|location|currency|buchungskreis|"
    r"kostenstelle|(?:ال)?شركة|(?:ال)?فرع|مركز (?:ال)?تكلفة|(?:ال)?إدارة|(?:ال)?عملة",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"^\W*(?:sub[- ]?)?(?:grand )?totals?(?: for| of|:)?\s*[-–:]*\s*|\s*[-–:]*\s*(?:sub[- ]?)?totals?\W*$|"
    r"^\W*(?:ال)?(?:مجموع|[إا]جمالي)(?: (?:ال)?حساب)?\s*[-–:]*\s*|\s+(?:with|including) sub-?accounts?.*$|^\W*summe\s*",
    re.IGNORECASE,
)


@dataclass
class _Open:
    name: str
    level: tuple[int, int]
    is_account: bool
    used: bool = False  # a line stands below it


@dataclass
class Accounts:
    """The names that stand above the row that is read, outermost first."""

    _open: list[_Open] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)

    def named(self, column: int, words: Sequence[str], raw: str) -> str:
        """Take a row that names the rows below it, and return its name; `raw` begins with the blanks that indent it."""
        name, is_account = _name(words)
        level = (column, len(raw) - len(raw.lstrip(" \u00a0\t")))
        while self._open and self._open[-1].level > level:
            self._open.pop()
        if self._open and self._open[-1].level == level and self._open[-1].used:
            self._open.pop()
        self._open.append(_Open(name, level, is_account))
        self._names.add(plain(name))
        return name

    def totalled(self, cells: Sequence[str]) -> None:
        """Take a total: the names up to the one it names are done with."""
        label = next((plain(cell) for cell in cells if _TOTAL.search(tidy(cell))), "")
        if label and label not in self._names:
            return
        places = [k for k, one in enumerate(self._open) if plain(one.name) == label] if label else [len(self._open) - 1]
        if places and places[-1] >= 0:
            del self._open[places[-1] :]

    def line(self) -> tuple[str, str]:
        """Return the account of a line and the names around it, "" where none is open."""
        if not self._open:
            return "", ""
        for one in self._open:
            one.used = True
        at = max((k for k, one in enumerate(self._open) if one.is_account), default=None)
        around = [one.name for k, one in enumerate(self._open) if k != at]
        return (self._open[at].name if at is not None else ""), " : ".join(around)


def named_above(
    header: Header, rows: list[list[str]], accounts: Sequence[str], sections: Sequence[str], is_statement: bool
) -> tuple[tuple[str, ...], list[list[str]], str]:
    """Return the headings and rows with what stands above each row, and the column in which the names above are found.

    The account has the column that the table has for it where that is empty, else one of its own; in a table whose lines
    name their accounts themselves, and in a statement, all that stands above a line is its section.
    """
    headings, column = list(header.headings), SECTION
    if is_statement and header.unnamed and not any(map(_names_account, headings)):
        headings[headings.index(header.unnamed[0])] = _own_heading(headings)
    own = next((j for j, heading in enumerate(headings) if _names_account(heading)), None)
    if own is not None and any(row[own].strip() for row in rows):
        sections = [" : ".join(filter(None, names)) for names in zip(sections, accounts, strict=True)]
    elif any(accounts):
        column = _own_heading(headings) if own is None else headings[own]
        at = len(headings) if own is None else own
        headings[at : at + 1] = [column]
        rows = [[*row[:at], account, *row[at + 1 :]] for row, account in zip(rows, accounts, strict=True)]
    if any(sections):
        headings.append(SECTION)
        rows = [[*row, section] for row, section in zip(rows, sections, strict=True)]
    return tuple(headings), rows, column


def _names_account(heading: str) -> bool:
    column = TABLES["costs"].column("account")
    return plainly(heading) in {plainly(word) for word in (column.name, *column.english, *column.arabic)}


def _own_heading(headings: Sequence[str]) -> str:
    """Return what a column of accounts is called beside `headings`."""
    arabic = sum(any("\u0600" <= sign <= "\u06ff" for sign in heading) for heading in headings)
    return _OWN["ar" if 2 * arabic > len(headings) else "en"]


def plain(label: str) -> str:
    """Return the name of an account without what a total's label says around it.

    >>> plain("Total for 6410 Training"), plain("Total - 6410 - Training"), plain("إجمالي التدريب"), plain("Training Total")
    ('6410 training', '6410 - training', 'التدريب', 'training')
    """
    text = tidy(label)
    for _ in range(2):
        text = _TOTAL.sub("", text)
    return text.strip(" :-–*").casefold()


def _name(words: Sequence[str]) -> tuple[str, bool]:
    """Return the name that a row of `words` gives, and whether it is that of an account: "Company code 1000" is none."""
    head, _, rest = words[0].partition(":")
    parts = [rest.strip(), *words[1:]] if rest.strip() else [*words[1:]]
    if parts and _NAMES_ACCOUNT.fullmatch(head.strip()):
        return " ".join(filter(None, parts)), True
    if parts and _NAMES_MORE.fullmatch(head.strip()):
        return " ".join(filter(None, parts)), False
    return " ".join(words), True
