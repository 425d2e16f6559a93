"""Commands about data: load the sample, look at tables and the panel, go back to an earlier version."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, workspace_of
from cxroi.errors import UploadError
from cxroi.store.version import Version
from cxroi.text import Text


def sample(choices: Namespace, text: Text) -> int:
    """Load the sample company."""
    from cxroi.store.sample import load_sample

    version = load_sample(workspace_of(choices))
    answer(choices, {"data_version": version.id, "tables": _table_facts(version)}, [text("cli.sample_loaded")])
    return 0


def tables(choices: Namespace, text: Text) -> int:
    """List the tables of the current version."""
    version = current_version(workspace_of(choices))
    listed = _table_facts(version)
    heading = [text(f"cli.heading.{name}") for name in ("table", "rows", "files")]
    rows = [[t["table"], text.number(t["rows"]), ", ".join(t["sources"])] for t in listed]
    facts = {"data_version": version.id, "illustrative": version.illustrative, "tables": listed}
    lines = [*illustrative_lines(version, text), *columns(heading, rows)]
    answer(choices, facts, lines)
    return 0


def table(choices: Namespace, text: Text) -> int:
    """Write the accepted rows of one table to a file."""
    from cxroi.store.engine import Engine

    version, out = current_version(workspace_of(choices)), Path(choices.out)
    rows = Engine.on(version).copy_table(choices.name, out)
    facts = {"data_version": version.id, "table": choices.name, "file": str(out), "rows": rows}
    answer(choices, facts, [text("cli.rows_written", count=rows, file=str(out))])
    return 0


def panel(choices: Namespace, text: Text) -> int:
    """Write the panel, one row per month and segment, to a CSV or Parquet file."""
    from cxroi.cli.decision import read_panel

    version, out = current_version(workspace_of(choices)), Path(choices.out)
    if out.suffix.lower() not in {".csv", ".parquet"}:
        raise UploadError("store.unknown_format", format=out.suffix or out.name)
    frame = read_panel(version).to_frame()
    if out.suffix.lower() == ".csv":
        frame.to_csv(out, index=False, date_format="%Y-%m-%d")
    else:
        frame.to_parquet(out, index=False)
    facts = {"data_version": version.id, "file": str(out), "rows": len(frame), "columns": list(frame.columns)}
    answer(choices, facts, [text("cli.rows_written", count=len(frame), file=str(out))])
    return 0


def versions(choices: Namespace, text: Text) -> int:
    """List every version, newest first."""
    workspace = workspace_of(choices)
    current = workspace.current()
    listed = [_version_facts(version, version == current) for version in workspace.versions()]
    heading = [text(f"cli.heading.{name}") for name in ("version", "created", "rows", "current")]
    rows = [
        [v["id"], v["created_at"], text.number(sum(t["rows"] for t in v["tables"])), "*" if v["current"] else ""]
        for v in listed
    ]
    answer(choices, {"versions": listed}, columns(heading, rows) if rows else [text("cli.no_versions")])
    return 0


def restore(choices: Namespace, text: Text) -> int:
    """Make an earlier version current again."""
    version = workspace_of(choices).restore(choices.version_id)
    answer(choices, {"data_version": version.id}, [text("cli.restored", version=version.id)])
    return 0


def delete(choices: Namespace, text: Text) -> int:
    """Remove a version that is not current; its bytes are gone."""
    workspace = workspace_of(choices)
    doomed = workspace.version(choices.version_id)
    workspace.delete(doomed.id)
    answer(choices, {"deleted": doomed.id}, [text("cli.deleted", version=doomed.id)])
    return 0


def repair(choices: Namespace, text: Text) -> int:
    """Go back to the newest version whose every byte is right."""
    version = workspace_of(choices).repair()
    answer(choices, {"data_version": version.id}, [text("cli.repaired", version=version.id)])
    return 0


def _table_facts(version: Version) -> list[dict[str, Any]]:
    return [
        {
            "table": name,
            "rows": table.rows,
            "totals": dict(table.sums),
            "sources": [str(source.get("file", "")) for source in table.sources],
        }
        for name, table in sorted(version.tables.items())
    ]


def _version_facts(version: Version, is_current: bool) -> Mapping[str, Any]:
    return {
        "id": version.id,
        "number": version.number,
        "created_at": version.created_at.isoformat(),
        "who": version.who or None,
        "current": is_current,
        "illustrative": version.illustrative,
        "tables": _table_facts(version),
    }
