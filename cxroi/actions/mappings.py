"""Which heading of a file went to which column: remembered for the next file with the same header, and forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxroi.access.roles import EDITOR
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.store.versions.workspace import Workspace


@needs(EDITOR)
def remember_mapping(
    workspace: Workspace, headings: Sequence[str], table: str, mapping: Mapping[str, str], *, who: Person
) -> None:
    """Keep how the columns of `table` are found under this header; "" is a column that was left out."""
    trail = Trail.open(workspace, who)
    if trail.state.remembered_mapping(headings) != (table, dict(mapping)):
        trail.state.remember_mapping(headings, table, mapping)
        trail.write("mapping remembered", table=table, columns=len(mapping))


@needs(EDITOR)
def forget_mappings(workspace: Workspace, headers: Sequence[str] | None = None, *, who: Person) -> int:
    """Forget the mappings of some headers, each given by its fingerprint, or of all; return how many there were."""
    trail = Trail.open(workspace, who)
    doomed = [one for one in trail.state.mappings() if headers is None or one.fingerprint in headers]
    for one in doomed:
        trail.state.forget_mappings(one.fingerprint)
        trail.write("mapping forgotten", table=one.table, columns=len(one.columns))
    return len(doomed)
