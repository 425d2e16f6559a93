"""Realised against promised: what an initiative did, against what would have been without it: here to churn, beside churn in
`cxroi.model.response.realised_channels`.

log h_st = segment level and trend + month effect + drift - b x_st, x_st = 1 in the initiative's segments from its first whole month on.
Month effects are what the other segments went through too, so b is a difference in differences; drift (first-order autoregression,
integrated out with its spread and memory as in `cxroi.model.response.likelihood`) keeps a bad spell that was bound to pass from counting as
success: an initiative is often started because churn was high. What other initiatives of the same place, and the rest of the CX spend,
may have done is integrated out as well. Where every segment is treated there is nothing to compare with
but the months before: level, trend and season go on as they were, and the grade drops.
Sources: Angrist & Pischke (2009), ch. 5; regression to the mean, Barnett, van der Pols & Dobson (2005).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cxroi.model.assumption import Grade
from cxroi.model.company.baseline import measure_baseline, trailing_window
from cxroi.model.company.panel import Panel
from cxroi.model.company.segments import WHOLE
from cxroi.model.response.channel import Channel
from cxroi.model.response.level_shift import taken_out
from cxroi.model.response.likelihood import History, Meanwhile, expand, history_of, noise_settings
from cxroi.model.response.lines import prior_gain
from cxroi.model.response.prior import Priors
from cxroi.model.response.realised_channels import RealisedChannel, Step, effects_on, realised_channels
from cxroi.model.response.shrinkage import EffectDraws
from cxroi.model.statistics.proportion import critical_value
from cxroi.model.statistics.uncertainty import Draws, Interval, resample

FEWEST_BEFORE, FEWEST_AFTER = 6, 3  # whole months
_EFFECT_SD, _OTHER_SD = 0.5, 0.1  # log hazard, believed before any data: of this initiative, and of others beside it
_DRAWS, _CONCURRENT_MONTHS = 4096, 2
_KEPT_FROM, _MISSED_TO = 0.8, 0.2  # probability that a promise is kept
_THIN = 4  # draws of which one is kept with what was found


class PromiseStatus(StrEnum):
    """What can be said of a promise."""

    KEPT = "kept"
    MISSED = "missed"
    OPEN = "open"
    NOT_STATED = "not_stated"  # what was realised is measured, but nothing was promised
    TOO_EARLY = "too_early"
    NOTHING_BEFORE = "nothing_before"
    NO_START = "no_start"
    SEGMENT_UNKNOWN = "segment_unknown"


@dataclass(frozen=True, kw_only=True)
class Initiative:
    """One initiative and its promise; no segments means the whole company. Days are calendar days."""

    name: str
    starts_on: np.datetime64 | None
    ends_on: np.datetime64 | None = None
    segments: tuple[str, ...] = ()
    promised_uplift_pp: float | None = None
    promised_value: float | None = None


@dataclass(frozen=True, kw_only=True)
class Realised:
    """What an initiative has brought: `uplift_pp` in points of annual retention, `value` the contribution margin less support cost that it
    has brought so far in every way that counts: customers kept, and `channels` beside; all of it measured alone. `probability_kept` that the uplift is at least what was promised, `probability_any` that
    there is one. `compared_with` is "segments" or "own_past"; `beside` names others that began about then in the same place.
    """

    initiative: Initiative
    finding: PromiseStatus
    months_before: int = 0
    months_after: int = 0
    uplift_pp: Interval | None = None
    value: Interval | None = None
    probability_any: float | None = None
    probability_kept: float | None = None
    compared_with: str | None = None
    beside: tuple[str, ...] = ()
    grade: Grade | None = None
    channels: tuple[RealisedChannel, ...] = ()
    annual_retention: float | None = None  # in its segments since the start, a share; `uplift_pp` less without it
    draws: EffectDraws | None = field(default=None, repr=False, compare=False)


def realised(
    panel: Panel,
    initiatives: tuple[Initiative, ...],
    own_spend: Mapping[str, Draws] | None = None,
    seed: int = 0,
    channels: Mapping[Channel, Priors] | None = None,
) -> tuple[Realised, ...]:
    """Return what each initiative has brought, in the order given; each is measured with the others of its place taken out.

    `own_spend` is CX spend by initiative, of the shape of `panel.cx_spend`: of an initiative that it names, what the rest of the
    CX spend may have done meanwhile is taken out too. `channels` is what is believed of each channel that is looked at beside churn.
    """
    rest = {name: np.maximum(panel.cx_spend - own, 0.0) for name, own in (own_spend or {}).items()}
    return tuple(_realised(panel, one, initiatives, rest.get(one.name), seed, channels or {}) for one in initiatives)


def _realised(
    panel: Panel,
    own: Initiative,
    every: tuple[Initiative, ...],
    rest: Draws | None,
    seed: int,
    believed: Mapping[Channel, Priors],
) -> Realised:
    if own.starts_on is None:
        return Realised(initiative=own, finding=PromiseStatus.NO_START)
    known = tuple(segment.segment for segment in measure_baseline(panel).segments)
    if not set(own.segments) <= set(known):
        return Realised(initiative=own, finding=PromiseStatus.SEGMENT_UNKNOWN)
    place = set(own.segments) or set(known)
    alone = place == set(known)
    beside = None if rest is None else replace(panel, cx_spend=rest)
    if alone:
        panel, known = panel.whole, (WHOLE,)
        beside = None if beside is None else beside.whole
    treated = np.array([alone or name in place for name in known])
    history = _until(history_of(panel, known, trailing_window(panel)), own.ends_on, panel)
    first = _first_whole_month(own.starts_on) - _first_month(panel)
    seen = history.customers.sum(axis=0) > 0
    before, after = int(seen[: max(first, 0)].sum()), int(seen[max(first, 0) :].sum())
    counted = {"initiative": own, "months_before": before, "months_after": after}
    if before < FEWEST_BEFORE:
        return Realised(finding=PromiseStatus.NOTHING_BEFORE, **counted)  # type: ignore[arg-type]
    if after < FEWEST_AFTER:
        return Realised(finding=PromiseStatus.TOO_EARLY, **counted)  # type: ignore[arg-type]
    history = _without_month(history, treated, first - 1) if _starts_within_month(own.starts_on) else history
    others = [one for one in every if one is not own and one.starts_on is not None and _shares_place(one, place, known)]
    steps = _of_others(history, others, _first_month(panel), known)
    spent = None if beside is None else history_of(beside, known, trailing_window(beside))

    def done(priors: Priors) -> Meanwhile:
        share = (priors.strength_scale / Priors().strength_scale) ** 2
        found = Meanwhile(steps.mean, steps.covariance * share)
        return found if spent is None else found + prior_gain(spent, priors, seed)

    history = replace(history, meanwhile=done(Priors()))
    effect = _effect(history, treated, first, seed)
    step = Step(panel, history, treated, first)
    effects = effects_on(step, believed, {name: done(priors) for name, priors in believed.items()}, seed)
    close = tuple(one.name for one in others if _begin_together(one, own))
    grade = Grade.SURVEY_LINKAGE if alone else Grade.OWN_HISTORY if close else _matched_grade(history, treated, first)
    return _told(own, step, effect, effects, counted, close, grade, alone)


def _told(
    own: Initiative,
    step: Step,
    effect: Draws,
    effects: Mapping[Channel, tuple[Draws, str | None]],
    counted: dict[str, object],
    close: tuple[str, ...],
    grade: Grade,
    alone: bool,
) -> Realised:
    uplift = uplift_of(step.history, step.treated, step.first, effect)
    value, channels = realised_channels(step, effect, effects)
    promised = own.promised_uplift_pp
    kept = None if promised is None else float((uplift >= promised).mean())
    return Realised(
        finding=judged(kept),
        uplift_pp=Interval.of_draws(uplift),
        value=Interval.of_draws(value),
        probability_any=float((effect > 0).mean()),
        probability_kept=kept,
        compared_with="own_past" if alone else "segments",
        beside=close,
        grade=grade,
        channels=channels,
        annual_retention=(1 - _churn_since(step.history, step.treated, step.first)) ** 12,
        draws=EffectDraws(
            effect=effect[::_THIN],
            uplift_pp=uplift[::_THIN],
            value=value[::_THIN],
            believed_sd=_EFFECT_SD,
            promised_uplift_pp=promised,
        ),
        **counted,  # type: ignore[arg-type]
    )


def judged(probability_kept: float | None) -> PromiseStatus:
    """Return whether a promise that was measured is kept, by the probability that it is; None where nothing was promised.

    >>> judged(0.8).value, judged(0.5).value, judged(0.2).value
    ('kept', 'open', 'missed')
    """
    if probability_kept is None:
        return PromiseStatus.NOT_STATED
    if probability_kept >= _KEPT_FROM:
        return PromiseStatus.KEPT
    return PromiseStatus.MISSED if probability_kept <= _MISSED_TO else PromiseStatus.OPEN


def _effect(history: History, treated: NDArray[np.bool_], first: int, seed: int = 0) -> Draws:
    """Return draws of b, the log hazard that the initiative took off, (n,): a mixture of normals over the noise settings."""
    step = np.zeros(history.customers.shape)
    step[treated, first:] = 1.0
    found = 0.0
    for _ in range(2):  # the second time the likelihood is expanded near what was found
        expansion = expand(history, -found * step)
        taken = taken_out((), history.events, step.shape)
        settings = noise_settings(expansion, history.meanwhile, taken=taken)
        facts = [setting.quadratic(step[None]) for setting in settings]
        information = np.array([float(matrix.sum()) for matrix, _ in facts]) + 1 / _EFFECT_SD**2
        pull = np.array([float(force.sum()) for _, force in facts])
        mass = np.array([setting.log_evidence + setting.log_prior for setting in settings])
        mass += 0.5 * pull**2 / information - 0.5 * np.log(information)
        weight = np.exp(mass - mass.max())
        found = float((weight * pull / information).sum() / weight.sum())
    chosen = resample(mass, _DRAWS, seed)
    normal = np.random.default_rng([seed, 3]).normal(size=_DRAWS)
    draws: Draws = (pull / information)[chosen] + normal / np.sqrt(information[chosen])
    return draws


def uplift_of(history: History, treated: NDArray[np.bool_], first: int, effect: Draws) -> Draws:
    """Return the change in annual retention, points, (n,): (1 - h)^12 - (1 - h e^b)^12, h the churn seen since."""
    churn = _churn_since(history, treated, first)
    uplift: Draws = 100 * ((1 - churn) ** 12 - np.maximum(1 - churn * np.exp(effect), 0.0) ** 12)
    return uplift


def _churn_since(history: History, treated: NDArray[np.bool_], first: int) -> float:
    """Return the share of customers lost a month since the start, where the initiative works."""
    lost, customers = (part[treated, first:].sum() for part in (history.lost, history.customers))
    return float(lost / customers)


def _matched_grade(history: History, treated: NDArray[np.bool_], first: int) -> Grade:
    """Return B, or C where a start pretended halfway through the months before shows something too."""
    pretended = _effect(_until_month(history, first), treated, first // 2)
    drifted = abs(pretended.mean()) > critical_value(0.9) * pretended.std()
    return Grade.OWN_HISTORY if drifted else Grade.MATCHED_COMPARISON


def _of_others(history: History, others: list[Initiative], first_month: int, segments: tuple[str, ...]) -> Meanwhile:
    """Return what other initiatives are believed to have done in the same segments: as likely harm as good."""
    n_months = history.customers.shape[1]
    covariance = np.zeros((len(segments), n_months, n_months))
    for one in others:
        start = _first_whole_month(one.starts_on) - first_month
        stop = n_months if one.ends_on is None else _month_after(one.ends_on) - first_month
        step = ((np.arange(n_months) >= start) & (np.arange(n_months) < stop)).astype(float)
        for s, segment in enumerate(segments):
            if segment == WHOLE or not one.segments or segment in one.segments:
                covariance[s] += _OTHER_SD**2 * np.outer(step, step)
    return Meanwhile(np.zeros(history.lost.shape), covariance)


def _shares_place(one: Initiative, place: set[str], segments: tuple[str, ...]) -> bool:
    return segments == (WHOLE,) or not one.segments or bool(place & set(one.segments))


def _begin_together(one: Initiative, own: Initiative) -> bool:
    return abs(_first_whole_month(one.starts_on) - _first_whole_month(own.starts_on)) <= _CONCURRENT_MONTHS


def _first_month(panel: Panel) -> int:
    """Return the first complete month of the panel; months are counted from January 1970."""
    return _month(panel.months[int(np.flatnonzero(panel.complete_months)[0])])


def _month(day: np.datetime64) -> int:
    return int(day.astype("datetime64[M]").astype(int))


def _first_whole_month(day: np.datetime64 | None) -> int:
    assert day is not None
    return _month(day) + _starts_within_month(day)


def _starts_within_month(day: np.datetime64) -> bool:
    return bool(day.astype("datetime64[M]").astype("datetime64[D]") != day.astype("datetime64[D]"))


def _month_after(day: np.datetime64) -> int:
    """Return the month of the day after: the first that an initiative which ends on `day` does not fill."""
    return _month(day.astype("datetime64[D]") + np.timedelta64(1, "D"))


def _until(history: History, ends_on: np.datetime64 | None, panel: Panel) -> History:
    """Return the history up to the end of an initiative, which ends what can be said of it."""
    return history if ends_on is None else _until_month(history, _month_after(ends_on) - _first_month(panel))


def _until_month(history: History, month: int) -> History:
    keep = np.arange(history.customers.shape[1]) < month
    return replace(history, customers=history.customers * keep, lost=history.lost * keep)


def _without_month(history: History, treated: NDArray[np.bool_], month: int) -> History:
    customers, lost = history.customers.copy(), history.lost.copy()
    customers[treated, month] = lost[treated, month] = 0.0
    return replace(history, customers=customers, lost=lost)
