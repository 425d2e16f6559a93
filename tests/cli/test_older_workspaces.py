"""Workspaces that earlier releases wrote, one for every layer of the small state: each opens, answers, takes a load and is backed up.

tests/store/workspaces/layers-N.tar.xz was written by the program as it was when the state had N layers (monthly figures of two segments, a
rate, a rule, a remembered mapping, a locked and an open scenario, a trail), and is never made anew: a new layer adds a file.
"""

import json
import sqlite3
import tarfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from cxroi.cli import main
from cxroi.store.backup.restore import restore_backup
from cxroi.store.backup.write import write_backup
from cxroi.store.state.state import State
from cxroi.store.state.state_file import _SCHEMAS
from cxroi.store.versions.workspace import Workspace

pytestmark = pytest.mark.usefixtures("files_read_here")
KEPT = Path(__file__).parents[1] / "store" / "workspaces"
LAYERS = range(1, len(_SCHEMAS) + 1)


@pytest.fixture(params=LAYERS)
def older(request, tmp_path):
    folder = tmp_path / f"w{request.param}"
    with tarfile.open(KEPT / f"layers-{request.param}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (request.param,)
    return folder


@pytest.fixture
def question(older):
    """Return what is asked of a workspace: the verdict of the oldest, which is slow, and the baseline of the others."""
    return "evaluate" if older.name == f"w{LAYERS[0]}" else "baseline"


def asked(capsys, folder, *line):
    capsys.readouterr()
    ended = main([*line, "--json", "--workspace", str(folder)])
    told = json.loads(capsys.readouterr().out)
    assert ended == 0, told
    return told


def kept(folder):
    """Return all that the state keeps of what people said, in words that every release shares."""
    state = State.open(folder)
    return {
        "rates": [(r.currency, r.reporting, r.worth, r.source) for r in state.known_rates()],
        "rules": state.ledger_rules(),
        "mappings": [dict(m.columns) for m in state.mappings()],
        "scenarios": sorted((s.kept.name, s.kept.note, s.lock is not None, s.last.who) for s in state.scenarios()),
        "trail": [line.what for line in state.audit()][-2:],
    }


def test_it_opens_answers_takes_a_load_and_comes_back_from_a_backup(older, question, tmp_path, capsys):
    before = kept(older)
    assert before["rates"] == [("EUR", "SAR", Decimal("4.05"), "bank")]
    assert before["rules"] == (("category", "care", "cx"),) and before["trail"] == ["loaded", "rate"]
    assert {"month": "Month"} in before["mappings"]
    assert before["scenarios"][-1] == ("Draft", "", False, "omar")
    assert ("Board plan", "as agreed", True, "huda") in before["scenarios"]
    first = asked(capsys, older, question)
    assert first["currency"] == "SAR" and first["data_version"] == Workspace.open(older).current().id
    asked(capsys, older, "money", "--margin", "40%")  # lays the newest layers in the file
    assert {**kept(older), "trail": before["trail"]} == before
    write_backup(Workspace.open(older), tmp_path / "b.zip")
    again = restore_backup(Workspace.open(tmp_path / "again"), tmp_path / "b.zip")
    assert again.contents.audit_whole and kept(tmp_path / "again")["scenarios"] == before["scenarios"]
    table = older.parent / "table.csv"
    asked(capsys, older, "table", "monthly", "--out", str(table))
    asked(capsys, older, "import", str(table), "--currency", "SAR", "--again", "--yes")
    assert Workspace.open(older).current().number == 2 and Workspace.open(older).check() == ()
    assert asked(capsys, older, "audit")["lines"][-1]["what"] != "rate"


def test_every_layer_has_its_workspace():
    assert {path.name for path in KEPT.iterdir()} == {f"layers-{number}.tar.xz" for number in LAYERS}
