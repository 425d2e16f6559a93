"""A setting that cannot be meant is named and refused, wherever it is read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cxroi.cli import main
from cxroi.environment import SettingError
from cxroi.intake.child import ChildLimits
from cxroi.store.settings import EngineSettings

ROOT = Path(__file__).parents[1]
WRONG = [
    *(("CXROI_THREADS", value) for value in ("abc", "0", "-3", "2.5", "", "5000")),
    *(("CXROI_MEMORY_LIMIT", value) for value in ("garbage", "0GB", "2", "-1GB", "")),
    *(("CXROI_QUERY_SECONDS", value) for value in ("abc", "0", "-1", "nan", "inf")),
    *(("CXROI_IMPORT_SECONDS", value) for value in ("abc", "0", "inf")),
    ("CXROI_IMPORT_MEMORY", "zz"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_setting_that_cannot_be_meant_is_named(name, value):
    with pytest.raises(SettingError) as refused:
        EngineSettings.of_environment({name: value})
        ChildLimits.of_environment({name: value})
    assert refused.value.facts["name"] == name and refused.value.facts["value"] == value


def test_what_can_be_meant_is_taken():
    asked = {
        "CXROI_THREADS": "4",
        "CXROI_MEMORY_LIMIT": "1.5 GiB",
        "CXROI_QUERY_SECONDS": "0.5",
        "CXROI_IMPORT_SECONDS": "10",
    }
    settings, limits = EngineSettings.of_environment(asked), ChildLimits.of_environment(asked)
    assert (settings.threads, settings.memory_limit, settings.query_seconds) == (4, "1.5 GiB", 0.5)
    assert (limits.threads, limits.wall_seconds) == (4, 10.0)


def test_the_terminal_says_which_setting_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CXROI_THREADS", "abc")
    assert main(["sample", "--workspace", str(tmp_path / "w")]) == 1
    assert "CXROI_THREADS" in capsys.readouterr().err


def test_the_server_does_not_start_with_a_setting_that_cannot_be_meant():
    ended = subprocess.run(
        [sys.executable, "app.py", "--headless", "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"CXROI_IMPORT_MEMORY": "zz"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2 and "CXROI_IMPORT_MEMORY" in ended.stderr
