"""What an operator measures, as Prometheus reads it: counts and seconds alone, never a name, a customer or a figure of the company."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from streamlit import runtime

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_EDGES = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)  # seconds
_STARTED = time.time()


@dataclass(kw_only=True)
class Histogram:
    """How often something took how long."""

    name: str
    help: str
    counts: list[int] = field(default_factory=lambda: [0] * len(_EDGES))
    count: int = 0
    total: float = 0.0
    changing: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, seconds: float) -> None:
        """Count one that took so long."""
        with self.changing:
            self.count += 1
            self.total += seconds
            for place, edge in enumerate(_EDGES):
                self.counts[place] += seconds <= edge

    def lines(self) -> Iterator[str]:
        """Yield it as Prometheus reads it."""
        with self.changing:
            counts, count, total = list(self.counts), self.count, self.total
        yield from _head(self.name, self.help, "histogram")
        yield from (f'{self.name}_bucket{{le="{edge:g}"}} {n}' for edge, n in zip(_EDGES, counts, strict=True))
        yield f'{self.name}_bucket{{le="+Inf"}} {count}'
        yield f"{self.name}_sum {total:.6f}"
        yield f"{self.name}_count {count}"


_ANSWERS = Histogram(
    name="cxroi_answer_seconds", help="How long questions about the data took, those answered from memory left out."
)
_PAGES = Histogram(name="cxroi_page_seconds", help="How long pages took to be drawn.")
_LOADS = Histogram(name="cxroi_work_seconds", help="How long reading and loading of files took.")
_ENDED: Counter[str] = Counter()  # work by how it ended
_ERRORS: Counter[str] = Counter()  # what readers were told, by whether we had foreseen it


@contextmanager
def timed_answer() -> Iterator[None]:
    """Count a question with its seconds, also one that is refused."""
    with _timed(_ANSWERS):
        yield


@contextmanager
def timed_page() -> Iterator[None]:
    """Count a page with its seconds."""
    with _timed(_PAGES):
        yield


@contextmanager
def _timed(histogram: Histogram) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        histogram.add(time.perf_counter() - began)


def work_ended(seconds: float, outcome: str) -> None:
    """Count a piece of work by its outcome: "done", "refused" or "unforeseen"."""
    _LOADS.add(seconds)
    _ENDED[outcome] += 1


def error_told(*, foreseen: bool) -> None:
    """Count an error that a reader was shown."""
    _ERRORS["foreseen" if foreseen else "unforeseen"] += 1


def exposition() -> bytes:
    """Return everything as Prometheus reads it."""
    lines: list[str] = []
    for name, help, value in (
        ("cxroi_sessions", "Open tabs of the app.", _sessions),
        ("cxroi_memory_bytes", "Memory that this process holds.", _memory),
        ("cxroi_start_time_seconds", "When this process began, in seconds since 1970.", lambda: _STARTED),
    ):
        lines += [*_head(name, help, "gauge"), f"{name} {_number(value)}"]
    for histogram in (_ANSWERS, _PAGES, _LOADS):
        lines += histogram.lines()
    for name, help, label, known, kinds in (
        (
            "cxroi_work_total",
            "Reading and loading of files, by how it ended.",
            "outcome",
            _ENDED,
            ("done", "refused", "unforeseen"),
        ),
        ("cxroi_errors_total", "Errors that readers were shown.", "kind", _ERRORS, ("foreseen", "unforeseen")),
    ):
        lines += [*_head(name, help, "counter"), *(f'{name}{{{label}="{kind}"}} {known[kind]}' for kind in kinds)]
    return ("\n".join(lines) + "\n").encode()


def _head(name: str, help: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {help}", f"# TYPE {name} {kind}"


def _number(value: Callable[[], float]) -> str:
    return f"{value():.0f}"


def _sessions() -> float:
    return len(runtime.get_instance()._session_mgr.list_active_sessions()) if runtime.exists() else 0


def _memory() -> float:
    """Return the bytes that this process holds; where the system does not say so, the most that it ever held, and 0 on Windows."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    with suppress(ImportError):
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return 0
