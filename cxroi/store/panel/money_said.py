"""What a person says of a company's money where its data do not tell: the currency, and how much of revenue is left as margin.

A figure without a unit is none, and a margin of all the revenue is nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from cxroi.errors import StoreError
from cxroi.store.panel.counts import Note

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.versions.version import Version

_REVENUE = {"amount", "revenue", "monthly_revenue"}
_MARGIN = {"contribution_margin", "margin", "variable_cost"}
_CODE = re.compile(r"(?:[A-Z]{3})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class MoneySaid:
    """The currency as a code ("": nobody has said) and the contribution margin as a share of revenue (None: nobody has said)."""

    currency: str = ""
    margin_rate: float | None = None
    margin_unknown: bool = False  # asked, and nobody knows it

    def __post_init__(self) -> None:
        rate = self.margin_rate
        if not _CODE.fullmatch(self.currency) or (rate is not None and (self.margin_unknown or not 0 < rate <= 1)):
            raise StoreError("store.money_said_invalid")


def open_money(version: Version, said: MoneySaid) -> tuple[str, ...]:
    """Return what neither a company's own data nor anybody tells of their money: "currency", "margin"."""
    if version.illustrative:
        return ()
    used = ["monthly"] if "monthly" in version.tables else list(version.tables)
    sums = {
        column if name != "costs" else "cost"
        for name in used
        for column, total in version.tables[name].sums.items()
        if Decimal(total or 0)
    }
    named = any(source.get("currency") for table in version.tables.values() for source in table.sources)
    told = {
        "currency": not sums or named or said.currency,
        "margin": not sums & _REVENUE or sums & _MARGIN or said.margin_rate is not None or said.margin_unknown,
    }
    return tuple(name for name, is_told in told.items() if not is_told)


def margin_as_said(
    frame: pd.DataFrame, said: MoneySaid, *, margin_is_revenue: bool
) -> tuple[pd.DataFrame, bool, tuple[Note, ...]]:
    """Return the panel's frame with the margin that was said, whether margin still is revenue, and what a reader should know.

    Where the data tell their margin, they are believed.
    """
    if not margin_is_revenue or said.margin_rate is None or "revenue" not in frame:
        unknown = (Note(id="store.note.margin_unknown"),) if margin_is_revenue and said.margin_unknown else ()
        return frame, margin_is_revenue, unknown
    margin = said.margin_rate * frame["revenue"]
    return (
        frame.assign(contribution_margin=margin),
        False,
        (Note(id="store.note.margin_said", facts={"share": said.margin_rate}),),
    )
