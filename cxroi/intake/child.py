"""Run a parse in a process of its own with limits, so that a hostile or huge file can end that process and nothing else.

Run as a script this module is the child: it reads one job from a JSON file and writes the reports to another. What fetches from
a connection is another such script behind the same walls.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ChildLimits:
    """The walls around one parse; `None` leaves a wall out (systems without rlimits have only the clock).

    CXROI_IMPORT_MEMORY (such as 2GB), CXROI_THREADS and CXROI_IMPORT_SECONDS say otherwise.
    """

    address_space: int | None = 6 << 30  # bytes; DuckDB reserves far more than it uses
    cpu_seconds: int | None = 7_200
    file_size: int | None = 64 << 30  # bytes
    open_files: int | None = 512
    wall_seconds: float = 3_600.0
    memory: str = "1536MB"  # what DuckDB may use before it spills
    threads: int = 2

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> ChildLimits:
        """Return the limits that the environment asks for; raises SettingError for one that cannot be meant."""
        from cxroi.environment import memory, seconds, whole_number  # not in the child, which finds its modules later

        asked = os.environ if environment is None else environment
        wall = seconds(asked, "CXROI_IMPORT_SECONDS", cls.wall_seconds)
        return cls(
            memory=memory(asked, "CXROI_IMPORT_MEMORY", cls.memory),
            threads=whole_number(asked, "CXROI_THREADS", cls.threads),
            wall_seconds=wall,
            cpu_seconds=math.ceil(2 * wall),
        )


_ENDINGS = {3: "memory", 4: "room"}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class ChildEndedError(Exception):
    """The child ended without an answer; `why` is "time", "memory", "room", "cancelled" or "crash"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def run_child(
    job: dict[str, Any],
    folder: Path,
    limits: ChildLimits,
    *,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[float], None] | None = None,
    script: Path | None = None,
    secret: str | None = None,
) -> list[dict[str, Any]]:
    """Run `job` in a limited child and return the reports that it wrote into `folder`.

    `progress` is told now and then which share of the work is done, 0 to 1. `secret` goes to the child's input: it is in no
    file, argument or environment.

    Raises ChildEndedError when the child crashed, was cancelled, or ran into one of its walls.
    """
    answer = folder / "answer.json"
    walls = {
        "AS": limits.address_space,
        "CPU": limits.cpu_seconds,
        "FSIZE": limits.file_size,
        "NOFILE": limits.open_files,
        "CORE": 0,
    }
    share = folder / "progress"
    job = {**job, "answer": str(answer), "walls": walls, "memory": limits.memory, "threads": limits.threads}
    job["progress"] = str(share) if progress else None
    question = folder / "job.json"
    question.write_text(json.dumps(job), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k in ("SYSTEMROOT", "WINDIR")}  # Windows cannot start without
    process = subprocess.Popen(
        [sys.executable, "-I", str((script or Path(__file__)).resolve()), str(question)],
        env=environment,
        cwd=folder,
        stdin=subprocess.PIPE,  # a secret at most is written to it; its end tells the child that its parent is gone
        stdout=subprocess.DEVNULL,
        stderr=(folder / "child.log").open("wb"),
        start_new_session=True,
    )
    try:
        if secret is not None and process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it has died, as `_wait` will find
                process.stdin.write(json.dumps(secret).encode("ascii") + b"\n")
                process.stdin.flush()
        _wait(process, limits.wall_seconds, cancelled, lambda: _tell(share, progress))
    finally:
        _end(process)
    if process.returncode == 0 and answer.exists():
        reports: list[dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
        return reports
    if process.returncode in _ENDINGS:
        raise ChildEndedError(_ENDINGS[process.returncode])
    raise ChildEndedError("time" if process.returncode == -getattr(signal, "SIGXCPU", 24) else "crash")


def _tell(share: Path, progress: Callable[[float], None] | None) -> None:
    if progress is None:
        return
    with contextlib.suppress(OSError, ValueError):  # not written yet
        progress(float(share.read_text(encoding="ascii")))


def _wait(
    process: subprocess.Popen[bytes],
    seconds: float,
    cancelled: Callable[[], bool] | None,
    tell: Callable[[], None],
) -> None:
    until = time.monotonic() + seconds
    pause = 0.002
    while process.poll() is None:
        if time.monotonic() > until:
            raise ChildEndedError("time")
        if cancelled is not None and cancelled():
            raise ChildEndedError("cancelled")
        tell()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the child and everything that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _raise_walls(walls: dict[str, int | None]) -> None:
    try:
        import resource
    except ImportError:  # not POSIX: the clock of the parent is the only wall
        return
    for name, value in walls.items():
        if value is not None:
            which = getattr(resource, f"RLIMIT_{name}")
            hard = resource.getrlimit(which)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (value, value))


def _end_with_parent() -> None:
    """Wait for the parent to let go of our input, which it never does while it lives, and end at once."""
    os.read(0, 1)
    os._exit(9)


def _is_full(error: OSError) -> bool:
    """Tell whether the disk or the limit on a file is full; an engine says so in words only."""
    return error.errno in _FULL or any(os.strerror(number) in str(error) for number in _FULL)


def behind_walls(question: Path) -> dict[str, Any]:
    """Return the job of this process, once it stands behind its limits and ends with its parent."""
    job: dict[str, Any] = json.loads(question.read_text(encoding="utf-8"))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _raise_walls(job["walls"])
    return job


def _main(question: Path) -> int:
    job = behind_walls(question)
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from cxroi.intake.parse import ParseLimits, parse_file
    from cxroi.intake.report import report_to_json, request_from_json

    try:
        reports = parse_file(
            Path(job["path"]),
            job["name"],
            request_from_json(job["request"]),
            Path(job["staging"]),
            date.fromisoformat(job["today"]),
            ParseLimits(
                memory=job["memory"],
                threads=job["threads"],
                progress=Path(job["progress"]) if job["progress"] else None,
            ),
        )
    except MemoryError:
        return 3
    except OSError as error:
        if _is_full(error):
            return 4
        raise
    answer = Path(job["answer"])
    answer.write_text(json.dumps([report_to_json(report) for report in reports]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    status = _main(Path(sys.argv[1]))
    sys.stderr.flush()
    os._exit(status)  # skip the slow unwinding of engines; everything is on disk
