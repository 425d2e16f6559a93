"""The questions about pilots: the one that is planned on today's customers, and what those that were uploaded have shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxroi.errors import ModelError
from cxroi.model.company.baseline import SegmentBaseline
from cxroi.model.pilots.difference_in_differences import MatchedResult
from cxroi.model.pilots.pilot import PilotOutcome
from cxroi.model.pilots.pilot_design import PilotDesign, Place, design, design_of_mean
from cxroi.model.pilots.pilot_table import MeasuredPilot, compare_over_time, measure_table, money_over_time
from cxroi.questions.data import OpenVersion
from cxroi.questions.register import read_pilot_beliefs, read_register

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class PilotWish:
    """What a pilot is to show and where: `uplift_pp` in points of annual retention, else `change_percent` of a mean per customer.

    `branches` is how many there are, where whole ones are drawn, `size_variation` the coefficient of variation of their sizes.
    `level_percent` is the treated group's spend, of today's; `carryover_rate` a month, None for the middle of what is believed
    before any data; `segment` None is the whole company.
    """

    outcome: PilotOutcome
    segment: str | None = None
    uplift_pp: float | None = None
    change_percent: float | None = None
    level_percent: float = 150.0
    fixed_cost: float = 0.0
    branches: int | None = None
    size_variation: float = 0.0
    carryover_rate: float | None = None
    power: float = 0.8


@dataclass(frozen=True, kw_only=True)
class PilotPlan:
    """A planned pilot with what it was planned on."""

    wish: PilotWish
    design: PilotDesign
    place: Place
    segment: SegmentBaseline
    currency: str

    @property
    def customers_at_risk(self) -> float:
        """Return how many customers a cut would lose over the pilot if it did what the pilot looks for; 0 where more is spent."""
        if self.wish.level_percent > 100 or self.design.outcome is not PilotOutcome.CHURN:
            return 0.0
        return max(0.0, self.design.control - self.design.treated) * self.design.customers_per_group

    @property
    def margin_at_risk(self) -> float:
        """Return what these customers bring in a year, contribution margin less support cost."""
        each = self.segment.contribution_margin_per_customer_month - self.segment.support_cost_per_customer_month
        return 12 * each * self.customers_at_risk


@dataclass(frozen=True, kw_only=True)
class UploadedPilots:
    """What the table of pilots has shown; `over_time`, all of them together before against after, with margin and support cost.

    That is where a first month was named, or `problem` why not; without one where the rows of several segments say their own.
    """

    measured: tuple[MeasuredPilot, ...]
    over_time: MatchedResult | None
    problem: ModelError | None
    money_over_time: Mapping[PilotOutcome, MatchedResult] = field(default_factory=dict)


def plan_pilot(data: OpenVersion, wish: PilotWish) -> PilotPlan:
    """Return the shortest pilot that shows what is wished for. Raises ModelError for a level, a rate or a segment that cannot be."""
    segment = data.baseline.named(wish.segment)
    place = _place(wish, segment)
    if wish.outcome is PilotOutcome.CHURN:
        churn = segment.monthly_churn_rate.mid
        planned = design(place, monthly_churn_rate=churn, uplift_pp=_given(wish.uplift_pp), power=wish.power)
    else:
        planned = design_of_mean(place, wish.outcome, change_percent=_given(wish.change_percent), power=wish.power)
    return PilotPlan(wish=wish, design=planned, place=place, segment=segment, currency=data.baseline.currency)


def _given(value: float | None) -> float:
    if value is None:
        raise ModelError("pilots.nothing_to_show")
    return value


def _place(wish: PilotWish, segment: SegmentBaseline) -> Place:
    if wish.level_percent < 0 or wish.level_percent == 100:
        raise ModelError("pilots.level", level=wish.level_percent)
    carried = wish.carryover_rate
    if carried is not None and not 0 <= carried < 1:
        raise ModelError("pilots.carryover", rate=carried)
    return Place(
        customers=segment.customers,
        extra_spend_per_customer_month=segment.cx_spend_per_customer_month * (wish.level_percent / 100 - 1),
        fixed_cost=wish.fixed_cost,
        branches=wish.branches,
        size_variation=wish.size_variation,
        carryover_rate=read_register()[0].carryover_high / 2 if carried is None else carried,
        beliefs=read_pilot_beliefs(),
    )


def read_uploaded_pilots(
    data: OpenVersion, segment: str | None = None, since: pd.Timestamp | None = None
) -> UploadedPilots:
    """Return what each pilot in the table `pilots` has shown, from month `since` on where that is given.

    Raises ModelError where there is none, or none that late.
    """
    rows = data.pilot_rows
    if segment is not None:
        rows = rows[rows["segment"] == segment]
    if rows.empty:
        raise ModelError("pilots.none", segment=segment or "-")
    if since is not None and not (rows["period"] >= since).any():
        raise ModelError("pilots.never", month=f"{since:%Y-%m}")
    measured = tuple(
        one
        for _, part in rows.groupby("segment", sort=True)
        for one in measure_table(
            part, randomised=bool(part["randomised"].all()), since=since, beliefs=read_pilot_beliefs()
        )
    )
    if since is None and rows["customer_id"].notna().any():  # who were all there when it began
        return UploadedPilots(measured=measured, over_time=None, problem=None)
    try:
        return UploadedPilots(
            measured=measured,
            over_time=compare_over_time(rows, since),
            problem=None,
            money_over_time=money_over_time(rows, since),
        )
    except ModelError as error:  # which was asked for only where a first month was named
        return UploadedPilots(measured=measured, over_time=None, problem=None if since is None else error)
