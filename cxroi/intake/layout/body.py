"""Tell the rows of a table from what stands between and below them: blanks, sections, notes, repeated headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cxroi.errors import UploadError
from cxroi.intake.layout.figures import value_columns
from cxroi.intake.layout.grid import Grid, Stored, fill_merged, is_blank, kind_of, padded, tidy
from cxroi.intake.layout.header import Header, known_headings, plainly
from cxroi.intake.layout.skipped import about_skipped, only_zeros
from cxroi.intake.layout.totals import Totals, find_totals, total_word
from cxroi.intake.report import Finding, Reject, Severity

_NOTE = re.compile(
    r"\s*(?:[*†‡©]|\(?[a-z0-9]\)|\[\d+\]|notes?\b|source|remark|prepared|printed|generated|exported|end of|"
    r"ملاحظ|المصدر|مصدر|أعد|طبع|هام)",
    re.IGNORECASE,
)
_OF_WHICH = re.compile(r"\s*[-–•*]?\s*(?:of which|thereof|davon|w tym|(?:و?منها|من ضمنها|بما في ذلك)\b)", re.IGNORECASE)
_BALANCE = re.compile(
    r"(?:opening|closing|beginning|ending|brought forward|carried forward) balance|balance (?:brought|carried) forward|"
    r"balance [bc]/[fd]|(?:ال)?رصيد (?:ال)?(?:[إا]فتتاحي|ختامي)|رصيد (?:أول|اول|[آا]خر) المدة",
    re.IGNORECASE,
)
SECTION = "Section"


@dataclass(kw_only=True)
class Body:
    """The data rows of a table by the row number a person sees, and what was left out with why."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)  # the section each row stands in
    skipped: list[tuple[int, str]] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    total_rows: list[tuple[int, list[str]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_body(grid: Grid, header: Header) -> Body:
    """Return the rows below `header`, each one accounted for: data, skipped with a reason, or rejected."""
    start = header.last + 1
    rows = fill_merged(grid, start, len(grid.rows) - 1, across=False)
    while rows and is_blank(rows[-1]):
        rows.pop()
    sorter = _Sorter(grid, header, rows)
    body, breaks, section = Body(), [], ""
    expected, width = header.columns[-1] + 1, grid.width
    for i, row in enumerate(rows):
        number = start + i + 1
        why = sorter.why_not(i, row, body)
        if why == "other_table":
            body.skipped += [(start + k + 1, why) for k in range(i, len(rows))]
            body.findings.append(
                Finding(id="finding.sheet.second_table", severity=Severity.FLAG, facts={"row": str(number)})
            )
            break
        if why:
            body.skipped.append((number, why))
            section = sorter.words if why == "section" else section
            if why not in ("note", "zeros", "of_which", "balance"):
                breaks.append(len(body.rows))
        elif grid.ragged_matters and _is_ragged(row, expected):
            body.rejected.append(_ragged(number, row, expected))
        else:
            cells = padded(row, width)
            body.numbers.append(number)
            body.rows.append([cells[j] for j in header.columns])
            body.sections.append(section)
    _take_totals(body, header, breaks)
    words = {number: " ".join(rows[number - start - 1]) for number, why in body.skipped if why == "note"}
    body.findings += about_skipped(body.skipped, words)
    return body


class _Sorter:
    """Says of each row below the header why it is no data, if so."""

    def __init__(self, grid: Grid, header: Header, rows: list[list[str]]) -> None:
        self._grid, self._header, self._rows = grid, header, rows
        self._start = header.last + 1
        self._heads = _heading_rows(grid, header)
        # the first cell spares most rows the comparison with the headings
        self._firsts = {row[0] for row in grid.rows[header.first : header.last + 1] if row}
        self._spread, self._figures = _spread(grid), _figure_columns(rows, header)
        self._notes_from = _notes_from(grid, rows, self._start, header, self._spread)
        self._parts_below = False  # under a row "of which" without an amount
        self.words = ""  # of the last section

    def why_not(self, i: int, row: list[str], body: Body) -> str:
        """Return blank, zeros, note, repeated_heading, other_table, balance, section, or "" for a row that is data or broken data."""
        if is_blank(row):
            return "blank"
        if self._grid.ragged_matters and only_zeros(row):
            return "zeros"
        if i >= self._notes_from:
            return "note"
        if row[0] in self._firsts and tuple(plainly(cell) for cell in row if cell.strip()) in self._heads:
            return "repeated_heading"
        if i and is_blank(self._rows[i - 1]) and _heads_another(row, body, self._header):
            return "other_table"
        if any(_BALANCE.fullmatch(tidy(row[j])) for j in self._figures if j < len(row)):
            return "balance"
        if self._is_part(row):
            return "of_which"
        words = _section(self._grid, row, self._start + i, self._header, self._spread, self._figures)
        self.words = words or self.words
        return "section" if words else ""

    def _is_part(self, row: list[str]) -> bool:
        """Return whether a row tells a part of the row above it once more: "of which training", or what is indented below."""
        label = next((row[j] for j in self._header.columns if j < len(row) and kind_of(row[j]) == "t"), "")
        if _OF_WHICH.match(label):
            amounts = any(kind_of(row[j]) == "n" for j in self._figures if j < len(row))
            self._parts_below = not amounts
            return True
        self._parts_below &= label[:1] in (" ", "\u00a0", "\t")
        return self._parts_below


def _heads_another(row: list[str], body: Body, header: Header) -> bool:
    """Return whether a row after a gap is the heading of another table: different words over columns of numbers."""
    if len(body.rows) < 2 or sum(bool(cell.strip()) for cell in row) < 2:
        return False
    if any(kind_of(cell) in "nd" for cell in row if cell.strip()):
        return False
    values = value_columns(body.rows[:200], len(header.columns))
    cells = [row[header.columns[k]].strip() for k in values if header.columns[k] < len(row)]
    words = [cell for cell in cells if cell]
    if not words or len(set(words)) < len(words):
        return False
    known = sum(plainly(cell) in known_headings() for cell in row if cell.strip())
    return known >= 2 or (len(words) >= 2 and len(words) == len(values))


def _take_totals(body: Body, header: Header, breaks: list[int]) -> None:
    body.totals = find_totals(body.rows, body.numbers, header.headings, breaks)
    out = body.totals.rows
    if not out:
        return
    body.skipped += [(body.numbers[i], "total") for i in sorted(out)]
    body.skipped.sort()
    body.total_rows = [(body.numbers[i], body.rows[i]) for i in sorted(out)]
    keep = [i for i in range(len(body.rows)) if i not in out]
    body.numbers = [body.numbers[i] for i in keep]
    body.rows = [body.rows[i] for i in keep]
    body.sections = [body.sections[i] for i in keep]
    body.findings.append(Finding(id="finding.total.skipped", severity=Severity.NOTE, facts={"count": str(len(out))}))
    body.findings += body.totals.findings


def _spread(grid: Grid) -> set[int]:
    """Return the rows in which a cell is merged over its neighbours to the right."""
    last = len(grid.rows) - 1
    return {i for top, left, bottom, right in grid.merged if right > left for i in range(top, min(bottom, last) + 1)}


def _heading_rows(grid: Grid, header: Header) -> set[tuple[str, ...]]:
    rows = grid.rows[header.first : header.last + 1]
    heads = {tuple(plainly(cell) for cell in row if cell.strip()) for row in rows}
    return {head for head in heads if len(head) > 1 or len(header.columns) == 1}


def _notes_from(grid: Grid, rows: list[list[str]], start: int, header: Header, spread: set[int]) -> int:
    """Return the position where the notes below the table begin; the number of rows where there are none."""
    at = len(rows)
    for i in range(len(rows) - 1, -1, -1):
        filled = [cell for cell in rows[i] if cell.strip()]
        if not filled:
            continue
        after_blank = i > 0 and (is_blank(rows[i - 1]) or at < len(rows))
        alone = len(filled) == 1 and kind_of(filled[0]) == "t" and not total_word(filled[0])
        merged = start + i in spread
        sentence = alone and (" " in filled[0].strip() or merged)
        short_record = grid.ragged_matters and alone and len(rows[i]) < len(header.columns)
        few = len(filled) <= 2 and len(header.columns) > 3 and not any(isinstance(cell, Stored) for cell in filled)
        is_note = (alone or few) and bool(_NOTE.match(filled[0])) and kind_of(filled[0]) != "n"
        if not (is_note or (sentence and after_blank) or short_record or (merged and alone)):
            break
        at = i
    return at


def _section(grid: Grid, row: list[str], index: int, header: Header, spread: set[int], figures: set[int]) -> str:
    """Return the words of a row that only names the rows below it, or "".

    An id alone in its row is a broken record, not a section. In a text file only words in a column of dates or numbers
    are one: there they could not be a value.
    """
    if len(header.columns) < 3:
        return ""
    filled = [(j, cell) for j, cell in enumerate(row) if cell.strip()]
    if len(filled) != 1:
        return ""
    column, cell = filled[0]
    if kind_of(cell) != "t" or isinstance(cell, Stored) or total_word(cell) or (index, column) in grid.faults:
        return ""
    text = tidy(cell)
    if grid.ragged_matters:
        return text if column in figures and len(row) > header.columns[-1] else ""
    looks_like_id = bool(re.fullmatch(r"[\w\-./]*\d[\w\-./]*", text))
    return text if index in spread or not looks_like_id else ""


def _figure_columns(rows: list[list[str]], header: Header) -> set[int]:
    """Return the columns whose first cells are mostly dates or numbers."""
    found = set()
    full = [row for row in rows[:400] if sum(bool(cell.strip()) for cell in row) > 1]
    for j in header.columns:
        cells = [row[j] for row in full if j < len(row) and row[j].strip()]
        kinds = [kind_of(cell) for cell in cells if not total_word(cell)]
        if sum(kind in "ndp" for kind in kinds) > 0.5 * len(kinds):
            found.add(j)
    return found


def _is_ragged(row: list[str], expected: int) -> bool:
    return len(row) < expected or any(cell.strip() for cell in row[expected:])


def _ragged(number: int, row: list[str], expected: int) -> Reject:
    facts = {"found": str(len(row)), "expected": str(expected)}
    value = " | ".join(cell for cell in row if cell.strip())[:40]
    return Reject(row=number, column="", value=value, reason="reject.ragged", facts=facts)


def check_headings(header: Header, limit: int) -> None:
    """Refuse two columns under one heading, and more columns than are read."""
    if len(header.columns) > limit:
        raise UploadError("reader.too_many_columns", found=len(header.columns), limit=limit)
    names = [tidy(heading).casefold() for heading in header.headings]
    half = len(names) // 2
    if half > 1 and names[:half] == names[half:]:
        raise UploadError("reader.side_by_side", headings=", ".join(header.headings[:half])[:100])
    seen: set[str] = set()
    for heading in header.headings:
        key = tidy(heading).casefold()
        if key in seen:
            raise UploadError("reader.duplicate_heading", heading=heading[:40], row=header.last + 1)
        seen.add(key)
