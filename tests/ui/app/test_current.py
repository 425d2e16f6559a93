"""What the app keeps is read anew when the data or their exchange rates change, and survives a damaged state file."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from cxroi.store.state.state import State
from cxroi.ui.app import current


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture
def version(folder):
    return SimpleNamespace(id="0001-abc", folder=folder / "snapshots" / "0001-abc")


def test_a_new_rate_makes_the_evidence_new(folder, version):
    before = current._key(version)
    State.open(folder).set_rate("EUR", "SAR", Decimal("4.05"), source="bank\nof somewhere")
    after = current._key(version)
    assert before != after and after == current._key(version)
    assert len(before.split("\n")) == len(after.split("\n")) == 3


def test_a_damaged_state_file_does_not_hide_the_figures(folder, version):
    (folder / "state.sqlite").write_bytes(b"not a database, and long enough to be one" * 100)
    assert version.id in current._key(version)
