"""Which touchpoints keep customers: from satisfaction with each to leaving (or ordering again) later.

One observation is one answer: who gave it, about which touchpoint, satisfied or not, and whether that customer left
within the following months. Two logistic regressions of leaving on satisfaction per touchpoint, errors clustered by
customer: the touchpoint alone, and jointly, with segment, the logarithm of tenure and what the customer last thought of
every other touchpoint held equal, so that a customer who likes everything does not make every touchpoint a driver. A
touchpoint that was never asked counts as unknown: the mean, with a flag (Cohen & Cohen 1975). It is an association
(grade D), never the effect of spend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.satisfaction.driver_answers import Answers, latest_elsewhere, read_answers
from cxroi.model.statistics.logistic import LogisticLink, benjamini_hochberg, fit_link
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Interval


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
    events_per_control: float = 10.0  # fewer would leave the joint estimate to chance (Peduzzi and others 1996)


@dataclass(frozen=True, kw_only=True)
class Driver:
    """The link of one touchpoint. `effect` is the change in the probability of leaving when an answer turns good.

    Negative is good where the outcome is leaving. `effect` and `odds_ratio` hold segment, tenure and the touchpoints
    `beside` equal; `effect_alone` and `odds_ratio_alone` hold nothing equal. `impact` is how much of the outcome (share
    of all customers heard) would change if every dissatisfied answer turned satisfied; shares are over touchpoints
    without a flag. None where a guard keeps a figure from being computed.
    """

    touchpoint: str
    answers: int
    events: int
    satisfied_rate: float
    odds_ratio_alone: Interval | None
    effect_alone: Interval | None
    odds_ratio: Interval | None
    effect: Interval | None
    beside: tuple[str, ...]
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
    observations: pd.DataFrame,
    *,
    spend: Mapping[str, float] | None = None,
    outcome: str = "left",
    within_months: int = 3,
    rule: DriverRule | None = None,
) -> Drivers:
    """Return the link of each touchpoint from a frame with one row an answer.

    Columns: touchpoint; satisfied, 1 for a top-two-box answer (or promoter); event, 1 when the customer left (`outcome`
    "left") or ordered again ("ordered_again") within `within_months` after answering; customer_id. Optionally segment,
    tenure_months, weight (of the survey, 1 where missing), day (a number that grows: what was known of other
    touchpoints at the time), months_to_event (missing for none: whether the link rests on people who were already
    leaving) and answered_after_event. Rows whose satisfied or event is unknown are left out.
    """
    rule = rule or DriverRule()
    if outcome not in ("left", "ordered_again"):
        raise ModelError("drivers.observations_unreadable")
    heard, late = read_answers(observations)
    elsewhere, asked = latest_elsewhere(heard)
    heard = replace(heard, others=elsewhere)
    sign = -1 if outcome == "left" else 1
    names = [str(name) for name in np.unique(heard.touchpoint)]
    links = [_link(heard.rows(heard.touchpoint == name), name, asked, rule, sign) for name in names]
    adjusted = iter(benjamini_hochberg([link.full.p_value for link in links if link.full]))
    customers = len(np.unique(heard.customer))
    drivers = [
        _judged(name, link, float(next(adjusted)) if link.full else None, rule, sign, customers)
        for name, link in zip(names, links, strict=True)
    ]
    return Drivers(
        drivers=_with_shares(drivers, dict(spend or {})),
        answers=int(heard.event.size),
        customers=customers,
        answers_after_leaving=late,
        outcome=outcome,
        within_months=within_months,
    )


@dataclass(frozen=True)
class _Link:
    answers: int
    events: int
    satisfied: float
    respondents: int
    separation: float | None = None
    alone: LogisticLink | None = None
    full: LogisticLink | None = None
    lasting: LogisticLink | None = None  # without those who left within a month
    beside: tuple[str, ...] = ()


def _link(rows: Answers, name: str, asked: tuple[str, ...], rule: DriverRule, sign: int) -> _Link:
    """Return what one touchpoint's answers tell; no estimate where they are too few or tell leavers apart perfectly."""
    y, x = rows.event, rows.satisfied
    link = _Link(int(y.size), int(y.sum()), rows.share(x), len(np.unique(rows.customer)))
    if y.size < rule.minimum_answers or min(y.sum(), (1 - y).sum(), x.sum(), (1 - x).sum()) < rule.minimum_events:
        return link
    told = x if sign > 0 else 1 - x
    # For a two-valued score, the chance to tell leaver from stayer is the mean of sensitivity and specificity.
    left, stayed = rows.rows(y == 1), rows.rows(y == 0)
    link = replace(link, separation=(left.share(told[y == 1]) + 1 - stayed.share(told[y == 0])) / 2)
    empty = [
        (x == i).sum() * (y == j).sum() / y.size for i in (0, 1) for j in (0, 1) if not ((x == i) & (y == j)).any()
    ]
    if empty:  # no maximum; a cell that had hardly a chance to be filled says nothing about leakage
        return link if max(empty) >= 5 else replace(link, separation=None)
    lasting = rows.rows(~((y == 1) & (rows.months_to_event <= 1)))
    enough = sign < 0 and rule.minimum_events <= lasting.event.sum() < y.sum()
    beside = _held_equal(rows, name, asked, rule)
    return replace(
        link,
        alone=fit_link(y, x, [], rows.customer, rows.weight),
        full=_fit(rows, beside),
        lasting=_fit(lasting, beside) if enough else None,
        beside=tuple(asked[place] for place in beside),
    )


def _held_equal(rows: Answers, name: str, asked: tuple[str, ...], rule: DriverRule) -> tuple[int, ...]:
    """Return the other touchpoints to hold equal, those known of most customers first, as many as the events carry."""
    fewer = min(rows.event.sum(), (1 - rows.event).sum())
    room = int((fewer / rule.events_per_control - len(np.unique(rows.segment)) - 1) // 2)
    good = rows.others >= 0.5
    known = np.isfinite(rows.others).sum(axis=0)
    varied = np.minimum(good.sum(axis=0), known - good.sum(axis=0)) >= rule.minimum_events
    found = [place for place in np.argsort(-known, kind="stable") if varied[place] and asked[place] != name]
    return tuple(int(place) for place in found[: max(room, 0)])


def _fit(rows: Answers, beside: tuple[int, ...]) -> LogisticLink:
    controls = [(rows.segment == name).astype(float) for name in np.unique(rows.segment)[1:]]
    controls.append(np.log1p(np.maximum(rows.tenure, 0.0)))
    for place in beside:
        value = rows.others[:, place]
        known = np.isfinite(value)
        controls += [np.where(known, value - value[known].mean(), 0.0), known.astype(float)]
    return fit_link(rows.event, rows.satisfied, controls, rows.customer, rows.weight)


def _judged(name: str, link: _Link, adjusted: float | None, rule: DriverRule, sign: int, customers: int) -> Driver:
    flag = _flag(link, adjusted, rule, sign)
    reach = link.respondents / customers
    believed = link.full if flag is Flag.NONE else None
    return Driver(
        touchpoint=name,
        answers=link.answers,
        events=link.events,
        satisfied_rate=link.satisfied,
        odds_ratio_alone=link.alone.odds_ratio if link.alone else None,
        effect_alone=link.alone.average_marginal_effect if link.alone else None,
        odds_ratio=link.full.odds_ratio if link.full else None,
        effect=link.full.average_marginal_effect if link.full else None,
        beside=link.beside,
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
    return bool(abs(full.log_odds - lasting.log_odds) > critical_value(0.9) * spread)


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
