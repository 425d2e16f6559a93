"""A load that dies at any moment, by itself or beside another, leaves whole data, no child and no file behind."""

import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from cxroi.actions.load import inspect_file
from cxroi.errors import StoreError
from cxroi.intake.child import ChildLimits
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import read_panel
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file, load_many
from tests.killed_loads import PLAIN, begin, children_of, killed_at_moments, orders

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="looks for processes in /proc")
ROWS = 3_000


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A folder with orders and costs, of which a panel can be read."""
    folder = tmp_path_factory.mktemp("loaded")
    costs = folder / "costs.csv"
    costs.write_text("period,amount\n" + "".join(f"202{y}-{m:02d},100\n" for y in (4, 5) for m in range(1, 13)))
    files = [(path, path.name, PLAIN) for path in (costs, orders(folder / "first.csv", ROWS))]
    _, version = load_many(Workspace.open(folder / "w"), files)
    assert version is not None and set(version.tables) == {"costs", "orders"}
    return folder / "w"


@pytest.fixture
def workspace(tmp_path, loaded):
    shutil.copytree(loaded, tmp_path / "w")
    return Workspace.open(tmp_path / "w")


def test_killed_at_twelve_random_moments_nothing_is_lost_and_nothing_is_left(tmp_path, workspace):
    path = orders(tmp_path / "second.csv", ROWS, seed=2)
    kept = 0
    for left in killed_at_moments(12, workspace, path):
        assert left.after.number - left.before.number in (0, 1)
        assert left.after.tables["orders"].rows == ROWS and "costs" in left.after.tables
        kept += left.after == left.before
    assert 1 < kept < 12, "moments before and after the change of version must both have been met"
    assert workspace.check() == ()
    assert not read_panel(Engine.on(workspace.current())).frame.empty
    assert load_file(workspace, path, "again.csv", PLAIN, again=True)[1] == workspace.current()


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.25])
def test_a_child_that_is_killed_is_a_sentence_and_the_data_stay(tmp_path, workspace, seconds):
    before = workspace.current()
    killed = []

    def kill():
        if not killed and (running := children_of(workspace)):
            time.sleep(seconds)
            os.kill(running[0], signal.SIGKILL)
            killed.append(True)
        return False

    path = orders(tmp_path / "b.csv", 100_000)
    (report,), version = load_file(workspace, path, "b.csv", PLAIN, cancelled=kill)
    assert (report.message, version, workspace.current()) == ("upload.child_crash", None, before)


def test_uploads_of_two_processes_at_once_are_both_kept(tmp_path, workspace):
    number = workspace.current().number
    loads = [begin(workspace, orders(tmp_path / f"{n}.csv", ROWS, seed=n)) for n in (3, 4, 5)]
    assert {os.waitstatus_to_exitcode(os.waitpid(load, 0)[1]) for load in loads} == {0}
    assert workspace.current().number == number + 3 and workspace.check() == ()


def test_an_upload_of_one_process_survives_that_another_opens_the_workspace(workspace):
    mine = workspace.quarantine()
    (mine / "upload").write_text("mine")
    dead = os.fork()
    if dead == 0:
        (workspace.quarantine() / "upload").write_text("dead")
        os._exit(0)
    os.waitpid(dead, 0)
    assert len(list(mine.parent.iterdir())) == 2
    process = os.fork()
    if process == 0:
        Workspace.open(workspace.folder)
        os._exit(0)
    os.waitpid(process, 0)
    assert list(mine.parent.iterdir()) == [mine] and (mine / "upload").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_disk_that_fills_up_during_a_load_is_said_and_its_space_comes_back(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        workspace = Workspace.open(small / "w")
        _, before = load_file(workspace, orders(tmp_path / "a.csv", 500), "a.csv", PLAIN)
        free = os.statvfs(small).f_bfree
        for rows in (30_000, 60_000, 90_000, 200_000):  # full while parsed, or while copied
            path = orders(tmp_path / f"{rows}.csv", rows)
            try:
                (report,), version = load_file(workspace, path, path.name, PLAIN)
                said = report.message
            except StoreError as error:
                said, version = error.id, None
            if version is None:
                assert said in ("upload.no_room", "store.disk_full")
                assert os.statvfs(small).f_bfree == free and workspace.current() == before
            before, free = workspace.current(), os.statvfs(small).f_bfree
        assert version is None
    finally:
        time.sleep(0.05)
        subprocess.run(["umount", "-l", small], capture_output=True)


def test_a_limit_on_the_size_of_files_is_said_as_no_room(tmp_path, workspace):
    before, path = workspace.current(), orders(tmp_path / "b.csv", 20_000)
    (report,), _ = load_file(workspace, path, "b.csv", PLAIN, limits=ChildLimits(file_size=10_000))
    assert (report.message, workspace.current()) == ("upload.no_room", before)
    process = os.fork()
    if process == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))  # room for what SQLite lays beside its file
        (report,), _ = load_file(workspace, path, "b.csv", PLAIN)
        os._exit(0 if report.message == "upload.no_room" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    assert workspace.current() == before and not list((workspace.folder / "quarantine").iterdir())


@pytest.mark.parametrize("harm", ["pointer", "bytes"])
def test_a_load_onto_damaged_data_says_so_and_repair_leads_back(tmp_path, workspace, harm):
    load_file(workspace, orders(tmp_path / "b.csv", 500), "b.csv", PLAIN)
    second = workspace.current()
    if harm == "pointer":
        (workspace.folder / "CURRENT").write_text("gone")
    else:
        second.tables["costs"].files[0].unlink()  # the version before has a name for it of its own
    with pytest.raises(StoreError) as told:
        load_file(workspace, orders(tmp_path / "c.csv", 500, seed=3), "c.csv", PLAIN)
    assert told.value.id in ("store.pointer_damaged", "store.version_damaged")
    repaired = workspace.repair()
    assert repaired == second and not repaired.damage()  # from the second copy
    assert load_file(workspace, orders(tmp_path / "c.csv", 500, seed=3), "c.csv", PLAIN)[1] == workspace.current()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_workspace_that_cannot_be_written_to_refuses_a_load_and_still_looks_at_a_file(tmp_path, workspace):
    path, before = orders(tmp_path / "b.csv", 10), workspace.current()
    (workspace.folder / "quarantine").chmod(0o500)
    try:
        with pytest.raises(StoreError) as told:
            load_file(workspace, path, "b.csv", PLAIN)
        assert told.value.id == "store.read_only" and workspace.current() == before
        assert inspect_file(path, "b.csv", PLAIN, workspace=workspace)[0].rows_loaded == 10
    finally:
        (workspace.folder / "quarantine").chmod(0o700)
