"""Amounts in a currency that is not the company's: converted at the rate of their month, or refused with what is missing."""

from __future__ import annotations

import gzip
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from tests.collection import SHARED
from tests.intake.loading import Loaded, load

HELD = (("costs", "SAR"),)
BY_MONTH = (("EUR", "SAR", "2025-01", "4.00"), ("EUR", "SAR", "2025-03", "4.20"), ("USD", "SAR", "", "3.75"))
ORDERS = "customer_id,ordered_on,amount_eur\nA,2025-01-31,10.50\nB,2025-02-28,10\nC,2025-03-01,10\nD,2025-09-09,1\n"


def question(loaded: Loaded) -> dict[str, str]:
    (asked,) = [f for f in loaded.report.findings if f.severity == "question"]
    assert asked.id == "finding.currencies_mixed"
    return asked.facts


def amounts(loaded: Loaded) -> list[str]:
    return [amount for (amount,) in loaded.rows("amount::VARCHAR", order="customer_id")]


@pytest.mark.parametrize("heading", ["amount_usd", "Amount (USD)", "Amount US$", "USD amount"])
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


def ledger(*amounts: str, heading: str = "amount") -> str:
    lines = (f"2025-{n % 12 + 1:02d}-01,{amount},a{n}" for n, amount in enumerate(amounts))
    return f"period,{heading},initiative\n" + "\n".join(lines) + "\n"


def asked(loaded: Loaded) -> dict[str, str]:
    """Return what the one open question about a word says."""
    assert loaded.report.outcome == "refused" and loaded.report.message == "upload.question"
    (found,) = [f for f in loaded.report.findings if f.severity == "question"]
    assert found.id == "finding.currency_unclear"
    return found.facts


FIVE = [("SAR", "ر.س"), ("CAD", "دولار كندي"), ("AUD", "A$"), ("دينار", "دينار كويتي"), ("CNY", "يوان")]


@pytest.mark.parametrize("other", [word for words in FIVE[1:] for word in words])
def test_another_currency_among_riyals_is_never_added_up_in_silence(tmp_path: Path, other: str) -> None:
    loaded = load(tmp_path, ledger("SAR 100.50", f"{other} 200.50", "SAR 300.00", "SAR 310.00"))
    assert loaded.report.outcome == "refused" and loaded.report.message == "upload.question"


@pytest.mark.parametrize("pair", list(combinations(range(5), 2)))
@pytest.mark.parametrize("held", [(), (("orders", "SAR"),)])
def test_a_mixed_file_of_any_two_currencies_never_loads_without_a_finding(
    tmp_path: Path, pair: tuple[int, int], held
) -> None:
    (first, spelt), (second, also) = FIVE[pair[0]], FIVE[pair[1]]
    for n, (one, other) in enumerate([(first, also), (spelt, second)]):
        content = ledger(f"{one} 100.50", f"200.50 {other}", f"{one} 300", f"{other}310.00")
        loaded = load(new(tmp_path, str(n)), content, held_currencies=held)
        assert loaded.report.outcome == "refused" and loaded.findings & {"currencies_mixed", "currency_unclear"}, (
            one,
            other,
        )


def test_chinese_yuan_are_asked_about_as_what_they_are(tmp_path: Path) -> None:
    assert question(load(tmp_path, ledger("SAR 100.50", "CNY 200.50")))["lacking"] == "CNY, SAR"


def test_a_dollar_sign_is_asked_about_and_the_answer_is_followed_and_said(tmp_path: Path) -> None:
    content = ledger("$ 100.50", "$200.50")
    facts = asked(load(tmp_path, content))
    assert facts["word"] == "$" and facts["choices"].startswith("USD, CAD, AUD")
    for n, request in enumerate(
        [{"currency_words": (("dollar", "CAD"),)}, {"currency": "CAD"}, {"kept_words": (("$", "CAD"),)}]
    ):
        loaded = load(new(tmp_path, str(n)), content, **request)
        assert (loaded.report.outcome, loaded.report.currency, loaded.report.totals["amount"]) == (
            "loaded",
            "CAD",
            "301.000",
        )
        (read,) = [f for f in loaded.report.findings if f.id == "finding.currency_read"]
        assert (read.severity, read.facts["word"], read.facts["currency"]) == ("note", "$", "CAD")


def test_a_riyal_of_a_company_in_sar_is_sar_and_it_is_said(tmp_path: Path) -> None:
    for n, content in enumerate([ledger("100 ريال", "ريال 200"), ledger("100", "200", heading="المبلغ (ريال)")]):
        loaded = load(new(tmp_path, str(n)), content, held_currencies=(("orders", "SAR"),))
        assert loaded.report.currency == "SAR" and "currency_read" in loaded.findings
        first = asked(load(new(tmp_path, f"first-{n}"), content))
        assert first["choices"].startswith("SAR, QAR, OMR")


