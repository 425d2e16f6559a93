"""A workspace: every version of the data as a folder that is never changed, and one pointer to the current one.

    <workspace>/CURRENT                     the id of the current version, swapped in one step
    <workspace>/snapshots/<number>-<hash>/  Parquet, rejected rows, and manifest.json, whose hash is in the name
    <workspace>/quarantine/                 uploads on their way in, and the staging folders of loads
    <workspace>/waiting/                    files that were dropped on the page and not loaded yet
    <workspace>/spare/                      a second physical copy of the current version
    <workspace>/derived/                    what was worked out from versions, safe to delete
    <workspace>/damaged/                    versions that could not be mended, and were given up
    <workspace>/writer.lock                 held by the one who publishes
    <workspace>/alive/                      one locked file a process that has something in quarantine or spill
    <workspace>/spill/                      what queries put down while they run out of memory
    <workspace>/state.sqlite                scenarios, mappings, rules, rates, audit trail; a copy lies in the current version

A version is written beside the others, read back, flushed and renamed; only then does the pointer move. A crash, a full
disk or a second writer at any moment leaves the version that was current, whole and current.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from cxroi.errors import StoreError
from cxroi.store.files.access import tighten
from cxroi.store.files.durable import flush, locked, remove, said_plainly, swap
from cxroi.store.files.leftovers import spill_folder, sweep, token_of_process
from cxroi.store.files.state_copy import keep_copy
from cxroi.store.files.state_copy import mend as mend_state
from cxroi.store.files.waiting import sweep as sweep_waiting
from cxroi.store.settings import EngineSettings
from cxroi.store.versions import derived, spare
from cxroi.store.versions.draft import UNFINISHED, Draft, Part
from cxroi.store.versions.forget import JOURNAL, Forgetting, OldComments, OneCustomer, Receipt, mentions, write_journal
from cxroi.store.versions.forget import finish as finish_forgetting
from cxroi.store.versions.version import Version, read_version
from cxroi.tables import TABLES

NOTHING_YET = "none"  # in the place of a version's id, where there is none
POINTER = "CURRENT"
_ASIDE = "damaged"
Mode = Literal["replace", "append"]


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Something in a workspace that is not as it was published; `id` is worded under `store.damage.*`."""

    id: str
    version: str
    files: str = ""


