"""The page "Forecast" and its commands: what is coming, targets kept in the page and in the terminal, and the exit code for a scheduler."""

import json
import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cxroi.actions.targets import change_targets
from cxroi.cli import main
from cxroi.cli.forecast import ALARM
from cxroi.model.statistics.uncertainty import Interval
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import page_path
from cxroi.view.figure import money_range
from tests.acting import TESTER
from tests.json_schemas import fits
from tests.store.tables import parquet

ROOT = Path(__file__).parents[2]
EN = Text("en")
LAST = "2025-08"


def months(count, seed=2):
    random = np.random.default_rng(seed)
    return [
        {
            "month": f"{2024 + place // 12}-{place % 12 + 1:02d}-01",
            "customers_at_start": "5000",
            "customers_joined": (lost := str(int(random.binomial(5000, 0.02)))),
            "customers_lost": lost,
            "revenue": f"{1e6 * (1 + 0.01 * random.normal()):.2f}",
            "support_cost": f"{5e4 * (1 + 0.03 * random.normal()):.2f}",
            "cx_spend": "20000",
            "nps": f"{30 + 2 * random.normal():.1f}",
            "nps_n": "400",
        }
        for place in range(count)
    ]


def made(folder, rows):
    workspace = Workspace.open(folder)
    staged = {"monthly": parquet(workspace.quarantine() / "monthly.parquet", "monthly", rows)}
    workspace.publish(staged, sources={"monthly": {"currency": "SAR"}})
    return folder


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return made(tmp_path_factory.mktemp("company") / "w", months(20))


@pytest.fixture(autouse=True)
def _no_target_is_left_behind(request):
    yield
    if "company" in request.fixturenames:
        folder = request.getfixturevalue("company")
        known = [(one.measure, one.month) for one in State.open(folder).targets()]
        change_targets(Workspace.open(folder), "", drop=known, who=TESTER)


@pytest.fixture
def page(monkeypatch):
    def opened(folder, language="en", **picks):
        monkeypatch.setenv("CXROI_WORKSPACE", str(folder))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        app.switch_page(page_path("forecast")).run()
        for name, value in picks.items():
            app.segmented_control(key=f"pick-{name}").set_value(value).run()
        assert not app.exception
        return app

    return opened


def shown(app):
    body = " ".join(element.body for element in app.get("html"))
    return unescape(re.sub("<[^>]+>", " ", body)).replace("\xa0", " ")


def terminal(folder, capsys, *line, code=0):
    assert main([*line, "--json", "--workspace", str(folder)]) == code
    told = json.loads(capsys.readouterr().out)
    fits(told)
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_every_measure_with_its_past(page, company, language):
    text = Text(language)
    said = shown(page(company, language, ahead="12", measure="revenue"))
    for id in ("forecast.everything", "forecast.tried.naive", "forecast.targets.none", "forecast.lead.calm"):
        assert text(id).lower() in said.lower()
    for measure in ("retention_rate", "revenue", "support_cost", "nps"):
        assert text(f"measure.{measure}").lower() in said.lower()


def test_the_page_and_the_terminal_say_the_same(page, company, capsys):
    told = terminal(company, capsys, "forecast")
    said = shown(page(company))
    revenue = next(one for one in told["measures"] if one["measure"] == "revenue")
    for window in revenue["windows"]:
        value = Interval(**{end: float(amount) for end, amount in window["value"].items()})
        assert money_range(value, "SAR", EN).replace("\xa0", " ") in said
    assert revenue["windows"][0]["tried"][-1]["actual"] == revenue["last_value"]
    assert told["last_month"] == LAST and told["targets"] == []


def test_a_target_kept_in_the_terminal_stands_on_the_page_and_ends_alert_with_3(page, company, capsys):
    assert terminal(company, capsys, "forecast", "--alert")["alarms"] == 0
    line = ("targets", "--set", "revenue=9,000,000", "--set", "support_cost=1000000", "--month", LAST)
    kept = terminal(company, capsys, *line)["targets"]
    assert [(one["measure"], one["month"], one["target"]) for one in kept] == [
        ("revenue", LAST, 9e6),
        ("support_cost", LAST, 1e6),
    ]
    told = terminal(company, capsys, "forecast", "--alert", code=ALARM)
    assert terminal(company, capsys, "forecast")["alarms"] == told["alarms"] == 1
    (alert,) = [one for one in told["alerts"] if one["is_alarm"]]
    assert (alert["kind"], alert["measure"]) == ("target_missed", "revenue")
    assert {one["measure"]: one["standing"] for one in told["targets"]} == {"revenue": "missed", "support_cost": "met"}
    said = shown(page(company))
    assert alert["message"].replace("\xa0", " ") in said and EN("forecast.standing.missed") in said
    assert terminal(company, capsys, "targets", "--drop", "revenue")["targets"] == kept[1:]
    assert terminal(company, capsys, "targets", "--clear")["targets"] == []
    assert terminal(company, capsys, "forecast", "--alert")["alarms"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_of_a_month_to_come_is_told_by_its_range(page, company, language):
    change_targets(Workspace.open(company), "", keep=[("nps", "2025-12", 95.0)], who=TESTER)
    text, said = Text(language), shown(page(company, language, measure="nps"))
    assert text("forecast.standing.out_of_reach") in said
    assert text("forecast.lead.alarms", count=1) in said


@pytest.mark.parametrize(
    "line",
    [
        ["--set", "revenue=5"],
        ["--set", "profit=5", "--month", "2025-03"],
        ["--set", "revenue=much", "--month", "2025-03"],
        ["--drop", "profit"],
    ],
)
def test_half_a_target_is_wrong_use(company, capsys, line):
    assert main(["targets", *line, "--workspace", str(company)]) == 2
    assert "retention_rate" in capsys.readouterr().err


def test_too_short_a_history_and_no_data_of_the_kind_say_what_is_missing(page, tmp_path):
    short = page(made(tmp_path / "short", months(4)))
    assert any("4" in one.value and "6" in one.value for one in short.markdown)
    assert any(EN("table.monthly._name") in link.label for link in short.get("page_link"))
    workspace = Workspace.open(tmp_path / "ledger")
    costs = [{"period": "2025-01-01", "amount": "5"}]
    workspace.publish({"costs": parquet(workspace.quarantine() / "costs.parquet", "costs", costs)}, sources={})
    alone = page(tmp_path / "ledger")
    assert any(EN("table.customers._name") in link.label for link in alone.get("page_link"))
