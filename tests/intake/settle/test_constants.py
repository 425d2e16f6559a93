"""A column that the file lacks: the same in every row by a person's word, or the month that the title names."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.collection import SHARED
from tests.intake.loading import load, load_path, load_sheets
from tests.intake.workbooks import xlsx

BALANCE = [["Account", "Amount"], ["6100 Training", 1200.5], ["6110 Licences", 800]]


def test_a_column_that_the_file_lacks_is_given_for_every_row(tmp_path):
    found = load(tmp_path, "account,amount\n6100,5\n6110,6\n", table="costs", constants=(("period", "2025-03"),))
    assert [str(day) for (day,) in found.rows("period")] == ["2025-03-01", "2025-03-01"]
    assert found.report.mapping == {"amount": "amount", "account": "account"} and found.report.constants == {
        "period": "2025-03"
    }
    assert [column.heading for column in found.report.columns] == ["account", "amount"]
    assert "constant" in found.findings


def test_a_constant_stands_in_for_a_column_of_the_file_too(tmp_path):
    constants = (("period", "2025-03"),)
    found = load(tmp_path, "period,amount\n2024-01,5\n", constants=constants)
    assert [str(day) for (day,) in found.rows("period")] == ["2025-03-01"]
    assert found.report.mapping == {"amount": "amount"}


@pytest.mark.parametrize("value", ["March 2025", "31/03/2025", "مارس 2025"])
def test_a_constant_is_read_like_a_cell(tmp_path, value):
    found = load(tmp_path, "account,amount\n6100,5\n", table="costs", constants=(("period", value),))
    assert [str(day) for (day,) in found.rows("period")] == ["2025-03-01"]


def test_a_constant_that_is_no_month_is_refused_in_words(tmp_path):
    report = load(tmp_path, "account,amount\n6100,5\n", table="costs", constants=(("period", "soon"),)).report
    assert report.message == "upload.nothing_left"
    assert [(r.column, r.value, r.reason) for r in report.rejects] == [
        ("period = soon", "soon", "reject.unreadable_date")
    ]


def test_a_survey_wave_without_dates_is_loaded(tmp_path):
    wave = "id,NETPRO\n1,9\n2,3\n"
    mapping, constants = (("score", "NETPRO"),), (("answered_on", "2018-05"), ("metric", "nps"))
    found = load(tmp_path, wave, table="surveys", mapping=mapping, constants=constants)
    assert [(str(day), metric) for day, metric in found.rows("answered_on, metric")] == [("2018-05-01", "nps")] * 2


def test_parquet_takes_a_constant(tmp_path):
    out = io.BytesIO()
    pq.write_table(pa.table({"account": ["a", "b"], "amount": pa.array([5, 6], pa.decimal128(18, 3))}), out)
    found = load(tmp_path, out.getvalue(), "file.parquet", table="costs", constants=(("period", "2025-03"),))
    assert [str(day) for (day,) in found.rows("period")] == ["2025-03-01"] * 2


def test_rejected_rows_come_back_as_they_were(tmp_path):
    found = load(
        tmp_path,
        "account,amount\n6100,5\n6110,x\n",
        table="costs",
        constants=(("period", "2025-03"),),
        rejects_allowed_rate=1.0,
    )
    assert (found.folder / str(found.report.rejects_file)).read_text().splitlines()[0].endswith("account,amount")


def test_an_unknown_column_is_refused(tmp_path):
    report = load(tmp_path, "account,amount\n6100,5\n", table="costs", constants=(("colour", "red"),)).report
    assert report.message == "upload.no_such_column"


@pytest.mark.parametrize(
    "title", ["Trial balance for the month ended 31 March 2025", "ميزان المراجعة للشهر المنتهي في 31 مارس 2025"]
)
def test_a_month_in_the_title_is_taken_and_said(tmp_path, title):
    found = load(tmp_path, xlsx([[title], [], *BALANCE]), "tb.xlsx", table="costs")
    assert [str(day) for (day,) in found.rows("period")] == ["2025-03-01"] * 2
    (said,) = [f for f in found.report.findings if f.id == "finding.month_from_title"]
    assert said.facts == {"target": "period", "month": "2025-03", "title": title} and said.severity == "flag"


def test_a_person_knows_better_than_the_title(tmp_path):
    book = xlsx([["For the month ended 31 March 2025"], [], *BALANCE])
    found = load(tmp_path, book, "tb.xlsx", table="costs", constants=(("period", "2025-04"),))
    assert [str(day) for (day,) in found.rows("period")] == ["2025-04-01"] * 2
    assert "month_from_title" not in found.findings


def test_a_file_with_its_own_months_is_not_told_by_its_title(tmp_path):
    rows = [["Period", "Amount"], ["2025-01", 5], ["2025-02", 6]]
    found = load(tmp_path, xlsx([["For the month ended 31 March 2025"], [], *rows]), "tb.xlsx")
    assert [str(day) for (day,) in found.rows("period")] == ["2025-01-01", "2025-02-01"]
    assert not found.report.constants


def test_each_sheet_has_the_month_of_its_name(tmp_path):
    book = xlsx({"Jan 2025": BALANCE, "Feb 2025": BALANCE})
    reports = load_sheets(tmp_path, book, table="costs", sheet="all")
    assert [report.constants for report in reports] == [{"period": "2025-01"}, {"period": "2025-02"}]
    assert sum(report.rows_loaded for report in reports) == 4


def test_the_trial_balance_of_the_trial_comes_to_its_total(tmp_path):
    path = SHARED / "data" / "faults" / "books" / "06_trial_balance.xlsx"
    if not path.exists():
        pytest.skip("the collection is not here")
    report = load_path(path, tmp_path / "s", rejects_allowed_rate=1.0).report
    assert report.totals["amount"] == "426058.870" and report.constants == {"period": "2025-03"}
