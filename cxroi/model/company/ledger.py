"""A cost ledger looked at by one of its labels over months: what was spent, and of what kind, against its budget; exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEVEL = "cx_level"
LABELS = ("initiative", "category", "segment", "touchpoint", "owner", LEVEL)
MONTH = "month"
CUTS = (*LABELS, MONTH)
COUNTS = ("cx", "not_cx", "acquisition")  # what a line of the ledger counts as
EVERYTHING = "all"
_MOST_PARTS = 100  # of a cut; the smaller ones are told together
UNNAMED = ""  # the name of the part whose lines carry no label


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What some rows of a ledger add up to, as they were paid, in money.

    `one_off` rows do not recur, `capex` and `opex` do. `budget` is what they are allowed (None: none of them says so),
    `within_budget` what was spent where there is a budget: in a line (initiative, else category, else touchpoint) and month of which
    any row has one. That rule knows no cut, so that a ledger passes its budget by the same amount however it is cut.
    """

    opex: Decimal
    capex: Decimal
    one_off: Decimal
    budget: Decimal | None
    within_budget: Decimal
    lines: int

    @property
    def total(self) -> Decimal:
        """Return all that was spent."""
        return self.opex + self.capex + self.one_off

    @property
    def unbudgeted(self) -> Decimal:
        """Return what was spent where there is no budget."""
        return self.total - self.within_budget

    @property
    def over(self) -> Decimal | None:
        """Return by how much the budget was passed, below 0 where it was not reached; None without a budget."""
        return None if self.budget is None else self.within_budget - self.budget


@dataclass(frozen=True, kw_only=True)
class CostPart:
    """One part of a cut: what it is called (UNNAMED: nothing), what it adds up to, and its months.

    `budgets` are None in a month without one. Of a part that stands for several names, the small ones together, `names`
    says for how many.
    """

    name: str
    spent: Spent
    months: tuple[Decimal, ...]
    budgets: tuple[Decimal | None, ...]
    names: int = 1


@dataclass(frozen=True, kw_only=True)
class CostCut:
    """A ledger by one label, the largest part first and what has no name last; levels from the lowest; of MONTH every month is a part.

    `months` are every month from the first to the last with an amount. A budget of a later month has nothing to be held
    against yet: it is `budget_ahead`, and in no part. `whole` is all parts together.
    """

    by: str
    counts: str
    months: tuple[date, ...]
    parts: tuple[CostPart, ...]
    whole: CostPart
    budget_ahead: Decimal

    @property
    def over(self) -> tuple[CostPart, ...]:
        """Return the parts that passed their budget, the farthest first."""
        passed = [(part.spent.over, part) for part in self.parts if part.spent.over is not None and part.spent.over > 0]
        return tuple(part for _, part in sorted(passed, key=lambda one: -one[0]))


def cut_ledger(cells: pd.DataFrame, by: str, *, counts: str = "cx", posted_until: pd.Timestamp | None) -> CostCut:
    """Return cells of a ledger by a label of CUTS; names that differ in case alone are one.

    Parameters
    ----------
    cells : one row per month and everything that the ledger says of a line: month, LABELS, counts, is_capex, one_off,
        thousandth (money x 1000), budget_thousandth, lines, lines_budgeted
    counts : one of COUNTS, or EVERYTHING
    posted_until : the last month of the whole ledger that has an amount; None: there is none
    """
    own = cells if counts == EVERYTHING else cells[cells["counts"] == counts]
    ahead = own["month"] > posted_until if posted_until is not None else pd.Series(True, index=own.index)
    rows, budget_ahead = own[~ahead], int(own["budget_thousandth"][ahead].sum())
    rows = rows.assign(in_budget=_in_budget(rows))
    first = rows["month"].min() if len(rows) else None
    months = [] if first is None else list(pd.date_range(first, rows["month"].max(), freq="MS"))
    number = 12 * rows["month"].dt.year + rows["month"].dt.month
    rows["place"] = (number - number.min()).astype("int64")
    if by == MONTH:
        parts = [_part(f"{month:%Y-%m}", rows[rows["place"] == place], months) for place, month in enumerate(months)]
    else:
        parts = _parts(rows, by, months)
    return CostCut(
        by=by,
        counts=counts,
        months=tuple(month.date() for month in months),
        parts=tuple(parts),
        whole=_part(UNNAMED, rows, months),
        budget_ahead=money(budget_ahead),
    )


