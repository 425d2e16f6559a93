"""What loads but deserves a look: double rows, doubled keys, customers whom nobody knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxroi.actions.load import inspect_file
from cxroi.intake.report import IntakeReport, IntakeRequest
from cxroi.intake.rows import flags
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.acting import load_file
from tests.intake.loading import load, load_sheets
from tests.intake.workbooks import xlsx

ORDERS = "customer_id,ordered_on,amount\n"


def facts(report: IntakeReport, id: str) -> dict[str, str] | None:
    return next((f.facts for f in report.findings if f.id == f"finding.{id}"), None)


@pytest.mark.parametrize("held", [250_000, 7])
def test_rows_that_repeat_another_one_are_counted_also_by_a_part_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(flags, "_ROWS_HELD", held)
    rows = "".join(f"C{i % 100},2025-01-02,{i % 100}.50\n" for i in range(400))
    found = facts(load(tmp_path, ORDERS + rows).report, "repeated_rows")
    assert found is not None
    assert int(found["count"]) == 300 if held > 400 else 100 <= int(found["count"]) <= 600


def test_rows_that_differ_somewhere_are_not_double(tmp_path: Path) -> None:
    rows = "".join(f"C{i},2025-01-02,10.50\n" for i in range(40))
    assert facts(load(tmp_path, ORDERS + rows).report, "repeated_rows") is None


def test_a_key_that_comes_again_is_counted_with_the_rule(tmp_path: Path) -> None:
    rows = "".join(f"C{i},2024-01-01,\n" for i in range(60)) + "C1,2024-02-01,\nC2,2024-02-01,\n"
    report = load(tmp_path, "customer_id,joined_on,left_on\n" + rows).report
    assert (report.rows_loaded, report.rows_rejected) == (60, 2)
    assert facts(report, "repeated_keys") == {"count": "2", "key": "customer_id"}


def test_orders_of_customers_who_are_not_listed_are_counted_with_their_rows(
    workspace: Workspace, tmp_path: Path
) -> None:
    load_file(
        workspace,
        table(tmp_path / "c.csv", "customer_id,joined_on,left_on", "A,2024-01-01,", "B,2024-01-01,"),
        "c.csv",
        IntakeRequest(),
    )
    orders = table(
        tmp_path / "o.csv", ORDERS.strip(), "A,2025-01-02,1", "X,2025-01-02,2", "B,2025-01-02,3", "X,2025-02-02,4"
    )
    (shown,) = inspect_file(orders, "o.csv", IntakeRequest(), workspace=workspace)
    (report,), version = load_file(workspace, orders, "o.csv", IntakeRequest())
    assert version is not None and version.tables["orders"].rows == 4
    wanted = {"count": "2", "customers": "1", "rate": "50.0%", "rows": "3, 5"}
    assert facts(report, "unknown_customers") == facts(shown, "unknown_customers") == wanted


def test_a_list_that_lacks_customers_of_loaded_orders_says_so(workspace: Workspace, tmp_path: Path) -> None:
    load_file(
        workspace,
        table(tmp_path / "o.csv", ORDERS.strip(), "A,2025-01-02,1", "X,2025-01-02,2"),
        "o.csv",
        IntakeRequest(),
    )
    customers = table(tmp_path / "c.csv", "customer_id,joined_on,left_on", "A,2024-01-01,", "B,2024-01-01,")
    (report,), _ = load_file(workspace, customers, "c.csv", IntakeRequest())
    assert facts(report, "customers_not_listed") == {"count": "1", "customers": "1", "rate": "50.0%", "table": "orders"}


def test_a_workbook_knows_the_customers_on_its_own_sheets(tmp_path: Path) -> None:
    book = {
        "Orders": [["customer_id", "ordered_on", "amount"], ["A", "2025-01-02", 5], ["X", "2025-01-02", 5]],
        "Customers": [
            ["customer_id", "joined_on", "left_on"],
            ["A", "2024-01-02", None],
            ["B", "2024-01-02", "2025-03-01"],
        ],
    }
    orders = next(r for r in load_sheets(tmp_path, xlsx(book)) if r.table == "orders")
    assert facts(orders, "unknown_customers") == {"count": "1", "customers": "1", "rate": "50.0%", "rows": "3"}


def test_without_a_list_nobody_is_unknown_and_the_sample_is_no_list(workspace: Workspace, tmp_path: Path) -> None:
    load_sample(workspace)
    (report,), _ = load_file(
        workspace, table(tmp_path / "o.csv", ORDERS.strip(), "A,2025-01-02,1"), "o.csv", IntakeRequest()
    )
    assert facts(report, "unknown_customers") is None


def test_a_damaged_list_stops_no_load_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "customers.parquet").write_bytes(b"PAR1 and nothing more")
    loaded = load(tmp_path, ORDERS + "A,2025-01-02,1\n", beside=(("customers", str(tmp_path / "customers.parquet")),))
    assert loaded.report.outcome == "loaded" and "customers_unchecked" in loaded.findings


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "one", "many"), [("en", "1 month between", "5 months"), ("ar", "شهر واحد", "5 أشهر")]
)
def test_months_without_rows_agree_with_their_number(language: str, one: str, many: str) -> None:
    said = [Text(language)("finding.months_missing", count=count, months="2025-02") for count in ("1", "5")]
    assert one in said[0] and many in said[1]
