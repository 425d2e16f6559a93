"""The pilots that could be run: every place, length and level for the treated, with what each would show and what it would cost.

Cost counts in full what a pilot takes and nothing of what it brings or saves: for a raise the extra spend on the treated, for a
cut what the customers who leave because of it would have been worth for as long as they stayed, and what the others earn less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt

import numpy as np
from numpy.typing import NDArray

from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.pilot_value import Lesson, lesson_of
from cxroi.model.decision.verdict import Call
from cxroi.model.discount import monthly_factor
from cxroi.model.pilots.pilot import PilotBeliefs, PilotOutcome
from cxroi.model.pilots.power import customers_for_error, log_hazard_error
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.economics import Economics
from cxroi.model.value.future import Future

CallAfter = Callable[[NDArray[np.int64], tuple[PilotOutcome, ...]], Call]
_MONTHS, _LEVELS, _SIZES = (3, 6, 9, 12), (50.0, 150.0, 200.0), 5
_MOST_SEGMENTS = 6  # the largest are looked at
_MOVES = 0.05  # a channel that moves in fewer draws is not measured
_TELLS_NOTHING = 1e6


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenDecision:
    """A level of spend that the evidence cannot settle, for one or several segments (S,) moved together.

    `value` (L, n) is what the best level maximises, at `level_percent` (L,); `discount` (T,) the factors of the horizon's
    months; `call` the verdict on some of the draws (m,) once some outcomes are measured; `largest_error` the standard error
    (log) above which a pilot's outcome would not count as evidence.
    """

    future: Future
    money: Economics
    segments: tuple[str, ...]
    level_percent: Draws
    value: Draws
    discount: Draws
    call: CallAfter
    largest_error: Mapping[PilotOutcome, float]
    beliefs: PilotBeliefs


@dataclass(frozen=True, eq=False)
class Place:
    """Where a pilot may run: its name, its customers, and the segments' shares of them (S,)."""

    name: str
    customers: float
    share: Draws


@dataclass(frozen=True, eq=False)
class Trial:
    """A place, a length and a level: what the pilot would show, (n, d) with one column an outcome, and what it would cost."""

    place: Place
    months: int
    level_percent: float
    outcomes: tuple[PilotOutcome, ...]
    gain: Draws
    cost_per_customer: float
    sizes: tuple[int, ...]
    lesson: Lesson


def trials(open_: OpenDecision) -> Iterator[Trial]:
    """Yield every trial that could tell something."""
    value = open_.value[tens(open_.level_percent)]
    for place in _places(open_):
        for level in _LEVELS:
            shown = _gains_by_month(open_, place, level)
            for months in _MONTHS:
                if months >= open_.discount.size:
                    continue
                trial = _trial(open_, place, level, months, shown, value)
                if trial is not None:
                    yield trial


def tens(level_percent: Draws) -> Draws:
    """Return which levels are looked at: every tenth percent is near enough to see what a lesson is worth, (L,)."""
    return np.asarray(level_percent % 10 == 0)


def _places(open_: OpenDecision) -> list[Place]:
    customers = open_.money.customers
    largest = np.argsort(-customers, kind="stable")[:_MOST_SEGMENTS].tolist()
    alone = [Place(open_.segments[s], float(customers[s]), np.eye(customers.size)[s]) for s in sorted(largest)]
    if customers.size == 1:
        return alone
    total = float(customers.sum())
    return [*alone, Place(WHOLE, total, customers / max(total, 1e-9))]


def _gains_by_month(open_: OpenDecision, place: Place, level: float) -> dict[PilotOutcome, Draws]:
    """Return what the level does to each outcome by month, in logs and above 0 where it is good, (n, months) each."""
    future = open_.future
    longest = max(_MONTHS)
    shown = {PilotOutcome.CHURN: (future.strength @ place.share)[:, None] * future.path_gain(level, longest)}
    for one in future.channels:
        if one.channel is not Channel.JOINS and one.moves.mean() >= _MOVES:
            path = one.bounded(one.path_gain(level, longest))
            shown[PilotOutcome(one.channel.value)] = (one.strength @ place.share)[:, None] * path
    return shown


