"""The panel: one row per month and segment, the one seam between uploaded data and the model."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import PanelError
from cxroi.model.company.event import Event
from cxroi.model.company.segments import WHOLE

Counts = NDArray[np.float64]
KEYS = ("month", "segment")
REQUIRED = ("customers_at_start", "customers_lost", "cx_spend")
MEASURES = (
    "customers_at_start",
    "customers_joined",
    "customers_lost",
    "revenue",
    "contribution_margin",
    "support_contacts",
    "support_cost",
    "cx_spend",
)
OPTIONAL = ("acquisition_spend", "orders", "nps", "nps_n", "csat", "csat_n", "ces", "ces_n")
_META = {"currency", "source", "inactivity_window_months", "spend_is_shared", "margin_is_revenue", "spend_in_support"}
_META |= {"events"}
_NEVER_NEGATIVE = ("customers_at_start", "customers_joined", "customers_lost", "support_contacts")


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
    acquisition_spend: Counts | None = None  # on winning customers, none of it CX spend; None where nothing tells
    orders: Counts | None = None
    nps: Counts | None = None
    nps_n: Counts | None = None
    csat: Counts | None = None
    csat_n: Counts | None = None
    ces: Counts | None = None
    ces_n: Counts | None = None
    currency: str = ""
    source: str = "monthly"
    inactivity_window_months: int | None = None
    spend_is_shared: bool = False  # True when segments' spend is one company total allocated by a rule
    margin_is_revenue: bool = False  # True when no variable cost was given and margin had to be taken as revenue
    joined_is_derived: bool = False  # True when joins were not given and follow from the other counts
    spend_in_support: str = ""  # CX spend booked in support cost too: "" not said, "no", "taken_out", "unknown"
    events: tuple[Event, ...] = ()  # what happened beside spend, as far as somebody has named it

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, *, complete_months: ArrayLike | None = None, **meta: object) -> Panel:
        """Return the panel of a frame with one row per month and segment, checked.

        Columns as in MEASURES (revenue or contribution_margin may be absent, the other stands in; joins may be absent and
        are derived; support may be absent and is 0) and any of OPTIONAL. `complete_months` is one flag a month; `meta`
        are the remaining fields (currency, source, ...). Raises PanelError with the month, the segment and what was found.
        """
        table = _typed(frame)
        months = _months(table)
        segments = tuple(sorted(table["segment"].unique()))
        given = {name: _matrix(table, name, months, segments) for name in (*MEASURES, *OPTIONAL) if name in table}
        facts: dict[str, object] = {name: value for name, value in meta.items() if name in _META and value is not None}
        facts["margin_is_revenue"] = bool(facts.get("margin_is_revenue")) or "contribution_margin" not in given
        _fill_absent(given)
        _check_signs(given, months, segments)
        facts["joined_is_derived"] = bool(np.isnan(given["customers_joined"]).all())
        given["customers_joined"] = _joins(given, months, segments)
        flags = np.ones(months.size, bool) if complete_months is None else np.asarray(complete_months, bool)
        if flags.shape != months.shape:
            raise PanelError("panel.flags_mismatch", months=int(months.size), flags=int(flags.size))
        return cls(months=months, segments=segments, complete_months=flags, **given, **facts)  # type: ignore[arg-type]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per month and segment that was observed, in the columns of MEASURES and any of OPTIONAL."""
        names = [f.name for f in fields(self) if f.name in (*MEASURES, *OPTIONAL) and getattr(self, f.name) is not None]
        months, segments = np.repeat(self.months, len(self.segments)), np.tile(self.segments, self.months.size)
        columns = {name: getattr(self, name).T.ravel() for name in names}
        frame = pd.DataFrame({"month": months.astype("datetime64[s]"), "segment": segments, **columns})
        return frame[~np.isnan(frame["customers_at_start"])].reset_index(drop=True)

    @property
    def seen_months(self) -> NDArray[np.datetime64]:
        """Return the months from the first complete one to the last: those that the fits read."""
        keep = np.flatnonzero(self.complete_months)
        return self.months[int(keep[0]) : int(keep[-1]) + 1]

    @property
    def last_day(self) -> date:
        """Return the last day of the last complete month."""
        following = self.months[self.complete_months][-1] + 1
        day: date = (following.astype("datetime64[D]") - 1).item()
        return day

    @property
    def whole(self) -> Panel:
        """Return the company as one segment called "all"."""
        sums = {name: np.nansum(getattr(self, name), axis=0, keepdims=True) for name in MEASURES}
        if np.isnan(self.customers_joined).all():
            sums["customers_joined"] = np.full((1, self.months.size), np.nan)
        more = {name: getattr(self, name) for name in ("acquisition_spend", "orders")}
        sums |= {name: np.nansum(of, axis=0, keepdims=True) for name, of in more.items() if of is not None}
        kept = ("currency", "source", "inactivity_window_months", "margin_is_revenue", "joined_is_derived")
        meta = {name: getattr(self, name) for name in (*kept, "spend_in_support", "events")}
        return Panel(months=self.months, segments=(WHOLE,), complete_months=self.complete_months, **sums, **meta)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in ("month", *REQUIRED) if name not in frame]
    if "revenue" not in frame and "contribution_margin" not in frame:
        missing.append("revenue")
    if missing:
        raise PanelError("panel.missing_column", columns=", ".join(missing), found=", ".join(map(str, frame.columns)))
    if frame.empty:
        raise PanelError("panel.empty")
    table = frame.copy()
    table["segment"] = table["segment"].fillna(WHOLE).astype(str) if "segment" in table else WHOLE
    try:
        table["month"] = (
            pd.to_datetime(table["month"], format="ISO8601").to_numpy().astype("datetime64[M]").astype("datetime64[s]")
        )
        for name in (*MEASURES, *OPTIONAL):
            if name in table:
                table[name] = pd.to_numeric(table[name]).astype(float)
    except (ValueError, TypeError) as error:
        raise PanelError("panel.not_a_number", detail=str(error)) from error
    if table["month"].isna().any():
        raise PanelError("panel.not_a_number", detail="month")
    twice = table.duplicated(["month", "segment"])
    if twice.any():
        row = table[twice].iloc[0]
        raise PanelError("panel.twice", month=str(row["month"])[:7], segment=row["segment"])
    return table


