"""The panel by SQL from whichever tables there are: the company's own, customers with costs, or orders with costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxroi.errors import StoreError
from cxroi.model.company.panel import Panel
from cxroi.model.company.segments import WHOLE, named_segments
from cxroi.model.company.sharing import Sharing, split_rows
from cxroi.store.engine.engine import Engine
from cxroi.store.panel.counts import MonthlyCounts, Note, contract_counts, order_counts
from cxroi.store.panel.events import read_events
from cxroi.store.panel.money_said import MoneySaid, margin_as_said
from cxroi.store.panel.spend import CostAccount, Rates, no_rates, read_spend, source_currencies
from cxroi.store.panel.spend_in_support import SpendInSupport, without_spend

Source = Literal["monthly", "customers", "orders"]
PERMITTED: Mapping[Source, tuple[str, ...]] = {
    "monthly": ("monthly",),
    "customers": ("customers", "costs"),
    "orders": ("orders", "costs"),
}
_OWN_ACCOUNT: tuple[Source, ...] = ("customers", "orders")  # of who joined and who left


@dataclass(frozen=True, kw_only=True)
class DataChoices:
    """Which permitted sets of tables are loaded, and for the others what is missing."""

    rows: Mapping[str, int]
    complete: tuple[Source, ...]
    missing: Mapping[Source, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, eq=False)
class PanelFrame:
    """The panel as a frame, one row per month and segment, with what `Panel.from_frame` needs beside it.

    `frame` has the columns of model.md section 1 (and orders, where there are any); a column that was never observed is
    absent. `meta`: complete_months (one flag a month), currency, source, inactivity_window_months, spend_is_shared,
    margin_is_revenue, spend_in_support, events. `account` says where every unit of the cost ledger went; None when spend came by month.
    """

    frame: pd.DataFrame
    meta: Mapping[str, Any]
    notes: tuple[Note, ...] = ()
    account: CostAccount | None = None


def data_choices(engine: Engine) -> DataChoices:
    """Return which of the permitted sets of tables the version has."""
    rows = {name: table.rows for name, table in engine.version.tables.items() if table.rows}
    missing = {source: tuple(t for t in tables if t not in rows) for source, tables in PERMITTED.items()}
    return DataChoices(rows=rows, complete=tuple(s for s in PERMITTED if not missing[s]), missing=missing)


def read_panel(
    engine: Engine,
    *,
    source: Source | None = None,
    inactivity_window_months: int | None = None,
    allocation: Sharing = Sharing(),  # noqa: B008  (frozen)
    spend_in_support: SpendInSupport = SpendInSupport(),  # noqa: B008  (frozen)
    money_said: MoneySaid = MoneySaid(),  # noqa: B008  (frozen)
    currency: str | None = None,
    rates: Rates = no_rates,
    as_of: date | None = None,
    without_costs: bool = False,
) -> PanelFrame:
    """Return the panel of a version.

    Parameters
    ----------
    source : which permitted set of tables to use; by default the first complete one of monthly, customers, orders; orders
        before customers where the list of customers tells of nobody when they left
    inactivity_window_months : orders only; by default the smallest whole number that covers 95 % of the gaps
    allocation : how cost lines without a segment are shared out
    spend_in_support : which part of CX spend is booked in support cost too, and is taken out of it
    money_said : the currency and the margin, where the data do not tell them
    currency, rates : report in `currency`; `rates(currency)` is what one unit of each other currency is worth in it
    as_of : the day the customers were listed; by default the newest day in them
    without_costs : customers or orders are enough; with no cost ledger CX spend is 0 in every month

    Raises
    ------
    StoreError : when no permitted set is there, a currency has no rate, or counts disagree
    """
    choices = data_choices(engine)
    if without_costs and source is None and not choices.complete:
        return _as_said(_panel_without_costs(engine, choices, inactivity_window_months, currency, as_of), money_said)
    if source is None and not choices.complete:
        raise StoreError("store.not_enough_tables", loaded=", ".join(choices.rows) or "-")
    chosen = source or _by_what_they_tell(engine, choices.complete)[0]
    if choices.missing[chosen]:
        raise StoreError("store.tables_missing", source=chosen, missing=", ".join(choices.missing[chosen]))
    if chosen == "monthly":
        return _counted_once(_as_said(_own_panel(engine, currency), money_said), engine, spend_in_support)
    spend = read_spend(engine, currency=currency, rates=rates)
    if chosen == "customers":
        counts = contract_counts(engine, spend.last_month, as_of)
    else:
        counts = order_counts(engine, spend.last_month, inactivity_window_months)
    frame = counts.frame[counts.frame["month"] >= spend.first_month].reset_index(drop=True)
    if frame.empty:
        raise StoreError("store.costs_elsewhere", first=f"{spend.first_month:%Y-%m}", last=f"{spend.last_month:%Y-%m}")
    frame, margin_is_revenue = _with_money(engine, frame)
    frame, spend_is_shared, account = spend.allocated(frame, allocation)
    frame = _with_scores(engine, _with_contacts(engine, frame))
    meta = {
        "complete_months": _complete(frame, counts),
        "currency": spend.currency,
        "source": chosen,
        "inactivity_window_months": counts.window_months,
        "spend_is_shared": spend_is_shared,
        "margin_is_revenue": margin_is_revenue,
        "events": read_events(engine),
    }
    unused = counts.complete_from > frame["month"].min()  # a record that begins before the spend does is no trouble
    notes = list(_orders_tell(choices, chosen)) if source is None else []
    notes += [note for note in counts.notes if unused or note.id != "store.note.leaving_recorded_from"]
    if account.segments_unknown:
        notes.append(Note(id="store.note.segments_unknown", facts={"segments": ", ".join(account.segments_unknown)}))
    if account.one_off:
        notes.append(
            Note(id="store.note.one_off", facts={"amount": float(account.one_off), "currency": account.currency})
        )
    found = PanelFrame(frame=frame, meta=meta, notes=tuple(notes), account=account)
    return _counted_once(_as_said(found, money_said), engine, spend_in_support)


def _as_said(found: PanelFrame, said: MoneySaid) -> PanelFrame:
    """Return the panel with the currency and the margin that a person has said, where the data do not tell them."""
    frame, is_revenue, notes = margin_as_said(
        found.frame, said, margin_is_revenue=bool(found.meta["margin_is_revenue"])
    )
    meta, account = {**found.meta, "margin_is_revenue": is_revenue}, found.account
    if said.currency and not meta["currency"]:
        meta["currency"] = said.currency
        account = account and replace(account, currency=said.currency)
    return replace(found, frame=frame, meta=meta, notes=(*found.notes, *notes), account=account)


def _counted_once(found: PanelFrame, engine: Engine, said: SpendInSupport) -> PanelFrame:
    """Return the panel with nothing counted both as CX spend and as support cost, as far as a person has said."""
    currency, illustrative = str(found.meta["currency"]), engine.version.illustrative
    frame, mark, notes = without_spend(found.frame, said, currency, illustrative=illustrative)
    return replace(found, frame=frame, meta={**found.meta, "spend_in_support": mark}, notes=(*found.notes, *notes))


def _panel_without_costs(
    engine: Engine, choices: DataChoices, window_months: int | None, currency: str | None, as_of: date | None
) -> PanelFrame:
    """Return what customers or orders alone tell: everything but spend, which is 0."""
    if not (loaded := tuple(source for source in _OWN_ACCOUNT if source in choices.rows)):
        raise StoreError("store.not_enough_tables", loaded=", ".join(choices.rows) or "-")
    known = _by_what_they_tell(engine, loaded)
    if known[0] == "customers":
        newest = engine.query("customer_facts", as_of=as_of or date.max)["last_event_on"].iloc[0]
        counts = contract_counts(engine, _month(newest), as_of)
    else:
        counts = order_counts(engine, pd.Timestamp.max, window_months)
    frame, margin_is_revenue = _with_money(engine, counts.frame.reset_index(drop=True))
    codes = source_currencies(engine, known)
    meta = {
        "complete_months": _complete(frame, counts),
        "currency": currency or (codes.pop() if len(codes) == 1 else ""),
        "source": known[0],
        "inactivity_window_months": counts.window_months,
        "margin_is_revenue": margin_is_revenue,
        "events": read_events(engine),
    }
    frame = _with_scores(engine, _with_contacts(engine, frame.assign(cx_spend=0.0)))
    return PanelFrame(frame=frame, meta=meta, notes=(*_orders_tell(choices, known[0]), *counts.notes))


def _by_what_they_tell(engine: Engine, sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Return the sources, the first to be used: a list of customers that tells of no leaving is no account of who stays."""
    if not set(_OWN_ACCOUNT) <= set(sources):
        return sources
    tells = engine.query("customer_facts", as_of=date.max)["with_leaving_date"].iloc[0] > 0
    return sources if tells else tuple(sorted(sources, key="customers".__eq__))


