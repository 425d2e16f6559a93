"""No damage is a dead end: what the advice says, followed to the letter, ends with the data or with a workspace that takes files."""

import os
import shutil
from pathlib import Path

import pytest

from cxroi.cli import main
from cxroi.errors import StoreError
from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file

pytestmark = pytest.mark.usefixtures("files_read_here")
COSTS = "period,initiative,amount\n" + "".join(f"2025-{m:02d}-01,Care,{100 + m}.50\n" for m in range(1, 13))
ORDERS = "customer_id,ordered_on,amount\n" + "".join(f"C{i},2025-01-{i % 28 + 1:02d},10.50\n" for i in range(40))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A folder with two files and, in `w`, the two versions that came of them, which share the bytes of one table."""
    folder = tmp_path_factory.mktemp("loaded")
    workspace = Workspace.open(folder / "w")
    for name, content in (("costs.csv", COSTS), ("orders.csv", ORDERS)):
        (folder / name).write_text(content)
        assert load(workspace, folder / name)
    return folder


@pytest.fixture
def workspace(tmp_path, loaded):
    """A copy of its own, in which what shared its bytes shares them again."""
    copied = {}

    def copy(source, to):
        inode = Path(source).stat().st_ino
        if inode in copied:
            os.link(copied[inode], to)
        else:
            copied[inode] = shutil.copy2(source, to)

    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True, copy_function=copy)
    workspace = Workspace.open(tmp_path / "w")
    first, second = (version.tables["costs"].files[0] for version in workspace.versions())
    assert first.samefile(second) and not first.samefile(loaded / first.relative_to(tmp_path))
    return workspace


def load(workspace, path):
    return load_file(workspace, path, path.name, IntakeRequest(currency="SAR"))[1]


def flip(path):
    path.chmod(0o600)
    with path.open("r+b") as file:  # in place, so that every version with this file has it
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


def flip_shared_table(workspace):
    flip(workspace.current().tables["costs"].files[0])


def lose_a_file(workspace):
    workspace.current().tables["orders"].files[0].unlink()


def break_every_manifest(workspace):
    for manifest in (workspace.folder / "snapshots").glob("*/manifest.json"):
        flip(manifest)


def lose_all_versions(workspace):
    shutil.rmtree(workspace.folder / "snapshots")


def lose_the_pointer(workspace):
    (workspace.folder / "CURRENT").write_bytes(b"\xff\xfe")


DAMAGE = [flip_shared_table, lose_a_file, break_every_manifest, lose_all_versions, lose_the_pointer]


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_second_copy_brings_everything_back(workspace, damage):
    before = workspace.current()
    damage(workspace)
    assert workspace.check()
    assert workspace.repair() == before
    assert not before.damage() and workspace.given_up() == ()


@pytest.mark.parametrize("damage", DAMAGE[:-1])
def test_without_the_second_copy_the_advice_still_leads_to_a_workspace_that_takes_the_files(
    workspace, damage, tmp_path, capsys
):
    damage(workspace)
    shutil.rmtree(workspace.folder / "spare")
    at = ["--workspace", str(workspace.folder)]
    if main(["repair", *at]) != 0:
        assert "--start-empty" in capsys.readouterr().err
        assert main(["repair", "--start-empty", *at]) == 0
        assert "damaged" in capsys.readouterr().out or damage is lose_all_versions
    for name in ("costs.csv", "orders.csv"):
        main(["import", str(tmp_path / name), "--currency", "SAR", *at])
    current = Workspace.open(workspace.folder).current()
    assert set(current.tables) == {"costs", "orders"} and not current.damage()


def test_the_same_file_may_be_loaded_again_where_its_bytes_are_damaged(workspace, tmp_path):
    flip_shared_table(workspace)
    assert workspace.has_source(workspace.current().tables["costs"].sources[0]["sha256"]) == ()
    version = load(workspace, tmp_path / "costs.csv")
    assert version is not None and not version.damage()


def test_a_damaged_table_is_never_carried_into_a_new_version(workspace, tmp_path):
    flip_shared_table(workspace)
    (tmp_path / "more.csv").write_text(ORDERS.replace("C", "D"))
    with pytest.raises(StoreError) as refused:
        load(workspace, tmp_path / "more.csv")
    assert refused.value.id == "store.version_damaged" and "costs" in refused.value.facts["files"]


def test_what_was_given_up_is_named_kept_aside_and_its_number_never_given_again(workspace, tmp_path, capsys):
    lost = workspace.current()
    lose_a_file(workspace)
    shutil.rmtree(workspace.folder / "spare")
    assert main(["repair", "--workspace", str(workspace.folder)]) == 0
    assert lost.id in capsys.readouterr().out and workspace.current().number == 1
    version = load(workspace, tmp_path / "orders.csv")
    assert version.number == 3
    assert (
        workspace.given_up() == (lost.id,) and (workspace.folder / "damaged" / lost.id / "costs-0000.parquet").exists()
    )


def test_the_second_copy_is_of_the_version_in_use_alone_and_shares_no_bytes(workspace):
    current = workspace.current()
    spare = {path.name: path for path in (workspace.folder / "spare").iterdir()}
    digests = {digest for table in current.tables.values() for digest in table.sha256 + table.rejects_sha256}
    assert set(spare) == {current.id, *digests}
    assert all(not spare[table.sha256[0]].samefile(table.files[0]) for table in current.tables.values())


def test_who_was_forgotten_is_in_no_second_copy_and_in_nothing_that_was_given_up(workspace, tmp_path):
    lose_a_file(workspace)
    shutil.rmtree(workspace.folder / "spare")
    workspace.repair()
    load(workspace, tmp_path / "orders.csv")
    workspace.forget_customer("C7")
    digests = {digest for table in workspace.current().tables.values() for digest in table.sha256}
    assert {path.name for path in (workspace.folder / "spare").iterdir()} == {workspace.current().id, *digests}
    assert workspace.given_up() == ()