def _months(table: pd.DataFrame) -> NDArray[np.datetime64]:
    present = np.unique(table["month"].to_numpy().astype("datetime64[M]"))
    months = np.arange(present[0], present[-1] + 1)
    if months.size != present.size:
        raise PanelError("panel.month_missing", month=str(np.setdiff1d(months, present)[0]))
    return months


def _matrix(table: pd.DataFrame, name: str, months: NDArray[np.datetime64], segments: tuple[str, ...]) -> Counts:
    out = np.full((len(segments), months.size), np.nan)
    row = np.searchsorted(np.asarray(segments), table["segment"].to_numpy().astype(str))
    column = (table["month"].to_numpy().astype("datetime64[M]") - months[0]).astype(int)
    out[row, column] = table[name].to_numpy()
    return out


def _fill_absent(given: dict[str, Counts]) -> None:
    seen = ~np.isnan(given["customers_at_start"])
    if "revenue" not in given:
        given["revenue"] = given["contribution_margin"]
    given.setdefault("contribution_margin", given["revenue"])
    given.setdefault("customers_joined", np.full(seen.shape, np.nan))
    for name in ("support_contacts", "support_cost"):
        given.setdefault(name, np.where(seen, 0.0, np.nan))
    if "acquisition_spend" in given and np.isnan(given["acquisition_spend"]).all():
        del given["acquisition_spend"]
    money = ("revenue", "contribution_margin", "support_cost", "cx_spend", "acquisition_spend")
    for name in ("customers_lost", "support_contacts", *(name for name in money if name in given)):
        given[name] = np.where(seen, np.where(np.isnan(given[name]), 0.0, given[name]), np.nan)


def _check_signs(given: dict[str, Counts], months: NDArray[np.datetime64], segments: tuple[str, ...]) -> None:
    def refuse(id: str, bad: NDArray[np.bool_], name: str) -> None:
        if bad.any():
            s, t = np.argwhere(bad)[0]
            value = float(given[name][s, t])
            raise PanelError(id, month=str(months[t]), segment=segments[s], column=name, value=value)

    for name in (*MEASURES, *(name for name in ("acquisition_spend",) if name in given)):
        refuse("panel.infinite", np.isinf(given[name]), name)
    for name in _NEVER_NEGATIVE:
        refuse("panel.negative", given[name] < 0, name)
    refuse("panel.more_lost_than_there", given["customers_lost"] > _could_leave(given) + 0.5, "customers_lost")


def _could_leave(given: dict[str, Counts]) -> Counts:
    return given["customers_at_start"] + np.where(
        np.isnan(given["customers_joined"]), np.inf, given["customers_joined"]
    )


def _joins(given: dict[str, Counts], months: NDArray[np.datetime64], segments: tuple[str, ...]) -> Counts:
    """Return joins as given where they add up, derived from the next month's start where they were not given."""
    start, joined, lost = (given[name] for name in ("customers_at_start", "customers_joined", "customers_lost"))
    following = np.full(start.shape, np.nan)
    following[:, :-1] = start[:, 1:]
    derived = following - start + lost
    filled = np.where(np.isnan(joined), derived, joined)
    difference = start + filled - lost - following
    off = np.abs(np.nan_to_num(difference)) > 0.5
    if off.any():
        s, t = np.argwhere(off)[0]
        raise PanelError(
            "panel.does_not_add_up", month=str(months[t]), segment=segments[s], difference=float(difference[s, t])
        )
    negative = filled < -0.5
    if negative.any():
        s, t = np.argwhere(negative)[0]
        raise PanelError("panel.joins_negative", month=str(months[t]), segment=segments[s], value=float(filled[s, t]))
    return filled
