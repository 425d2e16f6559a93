"""Uploaded pilots as evidence for the response, and for each a note that says whether it counts and, if not, why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cxroi.errors import ModelError
from cxroi.model.baseline import Baseline
from cxroi.model.pilot import PilotEvidence
from cxroi.model.pilot_table import MeasuredPilot, measure_table

if TYPE_CHECKING:
    from cxroi.store.counts import Note


def pilots_of(
    rows: pd.DataFrame, baseline: Baseline, largest_error: float
) -> tuple[tuple[PilotEvidence, ...], tuple[Note, ...]]:
    """Return what uploaded pilots add to the likelihood, with a note on each; nothing in them stops the rest.

    A pilot counts as randomised where all of its rows say so. One whose standard error (log hazard) is above
    `largest_error`, the scale of what spend is believed to do before any data, must not lend its grade to the verdict.
    """
    from cxroi.store.counts import Note

    found: list[PilotEvidence] = []
    notes = []
    for name, part in rows.groupby("segment", sort=True):
        segment = str(name)
        scope = "" if segment else "_all"
        try:
            measured, evidence = _evidence(part, segment, baseline, largest_error)
        except ModelError as error:
            facts = {"segment": segment, "reason": error.id, **error.facts}
            notes.append(Note(id=f"store.note.pilot_unused{scope}", facts=facts))
            continue
        found.append(evidence)
        customers = round(measured.result.treated_customers + measured.result.control_customers)
        facts = {"segment": segment, "customers": customers, "grade": evidence.grade.value}
        notes.append(Note(id=f"store.note.pilot_used{scope}", facts=facts))
    return tuple(found), tuple(notes)


def _evidence(
    rows: pd.DataFrame, segment: str, baseline: Baseline, largest_error: float
) -> tuple[MeasuredPilot, PilotEvidence]:
    known = {each.segment.casefold().strip(): each for each in baseline.segments}
    place = known.get(segment.casefold()) if segment else baseline.whole
    if place is None:
        raise ModelError("pilot.segment_unknown")
    if not place.cx_spend_per_customer_month > 0:
        raise ModelError("pilot.segment_without_spend")
    named = rows.assign(segment=place.segment if segment else "")
    randomised = bool(rows["randomised"].all())
    (measured,) = measure_table(named, spend_today=place.cx_spend_per_customer_month, randomised=randomised)
    evidence, spend = measured.evidence, measured.spend_per_customer_month
    if spend is None or not np.isfinite(spend).all():
        raise ModelError("pilot.spend_missing")
    if evidence is None:
        ratio = round(spend[0] / place.cx_spend_per_customer_month, 2)
        raise ModelError("pilot.same_spend", treated=ratio, control=ratio)
    if not (np.isfinite(evidence.log_hazard_gain) and 0 < evidence.standard_error <= largest_error):
        raise ModelError("pilot.too_small")
    return measured, evidence
