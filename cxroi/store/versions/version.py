"""One version of the data: a folder of Parquet that is never changed, and a manifest whose hash is part of its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cxroi.errors import StoreError
from cxroi.store.files.durable import sha256, write

MANIFEST = "manifest.json"
SCHEMA = 1
_known_whole: dict[tuple[str, str, int, int, int], bool] = {}


@dataclass(frozen=True, kw_only=True)
class KeptOut:
    """The rows of one loaded file that were kept out, as CSV with their reasons; `file` is its name as it was given."""

    path: Path
    file: str


@dataclass(frozen=True, kw_only=True)
class TableVersion:
    """One table of a version. `sums` holds the exact total of each money column as decimal text.

    `sources` tell where the rows came from (file name as given, sha256, sheet, when, who and what was rejected);
    `rejects` are the rows kept out, with their reasons, as CSV.
    """

    rows: int
    files: tuple[Path, ...]
    sha256: tuple[str, ...]
    sums: Mapping[str, str]
    sources: tuple[Mapping[str, Any], ...]
    rejects: tuple[Path, ...] = ()
    rejects_sha256: tuple[str, ...] = ()

    def kept_out(self) -> tuple[KeptOut, ...]:
        """Return each file of rows kept out with the name of the file they came from, in the order of loading."""
        found = []
        for path in self.rejects:
            place = int(path.name.split("-")[1])  # orders-0002-rejects.csv: of the third file in the table
            source = self.sources[place] if place < len(self.sources) else {}
            found.append(KeptOut(path=path, file=str(source.get("file") or path.name)))
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Version:
    """An immutable version; two are the same when their ids are."""

    id: str
    number: int = field(compare=False)
    created_at: datetime = field(compare=False)
    who: str = field(compare=False)
    parent: str | None = field(compare=False)
    illustrative: bool = field(compare=False)
    folder: Path = field(compare=False)
    tables: Mapping[str, TableVersion] = field(compare=False)

    def pieces(self) -> Iterator[tuple[Path, str]]:
        """Yield every file of this version with the hash of its bytes."""
        for table in self.tables.values():
            yield from zip(table.files + table.rejects, table.sha256 + table.rejects_sha256, strict=True)

    def damage(self) -> tuple[str, ...]:
        """Return the names of files that are missing or whose bytes are not those that were published."""
        return tuple(path.name for path, digest in self.pieces() if not is_whole(path, digest))

    def whole_tables(self) -> dict[str, TableVersion]:
        """Return the tables of which every byte is as it was published."""
        damaged = set(self.damage())
        names = {name: {p.name for p in table.files + table.rejects} for name, table in self.tables.items()}
        return {name: table for name, table in self.tables.items() if not names[name] & damaged}

    def ensure_whole(self) -> None:
        """Raise StoreError when any byte of this version has changed."""
        if damaged := self.damage():
            raise StoreError("store.version_damaged", version=self.id, files=", ".join(damaged))


def is_whole(path: Path, digest: str) -> bool:
    """Return whether a file is there with the bytes of this digest; what was found right is not read again until it changes."""
    try:
        stat = path.stat()
        key = (str(path), digest, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        if key not in _known_whole:
            if sha256(path) != digest:
                return False
            if len(_known_whole) > 10_000:
                _known_whole.clear()
            _known_whole[key] = True
    except OSError:
        return False
    return True


def manifest_bytes(version_facts: Mapping[str, Any], tables: Mapping[str, TableVersion]) -> bytes:
    """Return the manifest of a version as JSON, the same bytes for the same facts."""
    described = {
        name: {
            "rows": table.rows,
            "sums": dict(table.sums),
            "files": [[path.name, digest] for path, digest in zip(table.files, table.sha256, strict=True)],
            "rejects": [[path.name, digest] for path, digest in zip(table.rejects, table.rejects_sha256, strict=True)],
            "sources": [dict(source) for source in table.sources],
        }
        for name, table in tables.items()
    }
    content = {"schema": SCHEMA, **version_facts, "tables": described}
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def version_id(number: int, manifest: bytes) -> str:
    """Return the name of a version: its number, then the hash of its manifest, so that any change is noticed."""
    return f"{number:06d}-{hashlib.sha256(manifest).hexdigest()[:16]}"


def write_manifest(folder: Path, facts: Mapping[str, Any], tables: Mapping[str, TableVersion]) -> str:
    """Write the manifest into `folder` and return the id that the folder must be named."""
    manifest = manifest_bytes(facts, tables)
    write(folder / MANIFEST, manifest)
    return version_id(int(facts["number"]), manifest)


def read_version(folder: Path) -> Version:
    """Read a version's manifest, or raise StoreError when the manifest is missing, changed or from a newer program."""
    try:
        manifest = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise StoreError("store.version_damaged", version=folder.name, files=MANIFEST) from error
    number = folder.name.partition("-")[0]
    if not number.isdecimal() or folder.name != version_id(int(number), manifest):
        raise StoreError("store.version_damaged", version=folder.name, files=MANIFEST)
    content = json.loads(manifest)
    if content["schema"] > SCHEMA:
        raise StoreError("store.version_newer", version=folder.name)
    return Version(
        id=folder.name,
        number=content["number"],
        created_at=datetime.fromisoformat(content["created_at"]),
        who=content["who"],
        parent=content["parent"],
        illustrative=content["illustrative"],
        folder=folder,
        tables={name: _read_table(folder, table) for name, table in content["tables"].items()},
    )


def _read_table(folder: Path, described: Mapping[str, Any]) -> TableVersion:
    return TableVersion(
        rows=described["rows"],
        sums=described["sums"],
        files=tuple(folder / name for name, _ in described["files"]),
        sha256=tuple(digest for _, digest in described["files"]),
        rejects=tuple(folder / name for name, _ in described["rejects"]),
        rejects_sha256=tuple(digest for _, digest in described["rejects"]),
        sources=tuple(described["sources"]),
    )
