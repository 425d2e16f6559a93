"""Numbers as people type them: in Latin, Arabic or Persian digits, with the decimal mark of either."""

from __future__ import annotations

_SIGNS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٪−", "01234567890123456789.%-", "٬\u00a0\u202f\u200e\u200f\u061c\u2066\u2067\u2068\u2069"
)


def plain_digits(words: str) -> str:
    """Return what was typed with Latin digits and marks, without thousands marks and marks of direction.

    >>> plain_digits("١٢٬٥٠٠٫٥٠٪")
    '12500.50%'
    """
    return words.translate(_SIGNS).strip()


def typed_number(words: str) -> float:
    """Return the number that was typed; raises ValueError where it is none.

    >>> typed_number("٤٫٠٥"), typed_number("-0.1")
    (4.05, -0.1)
    """
    return float(plain_digits(words))
