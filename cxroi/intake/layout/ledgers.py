"""Rows of a ledger that are no postings: account names above their lines, balances, closing entries, computed results."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cxroi.intake.layout.figures import number_of
from cxroi.intake.layout.grid import kind_of, tidy
from cxroi.intake.layout.header import plainly
from cxroi.intake.layout.totals import total_word

_SIDE = re.compile(r"\b(?:debits?|credits?|dr|cr|soll|haben)\b|مدين|دائن", re.IGNORECASE)
_MONEY = re.compile(
    r"\b(?:amounts?|amt|net|value|val|betrag|wert|actuals?|movement|activity)\b|مبلغ|قيم[ةه]|صافي|حرك[ةه]",
    re.IGNORECASE,
)
_BALANCE_COLUMN = re.compile(r"\bbalance\b|\bsaldo\b|رصيد", re.IGNORECASE)
_OF_A_LEDGER = re.compile(
    r"\b(?:accounts?|g/?l|ledger|journal|posting|voucher|split|split account|transaction type|doc(?:ument)? ?(?:no|number|type)|cost element|"
    r"running|assignment|local cur\w*|lcurr|zuordnung|hauswährung|buchungsschlüssel|konto|sachkonto|kostenart|belegn(?:umme)?r|belegart|buchungsdatum)\b|حساب|قيد|سند|أستاذ|استاذ|ترحيل|عنصر التكلف|تخصيص|تقسيم|نوع المعامل",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"(?:(?:opening|closing|beginning|begin|starting|ending|end|previous|prior|running|current|brought forward|carried forward)"
    r" balance|balance (?:brought |carried )?forward|balance [bc]/[fd]|net (?:movement|change|activity)|opening entr(?:y|ies)|"
    r"anfangssaldo|anfangsbestand|endsaldo|schlusssaldo|saldovortrag|periodensaldo)(?: (?:as (?:of|at)|at|on|per|for)\b.*)?|"
    r"(?:ال)?رصيد (?:ال)?(?:[إا]فتتاحي|ختامي|نهائي|مدور|مرحل|سابق|حالي|[أا]ول|[آا]خر)(?:ة)?(?: (?:ال)?(?:مدة|فترة|شهر|سنة))?.{0,20}|"
    r"رصيد (?:ما قبله|منقول)|صافي (?:ال)?(?:حركة|تغير)|(?:ال)?قيد (?:ال)?افتتاحي",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:year|period)[- ]end )?clos(?:ing|e) (?:entr(?:y|ies)|journal|income statement|p&l|the (?:books|year))\b.{0,40}|"
    r"year[- ]end clos(?:ing|e)\b.{0,40}|(?:ال)?(?:قيد|قيود) (?:ال)?[إا]قفال.{0,40}|[إا]قفال (?:ال)?(?:سنة|حسابات|عام|فترة|نتيجة).{0,40}|"
    r"abschlussbuchung(?:en)?\b.{0,40}|guv-abschluss.{0,40}",
    re.IGNORECASE,
)
_COMPUTED = re.compile(
    r"gross (?:profit|margin|loss)|net (?:operating |ordinary |other )?(?:income|profit|loss|earnings|surplus|revenue)(?: (?:for|before|after) .*)?|"
    r"(?:operating|ordinary) (?:income|profit|loss)|income (?:from operations|before tax(?:es)?)|profit (?:for the (?:year|period)|before tax(?:ation)?)|"
    r"ebit(?:da)?|مجمل (?:ال)?(?:ربح|خسارة)|[إا]جمالي (?:ال)?ربح|صافي (?:ال)?(?:ربح|دخل|خسارة|[إا]يرادات?)(?: .*)?|(?:ال)?ربح (?:ال)?تشغيلي|"
    r"bruttogewinn|rohertrag|betriebsergebnis|jahresüberschuss|ergebnis (?:vor|nach) steuern",
    re.IGNORECASE,
)
_INCOME = re.compile(
    r"(?:ordinary |trading |operating |other |total )?(?:income|revenues?|sales|turnover)|(?:ال)?[إا]يرادات(?: .{0,20})?|(?:ال)?مبيعات|(?:ال)?دخل|"
    r"umsatzerlöse|erlöse|erträge|(?:plus )?other income",
    re.IGNORECASE,
)
_SPENDING = re.compile(
    r"expenses?\b|\bcosts? of (?:sales|goods|revenue)|overheads|expenditure|aufwend|مصروف|مصاريف|تكلفة|تكاليف|نفقات",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class LedgerColumns:
    """Which columns of a ledger hold what: money that was posted, balances that are none, dates, and all the rest."""

    money: tuple[int, ...]
    balances: tuple[int, ...]
    dates: tuple[int, ...]
    labels: tuple[int, ...]

    @cached_property
    def posted(self) -> tuple[int, ...]:
        """Return the columns of which a posting fills one at least."""
        return (*self.dates, *self.money)

    @cached_property
    def told(self) -> tuple[int, ...]:
        """Return the columns in which words may stand."""
        return (*self.labels, *self.dates)

    def said(self, row: Sequence[str]) -> str:
        """Return what the words of a row say that it is: balance, closing (an entry that only clears a year's accounts), total, or ""."""
        for j in self.told:
            if j < len(row) and row[j] and (said := _said(row[j])):
                return said
        return "balance" if self.balances and not self.dates and self._only_balances(row) else ""

    def computed(self, row: Sequence[str]) -> bool:
        """Return whether a row is worked out from others: gross profit, net income."""
        first = next((tidy(row[j]) for j in self.labels if j < len(row) and row[j].strip()), "")
        return not self.dates and bool(_COMPUTED.fullmatch(first.rstrip(":")))

    def group(self, row: Sequence[str]) -> tuple[int, list[str]] | None:
        """Return the column and the words of a row that names the rows below it: no date, no money, no total."""
        for j in self.posted:
            if j < len(row) and row[j] and kind_of(row[j]) in ("n", "d", "p"):
                return None
        filled = [(j, cell) for j, cell in enumerate(row) if cell.strip() and j not in self.balances]
        if not filled:
            return None
        most = max(1, (len(self.labels) + len(self.dates)) // 2) if self.dates else len(self.labels)
        if len(filled) > min(3, most):
            return None
        words = [tidy(cell) for _, cell in filled]
        if any(total_word(word) for word in words) or all(set(word) <= set("*-=_·.") for word in words):
            return None
        if all(kind_of(word) in "nd" for word in words) or len(" ".join(words)) > 120:
            return None
        return filled[0][0], words

    def _only_balances(self, row: Sequence[str]) -> bool:
        money = [row[j] for j in self.money if j < len(row) and row[j].strip()]
        standing = [number_of(row[j]) for j in self.balances if j < len(row) and row[j].strip()]
        return not money and any(standing) and not any(total_word(cell) for cell in row)


def ledger_columns(
    headings: Sequence[str], places: Sequence[int], rows: Sequence[Sequence[str]]
) -> LedgerColumns | None:
    """Return the columns of a ledger by their `headings`, which stand at `places` of the `rows`; None where it is none."""
    names = [tidy(heading).casefold() for heading in headings]
    sides = {found[0] for name in names for found in _SIDE.finditer(name)}
    told = sum(bool(_OF_A_LEDGER.search(plainly(name))) or bool(_BALANCE_COLUMN.search(name)) for name in names)
    if len(sides) < 2 and told < 2:
        return None
    kinds = _kinds(rows, places)
    balances, money, dates, labels = [], [], [], []
    for j, name in zip(places, names, strict=True):
        numeric = kinds[j]["n"] > 0.5 * max(1, sum(kinds[j].values()))
        if _BALANCE_COLUMN.search(name) and (numeric or not sum(kinds[j].values())):
            balances.append(j)
        elif (_SIDE.search(name) or _MONEY.search(name)) and (numeric or not sum(kinds[j].values())):
            money.append(j)
        elif kinds[j]["d"] > 0.5 * max(1, sum(kinds[j].values())):
            dates.append(j)
        else:
            labels.append(j)
    if not money:
        return None
    return LedgerColumns(money=tuple(money), balances=tuple(balances), dates=tuple(dates), labels=tuple(labels))


def _kinds(rows: Sequence[Sequence[str]], places: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return how many of the first cells of each column are numbers, dates (months too) and words, totals apart."""
    found = {j: {"n": 0, "d": 0, "t": 0} for j in places}
    for row in rows[:400]:
        if sum(bool(cell.strip()) for cell in row) < 2:
            continue
        for j in places:
            cell = row[j] if j < len(row) else ""
            kind = kind_of(cell)
            if kind and not (kind == "t" and (total_word(cell) or _BALANCE.fullmatch(tidy(cell)))):
                found[j]["d" if kind in "dp" else kind] += 1
    return found


def statement_columns(
    headings: Sequence[str], places: Sequence[int], rows: Sequence[Sequence[str]]
) -> LedgerColumns | None:
    """Return the columns of a statement of profit and loss: names of accounts before amounts; None where it is none."""
    kinds = _kinds(rows, places)
    money = tuple(j for j in places if kinds[j]["n"] > kinds[j]["d"] + kinds[j]["t"])
    labels = tuple(j for j in places if j not in money and any(j < len(row) and row[j].strip() for row in rows))
    if not money or not labels or len(labels) > 6:
        return None
    names = [tidy(row[j]).rstrip(":") for row in rows for j in labels if j < len(row) and row[j].strip()]
    tests = (_COMPUTED.fullmatch, _INCOME.fullmatch, _SPENDING.search)
    if not all(any(test(name) for name in names) for test in tests):
        return None
    return LedgerColumns(money=money, balances=(), dates=(), labels=labels)


def balance_words(cell: str) -> bool:
    """Return whether a cell says that its row tells what stood in an account.

    >>> balance_words("Opening Balance"), balance_words("رصيد افتتاحي"), balance_words("Balance sheet review")
    (True, True, False)
    """
    return bool(_BALANCE.fullmatch(tidy(cell).rstrip(":")))


@lru_cache(maxsize=100_000)
def _said(cell: str) -> str:
    if balance_words(cell):
        return "balance"
    if _CLOSING.fullmatch(tidy(cell)):
        return "closing"
    return "total" if total_word(cell) else ""


def of_income(section: str) -> bool:
    """Return whether a section of a statement holds income, which is no cost."""
    return bool(_INCOME.fullmatch(section.strip(" :")))
