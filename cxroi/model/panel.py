"""The panel: one row per month and segment, the one seam between uploaded data and the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """Months by segments, every array of shape (n_segments, n_months); a cell that was never observed is NaN.

    `months` are first days, ascending, without gaps. Money is in `currency`. `customers_joined` may be NaN throughout
    when the data do not tell. `source` says what the counts came from: "monthly", "customers" or "orders".
    `complete_months` is False where a month is right-censored (the inactivity window has not run out) or cut short.
    """

    months: NDArray[np.datetime64]  # (n_months,), datetime64[M]
    segments: tuple[str, ...]
    customers_at_start: Counts
    customers_joined: Counts
    customers_lost: Counts
    revenue: Counts
    contribution_margin: Counts  # after variable cost, before CX spend and support cost
    support_contacts: Counts
    support_cost: Counts
    cx_spend: Counts
    complete_months: NDArray[np.bool_]  # (n_months,)
    orders: Counts | None = None
    currency: str = ""
    source: str = "monthly"
    inactivity_window_months: int | None = None
    spend_is_shared: bool = False  # True when segments' spend is one company total allocated by a rule
    margin_is_revenue: bool = False  # True when no variable cost was given and margin had to be taken as revenue
