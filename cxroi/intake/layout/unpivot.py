"""Turn months, quarters or years that stand side by side as columns into rows of a period and an amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from cxroi.intake.layout.figures import decimal_mark, number_of
from cxroi.intake.layout.grid import kind_of, tidy
from cxroi.intake.layout.period import Period, period_of
from cxroi.intake.layout.totals import SHOWN, TOLERANCE, total_word
from cxroi.intake.report import Finding, Severity

FEWEST_PERIODS = 3
_GRAINS = ("month", "quarter", "year")  # from the finest
_BUDGET = re.compile(r"budget|plan|forecast|target|ميزانية|موازنة|مخطط|معتمد", re.IGNORECASE)
_ACTUAL = re.compile(r"actual|spent|spend|amount|cost|فعلي|المصروف|مبلغ|التكلفة", re.IGNORECASE)
_VARIANCE = re.compile(r"\bvar\b|varian|differen|\bdiff\b|\bdelta\b|[%٪]|الفرق|فرق|انحراف|الانحراف|نسبة", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_SPAN = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[/\-–]\s*(?:(?:20)?(\d\d))(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Which columns are periods (and of which measure), which describe the row, and what the titles say of the year."""

    periods: dict[int, tuple[Period, str]]  # column -> period, "amount" or "budget_amount"
    kept: tuple[int, ...]
    dropped: tuple[int, ...]  # totals of a row over its periods
    findings: tuple[Finding, ...]


def find_layout(headings: Sequence[str], context: str, as_of: str | None = None) -> Layout | None:
    """Return how periods lie across the columns, or None where fewer than three do.

    `context` is the text above the table and the name of the sheet; a year there completes months that name none, and
    failing that the date `as_of` up to which the figures run.
    """
    found: dict[int, tuple[Period, str]] = {}
    for j, heading in enumerate(headings):
        split = _split(heading)
        if split:
            found[j] = split
    finest = min((period.grain for period, _ in found.values()), key=_GRAINS.index, default="")
    coarse = {j: found.pop(j)[0] for j in list(found) if found[j][0].grain != finest}  # these add up the finer ones
    years = {period.year for period in coarse.values() if period.grain == "year"}
    distinct = {period for period, _ in found.values()}
    twice = len(found) > len(distinct) and all(period.month for period in distinct)
    enough = FEWEST_PERIODS - twice  # budgets beside actuals say of two months what these alone do not
    if len(distinct) < enough or len(set(found.values())) != len(found):
        return None
    findings: list[Finding] = []
    found, question = _with_years(found, str(*years) if len(years) == 1 else context, as_of)
    if question:
        findings.append(question)
    rest = [j for j in range(len(headings)) if j not in found]
    dropped = [j for j in rest if j in coarse or _adds_up(headings[j]) or compares(headings[j])]
    kept = tuple(j for j in range(len(headings)) if j not in found and j not in dropped)
    grain = next(iter(found.values()))[0].grain
    facts = {"count": str(len(distinct)), "first": min(distinct_text(found)), "last": max(distinct_text(found))}
    findings.append(Finding(id="finding.header.unpivoted", severity=Severity.NOTE, facts=facts))
    if dropped:
        names = ", ".join(dict.fromkeys(headings[j][:30] for j in dropped))
        findings.append(Finding(id="finding.header.left_out", severity=Severity.NOTE, facts={"columns": names[:200]}))
    if grain != "month":
        findings.append(Finding(id=f"finding.header.{grain}s", severity=Severity.FLAG))
    return Layout(periods=found, kept=kept, dropped=tuple(dropped), findings=tuple(findings))


def distinct_text(found: dict[int, tuple[Period, str]]) -> set[str]:
    """Return the periods as text."""
    return {period.text for period, _ in found.values()}


def _adds_up(heading: str) -> bool:
    return bool(total_word(heading)) or bool(re.fullmatch(r"(?:FY|YTD|H[12]).{0,8}|full year", heading.strip(), re.I))


def compares(heading: str) -> bool:
    """Return whether a column only sets others against each other: "Variance", "Jan Var %", "الفرق"."""
    words = re.sub(r" \([A-Z]{1,3}\)$", "", tidy(heading)).split()
    spans = [words[a:b] for a in range(len(words)) for b in range(a + 1, len(words) + 1)]
    named = max((span for span in spans if period_of(" ".join(span))), key=len, default=[])
    left = [word for word in words if word not in named] or words
    return bool(_VARIANCE.search(" ".join(left))) and (bool(named) or len(left) <= 2)


def _split(heading: str) -> tuple[Period, str] | None:
    """Return the period and measure of "Jan 2025", "Budget Jan-25", "Q1 Jan" or "مارس فعلي"."""
    text = tidy(heading)
    if period := period_of(text):
        return period, "amount"
    words = text.split()
    found: list[tuple[int, Period, str]] = []  # by how many words the period takes: its year belongs to it
    for cut in range(1, len(words)):
        for named, measure in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            rest, period = " ".join(measure), period_of(" ".join(named))
            kind = "budget_amount" if _BUDGET.search(rest) else "amount" if _ACTUAL.search(rest) else ""
            if period and not kind and period.grain == "month" and (above := _group_over(rest)):
                period, kind = (period if period.year else replace(period, year=above.year)), "amount"
            if period and kind:
                found.append((len(named), period, kind))
    return max(found, key=lambda one: one[0])[1:] if found else None