def _trial(
    open_: OpenDecision, place: Place, level: float, months: int, by_month: dict[PilotOutcome, Draws], value: Draws
) -> Trial | None:
    """Return the trial with the outcomes that half of the place's customers could tell; None where that is none of them."""
    most = floor(place.customers / 2)
    told = {name: path[:, :months].mean(axis=1) for name, path in by_month.items()}
    churn = float((open_.future.churn @ place.share).mean())
    fewest = {
        name: _fewest(open_, name, churn, months, float(gain.mean()))
        for name, gain in told.items()
        if float(gain.std()) > 0
    }
    useful = tuple(name for name, count in fewest.items() if count <= most)
    if not useful:
        return None
    gain = np.stack([told[name] for name in useful], axis=1)
    return Trial(
        place=place,
        months=months,
        level_percent=level,
        outcomes=useful,
        gain=gain,
        cost_per_customer=_cost(open_, place, level, months, by_month),
        sizes=_sizes(min(fewest[name] for name in useful), most),
        lesson=lesson_of(gain, value),
    )


def _fewest(open_: OpenDecision, outcome: PilotOutcome, churn: float, months: int, gain: float) -> float:
    """Return the customers a group from which a pilot's outcome counts as evidence."""
    error = open_.largest_error[outcome]
    if outcome is PilotOutcome.CHURN:
        return customers_for_error(churn, months, gain, error) if 0 < churn < 1 else np.inf
    return 2 * (open_.beliefs.spread(outcome) / error) ** 2


def _sizes(fewest: float, most: int) -> tuple[int, ...]:
    """Return group sizes from the fewest to the most, each about as many times the last, to two digits."""
    sizes = np.geomspace(max(fewest, 2.0), most, _SIZES).tolist()
    return tuple(sorted({min(most, _two_digits(size)) for size in sizes[:-1]} | {most}))


def _two_digits(size: float) -> int:
    unit = 10 ** max(0, floor(log10(size)) - 1)
    return ceil(size / unit - 1e-9) * unit


def _cost(open_: OpenDecision, place: Place, level: float, months: int, by_month: dict[PilotOutcome, Draws]) -> float:
    """Return what a treated customer costs over the pilot, in the unit of the decision's values."""
    money, scenario, discount = open_.money, open_.money.scenario, open_.discount[:months]
    dear = (1 + scenario.cost_risk_adjustment_rate) * (1 + scenario.hurdle_net_return)
    kept = 1 - scenario.benefit_risk_adjustment_rate
    if level > 100:
        return float(dear * (money.spend @ place.share) * (level / 100 - 1) * discount.sum())
    churn = (open_.future.churn @ place.share)[:, None]
    stays, would = (
        np.prod(1 - np.minimum(churn * left, 1.0), axis=1)
        for left in (np.exp(-by_month[PilotOutcome.CHURN][:, :months]), np.ones(months))
    )
    remains = (1 - churn.mean()) * monthly_factor(scenario.annual_discount_rate)
    life = remains / max(1 - remains, 1e-9)  # discounted months for which a customer is still there
    worth = life * float((kept * money.kept - dear * money.spend) @ place.share)
    lost = max(worth, 0.0) * float((would - stays).mean())
    for outcome, unit, sign in ((PilotOutcome.MARGIN, money.margin, -1.0), (PilotOutcome.SUPPORT, money.support, 1.0)):
        if outcome in by_month:  # margin is multiplied by e^gain, support cost by e^-gain
            worse = sign * np.expm1(-sign * by_month[outcome][:, :months])
            lost += kept * float(unit @ place.share) * float((worse @ discount).mean())
    return max(float(lost), 0.0)


def errors(open_: OpenDecision, trial: Trial, customers: int) -> Draws:
    """Return the standard error (log) of each outcome of the trial, (d,); of one that would not count, one that tells nothing."""
    churn = float((open_.future.churn @ trial.place.share).mean())
    found = []
    for place, outcome in enumerate(trial.outcomes):
        if outcome is PilotOutcome.CHURN:
            error = log_hazard_error(churn, trial.months, float(trial.gain[:, place].mean()), customers)
        else:
            error = open_.beliefs.spread(outcome) * sqrt(2 / customers)
        found.append(error if error <= open_.largest_error[outcome] * (1 + 1e-9) else _TELLS_NOTHING)
    return np.array(found)
