"""Scenarios that people keep: saved as revisions, approved or locked, commented on, deleted and brought back."""

from __future__ import annotations

from cxroi.access.roles import EDITOR
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import ScenarioError, StoreError
from cxroi.model.kept_scenario import (
    APPROVED,
    BROUGHT_BACK,
    COMMENTED,
    LOCKED,
    LONGEST_COMMENT,
    RUN_AGAIN,
    SAVED,
    UNLOCKED,
    KeptScenario,
    SavedScenario,
)
from cxroi.store.versions.workspace import Workspace


@needs(EDITOR)
def save_scenario(
    workspace: Workspace, kept: KeptScenario, *, id: str | None = None, seen: int = 0, why: str = SAVED, who: Person
) -> SavedScenario:
    """Keep a scenario as a new one, or (`id`) as the revision after `seen`, the last one that the person saw.

    `why` is one of REASONS of `kept_scenario`: to rename, to go back to an earlier revision or to choose slides (SLIDES_CHOSEN) is to save what is then. What
    is as it was makes no revision, unless it was run again. Raises StoreError where somebody saved it meanwhile, where it is locked, deleted
    or not there, and where another one has its name.
    """
    trail = Trail.open(workspace, who)
    if id is not None and why != RUN_AGAIN:
        known = _known(trail, id)
        if known.kept == kept and known.last.number == seen:
            return known
    saved = trail.state.add_revision(id, kept, seen=seen, why=why, who=who.signature)
    trail.write(f"scenario {why}", scenario=saved.id, revision=saved.last.number, made_on=kept.data_version)
    return saved


@needs(EDITOR)
def mark_scenario(workspace: Workspace, id: str, what: str, *, seen: int, who: Person) -> SavedScenario:
    """Lock, approve, unlock, delete or bring back a scenario (one of MARKS), as the person saw it at revision `seen`.

    What it is already leaves no mark. Raises StoreError as `save_scenario` does.
    """
    trail = Trail.open(workspace, who)
    known = _known(trail, id)
    already = {
        LOCKED: known.lock is not None,
        APPROVED: known.approval is not None,
        UNLOCKED: known.lock is None,
        BROUGHT_BACK: known.deletion is None,
    }
    if already.get(what):
        return known
    saved = trail.state.mark_scenario(id, what, seen=seen, who=who.signature)
    trail.write(f"scenario {what}", scenario=id, revision=seen)
    return saved


@needs(EDITOR)
def comment_on_scenario(workspace: Workspace, id: str, words: str, *, who: Person) -> SavedScenario:
    """Add what somebody says of a scenario; raises ScenarioError for nothing and for too much, StoreError where it is not there."""
    said = words.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise ScenarioError("scenarios.comment_length", count=len(said), most=LONGEST_COMMENT)
    trail = Trail.open(workspace, who)
    seen = _known(trail, id).last.number
    saved = trail.state.mark_scenario(id, COMMENTED, seen=seen, who=who.signature, words=said)
    trail.write(f"scenario {COMMENTED}", scenario=id, revision=seen)
    return saved


def _known(trail: Trail, id: str) -> SavedScenario:
    found = next((one for one in trail.state.scenarios() if one.id == id), None)
    if found is None:
        raise StoreError("store.no_such_scenario", scenario=id)
    return found
