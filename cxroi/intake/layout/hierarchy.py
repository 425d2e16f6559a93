"""Accounts above other accounts that repeat their amounts: by code, by indentation or by a column of levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from cxroi.intake.layout.figures import decimal_mark, number_of
from cxroi.intake.layout.header import plainly
from cxroi.intake.layout.totals import SHOWN, TOLERANCE, disagreement
from cxroi.intake.report import Finding, Severity

_LEVEL = re.compile(r"(?:account )?level|hierarchy level|stufe|ebene|(?:ال)?مستوى(?: (?:ال)?حساب)?", re.IGNORECASE)
_CODE = re.compile(r"\s*(\d[\d.\-/]*\d|\d)(?!\w)")
_ENOUGH = 0.5  # of the accounts above others must be their sum, or they are lines of their own


def parents(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], headings: Sequence[str], money: Sequence[int]
) -> tuple[set[int], list[Finding]]:
    """Return the positions of rows that repeat what the accounts below them hold, and where one says something else.

    `money` are the columns of amounts. Codes, blanks before a name and a column of levels are tried in turn; what they
    say counts only where the amounts agree, since an account may have both postings of its own and accounts below it.
    """
    marks = {j: decimal_mark([row[j] for row in rows]) for j in money}
    figures = [[number_of(row[j], marks[j]) or Decimal(0) for j in money] for row in rows]
    best: tuple[set[int], list[Finding]] = (set(), [])
    for below in _ways(rows, headings, money):
        agree = {i for i, kids in below.items() if _sum(figures, below, kids) == figures[i] and any(figures[i])}
        owing = {i for i in below if any(figures[i])}
        if not agree or len(agree) < _ENOUGH * len(owing) or len(agree) <= len(best[0]):
            continue
        found = [
            disagreement(numbers[i], headings[j], figures[i][k], _sum(figures, below, below[i])[k])
            for i in sorted(owing - agree)
            for k, j in enumerate(money)
            if abs(figures[i][k] - _sum(figures, below, below[i])[k]) > TOLERANCE
        ]
        best = owing | {i for i in below if not any(figures[i])}, found[:SHOWN]
    out, found = best
    if out:
        facts = {"count": str(len(out)), "rows": ", ".join(str(numbers[i]) for i in sorted(out)[:10])}
        found = [Finding(id="finding.total.parents", severity=Severity.NOTE, facts=facts), *found]
    return out, found


def _sum(figures: list[list[Decimal]], below: dict[int, list[int]], kids: Sequence[int]) -> list[Decimal]:
    """Return the sums of the accounts below that have none below them, with what those between may hold beside them left out."""
    leaves = _leaves(below, kids)
    return [sum((figures[i][k] for i in leaves), Decimal(0)) for k in range(len(figures[0]))]


def _leaves(below: dict[int, list[int]], kids: Sequence[int]) -> list[int]:
    return [leaf for kid in kids for leaf in (_leaves(below, below[kid]) if kid in below else [kid])]


def _ways(rows: Sequence[Sequence[str]], headings: Sequence[str], money: Sequence[int]) -> list[dict[int, list[int]]]:
    """Return the accounts directly below each account, in every way in which the rows show that."""
    texts = [j for j in range(len(headings)) if j not in money]
    ways = []
    for j in texts:
        levels = [row[j] for row in rows]
        if _LEVEL.fullmatch(plainly(headings[j])) and all(cell.strip().isdigit() for cell in levels):
            ways.append(_by_depth([int(cell) for cell in levels]))
        indents = [len(cell) - len(cell.lstrip(" \u00a0\t")) for cell in levels]
        if any(indents):
            ways.append(_by_depth(indents))
        codes = [_CODE.match(cell) for cell in levels]
        if sum(map(bool, codes)) > 0.8 * len(rows):
            ways += _by_code([re.sub(r"\D", "", code[1]) if code else "" for code in codes])
    first = [next((j for j in texts if row[j].strip()), 0) for row in rows]
    if len(set(first)) > 1:
        ways.append(_by_depth(first))
    return [way for way in ways if way]


def _by_depth(depths: Sequence[int]) -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    open_: list[int] = []
    for i, depth in enumerate(depths):
        while open_ and depths[open_[-1]] >= depth:
            open_.pop()
        if open_:
            below.setdefault(open_[-1], []).append(i)
        open_.append(i)
    return below


def _by_code(codes: Sequence[str]) -> list[dict[int, list[int]]]:
    """Return who stands below whom where longer codes begin with shorter ones: 64 over 6410; 6400 over 6410 without its zeros."""
    found = []
    for bare in (list(codes), [code.rstrip("0") or code for code in codes]):
        places = {code: i for i, code in reversed(list(enumerate(bare))) if code}
        below: dict[int, list[int]] = {}
        for i, code in enumerate(bare):
            above = next((places[code[:n]] for n in range(len(code) - 1, 0, -1) if code[:n] in places), None)
            if above is not None and above != i:
                below.setdefault(above, []).append(i)
        if len(places) == sum(map(bool, bare)):  # each code once, as in a trial balance
            found.append(below)
    return found
