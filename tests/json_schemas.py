"""JSON Schemas of what every command answers with --json: made from answers, kept in cxroi/schemas/, held against answers.

    python -m tests.json_schemas RECORDED    # writes the schemas; `CXROI_RECORD_ANSWERS=RECORDED pytest tests/...` records first

An answer says what a field holds, not all that it may hold. So a number, an amount of money and an object may always be null
(there is no such figure), a field that was null in every answer may be anything, and a field may be missing unless every
answer had it. Fields may be added (docs/cli.md), so that a schema forbids none.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from cxroi.cli.arguments import FORMAT_VERSION

FOLDER = Path(__file__).parents[1] / "cxroi" / "schemas"
RECORD = "CXROI_RECORD_ANSWERS"
REFUSED = "error"  # the schema of a refusal, the same for every command
_MONEY = re.compile(r"-?\d+(\.\d+)?")
# Objects whose keys are data (names of columns, assumptions, initiatives), by the name of the field that holds them.
MAPS = {
    "totals",
    "totals_before",
    "totals_after",
    "mapping",
    "constants",
    "break_even",
    "rows_removed",
    "rows_found",
    "rows_set_aside",
    "outcomes_refused",
}


def fits(told: dict[str, Any]) -> None:
    """Hold an answer against the schema of its command, or keep it where answers are being recorded."""
    if os.environ.get(RECORD):
        with Path(os.environ[RECORD]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
        return
    _validator(REFUSED if "error" in told else told["command"]).validate(told)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def schema_of(command: str, answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema that all answers of one command fit."""
    merged = _merged(
        [{name: value for name, value in one.items() if name not in ("format_version", "command")} for one in answers]
    )
    known = {
        "format_version": {"const": FORMAT_VERSION},
        "command": {"type": "string"} if command == REFUSED else {"const": command},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"cxroi {command} --json" if command != REFUSED else "what a refused command answers with --json",
        "type": "object",
        "properties": {**known, **merged.get("properties", {})},
        "required": [*known, *merged.get("required", [])],
    }


def _merged(values: Sequence[Any], field: str = "") -> dict[str, Any]:
    """Return the schema of the values that one field had.

    >>> _merged([1, 2.5, None])
    {'type': ['number', 'null']}
    >>> _merged([[1], []])
    {'type': 'array', 'items': {'type': ['number', 'null']}}
    """
    there = [value for value in values if value is not None]
    kinds = {_kind(value) for value in there}
    if not kinds:
        return {}
    schemas = [_of_kind(kind, [one for one in there if _kind(one) == kind], field) for kind in sorted(kinds)]
    types = [kind if kind != "money" else "string" for kind in sorted(kinds)]
    schema: dict[str, Any] = {name: rule for one in schemas for name, rule in one.items()}
    if "money" in kinds and "string" in kinds:
        schema.pop("pattern")
    may_be_null = len(there) < len(values) or kinds & {"number", "money", "object"}
    types = list(dict.fromkeys([*types, *(["null"] if may_be_null else [])]))
    return {"type": types[0] if len(types) == 1 else types, **schema}


def _of_kind(kind: str, values: Sequence[Any], field: str) -> dict[str, Any]:
    if kind == "money":
        return {"pattern": f"^{_MONEY.pattern}$"}
    if kind == "array":
        return {"items": _merged([one for value in values for one in value])}
    if kind != "object":
        return {}
    if field == "facts":  # of a sentence: each has its own
        return {}
    if field in MAPS:
        return {"additionalProperties": _merged([one for value in values for one in value.values()])}
    names = list(dict.fromkeys(name for value in values for name in value))
    held = {name: [value[name] for value in values if name in value] for name in names}
    required = [name for name in names if len(held[name]) == len(values)]
    return {"properties": {name: _merged(held[name], name) for name in names}, "required": required}


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "money" if _MONEY.fullmatch(value) else "string"
    return "array" if isinstance(value, list) else "object"


def main(recorded: Path) -> None:
    answers = defaultdict(list)
    for line in recorded.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        answers[REFUSED if "error" in told else told["command"]].append(told)
    FOLDER.mkdir(exist_ok=True)
    for command, told in sorted(answers.items()):
        schema = json.dumps(schema_of(command, told), ensure_ascii=False, indent=1)
        (FOLDER / f"{command}.json").write_text(schema + "\n", encoding="utf-8")
        print(f"{command}: {len(told)} answers")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
