"""To forget: every version is written again without a customer, or without comments of long ago, the old bytes are removed, and a receipt says so.

The rewritten versions are finished beside the old ones first. Then a journal names which takes whose place; from that
moment on a crash can only delay the change: whoever opens the workspace next finishes it.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

from cxroi.errors import StoreError
from cxroi.store.files.access import for_owner
from cxroi.store.files.durable import flush, place, remove, sha256, swap, write
from cxroi.store.files.parquet import copy_without, copy_without_comments, measure, naming, written_otherwise
from cxroi.store.files.waiting import remove_all
from cxroi.store.versions.draft import Draft
from cxroi.store.versions.version import MANIFEST, TableVersion, Version
from cxroi.tables import TABLES, Kind

JOURNAL = "REPLACING"
HELD_ELSEWHERE = (
    "spill",
    "spare",
    "derived",
    "damaged",
)  # folders that may hold the customer too; what cannot be read cannot be searched


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was removed: rows by table, counted once per distinct file, and the versions that took the place of others.

    `kept_out_removed` counts rows that had been put aside; `mentions` the rows that stay and name the customer in a text,
    by "table.column", by "table" for those put aside.
    """

    at: datetime
    rows_removed: Mapping[str, int]
    versions_replaced: Mapping[str, str]
    kept_out_removed: int
    mentions: Mapping[str, int]


class Doomed(Protocol):
    """What is to be forgotten. Both functions return how many rows of a file that touches, and write the file without it where a target is given."""

    def is_in(self, table: str) -> bool:
        """Return whether rows of a table can hold it."""

    def in_rows(self, path: Path, target: Path | None) -> int: ...

    def in_rejects(self, table: str, path: Path, target: Path | None, put_aside_on: date) -> int: ...


@dataclass(frozen=True, kw_only=True)
class OneCustomer:
    """Every row of one customer."""

    id: str

    def is_in(self, table: str) -> bool:
        """Return whether the rows of a table are of customers by their number."""
        return keyed(table)

    def in_rows(self, path: Path, target: Path | None) -> int:
        """Take out the rows of the customer."""
        return copy_without(path, target, self.id)

    def in_rejects(self, table: str, path: Path, target: Path | None, put_aside_on: date) -> int:
        """Take out the rows in which any cell is the customer's number."""
        return _copy_rejects(path, target, lambda place, row: not _is_about(row, self.id))

    def unknown(self, versions: Sequence[Version]) -> StoreError:
        """Return the refusal of a number that nobody has, with a number that only its letters' case tells from it."""
        for name, table in distinct(item for version in versions for item in version.tables.items()):
            if keyed(name) and (near := written_otherwise(table.files, "customer_id", self.id)):
                return StoreError("store.nobody_written_otherwise", near=near)
        return StoreError("store.nobody")


@dataclass(frozen=True, kw_only=True)
class OldComments:
    """What customers wrote before a day; their answers stay."""

    before: date

    def is_in(self, table: str) -> bool:
        """Return whether the rows of a table may hold what a customer wrote."""
        return table == "surveys"

    def in_rows(self, path: Path, target: Path | None) -> int:
        """Empty the comments of answers before the day."""
        return copy_without_comments(path, target, self.before)

    def in_rejects(self, table: str, path: Path, target: Path | None, put_aside_on: date) -> int:
        """Take out all rows of answers that were put aside before the day: which of their cells is a comment is not known."""
        is_old = table == "surveys" and put_aside_on < self.before
        return _copy_rejects(path, target, lambda place, row: place == 0 or not is_old)


