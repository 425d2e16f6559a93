"""A ledger in two currencies is refused with the way on, and loads once a rate is known."""

import json
from decimal import Decimal

import pytest

from cxroi.cli import main
from cxroi.questions import gather
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.store.tables import parquet


@pytest.fixture
def folder(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    customers = [
        {
            "customer_id": str(n),
            "joined_on": "2023-01-15",
            "left_on": f"2024-{1 + n % 12:02d}-20" if n % 3 == 0 else None,
            "monthly_revenue": "100",
        }
        for n in range(300)
    ]
    costs = [
        {"period": f"2024-{month:02d}-01", "amount": "1000", "currency": currency}
        for month in range(1, 13)
        for currency in ("SAR", "EUR")
    ]
    tables = {"customers": customers, "costs": costs}
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={"customers": {"currency": "SAR"}})
    return workspace.folder


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_currencies_are_refused_with_the_command_until_a_rate_is_given(folder, language, capsys):
    given = ["--workspace", str(folder), "--language", language]
    assert main(["baseline", *given]) == 1
    assert "python -m cxroi rates --set EUR=RATE --to SAR" in capsys.readouterr().err
    assert main(["rates", "--set", "EUR=4.05", "--to", "SAR", "--source", "bank", *given]) == 0
    assert "4.05" in capsys.readouterr().out
    assert main(["baseline", "--json", *given]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["currency"], told["segments"][-1]["cx_spend_per_month"]) == ("SAR", "5050.00")


def test_rates_are_listed_and_the_newest_counts(folder, capsys):
    for worth in ("4", "4.05"):
        assert main(["rates", "--set", f"eur={worth}", "--to", "sar", "--json", "--workspace", str(folder)]) == 0
        told = json.loads(capsys.readouterr().out)
    (rate,) = told["rates"]
    assert (rate["currency"], rate["reporting"], rate["worth"]) == ("EUR", "SAR", "4.05") and rate["source"]


def test_the_rate_in_use_is_told_with_the_ledger_that_it_converted(folder):
    assert main(["rates", "--set", "EUR=4.05", "--to", "SAR", "--workspace", str(folder)]) == 0
    account = gather(folder).account
    assert account.currency == "SAR" and account.ledger == 60_600
    assert {code: str(worth) for code, worth in account.rates.items()} == {"EUR": "4.05"}


@pytest.mark.parametrize(
    "given",
    [["--set", "EUR=4"], ["--to", "SAR"], ["--set", "EUR=much", "--to", "SAR"], ["--set", "SAR=1", "--to", "SAR"]],
)
def test_half_a_rate_is_wrong_use(given, folder, capsys):
    assert main(["rates", *given, "--workspace", str(folder)]) == 2
    assert Text("en")("cli.use.rate") in capsys.readouterr().err


def test_a_rate_of_nothing_is_refused(folder):
    assert main(["rates", "--set", "EUR=0", "--to", "SAR", "--workspace", str(folder)]) == 1


def test_a_ledger_is_counted_at_the_rate_of_each_month(folder, capsys):
    for month, worth in (("2024-01", "4.00"), ("2024-06", "4.10")):
        given = ["--set", f"EUR={worth}", "--to", "SAR", "--from", month, "--kind", "average"]
        assert main(["rates", *given, "--workspace", str(folder)]) == 0
    account = gather(folder).account
    assert account.ledger == 12 * 1000 + 5 * 4000 + 7 * 4100
    assert account.worths("EUR") == (Decimal("4.00"), Decimal("4.10"))
    capsys.readouterr()
    assert main(["rates", "--language", "ar", "--workspace", str(folder)]) == 0
    assert "متوسط الشهر" in capsys.readouterr().out


def test_a_month_before_the_first_rate_is_refused_with_the_command_that_mends_it(folder, capsys):
    main(["rates", "--set", "EUR=4.10", "--to", "SAR", "--from", "2024-06", "--workspace", str(folder)])
    assert main(["baseline", "--workspace", str(folder)]) == 1
    assert "rates --set EUR=RATE --to SAR --from 2024-01" in capsys.readouterr().err
    main(["rates", "--set", "EUR=4", "--to", "SAR", "--workspace", str(folder)])
    assert main(["baseline", "--workspace", str(folder)]) == 0


def test_rates_can_be_taken_back(folder, capsys):
    for month in ("2024-01", "2024-06"):
        main(["rates", "--set", "EUR=4", "--to", "SAR", "--from", month, "--workspace", str(folder)])
    given = ["rates", "--drop", "EUR", "--to", "SAR", "--json", "--workspace", str(folder)]
    capsys.readouterr()
    assert main([*given, "--from", "2024-06"]) == 0
    assert [rate["from_month"] for rate in json.loads(capsys.readouterr().out)["rates"]] == ["2024-01"]
    assert main(given) == 0 and json.loads(capsys.readouterr().out)["rates"] == []


@pytest.mark.parametrize("month", ["2025", "2025-13", "03/2025"])
def test_a_rate_from_no_month_is_wrong_use(month, folder, capsys):
    assert main(["rates", "--set", "EUR=4", "--to", "SAR", "--from", month, "--workspace", str(folder)]) == 2
    assert Text("en")("cli.use.rate_month") in capsys.readouterr().err


def test_orders_in_another_currency_are_converted_when_they_are_loaded(folder, tmp_path):
    orders = tmp_path / "orders.csv"
    orders.write_text("customer_id,ordered_on,amount_eur\nA,2024-01-31,10\nB,2024-06-01,10\n", encoding="utf-8")
    main(["rates", "--set", "EUR=4.00", "--to", "SAR", "--workspace", str(folder)])
    main(["rates", "--set", "EUR=4.10", "--to", "SAR", "--from", "2024-06", "--workspace", str(folder)])
    assert main(["import", str(orders), "--workspace", str(folder), "--json"]) == 0
    loaded = Workspace.open(folder).current().tables["orders"]
    assert (loaded.sums["amount"], loaded.sources[0]["currency"]) == ("81.000", "SAR")


def test_a_table_of_rates_comes_from_a_file_whole_or_not_at_all(folder, tmp_path, capsys):
    table = tmp_path / "rates.csv"
    table.write_text(
        "Currency,From,Rate,Kind\nEUR,2024-01,4.00,average\nEUR,2024-06-30,4.10,\n,,,\nUSD,,3.75,closing\n"
    )
    given = ["rates", "--file", str(table), "--to", "SAR", "--json", "--workspace", str(folder)]
    assert main(given) == 0
    kept = json.loads(capsys.readouterr().out)["rates"]
    assert [(r["currency"], r["from_month"], r["worth"], r["kind"], r["source"]) for r in kept] == [
        ("EUR", "2024-01", "4.00", "average", "rates.csv"),
        ("EUR", "2024-06", "4.10", None, "rates.csv"),
        ("USD", None, "3.75", "closing", "rates.csv"),
    ]
    for bad in ("EUR,2024-07,much,", "EURO,2024-07,4,", "EUR,July,4,", "EUR,2024-07,4,guess"):
        table.write_text(f"العملة,الشهر,السعر,النوع\nGBP,2024-01,4.9,\n{bad}\n", encoding="utf-8")
        assert main(given) == 1
        assert "3" in json.loads(capsys.readouterr().out)["error"]["message"]
    for unusable in ("", "currency,worthless\nEUR,4\n"):
        table.write_text(unusable)
        assert main(given) == 1
        assert json.loads(capsys.readouterr().out)["error"]["id"] == "rates.columns"
    assert not any(rate.currency == "GBP" for rate in State.open(folder).known_rates())
