"""Every command's JSON answer has a schema, and fits it; `cli/test_end_to_end.py` holds its own answers against them too."""

import json

import pytest
from jsonschema import Draft202012Validator, ValidationError

from cxroi.cli import main
from cxroi.cli.arguments import COMMANDS
from cxroi.connect import child
from cxroi.store.versions.workspace import Workspace
from tests.connect.world import run_here, shop
from tests.golden import as_before
from tests.json_schemas import FOLDER, REFUSED, fits
from tests.store.tables import parquet

WITHOUT = {"app", "completion", "mcp"}  # they answer no question
MONTHS = """month,customers_at_start,customers_lost,revenue,cx_spend
2024-01,100,3,1000,50
2024-02,97,3,1000,50
2024-03,many,3,1000,50
"""
QUERY = "SELECT 'C-' || id AS customer_id, joined AS joined_on, left_on, fee AS monthly_revenue FROM customer"
ANOTHER_EACH_TIME = {"backup", "restore-backup"}  # sizes and hashes; what they hold is tested in tests/store/backup
# Each line follows the ones before it, in one workspace.
LINES = (
    ["sample"],
    ["lines"],
    ["realised"],
    ["costs", "--by", "segment"],
    ["targets", "--set", "nps=40", "--month", "2027-01"],
    ["table", "costs", "--out", "{folder}/costs.csv"],
    ["customer-data", "{customer}", "--out", "{folder}/customer.zip"],
    ["forget", "{customer}"],
    ["forget-comments", "--older-than", "600"],
    ["rules", "--cx-rule", "category=coaching"],
    ["rates", "--set", "EUR=4.05", "--to", "SAR"],
    ["shares", "--by", "revenue"],
    ["in-support", "--set", "none"],
    ["repair"],
    ["import", "{folder}/months.csv", "--currency", "SAR", "--on-reject", "load", "--map", "cx_spend=cx_spend"],
    ["rejects", "monthly", "--out", "{folder}/rejects.csv"],
    ["mappings"],
    ["presets", "qualtrics_responses"],
    ["template", "costs", "--out", "{folder}/costs.xlsx"],
    ["audit"],
    ["backup", "{folder}/backup.zip"],
    ["restore-backup", "{folder}/backup.zip", "--look"],
    ["restore", "999999-nothing"],
    ["compare", "1", "2"],
    ["delete", "1"],
    ["money", "--margin", "60%"],
    ["connections", "add", "Shop", "--address", "{folder}/shop.db", "--query", QUERY, "--currency", "SAR"],
    ["refresh"],
)


def test_every_command_has_a_schema_and_none_is_left_over():
    names = {path.stem for path in FOLDER.glob("*.json")}
    assert names == {command.name for command in COMMANDS} - WITHOUT | {REFUSED}
    for path in FOLDER.glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_the_commands_that_keep_and_change_answer_as_their_schemas_say_and_as_before_golden(
    tmp_path, capsys, monkeypatch
):
    (tmp_path / "months.csv").write_text(MONTHS, encoding="utf-8")
    shop(tmp_path / "shop.db", 4)
    monkeypatch.setattr(child, "run_child", run_here)
    monkeypatch.setenv("CXROI_CONNECT_FOLDERS", str(tmp_path))
    facts = {"folder": tmp_path, "customer": ""}
    for line in LINES:
        given = [part.format(**facts) for part in line]
        main([*given, "--json", "--workspace", str(tmp_path / "workspace")])
        told = json.loads(capsys.readouterr().out)
        assert ("error" in told) == (line[0] == "restore"), told
        fits(told)
        if line[0] not in ANOTHER_EACH_TIME:
            as_before(line[0], told)
        if line[0] == "sample":
            facts["customer"] = a_customer(tmp_path, capsys)


ANSWERS = [
    {
        "answered_on": f"2025-{1 + n % 12:02d}-05",
        "metric": "nps",
        "score": str(n % 11),
        "scale_max": "10",
        "customer_id": str(n // 2),
        "touchpoint": ("Shop", "App")[n % 2],
        "comment": "late again" if n % 11 < 7 else "all fine",
    }
    for n in range(240)
]
CONTACTS = [
    {"opened_on": "2025-08-01", "closed_on": "2025-08-04", "handle_minutes": str(n), "satisfaction": "4"}
    for n in range(20)
]


@pytest.mark.parametrize("known", [{}, {"contacts": CONTACTS}])
def test_scores_of_data_that_lack_parts_or_have_parts_the_sample_lacks_fit_their_schema(known, tmp_path, capsys):
    workspace = Workspace.open(tmp_path)
    tables = {"surveys": ANSWERS, **known}
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={})
    period = ["--from", "2025-07", "--to", "2025-12", "--estimate", "App=50"]
    main(["scores", *period, "--json", "--workspace", str(tmp_path)])
    told = json.loads(capsys.readouterr().out)
    fits(told)
    assert told["after_answers"] is None and bool(told["service"]) is bool(known)
    assert {change["dimension"] for change in told["changes"]} >= {"all", "touchpoint"}
    assert told["perception"][0]["course"] == "high"
    assert "late again" not in json.dumps(told), "no comment leaves by the terminal"


def a_customer(folder, capsys):
    out = folder / "customers.csv"
    main(["table", "customers", "--out", str(out), "--workspace", str(folder / "workspace")])
    capsys.readouterr()
    heading, first, *_ = out.read_text(encoding="utf-8").splitlines()
    return dict(zip(heading.split(","), first.split(","), strict=False))["customer_id"]


@pytest.mark.parametrize(
    "told",
    [
        {"format_version": 2, "command": "tables", "illustrative": True, "tables": []},
        {"format_version": 1, "command": "tables", "data_version": "1", "illustrative": True, "tables": []},
        {"format_version": 2, "command": "tables", "data_version": "1", "illustrative": "yes", "tables": []},
    ],
)
def test_an_answer_that_lost_a_field_or_changed_a_type_does_not_fit(told):
    with pytest.raises(ValidationError):
        fits(told)
