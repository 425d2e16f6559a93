"""Recognise rows that add up other rows, keep them out of the data, and check them against their parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cxroi.intake.figures import adds_up, decimal_mark, number_of, value_columns
from cxroi.intake.grid import tidy
from cxroi.intake.report import Finding, Severity

TOLERANCE = Decimal("0.0005")  # below a fils; spreadsheets carry noise far below it
SHOWN = 5
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
    rows: Sequence[Sequence[str]], numbers: Sequence[int], headings: Sequence[str], breaks: Sequence[int] = ()
) -> Totals:
    """Return the totals among `rows` (all of one width); `numbers` are the row numbers that people see.

    A row is a total when its label says nothing else; when its label begins or ends with the word and it leaves out
    what other rows give; or when it has no label at all and equals the sum of rows above it; and at the very end when it equals the sum of all rows above it in
    several columns. `breaks` are positions
    where a block begins.
    """
    width = len(headings)
    values = value_columns(rows, width)
    labels = [j for j in range(width) if j not in values]
    words = _words(rows, labels)
    usual = [j for j in labels if _is_usual([row[j] for row in rows])]
    candidates: dict[int, str] = {}
    for i, row in enumerate(rows):
        kinds = {words[row[j]] for j in labels if row[j] in words}
        gaps = any(not row[j].strip() for j in usual)
        if "exact" in kinds:
            candidates[i] = "exact"
        elif kinds and (gaps or len(labels) == 1 or sum(bool(row[j].strip()) for j in labels) == 1):
            candidates[i] = "phrase"
        elif usual and values and not any(row[j].strip() for j in labels) and any(row[j].strip() for j in values):
            candidates[i] = "silent"
    if len(rows) > 3 and len(values) > 1 and _may_close(rows, values):
        candidates.setdefault(len(rows) - 1, "closing")
    if not candidates or not values:
        return Totals(rows={i for i, kind in candidates.items() if kind in ("exact", "phrase")})
    added = [j for j in sorted(values) if adds_up(headings[j])]
    return _checked(rows, numbers, headings, labels, added, candidates, breaks)


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


def _checked(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    headings: Sequence[str],
    labels: Sequence[int],
    added: Sequence[int],
    candidates: dict[int, str],
    breaks: Sequence[int],
) -> Totals:
    marks = {j: decimal_mark([row[j] for row in rows]) for j in added}
    sums = {j: _running(rows, j, marks[j], candidates) for j in added}
    result = Totals()
    cuts = [0]  # positions from which a scope may begin
    disagreements: list[Finding] = []
    last_detail = max((i for i in range(len(rows)) if i not in candidates), default=-1)
    begins = set(breaks)
    for i, row in enumerate(rows):
        if i in begins:
            cuts.append(i)
        if i not in candidates:
            continue
        agreed = False
        worst: tuple[Decimal, int, Decimal] | None = None
        whole = False
        for j in added:
            said = number_of(row[j], marks[j])
            if said is None:
                continue
            scopes = [sums[j][i] - sums[j][cut] for cut in cuts[-60:]]
            scopes += _same_group(rows, i, j, labels, marks[j], candidates) if candidates[i] == "exact" else []
            nearest = min(scopes, key=lambda part: abs(part - said))
            whole |= nearest == sums[j][i]
            if abs(nearest - said) <= TOLERANCE:
                agreed = True
            elif worst is None or abs(said - nearest) > abs(said - worst[2]):
                worst = said, j, nearest
        if candidates[i] in ("silent", "closing") and (not agreed or worst is not None):
            continue
        if candidates[i] == "closing" and not _adds_up_throughout(rows[i], i, added, marks, sums):
            continue
        result.rows.add(i)
        cuts.append(i)
        if worst is not None:
            disagreements.append(disagreement(numbers[i], headings[worst[1]], worst[0], worst[2]))
        if i > last_detail and whole and not any(_SUB.search(row[k]) for k in labels):
            result.control = {j: str(said) for j in added if (said := number_of(row[j], marks[j])) is not None}
    result.findings = [*_repeated(rows, result.rows, added, labels), *disagreements[:SHOWN]]
    if len(disagreements) > SHOWN:
        facts = {"count": str(len(disagreements) - SHOWN)}
        result.findings.append(Finding(id="finding.total.disagree_more", severity=Severity.FLAG, facts=facts))
    return result


def _repeated(
    rows: Sequence[Sequence[str]], totals: set[int], added: Sequence[int], labels: Sequence[int]
) -> list[Finding]:
    """Say when one total stands several times with the same figures: its parts are the same money in several cuts."""
    seen = Counter(
        (" ".join(tidy(rows[i][j]) for j in labels).strip(), tuple(rows[i][j] for j in added)) for i in totals
    )
    return [
        Finding(id="finding.total.repeated", severity=Severity.FLAG, facts={"label": label[:40], "count": str(count)})
        for (label, figures), count in seen.items()
        if count > 1 and sum(figure not in ("", "0") for figure in figures) > 1
    ]


def _adds_up_throughout(
    row: Sequence[str], i: int, added: Sequence[int], marks: dict[int, str], sums: dict[int, list[Decimal]]
) -> bool:
    """Return whether an unmarked last row is the sum of all rows above it in two columns at least: no coincidence."""
    said = {j: number_of(row[j], marks[j]) for j in added}
    return sum(bool(number) and number == sums[j][i] for j, number in said.items()) >= 2


def _running(rows: Sequence[Sequence[str]], j: int, mark: str, candidates: dict[int, str]) -> list[Decimal]:
    """Return the sum of the details before each position."""
    sums = [Decimal(0)]
    for i, row in enumerate(rows):
        number = None if i in candidates or not row[j] else number_of(row[j], mark)
        sums.append(sums[-1] + number if number is not None else sums[-1])
    return sums


def _same_group(
    rows: Sequence[Sequence[str]], i: int, j: int, labels: Sequence[int], mark: str, candidates: dict[int, str]
) -> list[Decimal]:
    """Return the sums of the details that share a label (a month, say) with the total in row i."""
    groups = []
    for label in labels:
        shared = rows[i][label]
        if not shared.strip() or total_word(shared):
            continue
        parts = [number_of(row[j], mark) for k, row in enumerate(rows) if k not in candidates and row[label] == shared]
        if parts:
            groups.append(sum((part for part in parts if part is not None), Decimal(0)))
    return groups


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
