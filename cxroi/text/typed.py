"""Numbers as people type them: in Latin, Arabic or Persian digits, with the decimal mark of either."""

from __future__ import annotations

import re

_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_SIGNS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٪−", "01234567890123456789.%-", "٬\u00a0\u202f\u200e\u200f\u061c\u2066\u2067\u2068\u2069"
)


def plain_digits(words: str) -> str:
    """Return what was typed with Latin digits and marks, without thousands marks and marks of direction.

    >>> plain_digits("١٢٬٥٠٠٫٥٠٪")
    '12500.50%'
    """
    return words.translate(_SIGNS).strip()


def typed_numbers(words: str) -> tuple[float, ...]:
    """Return the numbers that were typed one after another, parted by commas of either script, semicolons or blanks; raises ValueError
    where one is none.

    >>> typed_numbers("120, 150"), typed_numbers("١٢٠، ١٥٠٫٥"), typed_numbers("")
    ((120.0, 150.0), (120.0, 150.5), ())
    """
    parts = re.split(r"[,،;؛\s]+", words.replace("%", " ").replace("٪", " ").strip())
    return tuple(typed_number(part) for part in parts if part)


def typed_number(words: str) -> float:
    """Return the number that was typed; raises ValueError where it is none.

    >>> typed_number("٤٫٠٥"), typed_number("-0.1")
    (4.05, -0.1)
    """
    return float(plain_digits(words))


def typed_amount(words: str) -> float:
    """Return the amount of money that was typed, its thousands parted or not; raises ValueError where it is none.

    >>> typed_amount("500,000"), typed_amount("٥٠٠٬٠٠٠"), typed_amount("1250.5")
    (500000.0, 500000.0, 1250.5)
    """
    plain = plain_digits(words)
    return _finite(float(plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain))


def typed_percent(words: str) -> float:
    """Return the number of percent that was typed, with its sign or without; raises ValueError where it is none.

    >>> typed_percent("١٥٠٪"), typed_percent("12.5")
    (150.0, 12.5)
    """
    return _finite(float(plain_digits(words).removesuffix("%")))


_MOST = 1e15  # beyond it nothing that people type is money, or a share of it


def _finite(number: float) -> float:
    if not abs(number) <= _MOST:
        raise ValueError(number)
    return number
