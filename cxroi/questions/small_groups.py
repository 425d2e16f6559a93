"""What of an answer is shown to whom: figures of so few customers that they could be one person's are not for every reader.

Hidden is the group; a total stays, so that of a single hidden group the rest can tell what it adds up to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass, replace
from numbers import Real
from typing import Any, TypeVar

from cxroi.access.roles import EDITOR, VIEWER, Role, may
from cxroi.errors import AccessError, CxroiError
from cxroi.model.company.baseline import measure_baseline
from cxroi.model.customers.cohorts import Cohorts
from cxroi.questions.data import OpenVersion

LEAST = 10  # customers, answers or contacts that a group needs
SEES_SMALL_GROUPS: Role = EDITOR
_NEVER_EMPTY = ("lines", "bands", "drivers", "segments")  # what a view has at least one of
_COUNTS = ("customers", "answers", "answers_before", "answers_after", "contacts", "comments", "active_at_start")
_Question = TypeVar("_Question", bound=Callable[..., Any])
_Answer = TypeVar("_Answer")


def for_role(role: Role) -> Callable[[_Question], _Question]:
    """Keep a question, because its answer names customers, for those whose role is enough."""

    def kept(question: _Question) -> _Question:
        question.__dict__["needed_role"] = role
        return question

    return kept


def ensure_may_ask(question: Callable[..., Any], role: Role) -> None:
    """Raise AccessError where a question is not for readers of a role; most are for everybody."""
    if not may(role, needed := getattr(question, "needed_role", VIEWER)):
        raise AccessError(f"access.needs.{needed}")


def ask_small_segments(data: OpenVersion) -> frozenset[str]:
    """Return the segments with fewer than LEAST customers today; none where customers cannot be told."""
    try:
        segments = measure_baseline(data.panel_without_costs).segments
    except CxroiError:
        return frozenset()
    return frozenset(one.segment for one in segments if one.customers < LEAST)


def as_seen_by(
    role: Role, answer: _Answer, asked_of: tuple[object, ...], small_segments: Callable[[], Collection[str]]
) -> _Answer:
    """Return an answer as a reader of this role may see it; `small_segments` tells the names of small segments, where they matter.

    Raises AccessError where it is about one of them (`asked_of` names it, or a part of the data that has it as its segment), or where
    nothing would be left of it.
    """
    if may(role, SEES_SMALL_GROUPS):
        return answer
    small = small_segments()
    named = {str(getattr(one, "segment", one)) for one in asked_of}
    if not named.isdisjoint(small):
        raise AccessError("access.too_few", least=LEAST)
    shown: _Answer = without_small_groups(answer, small)[0]
    if shown is None and answer is not None:
        raise AccessError("access.too_few", least=LEAST)
    return shown


def without_small_groups(value: Any, segments: Collection[str] = ()) -> tuple[Any, int]:
    """Return an answer (frozen values, or JSON) without its small groups, and how many those were; `segments` are the small ones by name.

    What stands in a list is gone, what stands alone is None; a value of which a list is left with nothing, or whose part cannot be None, is
    gone itself.

    >>> without_small_groups({"scores": [{"answers": 12}, {"answers": 3}], "period": {"customers": 9}})
    ({'scores': [{'answers': 12}], 'period': None}, 2)
    """
    if isinstance(value, dict):
        if _is_small(value.get, segments):
            return None, 1
        inner = {name: without_small_groups(one, segments) for name, one in value.items()}
        return {name: one for name, (one, _) in inner.items()}, sum(hidden for _, hidden in inner.values())
    if isinstance(value, list | tuple):
        each = [(was, *without_small_groups(was, segments)) for was in value]
        kept = [one for was, one, _ in each if one is not None or was is None]
        return tuple(kept) if isinstance(value, tuple) else kept, sum(hidden for _, _, hidden in each)
    if is_dataclass(value) and not isinstance(value, type):
        return _of_frozen(value, segments)
    return value, 0


def _of_frozen(value: Any, segments: Collection[str]) -> tuple[Any, int]:
    if _is_small(lambda name: getattr(value, name, None), segments):
        return None, 1
    if isinstance(value, Cohorts):
        return value.of_at_least(LEAST)
    changed, hidden = {}, 0
    for field in fields(value):
        was = getattr(value, field.name)
        now, gone = without_small_groups(was, segments)
        hidden += gone
        if gone and ((now == () and field.name in _NEVER_EMPTY) or (now is None and "None" not in str(field.type))):
            return None, hidden
        if gone:
            changed[field.name] = now
    return (replace(value, **changed) if changed else value), hidden


def _is_small(part: Callable[[str], Any], segments: Collection[str]) -> bool:
    counts = [count for name in _COUNTS if isinstance(count := part(name), Real)]
    name = part("value") if part("dimension") == "segment" else part("segment")
    return any(count < LEAST for count in counts) or (isinstance(name, str) and name in segments)
