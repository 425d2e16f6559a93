"""What a person says of a company's money where its data do not tell: the currency, and how much of revenue is left as margin.

A figure without a unit is none, and a margin of all the revenue is nobody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxroi.errors import StoreError
from cxroi.store.panel.counts import Note

if TYPE_CHECKING:
    import pandas as pd

_CODE = re.compile(r"(?:[A-Z]{3})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class MoneySaid:
    """The currency as a code ("": nobody has said) and the contribution margin as a share of revenue (None: nobody has said)."""

    currency: str = ""
    margin_rate: float | None = None

    def __post_init__(self) -> None:
        rate = self.margin_rate
        if not _CODE.fullmatch(self.currency) or (rate is not None and not 0 < rate <= 1):
            raise StoreError("store.money_said_invalid")


def margin_as_said(
    frame: pd.DataFrame, said: MoneySaid, *, margin_is_revenue: bool
) -> tuple[pd.DataFrame, bool, tuple[Note, ...]]:
    """Return the panel's frame with the margin that was said, whether margin still is revenue, and what a reader should know.

    Where the data tell their margin, they are believed.
    """
    if not margin_is_revenue or said.margin_rate is None or "revenue" not in frame:
        return frame, margin_is_revenue, ()
    margin = said.margin_rate * frame["revenue"]
    return (
        frame.assign(contribution_margin=margin),
        False,
        (Note(id="store.note.margin_said", facts={"share": said.margin_rate}),),
    )
