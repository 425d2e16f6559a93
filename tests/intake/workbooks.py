"""Make workbooks for tests: ordinary ones, and ones with parts that no program would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]
SHEET = "xl/worksheets/sheet1.xml"


def xlsx(sheets: Mapping[str, Rows] | Rows, touch: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a workbook with these sheets; `touch(book, first sheet)` may add to it."""
    named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    pages = []
    for name, rows in named.items():
        page = book.add_worksheet(name)
        pages.append(page)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value is not None:
                    page.write(i, j, value)
    if touch:
        touch(book, pages[0])
    book.close()
    return out.getvalue()


def edited(
    content: bytes, edit: Callable[[bytes], bytes], part: str = SHEET, more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the workbook with one part changed and further parts added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, edit(data) if entry.filename == part else data)
        for name, data in (more or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def ods(rows: Rows, *, cells: str = "", hidden: Collection[int] = (), columns: str = "") -> bytes:
    """Return an OpenDocument sheet; `cells` is raw XML for a further row, `columns` for what stands before the first."""

    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    filtered = ' table:visibility="filter"'
    body = columns + "".join(
        f"<table:table-row{filtered if i in hidden else ''}>{''.join(map(cell, row))}</table:table-row>"
        for i, row in enumerate(rows)
    )
    body += cells
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Costs">{body}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", content)
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def xlsb(
    rows: Rows, *, extra: bytes = b"", hidden: Collection[int] = (), hidden_columns: Collection[int] = ()
) -> bytes:
    """Return a binary workbook, record by record ([MS-XLSB] 2.1.4); `extra` goes into the sheet after the rows."""

    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, length = b"", len(data)
        while True:
            size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
            length >>= 7
            if not length:
                return head + size + data

    def wide(text: str) -> bytes:
        return len(text).to_bytes(4, "little") + text.encode("utf-16-le")

    import struct

    cells = b""
    for i, row in enumerate(rows):
        cells += record(0, struct.pack("<IIHBB", i, 0, 300, 0, 0x10 * (i in hidden)) + bytes(13))
        for j, value in enumerate(row):
            place = struct.pack("<II", j, 0)
            cells += (
                record(5, place + struct.pack("<d", value))
                if isinstance(value, int | float)
                else record(6, place + wide(str(value)))
            )
    height, width = max(len(rows), 1), max(map(len, rows))
    sheet = record(129) + record(148, struct.pack("<IIII", 0, height - 1, 0, width - 1))
    widths = (record(60, struct.pack("<IIIIH", j, j, 2304, 0, 1)) for j in hidden_columns)
    sheet += record(390) + b"".join(widths) + record(391) if hidden_columns else b""
    sheet += record(145) + cells + extra
    sheet += record(146) + record(130)
    book = (
        record(131)
        + record(143)
        + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Costs"))
        + record(144)
        + record(132)
    )
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{kinds}"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{links}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{links}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


def xls(
    rows: Rows,
    *,
    errors: Mapping[tuple[int, int], int] | None = None,
    hidden: Collection[int] = (),
    hidden_columns: Collection[int] = (),
) -> bytes:
    """Return a BIFF8 workbook in a compound file ([MS-XLS], [MS-CFB]), small enough for one FAT sector."""
    import struct

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def label(text: str) -> bytes:
        return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for j in hidden_columns:
        sheet += record(0x007D, struct.pack("<HHHHHH", j, j, 2304, 0, 1, 0))
    for i in hidden:
        sheet += record(0x0208, struct.pack("<HHHHHHI", i, 0, max(map(len, rows)), 300, 0, 0, 0x20))
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if (errors or {}).get((i, j)) is not None:
                sheet += record(0x0205, struct.pack("<HHHBB", i, j, 0, (errors or {})[i, j], 1))
            elif isinstance(value, int | float):
                sheet += record(0x0203, struct.pack("<HHHd", i, j, 0, value))
            elif value is not None:
                sheet += record(0x0204, struct.pack("<HHH", i, j, 0) + label(str(value)))
    sheet += record(0x000A, b"")
    name = b"\x05\x00Costs"
    globals_ = record(0x0809, begin) + record(0x0042, struct.pack("<H", 1200))
    at = len(globals_) + 4 + 6 + len(name) + 4
    globals_ += record(0x0085, struct.pack("<IBB", at, 0, 0) + name) + record(0x000A, b"")
    stream = (globals_ + sheet).ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    sectors = len(stream) // 512
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = title.encode("utf-16-le") + b"\0\0"
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream)) + bytes(256)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    return header + struct.pack("<128I", *fat) + directory + stream
