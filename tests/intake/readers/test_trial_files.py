"""The files that a trial found faults with: each gives its true total, or a question that says with which option it is answered."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cxroi.cli.ways_on import ways_on
from cxroi.intake.parse import ParseLimits, parse_file
from cxroi.intake.report import IntakeReport, IntakeRequest
from tests.collection import SHARED
from tests.intake.loading import TODAY, whole_ledger

FAULTS = SHARED / "data" / "faults"
pytestmark = pytest.mark.skipif(not FAULTS.is_dir(), reason="the shared files are not here")
TOTALS: list[tuple[str, dict[str, Any], str]] = [
    ("date_conflict.csv", {"date_order": "dmy"}, "19200"),
    ("debit_credit.csv", {}, "984509.20"),
    ("grouping_conflict.csv", {"decimal": "."}, "38275193"),
    ("hidden_data_sheet.xlsx", {"sheet": "Data"}, "78019.50"),
    ("ledger_jan_2014_to_jan_2015.csv", {}, "23459.04"),
    ("ledger_jan_to_dec_2014.csv", {}, "21487.12"),
    ("title_over_header.xlsx", {}, "78019.50"),
    ("title_unmerged.xlsx", {}, "78019.50"),
    ("total_in_account_column.csv", {}, "167611.44"),
    ("total_in_account_column.xlsx", {}, "167611.44"),
    ("total_label_in_code_column.csv", {"difference_explained": "rounding"}, "69477.50"),
    ("maps/costcenter_orders.csv", {}, "6000"),
    ("maps/order_status.csv", {}, "6000"),
    ("maps/tax.csv", {"table": "costs"}, "13800"),
    ("maps/unit_cost.csv", {"table": "costs"}, "12000"),
    ("maps/vat.csv", {"table": "costs"}, "13800"),
    ("maps/ytd.csv", {"table": "costs"}, "12000"),
    ("books/02_sap_fbl3n_english.xlsx", {"table": "costs"}, "2521905.55"),
    ("books/03_quickbooks_detail.xlsx", {}, "2199541.89"),
    ("books/04_xero_debit_credit.xlsx", {}, "2184291.78"),
    ("books/05_netsuite_gl.xlsx", {}, "1451296.86"),
    ("books/06_trial_balance.xlsx", {"rejects_allowed_rate": 1.0}, "426058.87"),
    ("books/07_pivot_blank_repeats.xlsx", {}, "7247261.69"),
    ("books/08_quarter_sheets.xlsx", {"sheet": "all"}, "2721304.92"),
    ("books/09_two_tables_stacked.xlsx", {}, "957929.47"),
]
ASKED = [
    ("date_conflict.csv", "finding.date_order_mixed"),
    ("grouping_conflict.csv", "finding.decimal_mixed"),
    ("hidden_data_sheet.xlsx", "finding.sheet.hidden"),
    ("total_label_in_code_column.csv", "upload.control_total"),
    ("books/08_quarter_sheets.xlsx", "finding.sheet.choice"),
]


def reports_of(name: str, staging: Path, **request: Any) -> list[IntakeReport]:
    """Return what a load of one of the files came to."""
    path = FAULTS / name
    return parse_file(path, path.name, IntakeRequest(**whole_ledger(request)), staging, TODAY, ParseLimits(threads=1))


@pytest.mark.parametrize(("name", "request_", "total"), TOTALS)
def test_a_file_of_the_trial_comes_to_its_true_total(
    tmp_path: Path, name: str, request_: dict[str, Any], total: str
) -> None:
    loaded = [report for report in reports_of(name, tmp_path, **request_) if report.parquet]
    assert sum(Decimal(report.totals["amount"]) for report in loaded) == Decimal(total)


@pytest.mark.parametrize(("name", "asked"), ASKED)
def test_a_file_of_the_trial_asks_what_only_a_person_knows_and_names_the_option(
    tmp_path: Path, name: str, asked: str
) -> None:
    reports = reports_of(name, tmp_path)
    assert {str(report.outcome) for report in reports} == {"refused"}
    assert any(ways_on(report).get(asked) for report in reports)
