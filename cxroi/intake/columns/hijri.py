"""Hijri dates, read only where a person or the cells themselves name the calendar (Umm al-Qura, 1343 to 1500 AH)."""

from __future__ import annotations

import re
from datetime import date

import duckdb
from hijridate import Hijri

_MONTHS = (
    ("محرم", "muharram"),
    ("صفر", "safar"),
    ("ربيع الاول", "rabi i", "rabi al awwal"),
    ("ربيع الاخر", "ربيع الثاني", "rabi ii", "rabi al thani"),
    ("جمادي الاولي", "جمادي الاول", "jumada i", "jumada al ula"),
    ("جمادي الاخره", "جمادي الثانيه", "جمادي الاخر", "jumada ii", "jumada al thani"),
    ("رجب", "rajab"),
    ("شعبان", "shaban", "shaaban"),
    ("رمضان", "ramadan", "ramadhan"),
    ("شوال", "shawwal"),
    ("ذو القعده", "ذي القعده", "dhu al qadah", "dhul qadah"),
    ("ذو الحجه", "ذي الحجه", "dhu al hijjah", "dhul hijjah"),
)


def hijri_date(text: str, order: str = "dmy") -> date | None:
    """Return the Gregorian day of a Hijri date (folded text: plain digits, no letter variants), None when there is none.

    >>> hijri_date("1446/09/01"), hijri_date("1 رمضان 1446 ه")
    (datetime.date(2025, 3, 1), datetime.date(2025, 3, 1))
    """
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    month = next((i for i, names in enumerate(_MONTHS, 1) if any(name in text for name in names)), 0)
    years = [number for number in numbers if 1343 <= number <= 1500]
    if len(years) != 1 or len(numbers) > 3:
        return None
    rest = [number for number in numbers if number != years[0]]
    if month:
        day = rest[0] if rest else 1
    elif len(rest) == 2:
        first_is_month = numbers[0] == years[0] or order == "mdy"
        month, day = rest if first_is_month else rest[::-1]
    elif len(rest) == 1:
        month, day = rest[0], 1
    else:
        return None
    try:
        found = Hijri(years[0], month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return date(found.year, found.month, found.day)


def hijri_days(connection: duckdb.DuckDBPyConnection, relation: str, cell: str, order: str) -> None:
    """Add every distinct cell of a column with its Gregorian day to the table `hijri_days`."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS hijri_days (v VARCHAR, day DATE)")
    found = connection.execute(f"SELECT DISTINCT {cell}, date_text({cell}) FROM {relation} WHERE NOT is_blank({cell})")
    days = [(v, hijri_date(text, order)) for v, text in found.fetchall()]
    if days:
        connection.executemany("INSERT INTO hijri_days VALUES (?, ?)", days)
