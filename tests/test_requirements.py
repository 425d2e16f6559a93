"""The lock is the truth; requirements.txt is what it exports, so that plain pip installs the same."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


@pytest.mark.skipif(UV is None, reason="uv is not installed here")
def test_requirements_are_what_the_lock_exports():
    command = [UV, "export", "--frozen", "--quiet", "--no-header", "--format", "requirements-txt"]
    exported = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "requirements.txt").read_text(encoding="utf-8") == exported, "run `make requirements`"


@pytest.mark.skipif(UV is None, reason="uv is not installed here")
def test_the_lock_fits_the_project_file():
    subprocess.run([UV, "lock", "--check", "--offline", "--quiet"], cwd=ROOT, check=True)
