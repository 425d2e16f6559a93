"""Headings that people have in their files go where they belong, and take no other table's file away."""

import pytest

from cxroi.intake.columns.recognise import match, recognise
from cxroi.tables import TABLES

DAYS, FIGURES, WORDS = ["2025-01-05", "2025-01-06", "2025-02-11"], ["10", "7", "5"], ["ab", "cd", "ef"]
SAP = {
    "Posting Date": DAYS,
    "Document Number": WORDS,
    "Amount in local currency": FIGURES,
    "Local Currency": WORDS,
    "Vendor": WORDS,
}
SHOP = {"Customer ID": WORDS, "Purchase Date": DAYS, "Quantity": FIGURES, "Unit Price": FIGURES, "Total Price": FIGURES}
KNOWN = [
    (
        "costs",
        SAP,
        {
            "amount": "Amount in local currency",
            "currency": "Local Currency",
            "note": "Vendor",
            "invoice_id": "Document Number",
        },
    ),
    ("costs", {"Posting Date": DAYS, "Val/COArea Crcy": FIGURES}, {"amount": "Val/COArea Crcy"}),
    ("orders", SHOP, {"amount": "Total Price", "unit_price": "Unit Price"}),
    ("surveys", {"INTDATE": DAYS, "NETPRO": FIGURES, "LANG": WORDS}, {"answered_on": "INTDATE", "score": "NETPRO"}),
    ("surveys", {"Date": DAYS, "FFT answer": FIGURES, "Comment": WORDS}, {"score": "FFT answer"}),
    (
        "surveys",
        {"user_id": WORDS, "timestamp": DAYS, "polarity": FIGURES},
        {"customer_id": "user_id", "score": "polarity"},
    ),
]


@pytest.mark.parametrize(("table", "columns", "targets"), KNOWN)
def test_a_heading_goes_where_it_belongs(table, columns, targets):
    headings, (best, *_) = list(columns), recognise(list(columns), list(columns.values()))
    found = {target: headings[i] for target, i in best.mapping.items()}
    assert (best.table, best.missing) == (table, ())
    assert targets.items() <= found.items()
    assert all(best.confidence[target] >= 0.75 for target in targets)


def test_days_of_the_month_are_no_dates_of_answers():
    columns = {"INTDATE": ["13", "21", "7"], "NETPRO": FIGURES, "WEIGHT": ["0.5", "1.5", "1"]}
    best = recognise(list(columns), list(columns.values()))[0]
    assert (best.table, best.missing) == ("surveys", ("answered_on",))


def test_the_amount_of_an_order_is_not_the_price_of_a_piece_where_both_stand():
    columns = {"customer_id": WORDS, "date": DAYS, "Unit Price": FIGURES, "Quantity": FIGURES}
    best = recognise(list(columns), list(columns.values()))[0]
    assert best.table == "orders" and "amount" not in best.mapping


@pytest.mark.parametrize(
    ("price", "quantity", "target"),
    [
        ("Price", "Quantity", "unit_price"),
        ("السعر", "الكمية", "unit_price"),
        ("Price", "Colour", "amount"),  # without a number of pieces it is all that the order brought
        ("Total price", "Quantity", "amount"),
        ("Amount", "Quantity", "amount"),
    ],
)
def test_beside_a_quantity_a_bare_price_is_of_one_piece(price, quantity, target):
    headings = ["Customer ID", "InvoiceDate", quantity, price]
    samples = [["17850", "17851"], ["2010-12-01", "2010-12-02"], ["6", "8"], ["2.55", "3.39"]]
    found = match(TABLES["orders"], headings, samples)
    assert found.mapping[target] == 3 and not found.missing
    said = match(TABLES["orders"], headings, samples, given={"amount": price})
    assert said.mapping["amount"] == 3


def test_beside_a_quantity_a_unit_cost_is_not_the_cost_of_the_order():
    headings = ["customer_id", "ordered_on", "amount", "quantity", "unit cost"]
    samples = [["A"], ["2010-12-01"], ["20"], ["4"], ["3"]]
    assert "variable_cost" not in match(TABLES["orders"], headings, samples).mapping
    assert "variable_cost" in match(TABLES["orders"], headings[:3] + headings[4:], samples).mapping
