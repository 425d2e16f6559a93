"""A load that dies at any moment leaves the version that was current, whole and current, and the next load works."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cxroi.errors import StoreError
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import costs, parquet

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes by signal")


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("staged")
    for number in (0, 1):
        costs(folder / f"{number}.parquet", *[str(k + number) for k in range(2000)])
    rows = [{"month": "2025-01-01", "customers_at_start": 1, "customers_lost": 0, "cx_spend": "1", "revenue": "1"}]
    parquet(folder / "m.parquet", "monthly", rows)
    return folder


def start(how, workspace, staged, times=1):
    command = [sys.executable, "-m", "tests.store.publisher", how, workspace.folder, staged, times]
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True)


def results_of(process):
    lines = process.communicate()[0].splitlines()
    assert process.returncode == 0
    return [json.loads(line) for line in lines]


def publish_once(workspace, staged):
    return workspace.publish({"costs": staged / "0.parquet", "monthly": staged / "m.parquet"}, sources={})


def assert_old_or_new(result):
    """What is current is the last version that was acknowledged, or one newer of which only the answer was lost."""
    last = result["acknowledged"][-1] if result["acknowledged"] else result["before"]
    assert result["after"] == last or int(result["after"][:6]) == int(last[:6]) + 1
    assert result["rows"] == {"costs": 2000, "monthly": 1}


def assert_all_is_well(workspace, staged):
    assert publish_once(workspace, staged) == workspace.current()
    assert workspace.check() == ()
    assert not [p for p in (workspace.folder / "snapshots").iterdir() if p.name.startswith(".")]


def test_killed_at_every_call_that_touches_the_disk(tmp_path, staged):
    workspace = Workspace.open(tmp_path / "w")
    publish_once(workspace, staged)
    results = results_of(start("every", workspace, staged))
    killed = [result for result in results if result["exit"] == -signal.SIGKILL]
    assert len(killed) > 25
    for result in results:
        assert_old_or_new(result)
    unanswered = [r for r in killed if r["after"] != r["before"]]
    assert 0 < len(unanswered) < len(killed) / 2
    assert_all_is_well(workspace, staged)


def test_killed_at_sixty_random_moments(tmp_path, staged):
    workspace = Workspace.open(tmp_path / "w")
    publish_once(workspace, staged)
    results = results_of(start("random", workspace, staged, 60))
    assert [result["exit"] for result in results] == [-signal.SIGKILL] * 60
    for result in results:
        assert_old_or_new(result)
    assert_all_is_well(workspace, staged)


def test_eight_writers_at_once_each_publish_and_nothing_is_mixed(tmp_path, staged):
    workspace = Workspace.open(tmp_path / "w")
    publish_once(workspace, staged)
    writers = [start("calm", workspace, staged, 5) for _ in range(8)]
    published = [id for writer in writers for result in results_of(writer) for id in result["acknowledged"]]
    assert len(published) == len(set(published)) == 40
    assert [version.number for version in workspace.versions()] == list(range(41, 0, -1))
    assert workspace.check() == ()


def test_a_writer_that_hangs_holds_nobody_up_for_ever(tmp_path, staged):
    workspace = Workspace.open(tmp_path / "w", wait_seconds=0.3)
    publish_once(workspace, staged)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\nfrom pathlib import Path\nfrom cxroi.store.files.durable import locked\n"
            "with locked(Path(sys.argv[1]), seconds=1):\n    print('held', flush=True)\n    time.sleep(60)",
            str(workspace.folder / "writer.lock"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    holder.stdout.readline()
    with pytest.raises(StoreError) as told:
        publish_once(workspace, staged)
    assert told.value.id == "store.busy" and workspace.current().number == 1
    holder.kill()
    holder.wait()
    assert publish_once(workspace, staged).number == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_full_disk_is_said_and_its_space_comes_back(tmp_path, staged):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        workspace = Workspace.open(small / "w")
        before = publish_once(workspace, staged)
        big = parquet(tmp_path / "big.parquet", "costs", [{"period": "2025-01-01", "amount": "1", "note": "x"}])
        big.write_bytes(big.read_bytes() + os.urandom(500_000))
        free = os.statvfs(small).f_bfree
        with pytest.raises(StoreError) as told:
            workspace.publish({"costs": big}, sources={})
        assert told.value.id == "store.disk_full"
        assert os.statvfs(small).f_bfree == free and workspace.current() == before
        assert publish_once(workspace, staged).number == 2
    finally:
        time.sleep(0.05)
        subprocess.run(["umount", small], capture_output=True)
