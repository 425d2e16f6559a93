"""Customers by month and segment: active at the start, joined, lost; from contracts or from orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from cxroi.errors import StoreError
from cxroi.model.company.segments import named_segments
from cxroi.store.engine.engine import Engine

_DAYS_THAT_A_MONTH_MAY_LACK = 7
_GAPS_COVERED = 0.95
_FIRST_LOOK = 8  # the newest part of so many is counted first


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something a reader of the panel should know; `id` is worded under `store.note.*`."""

    id: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class MonthlyCounts:
    """Counts in a frame with one row per month and segment, and which of its months can be relied on.

    `frame` has every segment in every month, in order: customers_at_start, customers_joined, customers_lost, and
    revenue where contracts tell it.
    """

    frame: pd.DataFrame
    complete_from: pd.Timestamp
    complete_until: pd.Timestamp
    window_months: int | None = None
    notes: tuple[Note, ...] = ()


def contract_counts(engine: Engine, until: pd.Timestamp, as_of: date | None) -> MonthlyCounts:
    """Count customers who have a joining and a leaving date, up to `until` or the day the customers were listed.

    That day is `as_of`, else the newest event, unless the silence after it is one that the customers themselves explain:
    no more than a week, or ten times the usual time between two events (by chance once in e^10 for Poisson events).
    """
    month_end = until + pd.offsets.MonthEnd(0)
    facts = engine.query("customer_facts", as_of=as_of or month_end.date()).iloc[0]
    if facts["dated"] == 0:
        raise StoreError("store.no_dated_customers", customers=int(facts["customers"]))
    left_out = int(facts["customers"] - facts["dated"])
    if left_out and facts["with_leaving_date"] == 0:
        raise StoreError("store.leaving_dates_missing", customers=left_out)
    events = engine.query("customer_events")
    newest = pd.Timestamp(as_of or facts.to_dict()["last_event_on"])
    if as_of is None and 0 < (month_end - newest).days <= _silence_by_chance(events, newest):
        newest = month_end
    last = min(until, _month(newest))
    frame = _running(events, last, ["revenue"] if facts["with_revenue"] else [])
    _check_count(frame, last, engine.query("customers_active", day=_next(last).date())["customers"].iloc[0])
    notes = [Note(id="store.note.customers_left_out", facts={"customers": left_out})] if left_out else []
    recorded_from = _leaving_recorded_from(frame)
    if recorded_from > frame["month"].min():
        notes.append(Note(id="store.note.leaving_recorded_from", facts={"from": f"{recorded_from:%Y-%m}"}))
    return MonthlyCounts(
        frame=frame, complete_from=recorded_from, complete_until=_last_complete(last, newest), notes=tuple(notes)
    )


def order_counts(engine: Engine, until: pd.Timestamp, window_months: int | None) -> MonthlyCounts:
    """Count customers who are known by their orders alone.

    Active at the start of a month: an order in one of the `window_months` before it. Lost in the month in which the
    window runs out, joined when first seen or returned. In the first `window_months` of the data nobody can have been
    lost yet, so those months are not complete; customers who went quiet in the last ones show as lost only later.
    """
    spells = engine.query("order_spells")
    window = inactivity_window(engine, spells) if window_months is None else window_months
    if window < 1:
        raise StoreError("store.window_too_short", window=window)
    spans = engine.query("table_spans")
    span = spans[spans["table_name"] == "orders"].iloc[0]
    first, newest = _month(pd.Timestamp(span["first_on"])), pd.Timestamp(span["last_on"])
    last = min(until, _month(newest))
    frame = _running(_order_events(spells, window), last, [])
    span_start = _next(last) - pd.DateOffset(months=window)
    counted = engine.query("customers_ordering", first_on=span_start.date(), before_on=_next(last).date())
    _check_count(frame, last, counted["customers"].iloc[0])
    complete_from = first + pd.DateOffset(months=window)
    if complete_from > last:
        months = (last.to_period("M") - first.to_period("M")).n + 1
        raise StoreError("store.orders_too_short", months=months, window=window)
    note = Note(id="store.note.orders_window", facts={"window": window, "from": f"{complete_from:%Y-%m}"})
    return MonthlyCounts(
        frame=frame,
        complete_from=complete_from,
        complete_until=_last_complete(last, newest),
        window_months=window,
        notes=(note,),
    )


