"""Why rows of a sheet were passed over, in one sentence a reason: what is no data is counted and named, never dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.intake.layout.grid import tidy
from cxroi.intake.report import Finding, Severity

_ID = {"balance": "finding.total.balance", "of_which": "finding.total.of_which"}
_FLAGGED = ("balance", "of_which", "zeros", "closing", "income")
_TOLD_ELSEWHERE = (
    "total",
    "parent",
    "other_table",
)  # with their sums, and with the row in which the other table begins
_SHOWN = 10


def about_skipped(skipped: Sequence[tuple[int, str]], words: Mapping[int, str], column: str = "") -> list[Finding]:
    """Return a finding for each reason; `words` are what rows say that were taken as notes, by their number.

    `column` is where the names of rows that only name others stand.
    """
    rows: dict[str, list[int]] = {}
    for number, why in skipped:
        if why not in _TOLD_ELSEWHERE:
            rows.setdefault(why, []).append(number)
    return [_about(why, numbers, words, column) for why, numbers in rows.items()]


def only_zeros(row: Sequence[str]) -> bool:
    """Return whether a record holds nothing but zero bytes, as the end of a copy that was broken off.

    >>> only_zeros(["\\0\\0\\0"]), only_zeros(["\\ufffd"]), only_zeros([""])
    (True, True, False)
    """
    text = "".join(row).strip()
    return bool(text) and not text.strip("\0\ufffd")


def _about(why: str, numbers: Sequence[int], words: Mapping[int, str], column: str) -> Finding:
    facts = {"count": str(len(numbers)), "rows": ", ".join(map(str, numbers[:_SHOWN]))}
    if why == "section":
        facts["column"] = column
    if why == "note":
        facts["words"] = tidy(words.get(numbers[0], ""))[:60]
    severity = Severity.FLAG if why in _FLAGGED else Severity.NOTE
    return Finding(id=_ID.get(why, f"finding.skipped.{why}"), severity=severity, facts=facts)
