"""One wrong cell is found when the file is loaded, in whatever column of money and month it stands; what is usual is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from cxroi.intake.columns.casting import Cell
from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import Finding
from cxroi.intake.rows.levels import level_findings
from cxroi.intake.settle.plan import Plan
from cxroi.tables import TABLES
from tests.intake.loading import load

MONEY = ("revenue", "contribution_margin", "support_cost", "cx_spend", "acquisition_spend")
USUAL = {"revenue": 60.0, "contribution_margin": 40.0, "support_cost": 6.0, "cx_spend": 5.0, "acquisition_spend": 3.0}


def monthly(months: int = 24, segments: tuple[str, ...] = ("Gold", "Silver", "Bronze")) -> pd.DataFrame:
    """Return a company with a season of half its level, noise of a tenth and growth of a quarter a year."""
    random, rows = np.random.default_rng(3), []
    for place, segment in enumerate(segments):
        for t, month in enumerate(pd.date_range("2023-01-01", periods=months, freq="MS")):
            wave = (1 + 0.5 * np.sin(2 * np.pi * t / 12)) * 1.25 ** (t / 12)
            money = {name: round(1000 * (place + 1) * x * wave * random.normal(1, 0.1), 2) for name, x in USUAL.items()}
            row = {"month": f"{month:%Y-%m}", "segment": segment, "customers_at_start": 1000, "customers_lost": 20}
            rows.append({**row, "customers_joined": 20, **money})
    return pd.DataFrame(rows)


def ledger(months: int = 18) -> pd.DataFrame:
    """Return a ledger of six lines a month, one of them paid once a year."""
    random, rows = np.random.default_rng(4), []
    for t, month in enumerate(pd.date_range("2023-01-01", periods=months, freq="MS")):
        lines = {f"Line {k}": 1000.0 * (k + 1) * random.normal(1, 0.2) for k in range(6)}
        lines["Licence"] = 9000.0 if t % 12 == 3 else 120.0
        rows += [{"period": f"{month:%Y-%m}", "amount": round(v, 2), "initiative": name} for name, v in lines.items()]
    return pd.DataFrame(rows)


def levels(folder: Path, table: pd.DataFrame, **request: object) -> list[Finding]:
    report = load(folder, table.to_csv(index=False), **request).report
    return [finding for finding in report.findings if finding.id.startswith("finding.level_")]


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Callable[[pd.DataFrame], list[Finding]]:
    """Return a function that looks at the levels of a monthly table as it stands in the canonical file of a load."""
    folder, connection = tmp_path_factory.mktemp("levels"), duckdb.connect()
    loaded = load(folder, monthly().to_csv(index=False))
    cells = tuple(Cell(target=target, text="", steps=()) for target in loaded.report.mapping)
    plan = Plan(
        table=TABLES["monthly"],
        match=Match(table="monthly", mapping={}, confidence={}, missing=(), score=0.0),
        cells=cells,
        readings={},
    )

    def look(table: pd.DataFrame) -> list[Finding]:
        connection.register("changed", table)
        typed = f"SELECT * REPLACE ((month || '-01')::DATE AS month, {', '.join(f'{c}::DECIMAL(18,3) AS {c}' for c in MONEY)})"
        connection.execute(f"COPY ({typed} FROM changed) TO '{folder / 'changed.parquet'}' (FORMAT parquet)")
        return level_findings(connection, plan, folder / "changed.parquet", "month")

    return look


def one_wrong_cell(column: str, month: str) -> tuple[pd.DataFrame, float]:
    table = monthly()
    cell = (table["month"] == month) & (table["segment"] == "Silver")
    before = float(table.loc[cell, column].iloc[0])
    table.loc[cell, column] = before * 40
    return table, before


def assert_named(found: Finding, column: str, month: str, before: float) -> None:
    assert found.id == "finding.level_change_in"
    assert (found.facts["target"], found.facts["month"], found.facts["place"]) == (column, month, "Silver")
    assert float(found.facts["level"]) == pytest.approx(before * 40, abs=1)
    assert before / 2.5 < float(found.facts["usual"]) < before * 2.5


@pytest.mark.parametrize("month", ["2024-12", "2024-11", "2023-08", "2023-01"])
@pytest.mark.parametrize("column", MONEY)
def test_one_wrong_cell_of_a_monthly_file_is_named_with_its_value_and_the_usual_one(
    looked_at: Callable[[pd.DataFrame], list[Finding]], column: str, month: str
) -> None:
    table, before = one_wrong_cell(column, month)
    (found,) = looked_at(table)
    assert_named(found, column, month, before)


@pytest.mark.parametrize(
    ("column", "month"), [*zip(MONEY, ["2024-12", "2024-11", "2023-08", "2023-01", "2024-12"], strict=True)]
)
def test_a_load_says_so_of_each_column_of_money(tmp_path: Path, column: str, month: str) -> None:
    table, before = one_wrong_cell(column, month)
    (found,) = levels(tmp_path, table)
    assert_named(found, column, month, before)


@pytest.mark.parametrize("factor", [0.0, 0.02, -1.0])
def test_a_cell_far_below_the_usual_is_named_too(tmp_path: Path, factor: float) -> None:
    table = monthly()
    table.loc[table["month"] == "2024-12", "cx_spend"] *= factor
    assert {(f.facts["month"], f.facts["place"]) for f in levels(tmp_path, table)} == {
        ("2024-12", place) for place in ("Gold", "Silver", "Bronze")
    }


def test_seasons_growth_and_noise_are_usual(tmp_path: Path) -> None:
    assert levels(tmp_path, monthly()) == []


def test_a_level_that_stays_is_said_once_with_the_month_in_which_it_began(tmp_path: Path) -> None:
    table = monthly(segments=("all",)).drop(columns="segment")
    table.loc[table["month"] >= "2024-08", "revenue"] *= 1000
    (found,) = levels(tmp_path, table)
    assert found.id == "finding.level_shift"
    assert (found.facts["target"], found.facts["month"]) == ("revenue", "2024-08")
    assert float(found.facts["level"]) > 500 * float(found.facts["usual"])


@pytest.mark.parametrize("since", ["2024-11", "2024-12"])
def test_the_last_months_cannot_hide_a_change_of_unit(tmp_path: Path, since: str) -> None:
    table = monthly(segments=("all",))
    table.loc[table["month"] >= since, "cx_spend"] *= 1000
    (found,) = levels(tmp_path, table)
    assert (found.facts["target"], found.facts["month"]) == ("cx_spend", since)


def test_one_wrong_line_of_a_ledger_is_found_in_its_initiative_though_the_month_hides_it(tmp_path: Path) -> None:
    table = ledger()
    last = (table["period"] == "2024-06") & (table["initiative"] == "Line 1")
    table.loc[last, "amount"] *= 20  # 40,000 in a month of 21,000: less than four times
    (found,) = levels(tmp_path, table)
    assert found.id == "finding.level_change_in"
    assert (found.facts["target"], found.facts["month"], found.facts["place"]) == ("amount", "2024-06", "Line 1")


def test_a_bill_that_comes_once_a_year_and_a_month_that_has_only_begun_are_usual(tmp_path: Path) -> None:
    table = ledger()
    table = table[(table["period"] != "2024-06") | (table["initiative"] == "Line 0")]
    assert levels(tmp_path, table) == []


def test_what_is_one_off_or_capital_comes_in_lumps_and_is_usual(tmp_path: Path) -> None:
    table = ledger().assign(one_off="no", kind="opex")
    lumps = [
        {"period": f"2024-0{m}", "amount": 90_000, "initiative": "Line 2", "one_off": o, "kind": k}
        for m, o, k in ((2, "yes", "opex"), (6, "no", "capex"))
    ]
    assert levels(tmp_path, pd.concat([table, pd.DataFrame(lumps)])) == []


def test_the_last_month_of_a_ledger_without_names_is_held_against_the_months_before(tmp_path: Path) -> None:
    table = ledger().drop(columns="initiative")
    last = table["period"] == "2024-06"
    table.loc[last, "amount"] *= 40
    (found,) = levels(tmp_path, table)
    assert found.id == "finding.level_change" and found.facts["month"] == "2024-06"


@pytest.mark.parametrize("column", ["amount", "variable_cost", "refund"])
def test_orders_are_looked_at_in_every_amount_but_a_price_is_no_sum(tmp_path: Path, column: str) -> None:
    days = pd.date_range("2024-01-05", periods=12, freq="MS")
    rows = [
        {
            "customer_id": f"C{k}",
            "ordered_on": f"{day:%Y-%m}-{k + 1:02d}",
            "amount": 10 + k,
            "variable_cost": 4,
            "refund": 1,
        }
        for day in days
        for k in range(20)
    ]
    table = pd.DataFrame(rows).assign(unit_price=np.arange(len(rows)) ** 4)
    table.loc[table.index[-1], column] = 9000
    assert [f.facts["target"] for f in levels(tmp_path, table)] == [column]


def test_contacts_are_looked_at_in_number_and_in_cost(tmp_path: Path) -> None:
    days = pd.date_range("2024-01-05", periods=12, freq="MS")
    rows = [
        {"opened_on": f"{d:%Y-%m}-{1 + k % 28:02d}", "contact_id": f"{d:%m}{k}", "cost": 5}
        for d in days
        for k in range(40)
    ]
    table = pd.DataFrame(rows)
    assert levels(tmp_path, table) == []
    (tmp_path / "b").mkdir()
    table.loc[table.index[-1], "cost"] = 4000
    assert [f.facts["target"] for f in levels(tmp_path / "b", table)] == ["cost"]


def test_the_largest_of_many_changes_are_said_and_the_others_counted(tmp_path: Path) -> None:
    table = monthly()
    for place, month in enumerate(table["month"].unique()[2::3]):
        table.loc[table["month"] == month, "cx_spend"] *= 10 + 5 * place
    found = levels(tmp_path, table)
    assert len(found) == 6 and found[-1].id == "finding.level_changes_more"
    assert int(found[-1].facts["count"]) >= 10
    assert max(float(f.facts["level"]) for f in found[:-1]) == pytest.approx(table["cx_spend"].max(), abs=1)


def test_a_file_of_one_month_is_held_against_the_months_that_are_loaded(tmp_path: Path) -> None:
    table = monthly()
    before, last = table[table["month"] < "2024-12"], table[table["month"] == "2024-12"]
    for name in ("before", "usual", "wrong", "ledger", "line"):
        (tmp_path / name).mkdir()
    held = load(tmp_path / "before", before.to_csv(index=False))
    beside = (("monthly", str(held.folder / str(held.report.parquet))),)
    assert levels(tmp_path / "usual", last, beside=beside) == []
    wrong = last.assign(cx_spend=last["cx_spend"] * [1, 40, 1])
    (found,) = levels(tmp_path / "wrong", wrong, beside=beside)
    assert (found.facts["target"], found.facts["month"], found.facts["place"]) == ("cx_spend", "2024-12", "Silver")
    lines = ledger()
    held = load(tmp_path / "ledger", lines[lines["period"] < "2024-06"].to_csv(index=False))
    last = lines[lines["period"] == "2024-06"]
    last = last.assign(amount=last["amount"].where(last["initiative"] != "Line 1", last["amount"] * 20), kind="opex")
    (found,) = levels(tmp_path / "line", last, beside=(("costs", str(held.folder / str(held.report.parquet))),))
    assert (found.facts["month"], found.facts["place"]) == ("2024-06", "Line 1")


def test_a_file_that_is_gone_stops_no_load(tmp_path: Path) -> None:
    table = monthly()
    table.loc[table.index[23], "cx_spend"] *= 40
    assert len(levels(tmp_path, table, beside=(("monthly", str(tmp_path / "gone.parquet")),))) == 1


def test_half_a_year_is_needed_to_know_what_is_usual(tmp_path: Path) -> None:
    table = monthly(months=5)
    table.loc[table["month"] == "2023-05", "cx_spend"] *= 40
    assert levels(tmp_path, table) == []
