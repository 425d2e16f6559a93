"""Read numbers just well enough to check sums; how a column is typed is settled elsewhere, from all its values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from cxroi.intake.layout.grid import Stored, kind_of

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_NOT_ADDED = re.compile(
    r"%|٪|\b(rate|ratio|share|average|avg|price|per|nps|csat|ces|score|year)\b|نسبة|معدل|متوسط|سعر|سنة", re.IGNORECASE
)


def decimal_mark(cells: Sequence[str]) -> str:
    """Return how most of these typed-in numbers write decimals; for checking sums only.

    >>> decimal_mark(["1.234,50", "7"]), decimal_mark(["1,234.50"]), decimal_mark(["1,234"]), decimal_mark(["1031,072"])
    (',', '.', '.', ',')
    """
    commas = points = 0
    for cell in cells:
        if isinstance(cell, Stored):
            continue
        plain = cell.translate(_DIGITS)
        last = max(plain.rfind(","), plain.rfind("."))
        if last < 0:
            continue
        mark = plain[last]
        before, after = (re.sub(r"\D", "", part) for part in (plain[:last], plain[last:]))
        could_group = len(after) == 3 and 0 < len(before) <= 3 and before != "0"
        certain = plain.count(mark) == 1 and (not could_group or ("," in plain and "." in plain))
        grouped = plain.count(mark) > 1
        commas += (certain and mark == ",") or (grouped and mark == ".")
        points += (certain and mark == ".") or (grouped and mark == ",")
    return "," if commas > points else "."


def number_of(cell: str, mark: str = ".") -> Decimal | None:
    """Return the number that a cell shows, or None.

    >>> number_of("(1.234,50)", ","), number_of("SAR 1,200"), number_of("n/a")
    (Decimal('-1234.50'), Decimal('1200'), None)
    """
    text = cell if isinstance(cell, Stored) else cell.translate(_DIGITS).strip()
    if not isinstance(cell, Stored):
        if kind_of(cell) not in ("n", "p"):
            return None
        negative = text.startswith(("(", "-", "−")) or text.rstrip("\u200e\u200f ").endswith(("-", ")"))
        digits = re.sub(r"[^\d.,]", "", text).strip(".,")
        digits = digits.replace("." if mark == "," else ",", "").replace(",", ".")
        text = f"-{digits}" if negative else digits
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def value_columns(rows: Sequence[Sequence[str]], width: int) -> set[int]:
    """Return the columns whose filled cells are mostly numbers."""
    step = max(1, len(rows) // 400)
    found = set()
    for j in range(width):
        cells = [row[j] for row in rows[::step] if row[j].strip()]
        stored = sum(isinstance(cell, Stored) for cell in cells)
        kinds = Counter(kind_of(cell) for cell in cells if not isinstance(cell, Stored))
        like_years = sum(kind_of(cell) == "p" and cell.isdigit() for cell in cells) if kinds["n"] else 0
        if stored + kinds["n"] + like_years > 0.5 * len(cells):
            found.add(j)
    return found


def adds_up(heading: str) -> bool:
    """Return whether figures under this heading can be added: amounts and counts, not rates, prices or years."""
    return not _NOT_ADDED.search(heading)
