"""Read text files of separated fields: settle the dialect, then hold the whole file to it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxroi.errors import UploadError
from cxroi.intake.layout.grid import Grid, is_blank, kind_of
from cxroi.intake.layout.header import known_headings, plainly
from cxroi.intake.layout.totals import total_word
from cxroi.intake.readers.container import CHUNK, Limits

HEAD_CHARACTERS = 1 << 20
_DELIMITERS = (",", ";", "\t", "|", "^", "~", "¦", "\x1f", "\x01", ":")
_SEP = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
SEARCHED_BYTES = 64 << 20  # beyond it a total row is known only by its missing date or key, and rejected
_MARKS = (b"\xc2\xa0", b"\xe2\x80", b"\xe2\x81", b"\xd8\x9c", b"\xef\xbb")  # spaces and direction marks beyond ASCII
_TOTAL_BYTES = (b"otal", b"OTAL", "جمالي".encode(), "مجموع".encode())


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How fields are separated and quoted, and how many lines before the first record say so ("sep=;")."""

    delimiter: str
    quote: str = '"'
    preamble: int = 0


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """One fast pass over the bytes of a UTF-8 file."""

    size: int
    newlines: int
    delimiters: int
    quotes: int
    zeros: bool
    blanks: bool
    total_words: bool
    ends_in_newline: bool
    tight: bool  # no cell has a blank, a tab or a direction mark at its edge, unless a quoted one holds line ends

    @property
    def lines(self) -> int:
        """Return how many lines there are, the last one with or without an end."""
        return self.newlines + (not self.ends_in_newline)


def with_line_feeds(path: Path, work: Path) -> Path:
    """Return a copy with line feeds where lines end in carriage returns alone, as old spreadsheets for the Mac wrote them."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        if b"\n" in head or b"\r" not in head:
            return path
        target = work / "lines.txt"
        with target.open("wb") as out:
            out.write(head.replace(b"\r", b"\n"))
            while chunk := file.read(CHUNK):
                out.write(chunk.replace(b"\r", b"\n"))
    return target


def settle_dialect(path: Path, delimiter: str | None) -> Dialect:
    """Return how the fields of the UTF-8 file at `path` are separated; `delimiter` is what the person said, if anything.

    Every candidate reads the head of the file; the one under which most records have the same number of fields, with
    headings that are words, wins.
    """
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        head = file.read(HEAD_CHARACTERS)
    first = head.split("\n", 1)[0].strip("\r")
    preamble = 0
    if match := _SEP.match(first):
        preamble, head = 1, head.split("\n", 1)[1] if "\n" in head else ""
        delimiter = delimiter or match[1]
    quote = _quote(head)
    if delimiter:
        return Dialect(delimiter={"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter), quote=quote, preamble=preamble)
    lines = head if len(head) < HEAD_CHARACTERS else head.rsplit("\n", 1)[0]
    fits = {sign: _fitness(lines, sign, quote) for sign in _DELIMITERS if sign in lines}
    best = max(fits, key=lambda sign: fits[sign].rank, default=",")
    others = [sign for sign in fits if sign in ";\t|" and fits[sign].share >= fits[best].share - 0.05]
    if best == "," and others and _between_digits(lines):  # every comma is a decimal one
        best = max(others, key=lambda sign: fits[sign].rank)
    return Dialect(delimiter=best, quote=quote, preamble=preamble)


def _between_digits(lines: str) -> bool:
    return len(re.findall(r"\d,(?=\d)", lines)) >= 0.9 * lines.count(",")


def _quote(head: str) -> str:
    """Return the sign that encloses fields: the single one only where it opens and closes whole fields."""
    if '"' in head:
        return '"'
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", head, re.MULTILINE))
    return "'" if single > head.count("\n") else '"'


@dataclass(frozen=True)
class _Fitness:
    """How well a delimiter reads the head of a file: the share of records of one width, and how wordy their headings."""

    share: float = 0.0
    rank: tuple[float, int] = (0.0, 0)


def _fitness(head: str, delimiter: str, quote: str) -> _Fitness:
    records = []
    try:
        for record in csv.reader(head.splitlines(keepends=True), delimiter=delimiter, quotechar=quote):
            if not is_blank(record):
                records.append(record)
            if len(records) >= 2000:
                break
    except csv.Error:
        pass
    wide = {width: count for width, count in Counter(map(len, records)).items() if width > 1}
    if not wide:
        return _Fitness()
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    share = count / len(records)
    top = max((_heading_like(record) for record in records[:60] if len(record) == width), default=0.0)
    return _Fitness(share, (round(share, 2) + top, width))


def _heading_like(record: Sequence[str]) -> float:
    words = [cell for cell in record if kind_of(cell) in ("t", "p")]
    known = sum(plainly(cell) in known_headings() for cell in words)
    return len(words) / len(record) + 0.5 * known / len(record)


def preflight(path: Path, delimiter: str, limits: Limits) -> Preflight:
    """Count what decides whether a reader can take the file as it is, and refuse a line that is too long."""
    sign = delimiter.encode()
    newlines = delimiters = quotes = 0
    zeros = blanks = totals = False
    tight, edges = delimiter != " ", np.frombuffer(delimiter.encode() + b"\r\n\"'", np.uint8)
    previous = b"\n"
    since_newline, size = 0, path.stat().st_size
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
            since_newline = len(chunk) - last - 1 if last >= 0 else since_newline + len(chunk)
            if (first < 0 or since_newline > limits.line_bytes) and since_newline > limits.line_bytes:
                raise UploadError("reader.line_too_long", limit_mb=limits.line_bytes >> 20)
            codes = np.frombuffer(chunk, np.uint8)
            ends = codes == 10
            newlines += int(np.count_nonzero(ends))
            if len(sign) == 1:
                delimiters += int(np.count_nonzero(codes == sign[0]))
            quotes += int(np.count_nonzero(codes == 34)) if b'"' in chunk else 0
            zeros = zeros or b"\0" in chunk
            blanks = blanks or _has_blank_line(previous, chunk, ends)
            tight = tight and _is_tight(previous, chunk, edges)
            if not totals and size <= SEARCHED_BYTES:
                joined, words = previous[-12:] + chunk, _TOTAL_BYTES[:2] if chunk.isascii() else _TOTAL_BYTES
                totals = any(word in joined for word in words)
            previous = chunk
    return Preflight(
        size=size,
        newlines=newlines,
        delimiters=delimiters,
        quotes=quotes,
        zeros=zeros,
        blanks=blanks,
        total_words=totals,
        ends_in_newline=previous.endswith(b"\n"),
        tight=tight and previous[-1:] not in (b" ", b"\t"),
    )


def _is_tight(previous: bytes, chunk: bytes, edges: np.ndarray) -> bool:
    """Return whether no cell in `chunk` begins or ends with something that would have to be trimmed."""
    if not chunk.isascii() and any(mark in previous[-1:] + chunk for mark in _MARKS):
        return False
    for blank in (b" ", b"\t"):
        if blank[0] not in edges and (blank in chunk or previous.endswith(blank)):
            codes = np.frombuffer(previous[-2:] + chunk, np.uint8)
            at = np.flatnonzero(codes[1:-1] == blank[0])  # the last one is looked at with the next chunk
            if np.isin(codes[at], edges).any() or np.isin(codes[at + 2], edges).any():
                return False
    return True


def _has_blank_line(previous: bytes, chunk: bytes, ends: np.ndarray) -> bool:
    if previous.endswith(b"\n") and chunk.startswith((b"\n", b"\r\n")):
        return True
    return bool(np.any(ends[1:] & ends[:-1])) or (b"\r" in chunk and b"\n\r\n" in chunk)


def records(path: Path, dialect: Dialect, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, fields) of a UTF-8 file as a spreadsheet would number them; blank lines count.

    Raises UploadError `reader.open_quote` with the row in which a quote never closes or closes inside a field.
    """
    csv.field_size_limit(limits.line_bytes)
    number, guarded = dialect.preamble, _is_guarded(path)
    with path.open(encoding="utf-8", newline="") as file:
        for _ in range(dialect.preamble):
            file.readline()
        reader = csv.reader(file, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True)
        try:
            for record in reader:
                number += 1
                yield number, [unguarded(cell) for cell in record] if guarded else record
        except csv.Error as error:
            if "field limit" in str(error):
                raise UploadError("reader.line_too_long", limit_mb=limits.line_bytes >> 20) from error
            raise UploadError("reader.open_quote", row=number + 1) from error