def only_value(cells: pd.DataFrame, label: str, value: str | None) -> pd.DataFrame:
    """Return the cells of which a label has a value, whatever its case; all of them for None."""
    return cells if value is None else cells[_folded(cells[label]) == value.casefold().strip()]


def money(thousandth: int | np.int64) -> Decimal:
    """Return thousandths as exact money.

    >>> money(1234567)
    Decimal('1234.567')
    """
    return Decimal(int(thousandth)).scaleb(-3)


def _folded(names: pd.Series) -> pd.Series:
    return names.map(lambda name: UNNAMED if pd.isna(name) else str(name).casefold().strip())


def _written(names: pd.Series) -> str:
    known = names.dropna()
    return UNNAMED if known.empty else str(known.iloc[0])


def _parts(rows: pd.DataFrame, by: str, months: list[pd.Timestamp]) -> list[CostPart]:
    key = _folded(rows[by])
    size = rows["thousandth"].abs().groupby(key).sum().sort_values(ascending=False, kind="stable")
    named = size.drop(UNNAMED, errors="ignore").index
    kept = named if len(named) <= _MOST_PARTS else named[: _MOST_PARTS - 1]
    parts = [_part(_written(of[by]), of, months) for _, of in rows[key.isin(kept)].groupby(key)]
    parts.sort(key=lambda part: (0 if by == LEVEL else -part.spent.total, part.name))
    if rest := named.difference(kept).tolist():
        parts.append(_part(UNNAMED, rows[key.isin(rest)], months, names=len(rest)))
    return parts + ([_part(UNNAMED, rows[key == UNNAMED], months)] if UNNAMED in size.index else [])


def _in_budget(rows: pd.DataFrame) -> pd.Series:
    """Return whether each row is of a line and month that has a budget, its own or another row's."""
    line = rows["initiative"].fillna(rows["category"]).fillna(rows["touchpoint"])
    cell = [rows["month"], _folded(line)]
    return rows["lines_budgeted"].groupby(cell).transform("sum") > 0


def _part(name: str, rows: pd.DataFrame, months: list[pd.Timestamp], *, names: int = 1) -> CostPart:
    """Return what rows of one name add up to; their `place` is that of their month."""
    place, amount, budget = (rows[column].to_numpy() for column in ("place", "thousandth", "budget_thousandth"))
    once, capex = rows["one_off"].to_numpy(), rows["is_capex"].to_numpy()
    has_budget = _by_month(place, rows["lines_budgeted"].to_numpy(), len(months)) > 0
    budgets = _by_month(place, budget, len(months))
    return CostPart(
        name=name,
        spent=Spent(
            opex=money(amount[~once & ~capex].sum()),
            capex=money(amount[~once & capex].sum()),
            one_off=money(amount[once].sum()),
            budget=money(budget.sum()) if has_budget.any() else None,
            within_budget=money(amount[rows["in_budget"].to_numpy()].sum()),
            lines=int(rows["lines"].sum()),
        ),
        months=tuple(money(one) for one in _by_month(place, amount, len(months))),
        budgets=tuple(money(one) if has else None for one, has in zip(budgets, has_budget, strict=True)),
        names=names,
    )


def _by_month(place: NDArray[np.int64], amounts: NDArray[np.int64], months: int) -> NDArray[np.int64]:
    """Add whole amounts up by month, exactly."""
    summed = np.zeros(months, dtype=np.int64)
    np.add.at(summed, place, amounts)
    return summed
