"""Uploaded pilots as evidence for the response and the channels, and for each a note that says whether it counts and, if not, why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxroi.errors import ModelError
from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.pilots.pilot import PilotEvidence, PilotOutcome
from cxroi.model.pilots.pilot_outcomes import share_of_all_joins
from cxroi.model.pilots.pilot_table import MeasuredPilot, measure_table
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells
from cxroi.questions.register import read_channel_priors, read_pilot_beliefs

if TYPE_CHECKING:
    from cxroi.store.panel.counts import Note

Fit = Callable[[ChannelCells, tuple[PilotEvidence, ...]], ChannelPosterior]


def pilots_of(
    rows: pd.DataFrame, baseline: Baseline, largest_error: float
) -> tuple[tuple[PilotEvidence, ...], tuple[Note, ...]]:
    """Return what uploaded pilots add to the likelihoods, with a note on each outcome; nothing in them stops the rest.

    A pilot counts as randomised where all of its rows say so. One whose standard error (log) is above what spend is
    believed to do before any data, `largest_error` for churn, must not lend its grade to the verdict.
    """
    found: list[PilotEvidence] = []
    notes = []
    for name, part in rows.groupby("segment", sort=True):
        segment = str(name)
        try:
            place, measured = _measured(part, segment, baseline)
        except ModelError as error:
            notes.append(_unused(segment, PilotOutcome.CHURN, error.id, error.facts))
            continue
        for outcome, told in _told(measured).items():
            try:
                evidence = _usable(told, outcome, place, largest_error, measured)
            except ModelError as error:
                notes.append(_unused(segment, outcome, error.id, error.facts))
                continue
            found.append(evidence)
            customers = round(measured.result.treated_customers + measured.result.control_customers)
            facts = {"customers": customers, "grade": evidence.grade.value}
            notes.append(_note("used", segment, outcome, facts))
    return tuple(found), tuple(notes)


def largest_errors(largest_of_churn: float) -> dict[PilotOutcome, float]:
    """Return the standard error (log) above which a pilot tells too little of an outcome to count."""
    others = {PilotOutcome(name.value): one.strength_scale for name, one in read_channel_priors().items()}
    return {PilotOutcome.CHURN: largest_of_churn, **others}


def fit_with_pilots(cells: ChannelCells, fit: Fit, pilots: tuple[PilotEvidence, ...]) -> ChannelPosterior:
    """Return a channel's posterior with the pilots that measured it.

    Where its history is in doubt and a pilot was drawn by lot, the pilot alone counts: whatever followed spend, or brought
    customers beside it, would go on speaking through the history.
    """
    own = tuple(pilot for pilot in pilots if pilot.outcome.value == cells.channel.value)
    if not own:
        return fit(cells, ())
    both = fit(cells, own)
    if both.piloted and fit(cells, ()).doubt:
        return fit(replace(cells, size=np.zeros_like(cells.size)), own)
    return both


def without_left_out(notes: tuple[Note, ...], left_out: Mapping[Channel, str]) -> tuple[Note, ...]:
    """Return the notes, those on pilots of a channel that cannot be valued turned to unused."""
    return tuple(
        _unused(str(note.facts["segment"]), PilotOutcome(str(note.facts["outcome"])), "pilot.outcome_not_valued", {})
        if ".pilot_used" in note.id and note.facts.get("outcome") in left_out
        else note
        for note in notes
    )


def _measured(rows: pd.DataFrame, segment: str, baseline: Baseline) -> tuple[SegmentBaseline, MeasuredPilot]:
    known = {each.segment.casefold().strip(): each for each in baseline.segments}
    place = known.get(segment.casefold()) if segment else baseline.whole
    if place is None:
        raise ModelError("pilot.segment_unknown")
    today = place.cx_spend_per_customer_month
    if not today > 0:
        raise ModelError("pilot.segment_without_spend")
    named = rows.assign(segment=place.segment if segment else "")
    by_lot = bool(rows["randomised"].all())
    (measured,) = measure_table(named, spend_today=today, randomised=by_lot, beliefs=read_pilot_beliefs())
    spend = measured.spend_per_customer_month
    if spend is None or not np.isfinite(spend).all():
        raise ModelError("pilot.spend_missing")
    if measured.evidence is None:
        ratio = round(spend[0] / today, 2)
        raise ModelError("pilot.same_spend", treated=ratio, control=ratio)
    return place, measured


def _told(measured: MeasuredPilot) -> dict[PilotOutcome, PilotEvidence | ModelError | None]:
    """Return what a pilot says of each outcome that its rows have, or why it says nothing."""
    others = {one.outcome: one.evidence for one in measured.outcomes}
    return {PilotOutcome.CHURN: measured.evidence, **others, **measured.refused}


def _usable(
    told: PilotEvidence | ModelError | None,
    outcome: PilotOutcome,
    place: SegmentBaseline,
    largest_error: float,
    measured: MeasuredPilot,
) -> PilotEvidence:
    """Return the evidence in the unit of its channel; raises ModelError where it is too little."""
    if isinstance(told, ModelError):
        raise told
    if told is None:
        raise ModelError("pilot.too_small")
    if outcome is PilotOutcome.JOINS:
        told = _of_all_joins(told, place, measured)
    if not (np.isfinite(told.log_gain) and 0 < told.standard_error <= largest_errors(largest_error)[outcome]):
        raise ModelError("pilot.too_small")
    return told


def _of_all_joins(told: PilotEvidence, place: SegmentBaseline, measured: MeasuredPilot) -> PilotEvidence:
    """Return the gain of all who join, of whom the control group's customers bring a share."""
    all_joins = place.joins_per_month / max(place.customers, 1.0)
    if not all_joins > 0:
        raise ModelError("pilot.outcome_not_valued")
    brought = next(one.control for one in measured.outcomes if one.outcome is PilotOutcome.JOINS)
    gain, error = share_of_all_joins(told.log_gain, told.standard_error, min(brought / all_joins, 1.0))
    return replace(told, log_gain=gain, standard_error=error)


def _unused(segment: str, outcome: PilotOutcome, reason: str, facts: Mapping[str, object]) -> Note:
    return _note("unused", segment, outcome, {"reason": reason, **facts})


def _note(kind: str, segment: str, outcome: PilotOutcome, facts: Mapping[str, object]) -> Note:
    """Return a note; on churn, which every pilot counts, it does not name the outcome."""
    from cxroi.store.panel.counts import Note

    named = "" if outcome is PilotOutcome.CHURN else "_outcome"
    scope = "" if segment else "_all"
    told = {} if outcome is PilotOutcome.CHURN else {"outcome": outcome.value}
    return Note(id=f"store.note.pilot_{kind}{named}{scope}", facts={"segment": segment, **told, **facts})
