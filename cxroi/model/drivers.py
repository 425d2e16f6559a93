"""Which touchpoints keep customers: from satisfaction with each to leaving (or ordering again) later.

One observation is one answer: who gave it, about which touchpoint, satisfied or not, and whether that customer left
within the following months. Per touchpoint a logistic regression of leaving on satisfaction, with segment and the
logarithm of tenure held equal and errors clustered by customer. It is an association (grade D), never the effect of
spend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.logistic import LogisticLink, benjamini_hochberg, fit_link
from cxroi.model.uncertainty import Interval

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_Z90 = 1.6448536269514722


class Flag(StrEnum):
    """Why a link is not to be believed, worst first; the sentences stand under `drivers.flag` in the text catalogues."""

    LEAKAGE = "leakage"  # the score tells leavers apart so well that it must follow from leaving
    ALREADY_LEAVING = "already_leaving"  # the link rests on those who left within a month of answering
    THIN = "thin"  # too few answers, or too few who left
    UNEXPECTED_SIGN = "unexpected_sign"  # satisfied customers leave more, and surely so
    NOT_SIGNIFICANT = "not_significant"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class DriverRule:
    """The thresholds of the guards."""

    minimum_answers: int = 100
    minimum_events: int = 10  # of leaving, and of staying, and answers of each kind
    false_discovery_rate: float = 0.10
    separation: float = 0.95  # chance that a leaver is told from a stayer by the score alone, beyond which it leaks
    late_share: float = 0.5  # of the log odds, that may rest on those who leave within a month


@dataclass(frozen=True, kw_only=True)
class Driver:
    """The link of one touchpoint. `effect` is the change in the probability of leaving when an answer turns good.

    Negative is good where the outcome is leaving. `impact` is how much of the outcome (share of all customers heard)
    would change if every dissatisfied answer turned satisfied; shares are over touchpoints without a flag. None where a
    guard keeps a figure from being computed.
    """

    touchpoint: str
    answers: int
    events: int
    satisfied_rate: float
    odds_ratio: Interval | None
    effect: Interval | None
    p_value: float | None
    adjusted_p_value: float | None  # Benjamini-Hochberg, over the touchpoints tested
    separation: float | None
    flag: Flag
    impact: float
    impact_share: float
    spend: float | None
    spend_share: float | None

    @property
    def is_believed(self) -> bool:
        """Return whether to draw the link in colour; grey otherwise."""
        return self.flag is Flag.NONE


@dataclass(frozen=True, kw_only=True)
class Drivers:
    """All touchpoints, the strongest first, and the answers set aside because they came after the customer had left."""

    drivers: tuple[Driver, ...]
    answers: int
    customers: int
    answers_after_leaving: int
    outcome: str  # "left" or "ordered_again"
    within_months: int
    grade: Grade = Grade.SURVEY_LINKAGE


def measure_drivers(
    *,
    touchpoint: ArrayLike,
    satisfied: ArrayLike,
    event: ArrayLike,
    customer: ArrayLike,
    segment: ArrayLike | None = None,
    tenure_months: ArrayLike | None = None,
    months_to_event: ArrayLike | None = None,
    answered_after_event: ArrayLike | None = None,
    spend: Mapping[str, float] | None = None,
    outcome: str = "left",
    within_months: int = 3,
    rule: DriverRule | None = None,
) -> Drivers:
    """Return the link of each touchpoint from arrays with one entry an answer.

    `satisfied` is 1 for a top-two-box answer (or promoter); `event` is 1 when the customer left (`outcome` "left") or
    ordered again ("ordered_again") within `within_months` after answering; `months_to_event` (NaN for none) lets the
    leakage guard see whether the link rests on people who were already leaving. Answers with an unknown event must be
    left out before.
    """
    rule = rule or DriverRule()
    columns = _columns(touchpoint, satisfied, event, customer, segment, tenure_months, months_to_event)
    after = (
        np.zeros(columns.event.shape, bool) if answered_after_event is None else np.asarray(answered_after_event, bool)
    )
    if after.shape != columns.event.shape or outcome not in ("left", "ordered_again"):
        raise ModelError("drivers.observations_unreadable")
    heard = columns.rows(~after)
    sign = -1 if outcome == "left" else 1
    names = [str(name) for name in np.unique(heard.touchpoint)]
    links = [_link(heard.rows(heard.touchpoint == name), rule, sign) for name in names]
    tested = [link.full.p_value for link in links if link.full]
    adjusted = iter(benjamini_hochberg(tested))
    customers = len(np.unique(heard.customer))
    drivers = [
        _judged(name, link, float(next(adjusted)) if link.full else None, rule, sign, customers)
        for name, link in zip(names, links, strict=True)
    ]
    return Drivers(
        drivers=_with_shares(drivers, dict(spend or {})),
        answers=int(heard.event.size),
        customers=customers,
        answers_after_leaving=int(after.sum()),
        outcome=outcome,
        within_months=within_months,
    )


def drivers_of_frame(
    observations: pd.DataFrame,
    *,
    spend: Mapping[str, float] | None = None,
    outcome: str = "left",
    within_months: int = 3,
    rule: DriverRule | None = None,
) -> Drivers:
    """Return the same from a frame with one row an answer.

    Columns: touchpoint, satisfied, event, customer_id, and optionally segment, tenure_months, months_to_event and
    answered_after_event. Rows whose satisfied or event is unknown are left out.
    """
    required = ["touchpoint", "satisfied", "event", "customer_id"]
    missing = [name for name in required if name not in observations]
    if missing:
        raise ModelError("drivers.columns_missing", columns=", ".join(missing))
    known = observations.dropna(subset=required)
    optional = ("segment", "tenure_months", "months_to_event", "answered_after_event")
    return measure_drivers(
        touchpoint=known["touchpoint"].to_numpy(),
        satisfied=known["satisfied"].to_numpy(dtype=float),
        event=known["event"].to_numpy(dtype=float),
        customer=known["customer_id"].to_numpy(),
        **{name: known[name].to_numpy() for name in optional if name in known},
        spend=spend,
        outcome=outcome,
        within_months=within_months,
        rule=rule,
    )


@dataclass(frozen=True)
class _Answers:
    touchpoint: NDArray[np.str_]
    satisfied: Array
    event: Array
    customer: NDArray[np.str_]
    segment: NDArray[np.str_]
    tenure: Array
    months_to_event: Array

    def rows(self, chosen: Flags) -> _Answers:
        return _Answers(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class _Link:
    answers: int
    events: int
    satisfied: float
    respondents: int
    separation: float | None = None
    full: LogisticLink | None = None
    lasting: LogisticLink | None = None  # without those who left within a month


def _columns(
    touchpoint: ArrayLike,
    satisfied: ArrayLike,
    event: ArrayLike,
    customer: ArrayLike,
    segment: ArrayLike | None,
    tenure: ArrayLike | None,
    months_to_event: ArrayLike | None,
) -> _Answers:
    happened = np.asarray(event, dtype=float)
    size = happened.size
    columns = _Answers(
        touchpoint=np.asarray(touchpoint).astype(str),
        satisfied=np.asarray(satisfied, dtype=float),
        event=happened,
        customer=np.asarray(customer).astype(str),
        segment=np.full(size, "all") if segment is None else np.asarray(segment).astype(str),
        tenure=np.zeros(size) if tenure is None else np.asarray(tenure, dtype=float),
        months_to_event=np.full(size, np.nan) if months_to_event is None else np.asarray(months_to_event, dtype=float),
    )
    shapes = {getattr(columns, name).shape for name in columns.__dataclass_fields__}
    if (
        shapes != {(size,)}
        or size == 0
        or not np.isin(happened, (0, 1)).all()
        or not np.isin(columns.satisfied, (0, 1)).all()
    ):
        raise ModelError("drivers.observations_unreadable")
    return columns


def _link(rows: _Answers, rule: DriverRule, sign: int) -> _Link:
    """Return what one touchpoint's answers tell; no estimate where they are too few or tell leavers apart perfectly."""
    y, x = rows.event, rows.satisfied
    link = _Link(int(y.size), int(y.sum()), float(x.mean()), len(np.unique(rows.customer)))
    if y.size < rule.minimum_answers or min(y.sum(), (1 - y).sum(), x.sum(), (1 - x).sum()) < rule.minimum_events:
        return link
    told = x if sign > 0 else 1 - x
    # For a two-valued score, the chance to tell leaver from stayer is the mean of sensitivity and specificity.
    link = replace(link, separation=float((told[y == 1].mean() + 1 - told[y == 0].mean()) / 2))
    empty = [
        (x == i).sum() * (y == j).sum() / y.size for i in (0, 1) for j in (0, 1) if not ((x == i) & (y == j)).any()
    ]
    if empty:  # no maximum; a cell that had hardly a chance to be filled says nothing about leakage
        return link if max(empty) >= 5 else replace(link, separation=None)
    lasting = rows.rows(~((y == 1) & (rows.months_to_event <= 1)))
    enough = sign < 0 and rule.minimum_events <= lasting.event.sum() < y.sum()
    return replace(link, full=_fit(rows), lasting=_fit(lasting) if enough else None)