def test_a_company_in_qar_is_offered_its_own_riyal_first(tmp_path: Path) -> None:
    facts = asked(load(tmp_path, ledger("SAR 1", "ريال 200"), held_currencies=(("orders", "QAR"),)))
    assert facts["choices"].startswith("QAR, SAR")


def test_the_heading_or_the_rest_of_the_file_settles_an_unclear_word(tmp_path: Path) -> None:
    for n, content in enumerate(
        [ledger("100 ريال", heading="amount (QAR)"), ledger("100 ريال", "QAR 5"), ledger("100 ريال", "5 ر.ق")]
    ):
        loaded = load(new(tmp_path, str(n)), content)
        assert (loaded.report.outcome, loaded.report.currency) == ("loaded", "QAR")


def test_dollars_of_a_company_in_riyals_are_asked_about_then_want_a_rate(tmp_path: Path) -> None:
    content = "customer_id,ordered_on,amount\nA,2025-01-02,$ 10.50\nB,2025-01-03,SAR 1.25\n"
    held = (("costs", "SAR"),)
    assert asked(load(tmp_path, content, held_currencies=held))["word"] == "$"
    said = {"held_currencies": held, "currency_words": (("$", "USD"),)}
    assert question(load(new(tmp_path, "b"), content, **said))["lacking"] == "USD"
    loaded = load(new(tmp_path, "c"), content, **said, rates=(("USD", "3.75"),))
    assert amounts(loaded) == ["39.375", "1.250"] and loaded.report.currency == "SAR"


def test_an_amount_that_names_two_currencies_is_asked_about(tmp_path: Path) -> None:
    facts = asked(load(tmp_path, ledger("USD 5.20 SAR", "SAR 6.10")))
    assert facts["word"] == "USD / SAR" and facts["choices"] == "USD, SAR"
    loaded = load(new(tmp_path), ledger("USD 5.20 SAR", "SAR 6.10"), currency_words=(("USD / SAR", "SAR"),))
    assert loaded.report.totals["amount"] == "11.300"


def test_a_row_whose_amount_contradicts_its_currency_is_put_aside(tmp_path: Path) -> None:
    rows = "".join(f"2025-01-01,SAR {n},SAR\n" for n in range(1, 30))
    loaded = load(
        tmp_path, f"period,amount,currency\n{rows}2025-02-01,USD 5,SAR\n", rates=(("USD", "3.75"),), currency="SAR"
    )
    assert loaded.reasons == [(31, "two_currencies")]


def test_a_word_in_the_column_of_currencies_that_is_none_is_asked_about(tmp_path: Path) -> None:
    content = "period,amount,currency\n2025-01-01,5,Local\n2025-02-01,6,Local\n"
    assert "currency_unknown" in load(tmp_path, content).findings
    loaded = load(new(tmp_path), content, currency_words=(("local", "OMR"),))
    assert loaded.rows("amount::INT, currency", order="amount") == [(5, "OMR"), (6, "OMR")]


def test_a_currency_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert load(tmp_path, ledger("5"), currency="dollars").report.message == "upload.currency_unknown"
    assert load(new(tmp_path), ledger("5"), currency="ريال سعودي").report.currency == "SAR"


def test_amounts_without_a_word_beside_some_with_one_are_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, ledger("SAR 5", "6"))
    assert loaded.report.currency == "SAR" and "currency_of_some" in loaded.findings


def test_a_title_over_bare_amounts_of_a_company_in_another_currency_waits_for_a_rate(tmp_path: Path) -> None:
    content = "All amounts in EUR\n\n" + ORDERS.replace("amount_eur", "amount")
    assert question(load(tmp_path, content, held_currencies=HELD))["lacking"] == "EUR"


def new(folder: Path, name: str = "b") -> Path:
    (folder / name).mkdir()
    return folder / name


@pytest.mark.parametrize("cell", ["SAR 3", "3 ريال"])
def test_a_currency_beside_a_figure_that_is_no_money_is_said(tmp_path: Path, cell: str) -> None:
    loaded = load(tmp_path, f"customer_id,ordered_on,amount,quantity\nA,2025-01-02,10,{cell}\nB,2025-01-03,20,4\n")
    (said,) = [f for f in loaded.report.findings if f.id == "finding.currency_beside_count"]
    assert (said.facts["column"], said.facts["target"], said.severity) == ("quantity", "quantity", "flag")
    assert [n for (n,) in loaded.rows("quantity")] == [3.0, 4.0]


def test_amounts_in_several_currencies_side_by_side_are_said(tmp_path: Path) -> None:
    content = "period,initiative,Amount (SAR),Amount (USD)\n2025-01,a,10,40\n2025-02,b,80,20\n"
    loaded = load(tmp_path, content, table="costs")
    (said,) = [f for f in loaded.report.findings if f.id == "finding.currencies_beside"]
    assert said.facts == {"column": "Amount (SAR)", "others": "Amount (USD)"}
