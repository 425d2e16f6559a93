"""Answers of commands that stay as they are, kept in tests/export/golden/; what an answer says is compared, not its bytes.

    CXROI_RECORD_GOLDEN=1 python -m pytest tests/export/test_json_schemas.py tests/cli/test_end_to_end.py -k golden  # writes them anew

A version, a moment, a person and a folder are another in every run and stand as a word. Numbers are kept to nine
significant digits: that is less than two processors differ by, and more than anybody reads. A forecast is found by an
optimiser that stops on flat ground, by another processor at another place: four digits of it are held.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "export" / "golden"
RECORD = "CXROI_RECORD_GOLDEN"
_ANOTHER_EACH_TIME = (
    (re.compile(r"\d{6}-[0-9a-f]{16}"), "<version>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)?"), "<moment>"),
    (re.compile(r"/\S*/"), "<folder>/"),
    (re.compile(r"\A[0-9a-f]{8}\Z"), "<scenario>"),
)
_EACH_RUN = {"who": "<person>", "last_hash": "<hash>"}  # by the name of the field
_NUMBER = re.compile(r"-?\d+\.\d+")  # money is written as text, to the last digit


def as_before(name: str, told: dict[str, Any]) -> None:
    """Hold an answer against the one kept as `name`, or keep it where golden answers are being recorded."""
    path, now = FOLDER / f"{name}.json", _lasting(told)
    if os.environ.get(RECORD):
        path.write_text(json.dumps(now, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    digits = 1e-4 if name == "forecast" else 1e-7
    differences = _differences(json.loads(path.read_text(encoding="utf-8")), now, digits)
    assert not differences, "\n".join([f"{name}.json:", *differences[:20]])


def _lasting(value: Any) -> Any:
    """Return an answer without what no two runs share.

    >>> _lasting({"who": "ann", "version": "000001-7a67c32698edea26", "roi": 0.12345678912345, "npv": "1234567.123456"})
    {'who': '<person>', 'version': '<version>', 'roi': 0.123456789, 'npv': '1234567.12'}
    """
    if isinstance(value, dict):
        return {_lasting(name): _EACH_RUN.get(name) or _lasting(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_lasting(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, str):
        for pattern, word in _ANOTHER_EACH_TIME:
            value = pattern.sub(word, value)
        if _NUMBER.fullmatch(value) and len(value.strip("-0.")) > 9:
            whole = len(value.split(".")[0].lstrip("-0"))
            return f"{float(value):.{max(0, 9 - whole)}f}"
    return value


def _differences(before: Any, now: Any, digits: float, place: str = "") -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        names = dict.fromkeys([*before, *now])
        return [one for n in names for one in _differences(before.get(n, "-"), now.get(n, "-"), digits, f"{place}.{n}")]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [one for i, (was, is_) in pairs for one in _differences(was, is_, digits, f"{place}[{i}]")]
    same = before == now or (
        _number(before) is not None
        and _number(now) == pytest.approx(_number(before), rel=digits, abs=1e-9 if digits < 1e-5 else 1e-3)
    )
    return [] if same else [f"{place[1:]}: {before!r} is now {now!r}"]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return float(value) if not isinstance(value, str) or _NUMBER.fullmatch(value) else None
