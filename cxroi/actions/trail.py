"""The audit trail of a change: known to be writable before anything is done, written when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.actions.person import Person
from cxroi.errors import StoreError
from cxroi.store.state.state import State, state_in_force
from cxroi.store.versions.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Trail:
    """Where a change leaves its line."""

    workspace: Workspace
    state: State
    who: Person

    @classmethod
    def open(cls, workspace: Workspace, who: Person) -> Trail:
        """Open the trail before a change; raises StoreError where no line could be written, or where the settings are lost and would
        begin anew over their copy, and nothing has been changed."""
        try:
            current = workspace.current()
        except StoreError:  # damaged data are no trouble of the trail
            current = None
        trouble = None if current is None else state_in_force(current)[1]
        if trouble is not None:
            raise trouble
        state = State.open(workspace.folder)
        state.ensure_writable()
        return cls(workspace=workspace, state=state, who=who)

    def write(self, what: str, *, version: str | None = None, **facts: object) -> None:
        """Write who did what, and to which version: the one in use unless another is named.

        Raises StoreError where that fails although the trail was writable before: the change is made all the same.
        """
        facts = {**facts, "version": version or self.in_use(), "through": self.who.through}
        try:
            self.state.record(what, who=self.who.signature, **facts)
        except StoreError as error:
            raise StoreError("store.not_recorded") from error

    @classmethod
    def attempt(
        cls, workspace: Workspace, who: Person, what: str, *, version: str | None = None, **facts: object
    ) -> bool:
        """Write the line of a change that no damage of the trail may prevent; return whether it was written."""
        try:
            cls.open(workspace, who).write(what, version=version, **facts)
        except StoreError:
            return False
        return True

    def in_use(self) -> str | None:
        """Return the id of the version in use; None where there is none, or none that can be told."""
        try:
            current = self.workspace.current()
        except StoreError:
            return None
        return current.id if current else None
