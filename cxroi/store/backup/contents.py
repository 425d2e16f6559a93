"""What a backup says of itself: its versions, the trail, and every file with its place, hash and size.

<backup>.zip/contents.json    this, readable without unpacking anything else
<backup>.zip/bytes/000001     the bytes of each distinct file; places are named in contents.json alone
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cxroi.errors import StoreError

FORMAT = 1
CONTENTS = "contents.json"
MOST_CONTENTS = 64 << 20  # bytes of contents.json; ten thousand versions take a tenth of it
_PLACE = re.compile(
    r"[a-z_]+\.sqlite|presets/[^/\\:\x00-\x1f]{1,200}\.toml|snapshots/\d{6,9}-[0-9a-f]{16}/[A-Za-z0-9_-]{1,100}\.(?:parquet|csv|json)",
    re.ASCII,
)
_ENTRY = re.compile(r"bytes/\d{6,9}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class HeldFile:
    """One file of a backup: the hash and size of its bytes, and the entry of the archive that holds them."""

    sha256: str
    size: int
    entry: str


@dataclass(frozen=True, kw_only=True)
class HeldVersion:
    """One version of the data in a backup; `tables` are rows by name."""

    id: str
    number: int
    created_at: str
    illustrative: bool
    tables: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a backup holds. `left_out` are versions that were damaged already when it was made."""

    program: str
    made_at: datetime
    current: str
    versions: tuple[HeldVersion, ...]  # newest first
    left_out: tuple[str, ...]
    audit_lines: int
    audit_hash: str
    audit_whole: bool
    files: Mapping[str, HeldFile] = field(repr=False)

    @property
    def size(self) -> int:
        """Return the bytes of all distinct files."""
        return sum({one.entry: one.size for one in self.files.values()}.values())

    def to_bytes(self) -> bytes:
        """Return the contents as they are written."""
        said = {"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat(timespec="seconds")}
        return json.dumps(said, ensure_ascii=False, indent=1).encode()


def contents_of(written: bytes) -> Contents:
    """Return what `to_bytes` wrote; raises StoreError for what a newer program wrote, what is no account of a backup, and hostile places."""
    try:
        said = json.loads(written)
        if int(said["format"]) > FORMAT:
            raise StoreError("backup.newer")
        files = {str(place): HeldFile(**one) for place, one in said["files"].items()}
        versions = tuple(HeldVersion(**one) for one in said["versions"])
        known = Contents(
            program=str(said["program"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            current=str(said["current"]),
            versions=versions,
            left_out=tuple(map(str, said["left_out"])),
            audit_lines=int(said["audit_lines"]),
            audit_hash=str(said["audit_hash"]),
            audit_whole=bool(said["audit_whole"]),
            files=files,
        )
        _ensure_meant(known)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StoreError("backup.unknown") from error
    return known


def _ensure_meant(contents: Contents) -> None:
    """Raise StoreError for a place outside a workspace's own, and ValueError for values that no backup of ours holds."""
    for place, one in contents.files.items():
        if not _PLACE.fullmatch(place):
            raise StoreError("backup.strange_place", place=place)
        if not _ENTRY.fullmatch(one.entry) or not _DIGEST.fullmatch(one.sha256) or type(one.size) is not int:
            raise ValueError(place)
    folders = {place.split("/")[1] for place in contents.files if place.startswith("snapshots/")}
    if folders != {one.id for one in contents.versions} or contents.current not in folders:
        raise ValueError(contents.current)


def plain(contents: Contents) -> dict[str, Any]:
    """Return what a backup holds as plain values, without its single files."""
    said = asdict(contents)
    files = said.pop("files")
    return {**said, "made_at": contents.made_at.isoformat(timespec="seconds"), "files": len(files)}