def _orders_tell(choices: DataChoices, chosen: Source) -> tuple[Note, ...]:
    return (Note(id="store.note.orders_tell"),) if chosen == "orders" and "customers" in choices.rows else ()


def read_pilots(engine: Engine) -> pd.DataFrame:
    """Return the pilots that were uploaded, one row a customer or a group and month; no rows where there are none."""
    return engine.query("pilot_rows")


def read_tenures(engine: Engine, panel: Panel) -> pd.DataFrame | None:
    """Return how long customers stayed until the last complete month, one row a (segment, cohort, age, tenure, left).

    None where the panel does not come from customers with joining dates.
    """
    if panel.source != "customers":
        return None
    return engine.query("customer_tenures", as_of=panel.last_day)


def _month(day: date) -> pd.Timestamp:
    return pd.Timestamp(day).to_period("M").to_timestamp()


def _complete(frame: pd.DataFrame, counts: MonthlyCounts) -> np.ndarray:
    return np.array([counts.complete_from <= month <= counts.complete_until for month in frame["month"].unique()])


def _own_panel(engine: Engine, currency: str | None) -> PanelFrame:
    frame = engine.query("monthly_panel")
    frame["month"] = pd.to_datetime(frame["month"])
    codes = set(frame.pop("currency").dropna()) | source_currencies(engine, ("monthly",))
    if len(codes) > 1 or (currency and codes - {currency}):
        raise StoreError(
            "store.currencies_differ", currencies=", ".join(sorted(codes | ({currency} if currency else set())))
        )
    meta = {
        "complete_months": np.ones(frame["month"].nunique(), dtype=bool),
        "currency": currency or next(iter(codes), ""),
        "source": "monthly",
        "inactivity_window_months": None,
        "spend_is_shared": False,
        "margin_is_revenue": bool(frame["contribution_margin"].isna().all()),
        "events": read_events(engine),
    }
    return PanelFrame(frame=frame.dropna(axis="columns", how="all"), meta=meta)