def inactivity_window(engine: Engine, spells: pd.DataFrame) -> int:
    """Return the smallest whole number of months that covers 95 % of the gaps between order days, at least 1.

    How many gaps lie within a month takes a long count over all orders. The last months alone give the least that it can
    be, the number of rows gives the most; where both give the same window, nothing more is counted.
    """
    gaps = spells.groupby("gap_months")["customers"].sum().sort_index()
    if gaps.empty:
        return 1
    by_month = spells.groupby("month")["customers"].sum().sort_index()

    def window(within_a_month: int) -> int:
        covered = within_a_month + gaps.cumsum() >= _GAPS_COVERED * (within_a_month + gaps.sum()) - 1e-9
        return int(gaps.index[covered.to_numpy()][0])

    def within_a_month(months: int) -> int:
        since = by_month.tail(months)
        counted = engine.query("order_days", first_on=pd.Timestamp(since.index[0]).date())
        return int(counted["order_days"].iloc[0]) - int(since.sum())

    most = engine.version.tables["orders"].rows - int(spells["customers"].sum())
    if window(0) == window(most):
        return window(0)
    least = within_a_month(max(1, len(by_month) // _FIRST_LOOK))
    return window(most) if window(least) == window(most) else window(within_a_month(len(by_month)))


def _order_events(spells: pd.DataFrame, window: int) -> pd.DataFrame:
    """Return who joined and who was lost by month and segment: a gap longer than the window ends one stay, starts another."""
    days = pd.to_datetime(spells["month"])
    gap = spells["gap_months"].to_numpy(dtype=float, na_value=np.inf)
    known = spells.assign(number=days.dt.year * 12 + days.dt.month - 1, joined=0, lost=0)
    first = known.assign(joined=spells["first_seen"])
    lost = known.assign(number=known["number"] + window, lost=spells["customers"])[gap > window]
    back = known.assign(joined=spells["customers"])[(gap > window) & np.isfinite(gap)]
    back["number"] += gap[(gap > window) & np.isfinite(gap)].astype(int)
    events = pd.concat([first, lost, back])
    summed = events.groupby(["number", "segment"], dropna=False, as_index=False)[["joined", "lost"]].sum()
    year, month = summed["number"] // 12, summed["number"] % 12 + 1
    return summed.assign(month=pd.to_datetime({"year": year, "month": month, "day": 1}))


def _running(events: pd.DataFrame, last: pd.Timestamp, amounts: list[str]) -> pd.DataFrame:
    """Turn what happened in each month into how many there were at its start, every segment in every month."""
    events = events.assign(month=pd.to_datetime(events["month"]), segment=named_segments(events["segment"]))
    events = events[events["month"] <= last]
    months = pd.date_range(last if events.empty else events["month"].min(), last, freq="MS")
    grid = pd.MultiIndex.from_product([months, sorted(events["segment"].unique())], names=["month", "segment"])
    happened = events.set_index(["month", "segment"]).reindex(grid, fill_value=0)
    by_segment = happened.groupby("segment", sort=False)
    at_start = {}
    for name, joined, lost in (("customers_at_start", "joined", "lost"), ("revenue", "revenue_joined", "revenue_lost")):
        if name == "revenue" and name not in amounts:
            continue
        change = happened[joined] - happened[lost]
        at_start[name] = by_segment[joined].cumsum() - by_segment[lost].cumsum() - change
    frame = pd.DataFrame(
        {
            "customers_at_start": at_start["customers_at_start"],
            "customers_joined": happened["joined"],
            "customers_lost": happened["lost"],
            **({"revenue": at_start["revenue"]} if "revenue" in at_start else {}),
        }
    )
    return frame.reset_index()


def _leaving_recorded_from(frame: pd.DataFrame) -> pd.Timestamp:
    """Return the first month from which leaving customers are in the data.

    Lists are often made of today's customers and those who left since some day. Months before the first loss count as
    not recorded when, at the churn seen later, more than ten losses were due in them (by chance once in e^10).
    """
    months = frame.groupby("month")[["customers_at_start", "customers_lost"]].sum()
    lost = months.index[months["customers_lost"] > 0]
    if lost.empty:
        return frame["month"].min()
    before, since = months[months.index < lost[0]], months[months.index >= lost[0]]
    churn = since["customers_lost"].sum() / max(since["customers_at_start"].sum(), 1)
    due = churn * before["customers_at_start"].sum()
    return lost[0] if due > 10 else frame["month"].min()


def _silence_by_chance(events: pd.DataFrame, newest: pd.Timestamp) -> float:
    """Return how many days without anybody joining or leaving mean nothing, from the year before `newest`."""
    months = pd.to_datetime(events["month"])
    since = max(months.min(), newest - pd.DateOffset(years=1))
    happened = int(events.loc[months.between(since, newest), ["joined", "lost"]].to_numpy().sum())
    return max(_DAYS_THAT_A_MONTH_MAY_LACK, 10 * (newest - since).days / max(happened, 1))


def _check_count(frame: pd.DataFrame, last: pd.Timestamp, counted: int) -> None:
    final = frame[frame["month"] == last]
    running = int((final["customers_at_start"] + final["customers_joined"] - final["customers_lost"]).sum())
    if running != int(counted):
        raise StoreError("store.counts_disagree", running=running, counted=int(counted))


def _last_complete(last: pd.Timestamp, newest: pd.Timestamp) -> pd.Timestamp:
    lacking = (last + pd.offsets.MonthEnd(0) - newest).days
    return last if lacking <= _DAYS_THAT_A_MONTH_MAY_LACK else last - pd.DateOffset(months=1)


def _month(day: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(day, "M"))


def _next(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.DateOffset(months=1)
