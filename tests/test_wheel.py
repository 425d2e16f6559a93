"""The wheel holds all that the program needs, and works where no checkout is. `make wheel` does it with the registry."""

import importlib.util
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.installed import ROOT, borrowing, built_wheel, check

pytestmark = pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed here")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return built_wheel(tmp_path_factory.mktemp("wheel"))


def test_every_file_that_is_not_only_for_making_it_is_in_the_wheel(wheel):
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    moved = ("app.py", "pages/", "data/", "static/", ".streamlit/")
    wanted = {f"cxroi/_shipped/{name}" for name in tracked.stdout.splitlines() if name.startswith(moved)}
    wanted |= {name for name in tracked.stdout.splitlines() if name.startswith("cxroi/")}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    present = {name for name in wanted if Path(ROOT, name.removeprefix("cxroi/_shipped/")).exists()}
    assert held >= present, sorted(present - held)
    assert not {name for name in held if not name.startswith("cxroi/") or "__pycache__" in name}


def test_an_installed_wheel_answers_and_serves_from_any_folder(wheel, tmp_path):
    check(borrowing(wheel, tmp_path))