def _with_money(engine: Engine, frame: pd.DataFrame) -> tuple[pd.DataFrame, bool]:
    """Add revenue, margin and orders; rows that do not tell their margin are taken to earn the rate of the others."""
    sold = engine.query("order_months")
    if sold.empty:
        if "revenue" not in frame:
            raise StoreError("store.revenue_missing")
        return frame.assign(contribution_margin=frame["revenue"]), True
    sold = _onto(frame, sold, ["orders", "revenue", "margin", "revenue_with_margin"], weights=None)
    known = float(sold["revenue_with_margin"].sum())
    rate = float(sold["margin"].sum()) / known if known else 1.0
    unknown_revenue = sold["revenue"] - sold["revenue_with_margin"]
    margin = sold["margin"] + rate * unknown_revenue
    return frame.assign(revenue=sold["revenue"], contribution_margin=margin, orders=sold["orders"]), not known


def _with_contacts(engine: Engine, frame: pd.DataFrame) -> pd.DataFrame:
    """Add support contacts and their cost, in the months between the first contact and the last."""
    contacts = engine.query("contact_months")
    if contacts.empty:
        return frame
    months = pd.to_datetime(contacts["month"])
    placed = _onto(frame, contacts, ["contacts", "cost"], weights="customers_at_start")
    observed = frame["month"].between(months.min(), months.max())
    frame = frame.assign(support_contacts=placed["contacts"].where(observed))
    if contacts["contacts_costed"].sum() == 0:
        return frame
    # contacts without a cost are taken to cost what the others do
    costed = contacts["contacts_costed"].sum() / contacts["contacts"].sum()
    return frame.assign(support_cost=(placed["cost"] / costed).where(observed))


def _with_scores(engine: Engine, frame: pd.DataFrame) -> pd.DataFrame:
    """Add each score with its number of answers; a month without an answer has no score."""
    scores = engine.query("score_months")
    if scores.empty:
        return frame
    scores["month"] = pd.to_datetime(scores["month"])
    scores["segment"] = WHOLE if frame["segment"].eq(WHOLE).all() else named_segments(scores["segment"])
    for metric, answers in scores.groupby("metric"):
        by_cell = answers.groupby(["month", "segment"])[["score", "answers"]].first()
        wide = by_cell.reindex(pd.MultiIndex.from_frame(frame[["month", "segment"]]))
        counts = wide["answers"].fillna(0).to_numpy()
        frame = frame.assign(**{str(metric): wide["score"].to_numpy(), f"{metric}_n": counts})
    return frame


def _onto(frame: pd.DataFrame, rows: pd.DataFrame, columns: list[str], weights: str | None) -> pd.DataFrame:
    """Place amounts on the cells of `frame`; what has no segment there is shared out by `weights`, where named."""
    months, segments = frame["month"].unique(), list(frame["segment"].unique())
    rows = rows.assign(month=pd.to_datetime(rows["month"]))
    if segments == [WHOLE]:
        rows["segment"] = WHOLE
    elif weights is None:
        rows["segment"] = named_segments(rows["segment"])
    known = rows["segment"].isin(segments)
    placed = {}
    for column in columns:
        cells = rows[known].pivot_table(index="month", columns="segment", values=column, aggfunc="sum")
        amounts = cells.reindex(index=months, columns=segments).fillna(0.0).to_numpy(dtype=float)
        if weights is not None:
            shared = rows[~known].groupby("month")[column].sum().reindex(months).fillna(0.0)
            by = frame[weights].to_numpy(dtype=float).reshape(amounts.shape)
            amounts = amounts + split_rows((shared * 1000).round().to_numpy(dtype="int64"), by) / 1000
        placed[column] = amounts.ravel()
    return pd.DataFrame(placed)
