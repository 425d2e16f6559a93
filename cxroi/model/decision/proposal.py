"""The pilot worth running when the verdict is open: the one whose lesson is worth most beyond its cost, among those that can exist.

Every place (a segment, or the whole company), length, level for the treated (a cut too) and group size up to half of the place's
customers is weighed: expected value of sample information, of which only the months after the pilot are had, less the pilot's cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxroi.model.decision.pilot_trial import OpenDecision, Trial, errors, tens, trials
from cxroi.model.decision.pilot_value import after_the_pilot, lesson_of, value_of_sample
from cxroi.model.decision.sensitivity import information_values
from cxroi.model.decision.verdict import Call, PilotProposal
from cxroi.model.pilots.power import branches_needed
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.future import Future

_RESULTS, _DRAWS_AFTER = 64, 512
_NAMED = 0.1  # an outcome is named where alone it teaches this share of what the best of them teaches


@dataclass(frozen=True)
class _Found:
    trial: Trial
    customers: int
    worth: float  # of its lesson, present value
    cost: float


def propose_pilot(open_: OpenDecision) -> PilotProposal | None:
    """Return the pilot with the most value beyond its cost, or the least bad one, which says of itself that it is not worth it.

    None where no pilot could tell anything: too few customers, nobody who leaves, or nothing spent.
    """
    best: _Found | None = None
    for trial in sorted(trials(open_), key=lambda one: one.cost_per_customer * one.sizes[0]):
        for customers in reversed(trial.sizes):
            cost = customers * trial.cost_per_customer
            found = _Found(trial, customers, _worth(open_, trial, customers), cost)
            if best is None or found.worth - found.cost > best.worth - best.cost:
                best = found
            if found.worth - trial.sizes[0] * trial.cost_per_customer <= best.worth - best.cost:
                break  # fewer customers teach less and cost no less than the fewest
    return None if best is None else _proposal(open_, best)


def _worth(open_: OpenDecision, trial: Trial, customers: int) -> float:
    """Return what the pilot is expected to teach over the months that are left when it is over."""
    left = float(open_.discount[trial.months :].sum() / open_.discount.sum())
    return left * value_of_sample(trial.lesson, errors(open_, trial, customers))


def _proposal(open_: OpenDecision, found: _Found) -> PilotProposal:
    trial = found.trial
    error = errors(open_, trial, found.customers)
    after = after_the_pilot(trial.gain, error, _RESULTS, _DRAWS_AFTER)
    calls = [open_.call(draws, trial.outcomes) for draws in after]
    return PilotProposal(
        segment=trial.place.name,
        customers_per_group=found.customers,
        months=trial.months,
        parameter=worth_learning_first(open_.future, open_.value, trial.place.share),
        level_percent=trial.level_percent,
        outcomes=_named(open_, trial, error),
        cost=found.cost,
        worth=found.worth,
        probability_it_settles=float(np.mean([call is not Call.NOT_ENOUGH_EVIDENCE for call in calls])),
        branches_per_group=branches_needed(found.customers, open_.beliefs.intra_class_correlation),
    )


def _named(open_: OpenDecision, trial: Trial, error: Draws) -> tuple[str, ...]:
    """Return the outcomes to measure, the one first that alone teaches most."""
    if len(trial.outcomes) == 1:
        return (trial.outcomes[0].value,)
    rows = tens(open_.level_percent)
    alone = {
        outcome.value: value_of_sample(lesson_of(trial.gain[:, [k]], open_.value[rows]), error[[k]])
        for k, outcome in enumerate(trial.outcomes)
    }
    ranked = sorted(alone, key=lambda name: -alone[name])
    return tuple(name for name in ranked if name == ranked[0] or alone[name] >= max(_NAMED * alone[ranked[0]], 1e-9))


def worth_learning_first(future: Future, value: Draws, weight: Draws) -> str:
    """Return which of strength, shape and carryover has the largest expected value of partial perfect information."""
    ranked = [part.name for part in information_values(future, value, weight)]
    return next(name for name in ranked if name in ("strength", "shape", "carryover"))
