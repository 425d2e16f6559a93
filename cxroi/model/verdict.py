"""The verdict: too little, too much, about right, or not enough evidence; only `judge` makes the call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cxroi.model.assumption import Grade
from cxroi.model.uncertainty import Interval


class Call(StrEnum):
    """The four answers."""

    UNDER_INVESTED = "under_invested"
    OVER_INVESTED = "over_invested"
    ABOUT_RIGHT = "about_right"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


@dataclass(frozen=True, kw_only=True)
class PilotProposal:
    """The pilot that would settle an open verdict: where, with how many customers in each group, for how long."""

    segment: str
    customers_per_group: int
    months: int
    parameter: str  # what is worth learning first: "strength", "shape", "carryover"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A call with what stands behind it. Money is present value over the horizon; spend is money per month.

    `cost_of_too_little` and `cost_of_too_much` are what staying at today's spend is expected to lose because the best
    spend lies above, or below, it; together they equal `gain_from_acting_now` + `value_of_information`.
    `reason` is the id of what decided (a rule, or the failed health check); `text` words it.
    """

    call: Call
    reason: str
    probability_more_pays: float
    optimum_spend: Interval
    today_spend: float
    spend_range: tuple[float, float] | None  # where the call holds
    gain_from_acting_now: float
    cost_of_too_little: float
    cost_of_too_much: float
    value_of_information: float
    materiality: float
    grade: Grade
    pilot: PilotProposal | None
