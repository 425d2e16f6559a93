"""What comes without any plan: next month, quarter and year, and what stands out today."""

from __future__ import annotations

from cxroi.model.forecast.outlook import Outlook, look_ahead
from cxroi.questions.data import OpenVersion


def ask_outlook(data: OpenVersion, segment: str | None = None) -> Outlook:
    """Return the forecast of a segment, by default of the whole company; it needs no cost ledger.

    Raises ModelError where the segment is unknown or there are too few months.
    """
    return look_ahead(data.panel_without_costs, segment=segment)
