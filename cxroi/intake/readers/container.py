"""Settle what an uploaded file really is by its first bytes, and refuse what could hurt a reader before one opens it."""

from __future__ import annotations

import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from cxroi.errors import UploadError

CHUNK = 1 << 20
MB = 1 << 20


class FileKind(StrEnum):
    """The kinds of file that have a reader."""

    DELIMITED = "delimited"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    HTML = "html"
    PARQUET = "parquet"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a file is read at most; the figures are those of docs/quality.md."""

    unpacked_bytes: int = 2048 * MB  # of a .gz or .zst
    unpacked_ratio: int = 100  # times the packed size, once beyond `ratio_from`; real tables pack 4 to 30 times
    ratio_from: int = 64 * MB
    workbook_bytes: int = 100 * MB  # of all parts of a workbook together
    zip_entries: int = 2_000
    columns: int = 500
    workbook_columns: int = 1_000
    workbook_rows: int = 1_048_576
    workbook_cells: int = 16_000_000  # of the rectangle that holds them, which is what a reader reserves
    line_bytes: int = MB


@dataclass(frozen=True, kw_only=True)
class Content:
    """A file that may be read: where its bytes are (unpacked where it was packed) and what kind they are."""

    path: Path
    kind: FileKind


EXTENSIONS: dict[str, tuple[FileKind, ...]] = {
    ".csv": (FileKind.DELIMITED,),
    ".tsv": (FileKind.DELIMITED,),
    ".tab": (FileKind.DELIMITED,),
    ".psv": (FileKind.DELIMITED,),
    ".txt": (FileKind.DELIMITED,),
    ".xlsx": (FileKind.XLSX,),
    ".xlsm": (FileKind.XLSX,),
    ".xlsb": (FileKind.XLSB,),
    ".xls": (FileKind.XLS, FileKind.HTML),  # many systems save a web page under this name
    ".ods": (FileKind.ODS,),
    ".html": (FileKind.HTML,),
    ".htm": (FileKind.HTML,),
    ".parquet": (FileKind.PARQUET,),
}
_PACKED = {".gz": b"\x1f\x8b", ".zst": b"\x28\xb5\x2f\xfd"}
_FOREIGN = {  # first bytes of what people send by mistake, in words that need no translation
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b\x08": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"SQLite": "SQLite",
    b"{\\rtf": "RTF",
    b"PARE": "Parquet",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
}
_JSON = re.compile(rb"[\[{]\s*[\"{\[\]}]")
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)


def open_content(path: Path, name: str, work: Path, limits: Limits) -> Content:
    """Return what is in the file at `path`, or refuse it.

    `name` is what the person called it; only its ending counts. A packed file is unpacked below `work`, counted.

    Raises UploadError: `upload.empty`, `reader.unsupported`, `reader.content_mismatch`, `reader.too_large_unpacked`,
    `reader.damaged`, `reader.password`, `reader.unsafe`.
    """
    suffixes = [suffix.lower() for suffix in PurePosixPath(name.replace("\\", "/")).suffixes]
    if suffixes and suffixes[-1] in _PACKED:
        path = _unpack(path, suffixes.pop(), work, limits)
        if suffixes and EXTENSIONS.get(suffixes[-1]) != (FileKind.DELIMITED,):
            raise UploadError("reader.packed_kind", kind=suffixes[-1])
    ending = suffixes[-1] if suffixes else ""
    if ending and ending not in EXTENSIONS:
        raise UploadError("reader.unsupported", found=ending[:12], known=", ".join(EXTENSIONS))
    found = _kind_of(path, limits)
    allowed = EXTENSIONS.get(ending, tuple(FileKind))
    if not isinstance(found, FileKind) or found not in allowed:
        raise UploadError("reader.content_mismatch", ending=ending or "-", found=_label(found))
    return Content(path=path, kind=found)


def _label(found: FileKind | str) -> str:
    return {FileKind.DELIMITED: "text"}.get(found, str(found).upper()) if isinstance(found, FileKind) else found


def _kind_of(path: Path, limits: Limits) -> FileKind | str:
    with path.open("rb") as file:
        head = file.read(8192)
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n") and path.stat().st_size <= len(head):
        raise UploadError("upload.empty")
    for magic, label in _FOREIGN.items():
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head):
            return label
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path, limits)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(path)
    if head.startswith(b"PAR1"):
        return FileKind.PARQUET
    text = (head.replace(b"\0", b"") if b"\0" in head[:64] else bare).lstrip(b"\xff\xfe\xfe\xff \t\r\n")
    if _JSON.match(text):
        return "JSON"
    if text.startswith(b"<"):
        return FileKind.HTML if _HTML.search(text) else "XML"
    return FileKind.DELIMITED


def _ole_kind(path: Path) -> FileKind | str:
    data = path.read_bytes() if path.stat().st_size <= 64 * MB else b""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UploadError("reader.password")
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return FileKind.XLS
    return "OLE"


def _zip_kind(path: Path, limits: Limits) -> FileKind | str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            kind = _office_kind(archive, names)
            if not isinstance(kind, FileKind):
                return kind
            if len(entries) > limits.zip_entries:
                raise UploadError("reader.too_many_entries", found=len(entries), limit=limits.zip_entries)
            if len(names) != len(entries) or any(stat.S_ISLNK(entry.external_attr >> 16) for entry in entries):
                raise UploadError("reader.unsafe")
            if any(entry.flag_bits & 1 for entry in entries):
                raise UploadError("reader.password")
            if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
                raise UploadError("reader.damaged")
            _count_unpacked(archive, entries, limits.workbook_bytes)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise UploadError("reader.damaged") from error


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> FileKind | str:
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        return FileKind.XLSB
    if "xl/workbook.xml" in lower or ("[content_types].xml" in lower and any(n.startswith("xl/") for n in lower)):
        return FileKind.XLSX
    if "mimetype" in names and "content.xml" in names:
        with archive.open("mimetype") as entry:
            if b"opendocument.spreadsheet" in entry.read(100):
                return FileKind.ODS
    return "ZIP"


def _count_unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limit: int) -> None:
    """Unpack every part without keeping it: sizes written in the file may lie, a wrong one ends in a bad checksum."""
    total = 0
    for entry in entries:
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        tail = b""
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                total += len(chunk)
                if total > limit:
                    raise UploadError("reader.too_large_unpacked", limit_mb=limit // MB)
                if is_xml:
                    plain = (tail + chunk).replace(b"\0", b"")
                    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
                        raise UploadError("reader.unsafe")
                    tail = chunk[-16:]


def _unpack(path: Path, suffix: str, work: Path, limits: Limits) -> Path:
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise UploadError("upload.empty")
    if not head.startswith(_PACKED[suffix]):
        raise UploadError("reader.content_mismatch", ending=suffix, found="text")
    target = work / "unpacked"
    written = 0
    most = min(limits.unpacked_bytes, max(limits.ratio_from, limits.unpacked_ratio * path.stat().st_size))
    try:
        with target.open("wb") as out:
            for chunk in _unpacked_chunks(path, suffix):
                written += len(chunk)
                if written > most:
                    raise UploadError("reader.too_large_unpacked", limit_mb=most // MB)
                out.write(chunk)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise UploadError("reader.damaged") from error
    return target


def _unpacked_chunks(path: Path, suffix: str) -> Iterator[bytes]:
    if suffix == ".gz":
        with gzip.open(path) as plain:
            while chunk := plain.read(CHUNK):
                yield chunk
    else:
        import pyarrow as pa

        with pa.CompressedInputStream(pa.OSFile(str(path)), "zstd") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
