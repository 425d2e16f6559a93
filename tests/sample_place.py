"""The sample company for tests: loaded once for the whole run, with what one test works out from it kept for the next."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace


def sample_place(made: pytest.TempPathFactory) -> Path:
    """Return a new workspace of the sample company, a test's own but for what is worked out from the data.

    That is one folder for all workers of a run: the version is the same everywhere, and what is kept of it is named after all
    that it rests on, so one test cannot see another's settings in it.
    """
    first = _loaded_once(made)
    place = made.mktemp("sample")
    shutil.copytree(first, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("derived"))
    (place / "derived").mkdir()
    for version in (first / "derived").iterdir():
        (place / "derived" / version.name).symlink_to(version)
    return place


def _loaded_once(made: pytest.TempPathFactory) -> Path:
    """Return the workspace that the first worker to come has loaded."""
    base = made.getbasetemp()
    run = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    first = run / "the-sample-company"
    with (run / "the-sample-company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.is_dir():
            loading = run / "the-sample-company.loading"
            version = load_sample(Workspace.open(loading), who="tester")
            (loading / "derived" / version.id).mkdir(parents=True, exist_ok=True)
            loading.rename(first)
    return first
