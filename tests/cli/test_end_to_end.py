"""The real command on real files: from a file to a verdict, and every kind of bad input, with what was loaded kept."""

import csv
import fcntl
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from cxroi.cli import main, report
from cxroi.export.report import ReportError
from cxroi.model.forecast.outlook import look_ahead
from cxroi.questions import forecast as forecast_question
from cxroi.text import Text
from tests import made_customers
from tests.golden import as_before
from tests.json_schemas import fits
from tests.sample_place import sample_place

ROOT = Path(__file__).parents[2]
SEGMENTS = ("Homes", "Offices", "Shops")


look_ahead_once = cache(look_ahead)


@pytest.fixture(autouse=True)
def _nothing_is_worked_out_twice(monkeypatch, files_read_here):
    """Read files in this process, and keep what a version (which never changes) says from one command to the next."""
    monkeypatch.setattr(forecast_question, "look_ahead", look_ahead_once)


def run(*line, workspace):
    """Run the command as a person does, in a process of its own."""
    environment = {**os.environ, "CXROI_WORKSPACE": str(workspace), "PYTHONIOENCODING": "utf-8"}
    environment.pop("CXROI_DEBUG", None)
    ended = subprocess.run(
        [sys.executable, "-m", "cxroi", *map(str, line)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in ended.stderr + ended.stdout
    return ended


def answered(capsys, *line, workspace, code=0):
    """Run the command in this process with --json and return its answer and what it said on standard error.

    Without a `code` the command may be refused or not, as long as its exit code says the same as its answer.
    """
    capsys.readouterr()
    ended = main([*map(str, line), "--json", "--workspace", str(workspace)])
    captured = capsys.readouterr()
    told = json.loads(captured.out, parse_constant=pytest.fail)
    assert ended == (int("error" in told) if code is None else code)
    fits(told)
    return told, captured.err


def monthly_rows(months=30, customers=4000, spend=5.0, moves=0.5):
    """Return a year-by-year company whose spend moves in steps at another time in each segment, and whose churn follows."""
    rng = np.random.default_rng(7)
    rows = []
    for place, segment in enumerate(SEGMENTS):
        active = customers
        for index in range(months):
            step = 1 + moves * (((index + 4 * place) // 6) % 3 - 1)
            lost = int(rng.binomial(active, min(0.03 * np.exp(-0.35 * (step - 1)), 1.0)))
            joined = round(customers * 0.03)
            rows.append(
                {
                    "month": f"{2023 + index // 12}-{index % 12 + 1:02d}-01",
                    "segment": segment,
                    "customers_at_start": active,
                    "customers_joined": joined,
                    "customers_lost": lost,
                    "revenue": f"{active * 80:.2f}",
                    "contribution_margin": f"{active * 40:.2f}",
                    "cx_spend": f"{customers * spend * step:.2f}",
                }
            )
            active += joined - lost
    return rows


def written(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A workspace with the sample company in it, for reading only."""
    return sample_place(tmp_path_factory)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A workspace with a company of three segments in it, loaded from a monthly file; for reading only."""
    folder = tmp_path_factory.mktemp("company")
    ended = run("import", written(folder / "monthly.csv", monthly_rows()), "--currency", "SAR", workspace=folder)
    assert ended.returncode == 0, ended.stderr
    return folder


def test_a_file_becomes_a_table_to_the_cent(company, capsys):
    rows = monthly_rows()
    listed, _ = answered(capsys, "tables", workspace=company)
    (table,) = listed["tables"]
    assert (table["table"], table["rows"], table["sources"]) == ("monthly", len(rows), ["monthly.csv"])
    assert float(table["totals"]["cx_spend"]) == pytest.approx(sum(float(row["cx_spend"]) for row in rows), abs=1e-9)
    assert listed["illustrative"] is False


def test_a_month_that_the_file_lacks_is_set_for_every_row(tmp_path, capsys):
    (tmp_path / "tb.csv").write_text("account,amount\n6100,5\n6110,6\n", encoding="utf-8")
    line = ("import", tmp_path / "tb.csv", "--as", "costs", "--set", "period=2025-03", "--other-lines", "cx")
    told, _ = answered(capsys, *line, workspace=tmp_path / "w")
    (file,) = told["files"]
    assert (file["constants"], file["mapping"]) == ({"period": "2025-03"}, {"account": "account", "amount": "amount"})


def test_the_panel_holds_every_month_and_segment(company, tmp_path, capsys):
    told, _ = answered(capsys, "panel", "--out", tmp_path / "panel.csv", workspace=company)
    panel, given = pd.read_csv(tmp_path / "panel.csv"), pd.DataFrame(monthly_rows())
    assert told["rows"] == len(panel) == len(given)
    both = panel.merge(given, on=["month", "segment"], suffixes=("", "_given"))
    assert len(both) == len(given)
    for column in ("customers_at_start", "customers_lost", "cx_spend"):
        assert both[column].to_numpy() == pytest.approx(both[f"{column}_given"].astype(float).to_numpy())


def test_the_panel_also_comes_as_parquet(company, tmp_path, capsys):
    answered(capsys, "panel", "--out", tmp_path / "panel.parquet", workspace=company)
    assert len(pd.read_parquet(tmp_path / "panel.parquet")) == len(monthly_rows())


def test_the_baseline_is_what_the_rows_say(company, capsys):
    told, _ = answered(capsys, "baseline", workspace=company)
    rows = pd.DataFrame(monthly_rows()).astype({"cx_spend": float, "revenue": float})
    last = rows[rows["month"] > sorted(rows["month"].unique())[-13]]
    assert [one["segment"] for one in told["segments"]] == [*SEGMENTS, "all"]
    for one in told["segments"]:
        mine = last if one["segment"] == "all" else last[last["segment"] == one["segment"]]
        hazard = mine["customers_lost"].sum() / mine["customers_at_start"].sum()
        assert one["months"] == 12
        assert one["monthly_churn_rate"]["low"] < hazard < one["monthly_churn_rate"]["high"]
        assert one["monthly_churn_rate"]["mid"] == pytest.approx(hazard, rel=0.01)
        assert one["annual_retention_rate"]["mid"] == pytest.approx((1 - hazard) ** 12, rel=0.01)
        assert float(one["cx_spend_per_month"]) == pytest.approx(mine["cx_spend"].sum() / 12)
        assert float(one["revenue_per_customer_month"]) == pytest.approx(80, rel=0.03)
    assert told["currency"] == "SAR"


def test_evaluate_answers_whole(company, capsys):
    told, _ = answered(capsys, "evaluate", workspace=company)
    verdict, outcome = told["verdict"], told["outcome"]
    assert verdict["call"] in {"under_invested", "over_invested", "about_right", "not_enough_evidence"}
    assert 0 <= verdict["probability_more_pays"] <= 1
    assert float(outcome["npv"]["low"]) <= float(outcome["npv"]["mid"]) <= float(outcome["npv"]["high"])
    assert float(verdict["cost_of_too_little"]) + float(verdict["cost_of_too_much"]) == pytest.approx(
        float(verdict["gain_from_acting_now"]) + float(verdict["value_of_information"]), rel=0.02, abs=1
    )
    assert {one["segment"] for one in told["segments"]} == set(SEGMENTS)
    assert all(check["status"] in {"pass", "review", "fail"} for check in told["health"])
    assert told["scenario"]["horizon_months"]["value"] == 36
    assert told["illustrative"] is False and told["currency"] == "SAR"


def test_a_set_assumption_moves_the_answer_and_a_scenario_file_gives_the_same(company, tmp_path, capsys):
    plan = tmp_path / "plan.toml"
    plan.write_text("investment_level_percent = 150\nannual_discount_rate = 0.2\n")
    line = ("--set", "investment_level_percent=150", "--set", "annual_discount_rate=0.2")
    base, _ = answered(capsys, "evaluate", workspace=company)
    by_set, _ = answered(capsys, "evaluate", *line, workspace=company)
    by_file, _ = answered(capsys, "evaluate", "--scenario", plan, workspace=company)
    assert by_set == by_file
    assert by_set["scenario"]["investment_level_percent"]["value"] == 150
    assert by_set["outcome"]["npv"] != base["outcome"]["npv"]
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(by_set))
    again, _ = answered(capsys, "evaluate", "--scenario", saved, workspace=company)
    assert again["outcome"] == by_set["outcome"]


def test_the_tei_table_adds_up_and_agrees_with_the_plan_it_shows(company, capsys):
    line = ("--set", "investment_level_percent=140", "--set", "one_off_cost=5000")
    bare, _ = answered(capsys, "tei", *line, workspace=company)
    costs, benefits = ([float(amount) for amount in bare[name]] for name in ("costs", "benefits"))
    assert len(costs) == 4 and costs[0] == pytest.approx(5000) and benefits[0] == 0
    assert float(bare["total_net"]) == pytest.approx(sum(benefits) - sum(costs), abs=1e-3)
    strict = ("--set", "residual_value_months=0")  # the table counts nothing after the horizon
    whole, _ = answered(capsys, "evaluate", *line, *strict, "--set", "annual_discount_rate=0", workspace=company)
    undiscounted, _ = answered(capsys, "tei", *line, "--set", "annual_discount_rate=0", workspace=company)
    low, high = (float(whole["outcome"]["npv"][end]) for end in ("low", "high"))
    assert low < float(undiscounted["npv"]) < high
    assert float(undiscounted["npv"]) == pytest.approx(float(bare["total_net"]), rel=1e-6)
    careful, _ = answered(capsys, "tei", *line, "--set", "cost_risk_adjustment_rate=0.1", workspace=company)
    assert float(careful["total_costs"]) == pytest.approx(1.1 * sum(costs), rel=1e-6)


def test_what_the_result_depends_on_is_told(company, capsys):
    told, _ = answered(capsys, "sensitivity", "--set", "investment_level_percent=130", workspace=company)
    widths = [abs(float(bar["npv_high"]) - float(bar["npv_low"])) for bar in told["tornado"]]
    assert widths == sorted(widths, reverse=True) and widths[0] > 0
    assert {"strength", "churn"} <= {bar["name"] for bar in told["tornado"]}
    assert told["information"][0]["name"] == "all"


def test_a_budget_is_divided_without_losing_any(company, capsys):
    today, _ = answered(capsys, "allocate", workspace=company)
    assert float(today["spend"]) <= float(today["today_spend"]) * (1 + 1e-6)
    assert sum(float(move["spend"]) for move in today["moves"]) == pytest.approx(float(today["spend"]))
    assert float(today["gain"]["mid"]) >= -1
    careful, _ = answered(capsys, "allocate", "--target-return", "3", workspace=company)
    assert float(careful["spend"]) <= float(today["spend"])
    refusal, _ = answered(capsys, "allocate", "--budget", "1e9", workspace=company, code=1)
    assert refusal["error"]["id"] == "allocation.budget_out_of_bounds"


def test_extra_money_is_placed_and_what_is_left_over_is_said(company, capsys):
    told, _ = answered(capsys, "allocate", "--extra", "1,000,000,000", workspace=company)
    assert float(told["extra"]["placed"]) == pytest.approx(float(told["spend"]) - float(told["today_spend"]))
    assert float(told["extra"]["unplaced"]) > 9e8 and told["extra"]["because"] in ("bounds", "pays_no_more")
    assert all(float(move["spend"]) >= float(move["today_spend"]) - 1e-6 for move in told["moves"])
    answered(capsys, "allocate", "--extra", "5", "--budget", "5", workspace=company, code=2)
    for amount in ("much", "1e300", "nan"):
        assert main(["allocate", "--extra", amount, "--workspace", str(company)]) == 2
    capsys.readouterr()
    refusal, _ = answered(capsys, "allocate", "--extra=-1", workspace=company, code=1)
    assert refusal["error"]["id"] == "allocation.extra_unreadable"


def test_what_is_coming_is_told_with_ranges(sample, capsys):
    told, _ = answered(capsys, "forecast", workspace=sample)
    assert {"retention_rate", "customers", "revenue", "support_cost", "csat"} <= {
        m["measure"] for m in told["measures"]
    }
    for one in told["measures"]:
        assert [window["months"] for window in one["windows"]] == [1, 3, 12]
        for window in one["windows"]:
            assert float(window["value"]["low"]) <= float(window["value"]["mid"]) <= float(window["value"]["high"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_nobody_could_have_checked_on_the_past_is_not_forecast_and_said(tmp_path, capsys, language):
    for name in ("few", "fewer"):
        (tmp_path / name).mkdir()
    few = company_of(tmp_path / "few", capsys, monthly_rows(months=10))
    told, _ = answered(capsys, "forecast", workspace=few)
    for one in told["measures"]:
        assert [window["months"] for window in one["windows"]] == [1, 3]
        assert one["refused"] == [{"months": 12, "needed": 13}]
    assert main(["forecast", "--workspace", str(few), "--language", language]) == 0
    text, out = Text(language), capsys.readouterr().out
    assert text.months(13) in out and text("measure.revenue") in out and out.count("–") >= len(told["measures"])
    fewer = company_of(tmp_path / "fewer", capsys, monthly_rows(months=4))
    refusal, said = answered(capsys, "forecast", workspace=fewer, code=1)
    assert refusal["error"]["id"] == "forecast.too_short" and "4" in said


def test_touchpoints_that_go_with_leaving_are_told_with_what_to_believe(sample, capsys):
    told, _ = answered(capsys, "drivers", workspace=sample)
    assert told["outcome"] == "left" and told["grade"] == "D"
    assert any(one["flag"] == "none" for one in told["drivers"])
    assert all(one["advice"] for one in told["drivers"])
    assert sum(one["impact_share"] for one in told["drivers"] if one["flag"] == "none") == pytest.approx(1)


def test_cohorts_of_joining_dates_are_told(sample, capsys):
    told, _ = answered(capsys, "value", workspace=sample)
    assert told["segments"][-1]["segment"] == "all"
    assert all(one["hazard"]["choice"] in {"constant", "tenure"} for one in told["segments"])
    for cohort in told["cohorts"]:
        assert cohort["share"][0] == 1 and len(cohort["share"]) == len(cohort["low"]) == len(cohort["high"])


def test_a_customer_is_worth_what_margin_and_churn_say(company, capsys):
    line = ("value", "--annual-discount-rate", "0", "--horizon-months", "24")
    told, _ = answered(capsys, *line, workspace=company)
    base, _ = answered(capsys, "baseline", workspace=company)
    for worth, one in zip(told["segments"], base["segments"], strict=True):
        stay = 1 - one["monthly_churn_rate"]["mid"]
        months = sum(stay**month for month in range(1, 25))
        assert worth["months_active"]["mid"] == pytest.approx(months, rel=5e-3)
        margin = float(one["contribution_margin_per_customer_month"])
        assert float(worth["clv"]["mid"]) == pytest.approx(margin * months, rel=5e-3)
        assert float(worth["clv"]["low"]) < float(worth["clv"]["mid"]) < float(worth["clv"]["high"])


def test_a_pilot_can_be_planned_and_measured(company, tmp_path, capsys):
    plan, _ = answered(capsys, "pilot", "design", "--uplift", "3", "--segment", SEGMENTS[0], workspace=company)
    assert plan["segment"] == SEGMENTS[0] and plan["customers_per_group"] > 0 and float(plan["cost"]) > 0
    counts = ("--treated", 1000, "--treated-stayed", 930, "--control", 1000, "--control-stayed", 900)
    told, _ = answered(capsys, "pilot", "measure", *counts, workspace=tmp_path)
    assert told["difference"]["mid"] == pytest.approx(0.03)
    assert told["difference"]["low"] < 0.03 < told["difference"]["high"]
    answered(capsys, "pilot", "design", workspace=company, code=2)
    answered(capsys, "pilot", "measure", "--treated", 10, workspace=company, code=2)
    answered(capsys, "pilot", "design", "--uplift", "3", "--segment", "Nowhere", workspace=company, code=1)


def test_a_pilot_can_be_planned_for_margin_for_a_cut_and_by_branch(company, capsys):
    def plan(*options, code=0):
        return answered(capsys, "pilot", "design", *options, workspace=company, code=code)[0]

    at_once, later = (plan("--uplift", "2", "--carryover-rate", rate) for rate in ("0", "0.7"))
    assert at_once["options"][0]["customers_per_group"] < later["options"][0]["customers_per_group"]
    assert plan("--uplift", "2")["carryover_rate"] == pytest.approx(0.45)
    margin = plan("--outcome", "margin", "--change-percent", "4", "--level-percent", "200")
    assert margin["outcome"] == "margin" and margin["control"] == 1 < margin["treated"]
    cut = plan("--uplift", "-2", "--level-percent", "50")
    assert float(cut["cost"]) < 0 and cut["treated"] < cut["control"] and cut["smallest_change"] < 0
    branches = plan("--uplift", "2", "--branches", "200")
    assert branches["branches_per_group"] <= 100 and branches["design_effect"] > 1
    plan("--outcome", "margin", code=2)
    for wrong in (("--level-percent", "100"), ("--carryover-rate", "1")):
        plan("--uplift", "2", *wrong, code=1)
    for language in ("en", "ar"):
        for options in (
            ("--uplift", "-2", "--level-percent", "50"),
            ("--outcome", "support", "--change-percent", "-9"),
        ):
            asked = (
                "pilot",
                "design",
                *options,
                "--branches",
                "40",
                "--workspace",
                str(company),
                "--language",
                language,
            )
            assert main(list(asked)) == 0 and capsys.readouterr().out


def test_no_plan_changes_nothing(company, capsys):
    told, _ = answered(capsys, "evaluate", "--set", "investment_level_percent=100", workspace=company)
    assert set(told["outcome"]["npv"].values()) == {"0.00"}


@pytest.mark.parametrize("setting", ["investment_level_percent=900", "horizon_months=0", "annual_discount_rate=nan"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_assumption_outside_its_range_is_refused_in_words(setting, language, company, capsys):
    name = setting.partition("=")[0]
    refusal, said = answered(capsys, "evaluate", "--set", setting, "--language", language, workspace=company, code=1)
    assert refusal["error"]["id"].startswith("scenario.")
    assert refusal["error"]["message"] in said
    assert name in said or language == "ar"


def test_a_process_of_its_own_says_the_same(company, capsys):
    ended = run("evaluate", "--json", workspace=company)
    assert ended.returncode == 0 and not ended.stderr
    assert json.loads(ended.stdout) == answered(capsys, "evaluate", workspace=company)[0]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sample_company_is_marked_wherever_it_shows(language, sample, capsys):
    for command in (["tables"], ["baseline"], ["evaluate"], ["allocate"], ["forecast"], ["scores"]):
        assert main([*command, "--language", language, "--workspace", str(sample)]) == 0
        assert capsys.readouterr().out.startswith("SAMPLE DATA" if language == "en" else "بيانات افتراضية")


GOLDEN = (
    *("tables", "versions", "baseline", "evaluate", "sensitivity", "tei", "allocate", "forecast", "scores", "drivers"),
    *("value", "customers", "panel --out {folder}/panel.csv", "summary"),
    *(
        "pilot design --uplift 2",
        "pilot measure --treated 1000 --treated-stayed 930 --control 1000 --control-stayed 900",
    ),
)


@pytest.mark.parametrize("line", GOLDEN)
def test_what_is_answered_on_the_sample_company_stays_as_it_was_golden(line, sample, tmp_path, capsys):
    told, _ = answered(capsys, *line.format(folder=tmp_path).split(), workspace=sample)
    as_before("-".join(word for word in line.split() if word.isalpha() or "=" in word).replace("=", "-"), told)


def test_a_kept_scenario_is_told_under_the_name_and_id_that_it_was_kept_under_unless_it_is_changed(company, capsys):
    name = "Plan 1.5 / البديل"
    kept, _ = answered(capsys, "scenarios", "save", name, "--set", "investment_level_percent=150", workspace=company)
    told, _ = answered(capsys, "summary", "--scenario", name, workspace=company)
    assert told["scenario"] == {"name": name, "id": kept["scenarios"][0]["id"]}
    told, _ = answered(capsys, "summary", "--scenario", name, "--set", "horizon_months=24", workspace=company)
    assert name not in told["scenario"]["name"] and told["scenario"]["id"] != kept["scenarios"][0]["id"]


def test_a_report_is_one_file_in_the_language_asked_for_or_a_folder_or_archive_of_charts(sample, tmp_path, capsys):
    page, charts, archive = tmp_path / "report.html", tmp_path / "charts", tmp_path / "charts.zip"
    plan = tmp_path / "plan 2027.toml"
    plan.write_text("investment_level_percent = 120\n")
    line = ("report", "--scenario", plan, "--language", "ar", "--out")
    told, _ = answered(capsys, *line, page, workspace=sample)
    whole = page.read_text(encoding="utf-8")
    assert told["files"] == [str(page)] and told["scenario"]["name"] == "plan 2027"
    assert 'dir="rtl"' in whole and "الفلل" in whole and told["scenario"]["id"] in whole
    told, _ = answered(capsys, "report", "--out", tmp_path / "panel.CSV", workspace=sample)
    assert told["format"] == "csv" and not (tmp_path / "panel.CSV").read_bytes().startswith(b"<!")
    many, _ = answered(capsys, *line, charts, "--format", "svg", workspace=sample)
    one, _ = answered(capsys, *line, archive, "--format", "svg", workspace=sample)
    assert many["files"] == sorted(map(str, charts.iterdir())) and one["files"] == [str(archive)]
    assert zipfile.ZipFile(archive).namelist() == [Path(file).name for file in many["files"]]


def test_a_report_is_closed_by_the_password_of_the_environment_and_by_no_argument(
    company, tmp_path, capsys, monkeypatch
):
    page = tmp_path / "board.pdf"
    line = ("report", "--out", page, "--password", "--format")
    answered(capsys, *line, "pdf-summary", workspace=company, code=1)
    monkeypatch.setenv("CXROI_REPORT_PASSWORD", "open sesame")
    refused, _ = answered(capsys, *line, "csv", workspace=company, code=1)
    assert "pdf-slides" in refused["error"]["message"] and not page.exists()
    told, _ = answered(capsys, *line, "pdf-summary", workspace=company)
    assert PdfReader(page).decrypt("open sesame") and "sesame" not in json.dumps(told)


def test_a_password_is_typed_twice_and_the_same(monkeypatch):
    monkeypatch.setattr(report, "on_terminal", lambda: True)
    typed = iter(("one", "one", "one", "two"))
    monkeypatch.setattr(report, "getpass", lambda _: next(typed))
    assert report._password("pdf", Text("en")) == "one"
    with pytest.raises(ReportError, match="differ"):
        report._password("pdf", Text("en"))


def test_what_stands_behind_the_verdict_is_told_with_every_verdict_so_far(sample, capsys):
    told, _ = answered(capsys, "evidence", "--every-version", workspace=sample)
    assert told["channels"][0]["id"] == "churn" and told["verdicts"][-1]["why"] == ["first"]
    assert not told["versions_without_verdict"] and {len(one["predictive"]) for one in told["channels"]} == {6}


def test_where_a_test_is_worth_most_and_two_groups_by_lot(sample, tmp_path, capsys):
    told, _ = answered(capsys, "pilot", "where", workspace=sample)
    nets = [float(one["net"]) for one in told["tests"]]
    assert nets == sorted(nets, reverse=True) and "all" in {one["segment"] for one in told["tests"]}
    line = ("pilot", "assign", "--customers", "60", "--seed", "4", "--out", str(tmp_path / "lists"))
    told, _ = answered(capsys, *line, workspace=sample)
    first = {path: path.read_bytes() for path in map(Path, told["files"])}
    answered(capsys, *line, workspace=sample)
    assert len(first) == 2 and {path: path.read_bytes() for path in first} == first
    assert told["treated"] == told["control"] == 60
    refused, _ = answered(capsys, "pilot", "assign", workspace=sample, code=2)
    assert refused["error"]["id"] == "cli.use.missing"


def test_the_sample_company_has_four_segments_and_scores(sample, capsys):
    told, _ = answered(capsys, "baseline", workspace=sample)
    assert len(told["segments"]) == 5 and told["illustrative"] is True
    told, _ = answered(capsys, "scores", workspace=sample)
    assert {line["metric"] for line in told["scores"]} == {"nps", "csat", "ces"}
    assert all(line["low"] <= line["score"] <= line["high"] for line in told["scores"])
    assert 0 < told["coverage"]["customers_rate"] < 1


def test_a_table_written_out_can_be_loaded_again(company, tmp_path, capsys):
    answered(capsys, "table", "monthly", "--out", tmp_path / "rows.csv", workspace=company)
    told, _ = answered(capsys, "import", tmp_path / "rows.csv", workspace=tmp_path / "other")
    (file,) = told["files"]
    assert (file["table"], file["outcome"]) == ("monthly", "loaded")
    before, _ = answered(capsys, "baseline", workspace=company)
    after, _ = answered(capsys, "baseline", workspace=tmp_path / "other")
    assert after["segments"] == before["segments"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("table", "nothing", "--out", "x.csv"), "nothing"),
        (("table", "monthly", "--out", "x.docx"), "docx"),
        (("table", "monthly", "--out", "no/such/folder/x.csv"), "x.csv"),
        (("panel", "--out", "x.docx"), "docx"),
        (("restore", "99"), "99"),
        (("delete", "99"), "99"),
        (("delete", "1"), ""),
        (("scores",), ""),
        (("import", "no-such-file.csv"), "no-such-file.csv"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(line, told, company, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    refusal, said = answered(capsys, *line, workspace=company, code=1)
    assert told in said
    assert refusal["error"]["id"] not in {"cli.unexpected", "text.missing"}


def test_versions_come_and_go(tmp_path, capsys):
    folder = tmp_path / "workspace"
    first = written(tmp_path / "first.csv", monthly_rows(months=24))
    second = written(tmp_path / "second.csv", monthly_rows(months=30))
    made = [answered(capsys, "import", file, workspace=folder)[0]["version"] for file in (first, second)]
    listed, _ = answered(capsys, "versions", workspace=folder)
    assert [one["id"] for one in listed["versions"]] == made[::-1]
    assert [one["current"] for one in listed["versions"]] == [True, False]
    answered(capsys, "restore", made[0], workspace=folder)
    told, _ = answered(capsys, "tables", workspace=folder)
    assert told["tables"][0]["rows"] == 24 * len(SEGMENTS)
    (table,) = answered(capsys, "compare", *made, workspace=folder)[0]["tables"]
    assert (table["rows_before"], table["rows_after"]) == (24 * len(SEGMENTS), 30 * len(SEGMENTS))
    assert float(table["totals_after"]["cx_spend"]) > float(table["totals_before"]["cx_spend"])
    answered(capsys, "delete", made[1], workspace=folder)
    listed, _ = answered(capsys, "versions", workspace=folder)
    assert made[1] not in [one["id"] for one in listed["versions"]]


def test_the_same_file_twice_is_not_loaded_twice(tmp_path, capsys):
    file = written(tmp_path / "monthly.csv", monthly_rows(months=24))
    first, _ = answered(capsys, "import", file, workspace=tmp_path / "w")
    second, said = answered(capsys, "import", file, workspace=tmp_path / "w", code=1)
    assert second["version"] == first["version"] and "monthly" in said


def test_a_folder_and_a_pattern_stand_for_their_files_and_one_table_goes_on(tmp_path, capsys):
    folder = tmp_path / "exports"
    folder.mkdir()
    rows = monthly_rows(months=24)
    written(folder / "a.csv", rows[:40])
    written(folder / "b.csv", rows[40:])
    (folder / "notes.md").write_text("not a table")
    for place, given in enumerate((folder, folder / "*.csv")):
        told, _ = answered(capsys, "import", given, workspace=tmp_path / f"w{place}")
        assert [one["file"] for one in told["files"]] == ["a.csv", "b.csv"]
        listed, _ = answered(capsys, "tables", workspace=tmp_path / f"w{place}")
        assert listed["tables"][0]["rows"] == len(rows)
    (tmp_path / "empty").mkdir()
    answered(capsys, "import", tmp_path / "empty", workspace=tmp_path / "w0", code=1)


def test_appending_a_month_keeps_the_others(tmp_path, capsys):
    rows = monthly_rows(months=24)
    for name, part in (("first", rows[:-1]), ("next", rows[-1:])):
        answered(capsys, "import", written(tmp_path / f"{name}.csv", part), "--append", workspace=tmp_path / "w")
    listed, _ = answered(capsys, "tables", workspace=tmp_path / "w")
    assert listed["tables"][0]["rows"] == len(rows)


def test_a_load_that_is_told_to_stop_leaves_nothing_behind(tmp_path):
    big = tmp_path / "orders.csv"
    line = b"C%07d,2025-03-04,12.50\n"
    big.write_bytes(b"customer_id,ordered_on,amount\n" + b"".join(line % n for n in range(1_500_000)))
    folder = tmp_path / "w"
    with subprocess.Popen(
        [sys.executable, "-m", "cxroi", "import", big, "--workspace", folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    ) as load:
        quarantine = folder / "quarantine"
        while load.poll() is None and not list(quarantine.glob("*/job.json")):
            time.sleep(0.01)
        load.terminate()
        said = load.communicate(timeout=60)[1].decode()
    assert load.returncode == 1 and said.strip() and "Traceback" not in said
    assert not list(quarantine.iterdir())
    assert run("tables", workspace=folder).returncode == 1


def edited(**changes):
    rows = monthly_rows(months=24)
    rows[5].update(changes)
    return rows


BAD_FILES = {
    "empty": b"",
    "only a header": b"month,segment,customers_at_start,customers_lost,revenue,cx_spend\n",
    "a wrong table": b"planet,moons,colour\nMars,2,red\nEarth,1,blue\n",
    "a missing required column": b"month,segment,customers_at_start,revenue,cx_spend\n2024-01-01,A,10,5,1\n",
    "no text at all": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_cannot_be_taken_is_refused_and_nothing_is_lost(kind, language, company, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(BAD_FILES[kind])
    before, _ = answered(capsys, "tables", workspace=company)
    line = ("import", bad, "--as", "monthly") if kind == "a missing required column" else ("import", bad)
    told, said = answered(capsys, *line, "--language", language, workspace=company, code=1)
    (file,) = told["files"]
    assert file["outcome"] == "refused" and file["version"] is None
    assert file["message"] in said
    assert any("\u0600" <= sign <= "\u06ff" for sign in said) == (language == "ar")
    assert answered(capsys, "tables", workspace=company)[0] == before


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"month": "someday"}, "month"),
        ({"customers_lost": "several"}, "customers_lost"),
        ({"revenue": "12x"}, "revenue"),
        ({"revenue": "1e30"}, "revenue"),
    ],
)
def test_an_unreadable_or_absurd_cell_rejects_its_row_and_says_so(change, column, tmp_path, capsys):
    file = written(tmp_path / "monthly.csv", edited(**change))
    told, _ = answered(capsys, "import", file, workspace=tmp_path / "w")
    (one,) = told["files"]
    assert one["outcome"] == "loaded_with_rejects"
    assert one["rows_read"] == one["rows_loaded"] + one["rows_rejected"] + one["rows_skipped"]
    (reject,) = one["rejects"]
    assert (reject["row"], reject["column"], reject["value"]) == (7, column, change[column])
    assert reject["reason"]


def test_rejected_rows_come_back_mended(tmp_path, capsys):
    file = written(tmp_path / "monthly.csv", edited(revenue="12x"))
    answered(capsys, "import", file, workspace=tmp_path / "w")
    mended = tmp_path / "rejects.csv"
    answered(capsys, "rejects", "monthly", "--out", mended, workspace=tmp_path / "w")
    content = mended.read_text(encoding="utf-8-sig")
    assert content.count("12x") == 1
    mended.write_text(content.replace("12x", "320000.00"), encoding="utf-8")
    told, _ = answered(capsys, "import", mended, "--append", workspace=tmp_path / "w")
    assert told["files"][0]["outcome"] == "loaded"
    listed, _ = answered(capsys, "tables", workspace=tmp_path / "w")
    assert listed["tables"][0]["rows"] == 24 * len(SEGMENTS)
    answered(capsys, "rejects", "costs", "--out", mended, workspace=tmp_path / "w", code=1)


def test_on_reject_stop_refuses_what_one_bad_row_would_spoil(tmp_path, capsys):
    file = written(tmp_path / "monthly.csv", edited(revenue="12x"))
    told, _ = answered(capsys, "import", file, "--on-reject", "stop", workspace=tmp_path / "w", code=1)
    assert told["files"][0]["outcome"] == "refused" and told["version"] is None


def test_many_bad_rows_are_refused_until_one_says_load(tmp_path, capsys):
    rows = monthly_rows(months=24)
    for row in rows[::4]:
        row["revenue"] = "unknown"
    file = written(tmp_path / "monthly.csv", rows)
    answered(capsys, "import", file, workspace=tmp_path / "w", code=1)
    told, _ = answered(capsys, "import", file, "--on-reject", "load", workspace=tmp_path / "w")
    assert told["files"][0]["rows_rejected"] == len(rows[::4])


def test_scores_outside_their_scale_are_rejected(tmp_path, capsys):
    rows = [{"answered_on": f"2025-01-{day:02d}", "score": day % 11, "metric": "nps"} for day in range(1, 29)]
    rows[3]["score"] = 12
    file = written(tmp_path / "surveys.csv", rows)
    told, _ = answered(capsys, "import", file, "--as", "surveys", workspace=tmp_path / "w")
    (one,) = told["files"]
    assert [(reject["row"], reject["value"]) for reject in one["rejects"]] == [(5, "12")]


def test_negative_money_is_loaded_and_flagged(tmp_path, capsys):
    rows = [{"period": f"2025-{m:02d}-01", "amount": "-50.00" if m == 3 else "100.00"} for m in range(1, 13)]
    file = written(tmp_path / "ledger.csv", rows)
    told, _ = answered(capsys, "import", file, "--as", "costs", "--other-lines", "cx", workspace=tmp_path / "w")
    (one,) = told["files"]
    assert one["rows_loaded"] == 12 and one["findings"]
    assert float(one["totals"]["amount"]) == 1050


def test_a_control_total_that_does_not_match_refuses_the_ledger(tmp_path, capsys):
    rows = [{"period": f"2025-{m:02d}-01", "amount": "100.01"} for m in range(1, 13)]
    file = written(tmp_path / "ledger.csv", rows)
    line = ("import", file, "--as", "costs", "--other-lines", "cx", "--control-total")
    told, said = answered(capsys, *line, "1200.13", workspace=tmp_path / "w", code=1)
    assert told["files"][0]["outcome"] == "refused" and "1,200.13" in said.replace("1200.13", "1,200.13")
    told, _ = answered(capsys, *line, "1200.12", workspace=tmp_path / "w")
    assert told["files"][0]["outcome"] == "loaded"


def company_of(tmp_path, capsys, rows):
    answered(capsys, "import", written(tmp_path / "monthly.csv", rows), workspace=tmp_path / "w")
    return tmp_path / "w"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_panel_whose_counts_do_not_add_up_is_refused_with_the_place(language, tmp_path, capsys):
    workspace = company_of(tmp_path, capsys, edited(customers_at_start=9999))
    for command in (("panel", "--out", tmp_path / "p.csv"), ("baseline",), ("evaluate",)):
        refusal, said = answered(capsys, *command, "--language", language, workspace=workspace, code=1)
        assert refusal["error"]["id"].startswith("panel.")
        assert SEGMENTS[0] in said


def test_fewer_than_six_months_are_not_enough_evidence(tmp_path, capsys):
    told, _ = answered(capsys, "evaluate", workspace=company_of(tmp_path, capsys, monthly_rows(months=5)))
    assert told["verdict"]["call"] == "not_enough_evidence"
    assert "fail" in {check["status"] for check in told["health"]}


def test_spend_that_never_moved_is_not_enough_evidence(tmp_path, capsys):
    told, _ = answered(capsys, "evaluate", workspace=company_of(tmp_path, capsys, monthly_rows(months=24, moves=0.0)))
    assert told["verdict"]["call"] == "not_enough_evidence"
    failed = [check for check in told["health"] if check["status"] == "fail"]
    assert any(check["check"] == "spend_variation" and check["advice"] for check in failed)


@pytest.mark.parametrize(
    "rows", [monthly_rows(months=24, spend=0.0), monthly_rows(months=24, customers=1)], ids=["no spend", "one customer"]
)
def test_a_company_without_spend_or_with_one_customer_gets_an_answer_or_a_sentence(rows, tmp_path, capsys):
    workspace = company_of(tmp_path, capsys, rows)
    told, said = answered(capsys, "evaluate", workspace=workspace, code=None)
    if "error" in told:
        assert told["error"]["id"].startswith(("panel.", "scenario.", "model."))
        assert told["error"]["message"] in said
    else:
        assert told["verdict"]["call"] == "not_enough_evidence"


def test_segments_in_one_table_only_still_give_a_whole_company(tmp_path, capsys):
    customers = [
        {
            "customer_id": f"{n:05d}",
            "joined_on": f"2023-{n % 12 + 1:02d}-15",
            "left_on": f"2025-{n % 7 + 1:02d}-20" if n % 3 == 0 else "",
            "segment": SEGMENTS[n % 3],
            "monthly_revenue": "80.00",
        }
        for n in range(600)
    ]
    costs = [
        {"period": f"{2023 + m // 12}-{m % 12 + 1:02d}-01", "amount": f"{500 + 100 * (m % 5)}.00"} for m in range(36)
    ]
    for name, rows in (("customers", customers), ("costs", costs)):
        answered(
            capsys,
            "import",
            written(tmp_path / f"{name}.csv", rows),
            "--as",
            name,
            "--other-lines",
            "cx",
            workspace=tmp_path / "w",
        )
    receipt, _ = answered(capsys, "forget", "00007", workspace=tmp_path / "w")
    assert receipt["rows_removed"]["customers"] >= 1 and "00007" not in json.dumps(receipt)
    told, _ = answered(capsys, "baseline", workspace=tmp_path / "w")
    by_segment = {one["segment"]: float(one["cx_spend_per_month"]) for one in told["segments"]}
    assert set(SEGMENTS) <= set(by_segment)
    assert sum(spend for segment, spend in by_segment.items() if segment != "all") == pytest.approx(by_segment["all"])


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    ended = run("tables", workspace=tmp_path / "file" / "inside")
    assert ended.returncode == 1 and ended.stderr.strip()


def test_a_damaged_workspace_is_told_and_repaired(tmp_path, capsys):
    folder = tmp_path / "w"
    for months in (24, 30):
        answered(capsys, "import", written(tmp_path / "m.csv", monthly_rows(months=months)), workspace=folder)
    newest = answered(capsys, "versions", workspace=folder)[0]["versions"][0]["id"]
    parquet = next((folder / "snapshots" / newest).glob("*.parquet"))
    parquet.chmod(0o600)
    parquet.write_bytes(parquet.read_bytes()[:-9])
    answered(capsys, "baseline", workspace=folder, code=1)
    answered(capsys, "repair", workspace=folder)
    told, _ = answered(capsys, "tables", workspace=folder)
    assert told["tables"][0]["rows"] == 30 * len(SEGMENTS)
    parquet.write_bytes(parquet.read_bytes()[:-9])
    shutil.rmtree(folder / "spare")
    told, _ = answered(capsys, "repair", workspace=folder)
    assert told["given_up"] == [newest]
    told, _ = answered(capsys, "tables", workspace=folder)
    assert told["tables"][0]["rows"] == 24 * len(SEGMENTS)


def test_a_correction_and_the_rules_of_a_ledger_hold_for_the_next_file(tmp_path, capsys):
    folder = tmp_path / "w"
    rows = [
        {"When": f"2025-{m:02d}", "What": what, "Paid": f"{10 * m}.00"} for m in (1, 2) for what in ("Care", "Rent")
    ]
    line = ("--as", "costs", "--map", "amount=Paid", "--map", "period=When", "--map", "category=What")
    first = written(tmp_path / "first.csv", rows)
    rules = ("--cx-rule", "category=care", "--not-cx-rule", "category=rent")
    answered(capsys, "import", first, *line, *rules, workspace=folder)
    second = written(tmp_path / "second.csv", [{**row, "Paid": "7.00"} for row in rows])
    told, _ = answered(capsys, "import", second, workspace=folder)
    (file,) = told["files"]
    assert (file["table"], file["mapping"]["amount"]) == ("costs", "Paid")
    assert {"finding.mapping_recalled", "finding.rules_recalled"} <= {one["id"] for one in file["findings"]}
    answered(capsys, "table", "costs", "--out", tmp_path / "costs.csv", workspace=folder)
    assert pd.read_csv(tmp_path / "costs.csv")["is_cx"].tolist() == [True, False, True, False]
    kept, _ = answered(capsys, "rules", workspace=folder)
    assert [(one["column"], one["contains"], one["decision"]) for one in kept["rules"]] == [
        ("category", "care", "cx"),
        ("category", "rent", "not_cx"),
    ]
    more, _ = answered(capsys, "rules", "--acquisition-rule", "category=ads", workspace=folder)
    assert more["rules"][-1] == {"column": "category", "contains": "ads", "decision": "acquisition"}
    assert answered(capsys, "rules", "--clear", workspace=folder)[0]["rules"] == []


def test_a_control_total_may_be_typed_in_arabic_digits(tmp_path, capsys):
    file = written(tmp_path / "ledger.csv", [{"period": "2025-01", "amount": "12345.50", "note": "Care"}])
    told, _ = answered(
        capsys, "import", file, "--control-total", "١٢٬٣٤٥٫٥٠", "--other-lines", "cx", workspace=tmp_path / "w"
    )
    assert "finding.total_met" in {finding["id"] for finding in told["files"][0]["findings"]}


@pytest.mark.parametrize("given", ["planet=care", "category", "category="])
def test_a_rule_that_cannot_be_meant_is_wrong_use(given, tmp_path, capsys):
    file = written(tmp_path / "ledger.csv", [{"period": "2025-01", "amount": "1"}])
    answered(capsys, "import", file, "--cx-rule", given, workspace=tmp_path / "w", code=2)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_template_is_a_workbook_that_loads(language, tmp_path, capsys):
    book = tmp_path / "orders.xlsx"
    answered(capsys, "template", "orders", "--out", book, "--language", language, workspace=tmp_path / "w")
    told, _ = answered(
        capsys, "import", book, "--sheet", Text(language)("table.orders._name"), workspace=tmp_path / "w"
    )
    assert (told["files"][0]["table"], told["files"][0]["rows_loaded"]) == ("orders", 3)
    answered(capsys, "template", "planets", "--out", book, workspace=tmp_path / "w", code=1)
    answered(capsys, "template", "orders", "--out", tmp_path / "orders.csv", workspace=tmp_path / "w", code=1)


def take_the_terminal():
    """Give a child its terminal, and Ctrl-C its meaning: a run of the tests in the background has it ignored, and hands that on."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("ends", ["by itself", "by Ctrl-C"])
def test_on_a_terminal_a_load_tells_how_far_it_is_and_ctrl_c_leaves_nothing_behind(ends, tmp_path):
    import pty

    big, folder = tmp_path / "orders.csv", tmp_path / "w"
    line = b"C%07d,2025-03-04,12.50\n"
    big.write_bytes(b"customer_id,ordered_on,amount\n" + b"".join(line % n for n in range(1_500_000)))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 100, 0, 0))
    load = subprocess.Popen(
        [sys.executable, "-m", "cxroi", "import", big, "--yes", "--workspace", folder],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        preexec_fn=take_the_terminal,
    )
    os.close(slave)
    said, stopped = b"", False
    while True:
        try:
            said += os.read(master, 4096)
        except OSError:  # the other end is closed
            break
        if ends == "by Ctrl-C" and not stopped and b"orders.csv:" in said:
            os.write(master, b"\x03")
            stopped = True
    os.close(master)
    ended = load.wait(timeout=60)
    assert b"Traceback" not in said and b"B/s" in said and b"orders.csv:" in said
    assert not list((folder / "quarantine").iterdir())
    assert ended == (1 if stopped else 0)
    assert run("tables", workspace=folder).returncode == (1 if stopped else 0)


def test_segments_stay_inside_the_bounds_that_a_person_states(company, capsys):
    told, _ = answered(capsys, "allocate", "--bound", "Homes=100..100", "--bound", "Shops=90..95", workspace=company)
    share = {move["segment"]: float(move["spend"]) / float(move["today_spend"]) for move in told["moves"]}
    assert share["Homes"] == pytest.approx(1) and 0.9 - 1e-9 <= share["Shops"] <= 0.95 + 1e-9
    for given in ("Homes=80", "Homes=120..80", "Homes=-1..5", "Homes=100..900", "Homes=a..b"):
        answered(capsys, "allocate", "--bound", given, workspace=company, code=2)
    refusal, _ = answered(capsys, "allocate", "--bound", "Nowhere=1..2", workspace=company, code=1)
    assert refusal["error"]["id"] == "segments.unknown"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_target_that_no_segment_can_reach_is_explained(language, company, capsys):
    line = ("allocate", "--target-return", "500")
    told, _ = answered(capsys, *line, workspace=company)
    assert set(told["unattainable"]) == set(SEGMENTS)
    assert main([*line, "--language", language, "--workspace", str(company)]) == 0
    said = capsys.readouterr().out
    for move in told["moves"]:
        sentence = Text(language).counting(told["currency"])(
            "allocation.unattainable",
            segment=move["segment"],
            rate=Text(language).percent(move["marginal_roi"], 0),
        )
        assert sentence in said


def order_rows(customers=400, seed=3):
    """Return orders of customers who order at a rate of their own and stop after one order in ten."""
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(customers):
        day, rate = int(rng.integers(0, 360)), rng.gamma(2.0, 0.01)
        while day < 720:
            date = pd.Timestamp("2023-01-01") + pd.Timedelta(days=day)
            rows.append(
                {"customer_id": f"{n:04d}", "ordered_on": f"{date:%Y-%m-%d}", "amount": f"{rng.gamma(4, 10):.2f}"}
            )
            if rng.random() < 0.1:
                break
            day += 1 + int(rng.exponential(1 / rate))
    return rows


def test_customers_known_by_their_orders_are_worth_their_orders_ahead(tmp_path, capsys):
    rows, folder = order_rows(), tmp_path / "w"
    answered(capsys, "import", written(tmp_path / "orders.csv", rows), "--as", "orders", workspace=folder)
    costs = [{"period": f"{2023 + m // 12}-{m % 12 + 1:02d}", "amount": "900.00"} for m in range(24)]
    answered(
        capsys,
        "import",
        written(tmp_path / "costs.csv", costs),
        "--as",
        "costs",
        "--other-lines",
        "cx",
        workspace=folder,
    )
    line = ("value", "--horizon-months", "12", "--annual-discount-rate", "0")
    ((*_, whole), margin) = (
        (found := answered(capsys, *line, workspace=folder)[0]["orders"])["segments"],
        found["margin_rate"],
    )
    assert whole["segment"] == "all" and whole["customers"] == len({row["customer_id"] for row in rows})
    assert 0 < whole["alive_rate"] < 1
    amount = np.mean([float(row["amount"]) for row in rows])
    assert float(whole["value"]) == pytest.approx(margin * amount * whole["expected_orders"], rel=0.15)
    last_year = sum(row["ordered_on"] >= "2024-01-01" for row in rows) / whole["customers"]
    assert whole["expected_orders"] == pytest.approx(last_year, rel=0.5)
    assert main([*line, "--workspace", str(folder)]) == 0
    assert Text("en")("heading.orders_ahead") in capsys.readouterr().out


def test_orders_that_show_nobody_leaving_beside_a_count_that_does_are_said_with_a_range_over_both(tmp_path, capsys):
    rng, rows, folder = np.random.default_rng(8), [], tmp_path / "w"
    for n, (rate, first) in enumerate(zip(rng.gamma(1.2, 1 / 80, 500), rng.uniform(0, 180, 500), strict=True)):
        day = float(first)
        while day < 420:  # fourteen months, and nobody ever leaves
            ordered = pd.Timestamp("2023-11-01") + pd.Timedelta(days=int(day))
            rows.append(
                {"customer_id": f"{n:04d}", "ordered_on": f"{ordered:%Y-%m-%d}", "amount": f"{rng.gamma(4, 5):.2f}"}
            )
            day += 1 + rng.exponential(1 / rate)
    answered(capsys, "import", written(tmp_path / "orders.csv", rows), workspace=folder)
    found, _ = answered(capsys, "value", workspace=folder)
    orders, stay = found["orders"], found["segments"][-1]["annual_retention_rate"]
    assert orders["doubt"] == "contradicted" and stay["high"] < 0.8
    whole = orders["segments"][-1]
    assert whole["alive"]["low"] < 0.8 < 0.98 < whole["alive"]["high"]
    assert float(whole["clv"]["low"]) < 0.8 * float(whole["clv"]["high"])
    for language in ("en", "ar"):
        assert main(["value", "--workspace", str(folder), "--language", language]) == 0
        out = capsys.readouterr().out
        assert Text(language)("customers.orders_contradicted", stay="|").split("|")[0] in out


def survey_rows(orders, seed=5):
    """Return answers a day after orders, on two touchpoints; who is content with delivery is more likely to order again."""
    rng = np.random.default_rng(seed)
    listed = (
        pd.DataFrame(orders).assign(day=lambda d: pd.to_datetime(d["ordered_on"])).sort_values(["customer_id", "day"])
    )
    again = listed.groupby("customer_id")["day"].shift(-1) - listed["day"] <= pd.Timedelta(days=85)
    for customer, day, back in zip(listed["customer_id"], listed["day"], again, strict=True):
        for touchpoint, content in (("delivery", 0.55 + 0.25 * back), ("website", 0.6)):
            score = 5 if rng.random() < content else 2
            asked = f"{day + pd.Timedelta(days=1):%Y-%m-%d}"
            yield {
                "customer_id": customer,
                "answered_on": asked,
                "score": str(score),
                "metric": "csat",
                "touchpoint": touchpoint,
                "weight": "1.5",
            }


def test_orders_and_surveys_without_a_cost_ledger_tell_what_brings_customers_back_and_what_they_are_worth(
    tmp_path, capsys
):
    rows, folder = order_rows(customers=900), tmp_path / "w"
    answered(capsys, "import", written(tmp_path / "orders.csv", rows), "--as", "orders", workspace=folder)
    surveys = written(tmp_path / "surveys.csv", list(survey_rows(rows)))
    answered(capsys, "import", surveys, "--as", "surveys", workspace=folder)
    told, _ = answered(capsys, "drivers", workspace=folder)
    found = {one["touchpoint"]: one for one in told["drivers"]}
    assert told["outcome"] == "ordered_again"
    assert found["delivery"]["flag"] == "none" and found["delivery"]["effect"]["low"] > 0
    assert found["delivery"]["beside"] == ["website"] and found["website"]["flag"] == "not_significant"
    assert float(answered(capsys, "value", workspace=folder)[0]["orders"]["segments"][-1]["value"]) > 0
    assert {one["measure"] for one in answered(capsys, "forecast", workspace=folder)[0]["measures"]} >= {"revenue"}
    refusal, _ = answered(capsys, "evaluate", workspace=folder, code=1)
    assert refusal["error"]["id"] == "store.not_enough_tables"
    assert main(["drivers", "--workspace", str(folder)]) == 0
    said = capsys.readouterr().out
    assert Text("en")("drivers.flag_again.not_significant") in said
    assert Text("en")("drivers.impact_ordered_again") in said


def test_what_satisfaction_is_held_against_may_be_chosen(tmp_path, capsys):
    """Orders may be held against; leaving is unknown where nobody has a leaving date, and then nothing is said of any touchpoint."""
    rows, folder = order_rows(customers=400), tmp_path / "w"
    answered(capsys, "import", written(tmp_path / "orders.csv", rows), "--as", "orders", workspace=folder)
    surveys = written(tmp_path / "surveys.csv", list(survey_rows(rows)))
    answered(capsys, "import", surveys, "--as", "surveys", workspace=folder)
    by = {
        name: answered(capsys, "drivers", "--outcome", name, workspace=folder)[0] for name in ("left", "ordered_again")
    }
    assert all(told["outcome"] == name for name, told in by.items())
    assert {one["flag"] for one in by["left"]["drivers"]} == {"thin"}
    assert sum(one["events"] for one in by["ordered_again"]["drivers"]) > 0


def test_customers_with_leaving_dates_are_valued_without_a_cost_ledger(tmp_path, capsys):
    rng, rows = np.random.default_rng(2), []
    for n in range(400):
        joined = pd.Timestamp("2022-01-01") + pd.Timedelta(days=int(rng.integers(0, 700)))
        left = joined + pd.Timedelta(days=int(rng.exponential(500)))
        left_on = f"{left:%Y-%m-%d}" if left < pd.Timestamp("2024-06-30") else ""
        rows.append(
            {"customer_id": f"{n}", "joined_on": f"{joined:%Y-%m-%d}", "left_on": left_on, "monthly_revenue": "30"}
        )
    answered(capsys, "import", written(tmp_path / "c.csv", rows), "--as", "customers", workspace=tmp_path / "w")
    told, _ = answered(capsys, "value", workspace=tmp_path / "w")
    monthly = told["segments"][-1]["monthly_churn_rate"]
    assert monthly["low"] < 1 - np.exp(-30.4375 / 500) < monthly["high"]


def pilot_rows(gain, drift=0.0):
    """Return twelve months of two groups in each of four segments, treated from the seventh on; they may drift apart."""
    rng = np.random.default_rng(11)
    rows = []
    for place, segment in enumerate(("A", "B", "C", "D")):
        for month in range(12):
            for group in ("treated", "control"):
                stay = 0.96 - 0.003 * place + (gain if group == "treated" and month >= 6 else 0)
                stay -= drift * month if group == "control" else 0
                rows.append(
                    {
                        "group": group,
                        "period": f"2025-{month + 1:02d}",
                        "segment": segment,
                        "customers": 5000,
                        "retained": int(rng.binomial(5000, stay)),
                    }
                )
    return rows


def test_an_uploaded_pilot_is_measured_with_the_months_before_as_checks(company, tmp_path, capsys):
    folder = tmp_path / "w"
    answered(capsys, "pilot", "measure", workspace=company, code=1)
    file = written(tmp_path / "pilots.csv", pilot_rows(gain=0.01))
    answered(capsys, "import", file, "--as", "pilots", workspace=folder)
    told, _ = answered(capsys, "pilot", "measure", "--since", "2025-07", workspace=folder)
    assert [one["segment"] for one in told["pilots"]] == ["A", "B", "C", "D"]
    assert all(one["months"] == 6 and one["difference"]["mid"] > 0 for one in told["pilots"])
    over_time = told["over_time"]
    assert over_time["effect"]["low"] < -0.01 < over_time["effect"]["high"] < 0 and over_time["units"] == 8
    one, _ = answered(capsys, "pilot", "measure", "--since", "2025-07", "--segment", "A", workspace=folder)
    assert one["over_time"] is None and one["over_time_problem"]
    assert len(one["pilots"]) == 1
    answered(capsys, "pilot", "measure", "--since", "someday", workspace=folder, code=2)
    answered(capsys, "pilot", "measure", "--segment", "Z", workspace=folder, code=1)
    assert main(["pilot", "measure", "--since", "2025-07", "--workspace", str(folder)]) == 0
    said = capsys.readouterr().out
    for check in ("pre_trend", "placebo"):
        assert Text("en")(f"pilots.{check}.{'passes' if over_time[check]['passes'] else 'fails'}") in said


def test_margin_and_joins_of_an_uploaded_pilot_are_measured_with_it_and_what_cannot_be_is_said(tmp_path, capsys):
    folder, rng = tmp_path / "w", np.random.default_rng(3)
    rows = [
        row
        | {
            "margin": round(
                40 * 5000 * (1.05 if row["group"] == "treated" and row["period"] > "2025-06" else 1) * noise, 2
            ),
            "support_cost": 20_000 if row["period"] > "2025-06" else "",
            "joined": int(rng.poisson(150)),
        }
        for row, noise in ((row, np.exp(rng.normal(0, 0.01))) for row in pilot_rows(gain=0.01))
    ]
    answered(capsys, "import", written(tmp_path / "pilots.csv", rows), "--as", "pilots", workspace=folder)
    told, _ = answered(capsys, "pilot", "measure", "--since", "2025-07", "--segment", "A", workspace=folder)
    (one,) = told["pilots"]
    assert [other["outcome"] for other in one["outcomes"]] == ["margin", "joins"]
    margin = one["outcomes"][0]
    assert margin["against_before"] and margin["change"]["low"] < 0.05 < margin["change"]["high"]
    assert one["outcomes_refused"] == {"support": "pilot.outcome_incomplete"}
    for language in ("en", "ar"):
        assert main(["pilot", "measure", "--since", "2025-07", "--workspace", str(folder), "--language", language]) == 0
        said, text = capsys.readouterr().out, Text(language)
        assert text("pilot.outcome_incomplete", column="support_cost") in said
        assert text("pilots.outcome_before") in said


def test_groups_that_drifted_apart_before_the_pilot_lower_its_grade(tmp_path, capsys):
    file = written(tmp_path / "pilots.csv", pilot_rows(gain=0.01, drift=0.004))
    answered(capsys, "import", file, "--as", "pilots", workspace=tmp_path / "w")
    told, _ = answered(capsys, "pilot", "measure", "--since", "2025-07", workspace=tmp_path / "w")
    over_time = told["over_time"]
    assert not over_time["pre_trend"]["passes"] and not over_time["placebo"]["passes"] and over_time["grade"] == "C"


def test_an_uploaded_event_is_taken_out_and_named_in_the_answer_and_the_words(tmp_path, capsys):
    folder = company_of(tmp_path, capsys, monthly_rows())
    before, _ = answered(capsys, "evaluate", workspace=folder)
    rows = [
        {"date": "2024-02-20", "event": "Network outage", "type": "انقطاع", "segment": SEGMENTS[0]},
        {"date": "2026-01-01", "event": "Tax", "type": "price", "segment": ""},
    ]
    written(tmp_path / "events.csv", rows)
    answered(capsys, "import", tmp_path / "events.csv", workspace=folder)
    told, _ = answered(capsys, "evaluate", workspace=folder)
    assert "events" not in before and told["verdict"] != before["verdict"]
    outage, tax = told["events"]
    assert (outage["kind"], outage["lasts"], outage["taken_out"]) == ("outage", False, True)
    assert {one["id"] for one in outage["changes"]} >= {"churn"}
    assert (tax["lasts"], tax["left_out"], tax["changes"]) == (True, "after", [])
    for language in ("en", "ar"):
        assert main(["evaluate", "--workspace", str(folder), "--language", language]) == 0
        said, text = capsys.readouterr().out, Text(language)
        assert text("events.headline", count=1) in said and said.count("Network outage") == 2
        assert text("events.since", month=text.month(date(2026, 1, 1))) in said


@pytest.mark.parametrize("kind", ["contracts", "orders", "months"])
def test_customers_are_told_as_far_as_the_data_go(kind, tmp_path, capsys):
    tables = made_customers.contracts()
    discounted = [{**row, "discount": "2"} for row in tables["orders"]]
    made = {"contracts": tables, "orders": {"orders": discounted}, "months": made_customers.months()}[kind]
    made_customers.publish(tmp_path / "w", **made)
    told, _ = answered(capsys, "customers", workspace=tmp_path / "w")
    every = told["months"]
    assert [one["active_at_start"] for one in every[1:]] == [one["active_at_end"] for one in every[:-1]]
    assert (told["cohorts"]["by_customers"] is None) is (kind == "months") and (told["tenure"] == []) is (
        kind != "contracts"
    )
    assert (told["period"]["discount_share"] is None) is (kind != "orders")
    kept = told["revenue_kept_over_a_year"]
    assert (kept is None) is (kind == "months") and (kept is None or kept["gross"]["mid"] <= kept["net"]["mid"])
    if kind == "months":
        assert float(told["period"]["cost_to_win_a_customer"]["mid"]) == pytest.approx(60.0)
        return
    half, _ = answered(
        capsys, "customers", "--segment", "Homes", "--from", "2025-01", "--to", "2025-06", workspace=tmp_path / "w"
    )
    assert len(half["months"]) == 6 and half["segment"] == "Homes"
    for language in ("en", "ar"):
        assert main(["customers", "--workspace", str(tmp_path / "w"), "--language", language]) == 0
        assert Text(language).percent(told["period"]["annual_retention_rate"]["mid"]) in capsys.readouterr().out
    for line in (("--from", "2025-13"), ("--from", "2025-06", "--to", "2025-01")):
        assert main(["customers", *line, "--workspace", str(tmp_path / "w")]) == 2
        capsys.readouterr()


def test_a_ledger_of_the_whole_company_is_refused_with_the_options_that_say_which_lines_count(tmp_path, capsys):
    rows = [
        {"period": f"2025-{m:02d}", "account": a, "amount": "100.01"}
        for m in range(1, 13)
        for a in ("Care desk", "Rent")
    ]
    file = written(tmp_path / "ledger.csv", rows)
    told, _ = answered(capsys, "import", file, "--yes", workspace=tmp_path / "w", code=1)
    (one,) = told["files"]
    assert (one["message_id"], one["totals"]["amount"], told["version"]) == ("upload.cx_lines", "2400.240", None)
    assert {(n["name"], n["open_lines"]) for n in one["ledger_names"] if n["column"] == "account"} == {
        ("Care desk", 12),
        ("Rent", 12),
    }
    line = ("import", file, "--cx-rule", "account==Care desk", "--other-lines", "not_cx")
    told, _ = answered(capsys, *line, workspace=tmp_path / "w")
    assert told["files"][0]["outcome"] == "loaded"
    told, _ = answered(capsys, "rules", workspace=tmp_path / "w")
    assert told["counted"]["amount"] == "1200.120" and len(told["rules"]) == 2
    told, _ = answered(capsys, "rules", "--cx-rule", "account==Rent", "--remove", "2", workspace=tmp_path / "w")
    assert told["counted"] == {"amount": "2400.240", "of": "2400.240", "currency": None}
