"""Measure jobs in turn (A B C, A B C, ...) so that the machine's mood falls on all alike, and keep the medians."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of docs/benchmarks.md: `job` took `seconds`, which is `ratio` times `baseline`."""

    job: str
    baseline: str
    seconds: float
    baseline_seconds: float
    target: float | None
    runs: int

    @property
    def ratio(self) -> float:
        """Return how many times the baseline the job took."""
        return self.seconds / self.baseline_seconds


def seconds(job: Callable[[], object]) -> float:
    """Return the wall time of one run of `job`."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def medians(jobs: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the median wall time of each job over `runs` interleaved rounds, after one round to warm up."""
    for job in jobs.values():
        job()
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(runs):
        for name, job in jobs.items():
            times[name].append(seconds(job))
    return {name: statistics.median(values) for name, values in times.items()}


def noise(runs: int = 30) -> tuple[float, float, float]:
    """Return the 5th, 50th and 95th percentile in milliseconds of a fixed Python loop: how calm the machine is."""
    loop = sorted(seconds(lambda: sum(range(400_000))) * 1000 for _ in range(runs))
    return loop[runs // 20], loop[runs // 2], loop[-1 - runs // 20]
