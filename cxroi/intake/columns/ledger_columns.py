"""Columns of a ledger that belong together: debit and credit, the code and the name of an account."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIDES = (
    *(("debits", "credits"), ("debit", "credit"), ("dr", "cr"), ("soll", "haben")),
    *(("المدينة", "الدائنة"), ("مدينة", "دائنة"), ("المدين", "الدائن"), ("مدين", "دائن")),
)
_DOCUMENT_TYPE = re.compile(
    r"(?!cost|expense|spend).*\btype|(?!.*(?:تكلف|مصروف|إنفاق)).*نوع .*|(?:ال)?نوع|art|beleg.*art", re.IGNORECASE
)
_CODE = re.compile(r"[\d٠-٩][\w.\-/·٠-٩]*")


def credit_beside(headings: Sequence[str], debit: int) -> int | None:
    """Return the place of the credit column that belongs to the debit column at `debit`, None where it is no such column.

    >>> credit_beside(["Date", "Debit", "Credit"], 1), credit_beside(["Amount (Debit)", "Amount (Credit)"], 0)
    (2, 1)
    """
    plain = [" ".join(re.sub(r"[\W_]+", " ", heading).casefold().split()) for heading in headings]
    for side, other in _SIDES:
        if side in plain[debit]:
            wanted = plain[debit].replace(side, other)
            return plain.index(wanted) if wanted in plain else None
    return None


def is_document_type(heading: str) -> bool:
    """Return whether a heading, normalised, is that of the kind of document that was posted, which is no category of cost.

    >>> is_document_type("transaction type"), is_document_type("cost type"), is_document_type("type")
    (True, False, True)
    """
    return bool(_DOCUMENT_TYPE.fullmatch(heading))


def name_beside(account: int, others: Sequence[int], samples: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the other half of an account, its name beside its code or the code beside its name; None without one.

    `others` are columns that an account could be read from too.
    """
    coded = _is_coded(samples, account)
    return next((j for j in others if coded is not None and _is_coded(samples, j) is (not coded)), None)


def _is_coded(samples: Sequence[Sequence[str]], j: int) -> bool | None:
    cells = [cell.strip() for cell in (samples[j] if j < len(samples) else ()) if cell.strip()]
    return 2 * sum(bool(_CODE.fullmatch(cell)) for cell in cells) > len(cells) if cells else None
