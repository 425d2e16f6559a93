"""A backup holds one moment of a workspace, to the byte; one that is not whole, or not ours, changes nothing."""

import json
import os
import shutil
import sqlite3
import subprocess
import threading
import time
import zipfile
from contextlib import closing
from decimal import Decimal

import pytest

from cxroi.errors import StoreError
from cxroi.store.backup import write
from cxroi.store.backup.contents import CONTENTS, plain
from cxroi.store.backup.read import look
from cxroi.store.backup.restore import restore_backup
from cxroi.store.backup.write import write_backup
from cxroi.store.state.people import People
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from tests.actions.world import customers, tree
from tests.store.tables import costs


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace with two versions that share a table, settings, a trail and a preset of its own."""
    workspace = Workspace.open(tmp_path / "w")
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    workspace.publish({"customers": customers(tmp_path / "k.parquet", "C-1", "C-2")}, sources={})
    state = State.open(workspace.folder)
    state.set_rate("EUR", "SAR", Decimal("4.05"), source="bank")
    state.record("rate", who="huda", version=workspace.current().id)
    (workspace.folder / "presets").mkdir()
    (workspace.folder / "presets" / "ours.toml").write_text("name = 1\n")
    return workspace


@pytest.fixture
def file(workspace, tmp_path):
    write_backup(workspace, tmp_path / "b.zip")
    return tmp_path / "b.zip"


def empty(folder):
    return Workspace.open(folder)


def rewritten(file, target, **changed):
    """Write a backup anew with other values in its contents."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            said = old.read(name)
            if name == CONTENTS:
                said = json.dumps({**json.loads(said), **changed})
            new.writestr(name, said)
    return target


def test_what_comes_back_is_what_was_there_and_the_file_is_its_owners_alone(workspace, file, tmp_path):
    again = empty(tmp_path / "again")
    done = restore_backup(again, file)
    assert done.version == again.current() == workspace.current() and done.set_aside is None
    assert again.versions() == workspace.versions() and again.check() == ()
    own = ("state.sqlite", "quarantine")
    held = {place: content for place, content in tree(workspace).items() if not place.endswith(own)}
    assert {place: content for place, content in tree(again).items() if not place.endswith(own)} == held
    assert State.open(again.folder).audit() == State.open(workspace.folder).audit()
    assert State.open(again.folder).known_rates() == State.open(workspace.folder).known_rates()
    assert file.stat().st_mode & 0o777 == 0o600 and list((workspace.folder / "quarantine").iterdir()) == []
    assert not [path for path in again.folder.rglob("*") if path.stat().st_mode & 0o077]
    assert again.publish({"costs": costs(tmp_path / "d.parquet", "7")}, sources={}).number == 3


def test_it_says_what_it_holds_without_being_unpacked(workspace, file):
    said = plain(look(file))
    assert said["current"] == workspace.current().id and [one["number"] for one in said["versions"]] == [2, 1]
    assert said["versions"][0]["tables"] == {"costs": 1, "customers": 2} and said["audit_lines"] == 1
    shared = workspace.current().tables["costs"].sha256[0]
    assert sum(one.sha256 == shared for one in look(file).files.values()) == 2
    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == len({one.entry for one in look(file).files.values()}) + 1


