"""Which table a file holds and which column is which, by its headings in English or Arabic and by what the cells look like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from cxroi.intake.columns.answer_words import is_answer
from cxroi.intake.columns.ledger_columns import credit_beside, is_document_type, name_beside
from cxroi.intake.columns.qualifiers import says_another
from cxroi.intake.letters import ARABIC_LETTERS
from cxroi.money.currencies import plain_codes
from cxroi.money.written import without_signs
from cxroi.tables import TABLES, Column, Kind, Table

# the side of an account in brackets is no unit: "Amount (Debit)" is not the amount
_UNIT = re.compile(r"[(\[{](?![^)\]}]*(?:debit|credit|مدين|دائن))[^)\]}]*[)\]}]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MADE_BY_US = ("cxroi row", "cxroi column", "cxroi reason")
_BY_NAME = 0.85
_OF_A_PIECE = {"price", "السعر", "unit cost"}  # normalised, where the number of pieces stands beside
_NUMBER = re.compile(
    r"[-+(]?\W{0,4}(?:[^\W\d][\w.]{0,6}\s)?[-+(]?[\d٠-٩۰-۹][\d٠-٩۰-۹.,٫٬' \u00a0]*\W{0,6}\w{0,4}\W{0,2}"
)
_DATE = re.compile(
    r"\D{0,20}[\d٠-٩۰-۹]{1,4}([-/. ][\w\u0600-\u06ff]{1,12}){1,3}.*|[\d٠-٩]{5,8}|[\w\u0600-\u06ff ]{3,15}[- /'][\d٠-٩]{2,4}"
)


@dataclass(frozen=True, kw_only=True)
class Match:
    """How well a table fits: its mapping (target -> index of the heading), the confidence of each, and what is missing."""

    table: str
    mapping: Mapping[str, int]
    confidence: Mapping[str, float]
    missing: tuple[str, ...]
    score: float
    credit: int | None = None  # of a ledger whose amounts are in two columns: what is taken off the amount
    account_name: int | None = None  # and where its accounts are in two, code and name: the other half


def normalised(heading: str) -> str:
    """Return a heading without case, units in brackets, currency codes, punctuation and the variants of Arabic letters.

    >>> normalised("Order_Date "), normalised("amount_usd"), normalised("المبلغ (ريال)"), normalised("customerID")
    ('order date', 'amount', 'المبلغ', 'customer id')
    """
    text = _CAMEL.sub(" ", without_signs(_UNIT.sub(" ", heading))).lower().translate(ARABIC_LETTERS)
    words = re.sub(r"[^\w/]+|_", " ", text).split()
    return " ".join([word for word in words if word.upper() not in plain_codes()] or words)


@lru_cache(maxsize=20_000)  # a workbook asks it of the same headings for every table and sheet
def closeness(column: Column, heading: str) -> float:
    """Return how surely `heading` (normalised) names `column`, 0 to 1.

    >>> from cxroi.tables import TABLES
    >>> closeness(TABLES["orders"].column("amount"), "amount"), closeness(TABLES["orders"].column("amount"), "colour")
    (1.0, 0.0)
    """
    names = _names(column)
    if heading == names[0]:
        return 1.0
    if heading in names:
        return 0.95 - 0.2 * names.index(heading) / len(names)
    words = set(heading.split())
    inside = [len(name.split()) for name in names if len(name) > 3 and set(name.split()) <= words]
    if inside and says_another(column, words, _own_words(column)):
        return 0.0
    if inside:
        return 0.4 + 0.3 * max(inside) / len(words)
    near = (name for name in names if len(name) > 4 and name[0] == heading[0] and abs(len(name) - len(heading)) <= 2)
    alike = max((SequenceMatcher(None, heading, name).ratio() for name in near), default=0.0)
    return 0.6 * alike if alike >= 0.9 else 0.0  # a slip of the keyboard


@cache
def _names(column: Column) -> list[str]:
    return [normalised(name) for name in (column.name, *column.english, *column.arabic)]


@cache
def _own_words(column: Column) -> set[str]:
    return {word for name in _names(column) for word in name.split()}


def recognise(
    headings: Sequence[str], samples: Sequence[Sequence[str]], *, given: Mapping[str, str] | None = None
) -> tuple[Match, ...]:
    """Return how each table fits, best first; `samples` holds a few cells under each heading, `given` fixed choices."""
    return tuple(
        sorted((match(table, headings, samples, given=given) for table in TABLES.values()), key=lambda m: -m.score)
    )


def match(
    table: Table, headings: Sequence[str], samples: Sequence[Sequence[str]], *, given: Mapping[str, str] | None = None
) -> Match:
    """Return the best one-to-one assignment of headings to the columns of one table, surest pair first."""
    names = [normalised(heading) for heading in headings]
    fixed = {target: index_of(headings, heading) for target, heading in (given or {}).items() if heading != ""}
    mapping = {t: i for t, i in fixed.items() if i is not None and any(c.name == t for c in table.columns)}
    confidence = dict.fromkeys(mapping, 1.0)
    left_out = {target for target, heading in (given or {}).items() if heading == ""}
    pairs = sorted(
        (
            (-_fit(column, name, samples[i] if i < len(samples) else ()), i, place)
            for place, column in enumerate(table.columns)
            for i, name in enumerate(names)
            if name and name not in _MADE_BY_US and column.name not in left_out
        ),
    )
    for negative, i, place in pairs:
        target = table.columns[place].name
        if -negative >= 0.4 and target not in mapping and i not in mapping.values():
            mapping[target], confidence[target] = i, round(-negative, 2)
    if table.name == "orders" and "quantity" in mapping:
        _a_piece(mapping, confidence, names, given or {})
    computed = {"amount"} if table.name == "orders" and {"quantity", "unit_price"} <= mapping.keys() else set()
    missing = tuple(c.name for c in table.columns if c.required and c.name not in mapping.keys() | computed) + tuple(
        " / ".join(group) for group in table.one_of if not mapping.keys() & set(group)
    )
    named = sum(1 for name in names if name) or 1
    required = [c.name for c in table.columns if c.required] or [g for group in table.one_of for g in group]
    surely = sum(confidence.get(name, 0) for name in required) / len(required)
    thin = len(mapping) < 2  # one column alone could be of many tables
    score = sum(confidence.values()) / named + 0.5 * surely - len(missing) - 0.5 * thin
    if table.name == "costs" and {"account", "category"} <= mapping.keys() and "category" not in (given or {}):
        _no_document_type(mapping, confidence, names)
    ordered = {c.name: mapping[c.name] for c in table.columns if c.name in mapping}
    credit = credit_beside(headings, mapping["amount"]) if table.name == "costs" and "amount" in mapping else None
    return Match(
        table=table.name,
        mapping=ordered,
        confidence=confidence,
        missing=missing,
        score=round(score, 4),
        credit=None if credit in mapping.values() else credit,
        account_name=_account_name(table, names, mapping, samples),
    )


def _no_document_type(mapping: dict[str, int], confidence: dict[str, float], names: Sequence[str]) -> None:
    """Leave the kind of document ("Bill") out: it tells the table, but where lines have accounts it is no category of them."""
    if is_document_type(names[mapping["category"]]):
        del mapping["category"], confidence["category"]


def _account_name(
    table: Table, names: Sequence[str], mapping: Mapping[str, int], samples: Sequence[Sequence[str]]
) -> int | None:
    if table.name != "costs" or "account" not in mapping:
        return None
    known = _names(table.column("account"))
    others = [i for i, name in enumerate(names) if name in known and i not in mapping.values()]
    return name_beside(mapping["account"], others, samples)


def _a_piece(
    mapping: dict[str, int], confidence: dict[str, float], names: Sequence[str], given: Mapping[str, str]
) -> None:
    """Beside a quantity a bare price is the price of one piece, and a unit cost the cost of one: no amount of the order."""
    amount, cost = mapping.get("amount"), mapping.get("variable_cost")
    if amount is not None and "amount" not in given and "unit_price" not in mapping and names[amount] in _OF_A_PIECE:
        mapping["unit_price"], confidence["unit_price"] = mapping.pop("amount"), confidence.pop("amount")
    if cost is not None and "variable_cost" not in given and names[cost] in _OF_A_PIECE:
        del mapping["variable_cost"], confidence["variable_cost"]


def index_of(headings: Sequence[str], heading: str) -> int | None:
    """Return the place of a heading that a person names, exactly or but for case and punctuation."""
    if heading in headings:
        return list(headings).index(heading)
    names = [normalised(other) for other in headings]
    return names.index(normalised(heading)) if normalised(heading) in names else None


def _fit(column: Column, heading: str, cells: Sequence[str]) -> float:
    """Return how surely a heading and its cells are a column; its very name weighs more than what bad cells look like."""
    close = closeness(column, heading)
    if close == 0.0:  # nearly every pair: what the cells look like would change nothing
        return 0.0
    return close * max(_plausible(column, cells), _BY_NAME if close == 1.0 else 0.0)


def _plausible(column: Column, cells: Sequence[str]) -> float:
    """Return 1 when the cells could be what the column holds, 0.5 when most could not, 0.55 for a date among names."""
    cells = [cell for cell in cells if cell and cell.strip()]
    if not cells:
        return 1.0
    numbers = sum(bool(_NUMBER.fullmatch(cell.strip())) for cell in cells) / len(cells)
    dates = sum(bool(_DATE.fullmatch(cell.strip())) for cell in cells) / len(cells)
    if column.kind in (Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.SCORE):
        in_words = column.kind is Kind.SCORE or column.name == "satisfaction"
        answers = sum(map(is_answer, cells)) / len(cells) if numbers < 0.5 and in_words else 0
        return 1.0 if numbers + answers >= 0.5 else 0.5
    if column.kind in (Kind.DATE, Kind.MONTH):
        return 1.0 if dates >= 0.5 else 0.5
    return 0.55 if dates >= 0.9 and numbers < 0.9 and column.kind is not Kind.TEXT else 1.0
