"""Dropped files wait on disk until they are loaded, taken away or forgotten."""

import io
import os
import time

import pytest

from cxroi.errors import StoreError
from cxroi.store.files.waiting import KEPT_SECONDS, Waiting
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "workspace")


def test_files_are_found_again_by_their_token_in_the_order_they_came(workspace):
    waiting = Waiting.open(workspace.folder, None)
    first, second = (waiting.add(name, io.BytesIO(name.encode())) for name in ("a.csv", "../../b.csv"))
    found = Waiting.open(workspace.folder, waiting.token)
    assert found.files() == (first, second)
    assert found.path(second).read_bytes() == b"../../b.csv" and found.path(second).parent == waiting.folder


@pytest.mark.parametrize("token", ["../snapshots", "", "f" * 31, "F" * 32, "\u0661" * 32])
def test_a_token_that_is_not_one_of_ours_finds_nothing_and_names_no_path(workspace, token):
    waiting = Waiting.open(workspace.folder, token)
    assert waiting.files() == () and waiting.token != token


def test_how_a_file_is_to_be_read_is_kept_with_it(workspace):
    waiting = Waiting.open(workspace.folder, None)
    file = waiting.add("a.csv", io.BytesIO(b"x"))
    waiting.change(file.id, {"decimal": ","})
    assert Waiting.open(workspace.folder, waiting.token).files()[0].request == {"decimal": ","}


def test_a_file_taken_away_leaves_no_bytes_and_the_last_one_no_folder(workspace):
    waiting = Waiting.open(workspace.folder, None)
    first, second = (waiting.add(name, io.BytesIO(b"x")) for name in "ab")
    waiting.remove(first.id)
    assert waiting.files() == (second,) and not waiting.path(first).exists()
    waiting.remove(second.id)
    assert not waiting.folder.exists()


def test_what_nobody_came_back_for_is_gone_when_anybody_opens_the_workspace(workspace):
    old = Waiting.open(workspace.folder, None)
    old.add("old.csv", io.BytesIO(b"x"))
    yesterday = time.time() - KEPT_SECONDS - 1
    os.utime(old.folder, (yesterday, yesterday))
    Workspace.open(workspace.folder)
    assert old.files() == () and not old.folder.exists()


def test_to_forget_a_customer_removes_files_that_wait(workspace, tmp_path):
    customers = parquet(tmp_path / "k.parquet", "customers", [{"customer_id": "C1", "joined_on": "2024-01-01"}])
    workspace.publish({"customers": customers}, sources={})
    waiting = Waiting.open(workspace.folder, None)
    waiting.add("customers.csv", io.BytesIO(b"customer_id,joined_on\nC1,2024-01-01\n"))
    with pytest.raises(StoreError) as refused:
        workspace.forget_customer("C2")
    assert refused.value.id == "store.nobody" and len(waiting.files()) == 1  # a slip of the pen takes nobody's files
    workspace.forget_customer("C1")
    assert waiting.files() == () and not waiting.folder.exists()


@pytest.mark.parametrize(
    "listed",
    ["[1]", "{}x", '{"a": 1}', '[{"id": "a"}]', '[{"id": "../../CURRENT", "name": "a", "size": 1, "request": {}}]', "7"],
)  # fmt: skip
def test_a_list_of_another_shape_is_a_sentence(workspace, listed):
    waiting = Waiting.open(workspace.folder, None)
    waiting.add("a.csv", io.BytesIO(b"x"))
    (waiting.folder / "list.json").write_text(listed)
    with pytest.raises(StoreError) as refused:
        waiting.files()
    assert refused.value.id == "store.waiting_damaged"


def test_no_more_may_wait_than_there_is_room_for(workspace, monkeypatch):
    waiting, other = Waiting.open(workspace.folder, None), Waiting.open(workspace.folder, None)
    monkeypatch.setattr("cxroi.store.files.waiting.MOST_OF_ONE", 1 << 20)
    monkeypatch.setattr("cxroi.store.files.waiting.MOST_OF_ALL", 2 << 20)
    waiting.add("a.csv", io.BytesIO(b"x" * (1 << 19)))
    waiting.ensure_room(1 << 18)
    with pytest.raises(StoreError) as refused:
        waiting.ensure_room((1 << 19) + 1)
    assert refused.value.id == "store.waiting_full"
    other.ensure_room(1 << 20)
    Waiting.open(workspace.folder, None).add("b.csv", io.BytesIO(b"x" * ((1 << 20) + 5)))
    with pytest.raises(StoreError):
        other.ensure_room(1 << 20)