@dataclass(frozen=True, kw_only=True)
class TableDifference:
    """How one table differs between two versions; None where the table is not there. Sums are exact decimal text."""

    table: str
    rows_before: int | None
    rows_after: int | None
    sums_before: Mapping[str, str]
    sums_after: Mapping[str, str]
    same_bytes: bool


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One company's data. Any number may read at once; one writes, and the others wait or are told."""

    folder: Path
    wait_seconds: float = 30.0

    @classmethod
    def open(cls, folder: Path, *, wait_seconds: float = 30.0) -> Workspace:
        """Open the workspace in `folder`, made for its owner alone when it is new."""
        workspace = cls(folder=Path(folder).absolute(), wait_seconds=wait_seconds)
        if not (workspace.folder / POINTER).exists():
            workspace._lay_out()
        if (workspace.folder / JOURNAL).exists():
            with workspace.writing():
                workspace._current_for_writing()
        workspace._sweep()
        return workspace

    @classmethod
    def is_begun(cls, folder: Path) -> bool:
        """Return whether `folder` was ever opened as a workspace; looking leaves nothing in it."""
        return any((folder / name).exists() for name in (POINTER, "snapshots"))

    def current(self) -> Version | None:
        """Return the current version, None before the first load.

        Raises StoreError when the pointer or the version it names is damaged; `repair` goes back to the last good one.
        """
        try:
            id = (self.folder / POINTER).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            id = ""
        if id == NOTHING_YET:
            return None
        if id not in self.ids():
            raise StoreError("store.pointer_damaged")
        return read_version(self.snapshots / id)

    def versions(self) -> tuple[Version, ...]:
        """Return every readable version up to the current one, newest first. A damaged one is left to `check`."""
        current = self.current()
        return tuple(v for v in self._readable() if current is not None and v.number <= current.number)

    def version(self, id: str) -> Version:
        """Return the version called `id`, or the one with that number."""
        for version in self.versions():
            if id in (version.id, str(version.number)):
                return version
        raise StoreError("store.no_such_version", version=id)

    def publish(
        self,
        staged: Mapping[str, Path],
        *,
        sources: Mapping[str, Mapping[str, Any]],
        mode: Mode = "replace",
        who: str = "",
        illustrative: bool = False,
        rejects: Mapping[str, Path] | None = None,
        onto: str | None = None,
    ) -> Version:
        """Publish one file a table, each given by the table's name; see `publish_parts`."""
        kept_out = rejects or {}
        parts = [
            Part(table=n, parquet=p, source=sources.get(n, {}), rejects=kept_out.get(n)) for n, p in staged.items()
        ]
        return self.publish_parts(parts, mode=mode, who=who, illustrative=illustrative, onto=onto)

    def publish_parts(
        self,
        parts: Sequence[Part],
        *,
        mode: Mode = "replace",
        who: str = "",
        illustrative: bool = False,
        onto: str | None = None,
    ) -> Version:
        """Make these files one new current version and return it; a table of which there is none is carried over.

        Parameters
        ----------
        parts : files in the order in which their rows follow each other; several may be of one table
        mode : "replace" the tables, or "append" to them
        illustrative : True for sample data; the first load of real data leaves all sample tables behind
        onto : the version the caller looked at (NOTHING_YET: none); when another has become current meanwhile, StoreError is raised
        """
        with self.writing():
            current = self._current_for_writing()
            if onto is not None and onto != (current.id if current else NOTHING_YET):
                raise StoreError("store.changed_meanwhile")
            kept = {} if current is None or (current.illustrative and not illustrative) else dict(current.tables)
            given = {part.table for part in parts}
            if unknown := given - TABLES.keys():
                raise StoreError("store.unknown_table", table=min(unknown), tables=", ".join(TABLES))
            with Draft(self.snapshots) as draft:
                for name, table in kept.items():
                    if name not in given or mode == "append":
                        draft.carry_over(name, table)
                for part in parts:
                    draft.add(part, link=part.parquet.absolute().is_relative_to(self.folder))
                return self._finish(draft, current, who=who, illustrative=illustrative)

    def restore(self, version_id: str, *, who: str = "") -> Version:
        """Make an earlier version current again, as a new version with the same bytes."""
        with self.writing():
            current, wanted = self._current_for_writing(), self.version(version_id)
            wanted.ensure_whole()
            with Draft(self.snapshots) as draft:
                for name, table in wanted.tables.items():
                    draft.carry_over(name, table)
                return self._finish(draft, current, who=who, illustrative=wanted.illustrative, restored=wanted.id)

    def repair(self) -> Version:
        """Mend what can be mended from the second copy, make the newest version whose every byte is right current, and return it.

        Newer versions that stay damaged are set aside (see `given_up`); a broken small state comes back from its copy. Raises
        StoreError where no version is whole; then only `start_empty` leads on.
        """
        self._sweep()
        with self.writing():
            spare.mend(self.folder, self.ids())
            good = next((version for version in self._readable() if not version.damage()), None)
            if good is None:
                raise StoreError("store.nothing_whole")
            for id in [id for id in self.ids() if id > good.id]:
                _set_aside(self.snapshots / id)
            swap(self.folder / POINTER, good.id.encode())
            mend_state(self.folder, good.folder)
            spare.keep(self.folder, good)
            return good

    def given_up(self) -> tuple[str, ...]:
        """Return the ids of versions that could not be mended and were set aside, oldest first."""
        folder = self.folder / _ASIDE
        return tuple(sorted(entry.name for entry in folder.iterdir())) if folder.is_dir() else ()

    def start_empty(self) -> tuple[str, ...]:
        """Set every version aside, whole or not, and begin without data; settings stay. Return the ids that were set aside."""
        with self.writing():
            gone = tuple(self.ids())
            for id in gone:
                _set_aside(self.snapshots / id)
            self.snapshots.mkdir(mode=0o700, exist_ok=True)
            swap(self.folder / POINTER, NOTHING_YET.encode())
            return gone

    def delete(self, version_id: str) -> str:
        """Remove a version that is not current and return its id; its bytes are gone unless another version holds the same file.

        One that cannot be read can be removed as well, by its id or number.
        """
        with self.writing():
            current = self._current_for_writing()
            named = [id for id in self.ids() if version_id in (id, str(_number_of(id)))]
            doomed = named[0] if named else self.version(version_id).id
            if current is not None and doomed == current.id:
                raise StoreError("store.delete_current", version=current.number)
            remove(self.snapshots / doomed)
            derived.sweep(self.folder)
            return doomed

    def forget_customer(self, customer_id: str) -> Receipt:
        """Remove one customer's rows from every version, with the bytes, and return a receipt that does not name them.

        Versions keep their numbers and get new ids. Uploads that lie in quarantine are removed as well. Raises StoreError,
        and removes nothing, where nobody has this number, or a version is damaged: what it holds cannot be known.
        """
        with self.writing():
            self._current_for_writing()
            versions, customer = self.whole_versions("store.forget_unreadable"), OneCustomer(id=customer_id)
            forgetting = Forgetting(self.folder, customer)
            plan = forgetting.prepare(versions)
            if not plan:
                raise customer.unknown(versions)
            left = mentions(forgetting.left, customer_id)
            self._put_in_place(plan)
            return forgetting.receipt(plan, left)

    def forget_comments(self, before: date) -> Receipt:
        """Empty what customers wrote before a day, in every version, with the bytes; their answers stay.

        Versions that hold such comments keep their numbers and get new ids; nothing is changed where none does. Raises StoreError where a
        version is damaged.
        """
        with self.writing():
            self._current_for_writing()
            forgetting = Forgetting(self.folder, OldComments(before=before))
            plan = forgetting.prepare(self.whole_versions("store.forget_unreadable"))
            if plan:
                self._put_in_place(plan)
            return forgetting.receipt(plan)

    def _put_in_place(self, plan: Mapping[str, tuple[str, str]]) -> None:
        write_journal(self.folder, plan)
        finish_forgetting(self.folder, self.folder / POINTER)
        keep_copy(self.folder)
        spare.keep(self.folder, self.current())

    def whole_versions(self, refusal: str) -> tuple[Version, ...]:
        """Return every version; raises StoreError `refusal` where one is damaged: what it holds of a customer cannot be known."""
        if unsure := self._not_whole():
            raise StoreError(refusal, versions=", ".join(unsure), version=unsure[0])
        return tuple(self._readable())

    def _not_whole(self) -> list[str]:
        """Return the ids of versions that cannot be read, or not to the last byte."""
        whole = {version.id for version in self._readable() if not version.damage()}
        return [id for id in self.ids() if id not in whole]

    def compare(self, before: str, after: str) -> tuple[TableDifference, ...]:
        """Return how each table differs between two versions, by name."""
        old, new = self.version(before).tables, self.version(after).tables
        return tuple(
            TableDifference(
                table=name,
                rows_before=old[name].rows if name in old else None,
                rows_after=new[name].rows if name in new else None,
                sums_before=old[name].sums if name in old else {},
                sums_after=new[name].sums if name in new else {},
                same_bytes=name in old and name in new and old[name].sha256 == new[name].sha256,
            )
            for name in sorted({*old, *new})
        )

    def has_source(self, sha256: str) -> tuple[str, ...]:
        """Return the tables of the current version that hold rows of the file with this content, if any; damaged ones hold none."""
        current = self.current()
        return tuple(
            name
            for name, table in (current.whole_tables() if current else {}).items()
            if any(source.get("sha256") == sha256 for source in table.sources)
        )

    def quarantine(self) -> Path:
        """Return a new empty folder, for its owner alone, for an upload on its way in; the caller removes it.

        If this process dies before that, whoever opens the workspace next does.
        """
        with said_plainly():
            folder = self.folder / "quarantine" / f"{token_of_process(self.folder)}-{secrets.token_hex(8)}"
            folder.mkdir(mode=0o700, parents=True)
        return folder

    def check(self) -> tuple[Damage, ...]:
        """Return everything that is damaged: pointer, manifests, and every byte of every version."""
        found = []
        try:
            self.current()
        except StoreError as error:
            found.append(Damage(id="store.damage.pointer", version=str(error.facts.get("version", ""))))
        for id in self.ids():
            try:
                files = ", ".join(read_version(self.snapshots / id).damage())
            except StoreError as error:
                files = str(error.facts.get("files", ""))
            if files:
                found.append(Damage(id="store.damage.version", version=id, files=files))
        return tuple(found)

    @property
    def snapshots(self) -> Path:
        """Return the folder of the versions."""
        return self.folder / "snapshots"

    def _lay_out(self) -> None:
        with said_plainly():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.writing():
            for name in ("snapshots", "quarantine"):
                (self.folder / name).mkdir(mode=0o700, exist_ok=True)
            if not (self.folder / POINTER).exists() and not self.ids():
                swap(self.folder / POINTER, NOTHING_YET.encode())

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one who writes: what lies in the workspace is its owner's alone afterwards, also what came with wider rights."""
        with said_plainly(), locked(self.folder / "writer.lock", seconds=self.wait_seconds):
            try:
                yield
            finally:
                tighten(self.folder)

    def _sweep(self) -> None:
        """Remove what processes that died left behind, uploads and spilled rows alike, and dropped files that waited too long."""
        chosen = EngineSettings.of_environment().spill_folder
        sweep(self.folder, (self.folder / "quarantine", spill_folder(self.folder, chosen)))
        self._sweep_drafts()
        sweep_waiting(self.folder)
        derived.sweep(self.folder)

    def _sweep_drafts(self) -> None:
        """Remove versions that were never finished, unless somebody writes right now; those of a forgetting are still wanted."""
        if not any(entry.name.startswith(UNFINISHED) for entry in self._entries()):
            return
        with suppress(OSError, StoreError), locked(self.folder / "writer.lock", seconds=0):
            if not (self.folder / JOURNAL).exists():
                for entry in self._entries():
                    if entry.name.startswith(UNFINISHED):
                        shutil.rmtree(entry, ignore_errors=True)

    def _entries(self) -> list[Path]:
        return list(self.snapshots.iterdir()) if self.snapshots.is_dir() else []

    def ids(self) -> list[str]:
        """Return the ids of all versions that lie here, damaged ones too, newest first."""
        return sorted((e.name for e in self._entries() if not e.name.startswith(".")), reverse=True)

    def _readable(self) -> list[Version]:
        found = []
        for id in self.ids():
            try:
                found.append(read_version(self.snapshots / id))
            except StoreError:
                continue
        return found

    def _current_for_writing(self) -> Version | None:
        """Return the current version after sweeping what crashes left; versions that never became current go too."""
        interrupted = (self.folder / JOURNAL).exists()
        finish_forgetting(self.folder, self.folder / POINTER)
        current = self.current()
        if interrupted:
            spare.keep(self.folder, current)
        for entry in self._entries():
            number = entry.name.partition("-")[0]
            unacknowledged = number.isdecimal() and int(number) > (current.number if current else 0)
            if entry.name.startswith(UNFINISHED) or unacknowledged:
                shutil.rmtree(entry, ignore_errors=True)
        for pointer in self.folder.glob(f".{POINTER}-*"):  # one that was written and not swapped in
            pointer.unlink(missing_ok=True)
        return current

    def _finish(self, draft: Draft, current: Version | None, *, who: str, illustrative: bool, **more: str) -> Version:
        facts = {
            "number": max([current.number if current else 0, *map(_number_of, self.given_up())]) + 1,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "who": who,
            "parent": current.id if current else None,
            "illustrative": illustrative,
            **more,
        }
        folder = draft.seal(facts)
        swap(self.folder / POINTER, folder.name.encode())
        keep_copy(self.folder)
        version = read_version(folder)
        spare.keep(self.folder, version)
        return version


def _number_of(id: str) -> int:
    """Return the number of a version, 0 for what is no id of one."""
    number = id.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _set_aside(version: Path) -> None:
    """Move a version to those that were given up; nothing of it is removed."""
    folder = version.parents[1] / _ASIDE
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / version.name
    if target.exists():
        target = folder / f"{version.name}-{secrets.token_hex(4)}"
    version.rename(target)
    flush(folder)
