"""The one month that the titles above a table name: "for the month ended 31 March 2025", "عن شهر مارس 2025"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cxroi.intake.layout.grid import tidy
from cxroi.intake.layout.period import period_of

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# "three months ended" and "the 12-month period ended" are no month; a date alone may be the day of printing
_ONE_MONTH = re.compile(
    r"(?:(?:for|of|in) (?:the )?|^(?:the )?|\bcurrent |\breporting |\bposting |\baccounting |[-–:,] ?)"
    r"(?:calendar )?(?:month|period)(?: ended| ending| of| to| end)?(?: on| at)?\s?:?\s(?P<latin>.+)"
    r"|(?<!\w)(?:ال|لل|ل|ب|عن )?(?:شهر|فترة)(?: المنتهي| المنتهية)?(?: في| بتاريخ)?\s?:?\s(?P<arabic>.+)",
    re.IGNORECASE,
)
_LONGER = re.compile(r"\b(?:period)\b|فترة", re.IGNORECASE)  # a period that ends on a day may be longer than a month
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s./-]+(?:of )?(?P<rest>[^\d\s].*|\d{1,2}[./-](?:19|20)\d\d)"
)
_MONTH_FIRST = re.compile(r"(?P<name>[^\W\d]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)")
_ISO = re.compile(r"(?P<month>(?:19|20)\d\d[-/.]\d{1,2})[-/.]\d{1,2}")


def month_said(titles: Iterable[str]) -> tuple[str, str] | None:
    """Return the month (2025-03) that the titles name, with the title; None where they name none, or several.

    >>> month_said(["Trial balance for the month ended 31 March 2025"])
    ('2025-03', 'Trial balance for the month ended 31 March 2025')
    >>> month_said(["For the three months ended 31 March 2025"]) is month_said(["Jan 2025", "Feb 2025"]) is None
    True
    """
    said = {month: tidy(title) for title in titles if (month := _month_in(tidy(title)))}
    return next(iter(said.items())) if len(said) == 1 else None


def _month_in(title: str) -> str | None:
    plain = title.translate(_DIGITS)
    if (whole := _month(plain)) and not _ISO.fullmatch(plain):
        return whole
    found = _ONE_MONTH.search(plain)
    if found is None:
        return None
    words = found["latin"] or found["arabic"]
    dated = not _LONGER.search(found[0][: -len(words)])
    parts = [part.strip("()[],;:.") for part in words.split()]
    for count in range(min(4, len(parts)), 0, -1):
        if month := _month(" ".join(parts[:count]), dated=dated):
            return None if _names_period(parts[count:]) else month
    return None


def _names_period(parts: list[str]) -> bool:
    """Return whether what follows a month names another: "January 2025 to March 2025" is no month."""
    return any(period_of(" ".join(parts[i : i + size])) for size in (1, 2) for i in range(len(parts) + 1 - size))


def _month(text: str, *, dated: bool = False) -> str | None:
    """Return the month that `text` is, with its year; a day of it too where it may be `dated`."""
    text = text.removesuffix("م").strip()
    period = period_of(text)
    if period is None and dated:
        if found := _ISO.fullmatch(text):
            period = period_of(found["month"])
        elif found := _MONTH_FIRST.fullmatch(text):
            period = period_of(f"{found['name']} {found['year']}")
        elif (found := _DAY_FIRST.fullmatch(text)) and (int(found["day"]) > 12 or not found["rest"][0].isdigit()):
            period = period_of(found["rest"])
    return period.text if period is not None and period.month and period.year else None
