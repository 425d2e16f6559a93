"""Versions are immutable, complete and recoverable; nothing that was published is lost or changed in silence."""

import errno
import shutil
from pathlib import Path

import pytest

from cxroi.errors import StoreError
from cxroi.store.files import durable
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import costs, parquet


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "data [2026] *", wait_seconds=0.2)


def publish(workspace, path, table="costs", **more):
    return workspace.publish({table: path}, sources={table: {"sha256": "f" * 64, **more.pop("source", {})}}, **more)


def everything_under(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_new_workspace_is_empty_and_private(workspace):
    assert workspace.current() is None and workspace.versions() == () and workspace.check() == ()
    assert workspace.folder.stat().st_mode & 0o777 == 0o700


def test_a_published_table_is_current_with_its_rows_exact_sums_and_source(workspace, tmp_path):
    version = publish(workspace, costs(tmp_path / "c.parquet", "0.10", "0.20", "1e14"), who="Huda")
    assert workspace.current() == version and version.number == 1 and version.who == "Huda"
    table = workspace.current().tables["costs"]
    assert table.rows == 3 and table.sums == {"amount": "100000000000000.300"}
    assert workspace.has_source("f" * 64) == ("costs",) and workspace.has_source("0" * 64) == ()


def test_a_table_that_is_not_named_is_carried_over_without_a_change(workspace, tmp_path):
    publish(workspace, costs(tmp_path / "c.parquet", "5"))
    customers = parquet(tmp_path / "k.parquet", "customers", [{"customer_id": "000123", "joined_on": "2025-01-01"}])
    second = publish(workspace, customers, "customers")
    first = workspace.version("1")
    assert set(second.tables) == {"costs", "customers"}
    assert second.tables["costs"].sha256 == first.tables["costs"].sha256 and second.parent == first.id


def test_append_adds_to_a_table_and_replace_takes_its_place(workspace, tmp_path):
    publish(workspace, costs(tmp_path / "1.parquet", "5"))
    both = publish(workspace, costs(tmp_path / "2.parquet", "7", month="2025-02-01"), mode="append")
    assert (both.tables["costs"].rows, both.tables["costs"].sums["amount"]) == (2, "12.000")
    assert len(both.tables["costs"].sources) == 2
    replaced = publish(workspace, costs(tmp_path / "3.parquet", "1"))
    assert (replaced.tables["costs"].rows, len(replaced.tables["costs"].sources)) == (1, 1)


@pytest.mark.parametrize("segment", ["all", None])
def test_appending_what_is_loaded_already_is_refused_and_not_counted_twice(workspace, tmp_path, segment):
    def months(name, *days):
        rows = [
            {"month": d, "customers_at_start": 1, "customers_lost": 0, "cx_spend": "1", "revenue": "1"} for d in days
        ]
        return parquet(tmp_path / name, "monthly", [{**row, "segment": segment} for row in rows])

    publish(workspace, months("1.parquet", "2025-01-01", "2025-02-01"), "monthly")
    with pytest.raises(StoreError) as refused:
        publish(workspace, months("2.parquet", "2025-02-01", "2025-03-01"), "monthly", mode="append")
    assert refused.value.id == "store.append_overlaps" and refused.value.facts["rows"] == 1
    added = publish(workspace, months("3.parquet", "2025-03-01"), "monthly", mode="append")
    assert added.tables["monthly"].rows == 3


def test_the_first_real_load_leaves_the_sample_company_behind(workspace, tmp_path):
    sample = parquet(tmp_path / "k.parquet", "customers", [{"customer_id": "1", "joined_on": "2025-01-01"}])
    publish(workspace, sample, "customers", illustrative=True)
    real = publish(workspace, costs(tmp_path / "c.parquet", "5"))
    assert set(real.tables) == {"costs"} and not real.illustrative


def test_restore_makes_the_earlier_bytes_current_as_a_new_version(workspace, tmp_path):
    first = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    publish(workspace, costs(tmp_path / "2.parquet", "7"))
    restored = workspace.restore(first.id)
    assert restored.number == 3 and workspace.current() == restored
    assert restored.tables["costs"].sha256 == first.tables["costs"].sha256


def test_compare_tells_rows_and_sums_before_and_after(workspace, tmp_path):
    before = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    after = publish(workspace, costs(tmp_path / "2.parquet", "7.5", "1"))
    (difference,) = workspace.compare(before.id, after.id)
    assert (difference.rows_before, difference.rows_after, difference.same_bytes) == (1, 2, False)
    assert (difference.sums_before["amount"], difference.sums_after["amount"]) == ("5.000", "8.500")


def test_a_deleted_version_leaves_no_byte_behind(workspace, tmp_path):
    first = publish(
        workspace,
        parquet(
            tmp_path / "1.parquet",
            "costs",
            [{"period": "2025-01-01", "amount": "5", "note": "marker-of-the-deleted-version"}],
        ),
    )
    publish(workspace, costs(tmp_path / "2.parquet", "7"))
    workspace.delete(first.id)
    assert [v.number for v in workspace.versions()] == [2]
    assert not any(
        b"marker-of-the-deleted-version" in content for content in everything_under(workspace.folder).values()
    )


def test_the_current_version_cannot_be_deleted(workspace, tmp_path):
    version = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    with pytest.raises(StoreError) as refused:
        workspace.delete(version.id)
    assert refused.value.id == "store.delete_current"


@pytest.mark.parametrize("source", [{"rows": 2}, {"sums": {"amount": "5.01"}}])
def test_what_is_read_back_must_be_what_the_report_said(workspace, tmp_path, source):
    with pytest.raises(StoreError) as refused:
        publish(workspace, costs(tmp_path / "1.parquet", "5"), source=source)
    assert refused.value.id == "store.read_back_differs" and workspace.current() is None
    assert not list((workspace.folder / "snapshots").iterdir())


def test_a_file_that_is_not_canonical_is_refused(workspace, tmp_path):
    import duckdb

    duckdb.connect().sql("SELECT '2025-01-01' AS period, 1.5::DOUBLE AS amount").write_parquet(
        str(tmp_path / "x.parquet")
    )
    with pytest.raises(StoreError) as refused:
        publish(workspace, tmp_path / "x.parquet")
    assert refused.value.id == "store.columns_not_as_declared"
    (tmp_path / "y.parquet").write_bytes(b"PAR1 this is none")
    with pytest.raises(StoreError) as refused:
        publish(workspace, tmp_path / "y.parquet")
    assert refused.value.id == "store.not_readable"


def test_who_looked_at_another_version_is_told(workspace, tmp_path):
    first = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    publish(workspace, costs(tmp_path / "2.parquet", "7"))
    with pytest.raises(StoreError) as refused:
        publish(workspace, costs(tmp_path / "3.parquet", "9"), onto=first.id)
    assert refused.value.id == "store.changed_meanwhile"


def test_a_second_writer_waits_and_is_then_told(workspace, tmp_path):
    with durable.locked(workspace.folder / "writer.lock", seconds=1), pytest.raises(StoreError) as refused:
        publish(workspace, costs(tmp_path / "1.parquet", "5"))
    assert refused.value.id == "store.busy"
    assert publish(workspace, costs(tmp_path / "1.parquet", "5")).number == 1


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "store.disk_full"), (errno.EROFS, "store.read_only"), (errno.EIO, "store.disk_failed")],
)
def test_what_the_disk_refuses_is_said_and_nothing_changes(workspace, tmp_path, monkeypatch, number, sentence):
    before = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    content = everything_under(workspace.folder)

    def refuse(*_):
        raise OSError(number, "no")

    monkeypatch.setattr(durable.os, "fsync", refuse)
    with pytest.raises(StoreError) as refused:
        publish(workspace, costs(tmp_path / "2.parquet", "7"))
    monkeypatch.undo()
    assert refused.value.id == sentence
    assert workspace.current() == before and everything_under(workspace.folder) == content
    assert publish(workspace, costs(tmp_path / "2.parquet", "7")).number == 2


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError):
        Workspace.open(tmp_path / "file" / "workspace")


