"""Inside the packages: which room may import which, what may lie beside the rooms, and tests that stand where their code does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each room of a package (or a module beside the rooms) and what of the same package it may import. A row only names rows
# that stand below it, so that the table itself cannot hold a circle; a room that is not named here does not exist.
INSIDE: dict[str, dict[str, set[str]]] = {
    "model": {
        "discount": set(),
        "assumption": set(),
        "scenario": {"discount"},
        "scenario_link": {"scenario"},
        "statistics": {"assumption", "scenario"},
        "kept_scenario": {"scenario", "scenario_link", "statistics"},
        "company": {"statistics"},
        "satisfaction": {"assumption", "company", "statistics"},
        "pilots": {"assumption", "company", "statistics"},
        "forecast": {"company", "statistics"},
        "customers": {"assumption", "company", "discount", "pilots", "satisfaction", "statistics"},
        "response": {"assumption", "company", "pilots", "satisfaction", "statistics"},
        "value": {"assumption", "company", "customers", "discount", "forecast", "response", "scenario", "statistics"},
        "decision": {
            *("assumption", "company", "customers", "discount", "forecast", "pilots", "response", "satisfaction"),
            *("scenario", "statistics", "value"),
        },
    },
    "intake": {
        "report": set(),
        "letters": set(),
        "request": set(),
        "progress": set(),
        "source_table": {"report"},
        "layout": {"report", "request", "source_table"},
        "presets": {"layout", "letters", "report"},
        "readers": {"layout", "presets", "report", "request", "source_table"},
        "columns": {"letters", "report", "request", "source_table"},
        "settle": {"columns", "layout", "presets", "readers", "report", "request", "source_table"},
        "rows": {"columns", "layout", "presets", "readers", "report", "request", "settle", "source_table"},
        "parse": {
            *("columns", "layout", "presets", "progress", "readers", "report", "request", "rows", "settle"),
            "source_table",
        },
        "child": {"parse", "report", "request"},
    },
    "store": {
        "settings": set(),
        "files": set(),
        "versions": {"files", "settings"},
        "engine": {"files", "settings", "versions"},
        "panel": {"engine", "files", "versions"},
        "state": {"files", "panel", "versions"},  # of the panel only the two values that a person has set
        "sample": {"files", "versions"},
        "checkup": {"files", "state", "versions"},
        "backup": {"files", "state", "versions"},
    },
    "view": {
        "table": set(),
        "figure": set(),
        "assumption_words": set(),
        "event_words": set(),
        "event_marking": {"event_words", "figure", "table"},
        "columns": {"figure"},
        "ranged": set(),
        "market_benchmarks": set(),
        "health_limits": set(),
        "data_notes": {"event_words"},
        "understand": {"columns", "event_marking", "figure", "market_benchmarks", "ranged", "table"},
        "decide": {
            *("assumption_words", "columns", "data_notes", "event_marking", "event_words", "figure", "ranged", "table"),
            "understand",
        },
        "prove": {
            *("columns", "data_notes", "decide", "event_marking", "event_words", "figure", "health_limits", "ranged"),
            "table",
        },
        "data": {"data_notes", "figure", "ranged"},
        "share": {
            *("assumption_words", "data_notes", "decide", "figure", "health_limits", "market_benchmarks", "prove"),
            *("ranged", "understand"),
        },
    },
    "export": {
        "rejects": set(),
        "scenario_file": set(),
        "pilot_lists": set(),
        "template": set(),
        "json": set(),
        "chart_table": set(),
        "image": set(),
        "spreadsheet": set(),
        "panel_file": set(),
        "trail_file": set(),
        "arrangement": set(),
        "html": {"image"},
        "pdf": {"image", "arrangement"},
        "powerpoint": {"image", "arrangement"},
        "office_lock": set(),
        "report": {"html", "image", "office_lock", "panel_file", "spreadsheet", "pdf", "powerpoint"},
        "customer_file": {"report"},
    },
    "ui": {
        "tables": set(),
        "markup": set(),
        "app": {"markup", "tables"},
        "picture": {"app", "markup", "tables"},
        "decide": {"app", "markup", "picture", "tables"},
        "data": {"app", "markup", "tables"},
        "prove": {"app", "decide", "markup", "picture", "tables"},
        "share": {"app", "decide", "markup", "tables"},
        "understand": {"app", "markup", "picture", "tables"},
    },
}
# Tests that are about the whole, or about no package.
BESIDE = {"browser", "pages", "benchmarks"}


def rooms_of(package: str) -> set[str]:
    """Return the rooms of a package and the modules beside them."""
    inside = (ROOT / "cxroi" / package).iterdir()
    return {
        path.stem
        for path in inside
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }


def imports_inside(package: str, source: str) -> Iterator[tuple[str, int]]:
    """Yield the rooms of `package` that a piece of code imports from, with the line; for types only counts too."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            top, *rest = name.split(".")
            if top == "cxroi" and len(rest) > 1 and rest[0] == package:
                yield rest[1], node.lineno


def forbidden(package: str, room: str, source: str) -> list[str]:
    """Return what a piece of code in a room imports and may not."""
    allowed = INSIDE[package][room] | {room}
    return [f"line {line}: {target}" for target, line in imports_inside(package, source) if target not in allowed]


@pytest.mark.parametrize("package", INSIDE)
def test_every_room_has_its_row_and_every_row_names_only_rows_above_it(package):
    table = INSIDE[package]
    assert rooms_of(package) - {"sql"} <= table.keys(), "give a new room its row"
    seen: set[str] = set()
    for room, allowed in table.items():
        assert allowed <= seen, (
            f"{room} may import {allowed - seen}, which stands later: the order is the order of floors"
        )
        seen.add(room)


@pytest.mark.parametrize("package", INSIDE)
def test_a_room_imports_only_rooms_below_it(package):
    folder = ROOT / "cxroi" / package
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder).with_suffix("").parts
        if inside != ("__init__",):
            assert not forbidden(package, inside[0], path.read_text(encoding="utf-8")), path


def test_an_import_that_runs_up_would_be_found_however_it_is_written():
    up = (
        "from cxroi.model.decision.verdict import Call",
        "from cxroi.model.decision import verdict",
        "from cxroi.model import decision",
        "def late():\n    import cxroi.model.decision.verdict as v",
    )
    assert all(forbidden("model", "company", source) for source in up)
    assert not forbidden("model", "decision", up[0])


def test_the_value_of_a_plan_imports_none_of_the_steps_that_make_it():
    source = (ROOT / "cxroi" / "intake" / "settle" / "plan.py").read_text(encoding="utf-8")
    assert "cxroi.intake.settle" not in source


def test_tests_stand_where_their_code_stands():
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    strange = {
        folder.as_posix()
        for folder in folders
        if folder.parts and folder.parts[0] not in BESIDE and not (ROOT / "cxroi" / folder / "__init__.py").exists()
    }
    assert not strange, f"no package of this name: {sorted(strange)}"
