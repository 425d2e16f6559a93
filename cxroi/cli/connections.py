"""Commands about connections: kept, tried, taken away, and read anew by one command that cron may run."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cxroi.actions.connections import (
    ASKS,
    FAILED,
    REFUSED,
    TRIED_ROWS,
    Refreshed,
    are_allowed,
    keep_connection,
    refresh_all,
    remove_connection,
    try_connection,
)
from cxroi.actions.person import at_the_terminal
from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, inert_line, workspace_of
from cxroi.cli.loading import request_of
from cxroi.cli.ways_on import ways_on
from cxroi.errors import UploadError
from cxroi.export.json.connections import connection_json, refreshed_json
from cxroi.export.json.loads import report_json
from cxroi.intake.report import LoadOutcome, request_to_json
from cxroi.questions.connections import kept_connections
from cxroi.store.state.records import KeptConnection
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.view.data.connections import COLUMNS, connection_rows, cut_short, said_words
from cxroi.view.data.load_report import report_lines
from cxroi.view.table import columns

NEEDS_ANSWER = 4  # the exit code of a refresh that did not load because only a person can answer what it leaves open


def connections(choices: Namespace, text: Text) -> int:
    """List connections, keep or change one, try one without loading anything, or take one away."""
    workspace, task, name = workspace_of(choices), choices.connection_task, choices.connection_name
    if (task != "list") != bool(name.strip()):
        wrong_use("connection_name", task=task)
    if task == "test":
        return _tried(choices, workspace, text)
    if task == "remove":
        remove_connection(workspace, name, who=at_the_terminal())
    elif task in ("add", "change"):
        keep_connection(workspace, _meant(choices, workspace), new=task == "add", who=at_the_terminal())
    kept = kept_connections(workspace.folder)
    facts = {"allowed": are_allowed(), "connections": [connection_json(one, text) for one in kept]}
    heading = [text(f"heading.{column}") for column in COLUMNS]
    lines = columns(heading, connection_rows(kept, text)) if kept else [text("connections.none")]
    answer(choices, facts, lines if are_allowed() else [*lines, text("connections.off")])
    return 0


def refresh(choices: Namespace, text: Text) -> int:
    """Read the named connections, or all, one after the other, and load what is new; nothing that needs an answer is loaded."""
    workspace = workspace_of(choices)
    done = refresh_all(workspace, choices.refresh_names, who=at_the_terminal(), again=choices.again)
    current = workspace.current()
    facts = {"refreshed": [_json(one, text) for one in done], "version": current.id if current else None}
    answer(choices, facts, _lines(done, text) or [text("connections.none")])
    failed = [one for one in done if one.outcome in (FAILED, REFUSED)]
    for one in failed if choices.json or not sys.stdout.isatty() else ():
        print(inert_line(f"{one.name}: {said_words(*one.said, text)}"), file=sys.stderr)
    return 1 if failed else NEEDS_ANSWER if any(one.outcome == ASKS for one in done) else 0


def _lines(done: Sequence[Refreshed], text: Text) -> list[str]:
    lines = []
    for one in done:
        lines.append(f"{one.name}: {text(f'connections.outcome.{one.outcome}')}")
        if one.error is not None:
            lines.append(f"  {said_words(*one.said, text)}")
        for report in one.reports if one.outcome != "nothing_new" else ():
            lines += [f"  {line}" for line in report_lines(report, text, ways_on(report))]
    return lines


def _json(one: Refreshed, text: Text) -> dict[str, Any]:
    return refreshed_json(one.name, one.outcome, one.said, one.version, one.reports, text)


def _tried(choices: Namespace, workspace: Workspace, text: Text) -> int:
    reports = try_connection(workspace, choices.connection_name, who=at_the_terminal())
    name = State.open(workspace.folder).kept_connection(choices.connection_name).name
    kept = (one for one in kept_connections(workspace.folder) if one.name == name)
    lines = [cut for one in kept if (cut := cut_short(one, reports, TRIED_ROWS, text))]
    for report in reports:
        lines += report_lines(report, text, ways_on(report), before=True)
        lines += [f"  {column.heading}: {' | '.join(column.before)}" for column in report.columns]
    answer(choices, {"connections": [], "files": [report_json(report, None, text) for report in reports]}, lines)
    return 1 if all(report.outcome is LoadOutcome.REFUSED for report in reports) else 0


def _meant(choices: Namespace, workspace: Workspace) -> KeptConnection:
    """Return the connection as the options say it; what a change does not say stays."""
    given: dict[str, Any] = {
        "address": choices.address,
        "query": _query(choices),
        "credential": choices.credential,
        "mode": choices.mode,
    }
    said = {name: value for name, value in given.items() if value is not None}
    request = request_to_json(request_of(choices))
    if choices.connection_task == "add":
        if not choices.address:
            wrong_use("connection_address")
        return KeptConnection(name=choices.connection_name, request=request, **said)
    kept = State.open(workspace.folder).kept_connection(choices.connection_name)
    usual = request_to_json(type(request_of(choices))())
    changed = {name: value for name, value in request.items() if value != usual[name]}
    return replace(kept, request={**kept.request, **changed}, **said)


def _query(choices: Namespace) -> str | None:
    if choices.query_file is None:
        return None if choices.query is None else str(choices.query)
    if choices.query is not None:
        wrong_use("connection_query")
    path = Path(choices.query_file).expanduser()
    if not path.is_file():
        raise UploadError("upload.no_such_file", file=choices.query_file)
    return path.read_text(encoding="utf-8-sig")
