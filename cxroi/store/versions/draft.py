"""A version while it is being written: in a folder of its own, read back, flushed, and named last."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from cxroi.errors import StoreError
from cxroi.store.files.durable import flush, place, sha256
from cxroi.store.files.parquet import measure, overlap
from cxroi.store.versions.version import TableVersion, is_whole, write_manifest
from cxroi.tables import TABLES

UNFINISHED = (".new-", ".gone-")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of canonical typed Parquet on its way into a version.

    `source` tells where the rows came from: `sha256` is used to know the file again, `currency` by the panel, and `rows`
    and `sums` ({money column: exact decimal text}), where given, must be what is read back. `rejects` are the rows kept
    out with their reasons, as CSV.
    """

    table: str
    parquet: Path
    source: Mapping[str, Any] = field(default_factory=dict)
    rejects: Path | None = None


class Draft:
    """A version being written in a folder of its own; leaving the block early removes it."""

    def __init__(self, snapshots: Path) -> None:
        self._snapshots = snapshots
        self.folder = snapshots / f".new-{secrets.token_hex(8)}"
        self._tables: dict[str, TableVersion] = {}
        self._cleanup = ExitStack()

    def __enter__(self) -> Draft:
        self.folder.mkdir(mode=0o700)
        self._cleanup.callback(shutil.rmtree, self.folder, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def carry_over(self, name: str, table: TableVersion) -> None:
        """Take a table of an earlier version as it is."""
        kept = (*zip(table.files, table.sha256, strict=True), *zip(table.rejects, table.rejects_sha256, strict=True))
        for path, digest in kept:
            if not is_whole(path, digest):  # a damaged file is never carried on
                raise StoreError("store.version_damaged", version=path.parent.name, files=path.name)
            place(path, self.folder / path.name, link=True)
            if not path.samefile(self.folder / path.name) and sha256(self.folder / path.name) != digest:
                raise StoreError("store.version_damaged", version=path.parent.name, files=path.name)
        self._tables[name] = _moved(table, self.folder)

    def add(self, part: Part, *, link: bool) -> None:
        """Add a staged file to a table, read it back and compare it with what its source says."""
        name, parquet, source, rejects = part.table, part.parquet, part.source, part.rejects
        before = self._tables.get(name, TableVersion(rows=0, files=(), sha256=(), sums={}, sources=()))
        target = self.folder / f"{name}-{len(before.files):04d}.parquet"
        place(parquet, target, link=link)
        digest = sha256(target)
        if not parquet.samefile(target) and digest != sha256(parquet):
            raise StoreError("store.read_back_differs", table=name)
        rows, sums = measure([target], TABLES[name])
        expected = source.get("sums", {})
        if rows != source.get("rows", rows) or any(
            Decimal(expected[column]) != Decimal(sums.get(column, "0")) for column in expected
        ):
            raise StoreError("store.read_back_differs", table=name)
        if before.files and (twice := overlap(before.files, target, TABLES[name])):
            raise StoreError("store.append_overlaps", table=name, rows=twice, key=", ".join(TABLES[name].key))
        kept_out: Sequence[Path] = ()
        if rejects is not None:
            kept_out = [self.folder / f"{name}-{len(before.files):04d}-rejects.csv"]
            place(rejects, kept_out[0], link=link)
        files = (*before.files, target)
        rows, sums = measure(files, TABLES[name]) if before.files else (rows, sums)
        self._tables[name] = TableVersion(
            rows=rows,
            files=files,
            sha256=(*before.sha256, digest),
            sums=sums,
            sources=(*before.sources, dict(source)),
            rejects=(*before.rejects, *kept_out),
            rejects_sha256=(*before.rejects_sha256, *map(sha256, kept_out)),
        )

    def take(self, name: str, table: TableVersion) -> None:
        """Take a table whose files lie in this draft already."""
        self._tables[name] = table

    def finish(self, facts: Mapping[str, Any]) -> str:
        """Write the manifest, flush everything, and return the id that the folder is to be named."""
        for table in self._tables.values():
            for path in table.files + table.rejects:
                flush(path)
        id = write_manifest(self.folder, facts, self._tables)
        flush(self.folder)
        self._cleanup.pop_all()
        return id

    def seal(self, facts: Mapping[str, Any]) -> Path:
        """Finish the draft and give its folder the final name, which is returned."""
        id = self.finish(facts)
        self.folder.rename(self._snapshots / id)
        flush(self._snapshots)
        return self._snapshots / id


def _moved(table: TableVersion, folder: Path) -> TableVersion:
    return TableVersion(
        rows=table.rows,
        files=tuple(folder / path.name for path in table.files),
        sha256=table.sha256,
        sums=table.sums,
        sources=table.sources,
        rejects=tuple(folder / path.name for path in table.rejects),
        rejects_sha256=table.rejects_sha256,
    )
