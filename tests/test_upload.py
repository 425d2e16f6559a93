"""The load shell: what is published, what is not, and what a hostile file can do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cxroi.intake import child
from cxroi.intake.child import ChildEndedError, ChildLimits, run_child
from cxroi.intake.report import IntakeRequest
from cxroi.store.snapshots import Workspace
from cxroi.text import Text
from cxroi.upload import inspect_file, load_file, load_many, rejects_csv

ORDERS = "customer_id,ordered_on,amount\n"
PLAIN = IntakeRequest()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def write(folder: Path, rows: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(ORDERS + rows, encoding="utf-8")
    return path


def test_a_loaded_file_is_the_current_version_with_its_sums_and_source(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,10.50\nB,2025-01-03,20\n")
    (report,), version = load_file(workspace, path, "my orders.csv", PLAIN, who="finance")
    assert version is not None and workspace.current() == version
    table = version.tables["orders"]
    assert (table.rows, table.sums["amount"]) == (2, "30.500")
    assert table.sources[0]["file"] == "my orders.csv"
    assert table.sources[0]["sha256"] == report.source_sha256
    assert list((workspace.folder / "quarantine").iterdir()) == []


def test_inspecting_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    (report,) = inspect_file(write(tmp_path, "A,2025-01-02,10.50\n"), "orders.csv", PLAIN)
    assert (report.table, report.rows_loaded) == ("orders", 1)
    assert workspace.current() is None


def test_the_same_file_is_not_loaded_twice(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,10.50\n")
    _, first = load_file(workspace, path, "a.csv", PLAIN)
    (report,), second = load_file(workspace, path, "b.csv", PLAIN, mode="append")
    assert (report.message, second, workspace.current()) == ("upload.same_file", None, first)


def test_a_month_is_appended_and_a_table_is_replaced(workspace: Workspace, tmp_path: Path) -> None:
    load_file(workspace, write(tmp_path, "A,2025-01-02,1\n"), "a.csv", PLAIN)
    _, both = load_file(workspace, write(tmp_path, "B,2025-02-02,2\n"), "b.csv", PLAIN, mode="append")
    assert both is not None and both.tables["orders"].rows == 2
    _, last = load_file(workspace, write(tmp_path, "C,2025-03-02,3\n"), "c.csv", PLAIN)
    assert last is not None and last.tables["orders"].rows == 1


def test_a_refused_file_leaves_the_version_that_was_there(workspace: Workspace, tmp_path: Path) -> None:
    _, first = load_file(workspace, write(tmp_path, "A,2025-01-02,1\n"), "a.csv", PLAIN)
    (report,), nothing = load_file(workspace, write(tmp_path, "A,01/02/2025,1.234\n"), "b.csv", PLAIN)
    assert (report.message, nothing, workspace.current()) == ("upload.question", None, first)


def test_several_files_become_one_data_set(workspace: Workspace, tmp_path: Path) -> None:
    orders = write(tmp_path, "A,2025-01-02,1\n")
    costs = tmp_path / "costs.csv"
    costs.write_text("period,amount,category\n2025-01,100,people\n", encoding="utf-8")
    reports, version = load_many(workspace, [(orders, "o.csv", PLAIN), (costs, "c.csv", PLAIN)])
    assert [report.table for report in reports] == ["orders", "costs"]
    assert version is not None and set(version.tables) == {"orders", "costs"}


def test_a_claimed_name_is_never_a_path(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,1\n")
    (report,), _ = load_file(workspace, path, "../../etc/evil\u202e\n.csv" + "x" * 300, PLAIN)
    assert "/" not in report.file and len(report.file) <= 100 and report.file.isprintable()


def test_no_answer_names_a_place_on_the_server(workspace: Workspace, tmp_path: Path) -> None:
    contents = [b"", b"\x00" * 50, b"a,b\n1,2\n", ORDERS.encode(), b"PK\x03\x04junk", b'{"a": 1}', b"%PDF-1.7"]
    for place, content in enumerate(contents):
        path = tmp_path / f"{place}.csv"
        path.write_bytes(content)
        (report,), version = load_file(workspace, path, path.name, PLAIN)
        assert version is None
        for language in ("en", "ar"):
            sentence = Text(language)(report.message, **report.facts)
            assert str(tmp_path) not in sentence and "Error" not in sentence


def test_a_missing_file_is_a_sentence(workspace: Workspace, tmp_path: Path) -> None:
    (report,), _ = load_file(workspace, tmp_path / "none.csv", "none.csv", PLAIN)
    assert report.message == "upload.no_such_file"


def test_rejects_come_back_with_words_and_without_live_formulas(workspace: Workspace, tmp_path: Path) -> None:
    good = "".join(f"C{i},2025-01-02,1\n" for i in range(40))
    path = write(tmp_path, good + '"=HYPERLINK(""x"")",soon,-5\n')
    _, version = load_file(workspace, path, "a.csv", PLAIN)
    assert version is not None
    (rejects,) = version.folder.glob("**/*.csv")
    text = Text("en")
    lines = rejects_csv(rejects, lambda id, facts: text(id, **facts)).decode("utf-8-sig").splitlines()
    assert lines[1] == '42,ordered_on,This is not a date in the style of its column.,"\'=HYPERLINK(""x"")",soon,-5'


def _child_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    script = tmp_path / "hostile.py"
    script.write_text(does, encoding="utf-8")
    monkeypatch.setattr(child, "__file__", str(script))


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("import os; os.abort()", "crash"),
        ("import time; time.sleep(60)", "time"),
        ("raise SystemExit(3)", "memory"),
        ("raise SystemExit(0)", "crash"),
    ],
)
def test_a_child_that_dies_is_named_and_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, why: str
) -> None:
    _child_that(tmp_path, monkeypatch, does)
    with pytest.raises(ChildEndedError) as ended:
        run_child({}, tmp_path, ChildLimits(wall_seconds=2))
    assert ended.value.why == why


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups")
def test_what_a_child_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = tmp_path / "pid"
    does = f"import os, time\nn = os.fork()\nif n:\n    open({str(pid)!r}, 'w').write(str(n))\ntime.sleep(60)"
    _child_that(tmp_path, monkeypatch, does)
    with pytest.raises(ChildEndedError):
        run_child({}, tmp_path, ChildLimits(wall_seconds=2))
    stat = Path(f"/proc/{pid.read_text()}/stat")
    assert not stat.exists() or stat.read_text().split()[2] == "Z"


def test_a_cancelled_load_leaves_nothing_behind(workspace: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path, "A,2025-01-02,1\n")
    (report,), version = load_file(workspace, path, "a.csv", PLAIN, cancelled=lambda: True)
    assert (report.message, version) == ("upload.child_cancelled", None)
    assert list((workspace.folder / "quarantine").iterdir()) == []


def test_a_crash_is_a_sentence_and_the_data_stay(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = load_file(workspace, write(tmp_path, "A,2025-01-02,1\n"), "a.csv", PLAIN)
    _child_that(tmp_path, monkeypatch, "import os; os.abort()")
    (report,), _ = load_file(workspace, write(tmp_path, "B,2025-01-02,1\n"), "b.csv", PLAIN)
    assert (report.message, workspace.current()) == ("upload.child_crash", first)


def test_the_child_runs_with_an_empty_environment_and_walls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    does = (
        "import json, os, sys\njob = json.load(open(sys.argv[1]))\n"
        "open(job['answer'], 'w').write(json.dumps([{'env': sorted(os.environ), 'walls': job['walls'], 'isolated': sys.flags.isolated}]))"
    )
    _child_that(tmp_path, monkeypatch, does)
    os.environ["CXROI_TEST_SECRET"] = "x"
    (answer,) = run_child({}, tmp_path, ChildLimits())
    assert not any("CXROI" in name or "PATH" in name for name in answer["env"])
    assert answer["isolated"] == 1 and answer["walls"]["CORE"] == 0


def test_progress_is_told_and_never_falls(workspace: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"C{i},2025-01-02,{i % 1000}.50\n" for i in range(200_000)) * 4
    told: list[float] = []
    _, version = load_file(workspace, write(tmp_path, rows), "big.csv", PLAIN, progress=told.append)
    assert version is not None and version.tables["orders"].rows == 800_000
    assert told == sorted(told) and all(0 <= share <= 1 for share in told)
