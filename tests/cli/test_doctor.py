"""Everything that can be wrong with a workspace and its machine is said in both languages, and nothing is touched by looking."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from cxroi.cli import machine, main
from cxroi.store.checkup import workspace as checkup
from cxroi.store.checkup.ready import not_ready
from cxroi.store.state.records import KeptConnection
from cxroi.store.state.state import State
from cxroi.store.versions import workspace as workspaces
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES
from tests.actions.world import tree
from tests.json_schemas import fits
from tests.store.tables import costs


@pytest.fixture(autouse=True)
def a_good_machine(monkeypatch):
    monkeypatch.setattr(machine, "_own_address", lambda: "")
    monkeypatch.setattr(machine, "memory_available", lambda: 8_000_000_000)
    monkeypatch.delenv("CXROI_CONNECT_FOLDERS", raising=False)


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    state = State.open(workspace.folder)
    for number in range(3):
        state.record("loaded", who="huda", version=workspace.current().id, number=number)
    return workspace


def looked(workspace, capsys, language="en"):
    ended = main(["doctor", "--json", "--language", language, "--workspace", str(workspace.folder)])
    told = json.loads(capsys.readouterr().out)
    fits(told)
    assert (ended == 1) == any(one["kind"] == "wrong" for one in told["findings"]) == (not told["well"])
    return {one["id"]: one for one in told["findings"]}


def test_a_workspace_in_order_is_said_to_be_and_nothing_is_touched(workspace, capsys):
    before = tree(workspace)
    assert looked(workspace, capsys) == {} and tree(workspace) == before
    assert main(["doctor", "--workspace", str(workspace.folder)]) == 0
    assert "Nothing is wrong." in capsys.readouterr().out
    assert not_ready(workspace.folder) == ""


def change_line(workspace):
    run(workspace, "DROP TRIGGER audit_is_never_changed", "UPDATE audit SET who = 'omar' WHERE id = 2")


def cut_trail(workspace):
    run(workspace, "DROP TRIGGER audit_is_never_deleted", "DELETE FROM audit WHERE id = 3")


def run(workspace, *statements):
    with closing(sqlite3.connect(workspace.folder / "state.sqlite", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def damage_file(workspace):
    path = workspace.current().tables["costs"].files[0]
    path.write_bytes(path.read_bytes()[:-1])


def break_state(workspace):
    for path in workspace.folder.glob("state.sqlite*"):
        path.write_bytes(b"nothing" * 1000)


def publish_ahead(workspace):
    class Ahead(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(zone) + timedelta(days=400)

    workspaces.datetime = Ahead
    try:
        workspace.publish({"costs": costs(workspace.folder.parent / "d.parquet", "6")}, sources={})
    finally:
        workspaces.datetime = datetime


def jump_back(workspace):
    publish_ahead(workspace)
    workspace.publish({"costs": costs(workspace.folder.parent / "e.parquet", "7")}, sources={})


def open_door(workspace):
    workspace.folder.chmod(0o755)
    (workspace.folder / "CURRENT").chmod(0o644)


def connection(workspace):
    kept = KeptConnection(name="Shop", address="/nowhere/shop.db", query="SELECT 1")
    State.open(workspace.folder).keep_connection(kept)


def preset(workspace):
    (workspace.folder / "presets").mkdir()
    (workspace.folder / "presets" / "ours.toml").write_text("name = [")


FAULTS = {
    "store.audit_changed": change_line,
    "doctor.trail_shortened": cut_trail,
    "store.damage.version": damage_file,
    "store.damage.pointer": lambda w: (w.folder / "CURRENT").write_text("garbage"),
    "store.state_damaged": break_state,
    "store.state_lost": lambda w: [path.unlink() for path in w.folder.glob("state.sqlite*")],
    "doctor.clock_ahead": publish_ahead,
    "doctor.clock_back": jump_back,
    "store.open_to_all": lambda w: w.folder.chmod(0o777),
    "doctor.open_to_others": open_door,
    "doctor.connection_refused": connection,
    "upload.preset_wrong_toml": preset,
    "doctor.leftovers": lambda w: (w.folder / "quarantine" / "0123456789abcdef-1").mkdir(),
    "doctor.no_spare": lambda w: (w.folder / "spare" / w.current().id).unlink(),
    "doctor.given_up": lambda w: (w.folder / "damaged" / "000009-0123456789abcdef").mkdir(parents=True),
}
STOPS = {"store.damage.pointer", "store.state_damaged", "store.state_lost"}


@pytest.mark.parametrize("id", FAULTS)
def test_each_fault_is_found_by_its_name_and_said_in_both_languages(workspace, capsys, id):
    FAULTS[id](workspace)
    before = tree(workspace)
    for language in LANGUAGES:
        found = looked(workspace, capsys, language)
        assert found[id]["kind"] == ("note" if id in checkup.NOTES else "wrong") and found[id]["message"]
    assert tree(workspace) == before
    assert bool(not_ready(workspace.folder)) == (id in STOPS)


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ({"free": 100_000_000}, "doctor.disk_low"),
        ({"memory": 1_000_000_000}, "doctor.memory_low"),
        ({"setting": "none"}, "setting.whole_number"),
        ({"package": "0.1"}, "doctor.package_wrong"),
        ({"package": None}, "doctor.package_missing"),
        ({"reached": True}, "doctor.port_reached"),
        ({"fonts": True}, "doctor.no_fonts"),
    ],
)
def test_what_is_wrong_with_the_machine_is_found(workspace, capsys, monkeypatch, tmp_path, given, id):
    if "free" in given:
        usage = checkup.shutil.disk_usage(tmp_path)
        monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _: usage._replace(free=given["free"]))
    if "memory" in given:
        monkeypatch.setattr(machine, "memory_available", lambda: given["memory"])
    if "setting" in given:
        monkeypatch.setenv("CXROI_THREADS", given["setting"])
    if "package" in given:
        known = machine._version
        monkeypatch.setattr(machine, "_version", lambda name: given["package"] if name == "duckdb" else known(name))
    if "reached" in given:
        monkeypatch.setattr(machine, "_own_address", lambda: "192.0.2.7")
        monkeypatch.setattr(machine, "_answers", lambda address, port: (address, port) == ("192.0.2.7", 8501))
    if "fonts" in given:
        (tmp_path / "static" / "fonts").mkdir(parents=True)
        known_place = machine.shipped
        monkeypatch.setattr(
            machine,
            "shipped",
            lambda *parts: tmp_path.joinpath(*parts) if parts[0] == "static" else known_place(*parts),
        )
    assert id in looked(workspace, capsys)


def test_a_folder_that_is_not_there_is_not_made(tmp_path, capsys):
    nowhere = Workspace(folder=tmp_path / "nowhere")
    assert "store.workspace_missing" in looked(nowhere, capsys) and not nowhere.folder.exists()
    assert not_ready(nowhere.folder) == "store.workspace_missing"
    (tmp_path / "empty").mkdir(mode=0o700)
    assert "doctor.no_data" in looked(Workspace(folder=tmp_path / "empty"), capsys)
    assert list((tmp_path / "empty").iterdir()) == []
