"""Connections: kept under a name, tried, read into the files that wait or straight into a version, and taken away.

Every reading goes out only to what an administrator allows, and comes in only through the intake that reads every file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cxroi.access.roles import ADMINISTRATOR, EDITOR
from cxroi.actions.load import inspect_file, load_file
from cxroi.actions.person import Person, needs
from cxroi.actions.quarantine import private
from cxroi.actions.trail import Trail
from cxroi.connect.allowed import Allowed
from cxroi.connect.child import Fetched, fetch
from cxroi.connect.secrets import secret_of
from cxroi.connect.source import checked_credential, checked_name, read_source
from cxroi.environment import whole_number
from cxroi.errors import ConnectError, CxroiError, StoreError
from cxroi.intake.child import ChildLimits
from cxroi.intake.report import (
    LIFTED_BY_AN_ANSWER,
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Severity,
    request_from_json,
    request_to_json,
)
from cxroi.store.files.waiting import MOST_OF_ONE, Waiting
from cxroi.store.state.records import ConnectionMark, KeptConnection
from cxroi.store.state.state import State
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Mode, Workspace

LOADED, NOTHING_NEW, ASKS, REFUSED, FAILED = "loaded", "nothing_new", "needs_answer", "refused", "failed"
SIZE = "CXROI_CONNECT_MEGABYTES"
TRIED_ROWS = 200
# What is known of the workspace when a load begins, and what holds for one file only: neither is kept with a connection.
_NOT_KEPT = ("presets_in", "kept_rates", "held_currencies", "kept_words", "kept_rules", "beside", "remembered")
_OF_ONE_FILE = ("control_total", "difference_explained")
_ANSWERED = LIFTED_BY_AN_ANSWER | {"connections.answer_needed", "connections.same_table"}
Cancelled = Callable[[], bool] | None
Progress = Callable[[float], None] | None


@dataclass(frozen=True, kw_only=True)
class Refreshed:
    """What came of reading one connection: the outcome, the account of each table, and the version where one was made."""

    name: str
    outcome: str
    reports: tuple[IntakeReport, ...] = ()
    version: str | None = None
    error: CxroiError | None = None

    @property
    def said(self) -> tuple[str, Mapping[str, object]]:
        """Return the id and the facts of why it is not all loaded; none where it is."""
        if self.error is not None:
            return self.error.id, self.error.facts
        refused = next((r for r in self.reports if r.outcome is LoadOutcome.REFUSED), None)
        return ("", {}) if refused is None else (refused.message, refused.facts)


def ensure_allowed(address: str, query: str = "") -> None:
    """Raise ConnectError for a source that cannot be read here: because nothing is allowed, this is not, or it means nothing."""
    allowed = Allowed.of_environment()
    if not allowed.anything:
        raise ConnectError("connections.off")
    allowed.ensure(read_source(address, query))


def are_allowed() -> bool:
    """Return whether an administrator allows any connection."""
    return Allowed.of_environment().anything


@needs(ADMINISTRATOR)
def keep_connection(workspace: Workspace, given: KeptConnection, *, new: bool, who: Person) -> KeptConnection:
    """Keep a connection: as a new one, or in place of the one that has its name.

    Raises ConnectError for one that cannot be meant, holds a password or is not allowed, and StoreError where its name is taken or unknown.
    """
    kept = replace(given, name=checked_name(given.name), credential=checked_credential(given.credential))
    kept = replace(kept, address=given.address.strip(), query=given.query.strip(), request=_kept_request(given.request))
    ensure_allowed(kept.address, kept.query)
    trail = Trail.open(workspace, who)
    if not new:
        kept = replace(kept, name=trail.state.kept_connection(kept.name).name)
    elif any(one.name.casefold() == kept.name.casefold() for one in trail.state.connections()):
        raise StoreError("connections.taken", name=kept.name)
    trail.state.keep_connection(kept)
    source = read_source(kept.address, kept.query)
    facts = {"kind": source.kind, "host": source.host, "credential": kept.credential}
    trail.write("connection kept", version=None, connection=kept.name, **facts)
    return kept


@needs(ADMINISTRATOR)
def remove_connection(workspace: Workspace, name: str, *, who: Person) -> None:
    """Forget a connection; what was loaded from it stays."""
    trail = Trail.open(workspace, who)
    kept = trail.state.kept_connection(name)
    trail.state.forget_connection(kept.name)
    trail.write("connection removed", connection=kept.name)


@needs(EDITOR)
def try_connection(
    workspace: Workspace, name: str, *, who: Person, cancelled: Cancelled = None, progress: Progress = None
) -> tuple[IntakeReport, ...]:
    """Return what a reading would find, from the first `TRIED_ROWS` of a query or from the whole of a published file; nothing is loaded.

    Raises ConnectError where it cannot be read.
    """
    trail = Trail.open(workspace, who)
    kept = trail.state.kept_connection(name)
    with private(workspace.quarantine()) as folder:
        fetched = _fetched(kept, folder, most_rows=TRIED_ROWS, cancelled=cancelled, progress=progress)
        trail.write("connection tried", connection=kept.name)
        return inspect_file(
            fetched.path, f"{kept.name}{fetched.ending}", _request(kept), workspace=workspace, cancelled=cancelled
        )


@needs(EDITOR)
def bring_connection(
    workspace: Workspace,
    token: str | None,
    name: str,
    *,
    who: Person,
    cancelled: Cancelled = None,
    progress: Progress = None,
) -> Waiting:
    """Read a connection into a file that waits under `token` to be looked at and loaded; return the files that wait.

    Raises ConnectError where it cannot be read, and StoreError where there is no room.
    """
    trail, waiting = Trail.open(workspace, who), Waiting.open(workspace.folder, token)
    kept = trail.state.kept_connection(name)
    with private(workspace.quarantine()) as folder:
        fetched = _fetched(kept, folder, cancelled=cancelled, progress=progress)
        file = waiting.take(fetched.path, f"{kept.name}{fetched.ending}", request_to_json(_request(kept)), kept.name)
    trail.write("connection read", connection=kept.name, files=[file.id], size_bytes=file.size)
    return waiting


@needs(EDITOR)
def keep_answers(
    workspace: Workspace,
    name: str,
    request: IntakeRequest,
    reports: Sequence[IntakeReport],
    version: Version | None,
    *,
    who: Person,
) -> None:
    """Keep how a person had what a connection gave read, so that a refresh needs no answer.

    A file that came from none (""), one that was not taken, and a connection that is gone are passed over, and so is a state that
    cannot be written to: the data are loaded.
    """
    if not name or version is None or all(report.outcome is LoadOutcome.REFUSED for report in reports):
        return
    with suppress(StoreError):
        trail = Trail.open(workspace, who)
        kept = trail.state.kept_connection(name)
        answered = replace(kept, request=_kept_request(request_to_json(request)))
        if answered != kept:
            trail.state.keep_connection(answered)
        _marked(trail, Refreshed(name=kept.name, outcome=LOADED, reports=tuple(reports), version=version.id))


@needs(EDITOR)
def refresh(
    workspace: Workspace,
    name: str,
    *,
    who: Person,
    again: bool = False,
    cancelled: Cancelled = None,
    progress: Progress = None,
) -> Refreshed:
    """Read one connection and load what it gives, unless it gives what is there already or leaves anything open.

    What cannot be read is told in the answer, and kept with the connection; raises StoreError only where nobody could be told.
    """
    trail = Trail.open(workspace, who)
    kept = trail.state.kept_connection(name)
    try:
        with private(workspace.quarantine()) as folder:
            fetched = _fetched(kept, folder, cancelled=cancelled, progress=progress)
            mode: Mode = "append" if kept.mode == "append" else "replace"
            reports, version = load_file(
                workspace,
                fetched.path,
                f"{kept.name}{fetched.ending}",
                _request(kept),
                mode,
                who=who,
                again=again,
                cancelled=cancelled,
                last_look=lambda found: _settled_ones(found, kept, trail.state),
            )
        done = Refreshed(
            name=kept.name, outcome=_outcome(reports, version), reports=reports, version=version.id if version else None
        )
    except CxroiError as error:
        done = Refreshed(name=kept.name, outcome=FAILED, error=error)
    _marked(trail, done)
    return done


@needs(EDITOR)
def refresh_all(
    workspace: Workspace, names: Sequence[str], *, who: Person, again: bool = False
) -> tuple[Refreshed, ...]:
    """Refresh the named connections, or all where none is named, one after the other; raises StoreError for a name that is not there."""
    state = State.open(workspace.folder)
    wanted = [state.kept_connection(name).name for name in names] or [one.name for one in state.connections()]
    return tuple(refresh(workspace, name, who=who, again=again) for name in dict.fromkeys(wanted))


def _fetched(
    kept: KeptConnection, folder: Path, *, most_rows: int | None = None, cancelled: Cancelled, progress: Progress
) -> Fetched:
    allowed, source = Allowed.of_environment(), read_source(kept.address, kept.query)
    if not allowed.anything:
        raise ConnectError("connections.off")
    allowed.ensure(source)
    return fetch(
        source,
        secret_of(kept.credential, source.host),
        allowed,
        folder,
        limits=ChildLimits.of_environment(),
        most_bytes=whole_number(os.environ, SIZE, MOST_OF_ONE >> 20, most=64 << 10) << 20,
        most_rows=most_rows,
        cancelled=cancelled,
        progress=progress,
    )


def _kept_request(request: Mapping[str, object]) -> dict[str, object]:
    """Return what of a request holds for every reading; what says nothing is left out."""
    usual, passing = request_to_json(IntakeRequest()), (*_NOT_KEPT, *_OF_ONE_FILE)
    given = request_to_json(request_from_json(dict(request)))
    return {name: value for name, value in given.items() if name not in passing and value != usual[name]}


def _request(kept: KeptConnection) -> IntakeRequest:
    try:
        return request_from_json(dict(kept.request))
    except (TypeError, ValueError):  # kept by another release
        return IntakeRequest()


def _settled_ones(reports: tuple[IntakeReport, ...], kept: KeptConnection, state: State) -> tuple[IntakeReport, ...]:
    """Refuse what leaves a question open, and a table that another connection fills: each would undo the other."""
    others = {
        table: one.name
        for one in state.connections()
        if one.name != kept.name and one.last is not None and one.mode == kept.mode == "replace"
        for table in one.last.tables
    }

    def looked_at(report: IntakeReport) -> IntakeReport:
        if report.outcome is LoadOutcome.REFUSED:
            return report
        if any(finding.severity is Severity.QUESTION for finding in report.findings):
            return replace(report, outcome=LoadOutcome.REFUSED, message="connections.answer_needed", facts={})
        if report.table in others:
            facts = {"table": str(report.table), "other": others[str(report.table)]}
            return replace(report, outcome=LoadOutcome.REFUSED, message="connections.same_table", facts=facts)
        return report

    return tuple(looked_at(report) for report in reports)


def _outcome(reports: Sequence[IntakeReport], version: Version | None) -> str:
    refused = [report.message for report in reports if report.outcome is LoadOutcome.REFUSED]
    open_still = any(message in _ANSWERED for message in refused)
    if version is not None and not open_still:
        return LOADED
    if refused and all(message == "upload.same_file" for message in refused):
        return NOTHING_NEW
    return ASKS if open_still else REFUSED


def _marked(trail: Trail, done: Refreshed) -> None:
    """Keep what came of a reading with its connection, and write its line."""
    id, facts = done.said
    before = trail.state.kept_connection(done.name).last
    loaded = tuple(str(r.table) for r in done.reports if r.outcome is not LoadOutcome.REFUSED)
    mark = ConnectionMark(
        at=datetime.now(UTC),
        outcome=done.outcome,
        id=id,
        facts={name: str(fact) for name, fact in facts.items()},
        tables=loaded or (before.tables if before else ()),
        version=done.version or (before.version if before else ""),
    )
    trail.state.mark_connection(done.name, mark)
    trail.write("connection refreshed", version=done.version, connection=done.name, outcome=done.outcome, reason=id)