def _fit(rows: _Answers) -> LogisticLink:
    segments = [(rows.segment == name).astype(float) for name in np.unique(rows.segment)[1:]]
    return fit_link(rows.event, rows.satisfied, [*segments, np.log1p(np.maximum(rows.tenure, 0.0))], rows.customer)


def _judged(name: str, link: _Link, adjusted: float | None, rule: DriverRule, sign: int, customers: int) -> Driver:
    flag = _flag(link, adjusted, rule, sign)
    reach = link.respondents / customers
    believed = link.full if flag is Flag.NONE else None
    return Driver(
        touchpoint=name,
        answers=link.answers,
        events=link.events,
        satisfied_rate=link.satisfied,
        odds_ratio=link.full.odds_ratio if link.full else None,
        effect=link.full.average_marginal_effect if link.full else None,
        p_value=link.full.p_value if link.full else None,
        adjusted_p_value=adjusted,
        separation=link.separation,
        flag=flag,
        impact=abs(believed.effect) * (1 - link.satisfied) * reach if believed else 0.0,
        impact_share=0.0,
        spend=None,
        spend_share=None,
    )


def _flag(link: _Link, adjusted: float | None, rule: DriverRule, sign: int) -> Flag:
    if link.separation is not None and (link.full is None or link.separation > rule.separation):
        return Flag.LEAKAGE
    if link.full is None or adjusted is None:
        return Flag.THIN
    if adjusted > rule.false_discovery_rate:
        return Flag.NOT_SIGNIFICANT
    if link.full.log_odds * sign < 0:
        return Flag.UNEXPECTED_SIGN
    return Flag.ALREADY_LEAVING if _rests_on_the_first_month(link.full, link.lasting, rule) else Flag.NONE


def _rests_on_the_first_month(full: LogisticLink, lasting: LogisticLink | None, rule: DriverRule) -> bool:
    """Return whether most of the link, and surely so (Hausman 1978), comes from those who left within a month."""
    if lasting is None or lasting.log_odds / full.log_odds >= 1 - rule.late_share:
        return False
    spread = np.sqrt(max(lasting.log_odds_error**2 - full.log_odds_error**2, 0.0))
    return bool(abs(full.log_odds - lasting.log_odds) > _Z90 * spread)


def _with_shares(drivers: list[Driver], spend: dict[str, float]) -> tuple[Driver, ...]:
    impact = sum(driver.impact for driver in drivers)
    paid = sum(spend.values())
    shared = [
        replace(
            driver,
            impact_share=driver.impact / impact if impact else 0.0,
            spend=spend.get(driver.touchpoint) if spend else None,
            spend_share=spend.get(driver.touchpoint, 0.0) / paid if paid else None,
        )
        for driver in drivers
    ]
    return tuple(sorted(shared, key=lambda driver: (-driver.impact, driver.touchpoint)))
