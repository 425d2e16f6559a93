"""Look through an OpenDocument sheet before a reader opens it: cells repeated millions of times, and errors."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from cxroi.intake.readers.container import CHUNK, Limits
from cxroi.intake.readers.sheet_facts import SheetFacts, bound, span

_HIDDEN = ("collapse", "filter")
_CELLS = ("table:table-cell", "table:covered-table-cell")


def examine_ods(archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of each sheet by name; raise UploadError `reader.far_cell` for one that claims too much."""
    scan = _OdsScan(limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = scan.start, scan.end
    parser.CharacterDataHandler = scan.characters
    with archive.open("content.xml") as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return scan.sheets


class _OdsScan:
    def __init__(self, limits: Limits) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self._limits = limits
        self._sheet = SheetFacts()
        self._row = self._column = self._columns = 0
        self._rows = 1
        self._hidden = self._filled = False  # the row that is read
        self._error: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._sheet = self.sheets.setdefault(attributes.get("table:name", ""), SheetFacts())
            self._row = self._columns = 0
        elif name == "table:table-column":
            repeated = int(attributes.get("table:number-columns-repeated", "1"))
            if attributes.get("table:visibility") in _HIDDEN:
                columns = span(self._columns, self._columns + repeated - 1, self._limits.workbook_columns)
                self._sheet.hidden_columns |= set(columns)
            self._columns += repeated
        elif name == "table:table-row":
            self._rows, self._column = int(attributes.get("table:number-rows-repeated", "1")), 0
            self._hidden, self._filled = attributes.get("table:visibility") in _HIDDEN, False
        elif name in _CELLS:
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if "office:value-type" in attributes or "calcext:value-type" in attributes:
                bound(self._row + self._rows - 1, self._column - 1, self._limits)
                self._filled = True
            if attributes.get("calcext:value-type") == "error":
                self._error = []

    def characters(self, text: str) -> None:
        if self._error is not None:
            self._error.append(text)

    def end(self, name: str) -> None:
        if name in _CELLS and self._error is not None:
            place = self._row, self._column - 1
            self._sheet.faults[place] = ("".join(self._error)[:40] or "#ERR", "reject.cell.error")
            self._error = None
        elif name == "table:table-row":
            if self._hidden and self._filled:
                self._sheet.hidden_rows |= set(range(self._row, self._row + self._rows))
            self._row += self._rows
