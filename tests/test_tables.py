"""The declarations that serve reading, mapping, help and templates."""

from __future__ import annotations

import pytest

from cxroi.intake.columns.recognise import match, normalised, recognise
from cxroi.tables import SQL_TYPE, TABLES, Table
from cxroi.text import Text


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_has_a_type_and_a_label_and_meaning_in_both_languages(table: Table) -> None:
    for language in ("en", "ar"):
        text = Text(language)
        assert text(f"table.{table.name}._name") and text(f"table.{table.name}._grain")
        for column in table.columns:
            assert column.kind in SQL_TYPE
            assert text(f"column.{column.name}") and text(f"table.{table.name}.{column.name}")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_column_has_arabic_headings_and_no_heading_names_two_columns(table: Table) -> None:
    seen: dict[str, str] = {}
    for column in table.columns:
        for heading in {normalised(word) for word in (column.name, *column.english, *column.arabic)}:
            assert seen.setdefault(heading, column.name) == column.name, heading
        if column.name not in ("scale_max",):
            assert column.arabic, column.name


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_is_recognised_by_its_own_column_names(table: Table) -> None:
    headings = [column.name for column in table.columns]
    best = recognise(headings, [])[0]
    assert best.table == table.name and not best.missing
    assert len(best.mapping) == len(headings)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_maps_by_its_first_arabic_headings(table: Table) -> None:
    needed = [c for c in table.columns if c.required or any(c.name == group[0] for group in table.one_of)]
    found = match(table, [column.arabic[0] for column in needed], [])
    assert not found.missing


@pytest.mark.parametrize(
    ("headings", "table"),
    [
        (["cust_id", "date", "cds", "spend"], "orders"),
        (["Date", "Customer", "Sales"], "orders"),
        (["Period", "Cost centre", "Account name", "Actual", "Budget"], "costs"),
        (["Ticket ID", "Created", "Channel", "Reason", "Customer ID"], "contacts"),
        (["Response date", "NPS score", "Customer", "Comment"], "surveys"),
        (["customerID", "tenure", "MonthlyCharges", "Churn"], "customers"),
        (["review_id", "review_score", "review_comment_message", "review_creation_date"], "surveys"),
        (["رقم العميل", "تاريخ الطلب", "المبلغ (ريال)"], "orders"),
        (["الشهر", "التكلفة", "المبادرة"], "costs"),
    ],
)
def test_headings_from_the_field_are_recognised(headings: list[str], table: str) -> None:
    assert recognise(headings, [])[0].table == table


@pytest.mark.parametrize(
    ("table", "headings", "column", "heading"),
    [
        ("orders", ["Customer ID", "Order Date", "Order Status", "Amount"], "order_id", None),
        ("orders", ["Customer ID", "Order Date", "Order Priority", "Order No", "Amount"], "order_id", "Order No"),
        ("orders", ["Customer ID", "Order Date", "Amount", "Cost Center"], "variable_cost", None),
        ("orders", ["Customer ID", "Order Date", "Amount", "Discount Rate"], "discount", None),
        ("orders", ["Customer ID", "Order Date", "Amount", "Unit Cost"], "variable_cost", "Unit Cost"),
        ("costs", ["Posting Date", "Project", "VAT Amount", "Gross Amount"], "amount", "Gross Amount"),
        ("costs", ["Invoice Date", "Initiative", "Tax Amount", "Total Amount"], "amount", "Total Amount"),
        ("costs", ["Month", "Initiative", "YTD Amount", "Period Amount"], "amount", "Period Amount"),
        ("costs", ["Month", "Initiative", "Unit Cost", "Line Value"], "amount", "Line Value"),
        ("costs", ["Date", "Amount (Debit)", "Amount (Credit)", "Amount (Net)"], "amount", "Amount (Net)"),
        ("costs", ["Month", "Budget Amount Total", "Amount excl. VAT"], "amount", "Amount excl. VAT"),
        ("costs", ["التاريخ", "مبلغ الضريبة", "المبلغ الصافي"], "amount", "المبلغ الصافي"),
        ("costs", ["Month", "Amount", "Line No", "Project Manager"], "initiative", None),
        ("surveys", ["Date", "Score", "Survey ID"], "metric", None),
        ("initiatives", ["Project Cost", "Project title"], "name", "Project title"),
    ],
)
def test_a_word_that_names_something_else_keeps_a_heading_from_a_column(
    table: str, headings: list[str], column: str, heading: str | None
) -> None:
    at = match(TABLES[table], headings, []).mapping.get(column)
    assert (None if at is None else headings[at]) == heading
