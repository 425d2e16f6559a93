"""What a person changes about a scenario: a TOML or JSON file of assumptions by name, and `--set NAME=VALUE`."""

from __future__ import annotations

import json
import tomllib
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import opened
from cxroi.errors import ScenarioError
from cxroi.model.scenario import ZERO_WAS_DEFAULT, Scenario
from cxroi.text.typed import typed_number, typed_numbers

if TYPE_CHECKING:
    from cxroi.questions import Evidence, OpenVersion

Value = float | int | str | tuple[float, ...] | None
EVIDENCE = "evidence"  # the value that hands an assumption back to the data
_KIND = {field.name: str(field.type) for field in fields(Scenario)}


@dataclass(frozen=True, kw_only=True)
class ScenarioChanges:
    """Assumptions by name, to lay over a scenario."""

    values: Mapping[str, Value]

    def applied_to(self, scenario: Scenario) -> Scenario:
        """Return `scenario` with these changes; one outside its range is refused by the scenario itself."""
        return replace(scenario, **dict(self.values))  # type: ignore[arg-type]


def scenario_changes(choices: Namespace) -> ScenarioChanges:
    """Return what the file says, with what --set says on top."""
    values: dict[str, Value] = {} if choices.scenario is None else read_scenario_file(Path(choices.scenario))
    for name, given in pairs(choices.set, "--set"):
        if name not in _KIND:
            wrong_use("assumption", name=name, known=", ".join(_KIND))
        try:
            values[name] = _value(name, given)
        except ValueError:
            wrong_use("number", name=name, value=given)
    return ScenarioChanges(values=values)


def read_scenario_file(path: Path) -> dict[str, Value]:
    """Return the assumptions in a scenario file: names and values at the top, or under `asked` or `scenario`.

    The JSON that `evaluate` prints is such a file too, with what was asked rather than what the evidence made of it.
    """
    content = _parsed(path)
    named = content.get("asked", content.get("scenario", content))
    if not isinstance(named, Mapping):
        raise ScenarioError("cli.scenario.unreadable", file=path.name)
    values: dict[str, Value] = {}
    old = content.get("format_version") == 1
    for name, given in named.items():
        if name not in _KIND:
            raise ScenarioError("cli.scenario.unknown", file=path.name, name=name, known=", ".join(_KIND))
        try:
            values[name] = _value(name, given["value"] if isinstance(given, Mapping) and "value" in given else given)
        except (TypeError, ValueError):
            raise ScenarioError("cli.scenario.number", file=path.name, name=name, value=str(given)) from None
        if old and name in ZERO_WAS_DEFAULT and values[name] == 0:
            values[name] = None
    return values


def _parsed(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise ScenarioError("upload.no_such_file", file=str(path))
    try:
        words = path.read_text(encoding="utf-8-sig")
        content = json.loads(words) if path.suffix.lower() == ".json" else tomllib.loads(words)
    except (UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError):
        content = None
    if not isinstance(content, Mapping):
        raise ScenarioError("cli.scenario.unreadable", file=path.name)
    return content


def _value(name: str, given: object) -> Value:
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


@contextmanager
def evidence_and_scenario(choices: Namespace) -> Iterator[tuple[OpenVersion, Evidence, Scenario]]:
    """Open the current version, with its evidence and the scenario that the choices make of it."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.questions import default_scenario, evidence_of

        evidence = evidence_of(data)
        yield data, evidence, changes.applied_to(default_scenario(data))
