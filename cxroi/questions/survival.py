"""Does the call survive? Months and segments left out, which bind, and what is shown beside: horizon, prior, booking, error of spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cxroi.model.decision.robustness import Change, SurvivalCheck, survival_check
from cxroi.model.decision.verdict import Call
from cxroi.model.response.channel import ChannelPosterior
from cxroi.model.response.curves import Curves
from cxroi.model.response.likelihood import History
from cxroi.model.response.prior import Priors
from cxroi.model.response.spend_error import reliability
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws, resample
from cxroi.model.value.projection import COARSE_LEVELS, tabulate
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import Judgement, judgement_of
from cxroi.questions.refits import CALL_DRAWS, Refits, Variant, together

SHOWN = ("horizon", "prior", "lag", "spend_error")
MONTHS_LATE = (1, 2)
ERROR_SD = 0.3
_SCALES = {"strength_halved": 0.5, "strength_doubled": 2.0}
_THRESHOLDS = {"threshold_rare": 0.1, "threshold_common": 0.7}
_SPIKES = {"spike_low": 0.5, "spike_high": 0.9}


def ask_survival(evidence: Evidence, scenario: Scenario) -> tuple[SurvivalCheck, ...]:
    """Return whether the call on the whole survives each kind of change, the binding ones first; nothing is fitted where there is none.

    Slow: asked when somebody looks, never for a slider.
    """
    judgement, refits = judgement_of(evidence, scenario), evidence.refits
    call = judgement.standing.call
    if refits is None or call is Call.NOT_ENOUGH_EVIDENCE:
        return (*judgement.survival, *(SurvivalCheck(check=name, binding=False) for name in SHOWN))
    kinds = {"prior": _other_priors(refits), "lag": _booked_late(refits), "spend_error": (_with_error(refits),)}
    made = iter(_called(judgement, refits, [one for several in kinds.values() for one in several]))
    return (
        *judgement.survival,
        _other_horizon(evidence, scenario, call),
        *(
            survival_check(name, call, [one.change for one in variants], [next(made) for _ in variants], binding=False)
            for name, variants in kinds.items()
        ),
    )


def _called(
    judgement: Judgement, refits: Refits, variants: Sequence[Variant]
) -> tuple[tuple[Call, Mapping[Call, float]], ...]:
    scenario = judgement.scenario
    future = together(refits.future, variants)
    table = tabulate(future, scenario.annual_discount_rate, scenario.horizon_months, COARSE_LEVELS)
    return judgement.called_on(table)


def _other_horizon(evidence: Evidence, scenario: Scenario, call: Call) -> SurvivalCheck:
    """Ask with nothing counted after the horizon or, where that is the setting, with customers kept for life: for the verdict that
    would then be given, as the sentence beside the verdict tells it."""
    strict = scenario.residual_value_months == 0
    other = judgement_of(evidence, replace(scenario, residual_value_months=None if strict else 0))
    change = Change(id="life" if strict else "strict")
    return survival_check("horizon", call, [change], [(other.bare_verdict(None).call, {})], binding=False)


def _other_priors(refits: Refits) -> tuple[Variant, ...]:
    """Return churn fitted again with other scales of strength, and draws weighed anew for other weights of thresholds and of no effect."""
    scale = refits.priors.strength_scale
    fitted = (
        refits.fitted(Change(id=name), priors=replace(refits.priors, strength_scale=factor * scale))
        for name, factor in _SCALES.items()
    )
    weighed = (_with_thresholds(refits, name, weight) for name, weight in _THRESHOLDS.items())
    spikes = (_with_spike(refits, name, nothing) for name, nothing in _SPIKES.items() if refits.future.channels)
    return (*fitted, *weighed, *spikes)


def _with_thresholds(refits: Refits, name: str, weight: float) -> Variant:
    """Return the draws as another prior weight of the threshold family has them: each by the ratio of its family's weights."""

    def weighed(curves: Curves, priors: Priors) -> Draws:
        other = replace(priors, threshold_weight=weight)
        ratio: Draws = np.log(other.family_weight / priors.family_weight)[curves.family]
        return ratio

    response = refits.future.response
    return refits.variant(
        Change(id=name),
        response.take(_chosen(weighed(response, refits.priors), refits.seed, 0)),
        tuple(
            one.take(_chosen(weighed(one, refits.channel_priors[one.channel]), refits.seed, place))
            for place, one in enumerate(refits.future.channels, start=1)
        ),
    )


def _with_spike(refits: Refits, name: str, nothing: float) -> Variant:
    """Return the draws as another prior probability of no effect has them: those with none against those with one."""

    def weighed(one: ChannelPosterior) -> Draws:
        priors = refits.channel_priors[one.channel]
        none, some = np.log(nothing / priors.nothing), np.log((1 - nothing) / (1 - priors.nothing))
        ratio: Draws = none + (some - none) * one.moves
        return ratio

    return refits.variant(
        Change(id=name),
        refits.future.response.take(refits.draws),
        tuple(
            one.take(_chosen(weighed(one), refits.seed, place))
            for place, one in enumerate(refits.future.channels, start=1)
        ),
    )


def _chosen(log_weight: Draws, seed: int, place: int) -> NDArray[np.int64]:
    """Return draws by weight, of each weight as many as it is due to within one, in an order that pairs with others' by chance alone."""
    order = np.argsort(log_weight, kind="stable")
    chosen = order[resample(log_weight[order], CALL_DRAWS, seed)]
    return np.random.default_rng([seed, place]).permutation(chosen)


def _booked_late(refits: Refits) -> tuple[Variant, ...]:
    return tuple(refits.fitted(Change(id=f"late_{months}"), partial(_spent_earlier, months)) for months in MONTHS_LATE)


def _spent_earlier(months: int, history: History) -> History:
    return history.spent_earlier(months)


def _with_error(refits: Refits) -> Variant:
    """Return strengths as they would be if spend were booked with error: divided by its reliability (errors in variables)."""
    history = refits.future.response.history

    def share(curves: Curves) -> float:
        return reliability(history, float(np.median(curves.carryover_rate)), ERROR_SD)

    response = refits.future.response.take(refits.draws)
    own = share(refits.future.response)
    return refits.variant(
        Change(id="spend_error", facts=(("percent", f"{100 * ERROR_SD:.0f}"), ("reliability", f"{own:.2f}"))),
        replace(response, strength=response.strength / own),
        tuple(
            replace(one, strength=one.strength / share(one))
            for one in (channel.take(refits.draws) for channel in refits.future.channels)
        ),
    )
