"""Whether a call survives a change to what it was made from: the changes asked about, and what became of the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cxroi.model.decision.health import HealthCheck, Status
from cxroi.model.decision.verdict import SIDES, Call, DecisionRule


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
class Near:
    """The change under which the side of a call comes nearest to the probability that it needs, on either side of it."""

    change: Change
    probability: float
    needed: float


@dataclass(frozen=True, kw_only=True)
class SurvivalCheck:
    """Whether a call survives every change of one kind; a binding check that it does not survive caps the verdict."""

    check: str
    binding: bool
    asked: tuple[Change, ...] = ()
    lost: tuple[Lost, ...] = ()  # to the other side first
    near: Near | None = None  # where that is close

    @property
    def status(self) -> Survival:
        """Return how the call came through."""
        return Survival.CHANGES if self.lost else Survival.SURVIVES if self.asked else Survival.NOT_ASKED

    @property
    def health(self) -> HealthCheck | None:
        """Return a binding check as one of the data's health; None where it does not bind or was not asked."""
        if not self.binding or not self.asked:
            return None
        facts: tuple[tuple[str, object], ...] = ()
        if self.lost:
            facts = (*self.lost[0].change.facts, ("became", self.lost[0].became.value))
        elif self.near:
            facts = (*self.near.change.facts, ("probability", self.near.probability), ("needed", self.near.needed))
        return HealthCheck(
            check=f"survives_{self.check}",
            status=Status.FAIL if self.lost else Status.REVIEW if self.near else Status.PASS,
            measure=len(self.lost),
            threshold=0,
            facts=facts,
        )


def survival_check(
    check: str,
    call: Call,
    changes: Sequence[Change],
    made: Sequence[tuple[Call, Mapping[Call, float]]],
    *,
    binding: bool,
    rule: DecisionRule | None = None,
) -> SurvivalCheck:
    """Return what became of a call under changes; any other call is a loss, one to the other side the worst.

    `made` are the calls under each change with how likely each side was then, where that is known.
    """
    lost = [Lost(change=one, became=new) for one, (new, _) in zip(changes, made, strict=True) if new is not call]
    lost.sort(key=lambda one: not {call, one.became} >= SIDES)
    near = _near(call, changes, [likely for _, likely in made], rule or DecisionRule())
    return SurvivalCheck(check=check, binding=binding, asked=tuple(changes), lost=tuple(lost), near=near)


def _near(
    call: Call, changes: Sequence[Change], likely: Sequence[Mapping[Call, float]], rule: DecisionRule
) -> Near | None:
    """Return the change under which the side of a call is nearest to what it needs; None where none is near, or many are far below."""
    needed = rule.sure_when_changed
    held = [(one[call], change) for change, one in zip(changes, likely, strict=True) if call in one]
    if not held:
        return None
    lowest, change = min(held, key=lambda one: one[0])
    close = abs(lowest - needed) <= rule.close_when_changed
    return Near(change=change, probability=lowest, needed=needed) if close else None
