"""A forgotten customer is in no byte of the workspace, everyone else is untouched, and a crash only delays it."""

import io
import zipfile
from datetime import date

import pytest

from cxroi.errors import StoreError
from cxroi.export.customer_file import customer_file
from cxroi.store.engine.engine import Engine
from cxroi.store.files.parquet import copy_without
from cxroi.store.versions import forget
from cxroi.store.versions import workspace as snapshots
from cxroi.store.versions.one_customer import held_of_customer
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import costs, parquet

MARKER = "MARKER-0042"


def people(path, *ids):
    return parquet(
        path, "customers", [{"customer_id": id, "joined_on": "2025-01-01", "monthly_revenue": "1"} for id in ids]
    )


@pytest.fixture
def workspace(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    (tmp_path / "r.csv").write_text(f"row,customer,reason\n7,{MARKER},date\n8,other,date\n")
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    workspace.publish(
        {"customers": people(tmp_path / "k.parquet", "a", MARKER, "b")},
        sources={"customers": {"sha256": "f" * 64}},
        rejects={"customers": tmp_path / "r.csv"},
    )
    workspace.publish({"customers": people(tmp_path / "l.parquet", "c", "d")}, sources={}, mode="append")
    rows = [{"customer_id": id, "ordered_on": "2025-02-01", "amount": "3"} for id in (MARKER, "a", MARKER)]
    workspace.publish({"orders": parquet(tmp_path / "o.parquet", "orders", rows)}, sources={})
    (workspace.quarantine() / "upload").write_text(MARKER)
    return workspace


def bytes_with_marker(workspace):
    # Parquet holds short text plainly; a marker of this length is found when it is there
    return [p for p in workspace.folder.rglob("*") if p.is_file() and MARKER.encode() in p.read_bytes()]


def test_no_byte_of_a_forgotten_customer_is_left(workspace):
    assert len(bytes_with_marker(workspace)) >= 6
    receipt = workspace.forget_customer(MARKER)
    assert bytes_with_marker(workspace) == []
    assert receipt.rows_removed == {"customers": 1, "orders": 2} and MARKER not in repr(receipt)
    assert len(receipt.versions_replaced) == 3


def test_everyone_else_and_every_version_stay(workspace):
    numbers = [version.number for version in workspace.versions()]
    workspace.forget_customer(MARKER)
    assert [version.number for version in workspace.versions()] == numbers and workspace.check() == ()
    current = workspace.current()
    assert (current.tables["customers"].rows, current.tables["orders"].rows) == (4, 1)
    assert current.tables["customers"].sums == {"monthly_revenue": "4.000"}
    assert current.tables["customers"].rejects[0].read_text().splitlines() == ["row,customer,reason", "8,other,date"]
    assert current.parent == workspace.version("3").id
    Engine.on(current)
    restored = workspace.restore("2")
    assert restored.tables["customers"].rows == 2


def test_a_version_that_could_not_be_written_again_leaves_nothing_behind(workspace, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cxroi.store.versions.draft.write_manifest", full)
    before = sorted(path.name for path in (workspace.folder / "snapshots").iterdir())
    with pytest.raises(StoreError, match="disk_full"):
        workspace.forget_customer(MARKER)
    assert sorted(path.name for path in (workspace.folder / "snapshots").iterdir()) == before


@pytest.mark.parametrize(("number", "id"), [("none", "nobody"), (MARKER.lower(), "nobody_written_otherwise")])
def test_who_is_not_there_is_refused_and_changes_nothing(workspace, number, id):
    before = [version.id for version in workspace.versions()]
    with pytest.raises(StoreError) as refused:
        workspace.forget_customer(number)
    assert refused.value.id == f"store.{id}" and refused.value.facts.get("near") in (None, MARKER)
    assert [version.id for version in workspace.versions()] == before and len(bytes_with_marker(workspace)) >= 6


def test_rows_that_were_put_aside_are_counted_once_a_file(workspace):
    assert workspace.forget_customer(MARKER).kept_out_removed == 1  # though three versions hold the file


def test_texts_that_still_name_the_customer_are_counted_by_their_place(workspace, tmp_path):
    comments = (f"call {MARKER} back", f"({MARKER.lower()})", f"{MARKER}1 is somebody else", "content")
    surveys = [
        {"answered_on": "2025-02-01", "score": "9", "customer_id": "a", "comment": comment} for comment in comments
    ]
    (tmp_path / "s.csv").write_text(f"row,comment,reason\n9,{MARKER.lower()} again,score\n")
    workspace.publish(
        {"surveys": parquet(tmp_path / "s.parquet", "surveys", surveys)},
        sources={},
        rejects={"surveys": tmp_path / "s.csv"},
    )
    workspace.restore("5")
    receipt = workspace.forget_customer(MARKER)
    assert receipt.mentions == {"surveys": 1, "surveys.comment": 2}
    assert MARKER.lower() not in repr(receipt).lower()


@pytest.mark.parametrize("file", ["manifest.json", "costs-0000.parquet"])
def test_a_damaged_version_may_hold_the_customer_so_nobody_is_forgotten_until_it_is_deleted(workspace, file):
    first = workspace.versions()[-1]
    damaged = first.folder / file
    content = damaged.read_bytes()
    damaged.unlink()  # later versions hold the same bytes under a name of their own
    damaged.write_bytes(content[:-1] + b"?")
    with pytest.raises(StoreError) as refused:
        workspace.forget_customer(MARKER)
    assert (refused.value.id, refused.value.facts["version"]) == ("store.forget_unreadable", first.id)
    assert len(bytes_with_marker(workspace)) >= 6
    workspace.delete(first.id)
    workspace.forget_customer(MARKER)
    assert bytes_with_marker(workspace) == []


@pytest.mark.parametrize("call", range(1, 7))
def test_a_crash_after_the_decision_is_finished_by_whoever_opens_the_workspace_next(workspace, monkeypatch, call):
    class PowerCutError(BaseException):
        pass

    calls = 0

    def cut(*arguments, function, **named):
        nonlocal calls
        calls += 1
        if calls == call:
            raise PowerCutError
        return function(*arguments, **named)

    def decide_then_cut(folder, plan):
        forget.write_journal(folder, plan)
        for name in ("flush", "swap", "remove"):
            function = getattr(forget, name)
            monkeypatch.setattr(forget, name, lambda *a, function=function, **n: cut(*a, function=function, **n))

    monkeypatch.setattr(snapshots, "write_journal", decide_then_cut)
    with pytest.raises(PowerCutError):
        workspace.forget_customer(MARKER)
    monkeypatch.undo()
    again = Workspace.open(workspace.folder)
    assert bytes_with_marker(again) == [] and again.check() == ()
    assert [version.number for version in again.versions()] == [4, 3, 2, 1]
    assert not (workspace.folder / forget.JOURNAL).exists()


def test_a_crash_before_the_decision_changes_nothing(workspace, monkeypatch):
    before = workspace.current()
    monkeypatch.setattr(snapshots, "write_journal", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        workspace.forget_customer(MARKER)
    assert workspace.current() == before and workspace.check() == ()
    monkeypatch.undo()
    workspace.forget_customer(MARKER)
    assert bytes_with_marker(workspace) == []
    assert not [p for p in (workspace.folder / "snapshots").iterdir() if p.name.startswith(".")]


def test_a_disk_that_takes_no_copy_is_said_in_a_sentence(workspace, tmp_path):
    (path,) = workspace.current().tables["orders"].files
    with pytest.raises(StoreError) as refused:
        copy_without(path, tmp_path / "no such folder" / "orders.parquet", MARKER)
    assert refused.value.id == "store.disk_failed"


def test_where_the_texts_cannot_be_searched_nothing_has_been_removed_yet(workspace, monkeypatch):
    def broken(*_):
        raise StoreError("store.disk_failed")

    before = [version.id for version in workspace.versions()]
    monkeypatch.setattr(forget, "naming", broken)
    with pytest.raises(StoreError):
        workspace.forget_customer(MARKER)
    assert [version.id for version in workspace.versions()] == before and workspace.check() == ()


def test_what_is_kept_of_a_customer_is_told_whole_and_each_row_once_whatever_versions_hold_it(workspace):
    held = held_of_customer(workspace.versions(), MARKER)
    assert {name: len(rows) for name, rows in held.tables.items()} == {"customers": 1, "orders": 2}
    assert held.tables["customers"][0] == {"customer_id": MARKER, "joined_on": "2025-01-01", "monthly_revenue": "1.000"}
    assert held.set_aside == {"customers": (("7", MARKER, "date"),)} and held.mentions == {}
    workspace.forget_customer(MARKER)
    with pytest.raises(StoreError) as nobody:
        held_of_customer(workspace.versions(), MARKER)
    assert nobody.value.id == "store.nobody"


def test_what_is_kept_of_a_customer_comes_as_tables_with_nothing_live_in_them(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    row = {"customer_id": "=1+1", "answered_on": "2025-01-01", "metric": "nps", "score": "9", "comment": "@SUM(A1)"}
    other = row | {"customer_id": "b", "comment": "as =1+1 says"}
    workspace.publish({"surveys": parquet(tmp_path / "s.parquet", "surveys", [row, other])}, sources={})
    with zipfile.ZipFile(io.BytesIO(customer_file(held_of_customer(workspace.versions(), "=1+1")))) as file:
        texts = {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}
    assert texts.keys() == {"surveys.csv", "mentions.csv"}
    assert (
        "'=1+1" in texts["surveys.csv"] and "'@SUM(A1)" in texts["surveys.csv"] and "says" not in texts["surveys.csv"]
    )
    assert "surveys.comment,1" in texts["mentions.csv"]


def test_comments_of_long_ago_are_in_no_byte_and_their_answers_stay(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    answer = {"metric": "nps", "score": "9", "scale_max": "10"}
    rows = [
        answer | {"customer_id": "a", "answered_on": "2024-05-31", "comment": MARKER},
        answer | {"customer_id": "b", "answered_on": "2024-06-01", "comment": "still here"},
    ]
    workspace.publish({"surveys": parquet(tmp_path / "s.parquet", "surveys", rows)}, sources={})
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    assert workspace.forget_comments(date(2024, 5, 31)).versions_replaced == {}
    before = workspace.current()
    receipt = workspace.forget_comments(date(2024, 6, 1))
    assert bytes_with_marker(workspace) == [] and workspace.check() == ()
    assert receipt.rows_removed == {"surveys": 1} and len(receipt.versions_replaced) == 2
    held = [held_of_customer(workspace.versions(), id).tables["surveys"][0] for id in ("a", "b")]
    assert "comment" not in held[0] and held[0]["score"] == "9.0" and held[1]["comment"] == "still here"
    assert workspace.current().tables["costs"].sha256 == before.tables["costs"].sha256
    assert workspace.forget_comments(date(2024, 6, 1)).versions_replaced == {}


@pytest.mark.parametrize(("put_aside_before", "left"), [(date(2000, 1, 1), 2), (date(9999, 1, 1), 1)])
def test_answers_put_aside_long_ago_go_with_their_comments(tmp_path, put_aside_before, left):
    workspace = Workspace.open(tmp_path / "w")
    (tmp_path / "r.csv").write_text(f"row,customer,reason\n7,{MARKER},date\n")
    row = {"answered_on": "9999-12-31", "metric": "nps", "score": "9", "scale_max": "10"}
    staged = {"surveys": parquet(tmp_path / "s.parquet", "surveys", [row])}
    workspace.publish(staged, sources={"surveys": {"sha256": "f" * 64}}, rejects={"surveys": tmp_path / "r.csv"})
    assert workspace.forget_comments(put_aside_before).kept_out_removed == 2 - left
    assert len(workspace.current().tables["surveys"].rejects[0].read_text().splitlines()) == left


def test_answers_of_nobody_known_keep_nobody_from_being_forgotten(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    answer = {"answered_on": "2025-01-05", "metric": "nps", "score": "9", "scale_max": "10"}
    staged = {
        "customers": people(tmp_path / "k.parquet", MARKER, "a"),
        "surveys": parquet(tmp_path / "s.parquet", "surveys", [answer]),
    }
    workspace.publish(staged, sources={})
    assert held_of_customer(workspace.versions(), MARKER).tables.keys() == {"customers"}
    assert workspace.forget_customer(MARKER).rows_removed["customers"] == 1
    assert workspace.current().tables["surveys"].rows == 1
