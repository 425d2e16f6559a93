"""What lies in a workspace is its owner's alone, whatever the person's umask is and whatever an older release left."""

import io
import os
import shutil
from stat import S_IMODE

import pytest

from cxroi.cli import main
from cxroi.store.files.access import anybody_may_write
from cxroi.store.files.leftovers import token_of_process
from cxroi.store.files.waiting import Waiting
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from tests.store.tables import parquet

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")


@pytest.fixture(autouse=True)
def _wide():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def workspace(tmp_path):
    """A workspace with a customer, rejected rows and a state."""
    opened = Workspace.open(tmp_path / "w")
    staged = opened.quarantine()
    rows = [{"customer_id": f"C{n}", "joined_on": "2024-01-01"} for n in range(3)]
    rejects = staged / "r.csv"
    rejects.write_text("cxroi_row,cxroi_column,cxroi_reason,customer_id\n1,joined_on,reject.missing?,C9\n")
    opened.publish(
        {"customers": parquet(staged / "c.parquet", "customers", rows)}, sources={}, rejects={"customers": rejects}
    )
    State.open(opened.folder).set_shares("", {"Homes": 1.0})
    shutil.rmtree(staged)
    return opened


def wide(folder):
    """Return what others of this machine may read or write below a folder."""
    return {str(p.relative_to(folder)): oct(S_IMODE(p.stat().st_mode)) for p in folder.rglob("*") if p.stat().st_mode & 0o077}  # fmt: skip


def test_what_a_load_writes_is_its_owners_alone(workspace):
    assert wide(workspace.folder) == {}


def test_so_is_what_stays_after_a_customer_was_forgotten(workspace):
    workspace.forget_customer("C1")
    assert wide(workspace.folder) == {}


def test_so_are_files_that_wait_and_the_marks_of_processes(workspace):
    waiting = Waiting.open(workspace.folder, None)
    file = waiting.add("a.csv", io.BytesIO(b"x"))
    token_of_process(workspace.folder)
    with waiting.being_loaded([file.id]):
        assert wide(workspace.folder) == {}


def test_wider_rights_of_older_releases_are_taken_back_by_the_next_write(workspace):
    (version,) = (workspace.folder / "snapshots").iterdir()
    for path in (version, *version.iterdir(), workspace.folder / "writer.lock"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    assert wide(workspace.folder)
    workspace.restore(workspace.current().id)
    assert wide(workspace.folder) == {} and not workspace.check()


def test_a_link_out_of_the_workspace_changes_nothing_outside(workspace, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "theirs").touch(0o644)
    for name in ("outside", "outside/theirs"):
        (workspace.folder / name.replace("/", "-")).symlink_to(tmp_path / name)
    workspace.restore(workspace.current().id)
    assert [S_IMODE(path.stat().st_mode) for path in (outside, outside / "theirs")] == [0o755, 0o644]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_anybody_may_write_to_is_said(workspace, capsys, language):
    command = ["tables", "--workspace", str(workspace.folder), "--language", language]
    said = Text(language)("store.open_to_all", path=str(workspace.folder))
    assert main(command) == 0 and said not in capsys.readouterr().err
    workspace.folder.chmod(0o777)
    assert anybody_may_write(workspace.folder)
    assert main(command) == 0 and said in capsys.readouterr().err


def test_what_a_killed_load_left_unfinished_is_gone_when_anybody_opens_the_workspace(workspace):
    left = [workspace.folder / "snapshots" / name for name in (".new-0123", ".gone-0001-ab")]
    for folder in left:
        folder.mkdir()
        (folder / "orders-0000.parquet").write_bytes(b"half")
    with workspace.writing():  # the draft of somebody who writes right now
        Workspace.open(workspace.folder, wait_seconds=0.1)
        assert all(folder.exists() for folder in left)
    Workspace.open(workspace.folder)
    assert not any(folder.exists() for folder in left) and not workspace.check()
