"""Split an amount that belongs to several segments or months, exactly: the parts add up to the last thousandth.

How the shared lines of a ledger are divided is an `Allocation`: by customers, by revenue, or by shares that were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

BY_CUSTOMERS, BY_REVENUE, BY_SHARES = RULES = ("customers", "revenue", "shares")
EVERY_LINE = ""  # the name under which shares stand that hold for every initiative without shares of its own


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """How a ledger line without a segment is divided over the segments of a month.

    `shares` hold by initiative, then by segment, in any unit (60 and 40 are 0.6 and 0.4). They are used where `rule` is
    "shares"; an initiative with shares of its own follows them, the others those of EVERY_LINE, and what neither covers
    is divided by customers. Names match whatever their case.
    """

    rule: str = BY_CUSTOMERS
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def groups(self, initiatives: pd.Series) -> pd.Series:
        """Return for each line the name of the shares that it follows."""
        own = {name.casefold() for name in self.shares if name} if self.rule == BY_SHARES else set()
        return initiatives.map(
            lambda name: str(name).casefold() if not pd.isna(name) and str(name).casefold() in own else EVERY_LINE
        )

    def weights(self, group: str, frame: pd.DataFrame) -> NDArray[np.float64]:
        """Return the weights of one group of lines, shape (n_months, n_segments); `frame` is the panel's, by month."""
        segments = list(frame["segment"].unique())
        given = next((shares for name, shares in self.shares.items() if name.casefold() == group), {})
        by_name = {name.casefold(): share for name, share in given.items()}
        chosen = np.array([by_name.get(str(segment).casefold(), 0.0) for segment in segments], dtype=float)
        customers = _by_month(frame, "customers_at_start", len(segments))
        if self.rule == BY_SHARES and chosen.sum() > 0:
            return np.tile(chosen, (customers.shape[0], 1))
        customers = _or_else(customers, _by_month(frame, "customers_joined", len(segments)))
        if self.rule == BY_REVENUE and "revenue" in frame:
            return _or_else(_by_month(frame, "revenue", len(segments)).clip(min=0), customers)
        return customers


def _by_month(frame: pd.DataFrame, column: str, segments: int) -> NDArray[np.float64]:
    return frame[column].to_numpy(dtype=float).reshape((-1, segments))


def _or_else(weights: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `weights`, and `others` in the months that have none."""
    return np.where(weights.sum(axis=1, keepdims=True) > 0, weights, others)


def split(amount_thousandth: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Split an amount in proportion to `weights` by the method of largest remainders.

    Each part is the exact share rounded down; what is left goes, one thousandth each, to the largest remainders, the
    first of equals before the next (Hamilton's method). Without any weight the parts are equal.

    Parameters
    ----------
    amount_thousandth : money x 1000, of either sign
    weights : shape (n_parts,), >= 0

    Returns
    -------
    ndarray, shape (n_parts,), money x 1000, whose sum is `amount_thousandth`

    Examples
    --------
    >>> split(100, [1, 1, 1])
    array([34, 33, 33])
    >>> split(-100, [3, 1])
    array([-75, -25])
    """
    share = np.nan_to_num(np.asarray(weights, dtype=float))
    share = share / share.sum() if share.sum() > 0 else np.full(share.size, 1 / share.size)
    size = abs(int(amount_thousandth))
    exact = size * share
    parts = np.floor(exact).astype(np.int64)
    left = size - int(parts.sum())
    if left > 0:
        parts[np.argsort(-(exact - parts), kind="stable")[:left]] += 1
    # above 2^53 floating point shares are off by more than the parts are many; the largest takes the rest
    parts[np.argmax(parts)] += size - int(parts.sum())
    return parts if amount_thousandth >= 0 else -parts


def split_rows(amounts_thousandth: NDArray[np.int64], weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split the amount of each row by the weights of that row, shape (n_rows, n_parts)."""
    rows = [split(int(amount), row) for amount, row in zip(amounts_thousandth, weights, strict=True)]
    return np.stack(rows) if rows else np.zeros(weights.shape, dtype=np.int64)
