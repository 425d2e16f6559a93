"""A query file and the contract in its header: grain, parameters, and returned columns with their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cxroi.errors import StoreError

_SECTION = re.compile(r"^--\s{1,2}(Grain|Parameters|Returns|Notes)\s+(.*)$")
_ENTRY = re.compile(r"^(\$?\w+)\s+([A-Z]+(?:\(\d+, ?\d+\))?)(?:\s+(.*))?$")


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What a query file promises. `parameters` and `returns` are (name, SQL type) in their order."""

    name: str
    purpose: str
    grain: str
    parameters: tuple[tuple[str, str], ...]
    returns: tuple[tuple[str, str], ...]
    sql: str

    def check(self, parameters: Mapping[str, object]) -> None:
        """Raise StoreError unless exactly the declared parameters are given."""
        declared = {name for name, _ in self.parameters}
        if declared != set(parameters):
            raise StoreError("store.wrong_parameters", query=self.name, parameters=", ".join(sorted(declared)) or "-")

    def bound(self, parameters: Mapping[str, object]) -> dict[str, object]:
        """Return the parameters as the engine binds them: values, never text inside the SQL."""
        return {name: parameters[name] for name, _ in self.parameters}

    def nulls(self) -> dict[str, object]:
        """Return a missing value for every parameter, enough to describe the query."""
        return {name: None for name, _ in self.parameters}


def read_contract(name: str, text: str) -> Contract:
    """Read a query file; its header is every comment line before the first line of SQL."""
    header = text[: re.search(r"^(?!--)", text, re.MULTILINE).start()]  # type: ignore[union-attr]
    sections: dict[str, list[str]] = {"Grain": [], "Parameters": [], "Returns": [], "Notes": []}
    lines = header.splitlines()
    purpose = lines[0].removeprefix("--").strip().partition(": ")[2] if lines else ""
    current = ""
    for line in lines[1:]:
        if section := _SECTION.match(line):
            current = section[1]
            sections[current].append(section[2].strip())
        elif current:
            sections[current].append(line.removeprefix("--").strip())
    if not purpose or not sections["Grain"] or not sections["Returns"]:
        raise StoreError("store.query_without_contract", query=name)
    return Contract(
        name=name,
        purpose=purpose,
        grain=" ".join(sections["Grain"]),
        parameters=tuple((entry.removeprefix("$"), type) for entry, type in _entries(sections["Parameters"])),
        returns=_entries(sections["Returns"]),
        sql=text,
    )


def _entries(lines: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((entry[1], entry[2]) for entry in map(_ENTRY.match, lines) if entry)
