"""Recognise rows that add up other rows, keep them out of the data, and check them against their parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cxroi.intake.layout.figures import adds_up, decimal_mark, number_of, value_columns
from cxroi.intake.layout.grid import tidy
from cxroi.intake.report import Finding, Severity

TOLERANCE = Decimal("0.0005")  # below a fils; spreadsheets carry noise far below it
SHOWN = 5
CUTS = 60  # how many earlier totals and gaps are tried as the beginning of a total's parts
_EXACT = {
    *("total", "totals", "subtotal", "sub total", "sub-total", "grand total", "sum", "overall total", "total:"),
    *(
        "المجموع",
        "مجموع",
        "الإجمالي",
        "الاجمالي",
        "إجمالي",
        "اجمالي",
        "المجموع الفرعي",
        "المجموع الكلي",
        "الإجمالي الكلي",
    ),
    *("الاجمالي الكلي", "الإجمالي الفرعي", "الاجمالي الفرعي", "الإجمالي العام", "الاجمالي العام", "المجموع العام"),
    *("gesamt", "summe", "zwischensumme", "gesamtsumme", "razem", "suma", "σύνολο", "συνολο", "sous-total", "итого"),
    *("الجملة", "جملة"),
}
_SUB = re.compile(r"\bsub[- ]?total|فرعي|zwischensumme|sous-total", re.IGNORECASE)
_PHRASE = re.compile(
    r"^(?:(?:sub|grand|sub-|overall)\s?)?totals?\b(?!\s*(?:energ|wine|access))|\b(?:sub-?\s?)?totals?$|^(?:ال)?(?:مجموع|[إا]جمالي)\b|"
    r"\b(?:المجموع|ال[إا]جمالي)(?: (?:الفرعي|الكلي|العام))?$|^summe\b|^razem\b|^σ[υύ]νολο\b",
    re.IGNORECASE,
)
_HINT = re.compile(r"total|sum|gesamt|razem|σ[υύ]νολο|итого|مجموع|جمال|جملة", re.IGNORECASE)


@dataclass(kw_only=True)
class Totals:
    """The rows that are totals (positions in the rows looked at), what they said, and the closing total by column."""

    rows: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    control: dict[int, str] = field(default_factory=dict)


def total_word(text: str) -> str:
    """Return "exact" for a label that is nothing but a total, "phrase" for one that names what is added, or "".

    >>> total_word("Grand total:"), total_word("إجمالي الرواتب"), total_word("TotalEnergies"), total_word("Summer")
    ('exact', 'phrase', '', '')
    """
    if not _HINT.search(text) or len(text) > 60:
        return ""
    plain = tidy(text).strip(" :*-–.()").replace("ـ", "").casefold()
    if plain in _EXACT:
        return "exact"
    return "phrase" if _PHRASE.search(plain) else ""


def find_totals(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    headings: Sequence[str],
    breaks: Sequence[int] = (),
    apart: Collection[int] = (),
) -> Totals:
    """Return the totals among `rows` (all of one width); `numbers` are the row numbers that people see.

    A row is a total when its label says nothing else; when its label begins or ends with the word and it leaves out
    what other rows give; or when it has no label at all and equals the sum of rows above it; and at the very end when it equals the sum of all rows above it in
    several columns. `breaks` are positions
    where a block begins, `apart` are columns whose figures are no sums.
    """
    width = len(headings)
    values = value_columns(rows, width)
    coded = _coded(rows, values)
    values -= coded
    labels = [j for j in range(width) if j not in values]
    words = _words(rows, labels)
    usual = [j for j in labels if _is_usual([row[j] for row in rows])]
    candidates: dict[int, str] = {}
    for i, row in enumerate(rows):
        kinds = {words[row[j]] for j in labels if row[j] in words}
        gaps = any(not row[j].strip() for j in usual)
        if "exact" in kinds or any(row[j] in words for j in coded):
            candidates[i] = "exact"
        elif kinds and (gaps or len(labels) == 1 or sum(bool(row[j].strip()) for j in labels) == 1):
            candidates[i] = "phrase"
        elif any(row[j] and set(row[j].strip()) == {"*"} for j in labels):
            candidates[i] = "silent"
        elif usual and values and not any(row[j].strip() for j in labels) and any(row[j].strip() for j in values):
            candidates[i] = "silent"
    if len(rows) > 3 and len(values) > 1 and _may_close(rows, values):
        candidates.setdefault(len(rows) - 1, "closing")
    if not candidates or not values:
        return Totals(rows={i for i, kind in candidates.items() if kind in ("exact", "phrase")})
    sheet = _Sheet(rows, labels, [j for j in sorted(values) if adds_up(headings[j]) and j not in apart])
    return _checked(sheet, numbers, headings, candidates, set(breaks))


def _coded(rows: Sequence[Sequence[str]], values: set[int]) -> set[int]:
    """Return the columns of codes (6410, INI-01) among `values`: a cell in them is labelled a total, as no figure ever is."""
    coded = {j for j in values if any(total_word(text) for text in {row[j] for row in rows} if _HINT.search(text))}
    return coded if coded < values else set()


def _is_usual(cells: Sequence[str]) -> bool:
    blanks = sum(not cell or cell.isspace() for cell in cells)
    return blanks <= max(2, 0.2 * len(cells)) and 2 * blanks < len(cells)


def _may_close(rows: Sequence[Sequence[str]], values: set[int]) -> bool:
    """Return whether the last row is roughly the sum of the others in some column: saves exact sums where it is not."""
    for j in values:
        try:
            *parts, last = [float(row[j]) if row[j] else 0.0 for row in rows]
        except ValueError:
            return True
        if last and abs(sum(parts) - last) <= 1e-6 * abs(last):
            return True
    return False


def _words(rows: Sequence[Sequence[str]], labels: Sequence[int]) -> dict[str, str]:
    distinct = {row[j] for j in labels for row in rows}
    return {text: kind for text in distinct if text and (kind := total_word(text))}


class _Sheet:
    """The rows with their label columns and the columns that add up, and how each of these writes decimals."""

    def __init__(self, rows: Sequence[Sequence[str]], labels: Sequence[int], added: Sequence[int]) -> None:
        self.rows, self.labels, self.added = rows, labels, added
        self._marks = {j: decimal_mark([row[j] for row in rows]) for j in added}

    def said(self, i: int) -> dict[int, Decimal]:
        """Return the figures of row i."""
        found = {j: number_of(self.rows[i][j], self._marks[j]) for j in self.added}
        return {j: number for j, number in found.items() if number is not None}

    def running(self, candidates: Collection[int]) -> dict[int, list[Decimal]]:
        """Return the sums of the details before each position."""
        sums = {j: [Decimal(0)] for j in self.added}
        for j in self.added:
            column = sums[j]
            for i, row in enumerate(self.rows):
                number = None if i in candidates or not row[j] else number_of(row[j], self._marks[j])
                column.append(column[-1] + number if number is not None else column[-1])
        return sums

    def groups(self, j: int, candidates: Collection[int]) -> list[dict[str, Decimal]]:
        """Return, for each label column, the sum of the details of column j by label (by month, say)."""
        found: list[dict[str, Decimal]] = [{} for _ in self.labels]
        for i, row in enumerate(self.rows):
            number = None if i in candidates or not row[j] else number_of(row[j], self._marks[j])
            for label, sums in zip(self.labels, found, strict=True):
                if number is not None and row[label].strip():
                    sums[row[label]] = sums.get(row[label], Decimal(0)) + number
        return found


def _checked(
    sheet: _Sheet,
    numbers: Sequence[int],
    headings: Sequence[str],
    candidates: dict[int, str],
    breaks: set[int],
    passes: int = 3,
) -> Totals:
    """Hold every candidate against the sums of the rows above it; those without a label that meet none are data."""
    parts = _Parts(sheet, candidates)
    last_detail = max((i for i in range(len(sheet.rows)) if i not in candidates), default=-1)
    result, disagreements, data = Totals(), [], set()
    for i in sorted({*candidates, *breaks}):
        if i in breaks:
            parts.cut(i)
        if i not in candidates:
            continue
        said = sheet.said(i)
        nearest = {j: parts.nearest(i, j, figure) for j, figure in said.items()}
        wrong = [j for j, figure in said.items() if abs(nearest[j] - figure) > TOLERANCE]
        of_all = [j for j in said if nearest[j] == parts.sums[j][i]]
        met = sum(bool(said[j]) for j in of_all if j not in wrong)
        if (candidates[i] == "silent" and (wrong or not said)) or (candidates[i] == "closing" and (wrong or met < 2)):
            data.add(i)
            continue
        result.rows.add(i)
        parts.cut(i)
        if wrong:
            worst = max(wrong, key=lambda j: abs(said[j] - nearest[j]))
            disagreements.append(disagreement(numbers[i], headings[worst], said[worst], nearest[worst]))
        if i > last_detail and of_all and not any(_SUB.search(sheet.rows[i][k]) for k in sheet.labels):
            result.control = {j: str(figure) for j, figure in said.items()}
    if data:  # they are parts of the totals below them, so all are held against their parts again
        silent = {i for i, kind in candidates.items() if kind in ("silent", "closing")}
        rest = {i: kind for i, kind in candidates.items() if i not in (data if passes > 1 else silent)}
        return _checked(sheet, numbers, headings, rest, breaks, passes - 1)
    result.findings = [*_repeated(sheet, result.rows), *disagreements[:SHOWN]]
    if len(disagreements) > SHOWN:
        facts = {"count": str(len(disagreements) - SHOWN)}
        result.findings.append(Finding(id="finding.total.disagree_more", severity=Severity.FLAG, facts=facts))
    return result


class _Parts:
    """The sums that a total could be of: the details since an earlier total or gap, or those of its group."""

    def __init__(self, sheet: _Sheet, candidates: dict[int, str]) -> None:
        self.sums = sheet.running(candidates)
        self._sheet, self._candidates = sheet, candidates
        self._cuts = [0]
        self._groups: dict[int, list[dict[str, Decimal]]] = {}

    def cut(self, i: int) -> None:
        """Let the parts of later totals begin at i."""
        self._cuts.append(i)

    def nearest(self, i: int, j: int, said: Decimal) -> Decimal:
        """Return the sum of parts nearest to what row i says in column j."""
        sums = self.sums[j]
        scopes = [sums[i] - sums[cut] for cut in (0, *self._cuts[-CUTS:])]
        if self._candidates[i] == "exact":
            if j not in self._groups:
                self._groups[j] = self._sheet.groups(j, self._candidates)
            row = self._sheet.rows[i]
            scopes += [g[row[k]] for k, g in zip(self._sheet.labels, self._groups[j], strict=True) if row[k] in g]
        return min(scopes, key=lambda part: abs(part - said))


def _repeated(sheet: _Sheet, totals: set[int]) -> list[Finding]:
    """Say when one total stands several times with the same figures: its parts are the same money in several cuts."""
    seen = Counter(
        (
            " ".join(tidy(sheet.rows[i][j]) for j in sheet.labels).strip(),
            tuple(sheet.rows[i][j] for j in sheet.added),
        )
        for i in totals
    )
    return [
        Finding(id="finding.total.repeated", severity=Severity.FLAG, facts={"label": label[:40], "count": str(count)})
        for (label, figures), count in seen.items()
        if count > 1 and sum(figure not in ("", "0") for figure in figures) > 1
    ]


def disagreement(number: int, heading: str, said: Decimal, parts: Decimal) -> Finding:
    """Return the finding that a total is not what its parts add up to."""
    facts = {
        "row": str(number),
        "column": heading[:40],
        "said": str(said),
        "parts": str(parts),
        "difference": str(said - parts),
    }
    return Finding(id="finding.total.disagrees", severity=Severity.FLAG, facts=facts)
