"""A scenario in a file: assumptions by name as a person writes them (TOML, JSON), or one that was kept, with all that it is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from cxroi.errors import ScenarioError
from cxroi.model.kept_scenario import FILE_FORMAT, IMPORTED, KeptScenario, clean_name, read_figures, read_slides
from cxroi.model.scenario import ZERO_WAS_DEFAULT, Scenario
from cxroi.text.typed import typed_number, typed_numbers

Value = float | int | str | tuple[float, ...] | None
EVIDENCE = "evidence"  # the value that hands an assumption back to the data

LARGEST = 1_000_000  # bytes; a real one has about 3,000
_LONGEST = 10_000  # letters of a text in it, before anything else is asked of it
_KIND = {field.name: str(field.type) for field in fields(Scenario)}
ASSUMPTIONS = tuple(_KIND)


def read_scenario_file(path: Path) -> dict[str, Value]:
    """Return the assumptions in a scenario file: names and values at the top, or under `asked` or `scenario`.

    The JSON that `evaluate` prints is such a file too, with what was asked rather than what the evidence made of it; so is a file
    with a kept scenario.
    """
    return _assumptions(_parsed(file_bytes(path), path.name), path.name)


def read_kept_scenario(content: bytes, name: str) -> KeptScenario:
    """Return the kept scenario in a file's bytes; raises ScenarioError, with the file's name, for anything else."""
    parsed = _parsed(content, name)
    form = parsed.get("scenario_format")
    if isinstance(form, bool) or not isinstance(form, int) or not isinstance(parsed.get("asked"), Mapping):
        raise ScenarioError("scenarios.file_foreign", file=name)
    if form > FILE_FORMAT:
        raise ScenarioError("scenarios.file_newer", file=name, version=str(form), known=str(FILE_FORMAT))
    made_on = parsed.get("made_on", {})
    rests_on = made_on.get("rests_on", {}) if isinstance(made_on, Mapping) else None
    if not isinstance(rests_on, Mapping):
        raise ScenarioError("scenarios.file_part", part="made_on")
    title, note, version = parsed.get("name", ""), parsed.get("note", ""), made_on.get("data_version", "")
    if not all(isinstance(one, str) and len(one) <= _LONGEST for one in (title, note, version, *rests_on.values())):
        raise ScenarioError("scenarios.file_part", part="name, note, made_on")
    values: dict[str, Any] = _assumptions(parsed, name)
    return KeptScenario(
        name=clean_name(title),
        note=note,
        scenario=Scenario(**values),
        data_version=version,
        rests_on={**rests_on, IMPORTED: ""},  # nobody has run it on data of ours
        figures=read_figures(parsed.get("figures")),
        slides=read_slides(parsed.get("slides", {})),
    )


def file_bytes(path: Path) -> bytes:
    """Return what a file holds, of one that is too large no more than shows that; raises ScenarioError where there is none."""
    if not path.is_file():
        raise ScenarioError("upload.no_such_file", file=str(path))
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _parsed(content: bytes, name: str) -> Mapping[str, Any]:
    """Return what a file says: JSON where its name says so, else TOML."""
    if len(content) > LARGEST:
        raise ScenarioError("scenarios.file_large", file=name, most=LARGEST // 1_000_000)
    try:
        words = content.decode("utf-8-sig")
        parsed = json.loads(words) if name.lower().endswith(".json") else tomllib.loads(words)
    except (UnicodeDecodeError, ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, Mapping):
        raise ScenarioError("scenarios.file_unreadable", file=name)
    return parsed


def _assumptions(content: Mapping[str, Any], file: str) -> dict[str, Value]:
    named = content.get("asked", content.get("scenario", content))
    if not isinstance(named, Mapping):
        raise ScenarioError("scenarios.file_unreadable", file=file)
    values: dict[str, Value] = {}
    old = content.get("format_version") == 1
    for name, given in named.items():
        if name not in _KIND:
            raise ScenarioError("scenarios.file_unknown", file=file, name=name, known=", ".join(_KIND))
        try:
            values[name] = assumption(
                name, given["value"] if isinstance(given, Mapping) and "value" in given else given
            )
        except (TypeError, ValueError, OverflowError):
            raise ScenarioError("scenarios.file_number", file=file, name=name, value=str(given)[:200]) from None
        if old and name in ZERO_WAS_DEFAULT and values[name] == 0:
            values[name] = None
    return values


def assumption(name: str, given: object) -> Value:
    """Return `given` as the type of the assumption called `name`; ValueError where it is none."""
    kind = _KIND[name]
    if given is None or given == EVIDENCE:
        if "None" not in kind:
            raise ValueError
        return None
    if kind == "str":
        return str(given)
    if "tuple" in kind:
        several = typed_numbers(given) if isinstance(given, str) else given
        if not isinstance(several, list | tuple):
            raise ValueError
        return tuple(float(one) for one in several)
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError
    number = typed_number(given) if isinstance(given, str) else float(given)
    if "int" in kind:
        if number != int(number):
            raise ValueError
        return int(number)
    return number
