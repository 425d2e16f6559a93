"""Amounts in a currency that is not the company's: converted at the rate of their month, or refused with what is missing."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.intake.loading import Loaded, load
from tests.intake.readers.conftest import SHARED

HELD = (("costs", "SAR"),)
BY_MONTH = (("EUR", "SAR", "2025-01", "4.00"), ("EUR", "SAR", "2025-03", "4.20"), ("USD", "SAR", "", "3.75"))
ORDERS = "customer_id,ordered_on,amount_eur\nA,2025-01-31,10.50\nB,2025-02-28,10\nC,2025-03-01,10\nD,2025-09-09,1\n"


def question(loaded: Loaded) -> dict[str, str]:
    (asked,) = [f for f in loaded.report.findings if f.severity == "question"]
    assert asked.id == "finding.currencies_mixed"
    return asked.facts


def amounts(loaded: Loaded) -> list[str]:
    return [amount for (amount,) in loaded.rows("amount::VARCHAR", order="customer_id")]


@pytest.mark.parametrize("heading", ["amount_usd", "Amount (USD)", "Amount $", "USD amount"])
def test_a_heading_names_the_currency_of_its_column(tmp_path: Path, heading: str) -> None:
    loaded = load(tmp_path, f"customer_id,ordered_on,{heading}\nA,2025-01-02,10.50\nB,2025-01-03,1.25\n")
    assert (loaded.report.outcome, loaded.report.currency) == ("loaded", "USD")
    assert loaded.rows("DISTINCT currency") == [("USD",)]


def test_another_currency_than_the_companys_waits_for_a_rate(tmp_path: Path) -> None:
    assert question(load(tmp_path, ORDERS, held_currencies=HELD)) == {
        "currencies": "EUR, SAR",
        "base": "SAR",
        "lacking": "EUR",
    }


def test_each_row_is_converted_at_the_rate_of_its_month(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS, held_currencies=HELD, kept_rates=BY_MONTH)
    assert amounts(loaded) == ["42.000", "40.000", "42.000", "4.200"] and loaded.report.currency == "SAR"
    (said,) = [f.facts["rates"] for f in loaded.report.findings if f.id == "finding.converted"]
    assert said == "1 EUR = 4.00 SAR (2025-01), 4.20 SAR (2025-03)"


def test_a_month_before_the_first_rate_is_named(tmp_path: Path) -> None:
    early = ORDERS + "E,2024-11-30,5\n"
    assert question(load(tmp_path, early, held_currencies=HELD, kept_rates=BY_MONTH))["lacking"] == "EUR (2024-11)"
    always = (*BY_MONTH, ("EUR", "SAR", "", "3.90"))
    assert amounts(load(new(tmp_path), early, held_currencies=HELD, kept_rates=always))[-1] == "19.500"


def test_what_a_person_gives_for_the_file_comes_before_what_is_kept(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS, held_currencies=HELD, kept_rates=BY_MONTH, rates=(("EUR", "5"),))
    assert amounts(loaded) == ["52.500", "50.000", "50.000", "5.000"]
    kept = load(new(tmp_path), ORDERS, held_currencies=HELD, currency="EUR")
    assert amounts(kept)[0] == "10.500" and kept.report.currency == "EUR"


def test_contacts_with_a_currency_column_are_counted_in_one(tmp_path: Path) -> None:
    content = "opened_on,contact_id,cost,currency\n2025-01-05,1,10,SAR\n2025-03-05,2,10,EUR\n2025-03-06,3,10,USD\n"
    loaded = load(tmp_path, content, held_currencies=HELD, kept_rates=BY_MONTH)
    assert [str(cost) for (cost,) in loaded.rows("cost", order="contact_id")] == ["10.000", "42.000", "37.500"]
    facts = question(load(new(tmp_path), content, held_currencies=HELD, kept_rates=BY_MONTH[:2]))
    assert facts["lacking"] == "USD"


def test_several_currencies_without_a_companys_own_are_all_lacking(tmp_path: Path) -> None:
    content = "opened_on,contact_id,cost\n2025-01-05,1,SAR 10\n2025-03-05,2,EUR 10\n"
    assert question(load(tmp_path, content))["lacking"] == "EUR, SAR"


def test_a_ledger_in_one_other_currency_keeps_it_for_the_panel_to_convert(tmp_path: Path) -> None:
    content = "period,amount (EUR),category\n2025-01,10,people\n2025-02,20,people\n"
    loaded = load(tmp_path, content, held_currencies=(("orders", "SAR"),), kept_rates=BY_MONTH)
    assert loaded.rows("amount::INT, currency", order="amount") == [(10, "EUR"), (20, "EUR")]


def test_the_table_that_is_replaced_does_not_say_the_companys_currency(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS, held_currencies=(("orders", "SAR"),))
    assert (loaded.report.outcome, loaded.report.currency) == ("loaded", "EUR")


def test_conversion_is_exact_to_the_last_of_three_decimals(tmp_path: Path) -> None:
    rows = [(f"C{i:03d}", Decimal(i * 7919 % 100_000) / 100) for i in range(1, 60)]
    content = "customer_id,ordered_on,amount_eur\n" + "".join(f"{c},2025-01-02,{a:.2f}\n" for c, a in rows)
    rate = Decimal("4.05678901")
    loaded = load(tmp_path, content, held_currencies=HELD, kept_rates=(("EUR", "SAR", "", str(rate)),))
    for found, (_, amount) in zip(amounts(loaded), rows, strict=True):
        assert abs(Decimal(found) - amount * rate) <= Decimal("0.0005")


def test_the_music_shop_of_1997_is_recognised_in_dollars(tmp_path: Path) -> None:
    """CDNOW (Fader and Hardie): 69,659 orders of 23,570 customers, 2,500,315.63 USD."""
    path = SHARED / "data" / "retail" / "cdnow_transactions.csv.gz"
    if not path.exists():
        pytest.skip("the collection of published files is not here")
    report = load(tmp_path, gzip.decompress(path.read_bytes())).report
    assert (report.table, report.outcome, report.rows_loaded) == ("orders", "loaded", 69_659)
    assert (report.totals["amount"], report.currency) == ("2500315.630", "USD")


def new(folder: Path, **_: Any) -> Path:
    (folder / "b").mkdir()
    return folder / "b"
