"""The load shell: a file goes into quarantine, through the limited child, past the controls, and becomes a version at once."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

from cxroi.errors import StoreError, UploadError
from cxroi.intake.child import ChildEndedError, ChildLimits, run_child
from cxroi.intake.report import (
    Finding,
    IntakeReport,
    IntakeRequest,
    Outcome,
    Severity,
    report_from_json,
    request_to_json,
)
from cxroi.store.snapshots import Workspace
from cxroi.store.state import STATE_FILE, State
from cxroi.store.version import Version

COPIED_BELOW = 256 << 20  # bytes; a larger file is read where it lies, and refused if it changes meanwhile
Mode = Literal["replace", "append"]
Words = Callable[[str, Mapping[str, str]], str]


def inspect_file(
    path: Path,
    name: str,
    request: IntakeRequest,
    *,
    limits: ChildLimits | None = None,
    workspace: Workspace | None = None,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[IntakeReport, ...]:
    """Return what a load of this file (into `workspace`) would do, without publishing anything."""
    try:
        request = request if workspace is None else _as_last_time(workspace, request)
        with _quarantined(Path(tempfile.mkdtemp(prefix="cxroi-")), path) as (folder, safe):
            return _parse(folder, safe, name, request, limits or ChildLimits(), cancelled, progress)
    except UploadError as error:
        return (_refused(name, error),)


def load_file(
    workspace: Workspace,
    path: Path,
    name: str,
    request: IntakeRequest,
    mode: Mode = "replace",
    who: str = "",
    *,
    limits: ChildLimits | None = None,
    again: bool = False,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[tuple[IntakeReport, ...], Version | None]:
    """Load one file and return the account of each of its tables, and the new version unless everything was refused.

    A file whose content is in the current version already is not loaded twice unless `again` is true. `cancelled` is asked
    and `progress` told (the share done, 0 to 1) several times a second.
    """
    return load_many(
        workspace,
        ((path, name, request),),
        mode,
        who,
        limits=limits,
        again=again,
        cancelled=cancelled,
        progress=progress,
    )


def load_many(
    workspace: Workspace,
    files: Sequence[tuple[Path, str, IntakeRequest]],
    mode: Mode = "replace",
    who: str = "",
    *,
    limits: ChildLimits | None = None,
    again: bool = False,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[tuple[IntakeReport, ...], Version | None]:
    """Load several files, one after the other, into as many versions as there are files that can be taken."""
    reports: list[IntakeReport] = []
    version: Version | None = None
    for path, name, request in files:
        found, published = _load(
            workspace, path, name, request, mode, who, limits or ChildLimits(), again, cancelled, progress
        )
        reports += found
        version = published or version
    return tuple(reports), version


def _load(
    workspace: Workspace,
    path: Path,
    name: str,
    request: IntakeRequest,
    mode: Mode,
    who: str,
    limits: ChildLimits,
    again: bool,
    cancelled: Callable[[], bool] | None,
    progress: Callable[[float], None] | None = None,
) -> tuple[tuple[IntakeReport, ...], Version | None]:
    try:
        recalling = _as_last_time(workspace, request)
        with _quarantined(workspace.quarantine(), path) as (folder, safe):
            with ThreadPoolExecutor(1) as pool:  # hashing runs beside the child
                hashed = pool.submit(_sha256, safe)
                reports = _parse(folder, safe, name, recalling, limits, cancelled, progress)
                sha256 = hashed.result()
            reports = tuple(replace(report, source_sha256=sha256) for report in reports)
            if not again:
                reports = _once(reports, _held(workspace, sha256), mode)
            version = _publish(workspace, folder, reports, mode, who)
            return _kept(workspace, request, reports), version
    except UploadError as error:
        return (_refused(name, error),), None


def _as_last_time(workspace: Workspace, request: IntakeRequest) -> IntakeRequest:
    """Return the request with what this workspace keeps: its tables, mappings by header, the rules of the last ledger."""
    current = workspace.current()
    if current is not None and not current.illustrative:  # the sample company gives way to the first real file
        held = tuple((name, str(path)) for name, table in current.tables.items() for path in table.files)
        request = replace(request, beside=held)
    if not (workspace.folder / STATE_FILE).exists():
        return request
    state = State.open(workspace.folder)
    return replace(request, remembered=state.remembered_columns(), kept_rules=state.ledger_rules())


def _kept(workspace: Workspace, request: IntakeRequest, reports: tuple[IntakeReport, ...]) -> tuple[IntakeReport, ...]:
    """Keep what a person corrected, for the next such file; a report says so where it could not be kept."""
    if not (request.mapping or request.ledger_rules):
        return reports
    try:
        for report in reports:
            if report.outcome is Outcome.REFUSED or report.table is None:
                continue
            state = State.open(workspace.folder)
            if request.mapping:
                left_out = {column: "" for column, heading in request.mapping if not heading}
                headings = [column.heading for column in report.columns]
                state.remember_mapping(headings, report.table, left_out | report.mapping)
            if request.ledger_rules and report.table == "costs":
                state.set_ledger_rules(request.ledger_rules)
    except StoreError:
        lost = Finding(id="finding.not_kept", severity=Severity.FLAG)
        return tuple(replace(report, findings=(*report.findings, lost)) for report in reports)
    return reports


def _refused(name: str, error: UploadError) -> IntakeReport:
    facts = {key: str(value)[:500] for key, value in error.facts.items()}
    return IntakeReport(
        file=_shown(name), sheet=None, table=None, outcome=Outcome.REFUSED, message=error.id, facts=facts
    )


def _held(workspace: Workspace, sha256: str) -> set[tuple[str, str | None]]:
    """Return the tables and sheets of the current version that came from a file with this content."""
    current = workspace.current()
    return {
        (name, source.get("sheet"))
        for name, table in (current.tables if current else {}).items()
        for source in table.sources
        if source.get("sha256") == sha256
    }


def _once(reports: tuple[IntakeReport, ...], held: set[tuple[str, str | None]], mode: Mode) -> tuple[IntakeReport, ...]:
    """Refuse what is there already: of a table that is replaced all sheets or none, of one that is added to each sheet."""
    good = {(str(r.table), r.sheet) for r in reports if r.outcome is not Outcome.REFUSED}
    of_table = {name: ({s for t, s in good if t == name}, {s for t, s in held if t == name}) for name, _ in good}
    same = {(n, s) for n, s in good & held if mode == "append" or of_table[n][0] == of_table[n][1]}
    return tuple(
        replace(r, outcome=Outcome.REFUSED, message="upload.same_file", facts={"table": str(r.table)})
        if r.outcome is not Outcome.REFUSED and (r.table, r.sheet) in same
        else r
        for r in reports
    )


def _parse(
    folder: Path,
    path: Path,
    name: str,
    request: IntakeRequest,
    limits: ChildLimits,
    cancelled: Callable[[], bool] | None,
    progress: Callable[[float], None] | None = None,
) -> tuple[IntakeReport, ...]:
    before = path.stat()
    job = {
        "path": str(path),
        "name": _shown(name),
        "request": request_to_json(request),
        "staging": str(folder),
        "today": request.as_of or str(date.today()),
    }
    try:
        answers = run_child(job, folder, limits, cancelled=cancelled, progress=progress)
    except ChildEndedError as death:
        raise UploadError(f"upload.child_{death.why}") from death
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UploadError("upload.changed_while_reading")
    reports = tuple(report_from_json(answer) for answer in answers)
    for report in reports:
        if report.rows_read != report.rows_loaded + report.rows_rejected + report.rows_skipped:
            raise UploadError("upload.child_crash")
    return reports


def _publish(
    workspace: Workspace, folder: Path, reports: Sequence[IntakeReport], mode: Mode, who: str
) -> Version | None:
    good = [report for report in reports if report.outcome is not Outcome.REFUSED and report.parquet and report.table]
    if not good:
        return None
    staged = [
        (str(r.table), folder / str(r.parquet), _origin(r), folder / r.rejects_file if r.rejects_file else None)
        for r in good
    ]
    first = {name: (name, *rest) for name, *rest in reversed(staged)}  # of each table; the other sheets come after it
    return workspace.publish(
        {name: path for name, path, _, _ in first.values()},
        sources={name: origin for name, _, origin, _ in first.values()},
        mode=mode,
        who=who,
        rejects={name: rejects for name, _, _, rejects in first.values() if rejects},
        further=[part for part in staged if part != first[part[0]]],
    )


def _origin(report: IntakeReport) -> dict[str, Any]:
    """Return what a version keeps about where a table came from."""
    money = {name: total for name, total in report.totals.items() if "." in total}
    return {
        "file": report.file,
        "sheet": report.sheet,
        "sha256": report.source_sha256,
        "rows": report.rows_loaded,
        "rows_read": report.rows_read,
        "rows_rejected": report.rows_rejected,
        "rows_skipped": report.rows_skipped,
        "sums": money,
        "currency": report.currency,
        "mapping": dict(report.mapping),
        "findings": [{"id": f.id, "severity": str(f.severity), "facts": dict(f.facts)} for f in report.findings],
        "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


@contextmanager
def _quarantined(folder: Path, path: Path) -> Iterator[tuple[Path, Path]]:
    """Give a private folder and the file in it under a made-up name; both are gone afterwards, whatever happens."""
    try:
        if not path.is_file():
            raise UploadError("upload.no_such_file", file=_shown(path.name))
        size = path.stat().st_size
        if size == 0:
            raise UploadError("upload.empty")
        safe = path.absolute()
        if size < COPIED_BELOW:
            safe = folder / "upload"
            descriptor = os.open(safe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with path.open("rb") as source, os.fdopen(descriptor, "wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        yield folder, safe
    except OSError as error:
        raise UploadError("upload.no_room" if error.errno == 28 else "upload.not_readable") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _shown(name: str) -> str:
    """Return the last part of a file name, cut to 100 characters and without anything that is not to be printed."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:100] or "file"


