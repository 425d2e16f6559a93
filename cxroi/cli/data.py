"""Commands about data: load the sample, take files in, look at tables and the panel, go back to an earlier version."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cxroi.cli.arguments import pairs
from cxroi.cli.intake_words import report_json, report_lines
from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, on_terminal, workspace_of
from cxroi.errors import UploadError
from cxroi.intake.report import IntakeReport, IntakeRequest, Outcome
from cxroi.store.version import Version
from cxroi.text import Text

REJECTS_ALLOWED = {"stop": 0.0, "load": 1.0, None: IntakeRequest.rejects_allowed_rate}


def sample(choices: Namespace, text: Text) -> int:
    """Load the sample company."""
    from cxroi.store.sample import load_sample

    version = load_sample(workspace_of(choices))
    answer(choices, {"data_version": version.id, "tables": _table_facts(version)}, [text("cli.sample_loaded")])
    return 0


def import_files(choices: Namespace, text: Text) -> int:
    """Load each file in turn; one that is refused does not stop the others, but the exit code tells."""
    from cxroi.upload import load_file

    workspace, request = workspace_of(choices), _request(choices)
    mode = "append" if choices.append else "replace"
    reports: list[tuple[IntakeReport, str | None]] = []
    for path in _with_progress([Path(file) for file in choices.files], text):
        if not path.exists():
            raise UploadError("cli.no_such_file", file=str(path))
        agreed = _agreed(path, request, choices, text)
        if agreed is None:
            return _stopped(choices, text)
        found, version = load_file(workspace, path, path.name, agreed, mode=mode)
        reports += [(report, version.id if version else None) for report in found]
    refused = [report for report, _ in reports if report.outcome is Outcome.REFUSED]
    current = workspace.current()
    facts = {
        "files": [report_json(report, version, text) for report, version in reports],
        "version": current.id if current else None,
    }
    lines = [line for report, _ in reports for line in (*report_lines(report, text), "")]
    answer(choices, facts, lines[:-1])
    for report in refused:
        print(f"{report.file}: {text(report.message, **report.facts)}", file=sys.stderr)
    return 1 if refused else 0


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


def _request(choices: Namespace) -> IntakeRequest:
    return IntakeRequest(
        table=choices.table,
        sheet=choices.sheet,
        header_row=choices.header_row,
        mapping=pairs(choices.map, "--map"),
        decimal=choices.decimal,
        date_order=choices.date_order,
        calendar=choices.calendar,
        metric=choices.metric,
        as_of=choices.as_of,
        currency=choices.currency,
        control_total=choices.control_total,
        rejects_allowed_rate=REJECTS_ALLOWED[choices.on_reject],
    )


def _agreed(path: Path, request: IntakeRequest, choices: Namespace, text: Text) -> IntakeRequest | None:
    """Show a person what was recognised and ask; None when they decline. Without a terminal, or with --yes, go on."""
    if choices.yes or choices.json or not on_terminal():
        return request
    from cxroi.upload import inspect_file

    found = inspect_file(path, path.name, request)
    print("\n".join(line for report in found for line in report_lines(report, text)), file=sys.stderr)
    if any(report.message == "upload.too_many_rejects" for report in found):
        return replace(request, rejects_allowed_rate=1.0) if _says_yes(text("cli.ask_rejects")) else None
    return request if _says_yes(text("cli.ask_load")) else None


def _says_yes(question: str) -> bool:
    print(f"{question} ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "ن", "نعم"}


def _stopped(choices: Namespace, text: Text) -> int:
    print(text("cli.not_loaded"), file=sys.stderr)
    return 1


def _with_progress(paths: list[Path], text: Text) -> list[Path]:
    """Show a bar over the files where a person looks on and there is more than one."""
    if len(paths) < 2 or not sys.stderr.isatty():
        return paths
    from tqdm import tqdm

    return tqdm(paths, desc=text("cli.progress"), unit=text("cli.progress_unit"))


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