class Forgetting:
    """The rewriting of all versions without what is to be forgotten; a file that several versions share is rewritten once."""

    def __init__(self, folder: Path, doomed: Doomed) -> None:
        self._doomed = doomed
        self._snapshots = folder / "snapshots"
        self._rewritten: dict[str, Path] = {}
        self._rows: dict[str, int] = {}
        self._kept_out: dict[str, int] = {}  # rows removed, by the hash of the file that held them
        self.left: list[tuple[str, TableVersion]] = []  # the tables of all versions as they are after it

    def prepare(self, versions: tuple[Version, ...]) -> dict[str, tuple[str, str]]:
        """Write the affected versions again, oldest first; return {draft folder: (new id, old id)}, nothing where none holds it."""
        plan: dict[str, tuple[str, str]] = {}
        renamed: dict[str, str] = {}
        affected = [version for version in versions if self._is_in(version)]
        self.left = [table for version in versions if version not in affected for table in version.tables.items()]
        for version in sorted(affected, key=lambda v: v.number):
            with Draft(self._snapshots) as draft:
                for name, table in version.tables.items():
                    kept = self._without(name, table, draft.folder, version.created_at.date())
                    draft.take(name, kept)
                    self.left.append((name, kept))
                facts = json.loads((version.folder / MANIFEST).read_bytes())
                facts = {key: value for key, value in facts.items() if key not in ("schema", "tables")}
                facts["parent"] = renamed.get(facts["parent"], facts["parent"])
                renamed[version.id] = draft.finish(facts)
                plan[draft.folder.name] = (renamed[version.id], version.id)
        return plan

    def receipt(self, plan: Mapping[str, tuple[str, str]], mentions: Mapping[str, int] | None = None) -> Receipt:
        """Return what was done, without naming anybody."""
        return Receipt(
            at=datetime.now(UTC),
            rows_removed=dict(self._rows),
            versions_replaced={old: new for new, old in plan.values()},
            kept_out_removed=sum(self._kept_out.values()),
            mentions=mentions or {},
        )

    def _is_in(self, version: Version) -> bool:
        day, doomed = version.created_at.date(), self._doomed
        return any(
            any(doomed.in_rejects(name, path, None, day) for path in table.rejects)
            or (doomed.is_in(name) and any(doomed.in_rows(path, None) for path in table.files))
            for name, table in version.tables.items()
        )

    def _without(self, name: str, table: TableVersion, folder: Path, put_aside_on: date) -> TableVersion:
        files = tuple(
            self._rewrite(name, path, digest, folder) for path, digest in zip(table.files, table.sha256, strict=True)
        )
        rejects = tuple(folder / path.name for path in table.rejects)
        for path, digest, target in zip(table.rejects, table.rejects_sha256, rejects, strict=True):
            self._kept_out[digest] = self._doomed.in_rejects(name, path, target, put_aside_on)
        rows, sums = measure(files, TABLES[name])
        return replace(
            table,
            rows=rows,
            sums=sums,
            files=files,
            sha256=tuple(map(sha256, files)),
            rejects=rejects,
            rejects_sha256=tuple(map(sha256, rejects)),
        )

    def _rewrite(self, name: str, path: Path, digest: str, folder: Path) -> Path:
        target = folder / path.name
        if digest in self._rewritten or not self._doomed.is_in(name):
            place(self._rewritten.get(digest, path), target, link=True)
            return target
        removed = self._doomed.in_rows(path, target)
        self._rows[name] = self._rows.get(name, 0) + removed
        self._rewritten[digest] = target
        return target


def write_journal(folder: Path, plan: Mapping[str, tuple[str, str]]) -> None:
    """Decide: from here on the new versions take the place of the old ones, whatever happens."""
    write(folder / JOURNAL, json.dumps(plan).encode())
    flush(folder)


def finish(folder: Path, pointer: Path) -> None:
    """Carry out what the journal says, or what is left of it."""
    journal, snapshots = folder / JOURNAL, folder / "snapshots"
    if not journal.exists():
        return
    plan: dict[str, Any] = json.loads(journal.read_bytes())
    for draft, (new, _) in plan.items():
        if (snapshots / draft).exists():
            (snapshots / draft).rename(snapshots / new)
    flush(snapshots)
    current = pointer.read_text(encoding="ascii").strip()
    for new, old in plan.values():
        if old == current:
            swap(pointer, new.encode())
    for _, old in plan.values():
        remove(snapshots / old)
    for leftover in (*(folder / "quarantine").iterdir(), *(folder / name for name in HELD_ELSEWHERE)):
        shutil.rmtree(leftover, ignore_errors=True)
    remove_all(folder)
    journal.unlink()
    flush(folder)


def rejected_rows(path: Path, customer: str) -> list[list[str]]:
    """Return the rows of a file of rows put aside that are about a customer."""
    return [row for row in _rows_of(path) if _is_about(row, customer)]


def _copy_rejects(path: Path, target: Path | None, stays: Callable[[int, list[str]], bool]) -> int:
    """Copy the rows that stay, told by their place and cells, where a target is given; return how many do not."""
    rows = _rows_of(path)
    kept = [row for place, row in enumerate(rows) if stays(place, row)]
    if target is not None:
        with open(target, "x", newline="", encoding="utf-8", opener=for_owner) as file:
            csv.writer(file).writerows(kept)
    return len(rows) - len(kept)


def _rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def keyed(table: str) -> bool:
    """Return whether the rows of a table are of customers by their number."""
    return "customer_id" in {column.name for column in TABLES[table].columns}


def distinct(tables: Iterable[tuple[str, TableVersion]]) -> Iterator[tuple[str, TableVersion]]:
    """Yield tables by name with those of their files that none before had; versions share what did not change."""
    seen: set[str] = set()
    for name, table in tables:
        files = zip(table.files, table.sha256, strict=True)
        new = {digest: path for path, digest in files if digest not in seen}
        rejects = zip(table.rejects, table.rejects_sha256, strict=True)
        aside = {digest: path for path, digest in rejects if digest not in seen}
        seen.update(new, aside)
        yield name, replace(table, files=tuple(new.values()), rejects=tuple(aside.values()))


def mentions(tables: Iterable[tuple[str, TableVersion]], customer: str) -> dict[str, int]:
    """Return how many rows name a customer in a text, by "table.column", and by "table" for rows that were put aside."""
    found: Counter[str] = Counter()
    for name, table in distinct(tables):
        texts = [column.name for column in TABLES[name].columns if column.kind is Kind.TEXT]
        for path in table.files:
            found.update({f"{name}.{column}": rows for column, rows in naming(path, texts, customer).items()})
        word = re.compile(rf"(?<!\w){re.escape(customer)}(?!\w)", re.IGNORECASE)
        found[name] += sum(any(map(word.search, row)) for path in table.rejects for row in _rows_of(path))
    return {place: rows for place, rows in sorted(found.items()) if rows}


def _is_about(row: list[str], customer: str) -> bool:
    return any(field.strip() == customer for field in row)
