"""Whether churn falls as customers stay, asked of their joining dates, and a note that says what the projection makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxroi.model.company.baseline import Baseline
from cxroi.model.customers.tenure import TenureMix, hazard_paths, tenure_mixes

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.panel.counts import Note

_YEARS = 3


def ageing_of(
    tenures: pd.DataFrame | None, baseline: Baseline
) -> tuple[tuple[TenureMix | None, ...], tuple[Note, ...]]:
    """Return the mix of tenures per segment where churn falls with tenure, and a note on each such segment.

    Without joining dates there is nothing to ask and nothing to say; where no segment's churn falls, one note says so.
    """
    from cxroi.store.panel.counts import Note

    if tenures is None or tenures.empty:
        return (), ()
    mixes = tenure_mixes(tenures, [one.segment for one in baseline.segments], baseline.whole.months)
    notes = []
    for one, mix in zip(baseline.segments, mixes, strict=True):
        if mix is not None:
            stock, joined = (path.mean(axis=1) for path in hazard_paths(mix, 12 * _YEARS))
            facts = {"segment": one.segment, "now": float(stock[0]), "later": float(stock[-1]), "new": float(joined[0])}
            notes.append(Note(id="retention.note.tenure", facts=facts))
    return mixes, tuple(notes) or (Note(id="retention.hazard.constant"),)
