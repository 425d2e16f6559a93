"""A lost, broken or unreachable state takes no verdict away and changes no figure without a word."""

import shutil
import subprocess
from decimal import Decimal

import pytest

from cxroi.errors import StoreError
from cxroi.questions import gather
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.panel.money_said import MoneySaid
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.sample import load_sample
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.workspace import Workspace

SHARES = {"Riyadh": 3.0, "Jeddah": 1.0}


@pytest.fixture
def workspace(tmp_path):
    """The sample company with everything that a figure may rest on, kept after the load."""
    workspace = Workspace.open(tmp_path / "workspace")
    load_sample(workspace)
    settle(workspace)
    return workspace


def settle(workspace):
    state = State.open(workspace.folder)
    state.share_out("shares")
    state.set_shares("", SHARES)
    state.set_rate("EUR", "SAR", Decimal("4.05"), source="bank")
    state.set_ledger_rules([("note", "care", "cx")])
    state.keep_spend_in_support(SpendInSupport(answer="share", share=0.1))
    state.keep_money_said(MoneySaid(currency="SAR", margin_rate=0.6))
    state.record("shares", who="Huda")


def said(state):
    return (
        state.allocation(),
        state.known_rates(),
        state.ledger_rules(),
        state.spend_in_support(),
        state.money_said(),
        state.audit(),
    )


def lose(path):
    path.unlink()


def truncate(path):
    path.write_bytes(path.read_bytes()[:5000])


def spoil(path):
    path.write_bytes(b"not a database" * 500)


def empty_page(path):
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 8000)


def become_a_folder(path):
    path.unlink()
    path.mkdir()


DAMAGE = [lose, truncate, spoil, empty_page, become_a_folder]


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_figures_rest_on_stays_and_the_damage_is_told(workspace, damage):
    version = workspace.current()
    before = said(State.open(workspace.folder))
    damage(workspace.folder / STATE_FILE)
    state, trouble = state_in_force(version)
    assert said(state) == before
    assert isinstance(trouble, StoreError) and trouble.id == (
        "store.state_lost" if damage is lose else "store.state_damaged"
    )


@pytest.mark.parametrize("damage", DAMAGE)
def test_repair_brings_the_state_back_and_keeps_the_broken_file(workspace, damage):
    before = said(State.open(workspace.folder))
    damage(workspace.folder / STATE_FILE)
    version = workspace.repair()
    assert state_in_force(version)[1] is None and said(State.open(workspace.folder)) == before
    aside = [
        path for path in workspace.folder.glob(f"{STATE_FILE}.damaged-*") if not path.name.endswith(("-wal", "-shm"))
    ]
    assert len(aside) == (damage is not lose)


def test_a_state_made_by_a_newer_program_is_left_alone_and_named(workspace):
    with State.open(workspace.folder).connection() as connection:
        connection.execute("PRAGMA user_version = 99")
    state, trouble = state_in_force(workspace.current())
    assert trouble.id == "store.state_newer" and state.allocation().shares == {"": SHARES}
    workspace.repair()
    assert (workspace.folder / STATE_FILE).exists() and state_in_force(workspace.current())[1].id == "store.state_newer"


def test_a_workspace_without_settings_has_no_trouble_and_gets_no_file_by_being_read(tmp_path):
    workspace = Workspace.open(tmp_path)
    version = load_sample(workspace)
    state, trouble = state_in_force(version)
    assert trouble is None and said(state)[1:3] == ((), ())
    assert not (tmp_path / STATE_FILE).exists()


def test_what_was_kept_goes_along_with_a_load_a_restore_and_an_erasure(workspace):
    before = said(State.open(workspace.folder))
    customer = "A000001"
    for change in (
        lambda: load_sample(workspace),
        lambda: workspace.restore("1"),
        lambda: workspace.forget_customer(customer),
    ):
        change()
        (workspace.folder / STATE_FILE).rename(workspace.folder / "aside")
        assert said(state_in_force(workspace.current())[0]) == before
        (workspace.folder / "aside").rename(workspace.folder / STATE_FILE)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own that can be filled or made read-only; skipped where none can be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], check=False, capture_output=True
    ).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    assert file.write(b"x" * size)
            except OSError:
                continue


@pytest.mark.parametrize("with_state", [True, False])
@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_full_or_read_only_disk_takes_no_verdict_away(small_disk, trouble, with_state):
    if shutil.disk_usage(small_disk).total > 1 << 26:
        pytest.skip("not a small disk")
    workspace = Workspace.open(small_disk / "workspace")
    version = load_sample(workspace)
    if with_state:
        settle(workspace)
    if trouble == "full":
        fill(small_disk)
    else:
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert gather(workspace.folder).data_version == version.id
    assert state_in_force(version)[1] is None
    with pytest.raises(StoreError) as refused:
        workspace.forget_customer("A000001")
    assert refused.value.id in ("store.disk_full", "store.read_only")
    assert workspace.check() == ()
