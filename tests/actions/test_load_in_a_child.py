"""What reads a file is a process of its own: its walls, its end, and that it answers as a reading in this process does."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from cxroi.actions import load
from cxroi.actions.load import inspect_file
from cxroi.intake import child
from cxroi.intake.child import ChildEndedError, ChildLimits, run_child
from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.workspace import Workspace
from tests.acting import load_file, parsed_here

ORDERS = "customer_id,ordered_on,amount\n"
PLAIN = IntakeRequest()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def write(folder: Path, rows: str, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text(ORDERS + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize("rows", ["A,2025-01-02,10.50\nB,soon,20\n", "A,01/02/2025,1.234\n", ""])
def test_a_child_answers_as_a_reading_in_this_process_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str
) -> None:
    path = write(tmp_path, rows)
    in_a_child = inspect_file(path, "orders.csv", PLAIN)
    monkeypatch.setattr(load, "run_child", parsed_here)
    assert inspect_file(path, "orders.csv", PLAIN) == in_a_child


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
        ("raise SystemExit(4)", "room"),
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
    until = time.monotonic() + 10
    while _runs(pid.read_text()) and time.monotonic() < until:
        time.sleep(0.01)  # it was killed, but on a busy machine it takes a moment to be gone
    assert not _runs(pid.read_text())


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


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
    monkeypatch.setenv("CXROI_TEST_SECRET", "x")
    (answer,) = run_child({}, tmp_path, ChildLimits())
    assert not any("CXROI" in name or "PATH" in name for name in answer["env"])
    assert answer["isolated"] == 1 and answer["walls"]["CORE"] == 0


def test_progress_is_told_and_never_falls(workspace: Workspace, tmp_path: Path) -> None:
    rows = "".join(f"C{i},2025-01-02,{i % 1000}.50\n" for i in range(200_000)) * 4
    told: list[float] = []
    _, version = load_file(workspace, write(tmp_path, rows), "big.csv", PLAIN, progress=told.append)
    assert version is not None and version.tables["orders"].rows == 800_000
    assert told == sorted(told) and all(0 <= share <= 1 for share in told)
