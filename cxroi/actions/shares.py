"""How cost lines without a segment are divided: by a rule, or by shares that a person gives."""

from __future__ import annotations

from collections.abc import Mapping

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import StoreError
from cxroi.store.files.parquet import distinct
from cxroi.store.versions.workspace import Workspace

_TELL_SEGMENTS = {"customers", "orders", "monthly"}  # where the segments of customers come from


@needs(FINANCE)
def share_out(workspace: Workspace, rule: str, *, who: Person) -> None:
    """Divide shared lines by "customers", "revenue" or "shares"; raises StoreError for anything else."""
    trail = Trail.open(workspace, who)
    if rule != trail.state.allocation().rule:
        trail.state.share_out(rule)
        trail.write("shared_costs", rule=rule)


@needs(FINANCE)
def set_shares(workspace: Workspace, initiative: str, shares: Mapping[str, float], *, who: Person) -> None:
    """Keep the shares of one initiative's lines ("": of every other), in place of those before; none at all forgets them.

    Shares are in any unit; a segment with a share of 0 has none. Raises StoreError for shares of 0 alone, and for
    a segment that the loaded data do not have.
    """
    trail = Trail.open(workspace, who)
    given = {segment.strip(): share for segment, share in shares.items() if share != 0}
    if shares and not given:
        raise StoreError("store.shares_invalid")
    known = _segments(workspace)
    folded = {segment.casefold() for segment in known or ()}
    unknown = [segment for segment in given if segment.casefold() not in folded]
    if known is not None and unknown:
        missing = "segments.unknown" if known else "segments.none"
        raise StoreError(missing, segment=", ".join(unknown), known=", ".join(sorted(known)[:20]))
    if given != trail.state.allocation().shares.get(initiative.strip(), {}):
        trail.state.set_shares(initiative, given)
        trail.write("shares", initiative=initiative.strip(), shares=given)


def _segments(workspace: Workspace) -> set[str] | None:
    """Return the segments of customers that are loaded (None before any are); those of a ledger are what is to be shared out."""
    current = workspace.current()
    tables = {name: table for name, table in (current.tables if current else {}).items() if name != "costs"}
    if not tables.keys() & _TELL_SEGMENTS:
        return None
    return set().union(*(distinct(table.files, "segment") for table in tables.values()))
