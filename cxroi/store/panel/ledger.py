"""The whole cost ledger in one currency, cell by cell, so that every sum of it is the panel's to the last thousandth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxroi.errors import StoreError
from cxroi.money.exchange import RateTable
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.spend import Rates, converted, in_one_currency, no_rates
from cxroi.tables import ACQUISITION

_PANEL_CELL = ["month", "segment", "initiative", "currency", "is_capex", "is_cx", "is_acquisition", "one_off"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ledger:
    """The ledger: `cells` has a row per month and everything that its lines are called.

    Beside the columns of the query line_months: thousandth and budget_thousandth in `currency`, amount_thousandth as
    written, and counts ("cx", "not_cx", "acquisition"). `rates` are those that were used.
    """

    cells: pd.DataFrame
    currency: str
    rates: RateTable

    @property
    def posted_until(self) -> pd.Timestamp | None:
        """Return the last month with an amount; a line that has a budget alone is none."""
        posted = self.cells["month"][self.cells["amount_thousandth"] != 0]
        return None if posted.empty else posted.max()


def read_ledger(engine: Engine, *, currency: str | None = None, rates: Rates = no_rates) -> Ledger:
    """Return the ledger of a version. Raises StoreError where there is none, or an amount has no rate."""
    loaded = engine.version.tables.get("costs")
    if loaded is None or not loaded.rows:
        raise StoreError("costs.no_ledger")
    cells, reporting, used = in_one_currency(engine, "line_months", currency=currency, rates=rates)
    cells["thousandth"] = _as_in_the_panel(cells, used, reporting)
    cells["budget_thousandth"] = converted(cells, "budget_thousandth", used, reporting)
    counts = np.select([cells["is_acquisition"], cells["is_cx"]], [ACQUISITION, "cx"], "not_cx")
    return Ledger(cells=cells.assign(counts=counts), currency=reporting, rates=used)


def _as_in_the_panel(cells: pd.DataFrame, rates: RateTable, reporting: str) -> pd.Series:
    """Return converted amounts that add up, over what the panel tells apart, to what it converts in one go.

    Each is rounded by itself; the largest of a cell of the panel takes the few thousandths by which that differs.
    """
    amounts = cells["thousandth"].astype("int64")
    if not len(rates) or cells.empty:
        return amounts
    cell = cells.groupby(_PANEL_CELL, dropna=False, sort=False).ngroup()
    together = cells.assign(amount_thousandth=cells.groupby(cell)["amount_thousandth"].transform("sum"))
    aim = pd.Series(converted(together, "amount_thousandth", rates, reporting), index=cells.index, dtype="int64")
    largest = amounts.abs().groupby(cell).idxmax()
    left = aim - amounts.groupby(cell).transform("sum")
    return amounts.add(left.loc[largest], fill_value=0).astype("int64")
