"""Numbers as people type them: in Latin, Arabic or Persian digits, with the decimal mark of either."""

from __future__ import annotations

import re

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
