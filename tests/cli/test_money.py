"""The terminal keeps a currency and a margin for data that tell neither, and every figure follows."""

import json

import pytest

from cxroi.cli import main
from cxroi.questions import open_version
from cxroi.store.state.state import State

HEAD = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,cx_spend"


def monthly_file(folder):
    """Return a file of two years that names no currency and no margin."""
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
    rows = [f"{month},all,5000,100,100,600000,{20_000 + 900 * (place % 5)}" for place, month in enumerate(months)]
    (folder / "months.csv").write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return folder / "months.csv"


@pytest.fixture
def told(tmp_path, capsys):
    def run(*given):
        code = main([*given, "--workspace", str(tmp_path / "w"), "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else {}

    return run


def panel(tmp_path):
    with open_version(tmp_path / "w") as data:
        return data.panel


def test_what_is_said_holds_for_data_that_do_not_tell(told, tmp_path):
    assert told("import", str(monthly_file(tmp_path)), "--yes")[0] == 0
    before = panel(tmp_path)
    assert before.currency == "" and before.margin_is_revenue
    assert told("money", "--currency", "sar", "--margin", "60%")[1]["margin_rate"] == 0.6
    after = panel(tmp_path)
    assert after.currency == "SAR" and not after.margin_is_revenue
    assert after.contribution_margin == pytest.approx(0.6 * before.contribution_margin)
    assert told("money", "--clear")[1] == {
        "format_version": 2,
        "command": "money",
        "currency": None,
        "margin_rate": None,
        "margin_unknown": False,
    }
    assert panel(tmp_path).margin_is_revenue


def test_a_margin_that_nobody_knows_is_kept_as_that_and_asked_for_no_more(told, tmp_path):
    assert told("import", str(monthly_file(tmp_path)), "--yes")[1]["open_questions"] == ["currency", "margin"]
    facts = told("money", "--currency", "sar", "--margin", "unknown")[1]
    assert (facts["currency"], facts["margin_rate"], facts["margin_unknown"]) == ("SAR", None, True)
    assert told("import", str(monthly_file(tmp_path)), "--yes", "--again")[1]["open_questions"] == []
    assert panel(tmp_path).margin_is_revenue


@pytest.mark.parametrize(("margin", "rate"), [("60%", 0.6), ("0.6", 0.6), ("60", 0.6), ("٦٠٪", 0.6), ("100%", 1.0)])
def test_a_margin_may_be_typed_as_people_type_it(told, tmp_path, margin, rate):
    assert told("money", "--margin", margin)[1]["margin_rate"] == pytest.approx(rate)
    assert State.open(tmp_path / "w").money_said().currency == ""


@pytest.mark.parametrize(
    "wrong",
    [
        ("--margin", "120%"),
        ("--margin", "x"),
        ("--margin", "0"),
        ("--currency", "riyal"),
        ("--margin", "5%", "--clear"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(told, wrong):
    assert told("money", *wrong)[0] == 2
