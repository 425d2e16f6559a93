"""Whether a call survives a change to what it was made from: the changes asked about, and what became of the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cxroi.model.decision.health import HealthCheck, Status
from cxroi.model.decision.verdict import Call

_SIDES = {Call.UNDER_INVESTED, Call.OVER_INVESTED}


class Survival(StrEnum):
    """How a call came through; one that there is no call for is not asked."""

    SURVIVES = "survives"
    CHANGES = "changes"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change to what a call was made from; `id` is worded under `survival.change.*`, months in `facts` are written 2024-03."""

    id: str
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A change under which the call becomes another."""

    change: Change
    became: Call


@dataclass(frozen=True, kw_only=True)
class SurvivalCheck:
    """Whether a call survives every change of one kind; a binding check that it does not survive caps the verdict."""

    check: str
    binding: bool
    asked: tuple[Change, ...] = ()
    lost: tuple[Lost, ...] = ()  # to the other side first

    @property
    def status(self) -> Survival:
        """Return how the call came through."""
        return Survival.CHANGES if self.lost else Survival.SURVIVES if self.asked else Survival.NOT_ASKED

    @property
    def health(self) -> HealthCheck | None:
        """Return a binding check as one of the data's health; None where it does not bind or was not asked."""
        if not self.binding or not self.asked:
            return None
        facts = (*self.lost[0].change.facts, ("became", self.lost[0].became.value)) if self.lost else ()
        return HealthCheck(
            check=f"survives_{self.check}",
            status=Status.FAIL if self.lost else Status.PASS,
            measure=len(self.lost),
            threshold=0,
            facts=facts,
        )


def survival_check(
    check: str, call: Call, changes: Sequence[Change], calls: Sequence[Call], *, binding: bool
) -> SurvivalCheck:
    """Return what became of a call under changes; any other call is a loss, one to the other side the worst."""
    lost = [Lost(change=one, became=new) for one, new in zip(changes, calls, strict=True) if new is not call]
    lost.sort(key=lambda one: not {call, one.became} >= _SIDES)
    return SurvivalCheck(check=check, binding=binding, asked=tuple(changes), lost=tuple(lost))
