"""What holds for every test, settled before anything is imported."""

import os
from functools import cache

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

# Two processes test beside each other. The package says the same of itself, but too late: a test may load numpy before it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# How fast a machine is at the moment says nothing of what is tested.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# Every page under test looks through all installed packages for parts of pages, a third of a second each time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@pytest.fixture
def files_read_here(monkeypatch):
    """Read files in this process: for tests of what comes of a file, not of the child that reads it."""
    from cxroi.actions import load
    from tests.acting import parsed_here

    monkeypatch.setattr(load, "run_child", parsed_here)