def test_taken_while_others_load_it_is_a_version_that_was_published_and_nobody_waits(workspace, tmp_path):
    tables = [costs(tmp_path / f"{n}.parquet", str(n)) for n in range(2)]
    published, stop = [workspace.current().id], threading.Event()

    def load():
        while not stop.is_set():
            published.append(workspace.publish({"costs": tables[len(published) % 2]}, sources={}).id)
            State.open(workspace.folder).record("loaded", version=published[-1])

    loader = threading.Thread(target=load)
    loader.start()
    try:
        for number in range(3):
            write_backup(workspace, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        loader.join()
    for number in range(3):
        again = empty(tmp_path / f"w{number}")
        held = restore_backup(again, tmp_path / f"{number}.zip").contents
        assert again.check() == () and again.current().id in published and held.left_out == ()
        assert len(State.open(again.folder).audit()) == held.audit_lines


def test_any_byte_that_changed_or_is_missing_is_found_and_changes_nothing(workspace, file, tmp_path):
    whole, again = file.read_bytes(), empty(tmp_path / "again")
    before = tree(again)
    bad = tmp_path / "bad.zip"
    for place in range(40, len(whole) - 1, max(1, len(whole) // 60)):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :]):
            bad.write_bytes(content)
            try:
                restore_backup(again, bad)
            except StoreError as refused:
                assert refused.id.startswith(("backup.", "store.")), refused.id
                assert tree(again) == before
            else:  # a byte that nobody reads, such as the date of an entry
                assert len(content) == len(whole) and again.check() == ()
                shutil.rmtree(again.folder)
                again = empty(tmp_path / "again")


@pytest.mark.parametrize(
    "place",
    [
        *("../evil.sqlite", "/tmp/evil.sqlite", "snapshots/../../x.json", "presets/../../x.toml", "C:\\x.sqlite"),
        *("presets/a\\..\\x.toml", "snapshots/000001-0123456789abcdef/../x.json", "CURRENT", "writer.lock", ""),
    ],
)
def test_a_place_outside_the_workspace_is_refused(file, tmp_path, place):
    files = {name: vars(one) for name, one in look(file).files.items()}
    bad = rewritten(file, tmp_path / "bad.zip", files={**files, place: next(iter(files.values()))})
    again, seen = empty(tmp_path / "again"), sorted(tmp_path.iterdir())
    with pytest.raises(StoreError, match=r"backup\.strange_place"):
        restore_backup(again, bad)
    assert sorted(tmp_path.iterdir()) == seen and again.ids() == []


def test_an_entry_that_unpacks_to_more_than_it_says_is_read_no_further(file, tmp_path):
    files = {name: vars(one) for name, one in look(file).files.items()}
    files["presets/ours.toml"] = {**files["presets/ours.toml"], "size": 3}
    with pytest.raises(StoreError, match=r"backup\.damaged"):
        look(rewritten(file, tmp_path / "bad.zip", files=files))


@pytest.mark.parametrize(
    ("changed", "id"),
    [
        ({"format": 2}, "backup.newer"),
        ({"current": "000009-0123456789abcdef"}, "backup.unknown"),
        ({"files": []}, "backup.unknown"),
        ({"versions": 7}, "backup.unknown"),
    ],
)
def test_what_a_newer_program_or_nobody_wrote_is_refused(file, tmp_path, changed, id):
    with pytest.raises(StoreError) as refused:
        restore_backup(empty(tmp_path / "again"), rewritten(file, tmp_path / "bad.zip", **changed))
    assert refused.value.id == id


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 100])
def test_what_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(StoreError, match=r"backup\.not_whole"):
        look(tmp_path / "b.zip")


def test_settings_of_a_newer_program_are_refused_before_anything_is_replaced(workspace, file, tmp_path):
    with closing(sqlite3.connect(workspace.folder / "state.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"store\.state_newer"):
        write_backup(workspace, tmp_path / "c.zip")
    assert not (tmp_path / "c.zip").exists()


def test_a_workspace_that_holds_data_is_replaced_only_when_told_and_its_trail_is_kept(workspace, file, tmp_path):
    later = workspace.publish({"costs": costs(tmp_path / "e.parquet", "9")}, sources={})
    State.open(workspace.folder).record("deleted customer", who="huda", version=later.id)
    trail, before = State.open(workspace.folder).audit(), tree(workspace)
    with pytest.raises(StoreError, match=r"backup\.holds_data"):
        restore_backup(workspace, file)
    assert tree(workspace) == before
    open_elsewhere = sqlite3.connect(workspace.folder / "state.sqlite")
    done = restore_backup(workspace, file, replace=True)
    assert open_elsewhere.execute("SELECT count(*) FROM audit").fetchone() == (1,)
    open_elsewhere.close()
    assert workspace.current().number == 2 and later.id not in workspace.ids() and workspace.check() == ()
    assert done.forgotten_since == 1
    assert State(path=workspace.folder / done.set_aside).audit() == trail


def test_it_comes_back_over_a_workspace_that_is_broken_in_every_part(workspace, file, tmp_path):
    good = workspace.current()
    (workspace.folder / "CURRENT").write_text("nothing")
    for path in (*workspace.folder.glob("state.sqlite*"), *workspace.folder.glob("s*/*/*.parquet")):
        path.chmod(0o600)
        path.write_bytes(b"broken" * 100)
    done = restore_backup(workspace, file, replace=True)
    assert workspace.current() == good and workspace.check() == () and done.set_aside
    assert len(State.open(workspace.folder).audit()) == 1


def test_a_damaged_version_is_left_out_and_named_and_one_in_use_refuses_the_backup(workspace, tmp_path):
    old, new = workspace.versions()[1], workspace.current()
    own = new.tables["customers"].files[0]
    manifest = old.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    held = write_backup(workspace, tmp_path / "b.zip")
    assert held.left_out == (old.id,) and [one.id for one in held.versions] == [new.id]
    assert restore_backup(empty(tmp_path / "again"), tmp_path / "b.zip").version == new
    own.write_bytes(own.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError, match=r"store\.version_damaged"):
        write_backup(workspace, tmp_path / "c.zip")
    assert not [path for path in tmp_path.iterdir() if "c.zip" in path.name]


def test_a_backup_during_which_a_customer_is_forgotten_is_none(workspace, tmp_path, monkeypatch):
    packing = write._pack

    def forgotten_first(*given):
        workspace.forget_customer("C-1")
        return packing(*given)

    monkeypatch.setattr(write, "_pack", forgotten_first)
    with pytest.raises(StoreError, match=r"backup\.gone_meanwhile"):
        write_backup(workspace, tmp_path / "b.zip")
    assert not [path for path in tmp_path.iterdir() if "b.zip" in path.name]


def test_nothing_is_written_over_unless_told_and_an_empty_workspace_has_no_backup(workspace, file, tmp_path):
    with pytest.raises(StoreError, match=r"backup\.exists"):
        write_backup(workspace, file)
    assert write_backup(workspace, file, replace=True).current == workspace.current().id
    with pytest.raises(StoreError, match=r"store\.no_data"):
        write_backup(empty(tmp_path / "empty"), tmp_path / "c.zip")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_full_disk_is_said_on_both_ways_and_nothing_is_left_on_it(workspace, file, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        again = empty(small / "w")
        before, free = tree(again), os.statvfs(small).f_bfree
        with pytest.raises(StoreError, match=r"store\.disk_full"):
            restore_backup(again, file)
        assert tree(again) == before and os.statvfs(small).f_bfree == free
        (small / "filler").write_bytes(b"x" * (os.statvfs(small).f_bavail * 4096 - 20_000))
        with pytest.raises(StoreError, match=r"store\.disk_full"):
            write_backup(workspace, small / "b.zip")
        assert {path.name for path in small.iterdir()} == {"w", "filler"}
    finally:
        time.sleep(0.05)
        subprocess.run(["umount", small], capture_output=True)


def test_who_may_come_in_is_kept_as_it_is_today_and_comes_into_an_empty_folder_without_sessions(workspace, tmp_path):
    people = People.of(workspace.folder)
    for name in ("huda", "omar"):
        people.add_person(name, "administrator", "hash")
    people.begin_session("a", "omar", 1e9, longest=1e9, tried="")
    write_backup(workspace, tmp_path / "b.zip")
    people.remove_person("omar")
    restore_backup(workspace, tmp_path / "b.zip", replace=True)
    assert [one.name for one in people.everybody()] == ["huda"]
    restore_backup(empty(tmp_path / "new"), tmp_path / "b.zip")
    back = People.of(tmp_path / "new")
    assert [one.name for one in back.everybody()] == ["huda", "omar"]
    assert back.of_session("a", 1e9, idle=1e9, longest=1e9) is None


def test_a_backup_from_before_anybody_signed_in_leaves_nobody_out(workspace, file):
    People.of(workspace.folder).add_person("huda", "administrator", "hash")
    restore_backup(workspace, file, replace=True)
    assert [one.name for one in People.of(workspace.folder).everybody()] == ["huda"]
