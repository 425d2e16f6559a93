"""Months, quarters and years as people write them over a column."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "jan january يناير جانفي كانون_الثاني جنوری januar janvier enero",
        "feb february فبراير فيفري شباط februar février febrero",
        "mar march مارس آذار اذار märz mars marzo",
        "apr april أبريل ابريل إبريل أفريل نيسان avril abril",
        "may مايو ماي أيار ايار mai mayo",
        "jun june يونيو يونيه جوان حزيران juni juin junio",
        "jul july يوليو يوليه جويلية تموز juli juillet julio",
        "aug august أغسطس اغسطس أوت آب août agosto",
        "sep sept september سبتمبر شتنبر أيلول ايلول septembre septiembre",
        "oct october أكتوبر اكتوبر تشرين_الأول تشرين_الاول oktober octobre octubre",
        "nov november نوفمبر نونبر تشرين_الثاني novembre noviembre",
        "dec december ديسمبر دجنبر كانون_الأول كانون_الاول dezember décembre diciembre",
    ),
    1,
):
    _MONTHS |= {name.replace("_", " "): _number for name in _names.split()}
_QUARTERS = {"الأول": 1, "الاول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4}
_NAME = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT = r"(?P<short>\d\d)"
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"(?P<name>{_NAME})\.?",
        rf"(?P<name>{_NAME})\.?[\s\-/',.]*(?:{_YEAR}|{_SHORT})",
        rf"{_YEAR}[\s\-/.]*(?P<name>{_NAME})\.?",
        rf"{_YEAR}[-/.](?P<month>0?[1-9]|1[0-2])",
        rf"(?P<month>0?[1-9]|1[0-2])[-/.]{_YEAR}",
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<first>01)(?:[ T]00:00(?::00)?)?",
        rf"{_YEAR}(?P<month>0[1-9]|1[0-2])",
        rf"Q(?P<quarter>[1-4])(?:[\s\-/',.]*(?:FY)?\s?(?:{_YEAR}|{_SHORT}))?",
        rf"{_YEAR}[\s\-/.]*Q(?P<quarter>[1-4])",
        rf"(?:الربع )(?P<arabic_quarter>{'|'.join(_QUARTERS)})(?:[\s\-/]*{_YEAR})?",
        rf"(?:FY|CY|عام|سنة)?[\s\-]*{_YEAR}(?:\s*م)?",
    )
)


@dataclass(frozen=True, order=True)
class Period:
    """A month, a quarter or a year; year 0 where only the month was written."""

    year: int
    month: int = 0
    quarter: int = 0

    @property
    def text(self) -> str:
        """Return it as 2025-03, 2025-Q1 or 2025; without the year where none is known."""
        year = f"{self.year}-" if self.year else ""
        if self.month:
            return f"{year}{self.month:02d}"
        return f"{year}Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def grain(self) -> str:
        """Return month, quarter or year."""
        return "month" if self.month else "quarter" if self.quarter else "year"


def period_of(text: str) -> Period | None:
    """Return the period that `text` names and nothing else, or None.

    >>> [period_of(t).text for t in ("Dec-25", "مارس 2024", "2025-07-01", "Q3 2025", "2015 *", "April")]
    ['2025-12', '2024-03', '2025-07', '2025-Q3', '2015', '04']
    >>> period_of("Marketing") is period_of("12.50") is None
    True
    """
    if len(text) > 30:
        return None
    plain = " ".join(text.translate(_DIGITS).strip(" *†:\u200e\u200f").split())
    for shape in _SHAPES:
        if found := shape.fullmatch(plain):
            return _period(found.groupdict())
    return None


def _period(parts: dict[str, str | None]) -> Period:
    year = int(parts.get("year") or 0) or (2000 + int(parts["short"] or 0) if parts.get("short") else 0)
    if name := parts.get("name"):
        return Period(year, _MONTHS[name.lower()])
    if month := parts.get("month"):
        return Period(year, int(month))
    if quarter := parts.get("quarter"):
        return Period(year, 0, int(quarter))
    if word := parts.get("arabic_quarter"):
        return Period(year, 0, _QUARTERS[word])
    return Period(year)
