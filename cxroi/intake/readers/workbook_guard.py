"""Look through the parts of a workbook before a reader opens it: places of cells, errors, formulas never computed."""

from __future__ import annotations

import re
import struct
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from lxml import etree

from cxroi.errors import UploadError
from cxroi.intake.readers.container import CHUNK, FileKind, Limits
from cxroi.intake.readers.sheet_facts import SheetFacts, bound, letters_to_column, span
from cxroi.intake.readers.workbook_binary import examine_xls, examine_xlsb
from cxroi.intake.readers.workbook_ods import examine_ods
from cxroi.intake.readers.workbook_search import plain_facts
from cxroi.money.currencies import word_of

_REFERENCE = re.compile(r"([A-Z]{1,4})([0-9]{1,8})")
_OF_LOCALE = {  # what Excel's number of a language and land says of a sign that several lands share
    "409": "USD", "1009": "CAD", "C09": "AUD", "1409": "NZD", "4809": "SGD", "C04": "HKD", "80A": "MXN", "809": "GBP", "C01": "EGP",
    "411": "JPY", "804": "CNY", "401": "SAR", "4001": "QAR", "2001": "OMR", "2401": "YER", "429": "IRR",
}  # fmt: skip
_BUILT_IN_PERCENT = {9, 10}
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": True}


def examine_workbook(path: Path, kind: FileKind, limits: Limits) -> dict[str, SheetFacts]:
    """Return the facts of each sheet by name; refuse a workbook whose cells lie too far out for a reader to survive.

    Raises UploadError: `reader.far_cell`, `reader.damaged`.
    """
    try:
        if kind is FileKind.XLSX:
            with zipfile.ZipFile(path) as archive:
                return _examine_xlsx(archive, limits)
        if kind is FileKind.ODS:
            with zipfile.ZipFile(path) as archive:
                return examine_ods(archive, limits)
        if kind is FileKind.XLSB:
            with zipfile.ZipFile(path) as archive:
                return examine_xlsb(archive, limits)
        return examine_xls(path.read_bytes())
    except (expat.ExpatError, etree.XMLSyntaxError, LookupError, ValueError, zipfile.BadZipFile, struct.error) as error:
        raise UploadError("reader.damaged") from error


def _examine_xlsx(archive: zipfile.ZipFile, limits: Limits) -> dict[str, SheetFacts]:
    percents, currencies = _styles(archive)
    strings = _count_strings(archive)
    facts = {}
    for name, part in _sheet_parts(archive):
        plain = plain_facts(archive.read(part), limits, percents, currencies, strings)
        if plain is not None:
            facts[name] = plain
            continue
        scan = _SheetScan(limits, percents, currencies, strings)
        with archive.open(part) as stream:
            scan.read(stream)
        facts[name] = scan.facts()
    return facts


def _tree(archive: zipfile.ZipFile, part: str) -> etree._Element | None:
    actual = next((name for name in archive.namelist() if name.lower() == part.lower()), None)
    return etree.fromstring(archive.read(actual), etree.XMLParser(**_PARSER)) if actual else None


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    book, links = _tree(archive, "xl/workbook.xml"), _tree(archive, "xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        raise ValueError("no workbook part")
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    names = {name.lower(): name for name in archive.namelist()}
    parts = []
    for element in book.iter():
        if _local(element) == "sheet":
            link = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            target = targets.get(link, "")
            part = names.get((target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)).lower())
            if part:
                parts.append((element.get("name") or "", part))
    return parts


