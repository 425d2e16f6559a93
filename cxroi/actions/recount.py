"""The ledger in use, counted anew after somebody has changed which of its lines are customer experience."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.quarantine import private
from cxroi.actions.trail import Trail
from cxroi.intake.rows.cx_lines import count_anew, counted_finding, names_in
from cxroi.store.versions.draft import Part
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace


@needs(FINANCE)
def recount(workspace: Workspace, *, who: Person) -> Version | None:
    """Count the ledger in use by the rules that are kept now, as a new version; None where that changes no line of it.

    A line that no rule names stays as it counts. Nothing else of the data changes, and the version before can be used again.
    """
    current = workspace.current()
    if current is None or current.illustrative or "costs" not in current.tables:
        return None
    trail = Trail.open(workspace, who)
    rules, table = trail.state.ledger_rules(), current.tables["costs"]
    said = {"who": who.signature, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    kept_out = {int(path.name.split("-")[1]): path for path in table.rejects}
    with private(workspace.quarantine()) as folder:
        parts, changed = [], 0
        for place, (path, source) in enumerate(zip(table.files, table.sources, strict=True)):
            out = folder / path.name
            own, headings = "is_cx" in source.get("mapping", {}), str(source.get("headings", ""))
            changed += count_anew(path, out, rules, headings, own=own)
            parts.append(
                Part(table="costs", parquet=out, source=_told(dict(source), out, said), rejects=kept_out.get(place))
            )
        if not changed:
            return None
        version = workspace.publish_parts(parts, who=who.signature, onto=current.id)
    trail.write("ledger recounted", version=version.id, before=current.id, lines=changed)
    return version


def _told(source: dict[str, Any], parquet: Path, said: dict[str, str]) -> dict[str, Any]:
    """Return what is kept of a source, with what counts now and who said so."""
    found = counted_finding(names_in([parquet]), str(source.get("currency") or ""))
    stays = [
        one
        for one in source.get("findings", ())
        if not one["id"].startswith(("finding.rule.", "finding.cx_counted", "finding.no_cx"))
    ]
    now = {"id": found.id, "severity": str(found.severity), "facts": dict(found.facts)}
    return {**source, "findings": [*stays, now], "cx_said": said}
