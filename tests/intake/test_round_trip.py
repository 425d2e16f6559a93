"""A random table written in a random dialect reads back as the same table."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.loading import load
from tests.intake.workbooks import ods

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]

dates = {
    "iso": lambda d: d.isoformat(),
    "dmy": lambda d: f"{d:%d/%m/%Y}",
    "mdy": lambda d: f"{d:%m/%d/%Y}",
    "dots": lambda d: f"{d.day}.{d.month}.{d.year}",
    "name": lambda d: (
        f"{d.day} {['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][d.month - 1]} {d.year}"
    ),
    "arabic": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}".translate(ARABIC),
    "time": lambda d: f"{d.isoformat()} 13:45:00",
    "serial": lambda d: str((d - date(1899, 12, 30)).days),
}
_GROUPED = {"point": ",", "comma": ".", "space": "\u00a0", "swiss": "'"}
_DECIMAL = {"point": ".", "comma": ",", "space": ",", "swiss": "."}


def write_number(amount: Decimal, style: str, negative: str) -> str:
    """Return an amount as people write it."""
    if style == "arabic":
        text = f"{abs(amount):,.2f}".replace(",", "٬").replace(".", "٫").translate(ARABIC)
    else:
        text = f"{abs(amount):,.2f}".replace(",", "\0").replace(".", _DECIMAL[style]).replace("\0", _GROUPED[style])
    if amount >= 0:
        return text
    return {"minus": f"-{text}", "brackets": f"({text})", "behind": f"{text}-", "typographic": f"\u2212{text}"}[
        negative
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(2, 40),
    delimiter=st.sampled_from(",;\t|"),
    number=st.sampled_from([*_DECIMAL, "arabic"]),
    negative=st.sampled_from(["minus", "brackets", "behind", "typographic"]),
    day=st.sampled_from(sorted(dates)),
    mark=st.sampled_from(["", "SAR ", "€ "]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    line=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_reads_back_equal(
    seed: int, count: int, delimiter: str, number: str, negative: str, day: str, mark: str, encoding: str, line: str
) -> None:
    rng = random.Random(seed)
    rows = [
        (
            rng.choice(["000123", "NA", "C-1", 'a "quoted" name', "semi;colon, comma", "عميل ١", "x" * 30]) + str(i),
            date(2020, 1, 13) + timedelta(days=rng.randrange(2000)),
            Decimal(rng.randrange(-10_000_000, 900_000_000)) / 100,
        )
        for i in range(count)
    ]
    rows[0] = (rows[0][0], date(2024, 1, 31), Decimal("1234.56"))  # so that the column can settle itself
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line)
    writer.writerow(["customer_id", "ordered_on", "amount"])
    writer.writerows([id, dates[day](when), mark + write_number(amount, number, negative)] for id, when, amount in rows)
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(Path(folder), out.getvalue().encode(encoding))
        assert loaded.report.outcome == "loaded", loaded.report
        assert loaded.rows("customer_id, ordered_on, amount") == sorted(rows)
    total = sum((amount for _, _, amount in rows), Decimal(0))
    assert Decimal(loaded.report.totals["amount"]) == total


HEADINGS = {
    "en": ["customer_id", "ordered_on", "amount"],
    "ar": ["رقم العميل", "تاريخ الطلب", "المبلغ"],
}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(3, 30),
    kind=st.sampled_from(["xlsx", "ods"]),
    language=st.sampled_from(sorted(HEADINGS)),
    number=st.sampled_from(["stored", *_DECIMAL, "arabic"]),
    negative=st.sampled_from(["minus", "brackets", "behind", "typographic"]),
    day=st.sampled_from(["cell", *sorted(set(dates) - {"serial"})]),
    title=st.booleans(),
    margin=st.integers(0, 2),
    total=st.booleans(),
)
def test_a_table_in_a_workbook_reads_back_equal(
    seed: int,
    count: int,
    kind: str,
    language: str,
    number: str,
    negative: str,
    day: str,
    title: bool,
    margin: int,
    total: bool,
) -> None:
    """Stored or typed-in numbers, date cells or typed-in dates, in either language, below a title, beside blank columns."""
    rng = random.Random(seed)
    rows = [
        (
            rng.choice(["000123", "NA", "C-1", "عميل ", "12", "x" * 30]) + f"-{i}",
            date(2020, 1, 13) + timedelta(days=rng.randrange(2000)),
            Decimal(rng.randrange(-10_000_000, 900_000_000)) / 100,
        )
        for i in range(count)
    ]
    rows[0] = (rows[0][0], date(2024, 1, 31), Decimal("1234.56"))  # so that the column can settle itself
    cells = [
        [
            id,
            when if day == "cell" and kind == "xlsx" else dates["iso" if day == "cell" else day](when),
            float(amount) if number == "stored" else write_number(amount, number, negative),
        ]
        for id, when, amount in rows
    ]
    sheet = [HEADINGS[language], *cells]
    if total:
        sheet.append(["Total" if language == "en" else "الإجمالي", "", _total(rows, number, negative)])
    above: list[list[object]] = [["Orders of our company"], [""]] if title else []
    content = workbook([["" for _ in range(margin)] + row for row in [*above, *sheet]], kind)
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(Path(folder), content, f"file.{kind}", table="orders")
        assert loaded.report.outcome == "loaded", loaded.report
        assert loaded.rows("customer_id, ordered_on, amount") == sorted(rows)
        assert loaded.report.rows_skipped >= total


def _total(rows: list[tuple[str, date, Decimal]], number: str, negative: str) -> object:
    whole = sum((amount for _, _, amount in rows), Decimal(0))
    return float(whole) if number == "stored" else write_number(whole, number, negative)


def workbook(rows: list[list[object]], kind: str) -> bytes:
    """Return the cells as a workbook; dates become date cells where the kind has them here."""
    if kind == "ods":
        return ods(rows)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    page, as_day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(i, j, datetime(value.year, value.month, value.day), as_day)
            elif value != "":
                page.write(i, j, value)
    book.close()
    return out.getvalue()
