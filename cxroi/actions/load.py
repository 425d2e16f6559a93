"""The load shell: a file goes into quarantine, through the limited child, past the controls, and becomes a version at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cxroi.access.roles import EDITOR, FINANCE
from cxroi.actions.mappings import remember_mapping
from cxroi.actions.person import Person, needs
from cxroi.actions.quarantine import content_hash, private, said_plainly, secured, shown_name
from cxroi.actions.rules import kept_after, replace_rules
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError, UploadError
from cxroi.intake.child import ChildEndedError, ChildLimits, run_child
from cxroi.intake.presets.preset import FOLDER
from cxroi.intake.report import (
    Finding,
    IntakeReport,
    IntakeRequest,
    LoadOutcome,
    Severity,
    report_from_json,
    request_to_json,
)
from cxroi.intake.settle.ledger import headings_key
from cxroi.store import sample
from cxroi.store.files.parquet import equal_rows
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.draft import Part
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Mode, Workspace
from cxroi.tables import ANSWER, CONSTANT, PRESET, TABLES

_FEW = 0.05  # of the rows of a file may equal loaded ones by chance


class Manner(TypedDict, total=False):
    """How a load goes about it: `cancelled` is asked and `progress` told (the share done, 0 to 1) several times a second.

    A file whose content, or many of whose rows, are in the current version already is not loaded twice unless `again` is true. `onto` is the
    version that was looked at; where another one is in use meanwhile, nothing is loaded. `last_look` may refuse what else would be loaded.
    """

    limits: ChildLimits
    again: bool
    onto: str | None
    last_look: Callable[[tuple[IntakeReport, ...]], tuple[IntakeReport, ...]]
    cancelled: Callable[[], bool] | None
    progress: Callable[[float], None] | None


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """One file on its way: where it lies, its name and what is asked of it, in which private folder it is parsed, and how."""

    path: Path
    name: str
    request: IntakeRequest
    folder: Path
    limits: ChildLimits
    cancelled: Callable[[], bool] | None = None
    progress: Callable[[float], None] | None = None


def inspect_file(
    path: Path,
    name: str,
    request: IntakeRequest,
    *,
    workspace: Workspace | None = None,
    rejects_to: Path | None = None,
    **manner: Unpack[Manner],
) -> tuple[IntakeReport, ...]:
    """Return what a load of this file (into `workspace`) would do, without publishing anything.

    The rows that each report puts aside are written, as they came, to `rejects_to` with the report's place at its end.
    """
    with private(_folder_for_a_look(workspace)) as folder:
        try:
            request = request if workspace is None else _as_last_time(workspace, request)
            reports = _parse(_reading(path, name, request, folder, manner))
        except UploadError as error:
            return (_refused(name, error),)
        for place, report in enumerate(reports):
            if rejects_to is not None and report.rejects_file:
                with suppress(OSError):  # taken away meanwhile
                    shutil.copyfile(folder / report.rejects_file, f"{rejects_to}-{place}")
        return reports


@needs(EDITOR)
def load_file(
    workspace: Workspace,
    path: Path,
    name: str,
    request: IntakeRequest,
    mode: Mode = "replace",
    *,
    who: Person,
    **manner: Unpack[Manner],
) -> tuple[tuple[IntakeReport, ...], Version | None]:
    """Load one file and return the account of each of its tables, and the new version unless everything was refused."""
    (reports,), version = load_many(workspace, ((path, name, request),), mode, who=who, **manner)
    return reports, version


@needs(EDITOR)
def load_many(
    workspace: Workspace,
    files: Sequence[tuple[Path, str, IntakeRequest]],
    mode: Mode = "replace",
    *,
    who: Person,
    **manner: Unpack[Manner],
) -> tuple[tuple[tuple[IntakeReport, ...], ...], Version | None]:
    """Load several files in one act: return the account of each, table by table, and the one new version they make.

    Files of one table follow each other in it. A file that is refused keeps none of the others out; unless at least one
    is taken there is no version. A cancelled act, and one that the store refuses (a key that two files share, a full
    disk), changes nothing.
    """
    seen: dict[str, set[tuple[str, str | None]]] = {}
    found: list[tuple[IntakeReport, ...]] = []
    parts: list[Part] = []
    with ExitStack() as folders:
        for (path, name, request), told in zip(files, _shares(files, manner.get("progress")), strict=True):
            folder = folders.enter_context(private(workspace.quarantine()))
            recalling = _as_last_time(workspace, request)
            try:
                reports = _hashed(_reading(path, name, recalling, folder, {**manner, "progress": told}))
            except UploadError as error:
                if error.id == "upload.child_cancelled":  # the act, not this file alone
                    return tuple((_refused(name, error),) for _, name, _ in files), None
                found.append((_refused(name, error),))
                continue
            if not manner.get("again", False):
                sha256 = reports[0].source_sha256
                held = (seen if sha256 in seen else {sha256: _held(workspace, sha256)})[sha256]
                reports = _once(reports, held, mode)
                if mode == "append":
                    reports = tuple(_not_there(workspace.current(), report, folder) for report in reports)
            if "last_look" in manner:
                reports = manner["last_look"](reports)
            good = [report for report in reports if report.outcome is not LoadOutcome.REFUSED and report.parquet]
            seen.setdefault(reports[0].source_sha256, set()).update((str(r.table), r.sheet) for r in good)
            parts += [_part(report, folder, _cx_said(workspace, who, request, report)) for report in good]
            found.append(reports)
        if not parts:
            return tuple(found), None
        if any(report.table == "costs" for reports in found for report in reports):
            who.ensure_may(FINANCE)  # a ledger, and the rules that say which lines of it count
        trail = Trail.open(workspace, who)
        version = workspace.publish_parts(parts, mode=mode, who=who.signature, onto=manner.get("onto"))
        told_of = zip(files, _recorded(trail, version, mode, found), strict=True)
        return tuple(_kept(workspace, who, request, reports) for (_, _, request), reports in told_of), version


@needs(EDITOR)
def load_sample(workspace: Workspace, *, who: Person) -> Version:
    """Publish the sample company as the current version and return it."""
    trail = Trail.open(workspace, who)
    version = sample.load_sample(workspace, who=who.signature)
    trail.write("sample loaded", version=version.id)
    return version


def _shares(
    files: Sequence[tuple[Path, str, IntakeRequest]], progress: Callable[[float], None] | None
) -> list[Callable[[float], None] | None]:
    """Return who is told the progress of each file, so that together it is one share of all bytes, from 0 to 1."""
    if progress is None:
        return [None] * len(files)
    sizes = [path.stat().st_size if path.is_file() else 0 for path, _, _ in files]
    whole = sum(sizes) or 1

    def told(before: int, own: int) -> Callable[[float], None]:
        return lambda share: progress((before + share * own) / whole)

    return [told(before, own) for before, own in zip(accumulate(sizes, initial=0), sizes, strict=False)]


def _reading(path: Path, name: str, request: IntakeRequest, folder: Path, manner: Manner) -> _Reading:
    return _Reading(
        path=secured(path, folder),
        name=shown_name(name),
        request=request,
        folder=folder,
        limits=manner.get("limits") or ChildLimits.of_environment(),
        cancelled=manner.get("cancelled"),
        progress=manner.get("progress"),
    )


def _hashed(reading: _Reading) -> tuple[IntakeReport, ...]:
    """Parse a file, and hash it beside the child."""
    with said_plainly(), ThreadPoolExecutor(1) as pool:
        hashed = pool.submit(content_hash, reading.path)
        reports = _parse(reading)
        return tuple(replace(report, source_sha256=hashed.result()) for report in reports)


def _as_last_time(workspace: Workspace, request: IntakeRequest) -> IntakeRequest:
    """Return the request with what this workspace keeps: its tables, mappings by header, the rules of the last ledger."""
    current = workspace.current()
    if current is not None and not current.illustrative:  # the sample company gives way to the first real file
        held = tuple((name, str(path)) for name, table in current.whole_tables().items() for path in table.files)
        words = _currency_words(current)
        request = replace(request, beside=held, held_currencies=_currencies(current), kept_words=words)
    if (workspace.folder / FOLDER).is_dir():
        request = replace(request, presets_in=str(workspace.folder / FOLDER))
    if current is None and not (workspace.folder / STATE_FILE).exists():
        return request
    state = State.open(workspace.folder) if current is None else state_in_force(current)[0]
    rates = tuple((rate.currency, rate.reporting, rate.from_month, f"{rate.worth:f}") for rate in state.known_rates())
    return replace(request, remembered=state.remembered_columns(), kept_rules=state.ledger_rules(), kept_rates=rates)


def _currencies(version: Version) -> tuple[tuple[str, str], ...]:
    """Return the currencies that the tables of a version were said to be in."""
    return tuple(
        (name, str(source["currency"]).upper())
        for name, table in version.tables.items()
        for source in table.sources
        if source.get("currency")
    )


def _currency_words(version: Version) -> tuple[tuple[str, str], ...]:
    """Return what unclear words for currencies were read as in the files of a version."""
    findings = (f for table in version.tables.values() for source in table.sources for f in source.get("findings", ()))
    read = [f["facts"] for f in findings if f["id"] == "finding.currency_read"]
    return tuple(dict.fromkeys((facts["word"], facts["currency"]) for facts in read))


def _recorded(
    trail: Trail, version: Version, mode: Mode, found: Sequence[tuple[IntakeReport, ...]]
) -> Sequence[tuple[IntakeReport, ...]]:
    """Write the line of a load: which bytes became how many rows of which tables; the reports say so where it failed.

    The names of files stand in the version, which a customer can be taken out of, and never here.
    """
    good = [report for reports in found for report in reports if report.outcome is not LoadOutcome.REFUSED]
    sources = [{"sha256": one.source_sha256, "table": one.table, "rows": one.rows_loaded} for one in good]
    try:
        trail.write("loaded", version=version.id, before=version.parent, mode=mode, sources=sources)
    except StoreError:
        return [_flagged(reports, "finding.not_recorded") for reports in found]
    return found


def _flagged(reports: tuple[IntakeReport, ...], id: str) -> tuple[IntakeReport, ...]:
    finding = Finding(id=id, severity=Severity.FLAG)
    return tuple(replace(report, findings=(*report.findings, finding)) for report in reports)


def _kept(
    workspace: Workspace, who: Person, request: IntakeRequest, reports: tuple[IntakeReport, ...]
) -> tuple[IntakeReport, ...]:
    """Keep what a person corrected, for the next such file; a report says so where it could not be kept."""
    good = [one for one in reports if one.outcome is not LoadOutcome.REFUSED and one.table is not None]
    columns_said = (
        request.mapping or request.constants or request.answers or request.nobody_left or request.preset is not None
    )
    try:
        for report in good if columns_said else ():
            left_out = {column: "" for column, heading in request.mapping if not heading}
            left_out |= {"left_on": ""} if request.nobody_left and report.table == "customers" else {}
            said = {column: f"{CONSTANT}{value}" for column, value in report.constants.items()}
            said |= {f"{ANSWER}{label}": f"{CONSTANT}{score}" for label, score in request.answers}
            said |= {PRESET: f"{CONSTANT}{request.preset}"} if request.preset is not None else {}
            headings = [column.heading for column in report.columns]
            answered = _answered_before(workspace, headings, str(report.table))
            remember_mapping(
                workspace, headings, str(report.table), answered | left_out | report.mapping | said, who=who
            )
        rules = [rule for report in good for rule in report.rules_said]
        if rules or (request.ledger_rules and any(report.table == "costs" for report in good)):
            before = State.open(workspace.folder).ledger_rules()
            replace_rules(workspace, kept_after(before, request.ledger_rules, rules), who=who)
    except StoreError:
        return _flagged(reports, "finding.not_kept")
    return reports


def _answered_before(workspace: Workspace, headings: Sequence[str], table: str) -> dict[str, str]:
    """Return what answers in words count as under this header, and which preset was chosen: they hold when only a column is said anew."""
    known, columns = State.open(workspace.folder).remembered_mapping(headings) or ("", {})
    holds = known == table
    return {name: said for name, said in columns.items() if holds and (name == PRESET or name.startswith(ANSWER))}


def _refused(name: str, error: UploadError) -> IntakeReport:
    facts = {key: str(value)[:500] for key, value in error.facts.items()}
    return IntakeReport(
        file=shown_name(name), sheet=None, table=None, outcome=LoadOutcome.REFUSED, message=error.id, facts=facts
    )


def _held(workspace: Workspace, sha256: str) -> set[tuple[str, str | None]]:
    """Return the whole tables and sheets of the current version that came from a file with this content."""
    current = workspace.current()
    return {
        (name, source.get("sheet"))
        for name, table in (current.whole_tables() if current else {}).items()
        for source in table.sources
        if source.get("sha256") == sha256
    }


def _once(reports: tuple[IntakeReport, ...], held: set[tuple[str, str | None]], mode: Mode) -> tuple[IntakeReport, ...]:
    """Refuse what is there already: of a table that is replaced all sheets or none, of one that is added to each sheet."""
    good = {(str(r.table), r.sheet) for r in reports if r.outcome is not LoadOutcome.REFUSED}
    of_table = {name: ({s for t, s in good if t == name}, {s for t, s in held if t == name}) for name, _ in good}
    same = {(n, s) for n, s in good & held if mode == "append" or of_table[n][0] == of_table[n][1]}
    return tuple(
        replace(r, outcome=LoadOutcome.REFUSED, message="upload.same_file", facts={"table": str(r.table)})
        if r.outcome is not LoadOutcome.REFUSED and (r.table, r.sheet) in same
        else r
        for r in reports
    )


def _not_there(current: Version | None, report: IntakeReport, folder: Path) -> IntakeReport:
    """Refuse to add a file much of which is loaded, as an export of the year to date is; say so of a few equal rows.

    Two answers of unknown people may well be equal in everything, so surveys without customers are never refused. A table
    with a key is guarded by it. What the rules choose is no part of a row: they may have changed.
    """
    table = current.whole_tables().get(str(report.table)) if current else None
    if report.outcome is LoadOutcome.REFUSED or not report.parquet or table is None or TABLES[str(report.table)].key:
        return report
    same = equal_rows(table.files, folder / report.parquet, apart_from=("is_cx", "category", "currency"))
    if not same:
        return report
    facts = {"rows": f"{same:,}", "of": f"{report.rows_loaded:,}", "table": str(report.table)}
    if same > _FEW * report.rows_loaded and (report.table != "surveys" or "customer_id" in report.mapping):
        return replace(report, outcome=LoadOutcome.REFUSED, message="upload.rows_there", facts=facts)
    found = Finding(id="finding.rows_there", severity=Severity.FLAG, facts=facts)
    return replace(report, findings=(*report.findings, found))


def _parse(reading: _Reading) -> tuple[IntakeReport, ...]:
    before = reading.path.stat()
    job = {
        "path": str(reading.path),
        "name": reading.name,
        "request": request_to_json(reading.request),
        "staging": str(reading.folder),
        "today": reading.request.as_of or str(date.today()),
    }
    try:
        with said_plainly():
            answers = run_child(
                job, reading.folder, reading.limits, cancelled=reading.cancelled, progress=reading.progress
            )
    except ChildEndedError as death:
        raise UploadError("upload.no_room" if death.why == "room" else f"upload.child_{death.why}") from death
    after = reading.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UploadError("upload.changed_while_reading")
    reports = tuple(report_from_json(answer) for answer in answers)
    for report in reports:
        if report.rows_read != report.rows_loaded + report.rows_rejected + report.rows_skipped:
            raise UploadError("upload.child_crash")
    return reports


def _cx_said(workspace: Workspace, who: Person, request: IntakeRequest, report: IntakeReport) -> dict[str, Any]:
    """Return who said which lines of a ledger are customer experience, and when: now, or with the rules that are kept."""
    if report.table != "costs":
        return {}
    headings = {"headings": headings_key([column.heading for column in report.columns])}
    if request.ledger_rules or report.rules_said:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return headings | {"cx_said": {"who": who.signature, "at": now}}
    if not any(finding.id.startswith("finding.rule.") for finding in report.findings):
        return headings
    with suppress(StoreError):
        lines = [line for line in State.open(workspace.folder).audit() if line.what == "ledger_rules"]
        if lines:
            at = lines[-1].at.isoformat(timespec="seconds")
            return headings | {"cx_said": {"who": lines[-1].who, "at": at}}
    return headings


def _part(report: IntakeReport, folder: Path, beside: dict[str, Any]) -> Part:
    return Part(
        table=str(report.table),
        parquet=folder / str(report.parquet),
        source=_origin(report) | beside,
        rejects=folder / report.rejects_file if report.rejects_file else None,
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


def _folder_for_a_look(workspace: Workspace | None) -> Path:
    """Return a folder to parse in; to look at a file a workspace that cannot be written to will do."""
    if workspace is not None:
        with suppress(StoreError):
            return workspace.quarantine()
    return Path(tempfile.mkdtemp(prefix="cxroi-"))
