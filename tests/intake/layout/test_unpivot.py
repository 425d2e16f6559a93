"""Periods that stand side by side become rows; what adds them up is left out and checked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.intake.reading import Reading
from tests.intake.workbooks import xlsx

ENGLISH = ["Jan-25", "Feb-25", "Mar-25"]


@pytest.mark.parametrize(
    "months",
    [
        ENGLISH,
        ["January 2025", "February 2025", "March 2025"],
        ["2025-01", "2025-02", "2025-03"],
        ["01/2025", "02/2025", "03/2025"],
        ["يناير 2025", "فبراير 2025", "مارس 2025"],
        ["كانون الثاني 2025", "شباط 2025", "آذار 2025"],
        ["جانفي ٢٠٢٥", "فيفري ٢٠٢٥", "مارس ٢٠٢٥"],
        ["202501", "202502", "202503"],
    ],
)
def test_months_across_the_columns_become_rows(months: list[str], read: Reading) -> None:
    rows = [
        ["category", "owner", *months, "Total"],
        ["people", "Huda", 1, 2, 3, 6],
        ["training", "Omar", 4, None, 6, 10],
    ]
    table = read(xlsx(rows), "a.xlsx")
    assert table.source.headings == ("category", "owner", "period", "amount")
    assert table.rows[0] == ["people", "Huda", "2025-01", "1"]
    assert table.column("period") == ["2025-01", "2025-02", "2025-03", "2025-01", "2025-03"]
    assert table.numbers == [2, 2, 2, 3, 3]
    assert table.finding("finding.header.unpivoted") == {"count": "3", "first": "2025-01", "last": "2025-03"}


def test_dates_as_headings_are_months(read: Reading) -> None:
    rows = [["category", "2025-01-01", "2025-02-01", "2025-03-01"], ["people", 1, 2, 3], ["training", 4, 5, 6]]
    assert read(xlsx(rows), "a.xlsx").column("period")[:3] == ["2025-01", "2025-02", "2025-03"]


def test_budget_and_actual_stand_beside_each_other(read: Reading) -> None:
    def merge(book: Any, page: Any) -> None:
        for k, month in enumerate(ENGLISH):
            page.merge_range(0, 1 + 2 * k, 0, 2 + 2 * k, month)

    rows = [
        ["category"],
        [None, *["Budget", "Actual"] * 3],
        ["people", 1, 2, 3, 4, 5, 6],
        ["training", 1, 1, 1, 1, 1, 1],
    ]
    table = read(xlsx(rows, merge), "a.xlsx")
    assert table.source.headings == ("category", "period", "amount", "budget_amount")
    assert table.rows[:3] == [
        ["people", "2025-01", "2", "1"],
        ["people", "2025-02", "4", "3"],
        ["people", "2025-03", "6", "5"],
    ]


@pytest.mark.parametrize(
    ("title", "first", "last"), [("Budget 2025", "2025-01", "2025-03"), ("السنة المالية 2024/25", "2024-01", "2024-03")]
)
def test_a_year_in_the_title_completes_months_without_one(title: str, first: str, last: str, read: Reading) -> None:
    table = read(
        xlsx([[title], ["category", "Jan", "Feb", "Mar"], ["people", 1, 2, 3], ["training", 4, 5, 6]]), "a.xlsx"
    )
    assert (table.column("period")[0], table.column("period")[2]) == (first, last)


def test_a_year_that_turns_in_december_goes_on(read: Reading) -> None:
    rows = [["FY 2024/25"], ["category", "Nov", "Dec", "Jan", "Feb"], ["people", 1, 2, 3, 4], ["training", 1, 1, 1, 1]]
    assert read(xlsx(rows), "a.xlsx").column("period")[:4] == ["2024-11", "2024-12", "2025-01", "2025-02"]


def test_months_without_any_year_are_asked_about_and_a_date_answers(read: Reading) -> None:
    rows = [["category", "Nov", "Dec", "Jan", "Feb"], ["people", 1, 2, 3, 4], ["training", 1, 1, 1, 1]]
    assert "finding.header.year_unknown" in read(xlsx(rows), "a.xlsx").finding_ids()
    assert read(xlsx(rows), "a.xlsx", as_of="2026-02-28").column("period")[:4] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert read(xlsx(rows), "a.xlsx", as_of="2026-01-31").column("period")[0] == "2024-11"


def test_totals_of_rows_and_columns_are_left_out_and_checked(read: Reading) -> None:
    rows = [["category", *ENGLISH, "Total"], ["people", 1, 2, 3, 6], ["training", 4, 5, 6, 16], ["Total", 5, 7, 9, 21]]
    table = read(xlsx(rows), "a.xlsx")
    assert table.sum("amount") == 21 and table.why("total") == [4]
    assert table.finding("finding.header.row_total_disagrees") == {
        "row": "3",
        "column": "Total",
        "said": "16",
        "parts": "15",
        "difference": "1",
    }
    assert table.source.control_totals == {"amount": "21"}


def test_quarters_and_years_say_what_they_are(read: Reading) -> None:
    rows = [["category", "Q1 2025", "Q2 2025", "Q3 2025"], ["people", 1, 2, 3], ["training", 4, 5, 6]]
    table = read(xlsx(rows), "a.xlsx")
    assert table.column("period")[:3] == ["2025-Q1", "2025-Q2", "2025-Q3"]
    assert "finding.header.quarters" in table.finding_ids()


def test_quarters_among_months_add_them_up_and_are_left_out(read: Reading) -> None:
    rows = [["category", *ENGLISH, "Q1 2025"], ["people", 1, 2, 3, 6], ["training", 4, 5, 6, 15]]
    assert read(xlsx(rows), "a.xlsx").sum("amount") == 21


def test_two_periods_are_no_layout(read: Reading) -> None:
    rows = [["category", "2024", "2025"], ["people", 1, 2], ["training", 3, 4]]
    assert read(xlsx(rows), "a.xlsx").source.headings == ("category", "2024", "2025")


def test_amounts_survive_to_the_cent(read: Reading) -> None:
    rows = [["category", *ENGLISH], *([f"line {i}", 0.1, 0.2, 0.3] for i in range(1000))]
    assert read(xlsx(rows), "a.xlsx").sum("amount") == Decimal("600.0")
