"""Which part of a cost ledger counts as customer experience, by which rule, and who said so and when, as each load wrote it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cxroi.store.versions.version import Version

_COUNTED = ("finding.cx_counted", "finding.no_cx_lines")


@dataclass(frozen=True, kw_only=True)
class CxPart:
    """The part of a ledger that counts: of its amount, its lines, and its names in the column by which it was told apart.

    `unsaid` are the lines of loads from before the question was asked: nobody has said what they are, and all of them count. `itself`:
    a column of the file says which lines count. `who` and `at` are empty where a load does not tell.
    """

    amount: Decimal
    of: Decimal
    currency: str
    lines: int
    of_lines: int
    names: int
    of_names: int
    column: str
    unsaid: int
    itself: bool
    who: str
    at: str  # ISO, or ""

    @property
    def share(self) -> float:
        """Return the share of the amount that counts, 0 where there is none."""
        return float(self.amount / self.of) if self.of > 0 else 0.0


def part_that_is_cx(version: Version) -> CxPart | None:
    """Return which part of the ledger of a version counts; None where a verdict does not rest on a company's own ledger."""
    if version.illustrative or "costs" not in version.tables or "monthly" in version.tables:
        return None
    sources = version.tables["costs"].sources
    told = [_told(source) for source in sources]
    said = [source["cx_said"] for source in sources if source.get("cx_said")]
    last = max(said, key=lambda one: str(one["at"]), default=None)
    known = [one for one in told if one]
    columns = {str(one["column"]) for one in known}

    def add(name: str) -> Decimal:
        return sum((Decimal(one.get(name, "0")) for one in known), Decimal(0))

    one_ledger = len(known) == 1  # names of several ledgers may be the same ones
    return CxPart(
        amount=add("cx_amount"),
        of=add("amount"),
        currency=next(iter({str(one["currency"]) for one in known}), "") if _one_currency(known) else "",
        lines=int(add("cx_lines")),
        of_lines=int(add("lines")),
        names=int(add("cx_names")) if one_ledger else 0,
        of_names=int(add("names")) if one_ledger else 0,
        column=columns.pop() if len(columns) == 1 else "",
        unsaid=sum(
            int(source.get("rows", 0))
            for source, one in zip(sources, told, strict=True)
            if not one and not _says_itself(source)
        ),
        itself=all(map(_says_itself, sources)),
        who=str(last["who"]) if last else "",
        at=str(last["at"]) if last else "",
    )


def _told(source: Mapping[str, Any]) -> Mapping[str, str]:
    return next((one["facts"] for one in source.get("findings", ()) if one["id"] in _COUNTED), {})


def _says_itself(source: Mapping[str, Any]) -> bool:
    rules = any(
        str(one["id"]).startswith("finding.rule.") and "target" in one["facts"] for one in source.get("findings", ())
    )
    return "is_cx" in source.get("mapping", {}) and not rules


def _one_currency(told: list[Mapping[str, str]]) -> bool:
    return len({one["currency"] for one in told}) == 1