def table_template(table: str, language: str, words: Callable[[str], str]) -> bytes:
    """Return a workbook to fill in for `table`; `words` is the Text of `language`."""
    from cxroi.intake.template import table_template as build  # XlsxWriter is not needed to load a file

    return build(table, language, words)


def rejects_csv(rejects: Path, words: Words) -> bytes:
    """Return a version's rejects file for download: original rows, with the reasons in words and no live formula.

    `words(id, facts)` gives the sentence of a reason. The three columns of ours are passed over when the file comes back.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    with rejects.open(encoding="utf-8", newline="") as file:
        records = csv.reader(file)
        writer.writerow(next(records))
        for row, column, reasons, *cells in records:
            said = "; ".join(words(id, dict(parse_qsl(facts))) for id, _, facts in map(_split, reasons.split("; ")))
            writer.writerow([row, column, said, *map(_inert, cells)])
    return out.getvalue().encode("utf-8-sig")


def _split(reason: str) -> tuple[str, str, str]:
    return reason.partition("?")


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers, also negative ones, stay as they are."""
    risky = cell[:1] in ("=", "@", "\t", "\r", "\n", "＝", "＠", "|", "%") or (
        cell[:1] in "+-" and not _number_like(cell)
    )
    return "'" + cell if cell and risky else cell


def _number_like(cell: str) -> bool:
    return all(sign.isdigit() or sign in "+-.,' \u00a0٫٬" for sign in cell)