def unguarded(cell: str) -> str:
    """Return what a spreadsheet shows of a cell that an export wrote as a formula or a text, so that no digit is lost.

    >>> unguarded('="000123"'), unguarded("'+966500000000"), unguarded("'s-Hertogenbosch"), unguarded('="a"&"b"')
    ('000123', '+966500000000', "'s-Hertogenbosch", '="a"&"b"')
    """
    inside = cell[2:-1]
    if cell[:2] == '="' and cell[-1:] == '"' and '"' not in inside:
        return inside
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _GUARDED_SIGNS and "'" not in cell[1:] else cell


_GUARDED_SIGNS = tuple("0123456789+-=@")


def _is_guarded(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return b'="' in head or b"'" in head


def read_grid(path: Path, dialect: Dialect, limits: Limits) -> Grid:
    """Return the whole file as a grid; zero bytes and letters that could not be read mark their cells as faults."""
    grid = Grid(rows=[[] for _ in range(dialect.preamble)], ragged_matters=True)
    for number, record in records(path, dialect, limits):
        grid.rows.append(record)
        for j, cell in enumerate(record):
            if "\0" in cell or "\ufffd" in cell:
                grid.faults[number - 1, j] = "reject.cell.nul" if "\0" in cell else "reject.cell.bad_character"
                record[j] = cell.replace("\0", "\ufffd")
    return grid


def head_and_tail(path: Path, dialect: Dialect, limits: Limits, rows: int = 400) -> tuple[Grid, list[list[str]]]:
    """Return the first rows as a grid, and the fields of the last lines."""
    head = Grid(rows=[[] for _ in range(dialect.preamble)], ragged_matters=True)
    for _, record in records(path, dialect, limits):
        head.rows.append(record)
        if len(head.rows) >= rows:
            break
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 65536))
        lines = file.read().decode("utf-8", "replace").splitlines()[1:][-rows:]
    return head, list(csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote))


def is_total_record(record: list[str]) -> bool:
    """Return whether a field of a large file's record is nothing but a total's label."""
    return any(total_word(cell) == "exact" for cell in record if len(cell) < 40)
