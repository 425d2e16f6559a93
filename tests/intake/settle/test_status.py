"""Customers whose status says that they left: dated where the file can tell when, asked about where it cannot."""

from __future__ import annotations

import gzip
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from cxroi.tables import GONE
from tests.collection import SHARED
from tests.intake.loading import load

STAYED = "".join(f"S{i},2023-01-15,active\n" for i in range(8))


def test_a_status_without_any_date_of_leaving_is_asked_about_and_never_guessed(tmp_path: Path) -> None:
    report = load(
        tmp_path, "customer_id,joined_on,status\n" + STAYED + "L,2023-01-15,churned\nM,2023-02-01,غادر\n"
    ).report
    (asked,) = [f for f in report.findings if f.severity == "question"]
    assert (report.message, asked.id) == ("upload.question", "finding.left_undated")
    assert asked.facts == {"count": "2", "left": "2", "rows": "10", "rate": "20.0%"}


def test_nobody_who_left_leaves_nothing_to_ask(tmp_path: Path) -> None:
    loaded = load(tmp_path, "customer_id,joined_on,status\n" + STAYED)
    assert loaded.rows("DISTINCT status, left_on") == [("active", None)]


def test_joining_date_and_tenure_give_the_leaving_date(tmp_path: Path) -> None:
    content = "customer_id,joined_on,tenure_months,status\nA,2024-01-31,13,left\nB,2024-01-31,20,active\n"
    loaded = load(tmp_path, content)
    assert loaded.rows("customer_id, left_on") == [("A", date(2025, 2, 28)), ("B", None)]
    assert "left_computed" in loaded.findings


def test_a_person_may_say_that_they_left_in_the_month_of_the_list(tmp_path: Path) -> None:
    content = "customer_id,tenure,Churn\nA,12,Yes\nB,3,No\nC,30,No\n"
    assert "left_undated" in load(tmp_path, content, as_of="2025-12-31").findings
    loaded = load(new(tmp_path), content, as_of="2025-12-31", left_in_month=True)
    assert loaded.rows("customer_id, joined_on, left_on, status") == [
        ("A", date(2024, 12, 31), date(2025, 12, 31), "left"),
        ("B", date(2025, 9, 30), None, "active"),
        ("C", date(2023, 6, 30), None, "active"),
    ]
    assert "left_in_month" in loaded.findings


@pytest.mark.parametrize("heading", ["Churn", "churned", "Exited", "has left", "غادر"])
@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("1", "0"), ("نعم", "لا")])
def test_yes_under_a_heading_about_leaving_means_left(tmp_path: Path, heading: str, yes: str, no: str) -> None:
    content = f"customer_id,joined_on,left_on,{heading}\nA,2024-01-01,2025-01-01,{yes}\nB,2024-01-01,,{no}\n"
    assert load(tmp_path, content).rows("customer_id, status") == [("A", "left"), ("B", "active")]


def test_a_few_leavers_without_a_date_load_and_are_counted(tmp_path: Path) -> None:
    content = (
        "customer_id,joined_on,left_on,status\nA,2024-01-01,2025-01-01,left\nB,2024-01-01,,left\nC,2024-01-01,,on\n"
    )
    loaded = load(tmp_path, content)
    (flag,) = [f for f in loaded.report.findings if f.id == "finding.left_undated_some"]
    assert loaded.report.rows_loaded == 3 and flag.facts["count"] == "1"


def test_the_query_of_dated_customers_knows_the_same_words() -> None:
    sql = files("cxroi.store").joinpath("sql", "dated_customers.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"'([\w ]+)'", sql.split(" IN (")[1])) == set(GONE)


def test_the_telecom_snapshot_is_asked_about_and_loads_as_one_month_of_losses(tmp_path: Path) -> None:
    """IBM's sample: 7,043 customers, 1,869 (26.54 %) left, which its documentation says was in the last month."""
    path = SHARED / "data" / "churn" / "telco_customer_churn.csv.gz"
    if not path.exists():
        pytest.skip("the collection of published files is not here")
    content = gzip.decompress(path.read_bytes())
    report = load(tmp_path, content, as_of="2025-12-31").report
    (asked,) = [f for f in report.findings if f.severity == "question"]
    assert (asked.facts["count"], asked.facts["rate"]) == ("1869", "26.5%")
    loaded = load(new(tmp_path), content, as_of="2025-12-31", left_in_month=True)
    assert loaded.report.rows_loaded == 7043
    assert loaded.rows("count(*), count(left_on), min(joined_on)") == [(7043, 1869, date(2019, 12, 31))]


def new(folder: Path) -> Path:
    (folder / "b").mkdir()
    return folder / "b"


@pytest.mark.parametrize(
    ("content", "answers", "id"),
    [
        ("customer_id,tenure,Churn\nA,12,Yes\n,8,Yes\nB,3,No\nC,30,No\n", {"as_of": "2025-12-31", "left_in_month": True}, "left_in_month"),
        ("customer_id,joined_on,tenure_months,status\nA,2024-01-31,13,left\n,2024-01-31,13,left\nB,2024-01-31,20,active\n", {}, "left_computed"),
        ("customer_id,joined_on,left_on,status\nA,2024-01-01,2025-01-01,left\nB,2024-01-01,,left\n,2024-01-01,,left\nC,2024-01-01,,on\n", {}, "left_undated_some"),
    ],
)  # fmt: skip
def test_who_was_put_aside_is_not_counted_among_those_who_left(tmp_path: Path, content: str, answers, id: str) -> None:
    """The second leaver has no number, so that row is put aside: what is said of leavers is of those who were loaded."""
    report = load(tmp_path, content, rejects_allowed_rate=1.0, **answers).report
    assert report.rows_rejected == 1
    found = {finding.id.removeprefix("finding."): finding.facts for finding in report.findings}
    assert found[id]["count"] == "1"
    assert found["left_put_aside"] == {"count": "1"}


def test_where_nobody_was_put_aside_nothing_more_is_said_of_leavers(tmp_path: Path) -> None:
    content = "customer_id,tenure,Churn\nA,12,Yes\nB,3,No\n,30,No\n"
    report = load(tmp_path, content, as_of="2025-12-31", left_in_month=True, rejects_allowed_rate=1.0).report
    facts = {finding.id: finding.facts for finding in report.findings}
    assert "finding.left_put_aside" not in facts
    assert (facts["finding.left_in_month"]["count"], facts["finding.left_in_month"]["rate"]) == ("1", "50.0%")
