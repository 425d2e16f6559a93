"""CX spend by investment line: the cells of the panel divided by what the ledger calls its lines, to the last thousandth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import StoreError
from cxroi.model.company.sharing import Sharing
from cxroi.money.exchange import as_table
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.panel import PanelFrame
from cxroi.store.panel.spend import LABELS, CostAccount, Rates, Spend, converted, no_rates, read_spend

DIMENSIONS = LABELS["line_months"]  # from the finest to the coarsest
REST = ""  # the name of what is too small, or has no name
_MOST_LINES, _SMALLEST_SHARE, _WELL_LABELLED, _LABELLED_AT_ALL = 12, 0.02, 0.8, 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class LineSpend:
    """CX spend by line, month and segment: `frame` has one column a line beside month and segment, and they add up to the panel.

    The largest line comes first; REST, where there is one, last. `labelled_share` is the part of CX spend that `by` names.
    """

    by: str
    names: tuple[str, ...]
    frame: pd.DataFrame
    labelled_share: float


def read_lines(
    engine: Engine,
    panel: PanelFrame,
    *,
    by: str | None = None,
    rates: Rates = no_rates,
    allocation: Sharing = Sharing(),  # noqa: B008  (frozen)
) -> LineSpend:
    """Return the spend of the panel by line; `by` is one of DIMENSIONS, by default the finest that names four fifths of it.

    Lines below 2 % of the spend, lines beyond the twelve largest and what has no name make up REST. `rates` and `allocation`
    are those that the panel was read with. Raises StoreError where the spend came by month, or nothing names most of it.
    """
    if panel.account is None:
        raise StoreError("store.lines.no_ledger")
    spend = read_spend(engine, currency=panel.account.currency, rates=rates, query="line_months")
    inside = spend.lines[spend.lines["month"].isin(panel.frame["month"])]
    shares = {name: _labelled(inside, name) for name in DIMENSIONS}
    by = by or next(
        (name for name in DIMENSIONS if shares[name] >= _WELL_LABELLED), max(shares, key=shares.__getitem__)
    )
    if shares[by] < _LABELLED_AT_ALL:
        raise StoreError("store.lines.not_named", by=by, share=round(100 * shares[by]))
    line = _kept_names(inside, by, spend.lines[by])
    names = tuple(dict.fromkeys([*_by_size(inside, line)]))
    cells = {name: _cells(spend, line == name, panel, allocation) for name in names}
    frame = panel.frame[["month", "segment"]].assign(**_adding_up(cells, panel))
    return LineSpend(by=by, names=names, frame=frame, labelled_share=shares[by])


def read_initiatives(engine: Engine) -> pd.DataFrame:
    """Return the initiatives as they were uploaded, a row each; no rows where there are none."""
    return engine.query("initiative_rows")


def read_initiative_money(engine: Engine, account: CostAccount, rates: Rates = no_rates) -> pd.DataFrame:
    """Return what the ledger says of each initiative: name (folded case), month, segment, amount and budget, in money.

    Amounts as they were paid: capital and one-off spend in its own month.
    """
    rows = engine.query("line_months")
    rows = rows[rows["is_cx"] & rows["initiative"].notna()]
    foreign = set(rows["currency"].dropna()) - {account.currency}
    worth = as_table(rates(account.currency) if foreign else {}).only(foreign)
    money = {
        to: np.array(converted(rows, of, worth, account.currency)) / 1000
        for to, of in (("amount", "amount_thousandth"), ("budget", "budget_thousandth"))
    }
    name = rows["initiative"].str.casefold()
    return rows[["month", "segment"]].assign(name=name, month=pd.to_datetime(rows["month"]), **money)


def _labelled(lines: pd.DataFrame, by: str) -> float:
    total = float(lines["thousandth"].sum())
    return float(lines["thousandth"][lines[by].notna()].sum()) / total if total else 0.0


def _kept_names(inside: pd.DataFrame, by: str, named: pd.Series) -> pd.Series:
    """Return the line that each row of the ledger belongs to; names are the same apart from case."""
    key = inside[by].dropna().astype(str).str.casefold()
    size = inside.loc[key.index].groupby(key)["thousandth"].sum().sort_values(ascending=False, kind="stable")
    large = size[size >= _SMALLEST_SHARE * inside["thousandth"].sum()].index[:_MOST_LINES]
    written = inside.loc[key.index, by].groupby(key).first()
    kept = {fold: str(written[fold]) for fold in large}
    return named.map(lambda name: REST if pd.isna(name) else kept.get(str(name).casefold(), REST))


def _by_size(inside: pd.DataFrame, line: pd.Series) -> list[str]:
    size = inside.groupby(line.loc[inside.index])["thousandth"].sum().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in size.index]
    return [name for name in names if name != REST] + [REST] * (REST in names)


def _cells(spend: Spend, own: pd.Series, panel: PanelFrame, allocation: Sharing) -> NDArray[np.int64]:
    frame, _, _ = replace(spend, lines=spend.lines[own]).allocated(panel.frame, allocation)
    return np.round(frame["cx_spend"].to_numpy() * 1000).astype(np.int64)


def _adding_up(cells: dict[str, NDArray[np.int64]], panel: PanelFrame) -> dict[str, NDArray[np.float64]]:
    """Give each cell's largest line the few thousandths by which shares rounded line by line differ from the panel's."""
    names, parts = list(cells), np.stack(list(cells.values()))
    total = np.round(panel.frame["cx_spend"].to_numpy() * 1000).astype(np.int64)
    left = total - parts.sum(axis=0)
    parts[np.abs(parts).argmax(axis=0), np.arange(parts.shape[1])] += left
    return {name: part / 1000 for name, part in zip(names, parts, strict=True)}