def test_a_damaged_pointer_is_noticed_and_the_last_good_version_is_a_repair_away(workspace, tmp_path):
    publish(workspace, costs(tmp_path / "1.parquet", "5"))
    second = publish(workspace, costs(tmp_path / "2.parquet", "7"))
    pointer = workspace.folder / "CURRENT"
    content = pointer.read_bytes()
    for damaged in [
        b"",
        b"\xff\xfe",
        b"none?",
        *(content[:k] + bytes([content[k] ^ 1]) + content[k + 1 :] for k in range(len(content))),
    ]:
        pointer.write_bytes(damaged)
        with pytest.raises(StoreError) as noticed:
            workspace.current()
        assert noticed.value.id == "store.pointer_damaged"
        assert [d.id for d in workspace.check()] == ["store.damage.pointer"]
        assert workspace.repair() == second == workspace.current()


def test_a_lost_pointer_is_not_taken_for_an_empty_workspace(workspace, tmp_path):
    version = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    (workspace.folder / "CURRENT").unlink()
    again = Workspace.open(workspace.folder)
    with pytest.raises(StoreError):
        again.current()
    assert again.repair() == version


def test_any_changed_byte_of_a_version_is_noticed(workspace, tmp_path):
    good = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    bad = publish(workspace, costs(tmp_path / "2.parquet", *map(str, range(300))))
    (data,) = bad.tables["costs"].files
    manifest = bad.folder / "manifest.json"
    for path in (data, manifest):
        whole = path.read_bytes()
        for k in range(0, len(whole), max(1, len(whole) // 250)):
            path.write_bytes(whole[:k] + bytes([whole[k] ^ 0x20]) + whole[k + 1 :])
            assert [(d.id, d.version) for d in workspace.check() if d.id == "store.damage.version"] == [
                ("store.damage.version", bad.id)
            ]
        path.write_bytes(whole)
    assert workspace.check() == ()
    data.unlink()
    with pytest.raises(StoreError):
        workspace.current().ensure_whole()
    assert workspace.repair() == bad
    data.unlink()
    shutil.rmtree(workspace.folder / "spare")
    assert workspace.repair() == good


def test_rejected_rows_are_kept_with_the_version(workspace, tmp_path):
    (tmp_path / "rejects.csv").write_text("row,reason\n4,unreadable\n")
    version = publish(workspace, costs(tmp_path / "1.parquet", "5"), rejects={"costs": tmp_path / "rejects.csv"})
    publish(workspace, costs(tmp_path / "2.parquet", "6"), mode="append")
    (kept,) = workspace.current().tables["costs"].rejects
    assert kept.read_text() == "row,reason\n4,unreadable\n" and version.tables["costs"].rejects


def test_the_original_file_may_change_after_it_was_published(workspace, tmp_path):
    path = costs(tmp_path / "1.parquet", "5")
    version = publish(workspace, path)
    path.write_bytes(b"")
    assert version.damage() == ()


def test_no_temporary_file_stays_behind(workspace, tmp_path):
    version = publish(workspace, costs(tmp_path / "1.parquet", "5"))
    names = {p.name for p in Path(workspace.folder).rglob("*") if p.is_file()}
    spare = {version.id, *version.tables["costs"].sha256}
    assert names == {"CURRENT", "writer.lock", "manifest.json", "costs-0000.parquet", *spare}
