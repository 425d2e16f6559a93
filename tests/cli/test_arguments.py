"""The command line before any data: help, languages, wrong use, and the assumptions that a person changes."""

import json
import os
import subprocess
import sys
from argparse import Namespace
from dataclasses import fields
from pathlib import Path

import pytest

from cxroi import __version__
from cxroi.actions.scenario_file import read_scenario_file
from cxroi.cli import main, serving
from cxroi.cli.arguments import COMMANDS, language_of, pairs
from cxroi.cli.scenario_file import scenario_changes
from cxroi.errors import CxroiError, ScenarioError
from cxroi.intake.report import IntakeReport, LoadOutcome
from cxroi.model.scenario import Scenario
from cxroi.text import Text
from cxroi.view.data.load_report import report_lines

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("command", [[], *[[command.name] for command in COMMANDS]], ids=lambda c: c[0] if c else "top")
def test_help_is_there_in_both_languages(command, language, capsys):
    assert main([*command, "--help", "--language", language]) == 0
    shown = capsys.readouterr().out
    assert "--workspace" in shown
    assert any("\u0600" <= sign <= "\u06ff" for sign in shown) == (language == "ar")


def test_help_imports_nothing_heavy():
    heavy = "{'numpy', 'pandas', 'duckdb', 'streamlit', 'scipy', 'altair', 'pyarrow'}"
    script = (
        f"import sys; from cxroi.cli import main; main(['--help']); sys.exit(str(sorted({heavy} & set(sys.modules))))"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ([], "COMMAND"),
        (["dance"], "dance"),
        (["import"], "FILE"),
        (["table", "orders"], "--out"),
        (["baseline", "--bogus"], "--bogus"),
        (["import", "a.csv", "--header-row", "first"], "first"),
        (["import", "a.csv", "--date-order", "ydm"], "ydm"),
        (["baseline", "--language", "fr"], "fr"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what(line, told, capsys):
    assert main(line) == 2
    captured = capsys.readouterr()
    assert told in captured.err and not captured.out


def test_a_shortened_option_is_not_guessed(capsys):
    assert main(["tables", "--work", "x"]) == 2


@pytest.mark.parametrize("given", ["horizon_months", "=3"])
def test_a_setting_without_name_or_value_is_wrong_use(given, tmp_path, capsys):
    assert main(["evaluate", "--set", given, "--workspace", str(tmp_path)]) == 2
    assert "--set" in capsys.readouterr().err


def test_an_unknown_assumption_is_wrong_use_and_lists_those_that_exist(tmp_path, capsys):
    assert main(["evaluate", "--set", "profit=1", "--workspace", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert all(field.name in told for field in fields(Scenario))


def test_a_setting_that_is_no_number_is_wrong_use(tmp_path, capsys):
    assert main(["evaluate", "--set", "horizon_months=soon", "--workspace", str(tmp_path)]) == 2
    assert "soon" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["tables", "baseline", "evaluate"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_empty_workspace_is_refused_with_the_way_on(command, language, tmp_path, capsys):
    assert main([command, "--workspace", str(tmp_path), "--language", language]) == 1
    assert "sample" in capsys.readouterr().err


def test_a_refusal_is_json_too_where_json_was_asked_for(tmp_path, capsys):
    assert main(["--json", "tables", "--workspace", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    refusal = json.loads(captured.out)
    assert refusal["format_version"] == 2 and refusal["command"] == "tables"
    assert refusal["error"]["message"] in captured.err


def test_the_language_may_stand_anywhere():
    assert language_of(["--language=ar", "tables"]) == "ar"
    assert language_of(["tables", "--language", "ar"]) == "ar"
    assert language_of([]) == language_of(["tables", "--language", "xx"]) == "en"


def test_a_pair_is_split_at_its_first_equals_sign():
    assert pairs(["amount=A = B", " as = x"], "--map") == (("amount", "A = B"), ("as", "x"))


def changed(settings=(), file=None):
    return dict(scenario_changes(Namespace(set=list(settings), scenario=file)).values)


def test_settings_win_over_the_file_and_take_the_type_of_their_assumption(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text('investment_level_percent = 120\nhorizon_months = 24\ncurrency = "SAR"\n')
    values = changed(["horizon_months=48", "retention_uplift_pp=evidence"], str(plan))
    assert values == {
        "investment_level_percent": 120.0,
        "horizon_months": 48,
        "currency": "SAR",
        "retention_uplift_pp": None,
    }
    assert type(values["horizon_months"]) is int


@pytest.mark.parametrize(("version", "read"), [(1, None), (2, 0.0)])
def test_zero_in_an_answer_of_the_first_format_meant_nothing_was_typed(tmp_path, version, read):
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps({"format_version": version, "asked": {"support_cost_change_percent": 0.0}}))
    assert read_scenario_file(saved) == {"support_cost_change_percent": read}


def test_the_json_that_evaluate_prints_is_a_scenario_file(tmp_path):
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps({"format_version": 1, "scenario": {"horizon_months": {"value": 24, "unit": "months"}}}))
    assert read_scenario_file(saved) == {"horizon_months": 24}


@pytest.mark.parametrize(
    ("name", "content", "id"),
    [
        ("plan.toml", "investment_level_percent = ", "scenarios.file_unreadable"),
        ("plan.json", "[1, 2]", "scenarios.file_unreadable"),
        ("plan.json", '{"scenario": 3}', "scenarios.file_unreadable"),
        ("plan.toml", "profit = 3", "scenarios.file_unknown"),
        ("plan.toml", 'horizon_months = "soon"', "scenarios.file_number"),
        ("plan.toml", "horizon_months = 3.5", "scenarios.file_number"),
        ("plan.toml", "horizon_months = inf", "scenarios.file_number"),
        ("plan.json", '{"asked": ' * 100_000, "scenarios.file_unreadable"),
        ("plan.json", " " * 1_000_001, "scenarios.file_large"),
        ("plan.toml", "horizon_months = true", "scenarios.file_number"),
        ("plan.toml", "horizon_months = [36]", "scenarios.file_number"),
        ("plan.toml", 'annual_discount_rate = "evidence"', "scenarios.file_number"),
        ("plan.toml", b"\xff\xfe\x00", "scenarios.file_unreadable"),
    ],
)
def test_a_scenario_file_that_cannot_be_meant_is_refused_by_name(name, content, id, tmp_path):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError) as refusal:
        read_scenario_file(file)
    assert refusal.value.id == id and refusal.value.facts["file"] == name


def test_a_scenario_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CxroiError, match="no_such_file"):
        read_scenario_file(tmp_path / "nowhere.toml")


def test_a_total_of_customers_is_no_money():
    totals = {"customers_lost": "49871", "cx_spend": "14169875.130"}
    told = IntakeReport(
        file="m.csv",
        sheet=None,
        table="monthly",
        outcome=LoadOutcome.LOADED,
        message="cli.unexpected",
        facts={"kind": "-"},
        totals=totals,
        currency="SAR",
    )
    lines = report_lines(told, Text("en"))
    assert "  total of Left: 49,871" in lines
    assert "  total of Customer experience spend: 14,169,875.13 SAR" in lines


def test_the_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cxroi {__version__}\n"


def test_the_app_is_served_on_the_data_of_the_other_commands_as_it_was_asked_for(tmp_path, monkeypatch):
    served = {}

    def run_path(script, run_name):
        served.update(script=script, run_name=run_name, arguments=sys.argv[1:], workspace=os.environ["CXROI_WORKSPACE"])

    monkeypatch.setattr(serving.runpy, "run_path", run_path)
    monkeypatch.setattr(sys, "argv", ["cxroi"])
    monkeypatch.setenv("CXROI_WORKSPACE", "elsewhere")
    assert main(["app", "--port", "8600", "--headless", "--workspace", str(tmp_path)]) == 0
    assert served == {
        "script": str(ROOT / "app.py"),
        "run_name": "__main__",
        "arguments": ["--port", "8600", "--headless"],
        "workspace": str(tmp_path),
    }


def test_the_app_names_no_folder_that_nobody_named(monkeypatch):
    """A folder that was named and is not there is refused; the person's own is made."""
    monkeypatch.setattr(serving.runpy, "run_path", lambda script, run_name: None)
    monkeypatch.setattr(sys, "argv", ["cxroi"])
    monkeypatch.delenv("CXROI_WORKSPACE", raising=False)
    assert main(["app", "--headless"]) == 0
    assert "CXROI_WORKSPACE" not in os.environ


def test_the_app_is_not_opened_to_others_by_an_address_alone():
    command = [sys.executable, "-m", "cxroi", "app", "--address", "0.0.0.0", "--headless"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert ended.returncode == 2 and "--open-to-network" in ended.stderr
