"""The command that keeps scenarios: what it answers, in words and JSON, and what it refuses."""

import json

import pytest

from cxroi.actions import load
from cxroi.cli import main
from cxroi.store.state.state import State
from cxroi.text import LANGUAGES, Text
from tests.acting import parsed_here
from tests.cli.test_names import CONTROLS, imported
from tests.golden import as_before
from tests.json_schemas import fits

pytestmark = pytest.mark.usefixtures("files_read_here")
HOSTILE = "=cmd|' /C calc'!A0 \x1b[2J <script> خطة"
PLAN = ("--set", "investment_level_percent=120", "--set", "retention_uplift_pp=1.5")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A small company; each test below keeps scenarios of its own names in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "run_child", parsed_here)
        return imported(tmp_path_factory.mktemp("scenarios"), ("Homes",))


@pytest.fixture
def told(company, capsys):
    def run(*line, code=0):
        capsys.readouterr()
        assert main(["scenarios", *map(str, line), "--json", *company]) == code, capsys.readouterr().err
        answer = json.loads(capsys.readouterr().out)
        fits(answer)
        return answer

    return run


def test_a_scenario_lives_from_its_first_save_to_its_file_golden(told, tmp_path):
    (first,) = told("save", "Board plan", *PLAN, "--note", "as asked")["scenarios"]
    assert (first["revision"], first["asked"]["investment_level_percent"], first["moved_since"]) == (1, 120.0, [])
    (second,) = told("save", "board PLAN", "--set", "horizon_months=48")["scenarios"]
    assert (second["id"], second["name"], second["revision"]) == (first["id"], "Board plan", 2)
    assert second["asked"] == first["asked"] | {"horizon_months": 48} and second["note"] == "as asked"
    told("comment", first["id"], "agreed")
    (approved,) = told("approve", "Board plan")["scenarios"]
    assert approved["approved"]["revision"] == 2 and approved["locked"] == approved["approved"]
    assert told("save", "Board plan", "--set", "horizon_months=60", code=1)["error"]["id"] == "store.scenario_locked"
    (copy,) = told("duplicate", "Board plan")["scenarios"]
    assert copy["name"] == "Board plan (2)" and copy["approved"] is None
    told("rename", copy["id"], "خطة أخرى")
    told("note", copy["id"], "for May")
    shown = told("show", "Board plan")
    assert [one["why"] for one in shown["revisions"]] == ["saved", "saved"]
    as_before("scenarios", shown)
    told("unlock", "Board plan")
    (restored,) = told("restore", "Board plan", "--revision", 1)["scenarios"]
    assert (restored["revision"], restored["asked"]) == (3, first["asked"])
    beside = told("diff", "Board plan", copy["id"])
    (other,) = beside["others"]
    assert other["changed"] == [{"assumption": "horizon_months", "base": 36, "value": 48}]
    assert beside["base"]["changed"] == [] and beside["base"]["more_npv"] is None
    as_before("scenarios-diff", beside)
    kept = told("diff", "Board plan", copy["id"], "--as-kept")
    assert kept["others"][0]["figures"] == other["figures"] and kept["others"][0]["more_npv"] is None
    out = tmp_path / "plan.json"
    assert told("export", "Board plan", "--out", out)["file"] == str(out)
    (brought,) = told("import", out)["scenarios"]
    assert (brought["name"], brought["moved_since"]) == ("Board plan (2)", ["imported"])
    told("delete", brought["id"])
    assert [one["name"] for one in told("list")["scenarios"] if one["deleted"]] == ["Board plan (2)"]
    told("restore", brought["id"])
    assert [one["id"] for one in told("run")["ran"]] == [brought["id"]] and told("run")["ran"] == []


def test_a_kept_scenario_is_evaluated_by_its_name(told, company, capsys):
    told("save", "Quick", *PLAN)
    capsys.readouterr()
    assert main(["evaluate", "--scenario", "quick", "--json", *company]) == 0
    assert json.loads(capsys.readouterr().out)["asked"]["retention_uplift_pp"] == 1.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_both_languages_hold_no_control_sequence_of_a_name(company, capsys, language):
    lines = (
        ["save", HOSTILE, *PLAN],
        ["comment", HOSTILE, HOSTILE],
        ["list"],
        ["show", HOSTILE],
        ["diff", HOSTILE, HOSTILE],
        ["delete", HOSTILE],
    )
    for line in lines:
        assert main(["scenarios", *line, "--language", language, *company]) == 0, line
        out = capsys.readouterr()
        assert not CONTROLS.search(out.out + out.err) and "خطة" in out.out
    assert State.open(company[1]).audit()[-1].what == "scenario deleted"


@pytest.mark.parametrize(
    "line", [["show"], ["rename", "x"], ["list", "x"], ["export", "x"], ["diff", "x"], ["show", "x", "y"]]
)
def test_a_line_that_lacks_or_has_too_much_is_wrong_use(company, capsys, line):
    assert main(["scenarios", *line, *company]) == 2
    assert Text("en")("cli.use.scenarios", task=line[0], takes="").split("takes")[0] in capsys.readouterr().err


def test_settings_that_changed_are_said_and_running_again_takes_it_back(told, company, capsys):
    told("save", "Rated", *PLAN)
    main(["rates", "--set", "EUR=4.05", "--to", "SAR", *company])
    assert told("show", "Rated")["scenarios"][0]["moved_since"] == ["rates"]
    capsys.readouterr()
    main(["scenarios", "list", *company])
    assert Text("en")("scenarios.moved.setting.rates") in capsys.readouterr().out
    assert told("run", "Rated")["scenarios"][0]["moved_since"] == []