def _count_strings(archive: zipfile.ZipFile) -> int:
    """Return how many shared strings there are: an index beyond them is a broken cell, not another cell's text."""
    part = next((name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"), None)
    if part is None:
        return 0
    count = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal count
        count += name == "si" or name.endswith(":si")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return count


def _styles(archive: zipfile.ZipFile) -> tuple[frozenset[str], dict[str, str]]:
    """Return the style numbers that show a percent, and those that show a currency with its code."""
    tree = _tree(archive, "xl/styles.xml")
    if tree is None:
        return frozenset(), {}
    codes = {e.get("numFmtId"): e.get("formatCode") or "" for e in tree.iter() if _local(e) == "numFmt"}
    percents, currencies = set(), {}
    cells = next((e for e in tree.iter() if _local(e) == "cellXfs"), None)
    for number, style in enumerate(cells if cells is not None else ()):
        format_id = style.get("numFmtId") or "0"
        code = codes.get(format_id, "")
        if "%" in code or (format_id.isdigit() and int(format_id) in _BUILT_IN_PERCENT):
            percents.add(str(number))
        if currency := currency_in(code):
            currencies[str(number)] = currency
    return frozenset(percents), currencies


def currency_in(code: str) -> str | None:
    """Return the currency that a number format shows: its code, or the word where that is an unclear one.

    >>> currency_in('[$SAR] #,##0.00'), currency_in('#,##0.00 [$€-407]'), currency_in('[$-409]#,##0'), currency_in('0 "PCS"')
    ('SAR', 'EUR', None, None)
    >>> currency_in('[$$-409]#,##0.00'), currency_in('[$$-1009]#,##0.00'), currency_in('"$"#,##0.00')
    ('USD', 'CAD', '$')
    """
    shown = re.findall(r'\[\$([^\-\]]+)-?([^\]]*)\]|"([^"]+)"|([$€£])', re.sub(r"\[\$-[^\]]*\]", "", code))
    for sign, place, *quoted in shown:
        if word := word_of(sign or "".join(quoted)):
            local = _OF_LOCALE.get(place.upper()[-4:].lstrip("0"))
            return word.code or (local if local in word.codes else word.written)
    return None


class _SheetScan:
    """One pass over a sheet part by events; nothing of it is kept but the odd cells."""

    def __init__(self, limits: Limits, percents: frozenset[str], currencies: dict[str, str], strings: int) -> None:
        self._limits, self._percents, self._currencies, self._strings = limits, percents, currencies, strings
        self._row = self._column = -1
        self._columns_seen: set[int] = set()
        self._rows_seen: set[int] = set()
        self._bottom = self._right = -1
        self._kind = self._style = ""
        self._formula = self._valued = False
        self._text: list[str] | None = None
        self._formula_text = ""
        self._result = SheetFacts()
        self._percent: Counter[int] = Counter()
        self._numbers: Counter[int] = Counter()
        self._currency: Counter[str] = Counter()

    def read(self, stream: object) -> None:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        while chunk := stream.read(CHUNK):  # type: ignore[attr-defined]
            parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def facts(self) -> SheetFacts:
        self._result.percents = frozenset(c for c, n in self._percent.items() if n == self._numbers[c])
        if len(self._currency) == 1:
            self._result.currency = next(iter(self._currency))
        return self._result

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        if tag == "c":
            self._place(attributes.get("r"))
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula = self._valued = False
        elif tag in ("v", "f", "is"):
            self._text = []
            self._valued |= tag == "is"
            self._formula |= tag == "f"
        elif tag == "row":
            reference = attributes.get("r")
            self._row = int(reference) - 1 if reference else self._row + 1
            self._column = -1
            self._columns_seen.clear()
            if self._row in self._rows_seen:
                raise ValueError("a row twice")
            self._rows_seen.add(self._row)
            if attributes.get("hidden") in ("1", "true"):
                self._result.hidden_rows.add(self._row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            columns = span(int(attributes["min"]) - 1, int(attributes["max"]) - 1, self._limits.workbook_columns)
            self._result.hidden_columns |= set(columns)

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        tag = name.rpartition("}")[2]
        if tag == "v":
            text = "".join(self._text or ())
            self._text = None
            if text or self._kind == "str":
                self._valued = True
                self._value(text)
        elif tag == "f":
            self._formula_text = "".join(self._text or ())
            self._text = None
        elif tag == "is":
            self._text = None
        elif tag == "c" and (self._valued or self._formula):
            self._bottom, self._right = max(self._bottom, self._row), max(self._right, self._column)
            bound(self._bottom, self._right, self._limits)
            if not self._valued:
                self._result.faults[self._row, self._column] = (f"={self._formula_text}"[:40], "reject.cell.uncached")

    def _place(self, reference: str | None) -> None:
        column = self._column + 1
        if reference:
            found = _REFERENCE.fullmatch(reference)
            if not found:
                raise UploadError("reader.far_cell", row=self._row + 1, column=reference[:20])
            column = letters_to_column(found[1])
            if int(found[2]) - 1 != self._row:
                raise ValueError("cell outside its row")
        if column in self._columns_seen:
            raise ValueError("a cell twice")
        self._columns_seen.add(column)
        self._column = column

    def _value(self, text: str) -> None:
        place = self._row, self._column
        if self._kind == "e":
            self._result.faults[place] = (text[:40], "reject.cell.error")
        elif self._kind == "s":
            if not text.strip().isdecimal() or int(text) >= self._strings:
                raise ValueError("string index")
        elif self._kind == "n":
            self._numbers[self._column] += 1
            self._percent[self._column] += self._style in self._percents
            if self._style in self._currencies:
                self._currency[self._currencies[self._style]] += 1
            if len(text) > 15 and text.isdecimal():
                self._result.exact[place] = text
