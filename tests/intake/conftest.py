"""Read a file as the intake does and look at what was handed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cxroi.intake.readers.source import read_source
from cxroi.intake.report import IntakeRequest
from tests.collection import SHARED
from tests.intake.reading import Read, cells_of


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Read]:
    """Return a function that reads bytes or a path under a name; words after them go into the request."""

    def reading(content: bytes | str | Path, name: str = "file.csv", **asked: object) -> Read:
        if isinstance(content, Path):
            path = content
        else:
            path = tmp_path / "upload"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)
        return cells_of(read_source(path, name, IntakeRequest(**asked), work)[0])  # type: ignore[arg-type]

    return reading


@pytest.fixture
def messy() -> Callable[[str], Path]:
    """Return a function that finds a published file, or skips the test where the collection is absent."""

    def find(name: str) -> Path:
        path = SHARED / "data" / "messy" / name
        if not path.exists():
            pytest.skip("the collection of published files is not here")
        return path

    return find
