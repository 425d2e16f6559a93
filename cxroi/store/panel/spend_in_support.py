"""CX spend that is booked in support cost too: what a person says of it, and how it is taken out of support cost.

Counted in both it looks as if spend made support dearer, and the plan pays for it twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from cxroi.errors import StoreError
from cxroi.store.panel.counts import Note
from cxroi.store.versions.version import Version

ANSWERS = ("", "no", "share", "amount", "unknown")  # "": nobody has been asked yet


@dataclass(frozen=True, kw_only=True)
class SpendInSupport:
    """What a person says: none, a share of CX spend (0..1), an amount of the whole company a month, or "I do not know"."""

    answer: str = ""
    share: float = 0.0
    amount_a_month: float = 0.0

    def __post_init__(self) -> None:
        amount = self.amount_a_month if self.answer == "amount" else self.share if self.answer == "share" else 1.0
        if self.answer not in ANSWERS or not math.isfinite(amount) or amount <= 0 or not 0 <= self.share <= 1:
            raise StoreError("store.spend_in_support_invalid")

    def part(self, spend: np.ndarray) -> np.ndarray:
        """Return the part of CX spend that is in support cost too, by month and segment, (n_months, n_segments)."""
        spend = np.maximum(np.nan_to_num(spend), 0.0)
        if self.answer == "share":
            return self.share * spend
        month = spend.sum(axis=1, keepdims=True)
        share = np.divide(self.amount_a_month, month, out=np.zeros_like(month), where=month > 0)
        return np.minimum(share, 1.0) * spend


def is_open(version: Version, kept: SpendInSupport) -> bool:
    """Return whether a version has both CX spend and support cost of a company's own, and nobody has said yet how they meet."""
    if version.illustrative or kept.answer:
        return False

    def total(table: str, column: str) -> bool:
        held = version.tables.get(table)
        return held is not None and Decimal(held.sums.get(column) or 0) != 0

    if "monthly" in version.tables:
        return total("monthly", "cx_spend") and total("monthly", "support_cost")
    return total("costs", "amount") and total("contacts", "cost")


def without_spend(
    frame: pd.DataFrame, kept: SpendInSupport, currency: str, *, illustrative: bool
) -> tuple[pd.DataFrame, str, tuple[Note, ...]]:
    """Return the panel's frame with CX spend taken out of support cost, the panel's mark of it, and what a reader should know.

    The mark is "" where there is nothing to take out or nobody was asked, "no", "taken_out" or "unknown".
    """
    known = "support_cost" in frame and (frame["support_cost"] > 0).any() and (frame["cx_spend"] > 0).any()
    if not known:
        return frame, "", ()
    if kept.answer == "no":
        return frame, "no", (Note(id="store.note.spend_in_support_no"),)
    if kept.answer in ("", "unknown"):
        open_ = () if illustrative else (Note(id="store.note.spend_in_support_open"),)
        return frame, kept.answer, open_
    segments = list(frame["segment"].unique())
    part = kept.part(frame["cx_spend"].to_numpy(dtype=float).reshape((-1, len(segments)))).ravel()
    support = frame["support_cost"].to_numpy(dtype=float)
    taken = np.minimum(part, np.maximum(np.nan_to_num(support), 0.0))
    short = ~np.isnan(support) & (part > taken + 0.0005)
    amount = {"share": kept.share} if kept.answer == "share" else {"amount": kept.amount_a_month}
    facts = {**amount, "taken": float(taken.sum()), "currency": currency}
    notes = [Note(id=f"store.note.spend_in_support_{kept.answer}", facts=facts)]
    if short.any():
        where = {
            "months": int(frame["month"][short].nunique()),
            "segments": ", ".join(sorted(set(frame["segment"][short]))),
        }
        notes.append(Note(id="store.note.spend_in_support_short", facts=where))
    return frame.assign(support_cost=support - taken), "taken_out", tuple(notes)
