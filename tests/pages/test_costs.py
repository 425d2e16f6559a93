"""The page "Costs", driven as a finance reader would: the cut, the lines that count, the budget, and the way to the verdict."""

import json
import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.cli import main
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import page_path
from cxroi.view.understand.costs import exact
from tests.json_schemas import fits
from tests.store.tables import parquet

ROOT = Path(__file__).parents[2]
EN = Text("en")
HOSTILE = "<script>alert(1)</script> تدريب موظفي مراكز الاتصال في جميع الفروع والمناطق"
PEOPLE = [
    {"customer_id": str(n), "joined_on": "2024-11-20", "segment": f"قطاع {n % 40}", "monthly_revenue": "10"}
    for n in range(80)
]
PEOPLE += [{"customer_id": "new", "joined_on": "2025-07-30", "segment": "قطاع 1", "monthly_revenue": "10"}]
COSTS = [
    {
        "period": f"2025-{month:02d}-01",
        "amount": f"{100 * month}.50",
        "initiative": HOSTILE if month % 2 else "Campaign",
        "category": None if month % 2 else "acquisition",
        "segment": f"قطاع {month}",
        "budget_amount": "300" if month % 2 else None,
        "kind": "capex" if month == 3 else None,
        "currency": "SAR",
        "owner": "Care" if month < 4 else None,
        "cx_level": "3" if month == 5 else None,
        "invoice_id": f"INV-{month}",
        "note": HOSTILE if month == 7 else None,
    }
    for month in range(1, 8)
]


def made(folder, **tables):
    workspace = Workspace.open(folder)
    staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, rows) for n, rows in tables.items()}
    workspace.publish(staged, sources={"customers": {"currency": "SAR"}, "costs": {"file": "ledger.xlsx"}})
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return made(tmp_path_factory.mktemp("small"), customers=PEOPLE, costs=COSTS)


@pytest.fixture
def costs(monkeypatch):
    def opened(folder, language="en", **picks):
        monkeypatch.setenv("CXROI_WORKSPACE", str(folder))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        app.switch_page(page_path("costs")).run()
        for name, value in picks.items():
            app.segmented_control(key=f"pick-{name}").set_value(value).run()
        assert not app.exception
        return app

    return opened


def shown(app):
    body = " ".join(element.body for element in app.get("html"))
    return unescape(re.sub("<[^>]+>", " ", body)).replace("\xa0", " ")


def terminal(folder, capsys, *line):
    assert main(["costs", *line, "--json", "--workspace", str(folder)]) == 0
    told = json.loads(capsys.readouterr().out)
    fits(told)
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_answers_and_reconciles_in_both_languages(costs, small, language):
    app, text = costs(small, language), Text(language)
    said = shown(app)
    assert text("costs.title") in said
    for id in ("costs.book.section", "costs.why.section", "costs.step.panel", "costs.column.budget"):
        assert text(id) in said
    assert text("costs.book.broken", where="").split("(")[0] not in said


@pytest.mark.parametrize(
    "picks",
    [
        {},
        {"by": "segment", "counts": "all"},
        {"by": "month"},
        {"counts": "acquisition"},
        {"by": "owner"},
        {"by": "cx_level"},
    ],
    ids=str,
)
def test_the_page_and_the_terminal_give_the_same_figures(costs, small, capsys, picks):
    told = terminal(small, capsys, *(part for name, value in picks.items() for part in (f"--{name}", value)))
    said = shown(costs(small, **picks))
    for part in told["parts"]:
        assert EN.number(Decimal(part["spent"]), 2) in said
        assert not part["budget"] or EN.number(Decimal(part["budget"]), 2) in said
    assert exact(Decimal(told["reconciliation"]["ledger"]), "SAR", EN) in said
    assert EN.number(Decimal(told["reconciliation"]["in_verdict"]), 2) in said


def test_a_name_from_the_ledger_is_never_markup(costs, small):
    bodies = [element.body for element in costs(small).get("html")]
    assert not any("<script" in body for body in bodies) and any("&lt;script" in body for body in bodies)


def test_a_segment_that_is_looked_at_leaves_the_reconciliation_as_it_is(costs, small):
    app = costs(small)
    whole = next(element.body for element in app.get("html") if "cx-sums" in element.body)
    app.selectbox(key="filter-segment").set_value("قطاع 3").run()
    said = shown(app)
    assert "300.50" in said and "700.50" not in said.split(EN("costs.book.section"))[0]
    assert whole in [element.body for element in app.get("html")]


def test_a_sent_address_shows_the_same_view_and_an_unknown_one_the_first(costs, small, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(small))
    for sent, kept in (("month", "month"), ("nothing", "initiative")):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.switch_page(page_path("costs"))
        app.query_params["by"] = sent
        app.run()
        assert not app.exception and app.segmented_control(key="pick-by").value == kept


def test_months_without_a_fitting_line_are_said_and_nothing_breaks(costs, small):
    app = costs(small, counts="not_cx")
    assert EN("costs.finding.none") in shown(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_ledger_without_customers_is_shown_and_says_what_a_verdict_lacks(costs, tmp_path, language):
    said = shown(costs(made(tmp_path / "w", costs=COSTS), language))
    text = Text(language)
    assert exact(Decimal("2803.50"), "SAR", text) in said
    assert text("costs.book.no_panel", reason="").rstrip(": ") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_ledger_the_page_says_so_and_leads_to_the_upload(costs, tmp_path, language):
    app = costs(made(tmp_path / "w", customers=PEOPLE), language)
    assert Text(language)("costs.no_ledger") in " ".join(one.value for one in app.markdown)
    assert any(Text(language)("table.costs._name") in link.label for link in app.get("page_link"))


def test_months_that_are_none_are_wrong_use(small, capsys):
    assert main(["costs", "--from", "soon", "--workspace", str(small)]) == 2
    assert "soon" in capsys.readouterr().err
    assert len(terminal(small, capsys, "--from", "2025-02", "--to", "2025-05")["months"]) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_are_listed_with_invoice_and_note_when_somebody_looks_and_levels_and_categories_are_named(
    costs, small, capsys, language
):
    app, text = costs(small, language, by="cx_level"), Text(language)
    assert text("level.3") in shown(app) and "INV-7" not in shown(app)
    app.session_state["fold-cost_lines"] = True
    app.run()
    said = shown(app)
    assert not app.exception and "INV-7" in said and text("column.note") in said
    assert len(terminal(small, capsys, "--lines", "20", "--counts", "all")["lines"]) == len(COSTS)
    told = terminal(small, capsys, "--lines", "2", "--counts", "acquisition")
    assert [one["invoice_id"] for one in told["lines"]] == ["INV-6", "INV-4"]
    assert (
        main(["costs", "--by", "category", "--counts", "all", "--language", language, "--workspace", str(small)]) == 0
    )
    assert text("costs.category_acquisition") in capsys.readouterr().out


def test_a_ledger_without_owners_and_levels_is_not_offered_by_them_and_its_lines_say_nothing(costs, tmp_path, capsys):
    plain = [{name: cell for name, cell in row.items() if name not in ("owner", "cx_level")} for row in COSTS]
    app = costs(made(tmp_path / "w", costs=plain))
    assert {"owner", "cx_level"}.isdisjoint(app.segmented_control(key="pick-by").options)
    assert EN("costs.by.owner") not in app.segmented_control(key="pick-by").options
    told = terminal(made(tmp_path / "bare", costs=[{"period": "2025-01-01", "amount": "7"}]), capsys, "--lines", "5")
    assert told["lines"] == [dict.fromkeys(told["lines"][0]) | {"month": "2025-01", "amount": "7.000"}]
