"""Figures quoted in the field, read from data/benchmarks.toml: each with kind of claim, source and year, or it does not load."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.shipped import shipped

BENCHMARKS = shipped("data", "benchmarks.toml")
KINDS = ("opinion", "association", "arithmetic", "forecast")


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One quoted figure, from `low` to `high` in `unit`; worded under `benchmark.<name>` in the text catalogues."""

    name: str
    low: float
    high: float
    unit: str
    kind: str
    source: str
    year: int
    grade: Grade


def read_benchmarks(path: Path = BENCHMARKS) -> tuple[Benchmark, ...]:
    """Return the benchmarks of a file in its order; raises ModelError for one that says too little."""
    return parse_benchmarks(tomllib.loads(path.read_text(encoding="utf-8")))


def parse_benchmarks(tree: Mapping[str, Mapping[str, object]]) -> tuple[Benchmark, ...]:
    """Return the benchmarks of a parsed file.

    >>> parse_benchmarks({"x": {"low": 1, "high": 2, "unit": "percent", "kind": "opinion", "year": 2022, "grade": "E"}})
    Traceback (most recent call last):
    ...
    cxroi.errors.ModelError: assumption.incomplete name='x', field='source'
    """
    return tuple(_benchmark(name, entry) for name, entry in tree.items())


def _benchmark(name: str, entry: Mapping[str, object]) -> Benchmark:
    for field in ("low", "high", "unit", "kind", "source", "year", "grade"):
        if entry.get(field) in (None, ""):
            raise ModelError("assumption.incomplete", name=name, field=field)
    if entry["kind"] not in KINDS:
        raise ModelError("assumption.incomplete", name=name, field="kind")
    if Grade(str(entry["grade"])) < Grade.BENCHMARK:
        raise ModelError("assumption.incomplete", name=name, field="grade")
    return Benchmark(
        name=name,
        low=float(str(entry["low"])),
        high=float(str(entry["high"])),
        unit=str(entry["unit"]),
        kind=str(entry["kind"]),
        source=str(entry["source"]),
        year=int(str(entry["year"])),
        grade=Grade(str(entry["grade"])),
    )
