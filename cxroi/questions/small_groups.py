"""What of an answer is shown to whom: figures of so few customers that they could be one person's are not for every reader.

A total stays, and a total less all the others is what a single hidden group is: it is hidden together with the next smallest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
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
    """Return the segments to hide: those with fewer than LEAST customers today, and of a single one the next smallest too; none where
    customers cannot be told.
    """
    try:
        segments = measure_baseline(data.panel_without_costs).segments
    except CxroiError:
        return frozenset()
    by_size = sorted(segments, key=lambda one: one.customers)
    few = sum(one.customers < LEAST for one in segments)
    return frozenset(one.segment for one in by_size[: 2 if few == 1 < len(segments) else few])


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

    >>> without_small_groups({"scores": [{"answers": 40}, {"answers": 12}, {"answers": 3}], "period": {"customers": 9}})
    ({'scores': [{'answers': 40}], 'period': None}, 3)
    """
    if isinstance(value, dict):
        if _is_small(value, segments):
            return None, 1
        inner = {name: without_small_groups(one, segments) for name, one in value.items()}
        return {name: one for name, (one, _) in inner.items()}, sum(hidden for _, hidden in inner.values())
    if isinstance(value, list | tuple):
        each = [(was, *without_small_groups(was, segments)) for was in value]
        beside = _beside_a_single_one([was for was, one, _ in each if one is None and was is not None], value)
        kept = [one for was, one, _ in each if (one is not None or was is None) and not any(was is b for b in beside)]
        return tuple(kept) if isinstance(value, tuple) else kept, sum(hidden for _, _, hidden in each) + len(beside)
    if is_dataclass(value) and not isinstance(value, type):
        return _of_frozen(value, segments)
    return value, 0


def _beside_a_single_one(gone: list[Any], of: Sequence[Any]) -> list[Any]:
    """Return the next smallest group of each kind of which a single one is hidden for its size."""
    found = []
    for kind in {_kind(one) for one in gone}:
        sizes = sorted(
            ((min(counts), place) for place, one in enumerate(of) if _kind(one) == kind and (counts := _counts(one)))
        )
        if len(sizes) > 1 and sizes[0][0] < LEAST <= sizes[1][0]:
            found.append(of[sizes[1][1]])
    return found


def _kind(group: Any) -> tuple[object, ...]:
    return type(group).__name__, *(_part(group, name) for name in ("metric", "dimension"))


def _part(group: Any, name: str) -> Any:
    return group.get(name) if isinstance(group, dict) else getattr(group, name, None)


def _counts(group: Any) -> list[float]:
    return [float(count) for name in _COUNTS if isinstance(count := _part(group, name), Real)]


def _of_frozen(value: Any, segments: Collection[str]) -> tuple[Any, int]:
    if _is_small(value, segments):
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


def _is_small(group: Any, segments: Collection[str]) -> bool:
    name = _part(group, "value") if _part(group, "dimension") == "segment" else _part(group, "segment")
    return any(count < LEAST for count in _counts(group)) or (isinstance(name, str) and name in segments)
