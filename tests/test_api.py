"""The Python API: quick to import, documented name by name, and the same figures as the terminal's."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cxroi
from cxroi.cli import main
from cxroi.errors import StoreError, UploadError

ROOT = Path(__file__).parents[1]
REFERENCE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    opened = cxroi.open_workspace(tmp_path_factory.mktemp("api") / "workspace")
    opened.load_sample()
    return opened


def test_importing_the_package_imports_none_of_its_libraries():
    heavy = "{'numpy', 'pandas', 'duckdb', 'streamlit', 'scipy', 'altair', 'pyarrow', 'babel'}"
    script = f"import sys, cxroi; dir(cxroi); print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [name for name in cxroi.__all__ if name != "__version__"])
def test_every_name_of_the_api_is_there_and_in_its_reference(name):
    assert getattr(cxroi, name) is not None and name in dir(cxroi)
    assert re.search(rf"`(cxroi\.)?{name}\b", REFERENCE)


def test_a_name_that_the_api_has_not_is_refused_as_python_does():
    with pytest.raises(AttributeError, match="no attribute 'verdicts'"):
        _ = cxroi.verdicts


def test_the_version_is_the_same_in_the_package_and_in_the_project_file():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == cxroi.__version__


def test_a_workspace_is_judged_as_the_terminal_judges_it(workspace, capsys):
    case = workspace.evaluate(investment_level_percent=120)
    assert (
        main(["evaluate", "--set", "investment_level_percent=120", "--json", "--workspace", str(workspace.folder)]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert case.verdict.call.value == told["verdict"]["call"]
    assert case.outcome.npv.mid == pytest.approx(float(told["outcome"]["npv"]["mid"]), rel=1e-3)
    assert case.illustrative and told["illustrative"]


def test_a_frame_is_judged_without_a_workspace(workspace):
    panel = workspace.panel()
    of_frame = cxroi.evaluate(panel.to_frame(), investment_level_percent=120)
    assert (
        of_frame.outcome.npv.mid == cxroi.evaluate(cxroi.evidence(panel), investment_level_percent=120).outcome.npv.mid
    )


def test_a_load_gives_the_account_of_every_file_and_a_line_in_the_trail(tmp_path, capsys):
    opened = cxroi.open_workspace(tmp_path / "w")
    with pytest.raises(StoreError):
        opened.panel()
    months = "M,customers_at_start,customers_lost,revenue,cx_spend\n2024-01,100,3,1000,50\n2024-02,97,3,1000,50\n"
    good, bad = tmp_path / "months.csv", tmp_path / "notes.csv"
    good.write_text(months, encoding="utf-8")
    bad.write_text("nothing,to\nsee,here\n", encoding="utf-8")
    load = opened.load(good, bad, currency="SAR", mapping={"month": "M"})
    assert [report.file for report in load.refused] == ["notes.csv"]
    assert load.version == opened.version.id and opened.panel().currency == "SAR"
    assert main(["audit", "--json", "--workspace", str(opened.folder)]) == 0
    assert load.version in capsys.readouterr().out


def test_a_file_that_is_not_there_is_refused_before_anything_is_loaded(tmp_path):
    opened = cxroi.open_workspace(tmp_path / "w")
    with pytest.raises(UploadError, match="no_such_file"):
        opened.load(tmp_path / "absent.csv")
    assert opened.version is None


def test_the_example_of_the_documents_runs_from_any_folder(tmp_path):
    ended = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "example.py")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "illustrative" in ended.stdout and "monthly" in ended.stdout
