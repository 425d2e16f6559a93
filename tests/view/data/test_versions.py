"""Two versions in figures: every change has its sign and unit, and nothing is subtracted across currencies."""

from dataclasses import replace

import pytest

from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import VersionFigures
from cxroi.text import LANGUAGES, Text
from cxroi.view.data.versions import side_by_side

BEFORE = VersionFigures(
    version="000001-a",
    currency="SAR",
    first_month="2024-01",
    last_month="2024-12",
    months=12,
    segments=("Homes",),
    customers=1000.0,
    monthly_churn_rate=Interval(low=0.018, mid=0.02, high=0.022),
    annual_retention_rate=Interval(low=0.77, mid=0.785, high=0.80),
    margin_per_customer_month=40.0,
    revenue_per_customer_month=100.0,
    cx_spend_per_month=20_000.0,
    cx_spend=240_000.0,
)


def row(rows, name, text):
    return next(one for one in rows if one[0] == text(f"versions.figure.{name}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_version_against_itself_has_not_changed_in_anything(language):
    text = Text(language)
    rows = side_by_side(BEFORE, BEFORE, text)
    assert all(first == second and change in ("", text("versions.same")) for _, first, second, change in rows)


def test_changes_carry_sign_unit_and_percent():
    text = Text("en")
    after = replace(
        BEFORE, customers=900.0, cx_spend=300_000.0, monthly_churn_rate=Interval(low=0.023, mid=0.025, high=0.027)
    )
    rows = side_by_side(BEFORE, after, text)
    assert row(rows, "customers", text)[3] == "−100 (−10.0%)"
    assert "+" in row(rows, "cx_spend", text)[3] and "25" in row(rows, "cx_spend", text)[3]
    assert row(rows, "monthly_churn_rate", text)[3].startswith("+0.5")


def test_money_is_not_subtracted_across_currencies():
    rows = side_by_side(BEFORE, replace(BEFORE, currency="EUR", cx_spend=1.0), Text("en"))
    assert row(rows, "cx_spend", Text("en"))[3] == "" and row(rows, "customers", Text("en"))[3] != ""
