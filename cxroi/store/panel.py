"""The panel of one version, as the model takes it."""

from __future__ import annotations

from cxroi.model.panel import Panel
from cxroi.store import queries
from cxroi.store.version import Version


def read_panel(version: Version, *, without_costs: bool = False) -> Panel:
    """Return the panel of a version, its counts checked; some questions need no cost ledger."""
    from cxroi.store.engine import Engine
    from cxroi.store.state import allocation_of, rates_of, spend_in_support_of

    found = queries.read_panel(
        Engine.on(version),
        rates=rates_of(version),
        allocation=allocation_of(version),
        spend_in_support=spend_in_support_of(version),
        without_costs=without_costs,
    )
    return Panel.from_frame(found.frame, **found.meta)
