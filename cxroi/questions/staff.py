"""The question about a company's own people: who left, how engaged they are, and how that goes with what customers say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from cxroi.errors import CxroiError, StoreError
from cxroi.model.satisfaction.staff_link import StaffLink, staff_link
from cxroi.model.satisfaction.survey import ScoreLine
from cxroi.questions.data import OpenVersion
from cxroi.questions.forecast import ask_currency
from cxroi.questions.satisfaction import ask_score_months
from cxroi.questions.slice import DIMENSIONS, Slice

MEASURES = ("turnover", "leavers", "engagement", "headcount")  # the first that the data have is shown first
FEWEST_ANSWERS = 10  # in a month: the score of fewer is left out
_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """What replacing those who left in the newest months (a year, or as many as there are) costs, at the cost of one that was uploaded."""

    months: int
    leavers: float
    each: float
    currency: str

    @property
    def cost(self) -> float:
        """Return what replacing all of them costs."""
        return self.leavers * self.each


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Staff beside a score over the months that have either: `scores` and each of `measures` by month, None where not known.

    `turnover` is leavers of a hundred in the month. `team` is the one that is looked at, "" for all.
    """

    metric: str
    team: str
    months: tuple[date, ...]
    scores: tuple[ScoreLine | None, ...]
    measures: Mapping[str, tuple[float | None, ...]]
    links: Mapping[str, StaffLink]
    replacement: Replacement | None


def ask_staff(data: OpenVersion, of: Slice, metric: str) -> Staff:
    """Return the staff beside a score of all months, of the segment, touchpoint and channel that are looked at.

    A team that is named like one of these is taken alone. Raises StoreError where no staff are loaded.
    """
    if "staff" not in data.version.tables or (rows := data.engine.query("staff_months")).empty:
        raise StoreError("satisfaction.staff.none")
    team = _team(rows, of)
    own = rows[rows["team"].str.casefold() == team.casefold()] if team else rows
    by_month = _by_month(own)
    lines = {
        date.fromisoformat(f"{line.value}-01"): line for line in ask_score_months(data, of) if line.metric == metric
    }
    months = _months([*by_month.index, *lines])
    scores = tuple(lines.get(month) for month in months)
    aligned = by_month.reindex(months)
    measures = {name: aligned[name] for name in MEASURES if aligned[name].notna().any()}
    if "turnover" in measures:
        measures.pop("leavers", None)
    points = np.array(
        [100 * line.score if line is not None and line.answers >= FEWEST_ANSWERS else np.nan for line in scores]
    )
    return Staff(
        metric=metric,
        team=team,
        months=months,
        scores=scores,
        measures={
            name: tuple(None if pd.isna(value) else float(value) for value in values)
            for name, values in measures.items()
        },
        links={name: staff_link(points, values.to_numpy(dtype=float)) for name, values in measures.items()},
        replacement=_replacement(data, own),
    )


def _team(rows: pd.DataFrame, of: Slice) -> str:
    known = {str(team).casefold(): str(team) for team in rows["team"].dropna()}
    chosen = (of.values[name] for name in reversed(DIMENSIONS))
    return next((known[value.casefold()] for value in chosen if value and value.casefold() in known), "")


def _by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of all teams together, by month; turnover of those that say both, engagement weighed by people where they are known."""
    both = rows["leavers"].notna() & rows["headcount"].notna()
    weight = rows["headcount"].fillna(1.0).where(rows["engagement"].notna())
    parts = pd.DataFrame(
        {
            "month": [day.date() for day in rows["month"]],
            "headcount": rows["headcount"],
            "leavers": rows["leavers"],
            "left": rows["leavers"].where(both),
            "there": rows["headcount"].where(both),
            "weight": weight,
            "weighed": weight * rows["engagement"],
        }
    )
    summed = parts.groupby("month").sum(min_count=1)
    return summed.assign(
        turnover=100 * summed["left"] / summed["there"], engagement=summed["weighed"] / summed["weight"]
    )


def _months(known: list[date]) -> tuple[date, ...]:
    return tuple(month.date() for month in pd.date_range(min(known), max(known), freq="MS"))


def _replacement(data: OpenVersion, rows: pd.DataFrame) -> Replacement | None:
    newest = sorted(rows.loc[rows["leavers"].notna(), "month"].unique())[-_YEAR:]
    year = rows[rows["month"].isin(newest) & rows["leavers"].notna()]
    costed = year[year["replacement"].notna() & (year["leavers"] > 0)]
    if costed.empty:
        return None
    try:
        currency = ask_currency(data)
    except CxroiError:
        currency = ""
    return Replacement(
        months=len(newest),
        leavers=float(year["leavers"].sum()),
        each=float((costed["leavers"] * costed["replacement"]).sum() / costed["leavers"].sum()),
        currency=currency,
    )
