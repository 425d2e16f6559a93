"""Survey answers as the drivers need them: one row an answer, and what its customer was known to think of the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import ModelError
from cxroi.model.company.segments import WHOLE

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_MOST_TOUCHPOINTS = 20  # held equal at once: the most answered


@dataclass(frozen=True)
class Answers:
    """Columns of equal length, one entry an answer; `others` has one column a touchpoint, NaN where nothing is known."""

    touchpoint: NDArray[np.str_]
    satisfied: Array
    event: Array
    customer: NDArray[np.str_]
    segment: NDArray[np.str_]
    tenure: Array
    months_to_event: Array
    weight: Array  # mean 1
    day: Array
    others: Array

    def rows(self, chosen: Flags) -> Answers:
        """Return some of the answers."""
        return Answers(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def share(self, of: Array) -> float:
        """Return the weighted mean of a column."""
        return float(np.average(of, weights=self.weight))


def read_answers(observations: pd.DataFrame) -> tuple[Answers, int]:
    """Return the answers whose outcome is known, given before the event, and how many were given after it.

    A missing weight counts 1; without days all answers of a customer are of one day.
    """
    required = ["touchpoint", "satisfied", "event", "customer_id"]
    if missing := [name for name in required if name not in observations]:
        raise ModelError("drivers.columns_missing", columns=", ".join(missing))
    known = observations.dropna(subset=required)
    late = known.get("answered_after_event", pd.Series(False, known.index)).fillna(False).to_numpy(dtype=bool)
    heard = known[~late]

    def numbers(name: str, otherwise: float) -> Array:
        if name not in heard:
            return np.full(len(heard), otherwise)
        column = pd.to_numeric(heard[name], errors="coerce").to_numpy(dtype=float)
        return np.where(np.isnan(column), otherwise, column)

    weight = numbers("weight", 1.0)
    answers = Answers(
        touchpoint=heard["touchpoint"].to_numpy().astype(str),
        satisfied=numbers("satisfied", np.nan),
        event=numbers("event", np.nan),
        customer=heard["customer_id"].to_numpy().astype(str),
        segment=heard["segment"].to_numpy().astype(str) if "segment" in heard else np.full(len(heard), WHOLE),
        tenure=numbers("tenure_months", 0.0),
        months_to_event=numbers("months_to_event", np.nan),
        weight=weight / weight.mean() if weight.sum() > 0 else weight,
        day=numbers("day", 0.0),
        others=np.full(len(heard), np.nan),
    )
    two_valued = np.isin(answers.event, (0, 1)).all() and np.isin(answers.satisfied, (0, 1)).all()
    if heard.empty or not two_valued or weight.min() < 0 or not 0 < weight.sum() < np.inf:
        raise ModelError("drivers.observations_unreadable")
    return answers, int(late.sum())


def latest_elsewhere(answers: Answers) -> tuple[Array, tuple[str, ...]]:
    """Return, for every answer, its customer's latest satisfaction with each touchpoint up to that day, NaN if unknown.

    Columns are the most answered touchpoints, at most twenty, the most answered first.
    """
    names, counts = np.unique(answers.touchpoint, return_counts=True)
    chosen = [str(name) for name in names[np.argsort(-counts, kind="stable")][:_MOST_TOUCHPOINTS]]
    told = pd.DataFrame(
        {"customer": answers.customer, "day": answers.day, "touchpoint": answers.touchpoint, "value": answers.satisfied}
    )
    each = told[told["touchpoint"].isin(chosen)].pivot_table(
        index=["customer", "day"], columns="touchpoint", values="value", aggfunc="mean"
    )
    when = pd.MultiIndex.from_arrays([answers.customer, answers.day], names=["customer", "day"])
    known = each.reindex(each.index.union(when.unique())).groupby(level="customer").ffill()
    return known.reindex(when)[chosen].to_numpy(dtype=float), tuple(chosen)
