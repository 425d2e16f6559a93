"""Look through binary workbooks (.xls, .xlsb) record by record before a reader opens them: far cells and errors."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator

from cxroi.intake.readers.container import Limits
from cxroi.intake.readers.sheet_facts import SheetFacts, bound, span

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_XLS_COLUMNS = 256
_END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors


def examine_xlsb(archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of each sheet by name ([MS-XLSB] 2.1.4: type and length in 7-bit groups, then the data)."""
    names = {name.lower(): name for name in archive.namelist()}
    links = archive.read(names["xl/_rels/workbook.bin.rels"]).decode("utf-8", "replace")
    facts = {}
    for name, link in _bundle(archive.read(names["xl/workbook.bin"])):
        tag = next((t for t in re.findall(r"<[^>]*\bRelationship\b[^>]*>", links) if f'"{link}"' in t), "")
        target = re.search(r'Target="([^"]+)"', tag)
        part = names.get(f"xl/{target[1]}".lower().replace("xl//xl/", "xl/")) if target else None
        if part:
            facts[name] = _examine_sheet(archive.read(part), limits)
    return facts


def _examine_sheet(data: bytes, limits: Limits) -> SheetFacts:
    facts = SheetFacts()
    row = bottom = right = 0
    for kind, at, size in _records(data):
        if kind == 0:  # a row; cells (2 to 11) follow it, 1 is blank
            row = int.from_bytes(data[at : at + 4], "little")
            if size > 11 and data[at + 11] & 0x10:  # fDyZero
                facts.hidden_rows.add(row)
        elif kind == 60 and size > 16 and data[at + 16] & 1:  # columns, fHidden
            first, last = struct.unpack_from("<II", data, at)
            facts.hidden_columns |= set(span(first, last, limits.workbook_columns))
        elif 2 <= kind <= 11:
            column = int.from_bytes(data[at : at + 4], "little")
            bottom, right = max(bottom, row), max(right, column)
            bound(bottom, right, limits)
            if kind in (3, 11):
                facts.faults[row, column] = (_ERRORS.get(data[at + 8], "#ERR"), "reject.cell.error")
    return facts


def _bundle(book: bytes) -> Iterator[tuple[str, str]]:
    """Yield the name and link of each sheet."""
    for kind, at, _ in _records(book):
        if kind == 156:
            link, after = _wide(book, at + 8)
            yield _wide(book, after)[0], link


def _wide(data: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * int.from_bytes(data[at : at + 4], "little")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    at = 0
    while at < len(data):
        kind, at = _seven_bit(data, at, 2)
        size, at = _seven_bit(data, at, 4)
        yield kind, at, size
        at += size


def _seven_bit(data: bytes, at: int, longest: int) -> tuple[int, int]:
    value = 0
    for step in range(longest):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            break
    return value, at


def examine_xls(file: bytes) -> dict[str, SheetFacts]:
    """Return the facts of each sheet by name; the format itself bounds a sheet to 256 columns and 65,536 rows."""
    book = _stream(file)
    sheets: dict[int, SheetFacts] = {}
    named: dict[str, SheetFacts] = {}
    current = SheetFacts()
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        data = book[at + 4 : at + 4 + size]
        if kind == 0x0085:  # a sheet's place and name
            named[_sheet_name(data)] = sheets.setdefault(struct.unpack_from("<I", data)[0], SheetFacts())
        elif kind == 0x0809:
            current = sheets.get(at, current)
        elif kind == 0x0208 and size > 12 and data[12] & 0x20:  # a row, fDyZero
            current.hidden_rows.add(struct.unpack_from("<H", data)[0])
        elif kind == 0x007D and size > 8 and data[8] & 1:  # columns, fHidden
            first, last = struct.unpack_from("<HH", data)
            current.hidden_columns |= set(span(first, last, _XLS_COLUMNS))
        elif kind == 0x0205 and data[7]:
            current.faults[struct.unpack_from("<HH", data)] = (_ERRORS.get(data[6], "#ERR"), "reject.cell.error")
        elif kind == 0x0006 and data[12:14] == b"\xff\xff" and data[6] == 2:  # a formula that came to an error
            current.faults[struct.unpack_from("<HH", data)] = (_ERRORS.get(data[8], "#ERR"), "reject.cell.error")
        at += 4 + size
    return named


def _sheet_name(data: bytes) -> str:
    text = data[8:] if data[7] & 1 else data[7:]
    return text[: 2 * data[6]].decode("utf-16-le") if data[7] & 1 else data[8 : 8 + data[6]].decode("latin-1")


def _stream(file: bytes) -> bytes:
    """Return the workbook stream of a compound file ([MS-CFB]): sectors chained by the allocation table."""
    shift = struct.unpack_from("<H", file, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    size = 1 << shift

    def sector(number: int) -> bytes:
        return file[(number + 1) * size : (number + 2) * size]

    tables = [n for n in struct.unpack_from("<109I", file, 76) if n < _END]
    more = struct.unpack_from("<I", file, 68)[0]
    while more < _END and len(tables) <= len(file) // size:
        *numbers, more = struct.unpack(f"<{size // 4}I", sector(more))
        tables += [n for n in numbers if n < _END]
    chain = [n for table in tables for n in struct.unpack(f"<{size // 4}I", sector(table))]

    def read(start: int) -> bytes:
        parts: list[bytes] = []
        while start < _END and len(parts) <= len(chain):
            parts.append(sector(start))
            start = chain[start]
        return b"".join(parts)

    directory = read(struct.unpack_from("<I", file, 48)[0])
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        if directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in ("Workbook", "Book"):
            start, filled = struct.unpack_from("<II", directory, at + 116)
            return read(start)[:filled] if filled >= 4096 else b""  # smaller ones lie in another table; no known writer
    raise ValueError("no workbook in the compound file")