def _group_over(words: str) -> Period | None:
    """Return the quarter or half year that stands over a month, where the words are only that."""
    half = re.fullmatch(r"H[12](?: (?:FY ?)?((?:19|20)\d\d))?", words, re.IGNORECASE)
    if half:
        return Period(int(half[1] or 0))
    period = period_of(words)
    return period if period and period.grain == "quarter" else None


def _with_years(
    found: dict[int, tuple[Period, str]], context: str, as_of: str | None
) -> tuple[dict[int, tuple[Period, str]], Finding | None]:
    if all(period.year for period, _ in found.values()):
        return found, None
    months = [period.month or period.quarter * 3 for period, _ in found.values()]
    turns = any(later < earlier for earlier, later in pairwise(months))
    span = _SPAN.search(context)
    years = sorted(set(_YEAR.findall(context)))
    if span or (len(years) == 1 and not turns) or (len(years) == 2 and int(years[1]) == int(years[0]) + 1):
        year = int(span[1] if span else years[0])
        return _counted(found, year), None
    if as_of:
        year = int(as_of[:4])
        while _last_month(_counted(found, year)) > as_of[:7]:
            year -= 1
        return _counted(found, year), None
    facts = {"example": next(period.text for period, _ in found.values()), "found": ", ".join(years)[:40]}
    return found, Finding(id="finding.header.year_unknown", severity=Severity.QUESTION, facts=facts)


def _last_month(found: dict[int, tuple[Period, str]]) -> str:
    return max(f"{period.year}-{period.month or period.quarter * 3:02d}" for period, _ in found.values())


def _counted(found: dict[int, tuple[Period, str]], year: int) -> dict[int, tuple[Period, str]]:
    """Give every month its year, the next one after December."""
    before = 0
    completed = {}
    for j, (period, measure) in found.items():
        at = period.month or period.quarter * 3
        year += before > at
        before = at
        completed[j] = (period if period.year else replace(period, year=year), measure)
    return completed


def unpivot(
    layout: Layout, headings: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str]]
) -> tuple[tuple[str, ...], list[int], list[list[str]]]:
    """Return headings, row numbers and rows with one row for each period that has something in it."""
    measures = sorted({measure for _, measure in layout.periods.values()})
    periods: dict[str, dict[str, int]] = {}
    for j, (period, measure) in layout.periods.items():
        periods.setdefault(period.text, {})[measure] = j
    out_numbers, out = [], []
    for number, row in zip(numbers, rows, strict=True):
        for text, places in periods.items():
            cells = [row[places[measure]] if measure in places else "" for measure in measures]
            if any(cell.strip() for cell in cells):
                out_numbers.append(number)
                out.append([*(row[j] for j in layout.kept), text, *cells])
    return (*(headings[j] for j in layout.kept), "period", *measures), out_numbers, out


def check_row_totals(
    layout: Layout, headings: Sequence[str], numbers: Sequence[int], rows: Sequence[Sequence[str]]
) -> list[Finding]:
    """Return where a total at the end of a row is not the sum of its periods; the first few, for one measure only."""
    sums = [j for j in layout.dropped if total_word(headings[j])]
    if len(sums) != 1 or len({measure for _, measure in layout.periods.values()}) != 1:
        return []
    mark = decimal_mark([row[j] for row in rows for j in (*layout.periods, *sums)])
    findings = []
    for number, row in zip(numbers, rows, strict=True):
        said = number_of(row[sums[0]], mark)
        parts = sum((number_of(row[j], mark) or Decimal(0) for j in layout.periods), Decimal(0))
        if said is not None and abs(said - parts) > TOLERANCE:
            facts = {"row": str(number), "column": headings[sums[0]][:40], "said": str(said), "parts": str(parts)}
            facts["difference"] = str(said - parts)
            findings.append(Finding(id="finding.header.row_total_disagrees", severity=Severity.FLAG, facts=facts))
    return findings[:SHOWN]


def control_of(layout: Layout, control: dict[int, str]) -> dict[str, str]:
    """Return the closing total of each measure, from the closing totals of its period columns; none where one lacks."""
    sums: dict[str, Decimal] = {}
    for j, (_, measure) in layout.periods.items():
        if j not in control:
            return {}
        sums[measure] = sums.get(measure, Decimal(0)) + Decimal(control[j])
    return {measure: str(total) for measure, total in sums.items()}


def has_values(rows: Sequence[Sequence[str]], layout: Layout) -> bool:
    """Return whether the period columns hold numbers, as they must to be amounts."""
    cells = [row[j] for row in rows[:200] for j in layout.periods if row[j].strip()]
    return bool(cells) and sum(kind_of(cell) in "np" for cell in cells) > 0.5 * len(cells)
