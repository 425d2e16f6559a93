"""One cell under a settled convention, and a column settled from all its values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from cxroi.intake.columns.conventions import macros
from cxroi.intake.columns.hijri import hijri_date
from tests.intake.loading import load


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(macros())
    return connection


@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("1.234,56", None, "1234.56"),
        ("1,234.56", "1234.56", None),
        ("(1,234.50)", "-1234.50", None),
        ("1 234,5", None, "1234.5"),
        ("1\u00a0234,50", None, "1234.50"),
        ("1'234.50", "1234.50", None),
        ("١٬٢٣٤٫٥", "1234.5", "1234.5"),
        ("۱۲۳", "123", "123"),
        ("12 %", "12", "12"),
        ("٪12", None, None),
        ("SAR 1,200.00", "1200.00", None),
        ("3 ر.س", "3", "3"),
        ("-$5.20", "-5.20", None),
        ("$(5.2)", "-5.2", None),
        ("250-", "-250", "-250"),
        ("\u200e-7\u200f", "-7", "-7"),
        ("\u22125.5", "-5.5", None),
        ("1.234", "1.234", "1234"),
        ("0.125", "0.125", None),
        ("1,23,456.5", "123456.5", None),
        ("12.345.678", None, "12345678"),
        ("7.157e8", "7.157e8", None),
        ("1,200 ريال", "1200", "1.200"),
        ("12,34", None, "12.34"),
        ("1,2,3", None, None),
        ("1 SAR 200", None, None),
        ("nan", None, None),
        ("--5", None, None),
        ("(-5)", None, None),
        ("1_000", None, None),
        ("abc", None, None),
        ("", None, None),
        (".", None, None),
    ],
)
def test_a_number_is_read_under_its_convention_or_not_at_all(
    engine: duckdb.DuckDBPyConnection, cell: str, point: str | None, comma: str | None
) -> None:
    read = engine.execute("SELECT read_number(?, '.'), read_number(?, ',')", [cell, cell]).fetchone()
    assert read == (point, comma)


@pytest.mark.parametrize(
    ("cell", "day_first", "month_first"),
    [
        ("31/12/2025", date(2025, 12, 31), None),
        ("12/31/2025", None, date(2025, 12, 31)),
        ("01.02.25", date(2025, 2, 1), date(2025, 1, 2)),
        ("1/2/2025 14:30", date(2025, 2, 1), date(2025, 1, 2)),
        ("٣١/١٢/٢٠٢٥", date(2025, 12, 31), None),
        ("2025-02-30", None, None),
        ("30 February 2025", None, None),
        ("99999", None, None),
        ("0", None, None),
        ("-5", None, None),
        ("soon", None, None),
    ]
    + [
        (cell, day, day)
        for cell, day in [
            ("2025-12", date(2025, 12, 1)),
            ("2025M12", date(2025, 12, 1)),
            ("12/2025", date(2025, 12, 1)),
            ("202512", date(2025, 12, 1)),
            ("20251231", date(2025, 12, 31)),
            ("2025/1/2", date(2025, 1, 2)),
            ("2025-12-31T00:00:00Z", date(2025, 12, 31)),
            ("2025-Q2", date(2025, 4, 1)),
            ("Dec-25", date(2025, 12, 1)),
            ("Dec '25", date(2025, 12, 1)),
            ("Sept 2025", date(2025, 9, 1)),
            ("5 Dec 2025", date(2025, 12, 5)),
            ("05-Dec-25", date(2025, 12, 5)),
            ("December 5, 2025", date(2025, 12, 5)),
            ("Monday, 5 Dec 2025", date(2025, 12, 5)),
            ("1st of May 2025", date(2025, 5, 1)),
            ("ديسمبر 2025", date(2025, 12, 1)),
            ("كانون الأول 2025", date(2025, 12, 1)),
            ("كانون الثاني 2025", date(2025, 1, 1)),
            ("تشرين الثاني ٢٠٢٥", date(2025, 11, 1)),
            ("٥ آب ٢٠٢٥", date(2025, 8, 5)),
            ("أغسطس-2025", date(2025, 8, 1)),
            ("يناير ٢٠٢٥ م", date(2025, 1, 1)),
            ("45992", date(2025, 12, 1)),
            ("45992.75", date(2025, 12, 1)),
        ]
    ],
)
def test_a_date_is_read_in_its_order_or_not_at_all(
    engine: duckdb.DuckDBPyConnection, cell: str, day_first: date | None, month_first: date | None
) -> None:
    read = engine.execute("SELECT read_date(?, 'dmy'), read_date(?, 'mdy')", [cell, cell]).fetchone()
    assert read == (day_first, month_first)


def test_hijri_dates_follow_umm_al_qura() -> None:
    # 1 Ramadan 1446 was 1 March 2025, 1 Muharram 1446 was 7 July 2024 (Umm al-Qura calendar, Saudi Arabia)
    assert hijri_date("1446/09/01") == date(2025, 3, 1)
    assert hijri_date("01/01/1446") == date(2024, 7, 7)
    assert hijri_date("1 رمضان 1446 ه") == date(2025, 3, 1)
    assert hijri_date("1446/13/01") is None
    assert hijri_date("1/2/3") is None


def _orders(dates: list[str], amounts: list[str]) -> str:
    rows = "".join(f"C{i};{day};{amount}\n" for i, (day, amount) in enumerate(zip(dates, amounts, strict=True)))
    return "customer_id;ordered_on;amount\n" + rows


def test_one_value_that_can_be_read_one_way_only_settles_the_whole_column(tmp_path: Path) -> None:
    loaded = load(tmp_path, _orders(["01/02/2025", "03/02/2025", "13/02/2025"], ["1.234", "2.500", "7,25"]))
    assert loaded.rows("ordered_on, amount::VARCHAR") == [
        (date(2025, 2, 1), "1234.000"),
        (date(2025, 2, 3), "2500.000"),
        (date(2025, 2, 13), "7.250"),
    ]


def test_a_column_that_cannot_settle_itself_is_a_question_with_both_readings(tmp_path: Path) -> None:
    report = load(tmp_path, _orders(["01/02/2025", "03/04/2025"], ["1.234", "2.500"])).report
    assert (report.outcome, report.message) == ("refused", "upload.question")
    asked = {finding.id: finding.facts for finding in report.findings}
    assert asked["finding.date_order_unclear"] == {
        "column": "ordered_on",
        "example": "01/02/2025",
        "first": "2025-02-01",
        "second": "2025-01-02",
    }
    assert asked["finding.decimal_unclear"]["first"] == "1.234"
    assert asked["finding.decimal_unclear"]["second"] == "1234"


def test_the_answer_to_the_question_is_followed(tmp_path: Path) -> None:
    content = _orders(["01/02/2025", "03/04/2025"], ["1.234", "2.500"])
    loaded = load(tmp_path, content, decimal=",", date_order="mdy")
    assert loaded.rows("ordered_on, amount::VARCHAR") == [
        (date(2025, 1, 2), "1234.000"),
        (date(2025, 3, 4), "2500.000"),
    ]


def test_a_neighbour_that_has_settled_itself_lends_its_convention(tmp_path: Path) -> None:
    content = "customer_id;ordered_on;amount;discount\nA;2025-01-01;1.234;0,50\nB;2025-01-02;2.000;1,25\n"
    assert load(tmp_path, content).rows("amount::VARCHAR") == [("1234.000",), ("2000.000",)]


def test_a_column_written_both_ways_is_asked_about_not_guessed(tmp_path: Path) -> None:
    loaded = load(tmp_path, _orders(["13/01/2025", "01/13/2025"], ["1", "2"]))
    assert loaded.report.message == "upload.question"
    assert "date_order_mixed" in loaded.findings


def test_a_rare_value_in_another_convention_is_put_aside_where_no_other_value_reads_both_ways(tmp_path: Path) -> None:
    dates = [f"{day:02d}/01/2025" for day in range(13, 31)] * 2 + ["01/31/2025"]
    loaded = load(tmp_path, _orders(dates, ["5"] * 37))
    assert loaded.reasons == [(38, "unreadable_date")]


def test_a_few_contradictions_make_every_value_that_reads_both_ways_a_question(tmp_path: Path) -> None:
    amounts = ["62,345"] * 100 + ["3,928,785"] * 2 + ["15,3"] * 4  # thousands, or 62.345 each
    loaded = load(tmp_path, _orders(["2025-01-05"] * 106, amounts))
    assert (loaded.report.message, loaded.report.rows_loaded) == ("upload.question", 0)
    assert "decimal_mixed" in loaded.findings
    (tmp_path / "dates").mkdir()
    dates = ["17/12/2025"] * 96 + ["03/28/2025"] * 2 + ["01/02/2025"] * 96
    loaded = load(tmp_path / "dates", _orders(dates, ["5"] * 194))
    assert "date_order_mixed" in loaded.findings and loaded.report.rows_loaded == 0


def test_years_that_look_hijri_are_asked_about_and_read_when_named(tmp_path: Path) -> None:
    content = "customer_id,ordered_on,amount\nA,1446-09-01,5\nB,1446-09-02,6\n"
    asked = load(tmp_path, content)
    assert "hijri_unclear" in asked.findings and asked.report.outcome == "refused"
    (tmp_path / "again").mkdir()
    read = load(tmp_path / "again", content, calendar="hijri")
    assert read.rows("ordered_on") == [(date(2025, 3, 1),), (date(2025, 3, 2),)]


def test_a_month_name_of_the_hijri_year_names_the_calendar(tmp_path: Path) -> None:
    loaded = load(tmp_path, "الشهر,المبلغ\nرمضان 1446,100\nشوال 1446,200\n", table="costs")
    assert loaded.rows("period") == [(date(2025, 3, 1),), (date(2025, 3, 1),)]


def test_a_year_is_never_cut_to_a_day(engine):
    assert engine.execute("SELECT read_date('01.12.2024', 'ymd'), read_date('01.12.20', 'ymd')").fetchone() == (
        None,
        date(2001, 12, 20),
    )
